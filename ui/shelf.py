"""What the sidebar of conversations, the notes, and the buttons under an answer do. Knows no gradio.

`sent` is what the script of the page sent with an event, text only.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import replace
from uuid import uuid4

from rag.answering.suggestions import suggested_questions
from rag.conversations.export import exported
from rag.conversations.judging import judged_case
from rag.conversations.mentioned import article_ids, id_of
from rag.conversations.records import Turn
from rag.conversations.storage import History
from rag.corpus import Corpus
from rag.errors import CitedeskError, ConversationsError

from . import render, render_shelf, sessions
from .sent import Sent, number

Turns = tuple[Turn, ...]


class Shelf:
    """The conversations that are kept, over one corpus. Without a history, answers can still be saved as files."""

    def __init__(self, corpus: Corpus, history: History | None, examples: Sequence[str] | None = None) -> None:
        self._corpus = corpus
        self._history = history
        self._examples = examples

    def examples(self) -> Sequence[str]:
        """Return the questions that an empty page offers: those given, else some that the articles of now answer."""
        if self._examples is not None:
            return self._examples
        try:
            return suggested_questions(self._corpus.list_articles(), self._corpus.article)
        except CitedeskError:  # stands in the place of the list of articles
            return ()

    def shown(self, turns: Turns, tab: str | None = None, *, ahead: int | None = None) -> str:
        """Return a conversation as the page shows it; with a `tab`, the page goes on under this id.

        `ahead` is how many questions are answered before its last one; None when its turn has come.
        """
        kept = self._history is not None
        examples = () if turns else self.examples()
        return render.conversation(turns, examples=examples, tab=tab, kept=kept, ahead=ahead)

    def listed(self, words: str, tab: str, number: int = 1) -> str:
        """Return a page of the conversations that have these words, of all without any; `tab` is the one that is open."""
        if self._history is None:
            return ""
        try:
            found = self._history.summaries(words)
            notes = len(self._history.notes())
        except CitedeskError as error:
            return render.error(str(error))
        return render_shelf.shelf(found, current=tab, notes=notes, narrowed=bool(words.strip()), number=number)

    def turned(self, sent: Sent, words: str, tab: str) -> str:
        """Return the page of the list that was asked for."""
        return self.listed(words, tab, number(sent.get("leaf", "")) or 1)

    def begun(self) -> tuple[str, Turns, str]:
        """Return an empty page under a new id."""
        tab = uuid4().hex
        return self.shown((), tab), (), tab

    def recalled(self, sent: Sent, tab: str, turns: Turns) -> tuple[str, Turns, str]:
        """Return a conversation that is kept, with its id; what is open stays where there is none."""
        assert self._history is not None
        wanted = sent.get("id", "")
        try:
            found = self._history.of(wanted)
        except CitedeskError as error:
            return render.error(str(error)), turns, tab
        if not found:
            return self.shown(turns, tab), turns, tab
        found = tuple(sessions.checked(self._corpus, turn) for turn in sessions.ended(found))
        return self.shown(found, wanted), found, wanted

    def renamed(self, sent: Sent, words: str, tab: str) -> str:
        """Rename a conversation, and return the list."""
        assert self._history is not None
        try:
            self._history.rename(sent.get("id", ""), sent.get("title", ""))
        except CitedeskError as error:
            return render.error(str(error))
        return self.listed(words, tab)

    def erased(self, sent: Sent, tab: str, turns: Turns) -> tuple[str, Turns, str]:
        """Delete a conversation; if it is the open one, return an empty page."""
        assert self._history is not None
        try:
            self._history.delete(sent.get("id", ""))
        except CitedeskError as error:
            return render.error(str(error)), turns, tab
        return self.begun() if sent.get("id") == tab else (self.shown(turns), turns, tab)

    def judged(self, sent: Sent, turns: Turns, tab: str) -> tuple[str, Turns, str]:
        """Keep what a person says of an answer as a case, or take it back; return the page, and an error to be shown."""
        assert self._history is not None
        place = _place(sent)
        try:
            verdict = sent.get("verdict", "")
            if not verdict and 0 <= place < len(turns):
                self._history.drop_case(f"judged-{id_of(turns[place])}")
                turns = _changed(turns, place, replace(turns[place], verdict=None))
            else:
                case = judged_case(turns, place, verdict=verdict, right=sent.get("right", ""), why=sent.get("why", ""))
                self._history.keep_case(case, mentions=article_ids(turns[place]))
                turns = _changed(turns, place, replace(turns[place], verdict=verdict))  # type: ignore[arg-type]
            sessions.keep(self._history, self._corpus, tab, turns)
        except CitedeskError as error:
            return self.shown(turns), turns, render.error(str(error))
        return self.shown(turns), turns, ""

    def pinned(self, sent: Sent, turns: Turns, tab: str) -> tuple[str, Turns, str]:
        """Pin an answer to the notes, or let it go; return the page, and an error to be shown."""
        assert self._history is not None
        place = _place(sent)
        if not (0 <= place < len(turns)) or turns[place].answer is None:
            return self.shown(turns), turns, ""
        turn = turns[place]
        try:
            if turn.pinned:
                self._history.unpin(id_of(turn))
            else:
                self._history.pin(id_of(turn), turn)
            turns = _changed(turns, place, replace(turn, pinned=not turn.pinned))
            sessions.keep(self._history, self._corpus, tab, turns)
        except CitedeskError as error:
            return self.shown(turns), turns, render.error(str(error))
        return self.shown(turns), turns, ""

    def noted(self) -> str:
        """Return the notes."""
        assert self._history is not None
        try:
            return render_shelf.notes_page(self._history.notes())
        except CitedeskError as error:
            return render.error(str(error))

    def unpinned(self, sent: Sent, turns: Turns) -> tuple[str, str, Turns]:
        """Take a note out; return the notes, and the page, where it may be pinned."""
        assert self._history is not None
        id_ = sent.get("id", "")
        try:
            self._history.unpin(id_)
        except CitedeskError as error:
            return render.error(str(error)), self.shown(turns), turns
        turns = tuple(replace(turn, pinned=False) if turn.pinned and id_of(turn) == id_ else turn for turn in turns)
        return self.noted(), self.shown(turns), turns

    def saved(self, sent: Sent, turns: Turns) -> str:
        """Return a file for the browser to save, as JSON with `name` and `content` in base64; or with an `error`."""
        try:
            title, chosen = self._chosen(sent.get("of", ""), turns)
            file = exported(title, chosen, sent.get("form", ""))
        except CitedeskError as error:
            return json.dumps({"error": str(error)})
        return json.dumps({"name": file.name, "content": base64.b64encode(file.content).decode()})

    def _chosen(self, of: str, turns: Turns) -> tuple[str, Turns]:
        if (place := number(of)) is not None and place < len(turns):
            return turns[place].question, (turns[place],)
        if self._history is not None and of == "notes":
            return "Notes", tuple(note.turn for note in self._history.notes())
        kept = self._history.conversation(of.removeprefix("conversation:")) if self._history else None
        if kept is None:
            raise ConversationsError(
                "there is nothing to save here any more. Open the conversation, and save it again."
            )
        return kept.title, tuple(sessions.checked(self._corpus, turn) for turn in kept.turns)


def _place(sent: Sent) -> int:
    place = number(sent.get("turn", ""))
    return -1 if place is None else place


def _changed(turns: Turns, place: int, turn: Turn) -> Turns:
    return (*turns[:place], turn, *turns[place + 1 :])
