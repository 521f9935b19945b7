"""Near copies among articles in Milvus: the same grouping as in a folder, done on those that a change can touch.

An article's record holds its MinHash bands and the original of its group. A change brings the articles that are new, or
whose group lost a member, with all that share a band with them and all of those groups, into a database in memory; there
they are grouped as ever, and what came out otherwise becomes records of the change.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from ...schema import Article
from .. import near_duplicates
from ..codec import article_bytes
from ..database import SCHEMA
from .cluster import Cluster, one_of
from .state import COPIES, FIELDS, Record, States, newest

Articles = Callable[[Sequence[str]], Mapping[str, Article]]


@dataclass(frozen=True, slots=True)
class Touched:
    """What a change does to the groups: articles it brings, each with its place in the order of coming, and takes away."""

    fresh: Mapping[str, tuple[Article, int]]
    gone: frozenset[str]


def regrouped(
    cluster: Cluster, states: States, touched: Touched, *, articles: Articles, generation: int
) -> tuple[dict[str, Record], dict[str, Record]]:
    """Return the records of articles as they are now, and those that they, or ones that are gone, had before.

    `articles` gives articles by id. What a record says is its own: versions are the change's.
    """
    before = states.named(COPIES, [*touched.fresh, *touched.gone], generation=generation)
    orphans = _members(cluster, states, [one.article for one in before.values()], generation)
    left = {name: one for name, one in orphans.items() if name not in touched.gone and name not in touched.fresh}
    waiting = left | {name: _entered(name, *given) for name, given in touched.fresh.items()}
    bands = {band for one in waiting.values() for band in _bands(one)}
    alike = {
        name: one
        for name, one in _sharing(cluster, states, bands, generation).items()
        if name not in touched.gone and name not in waiting
    }
    around = _members(cluster, states, [one.article for one in alike.values()], generation)
    known = {name: one for name, one in (around | alike).items() if name not in touched.gone and name not in waiting}
    texts = {name: given[0] for name, given in touched.fresh.items()}
    if alike or left:
        texts |= articles([name for name in (*left, *alike) if name not in texts])
    originals = _grouped(waiting, known, texts)
    everyone, earlier = known | waiting, known | left | before
    now = {name: replace(one, article=originals[name]) for name, one in everyone.items()}
    changed = {name: one for name, one in now.items() if name in touched.fresh or one.article != earlier[name].article}
    return changed, {name: one for name, one in earlier.items() if name in changed or name in touched.gone}


def _grouped(
    waiting: Mapping[str, Record], known: Mapping[str, Record], texts: Mapping[str, Article]
) -> dict[str, str]:
    """Return the original of each article, where those that are waiting belong to no group yet."""
    numbers = {name: _order(one) for name, one in (*known.items(), *waiting.items())}
    names = {number: name for name, number in numbers.items()}
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as scratch:
        for statement in SCHEMA.split(";"):
            scratch.execute(statement)
        for name, one in (*known.items(), *waiting.items()):
            original = None if name in waiting else numbers.get(one.article, numbers[name])
            published = (one.value or {}).get("published")
            bands = _bands(one)
            scratch.execute(
                "INSERT INTO copies VALUES (?, ?, ?, ?)",
                (numbers[name], original, published, near_duplicates.packed(set(bands))),
            )
            rows = [(band, numbers[name]) for band in bands]
            scratch.executemany("INSERT OR IGNORE INTO bands VALUES (?, ?)", rows)
        for name, article in texts.items():
            content = article_bytes(article, number=numbers[name])
            scratch.execute("INSERT INTO texts VALUES (?, ?)", (numbers[name], content))
        near_duplicates.settle(scratch)
        found = scratch.execute("SELECT number, original FROM copies").fetchall()
    return {names[number]: names[original] for number, original in found}


def _entered(name: str, article: Article, order: int) -> Record:
    bands = sorted(near_duplicates.bands_of(near_duplicates.wording(article)))
    published = article.published.isoformat() if article.published else None
    return Record(COPIES, name, 0, name, value={"bands": bands, "published": published, "order": order})


def _members(cluster: Cluster, states: States, originals: Iterable[str], generation: int) -> dict[str, Record]:
    """The articles of the groups that have these originals."""
    where = f"{one_of('kind', [COPIES])} and version <= {generation}"
    rows = cluster.rows_named(cluster.records, "article", originals, where, FIELDS)
    wanted = set(originals)
    now = states.named(COPIES, newest(rows), generation=generation)
    return {name: one for name, one in now.items() if one.article in wanted}


def _sharing(cluster: Cluster, states: States, bands: set[int], generation: int) -> dict[str, Record]:
    """The articles that share a band."""
    if not bands:
        return {}
    where = f"{one_of('kind', [COPIES])} and version <= {generation} and array_contains_any(bands, {sorted(bands)})"
    return states.named(COPIES, newest(cluster.rows(cluster.records, where, FIELDS)), generation=generation)


def _bands(record: Record) -> list[int]:
    return [int(band) for band in (record.value or {}).get("bands", [])]


def _order(record: Record) -> int:
    return int((record.value or {})["order"])
