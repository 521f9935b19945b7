"""A chat in the terminal: questions that follow on one another, and footnotes that are opened by their number."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from uuid import uuid4

from rag.conversations.records import Turn
from rag.conversations.storage import History
from rag.corpus import Corpus
from rag.errors import CitedeskError
from rag.rendering.plain_text import Styled, styled_answer
from rag.rendering.words import origin, titled
from rag.schema import Answer, Article, Citation

from . import sessions
from .printing import say

PROMPT = "\n> "
BESIDE = 2  # paragraphs shown before and after the words of a footnote
HELP = (
    "Ask a question; the next one may lean on it. A number opens that footnote of the last answer.\n"
    "/new begins another conversation, /help says this, /quit or Ctrl+D ends. Ctrl+C stops an answer."
)
_FOOTNOTE = re.compile(r"\[?(\d{1,4})\]?")


class TerminalChat:
    """One conversation at a time over a corpus. Kept in the `history`, it is found again on the page; without, it is not kept.

    `listen` returns the next line that a person types; it raises EOFError at the end.
    """

    def __init__(self, corpus: Corpus, history: History | None, *, listen: Callable[[], str] | None = None) -> None:
        self._corpus = corpus
        self._history = history
        self._listen = listen or _typed
        self._id = uuid4().hex
        self._turns: tuple[Turn, ...] = ()

    def run(self) -> None:
        """Answer until the person ends it."""
        say([(f"{len(self._corpus):,} articles. {HELP}", "dim")])
        while True:
            try:
                line = self._listen().strip()
            except (EOFError, KeyboardInterrupt):
                return
            if line in ("/quit", "/exit"):
                return
            if line:
                self._obey(line)

    def _obey(self, line: str) -> None:
        if line == "/new":
            self._id, self._turns = uuid4().hex, ()
            say([("A new conversation.", "dim")])
        elif line.startswith("/"):
            say([(HELP, "dim")])
        elif number := _FOOTNOTE.fullmatch(line):
            self._open(int(number[1]))
        else:
            self._ask(line)

    def _ask(self, question: str) -> None:
        before = [(turn.question, turn.answer) for turn in self._turns if turn.answer is not None]
        try:
            with _shown_waiting():
                answer = self._corpus.ask(question, before)
        except KeyboardInterrupt:
            say([("Stopped.", "dim")])
            return
        except CitedeskError as error:
            say([(str(error), "red")])
            return
        self._turns = (*self._turns, Turn(question, answer=answer))
        say(styled_answer(answer))
        if self._history is not None:
            try:
                sessions.keep(self._history, self._corpus, self._id, self._turns)
            except CitedeskError as error:
                say([(str(error), "red")])

    def _open(self, number: int) -> None:
        answer = self._turns[-1].answer if self._turns else None
        found = [one for one in answer.citations if one.marker == number] if answer else []
        if not found:
            say([(f"The last answer has no footnote {number}, expected {_numbers(answer)}.", "yellow")])
            return
        try:
            say(styled_footnote(self._corpus.article(found[0].article_id), found[0]))
        except CitedeskError as error:  # the article is gone
            say([(str(error), "red")])


def styled_footnote(article: Article, citation: Citation) -> list[Styled]:
    """Return where a footnote leads: title, origin and file, and its words among the paragraphs around them."""
    parts: list[Styled] = [(f"[{citation.marker}] ", "bold cyan"), (f"{titled(citation)}\n", "bold")]
    parts += [(f"{known}\n", "dim")] if (known := origin(citation)) else []
    parts += [(f"{article.source}\n", "dim"), *([(f"{article.address}\n", "dim")] if article.address else [])]
    text, start, end = article.text, citation.start, citation.end
    if text[start:end] != citation.quote:  # its day or author, which stand beside the text
        return [*parts, (f"\n{citation.quote}\n", "bold reverse")]
    first, last = _line_begin(text, start), _line_end(text, end)
    for _ in range(BESIDE):
        first = _line_begin(text, len(text[:first].rstrip()))
        last = _line_end(text, len(text) - len(text[last:].lstrip()))
    before = ("…\n" if first else "") + text[first:start]
    after = text[end:last].rstrip() + ("\n…" if last < len(text.rstrip()) else "")
    return [*parts, (f"\n{before}", ""), (citation.quote, "bold reverse"), (f"{after}\n", "")]


def _line_begin(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _line_end(text: str, at: int) -> int:
    found = text.find("\n", at)
    return len(text) if found < 0 else found


def _numbers(answer: Answer | None) -> str:
    markers = sorted({one.marker for one in answer.citations}) if answer else []
    if not markers:
        return "a question first" if answer is None else "an answer with footnotes"
    return f"{markers[0]}" if len(markers) == 1 else f"{markers[0]} to {markers[-1]}"


def _typed() -> str:
    with suppress(ImportError):  # Windows has none
        import readline  # noqa: F401 - arrow up brings earlier lines back
    return input(PROMPT)


@contextmanager
def _shown_waiting() -> Iterator[None]:
    """Say on a terminal that an answer is being looked for."""
    if not sys.stdout.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status("Reading the articles"):
        yield
