"""Which articles stand in a turn, and what of a turn is kept: not what was searched and read, and did not make the answer."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace

from ..schema import Answer, Citation, Hit, Trace
from .records import Turn


def article_ids(turn: Turn) -> list[str]:
    """Return the ids of all articles whose words or names stand in a turn, each once."""
    return list(dict.fromkeys(_ids(turn.answer))) if turn.answer else []


def without_search(turn: Turn) -> Turn:
    """Return the turn without what other articles left in its trace, so that an article is named in `article_ids` or not at all."""
    if turn.answer is None:
        return turn
    trace = turn.answer.trace
    read = tuple(replace(one, articles=()) for one in trace.read)
    kept = Trace(seconds=trace.seconds, queries=trace.queries, read=read)
    return replace(turn, answer=replace(turn.answer, trace=kept))


def id_of(turn: Turn) -> str:
    """Return an id that comes from question and answer."""
    said = turn.answer.text or turn.answer.reason if turn.answer else ""
    return hashlib.sha256(f"{turn.question}\n{said}".encode()).hexdigest()[:12]


def _ids(answer: Answer) -> Iterator[str]:
    accounts = (account.citation for one in answer.disagreements for account in one.accounts)
    records: list[Citation | Hit] = [*answer.citations, *accounts, *answer.nearest]
    for record in records:
        yield record.passage.article_id if isinstance(record, Hit) else record.article_id
        yield from (copy.article_id for copy in record.copies)
        if isinstance(record, Hit) and record.original:
            yield record.original
