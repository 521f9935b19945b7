"""What the events of the page do with the corpus."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Generator, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import anyio.to_thread
import gradio as gr

from rag.conversations.records import Turn
from rag.conversations.storage import History
from rag.corpus import Corpus
from rag.errors import CitedeskError, QuestionError
from rag.filters import Filters
from rag.loading.page_picture import draw, page_of, pdf_of
from rag.rendering.words import only_label
from rag.schema import Answer

from . import render, render_article, render_page, render_uploads, sessions, uploads
from .fair_queue import BusyError, FairQueue
from .render_uploads import Uploaded
from .sent import number
from .sessions import Conversations
from .shelf import Shelf
from .sources import Sources

T = TypeVar("T")

WAITING_SECONDS = 1.0  # between two looks at how many are before
_SAME = (gr.skip(), gr.skip(), gr.skip())  # question box and buttons as they are

logger = logging.getLogger(__name__)


class Page:
    """What the events of the page do with the corpus. Turns come in and go out; they are kept under the id of their tab.

    With a history they are kept on disk, without one for a reload.
    """

    def __init__(
        self,
        corpus: Corpus,
        examples: Sequence[str] | None = None,
        history: History | None = None,
        queue: FairQueue | None = None,
    ) -> None:
        self._corpus = corpus
        self._kept: Conversations | History = Conversations() if history is None else history
        self._queue = FairQueue() if queue is None else queue
        self._cancelled: set[str] = set()  # visitors who want no more of their files added
        self.shelf = Shelf(corpus, history, examples)
        self.sources = Sources(corpus, history)

    def resume(self, event: gr.EventData) -> tuple[Any, ...]:
        """Return what was said in this tab before it was reloaded; an answer that came no more was stopped."""
        tab = _payload(event).get("tab", "")
        try:
            turns = self._kept.of(tab)
        except CitedeskError as error:
            return render.error(str(error)), gr.skip(), tab
        if not turns:
            return self.shelf.shown(()), gr.skip(), tab
        turns = tuple(sessions.checked(self._corpus, turn) for turn in sessions.ended(turns))
        self._keep(tab, turns)
        return self.shelf.shown(turns), turns, tab

    def _keep(self, tab: str, turns: tuple[Turn, ...]) -> None:
        try:
            sessions.keep(self._kept, self._corpus, tab, turns)
        except CitedeskError:  # the list of conversations says so, in their place
            logger.exception("the conversation could not be kept")

    def clear(self, tab: str) -> tuple[Any, ...]:
        """Begin a new conversation; the one before stays in the history, and is forgotten without one."""
        if isinstance(self._kept, Conversations):
            self._kept.keep(tab, ())
            return self.shelf.shown(()), (), tab
        return self.shelf.begun()

    def respond(
        self,
        typed: str,
        turns: tuple[Turn, ...],
        event: gr.EventData,
        first: str = "",
        last: str = "",
        outlets: Sequence[str] = (),
        tab: str = "",
        ticked: Sequence[str] = (),
    ) -> Generator[tuple[Any, ...], None, None]:
        """Stream the answer to what was typed, or to the example that was pressed, from the articles chosen.

        A question that was edited or is asked again takes the place of its turn; the turns after it go.
        """
        sent = _payload(event)
        place = number(sent.get("turn", ""))
        if place is not None and place < len(turns):
            typed, turns = turns[place].question, turns[:place]
        question = sent.get("question", typed).strip()
        if not question:
            yield self.shelf.shown(turns), turns, *_SAME
            return
        history = [(turn.question, turn.answer) for turn in turns if turn.answer is not None]
        try:
            filters = _filters(first, last, outlets, ticked)
        except QuestionError as error:
            turns = (*turns, Turn(question, error=str(error)))
            yield self.shelf.shown(turns), turns, question, *_SAME[1:]  # it waits in the box to be asked again
            return
        only = render.only(first, last, outlets, ticked)
        turn = Turn(question, only=only)
        self._keep(tab, (*turns, turn))
        yield self.shelf.shown((*turns, turn)), (*turns, turn), "", gr.Button(visible=False), gr.Button(visible=True)
        try:
            for part in self._corpus.stream(question, history=history, filters=filters):
                if isinstance(part, Answer):
                    turn = Turn(question, answer=part, only=only)
                else:
                    turn = Turn(question, partial=turn.partial + part, only=only)
                yield self.shelf.shown((*turns, turn)), (*turns, turn), *_SAME
        except CitedeskError as error:
            turn = Turn(question, error=str(error), only=only)
        except Exception as error:  # whatever it is, the visitor must see that there is no answer; the log says where
            logger.exception("answering failed")
            words = f"{type(error).__name__}: {error}. The log of the program says where."
            turn = Turn(question, error=words, only=only)
        yield self.shelf.shown((*turns, turn)), (*turns, turn), *_SAME

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
        ticked: Sequence[str] = (),
    ) -> AsyncIterator[tuple[Any, ...]]:
        """Do what `respond` does when this visitor's turn has come, and say until then how many are before."""
        pieces = self.respond(typed, turns, event, first, last, outlets, tab, ticked)
        begun = await anyio.to_thread.run_sync(next, pieces)  # shows the question, and keeps it on disk
        yield begun
        asked = begun[1]
        if asked == turns or asked[-1].error is not None:
            return  # there is nothing to answer
        try:
            with self._queue.enter(request.session_hash or "") as ticket:
                while not await ticket.ready(seconds=WAITING_SECONDS):
                    yield self.shelf.shown(asked, ahead=ticket.ahead), asked, *_SAME
                while (piece := await anyio.to_thread.run_sync(next, pieces, None)) is not None:
                    yield piece
        except BusyError as error:
            refused = (*asked[:-1], replace(asked[-1], error=str(error)))
            yield self.shelf.shown(refused), refused, typed, *_SAME[1:]
        finally:
            pieces.close()

    def finish(self, turns: tuple[Turn, ...], tab: str = "") -> tuple[Any, ...]:
        """Change the buttons back, and keep the turns; an answer that is not complete by now was stopped."""
        buttons = (gr.Button(visible=True), gr.Button(visible=False))
        ended = sessions.ended(turns)
        self._keep(tab, ended)
        if ended == turns:
            return gr.skip(), gr.skip(), *buttons
        return self.shelf.shown(ended), ended, *buttons

    def label_only(self, first: str, last: str, outlets: Sequence[str], ticked: Sequence[str] = ()) -> gr.Accordion:
        """Return the line that unfolds, saying which articles are chosen, also while it is folded."""
        return gr.Accordion(label=only_label(render.only(first, last, outlets, ticked)))

    def tick(self, event: gr.EventData) -> tuple[str, ...]:
        """Return the ids of the articles that are ticked now."""
        return tuple(_payload(event).get("articles", "").split("\n")) if _payload(event).get("articles") else ()

    def sort(self, event: gr.EventData) -> str:
        """Return the order that was chosen for the list."""
        return _payload(event).get("order", "")

    def withdraw(self, event: gr.EventData, turns: tuple[Turn, ...], words: str, order: str) -> tuple[Any, ...]:
        """Remove an article; return what became of it, the list, and the conversation without what quoted it."""
        report = self.sources.remove(_payload(event).get("article", ""))
        turns = tuple(sessions.checked(self._corpus, turn) for turn in turns)
        return report, self.sources.listed(words, order, _leaf(event)), self.shelf.shown(turns), turns

    def undo(self, event: gr.EventData, turns: tuple[Turn, ...], tab: str, words: str, order: str) -> tuple[Any, ...]:
        """Put a removed article back; return what became of it, the list, and the conversation as it was."""
        report = self.sources.put_back(_payload(event).get("article", ""))
        kept = self._kept.of(tab) if isinstance(self._kept, History) else ()
        turns = kept if len(kept) == len(turns) else turns
        return report, self.sources.listed(words, order, _leaf(event)), self.shelf.shown(turns), turns

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
        start, end = _span(wanted)
        page = page_of(article, start) if pdf_of(article) else None
        return render_article.article(article, start=start, end=end, page=page)

    def open_page(self, event: gr.EventData) -> str:
        """Return a page of the article's PDF as it is drawn, the words of the footnote marked on it."""
        wanted = _payload(event)
        try:
            article = self._corpus.article(wanted.get("article", ""))
        except CitedeskError as error:
            return render.WAYS_BACK + render.error(str(error))
        start, end = _span(wanted)
        page = number(wanted.get("sheet", "")) or 1
        try:
            picture = draw(article, page, start=start, end=end)
        except CitedeskError as error:
            return render_page.no_picture(article, str(error), start=start, end=end)
        return render_page.page_picture(article, picture, page, start=start, end=end)

    def list_articles(self, words: str, order: str = "title") -> str:
        """Return the first page of the articles that the words name, of all without any, in an order."""
        return self.sources.listed(words, order)

    def turn_to(self, event: gr.EventData, words: str, order: str) -> str:
        """Return the page of that list which was asked for: another one, or where one was before an article was opened."""
        return self.sources.listed(words, order, _leaf(event))

    def suggest(self, turns: tuple[Turn, ...]) -> Any:
        """Return the empty page with the questions that the articles of now answer; one with turns stays as it is."""
        return gr.skip() if turns else self.shelf.shown(())

    def add_files(self, paths: list[str] | None, request: gr.Request) -> Generator[tuple[Any, ...], None, None]:
        """Add the uploaded files one by one. Yield how far it has come, the outcome of each file if no more is read,
        and the buttons: no other files are taken meanwhile, and the rest can be cancelled."""
        visitor = request.session_hash or ""
        self._cancelled.discard(visitor)
        files = [Path(path) for path in paths or ()]
        done: list[Uploaded] = []
        outcomes = uploads.add(self._corpus, files)
        buttons = (gr.UploadButton(visible=False), gr.Button("Cancel", visible=True, interactive=True))
        try:
            for number, file in enumerate(files):
                left = [Uploaded(one.name, "cancelled") for one in files[number:]]
                shown = render_uploads.upload_progress(done, total=len(files), at=file.name)
                yield shown, (*done, *left), *(buttons if number == 0 else (gr.skip(), gr.skip()))
                if visitor in self._cancelled:
                    return
                done.append(next(outcomes))
        finally:
            outcomes.close()
            self._cancelled.discard(visitor)
        yield gr.skip(), tuple(done), gr.skip(), gr.skip()

    def cancel_adding(self, request: gr.Request) -> gr.Button:
        """Read no further file of this visitor's; the one under way is read to its end. Not by Gradio, which would say
        that a run has ended while a file of it is still being added."""
        self._cancelled.add(request.session_hash or "")
        return gr.Button("Cancelling", interactive=False)

    def finish_adding(self, outcomes: tuple[Uploaded, ...], words: str, order: str = "title") -> tuple[Any, ...]:
        """Return what became of each file, the new list, no outcomes, and the buttons as they were."""
        shown = render_uploads.upload_report(outcomes) if outcomes else gr.skip()
        return shown, self.sources.listed(words, order), (), gr.UploadButton(visible=True), gr.Button(visible=False)


def told(work: Callable[..., T]) -> Callable[..., T]:
    """Return what Gradio calls for an event: `work`, with what the script of the page sent as its first argument."""

    def call(event: gr.EventData, *inputs: Any) -> T:
        return work(_payload(event), *inputs)

    return call


def _filters(first: str, last: str, outlets: Sequence[str], ticked: Sequence[str]) -> Filters:
    after, before = _day(first.strip(), "From"), _day(last.strip(), "To")
    if after and before and after > before:
        raise QuestionError(
            f"From {after} is after To {before}, expected the earlier day in From. Change one of them or empty it."
        )
    return Filters(after, before, tuple(outlets) or None, tuple(ticked) or None)


def _day(typed: str, field: str) -> date | None:
    if not typed:
        return None
    try:
        return datetime.strptime(typed, "%Y-%m-%d").date()
    except ValueError as error:
        raise QuestionError(
            f"{field} says {typed!r}, expected a day such as 2024-05-31. Change it or empty the field, and ask again."
        ) from error


def _span(wanted: dict[str, str]) -> tuple[int, int]:
    start, end = number(wanted.get("start", "")), number(wanted.get("end", ""))
    return (0, 0) if start is None or end is None else (start, end)


def _leaf(event: gr.EventData) -> int:
    return number(_payload(event).get("leaf", "")) or 1


def _payload(event: gr.EventData) -> dict[str, str]:
    """Return what the script sent with the event, text only; empty for an event that Gradio itself raised."""
    data = event._data
    return {name: value for name, value in data.items() if isinstance(value, str)} if isinstance(data, dict) else {}
