"""Which composer answers which kind of question. A kind without one is answered by sentences that the reader finds."""

from __future__ import annotations

from collections.abc import Mapping

from ..schema import QuestionKind
from . import collection, comparison, covering, small_talk, timeline, verdict, versions
from .asking import Composer

COMPOSERS: Mapping[QuestionKind, Composer] = {
    "fact": versions.versions,
    "yes-no": verdict.verdict,
    "summary": covering.summary,
    "source": covering.source,
    "about": covering.about,
    "date": covering.about,
    "why": covering.reasons,
    "list": covering.items,
    "compare": comparison.comparison,
    "timeline": timeline.timeline,
    "count": collection.collection,
    "collection": collection.collection,
    "small-talk": small_talk.small_talk,
}
READ_FIRST: frozenset[QuestionKind] = frozenset(("fact", "yes-no", "choice", "why", "list", "compare"))
"""Kinds for which the reader looks for the sentence that answers."""
READ_LAST: frozenset[QuestionKind] = frozenset(("summary", "source", "about", "date", "timeline"))
"""Kinds for which the reader looks for a sentence where no article as a whole is about what is asked."""
