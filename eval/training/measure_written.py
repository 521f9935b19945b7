"""Measures reading and entailment on the dev half of the written set, each article alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor

from rag.reader.network import Scores
from rag.reader.spans import Prediction, predict
from rag.verification.entailment_model import SUPPORTED

from .entailment_data import inferences, stated
from .pairs import paired, rounded
from .reading_data import pair_of
from .understanding import UnderstandingNetwork
from .written import Question, Statement, Written

LONGEST = 320
QUICK_STATEMENTS = 500
QUICK_QUESTIONS = 100
QUICK_ASKED = 300
FALSE_PASSED = 0.10  # where the share of true statements kept is told


@dataclass(frozen=True, slots=True)
class Judged:
    """A statement with the chance that what it cites supports it."""

    statement: Statement
    chance: float


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with what was read in its article: the number of the best sentence and whether it proves the answer, the
    words and whether they are right, and the log-odds that the article answers."""

    article: Written
    question: Question
    sentence: int
    said: str
    proved: bool
    words: bool
    odds: float


@dataclass(frozen=True, slots=True)
class Figures:
    """A few figures on a fixed part of dev."""

    auroc: float
    kept: float
    read: float
    other_words: float
    told_apart: float

    @property
    def mean(self) -> float:
        return (self.auroc + self.kept + self.read + self.other_words + self.told_apart) / 5

    def row(self) -> dict[str, float]:
        """Return the figures by name, rounded."""
        return {
            "dev_auroc": round(self.auroc, 4),
            "dev_true_kept": round(self.kept, 4),
            "dev_read": round(self.read, 4),
            "dev_other_words": round(self.other_words, 4),
            "dev_near_auroc": round(self.told_apart, 4),
            "dev_mean": round(self.mean, 4),
        }


def quick_figures(
    dev: Sequence[Written], *, network: UnderstandingNetwork, tokeniser: Any, reading: bool = True
) -> Figures:
    """Return figures on the same part of dev each time; without `reading`, those of reading are 0."""
    random = Random("quick")
    statements = [(one, statement) for one in dev for statement in one.statements]
    judged = judge_statements(
        random.sample(statements, min(QUICK_STATEMENTS, len(statements))), network=network, tokeniser=tokeniser
    )
    true, false = chances(judged)
    if not reading:
        return Figures(auroc(true, false), kept(true, false), 0.0, 0.0, told_apart(dev, network, tokeniser))
    questions = [(one, question) for one in dev for question in one.questions if not question.alone]
    found = read_questions(
        random.sample(questions, min(QUICK_QUESTIONS, len(questions))), network=network, tokeniser=tokeniser
    )
    answerable = [one for one in found if one.question.answers]
    other = [one.proved for one in answerable if one.question.kind in ("para", "desc")]
    return Figures(
        auroc(true, false),
        kept(true, false),
        float(np.mean([one.proved for one in answerable])),
        float(np.mean(other)),
        auroc([one.odds for one in answerable], [one.odds for one in found if not one.question.answers]),
    )


def told_apart(dev: Sequence[Written], network: UnderstandingNetwork, tokeniser: Any) -> float:
    """Return how often a question with its answer is held better supported than one with plausible wrong words (AUROC)."""
    told = [
        one for one in inferences(dev, seed="quick") if "?" in one.hypothesis and one.source not in ("yesno", "salad")
    ]
    told = Random("quick").sample(told, min(QUICK_ASKED, len(told)))
    found = supported([(one.hypothesis, one.premise) for one in told], network=network, tokeniser=tokeniser)
    right = [chance for one, chance in zip(told, found, strict=True) if one.allowed == (SUPPORTED,)]
    wrong = [chance for one, chance in zip(told, found, strict=True) if one.allowed != (SUPPORTED,)]
    return auroc(right, wrong)


@torch.inference_mode()
def judge_statements(
    told: Sequence[tuple[Written, Statement]], *, network: UnderstandingNetwork, tokeniser: Any
) -> list[Judged]:
    """Return each statement with the chance that its cited sentences support it, in order."""
    pairs = [(one.hypothesis, one.premise) for one in (stated(article, statement) for article, statement in told)]
    found = supported(pairs, network=network, tokeniser=tokeniser)
    return [Judged(statement, chance) for (_, statement), chance in zip(told, found, strict=True)]


@torch.inference_mode()
def supported(pairs: Sequence[tuple[str, str]], *, network: UnderstandingNetwork, tokeniser: Any) -> list[float]:
    """Return, for each (hypothesis, premise), the chance that the premise supports the hypothesis."""
    found = [0.0] * len(pairs)
    for batch in paired(pairs, tokeniser=tokeniser):
        verdicts, _ = network.judge(batch.ids, batch.kinds, batch.mask)
        for row, chance in zip(batch.rows, verdicts.softmax(1)[:, SUPPORTED].tolist(), strict=True):
            found[row] = chance
    return found


def read_questions(
    asked: Sequence[tuple[Written, Question]], *, network: UnderstandingNetwork, tokeniser: Any
) -> list[Answered]:
    """Return what is read for each question in all passages of its article, in order."""
    pairs = [pair_of(question.text, one, passage) for one, question in asked for passage in one.passages]
    read = iter(predict(pairs, network=wide(network, pad=tokeniser.pad_token_id), tokeniser=tokeniser, longest=LONGEST))
    return [_answered(one, question, [next(read) for _ in one.passages]) for one, question in asked]


def _answered(article: Written, question: Question, read: Sequence[Prediction]) -> Answered:
    place = max(range(len(read)), key=lambda at: read[at].odds)
    passage, best = article.passages[place], read[place]
    mass = {
        number: sum(
            chance
            for (first, _), chance in zip(best.tokens, best.chances, strict=True)
            if first >= 0 and start <= passage.start + first < end
        )
        for number, (start, end) in enumerate(article.sentences)
    }
    sentence = max(mass, key=mass.__getitem__)
    said = passage.text[best.span[0] : best.span[1]] if best.span[0] >= 0 else ""
    words = any(f1(said, answer) >= 0.5 for answer in question.answers)
    shown = any(answer in article.sentence(sentence) for answer in question.answers if question.kind != "yesno")
    return Answered(article, question, sentence, said, sentence in question.proof or shown, words, best.odds)


def wide(network: UnderstandingNetwork, *, pad: int) -> Callable[..., Scores]:
    """Return the network as one that reads any width by padding it to one that occurs often."""

    def read(ids: Tensor, kinds: Tensor, mask: Tensor, answerable: Tensor) -> Scores:
        width = ids.shape[1]
        more = (0, rounded(width) - width)
        padded = (functional.pad(one, more) for one in (kinds, mask, answerable))
        scores = network(functional.pad(ids, more, value=pad), *padded)
        return Scores(scores.start[:, :width], scores.end[:, :width], scores.relevance)

    return read


def chances(judged: Sequence[Judged]) -> tuple[list[float], list[float]]:
    """Return the chances of the true statements and of the false ones."""
    return [one.chance for one in judged if one.statement.true], [
        one.chance for one in judged if not one.statement.true
    ]


def auroc(true: Sequence[float], false: Sequence[float]) -> float:
    """Return how often a true one scores above a false one, ties counted half."""
    low = np.sort(np.asarray(false))
    below = np.searchsorted(low, true, side="left") + np.searchsorted(low, true, side="right")
    return float(below.mean() / 2 / len(low))


def kept(true: Sequence[float], false: Sequence[float], *, passed: float = FALSE_PASSED) -> float:
    """Return the share of true ones above the score that `passed` of the false ones exceed."""
    return float(np.mean(np.asarray(true) > np.quantile(false, 1 - passed)))


def f1(said: str, answer: str) -> float:
    """Return the F1 of the words, whatever their case."""
    one, other = said.lower().split(), answer.lower().split()
    shared = sum(min(one.count(word), other.count(word)) for word in set(one))
    return 2 * shared / (len(one) + len(other)) if shared else 0.0
