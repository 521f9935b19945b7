import ast
import dataclasses
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from rag import Answer, Article, Citation, Statement, schema
from rag.schema import Trace

SCHEMA = Path(schema.__file__)


def cited(*markers: int, text: str = "They sent lions.") -> Statement:
    return Statement(
        text,
        tuple(Citation(m, "a1", "Zoo", None, None, "zoo.txt", "body", m * 10, m * 10 + 5, "lions") for m in markers),
        1.0,
    )


def test_a_statement_is_shown_with_its_markers() -> None:
    assert cited(1, 2).marked == "They sent lions. [1][2]"


def test_the_text_is_the_statements_in_order() -> None:
    answer = Answer("Q?", "Q?", "answered", statements=(cited(1), cited(2, text="And bears.")))
    assert answer.text == "They sent lions. [1] And bears. [2]"


def test_each_footnote_is_listed_once_in_order_of_its_marker() -> None:
    answer = Answer("Q?", "Q?", "answered", statements=(cited(2, 1), cited(2, 3)))
    assert [citation.marker for citation in answer.citations] == [1, 2, 3]


def test_a_refusal_has_no_text_and_no_footnotes() -> None:
    answer = Answer("Q?", "Q?", "not_found", reason="Nothing says it.")
    assert answer.text == ""
    assert answer.citations == ()


def test_seconds_do_not_make_two_answers_differ() -> None:
    slow, fast = (Answer("Q?", "Q?", "not_found", trace=Trace(seconds={"read": s})) for s in (2.0, 0.1))
    assert slow == fast


def test_records_cannot_be_changed(article_of: Callable[..., Article]) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        article_of("a").title = "other"  # type: ignore[misc]


def test_records_import_nothing_outside_the_standard_library() -> None:
    tree = ast.parse(SCHEMA.read_text(encoding="utf-8"))
    tops = [alias.name for node in tree.body if isinstance(node, ast.Import) for alias in node.names]
    tops += [node.module or "." for node in tree.body if isinstance(node, ast.ImportFrom)]
    assert {name.partition(".")[0] for name in tops} <= sys.stdlib_module_names
