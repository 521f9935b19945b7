"""Answered turns over two articles, made by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag.conversations.records import Turn
from rag.schema import Answer, Citation, Copy, Field, Statement, Trace


def citation(
    article: str, quote: str, marker: int = 1, *, copies: tuple[Copy, ...] = (), field: Field | None = None
) -> Citation:
    return Citation(
        marker=marker,
        article_id=article,
        title=f"Title of {article}",
        outlet="The Vell Courier",
        published=None,
        source=f"{article}.txt",
        kind="body",
        start=0,
        end=len(quote),
        quote=quote,
        copies=copies,
        field=field,
        author="Ada Brink",
        address=f"https://vell.example/{article}",
    )


@pytest.fixture
def answered() -> Callable[..., Turn]:
    def make(question: str, article: str = "seals", quote: str = "They sent 12 grey seals.", **fields: object) -> Turn:
        statement = Statement(quote, (citation(article, quote, **fields),), 1.0)  # type: ignore[arg-type]
        answer = Answer(
            question, question, "answered", short="12", statements=(statement,), trace=Trace(notes=("walrus",))
        )
        return Turn(question, answer=answer)

    return make


@pytest.fixture
def refused() -> Turn:
    return Turn("pandas?", answer=Answer("pandas?", "pandas?", "not_found", reason="No passage speaks of pandas."))
