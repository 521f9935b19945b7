"""Rows of Milvus back to articles, passages and summaries, and what of them is seen in a state."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ...errors import DamagedIndexError
from ...filters import Scope
from ...schema import Article, ArticleSummary, Passage
from ...serialization import from_plain
from ..tables import Located
from .cluster import Cluster, Row, hashed, one_of
from .state import ARTICLE, COPIES, Record, State, States

PLACE = ("id", "edition", "article", "start", "end", "kind", "sentences")
TEXT = ("edition", "piece", "content")


def visible(state: State) -> str:
    """Return a filter for the passages that are committed and not gone."""
    hidden = f" and edition not in {json.dumps(list(state.gone))}" if state.gone else ""
    return f"version <= {state.generation}{hidden}"


def inside(scope: Scope, state: State) -> str | None:
    """Return a filter for the passages in a scope; None where nothing is in it."""
    parts, filters = [visible(state)], scope.filters
    outlets = None if filters.outlets is None else [hashed(outlet) for outlet in filters.outlets]
    for field, wanted in (("kind", scope.kinds), ("outlet", outlets), ("article", scope.articles)):
        if wanted is not None and not wanted:
            return None
        if wanted is not None:
            parts.append(one_of(field, list(wanted)))
    for comparison, day in ((">=", filters.published_after), ("<=", filters.published_before)):
        if day is not None and not isinstance(day, str):
            parts.append(f"day {comparison} {day.toordinal()} and day > 0")
    return " and ".join(parts)


def articles_of(cluster: Cluster, records: Sequence[Record], state: State) -> dict[str, Article]:
    """Return the articles of these records by id.

    Raises:
        DamagedIndexError: the text of one is not whole.
    """
    editions = {record.value["text"]: record.name for record in records if record.value}
    where = f"version <= {state.generation}"
    parts: dict[str, list[Row]] = {}
    for row in cluster.rows_named(cluster.texts, "edition", editions, where, TEXT):
        parts.setdefault(row["edition"], []).append(row)
    found = {}
    for edition, article_id in editions.items():
        mine = sorted(parts.get(edition, []), key=lambda row: int(row["piece"]))
        try:
            found[article_id] = from_plain(Article, json.loads("".join(row["content"] for row in mine)))
        except ValueError as error:
            raise torn(f"the text of article {article_id} is not whole") from error
    return found


def located(cluster: Cluster, states: States, rows: Sequence[Row], state: State) -> dict[int, Located]:
    """Return the passages of these rows by id, each with its article.

    Raises:
        DamagedIndexError: the article of one is not there or not whole.
    """
    records = states.named(ARTICLE, [row["article"] for row in rows], generation=state.generation)
    articles = articles_of(cluster, list(records.values()), state)
    names: dict[str, list[str]] = {}
    for name, record in states.of_articles(articles, generation=state.generation).items():
        names.setdefault(record.article, []).append(name)
    copies = states.named(COPIES, articles, generation=state.generation)
    found = {}
    for row in rows:
        if row["article"] not in articles:
            raise torn(f"passage {row['id']} belongs to no article")
        article = articles[row["article"]]
        spans = tuple((first, last) for first, last in json.loads(row["sentences"]))
        text = article.text[row["start"] : row["end"]]
        passage = Passage(article.id, row["start"], row["end"], text, row["kind"], spans)
        original = copies[article.id].article if article.id in copies else article.id
        found[int(row["id"])] = Located(passage, article, tuple(sorted(names.get(article.id, []))), original)
    return found


def summary_of(record: Record, sources: Sequence[str]) -> ArticleSummary:
    assert record.value is not None
    plain: dict[str, Any] = record.value["summary"]
    own = plain["sources"][0]
    ordered = sorted({own, *sources}, key=lambda source: (source != own, source))
    return from_plain(ArticleSummary, plain | {"sources": ordered})


def torn(what: str) -> DamagedIndexError:
    return DamagedIndexError(
        f"the index in Milvus is damaged: {what}. Remove its source with `citedesk remove`, and add it again."
    )
