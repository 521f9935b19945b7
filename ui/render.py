"""Records → HTML. Pure: no gradio, no corpus. Every word that comes from outside passes `escaped`.

Whatever can be clicked is a button with `data-` attributes, which `page.js` turns into an event of the page:
`data-article` (with `data-start`, `data-end`) opens an article, `data-question` asks, `data-copy` copies,
`data-list` shows the list of articles, `data-back` leads back to the answer, as Escape does; what can be done with a
turn is in render_acts.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rag.conversations.records import Turn
from rag.rendering.markdown import markdown
from rag.rendering.notebook import escaped
from rag.rendering.words import (
    INFERRED,
    MAX_NEAREST_CHARACTERS,
    NOT_SHOWN,
    account_name,
    confidence_words,
    copies_words,
    copy_name,
    differ_words,
    dropped_words,
    field_words,
    making_words,
    only_label,
    origin,
    read_words,
    shortened,
    titled,
    verdict_words,
)
from rag.schema import (
    Answer,
    Citation,
    Copy,
    Disagreement,
    Hit,
    Statement,
    Status,
    Trace,
)

from .plain import counted
from .render_acts import MAX_QUESTION_CHARACTERS, answer_acts, question_acts

MAX_TAIL_CHARACTERS = 24

HEADER = (
    '<header class="cd-header"><h1>Citedesk</h1><p>Answers with footnotes you can check</p></header>'
    '<p class="cd-said" role="status"></p>'
)

WAYS_BACK = (  # from an article, or from where one should be
    '<button type="button" class="cd-link cd-back" data-list>← All articles</button>'
    '<button type="button" class="cd-link cd-back cd-narrow" data-back>↑ Back to the answer</button>'
)

UNDATED = '<p class="cd-note">From and To leave out articles without a date.</p>'

_ICONS: dict[Status, str] = {"answered": "✓", "partly": "◐", "not_found": "⊘"}
LABELS = {"sidebar": "Sidebar", "furniture": "Site furniture, never used in answers"}


def conversation(
    turns: Sequence[Turn],
    *,
    examples: Sequence[str] = (),
    tab: str | None = None,
    kept: bool = False,
    ahead: int | None = None,
) -> str:
    """Return the whole conversation; before the first question, a welcome with the example questions.

    `tab` is the id under which it is kept from now on. Where it is `kept`, its answers can be judged and pinned.
    `ahead` is how many questions are answered before its last one; None when its turn has come.
    """
    named = f' data-tab="{escaped(tab)}"' if tab else ""
    if not turns:
        return f"<div{named}>{_welcome(examples)}</div>"
    shown = "".join(_turn(turn, place, kept=kept, ahead=ahead) for place, turn in enumerate(turns))
    return f'<div class="cd-turns"{named}>{shown}</div>'


def answer(answer: Answer, *, only: str = "") -> str:
    """Return a finished answer: verdict, short, statements with markers, reason, footnotes or nearest passages.

    `only` says which articles were asked, for the copy of it.
    """
    sure = f'<span class="cd-confidence">{confidence_words(answer.confidence)}</span>' if answer.statements else ""
    parts = [
        f'<div class="cd-verdict"><span class="cd-icon" aria-hidden="true">{_ICONS[answer.status]}</span>'
        f"<span>{verdict_words(answer)}</span>{sure}</div>"
        if verdict_words(answer)
        else "",
        f'<p class="cd-short">{escaped(answer.short)}</p>' if answer.short else "",
        *(_differing(answer, disagreement) for disagreement in answer.disagreements),
        _statements(answer),
        f'<p class="cd-reason">{escaped(answer.reason)}</p>' if answer.reason else "",
        _suggestion(answer.suggestion),
        _footnotes(answer.citations),
        _nearest(answer.nearest),
        _making(answer, only),
    ]
    return f'<section class="cd-answer cd-{answer.status}">{"".join(parts)}</section>'


def error(message: str) -> str:
    """Return a message that something went wrong."""
    return (
        '<section class="cd-answer cd-error"><div class="cd-verdict">'
        '<span class="cd-icon" aria-hidden="true">!</span><span>Something went wrong</span></div>'
        f'<p class="cd-message">{escaped(message)}</p></section>'
    )


def only(first: str, last: str, outlets: Sequence[str], ticked: Sequence[str] = ()) -> str:
    """Return which articles these days, outlets and ticks choose, in the words they were typed in; empty when all are."""
    days = [f"{word} {day.strip()}" for word, day in (("from", first), ("to", last)) if day.strip()]
    return ", ".join([*days, *outlets, *([counted(len(ticked), "ticked article")] if ticked else [])])


def _turn(turn: Turn, place: int, *, kept: bool, ahead: int | None) -> str:
    if turn.answer is not None:
        body = answer(turn.answer, only=turn.only)
    elif turn.error is not None:
        body = error(turn.error)
    elif turn.stopped:
        body = f'<section class="cd-answer cd-stopped"><p>{escaped(turn.partial)}</p><p class="cd-note">Stopped.</p></section>'
    else:
        doing = "Reading the articles" if ahead is None else _waiting(ahead)
        body = (
            f'<section class="cd-answer cd-waiting" aria-busy="true"><p>{escaped(turn.partial)}</p>'
            f'<p class="cd-note"><span class="cd-dots" aria-hidden="true"></span>{doing}</p></section>'
        )
    question = escaped(shortened(turn.question, MAX_QUESTION_CHARACTERS))
    only = f'<p class="cd-only">{escaped(only_label(turn.only))}</p>' if turn.only else ""
    acts = answer_acts(turn, place, kept=kept)
    return (
        f'<div class="cd-turn" data-turn="{place}"><div class="cd-question">{question}</div>{only}'
        f"{question_acts(turn, place)}{body}{acts}</div>"
    )


def _waiting(ahead: int) -> str:
    return f"{ahead:,} question{'s' if ahead > 1 else ''} before yours" if ahead else "Your question is next"


def _welcome(examples: Sequence[str]) -> str:
    buttons = "".join(
        f'<li><button type="button" class="cd-example" data-question="{escaped(question)}">{escaped(question)}</button></li>'
        for question in examples
    )
    tries = f'<p class="cd-try">Try one of these:</p><ul class="cd-examples">{buttons}</ul>' if buttons else ""
    return (
        '<div class="cd-welcome"><h2>Ask the articles</h2><p>Each sentence of an answer carries a footnote to the exact '
        "words in the exact article. When the articles do not say, the answer says so.</p>" + tries + "</div>"
    )


def _differing(answer: Answer, disagreement: Disagreement) -> str:
    """Side by side what each article answers, and whose it is."""
    items = "".join(
        f"<li><b>{escaped(account.words)}</b>{_marker(account.citation)}"
        f'<span class="cd-origin">{escaped(account_name(account))}</span></li>'
        for account in disagreement.accounts
    )
    return f'<div class="cd-differ"><h3>{escaped(differ_words(answer, disagreement))}</h3><ul>{items}</ul></div>'


def _statements(answer: Answer) -> str:
    if not answer.statements:
        return ""
    blocks = groupby(answer.statements, key=lambda statement: statement.label)
    return "".join(
        (f'<h3 class="cd-label">{escaped(label)}</h3>' if label else "")
        + f'<p class="cd-statements">{" ".join(map(_statement, inside))}</p>'
        for label, inside in blocks
    )


def _statement(statement: Statement) -> str:
    """The last word stays on one line with the markers, so that none begins a line."""
    start, space, last = statement.text.rpartition(" ")
    if len(last) > MAX_TAIL_CHARACTERS:
        start, space, last = statement.text, "", ""
    markers = "".join(_marker(citation) for citation in statement.citations)
    markers += f'<span class="cd-badge">{INFERRED}</span>' if statement.inferred else ""
    return f'<span class="cd-statement">{escaped(start + space)}<span class="cd-tail">{escaped(last)}{markers}</span></span>'


def _marker(citation: Citation) -> str:
    label = escaped(f"Footnote {citation.marker}: {titled(citation)}")
    return (
        f'<button type="button" class="cd-marker" {_place(citation)} title="{label}" aria-label="{label}">'
        f"[{citation.marker}]</button>"
    )


def _footnotes(citations: Sequence[Citation]) -> str:
    if not citations:
        return ""
    items = "".join(
        f'<li><span class="cd-number">{citation.marker}</span><div>'
        f'<button type="button" class="cd-link" {_place(citation)}>{escaped(titled(citation))}</button>'
        + (f'<span class="cd-badge">{escaped(badge)}</span>' if (badge := _badge(citation)) else "")
        + _origin_line(citation)
        + f"<blockquote>{escaped(citation.quote)}</blockquote>{_copies(citation)}</div></li>"
        for citation in citations
    )
    return f'<ol class="cd-footnotes" aria-label="Footnotes">{items}</ol>'


def _badge(citation: Citation) -> str:
    return field_words(citation) or LABELS.get(citation.kind, "")


def _suggestion(question: str | None) -> str:
    if not question:
        return ""
    asks = escaped(question)
    return f'<p class="cd-meant">Did you mean <button type="button" class="cd-link" data-question="{asks}">{asks}</button></p>'


def _nearest(hits: Sequence[Hit]) -> str:
    if not hits:
        return ""
    items = "".join(
        f'<li><button type="button" class="cd-link" data-article="{escaped(hit.passage.article_id)}" '
        f'data-start="{hit.passage.start}" data-end="{hit.passage.end}">{escaped(hit.title)}</button>'
        f"{_origin_line(hit)}<blockquote>{escaped(shortened(hit.passage.text, MAX_NEAREST_CHARACTERS))}</blockquote>"
        f"{_copies(hit)}</li>"
        for hit in hits
    )
    return f'<div class="cd-nearest"><h3>The nearest passages</h3><ul>{items}</ul></div>'


def _making(answer: Answer, only: str) -> str:
    rows = [("Searched", answer.asked)] if answer.asked != answer.question else []
    rows += [("Read as", read_words(read)) for read in answer.trace.read]
    told = making_words(answer)
    rows += told or [(NOT_SHOWN, dropped_words(dropped)) for dropped in answer.trace.dropped]
    rows += [("Note", note) for note in answer.trace.notes if note not in (answer.reason or "")]
    rows += [
        (part.capitalize(), name)
        for part, name in answer.made_by.items()
        if not (told and part in ("answerer", "verifier"))
    ]
    rows += _seconds(answer.trace)
    table = "".join(f"<dt>{escaped(name)}</dt><dd>{escaped(value)}</dd>" for name, value in rows)
    details = f"<details><summary>How this answer was made</summary><dl>{table}</dl></details>" if rows else ""
    words = escaped(markdown(answer, only=only))
    copy = f'<button type="button" class="cd-copy" data-copy="{words}">Copy with footnotes</button>'
    return f'<div class="cd-making">{details}{copy}</div>'


def _seconds(trace: Trace) -> list[tuple[str, str]]:
    if not trace.seconds:
        return []
    return [("Seconds", ", ".join(f"{stage} {seconds:.2f}" for stage, seconds in trace.seconds.items()))]


def _place(citation: Citation) -> str:
    return f'data-article="{escaped(citation.article_id)}" data-start="{citation.start}" data-end="{citation.end}"'


def _origin_line(record: Citation | Hit) -> str:
    known = origin(record)
    return f'<span class="cd-origin">{escaped(known)}</span>' if known else ""


def _copies(record: Citation | Hit) -> str:
    words = copies_words(record, named=_copy_button)
    return f'<span class="cd-origin">{words}</span>' if words else ""


def _copy_button(copy: Copy) -> str:
    name = escaped(copy_name(copy))
    return f'<button type="button" class="cd-link" data-article="{escaped(copy.article_id)}">{name}</button>'
