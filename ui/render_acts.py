"""What can be done with a turn → HTML: edit and ask again, judge, pin, save as a file. Pure, as render.py.

`data-edit` and `data-again` ask anew from a turn on; `data-judge` is a verdict, its form sends what was filled in;
`data-pin` pins or lets go; `data-export` is a form of file, `data-of` what goes into it: a turn, a conversation, the notes.
"""

from __future__ import annotations

from rag.conversations.export import ENDINGS
from rag.conversations.records import Turn, Verdict
from rag.rendering.notebook import escaped

FORMS = {"markdown": "Markdown", "docx": "Word", "json": "JSON"}
MAX_QUESTION_CHARACTERS = 2_000  # of a longer one, the start is shown, and it cannot be edited
assert set(FORMS) == set(ENDINGS)

_SAID: dict[Verdict, str] = {
    "right": "You said: right.",
    "wrong": "You said: wrong.",
    "unsaid": "You said: the articles do not say this.",
    "said": "You said: the articles do say it.",
}
_OF_AN_ANSWER: dict[Verdict, str] = {"wrong": "It is wrong", "unsaid": "The articles do not say this"}
_OF_A_REFUSAL: dict[Verdict, str] = {"said": "The articles do say it"}


def question_acts(turn: Turn, place: int) -> str:
    """Return what can be done with a question whose answer came to an end; nothing before."""
    if _waiting(turn):
        return ""
    edit = f'<button type="button" data-edit="{place}" data-words="{escaped(turn.question)}">Edit</button>'
    if len(turn.question) > MAX_QUESTION_CHARACTERS:
        edit = ""
    return f'<div class="cd-acts cd-asks">{edit}<button type="button" data-again="{place}">Ask again</button></div>'


def answer_acts(turn: Turn, place: int, *, kept: bool) -> str:
    """Return what can be done with a finished answer; judged and pinned it can be where something is `kept`."""
    if turn.answer is None:
        return ""
    judging = (_judged(turn, place) if turn.verdict else _judging(turn, place)) if kept else ""
    pinned = f'<button type="button" data-pin="{place}">{"Unpin" if turn.pinned else "Pin to notes"}</button>'
    return f'<div class="cd-acts">{judging}<span class="cd-rest">{pinned if kept else ""}{export_menu(str(place))}</span></div>'


def export_menu(of: str, *, label: str = "Save as") -> str:
    """Return the forms of file to choose from, for what `of` names."""
    buttons = "".join(
        f'<button type="button" data-export="{form}" data-of="{escaped(of)}">{name}</button>'
        for form, name in FORMS.items()
    )
    return f'<details class="cd-menu"><summary>{label}</summary><div>{buttons}</div></details>'


def _judging(turn: Turn, place: int) -> str:
    assert turn.answer is not None
    if turn.answer.status == "not_found":
        asked, reasons = "Is it right that they do not say?", _OF_A_REFUSAL
    else:
        asked, reasons = "Is this right?", _OF_AN_ANSWER
    radios = "".join(
        f'<label><input type="radio" name="verdict-{place}" value="{verdict}"{" checked" if not number else ""}> '
        f"{words}</label>"
        for number, (verdict, words) in enumerate(reasons.items())
    )
    needed = " (needed)" if reasons is _OF_A_REFUSAL else ""
    return (
        f'<span class="cd-judge"><span>{asked}</span>'
        f'<button type="button" data-judge="right" data-of="{place}" aria-label="Yes, it is right" title="Yes">Yes</button>'
        f'<details><summary aria-label="No, it is not right" title="No">No</summary><div class="cd-form">'
        f'<div role="group" aria-label="What is wrong">{radios}</div>'
        f'<label>What would be right?{needed}<input type="text" data-right maxlength="300"></label>'
        f'<label>Why?<input type="text" data-why maxlength="500"></label>'
        f'<button type="button" class="cd-send" data-judge="form" data-of="{place}">Keep as a test</button>'
        "</div></details></span>"
    )


def _judged(turn: Turn, place: int) -> str:
    assert turn.verdict is not None
    return (
        f'<span class="cd-judge"><span>{_SAID[turn.verdict]} Kept as a test.</span>'
        f'<button type="button" data-judge="" data-of="{place}">Undo</button></span>'
    )


def _waiting(turn: Turn) -> bool:
    return turn.answer is None and turn.error is None and not turn.stopped
