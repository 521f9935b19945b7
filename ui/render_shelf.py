"""The conversations and the notes that are kept → HTML. Pure, as render.py.

`data-recall` opens a conversation, `data-rename` gives it another title, `data-erase` deletes it when it is pressed a
second time; `data-notes` shows the notes, `data-unpin` takes one out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from rag.conversations.records import ConversationSummary, Note
from rag.language.headings import day_words
from rag.rendering.notebook import escaped
from rag.rendering.words import only_label

from . import render
from .paging import leaf_of, turning
from .plain import counted
from .render_acts import export_menu

MOST_LISTED = 50  # on one page of the list

FOLD = '<button type="button" class="cd-fold" data-fold aria-expanded="false">Conversations</button>'


def shelf(kept: Sequence[ConversationSummary], *, current: str, notes: int, narrowed: bool, number: int = 1) -> str:
    """Return a page of the list of conversations, the `current` one marked, and the way to the notes; `narrowed` by words that were typed."""
    leaf = leaf_of(kept, number=number, most=MOST_LISTED)
    rows = "".join(_row(one, current=one.id == current) for one in leaf.rows)
    if not kept:
        rows = f'<li class="cd-empty">{"None has these words." if narrowed else "What you ask is kept here."}</li>'
    pins = f'<button type="button" class="cd-notes" data-notes>Notes ({notes:,})</button>' if notes else ""
    return f'<nav class="cd-shelf" aria-label="Conversations"><ul>{rows}</ul>{turning(leaf, of="conversations")}{pins}</nav>'


def notes_page(notes: Sequence[Note]) -> str:
    """Return the notes, each with its footnotes, and the way to save them."""
    items = "".join(
        f"<li><h3>{escaped(one.turn.question)}</h3>"
        + (f'<p class="cd-origin">{escaped(only_label(one.turn.only))}</p>' if one.turn.only else "")
        + (render.answer(one.turn.answer, only=one.turn.only) if one.turn.answer else "")
        + f'<div class="cd-acts"><button type="button" data-unpin="{escaped(one.id)}">Unpin</button></div></li>'
        for one in notes
    )
    empty = '<p class="cd-empty">No answer is pinned. Press “Pin to notes” under one.</p>'
    save = f'<div class="cd-acts">{export_menu("notes", label="Save all notes as")}</div>' if notes else empty
    return (
        '<div class="cd-noted"><button type="button" class="cd-link cd-back" data-list>← All articles</button>'
        f"<h2>Notes</h2>{save}<ul>{items}</ul></div>"
    )


def _row(one: ConversationSummary, *, current: bool) -> str:
    title = escaped(one.title)
    mark = ' class="cd-current"' if current else ""
    return (
        f'<li{mark}><button type="button" class="cd-title" data-recall="{escaped(one.id)}"'
        f"{' aria-current=true' if current else ''}>{title}</button>"
        f'<span class="cd-origin">{_moment(one.changed)} · {counted(one.turns, "question")}</span>'
        f'<details class="cd-menu"><summary aria-label="More for {title}" title="Rename, save, delete">⋯</summary><div>'
        f'<button type="button" data-rename="{escaped(one.id)}">Rename</button>{_exports(one.id)}'
        f'<button type="button" data-erase="{escaped(one.id)}">Delete</button></div></details></li>'
    )


def _exports(id_: str) -> str:
    return export_menu(f"conversation:{id_}").replace('<details class="cd-menu">', '<details class="cd-inner">')


def _moment(changed: str) -> str:
    """Return the time of a day that is today's, else the day."""
    try:
        moment = datetime.fromisoformat(changed).astimezone()
    except ValueError:
        return ""
    return f"{moment:%H:%M}" if moment.date() == datetime.now(UTC).astimezone().date() else day_words(moment.date())
