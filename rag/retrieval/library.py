"""What there is to answer one question from: passages found, articles ranked by it, and an article's units."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..filters import Filters
from ..index.catalogue import Listing
from ..language.headings import day_words
from ..language.stems import stem
from ..language.words import content_words, names
from ..plugins import Index, Models, Vectors
from ..schema import Article, ArticleSummary, Hit
from ..settings import Settings
from .hybrid import BODY, MAIN, retrieve, whole_article
from .topicality import topicality
from .units import Unit, units_of

DEEP = 40  # passages from which articles are ranked
MOST_ARTICLES = 12  # that are looked at whole
ALIKE = 6  # letters that two words share from the first on, to be of one root: Antarctic, Antarctica
LEAST_ROOT = 5  # letters that are a root by themselves, before an ending of few letters: Kenya, Kenyan
MOST_ENDING = 3


@dataclass(frozen=True, slots=True)
class Ranked:
    """An article that bears on a subject. `said` are the stems of all its words, `odds` the log odds that it is about it.

    These rest on `coverage`, the share of the subject's weight that it mentions, `closeness`, the cosine of its passage
    that is nearest, and `unnamed`, the share of the subject's names that it lacks.
    """

    listed: ArticleSummary
    units: tuple[Unit, ...]
    said: frozenset[str]
    coverage: float
    closeness: float
    unnamed: float
    odds: float

    @property
    def id(self) -> str:
        return self.listed.article_id


class Library:
    """Looks up what a question needs; keeps the articles it looked at while that question is answered."""

    def __init__(self, index: Index, models: Models, settings: Settings, listing: Listing, filters: Filters) -> None:
        self._index, self._models, self._settings, self._listing = index, models, settings, listing
        self._units: dict[str, tuple[Unit, ...]] = {}
        self._said: dict[str, frozenset[str]] = {}
        self._weights: dict[str, dict[str, float]] = {}
        self.filters = filters

    def search(self, query: str, *, k: int, filters: Filters | None = None) -> list[Hit]:
        return retrieve(
            self._index,
            self._models.embedder,
            query,
            k=k,
            candidates=max(2 * k, self._settings.candidates),
            kinds=MAIN,
            filters=filters or self.filters,
        )

    def article(self, article_id: str) -> Article:
        return self._index.article(article_id)

    def listed(self) -> list[ArticleSummary]:
        """Return the articles that the filters let pass, by title."""
        return [one for one in self._listing.naming("") if passes(one, self.filters)]

    def units(self, article_id: str) -> tuple[Unit, ...]:
        """Return the units of a whole article, in order; a byline is none, for its fields say the same."""
        if article_id not in self._units:
            self._units[article_id] = tuple(units_of(whole_article(self._index, article_id, kinds=BODY)))
        return self._units[article_id]

    def said(self, one: ArticleSummary) -> frozenset[str]:
        """Return the stems of all that an article says, with its title, outlet and day."""
        if one.article_id not in self._said:
            told = [one.title, one.outlet or "", one.author or "", day_words(one.published)]
            told += dict.fromkeys(unit.hit.passage.text for unit in self.units(one.article_id))
            self._said[one.article_id] = frozenset(map(stem, {word for text in told for word in content_words(text)}))
        return self._said[one.article_id]

    def weights(self, text: str) -> dict[str, float]:
        """Return the stems of the content words of a text, each with how much it tells."""
        if text not in self._weights:
            self._weights[text] = self._weighed(text)
        return self._weights[text]

    def _weighed(self, text: str) -> dict[str, float]:
        words = list(dict.fromkeys(content_words(text)))
        found: dict[str, float] = {}
        for word, weight in zip(words, self._index.rarity(words), strict=True):
            found[stem(word)] = max(weight, found.get(stem(word), 0.0))
        return found

    def embed(self, texts: Sequence[str]) -> Vectors:
        return self._models.embedder.embed_texts(list(texts))

    def ranked(
        self, subject: str, *, filters: Filters | None = None, most: int = MOST_ARTICLES, also: Sequence[str] = ()
    ) -> list[Ranked]:
        """Return up to `most` articles that bear on a subject, best first; with the ids `also` in any case, if they may be found."""
        hits = self.search(subject, k=DEEP, filters=filters)
        best = _nearest(hits)
        listed = {one.article_id: one for one in self.listed()}
        first = list(dict.fromkeys([*list(best)[:most], *also]))
        far = min(filter(None, best.values()), default=0.0)  # what only the words found is no nearer than that
        found = [self.rank(listed[id_], subject, best.get(id_) or far) for id_ in first if id_ in listed]
        likely = [one.id for one in found if not best.get(one.id) and topicality().is_about(one.odds)]
        if likely:  # a rare name in a large collection
            within = replace(filters or self.filters, articles=tuple(likely))
            best |= _nearest(self.search(subject, k=DEEP, filters=within))
            found = [self.rank(one.listed, subject, best[one.id]) if one.id in likely else one for one in found]
        return sorted(found, key=lambda one: (-one.odds, one.id))

    def story(self, ranked: Sequence[Ranked]) -> list[Ranked]:
        """Return those of the ranked articles that tell of the same as the best, which is first."""
        return [one for one in ranked if topicality().alike(one.odds, best=ranked[0].odds)]

    def rank(self, one: ArticleSummary, subject: str, closeness: float) -> Ranked:
        said = self.said(one)
        share, unnamed = coverage(self.weights(subject), said), self.unnamed(subject, said)
        odds = topicality().odds(coverage=share, closeness=closeness, unnamed=unnamed)
        return Ranked(one, self.units(one.article_id), said, share, closeness, unnamed, odds)

    def unnamed(self, subject: str, said: frozenset[str]) -> float:
        """Return the share of a subject's names that is not said; 0 where it names nothing."""
        inside = f"of {subject}"  # where a capital letter is that of a name, also of the first word
        named = dict.fromkeys(self.weights(" ".join(names(inside))), 1.0)
        return 1.0 - coverage(named, said) if named else 0.0


def _nearest(hits: Sequence[Hit]) -> dict[str, float]:
    """Return the articles of hits in their order, each with the cosine of its nearest passage; 0 where none was measured."""
    best: dict[str, float] = defaultdict(float)
    for hit in hits:
        best[hit.passage.article_id] = max(best[hit.passage.article_id], hit.dense or 0.0)
    return dict(best)


def coverage(weights: Mapping[str, float], said: frozenset[str]) -> float:
    """Return the share of the weight of a subject's stems that is said, in these words or in others of one root."""
    if not any(weights.values()):  # of one article alone no word tells more than another
        weights = dict.fromkeys(weights, 1.0)
    total = sum(weights.values())
    roots = {word[:ALIKE] for word in said if len(word) >= ALIKE}
    whole = {word for word in said if len(word) == LEAST_ROOT}
    longer = {word[:LEAST_ROOT] for word in said if LEAST_ROOT < len(word) <= LEAST_ROOT + MOST_ENDING}

    def is_said(word: str) -> bool:
        if word in said or (len(word) >= ALIKE and word[:ALIKE] in roots):
            return True
        if len(word) == LEAST_ROOT:
            return word in longer
        return LEAST_ROOT < len(word) <= LEAST_ROOT + MOST_ENDING and word[:LEAST_ROOT] in whole

    return sum(weight for word, weight in weights.items() if is_said(word)) / total if total else 0.0


def passes(one: ArticleSummary, filters: Filters) -> bool:
    """Whether filters let an article be found."""
    after, before = filters.published_after, filters.published_before
    if (after or before) and one.published is None:
        return False
    if after and one.published and one.published.isoformat() < str(after):
        return False
    if before and one.published and one.published.isoformat() > str(before):
        return False
    if filters.articles is not None and one.article_id not in filters.articles:
        return False
    return filters.outlets is None or one.outlet in filters.outlets


def most_alike(vectors: Vectors) -> Vectors:
    """Return the unit vector in the middle of these."""
    middle = vectors.mean(axis=0)
    unit: Vectors = (middle / max(float(np.linalg.norm(middle)), 1e-9)).astype(np.float32)
    return unit
