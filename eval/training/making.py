"""Makes statements of reading sets: true ones of answers and sentences, and each broken in known ways, with their quotes."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from random import Random

from rag.answering.citation_parsing import best_quote
from rag.language.facts import facts_of
from rag.language.sentences import sentences_of
from rag.language.stems import fold
from rag.schema import Passage
from rag.verification.contradiction.differences import is_certain

from .breaking import BREAKERS, Ground
from .data import Example, plain
from .declaring import Declarer
from .rewriting import REWRITERS
from .statements import Claim

FROM_ANSWER = "question and answer"
OTHER_PASSAGE = "another passage"
_NAMES = re.compile(r"(?<=[a-z,)] )[A-Z][\w'’-]+(?: (?:of |the )?[A-Z][\w'’-]+)*")
_PLACES = re.compile(r"\b(?:in|near|outside|throughout) ((?:[A-Z][\w'’-]+)(?: [A-Z][\w'’-]+)*)")


class Maker:
    """Makes the statements of some examples. The same seed gives the same ones."""

    def __init__(self, examples: Sequence[Example], *, declarer: Declarer, seed: int) -> None:
        self._declarer = declarer
        self._random = Random(seed)
        self._counts: Counter[str] = Counter()
        self._by_passage: dict[str, list[Example]] = defaultdict(list)
        for example in examples:
            self._by_passage[example.passage].append(example)
        self._named = _named(examples)
        self._titles = sorted({example.title for example in examples if example.title})

    def measured(self, *, most: int = 6) -> Iterator[Claim]:
        """Yield true statements, each followed by up to three broken ones of the rarest kinds.

        Each has the quote that the program would choose for it. `most` bounds the true ones of a passage that come from
        answers, and those that come from its sentences.
        """
        for ground, shown, true in self._true(most):
            yield true
            for broken in self._rarest(self._broken(true, ground))[:3]:
                elsewhere = broken.kind == OTHER_PASSAGE
                yield broken if elsewhere else replace(broken, quote=best_quote(broken.text, shown).words)

    def taught(self, *, most: int = 3) -> Iterator[Claim]:
        """Yield true statements, each followed by up to three broken ones that no certain difference gives away, and one other."""
        for ground, shown, true in self._true(most):
            yield true
            hard: list[Claim] = []
            easy: list[Claim] = []
            for broken in self._broken(true, ground):
                claim = (
                    replace(broken, quote=best_quote(broken.text, shown).words) if broken.kind == "stitched" else broken
                )
                certain = is_certain(facts_of(claim.text), facts_of(claim.quote))
                (easy if certain else hard).append(claim)
            yield from self._rarest(hard)[:3]
            yield from self._rarest(easy)[: self._random.randrange(2)]

    def _true(self, most: int) -> Iterator[tuple[Ground, Passage, Claim]]:
        for passage, asked in self._by_passage.items():
            spans = sentences_of(passage)
            group = asked[0].group
            names, places = self._named[group]
            sentences = tuple(passage[start:end] for start, end in spans)
            ground = Ground(passage, sentences, asked[0].title, names, places, self._titles)
            shown = Passage(group, 0, len(passage), passage, "body", tuple(spans))
            for text, kind, question in self._some(list(_truths(asked, ground, self._declarer)), most):
                quote = best_quote(text, shown).words
                if quote.strip() != text:
                    yield ground, shown, Claim(text, quote, True, kind, group, (), question)

    def _broken(self, true: Claim, ground: Ground) -> list[Claim]:
        """Return the statement broken in each way that it offers, with the quote that bears the true one."""
        broken = {kind: breaker(true.text, ground, self._random) for kind, breaker in BREAKERS.items()}
        claims = [
            replace(true, text=made.text, supported=False, kind=kind, wrong=made.wrong)
            for kind, made in broken.items()
            if made is not None
        ]
        elsewhere = self._elsewhere(true, ground) if true.question else None
        return [*claims, elsewhere] if elsewhere else claims

    def _rarest(self, claims: Sequence[Claim]) -> list[Claim]:
        ordered = sorted(claims, key=lambda claim: (self._counts[claim.kind], claim.kind))
        self._counts.update(claim.kind for claim in ordered[:3])
        return ordered

    def _some(self, truths: Sequence[tuple[str, str, str]], most: int) -> list[tuple[str, str, str]]:
        answered = [truth for truth in truths if truth[2]]
        rewritten = [truth for truth in truths if not truth[2]]
        return [each for part in (answered, rewritten) for each in self._random.sample(part, min(most, len(part)))]

    def _elsewhere(self, true: Claim, ground: Ground) -> Claim | None:
        """Return the statement with the most alike quote of another passage of its article that lacks the answer."""
        asked = self._by_passage[ground.passage]
        answers = [plain(each) for example in asked if example.question == true.question for each in example.answers]
        others = [
            other
            for other, examples in self._by_passage.items()
            if other != ground.passage
            and examples[0].group == true.group
            and not any(f" {answer} " in f" {plain(other)} " for answer in answers)
        ]
        if not others:
            return None
        stems = facts_of(true.text).stems
        best = max(others, key=lambda other: len(stems & _stems(other)))
        shown = Passage(true.group, 0, len(best), best, "body", tuple(sentences_of(best)))
        return replace(true, quote=best_quote(true.text, shown).words, supported=False, kind=OTHER_PASSAGE)


def _named(examples: Sequence[Example]) -> dict[str, tuple[list[str], list[str]]]:
    """Return the names and the places of each article."""
    passages: dict[str, set[str]] = defaultdict(set)
    for example in examples:
        passages[example.group].add(example.passage)
    named = {}
    for group, texts in passages.items():
        places = sorted({place for text in texts for place in _PLACES.findall(text) if _is_name(place)})
        names = sorted({name for text in texts for name in _NAMES.findall(text) if _is_name(name)} - set(places))
        named[group] = names, places
    return named


def _is_name(words: str) -> bool:
    return not facts_of(words).moments and len(words) > 2 and not words.isupper()


def _truths(asked: Sequence[Example], ground: Ground, declarer: Declarer) -> Iterator[tuple[str, str, str]]:
    """Yield (statement, how it was made, the question it answers or "") of one passage, each statement once."""
    seen = set(ground.sentences)
    for example in asked:
        text = declarer.declare(example.question, example.answers[0])
        if text and text not in seen and _told(text, ground.passage):
            seen.add(text)
            yield text, FROM_ANSWER, example.question
    for sentence in ground.sentences:
        if not 6 <= len(sentence.split()) <= 45 or not sentence.endswith("."):
            continue
        for kind, rewrite in REWRITERS.items():
            text = rewrite(sentence, ground.passage)
            if text and text not in seen:
                seen.add(text)
                yield text, kind, ""


def _told(text: str, passage: str) -> bool:
    """Whether each name and number of the statement stands in the passage in some form: else no quote could bear it."""
    held = fold(passage)
    words = re.findall(r"(?<!^)\b(?:[A-Z][\w’'-]+|\d[\d,.]*\d|\d)", text)
    return all(fold(word)[:5] in held for word in words)


@cache
def _stems(passage: str) -> frozenset[str]:
    return facts_of(passage).stems
