"""No line, however long or monotonous, takes long to read: time grows with length, not with its square."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from rag.errors import ReadingError
from rag.index.splitting import split
from rag.language.facts import facts_of
from rag.loading.articles import article_from_text
from rag.question.checking import MAX_QUESTION_CHARACTERS
from rag.question.contextualization import standalone
from rag.question.decomposition import parts

pytestmark = pytest.mark.slow

LINE = 100_000  # characters
SENTENCE = 1_500
SECONDS = 4.0  # of the processor; the slowest took 1.6 on a busy machine
UNITS = (
    "a", " ", "A", "1", "a ", "A ", "1,", "1 ", ".", "- ", '"', "(", "<", "[", "|", "-", "\n", "\t", "=", "“", "A. ", "of the ",
    "By A B, ", "a: ", "<a ", "https://", "12 January ", "not ", "# ", "* ", "x\n", "[1]", "A-", "1 2 ", "By A ",
)  # fmt: skip


def _read(unit: str) -> None:
    with suppress(ReadingError):  # blank
        text = (unit * LINE)[:LINE]
        split(article_from_text(f"Title\n\n{text}x", source="s"), passage_tokens=160)


def _compare(unit: str) -> None:
    facts_of((unit * SENTENCE)[:SENTENCE])


def _ask(unit: str) -> None:
    question = (unit * MAX_QUESTION_CHARACTERS)[: MAX_QUESTION_CHARACTERS - 1] + "?"
    parts(question)
    standalone(question, ("Who is he?",))


@pytest.mark.parametrize("work", [_read, _compare, _ask])
@pytest.mark.parametrize("unit", UNITS)
def test_a_monotonous_line_takes_no_long_time(work: Callable[[str], None], unit: str) -> None:
    began = time.process_time()
    work(unit)
    assert time.process_time() - began < SECONDS
