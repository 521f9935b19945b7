"""What the events of the page do with the corpus."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Generator, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import anyio.to_thread
import gradio as gr

from rag.corpus import Corpus
from rag.errors import CitedeskError, QuestionError, UnknownArticleError
from rag.filters import Filters
from rag.rendering.words import only_label
from rag.schema import Answer

from . import render, render_article, uploads
from .fair_queue import BusyError, FairQueue
from .render import Turn
from .sessions import Conversations

LONGEST_NUMBER = 12  # digits
GONE = "An article that this answer quoted has been removed or changed since. Ask again."
WAITING_SECONDS = 1.0  # between two looks at how many are before
_SAME = (gr.skip(), gr.skip(), gr.skip())  # question box and buttons as they are

logger = logging.getLogger(__name__)


class Page:
    """What the events of the page do with the corpus. Turns come in and go out; they are kept only for a reload."""

    def __init__(self, corpus: Corpus, examples: Sequence[str] = ()) -> None:
        self._corpus = corpus
        self._examples = tuple(examples)
        self._kept = Conversations()
        self._queue = FairQueue()

    def resume(self, event: gr.EventData) -> tuple[Any, ...]:
        """Return what was said in this tab before it was reloaded; an answer that came no more was stopped."""
        tab = _payload(event).get("tab", "")
        turns = self._kept.of(tab)
        if not turns:
            return gr.skip(), gr.skip(), tab
        turns = tuple(map(self._checked, _ended(turns)))
        self._kept.keep(tab, turns)
        return self._shown(turns), turns, tab

    def _checked(self, turn: Turn) -> Turn:
        """Return the turn, without its answer when an article that it quotes is gone."""
        if turn.answer is None:
            return turn
        quoted = [one.article_id for one in turn.answer.citations]
        quoted += [hit.passage.article_id for hit in turn.answer.nearest]
        try:
            for article_id in dict.fromkeys(quoted):
                self._corpus.article(article_id)
        except UnknownArticleError:
            return replace(turn, answer=None, error=GONE)
        except CitedeskError as error:
            return replace(turn, answer=None, error=str(error))
        return turn

    def clear(self, tab: str) -> tuple[Any, ...]:
        """Forget what was said in this tab, and show the welcome."""
        self._kept.keep(tab, ())
        return self._shown(()), ()

    def respond(
        self,
        typed: str,
        turns: tuple[Turn, ...],
        event: gr.EventData,
        first: str = "",
        last: str = "",
        outlets: Sequence[str] = (),
        tab: str = "",
    ) -> Generator[tuple[Any, ...], None, None]:
        """Stream the answer to what was typed, or to the example that was pressed, from the articles chosen."""
        question = _payload(event).get("question", typed).strip()
        if not question:
            yield self._shown(turns), turns, *_SAME
            return
        history = [(turn.question, turn.answer) for turn in turns if turn.answer is not None]
        try:
            filters = _filters(first, last, outlets)
        except QuestionError as error:
            turns = (*turns, Turn(question, error=str(error)))
            yield self._shown(turns), turns, question, *_SAME[1:]  # it waits in the box to be asked again
            return
        only = render.only(first, last, outlets)
        turn = Turn(question, only=only)
        self._kept.keep(tab, (*turns, turn))
        yield self._shown((*turns, turn)), (*turns, turn), "", gr.Button(visible=False), gr.Button(visible=True)
        try:
            for part in self._corpus.stream(question, history=history, filters=filters):
                if isinstance(part, Answer):
                    turn = Turn(question, answer=part, only=only)
                else:
                    turn = Turn(question, partial=turn.partial + part, only=only)
                yield self._shown((*turns, turn)), (*turns, turn), *_SAME
        except CitedeskError as error:
            turn = Turn(question, error=str(error), only=only)
        except Exception as error:  # whatever it is, the visitor must see that there is no answer; the log says where
            logger.exception("answering failed")
            words = f"{type(error).__name__}: {error}. The log of the program says where."
            turn = Turn(question, error=words, only=only)
        yield self._shown((*turns, turn)), (*turns, turn), *_SAME

    async def respond_in_turn(
        self,
        typed: str,
        turns: tuple[Turn, ...],
        event: gr.EventData,
        request: gr.Request,
        first: str = "",
        last: str = "",
        outlets: Sequence[str] = (),
        tab: str = "",
    ) -> AsyncIterator[tuple[Any, ...]]:
        """Do what `respond` does when this visitor's turn has come, and say until then how many are before."""
        pieces = self.respond(typed, turns, event, first, last, outlets, tab)
        begun = next(pieces)  # shows the question
        yield begun
        asked = begun[1]
        if asked == turns or asked[-1].error is not None:
            return  # there is nothing to answer
        try:
            with self._queue.enter(request.session_hash or "") as ticket:
                while not await ticket.ready(seconds=WAITING_SECONDS):
                    waiting = (*asked[:-1], replace(asked[-1], ahead=ticket.ahead))
                    yield self._shown(waiting), asked, *_SAME
                while (piece := await anyio.to_thread.run_sync(next, pieces, None)) is not None:
                    yield piece
        except BusyError as error:
            refused = (*asked[:-1], replace(asked[-1], error=str(error)))
            yield self._shown(refused), refused, typed, *_SAME[1:]
        finally:
            pieces.close()

    def finish(self, turns: tuple[Turn, ...], tab: str = "") -> tuple[Any, ...]:
        """Change the buttons back, and keep the turns; an answer that is not complete by now was stopped."""
        buttons = (gr.Button(visible=True), gr.Button(visible=False))
        ended = _ended(turns)
        self._kept.keep(tab, ended)
        if ended == turns:
            return gr.skip(), gr.skip(), *buttons
        return self._shown(ended), ended, *buttons

    def label_only(self, first: str, last: str, outlets: Sequence[str]) -> gr.Accordion:
        """Return the line that unfolds, saying which articles are chosen, also while it is folded."""
        return gr.Accordion(label=only_label(render.only(first, last, outlets)))

    def list_outlets(self) -> Any:
        """Return the outlets that can be chosen."""
        try:
            outlets = sorted({one.outlet for one in self._corpus.list_articles() if one.outlet})
        except CitedeskError:  # stands in the place of the list of articles
            return gr.skip()
        return gr.Dropdown(choices=outlets, label="Outlets" if outlets else "Outlets (no article names one)")

    def open_article(self, event: gr.EventData) -> str:
        """Return the article of the footnote or title that was pressed, its words highlighted."""
        wanted = _payload(event)
        try:
            article = self._corpus.article(wanted.get("article", ""))
        except CitedeskError as error:
            return render.WAYS_BACK + render.error(str(error))
        start, end = _number(wanted.get("start", "")), _number(wanted.get("end", ""))
        if start is None or end is None:
            return render_article.article(article)
        return render_article.article(article, start=start, end=end)

    def list_articles(self, words: str) -> str:
        """Return the list of the articles that the words name; of all without any."""
        try:
            return render_article.article_list(self._corpus.list_articles(words), total=len(self._corpus))
        except CitedeskError as error:
            return render.error(str(error))

    def add_files(self, paths: list[str] | None, words: str) -> tuple[str, str]:
        """Add the uploaded files and return what became of each, and the new list."""
        outcomes = uploads.add(self._corpus, [Path(path) for path in paths or ()])
        return render.upload_report(outcomes), self.list_articles(words)

    def _shown(self, turns: tuple[Turn, ...]) -> str:
        return render.conversation(turns, examples=self._examples)


def _ended(turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """Return the turns, the last one marked as stopped if its answer is not complete."""
    if not turns or turns[-1].answer is not None or turns[-1].error is not None:
        return turns
    return (*turns[:-1], replace(turns[-1], stopped=True))


def _filters(first: str, last: str, outlets: Sequence[str]) -> Filters:
    after, before = _day(first.strip(), "From"), _day(last.strip(), "To")
    if after and before and after > before:
        raise QuestionError(
            f"From {after} is after To {before}, expected the earlier day in From. Change one of them or empty it."
        )
    return Filters(after, before, tuple(outlets) or None)


def _day(typed: str, field: str) -> date | None:
    if not typed:
        return None
    try:
        return datetime.strptime(typed, "%Y-%m-%d").date()
    except ValueError as error:
        raise QuestionError(
            f"{field} says {typed!r}, expected a day such as 2024-05-31. Change it or empty the field, and ask again."
        ) from error


def _number(text: str) -> int | None:
    """Return the place in a text that the script sent; None for what is none, or is longer than any text."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER else None


def _payload(event: gr.EventData) -> dict[str, str]:
    """Return what the script sent with the event, text only; empty for an event that Gradio itself raised."""
    data = event._data
    return {name: value for name, value in data.items() if isinstance(value, str)} if isinstance(data, dict) else {}
