"""Fits the confidence: `python -m eval.training confidence FOLDER --data DATA`.

Each question of the pool is retrieved and read as in use, and the fit learns when the best reading was right. Measured
by cross-validation over articles: no question is judged by a fit that saw its article.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from rag.corpus import Corpus
from rag.settings import Settings
from rag.verification.confidence import FEATURES, WEIGHTS, features, least_confidence
from rag.verification.read_back import likeliest_first

from .pictures import calibration_error, draw
from .pool import SHARES, Read, questions, read_all

FOLDS = 10
HALVINGS = 20
LEAST_OF_STYLE = 50  # questions, to measure calibration on
POINTS = 100  # of the curve that turns an accepted share of errors into a confidence

Numbers = npt.NDArray[np.float64]


def fit(data: Path, *, at_most: int, folder: Path, settings: Settings, out: Path = WEIGHTS) -> dict[str, float]:
    """Fit for the reader of `settings`, and return the figures, cross-validated.

    The fit goes into the file `out`, in place of the one that the reader's name had, its pictures into a folder beside
    it; what was read goes to `folder`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    articles, asked = questions(data, at_most=at_most)
    with Corpus.in_memory(settings) as corpus:
        corpus.add(articles)
        entailment = corpus.models.entailment
        made_for: dict[str, str | int] = {
            "reader": corpus.models.reader.name,
            "embedder": corpus.models.embedder.name,
            "entailment": "" if entailment is None else entailment.name,
            "k": settings.k,
            "passage_tokens": settings.passage_tokens,
        }
        kept = "-".join(str(made_for[name]) for name in ("k", "reader", "entailment"))
        read = read_all(corpus, asked, keep=folder / f"read-{at_most}-{kept}.jsonl")
    rows, right = table(read)
    weights = alike(read)
    chances = held_out_chances(rows, right, groups=[one.asked.group for one in read], weights=weights)
    model = _model().fit(rows, right, sample_weight=weights)
    plain = {
        "made_for": made_for,
        "weights": {name: round(float(weight), 4) for name, weight in zip(FEATURES, model.coef_[0], strict=True)},
        "bias": round(float(model.intercept_[0]), 4),
        "errors": risk_points(chances, right),
    }
    _put(plain, settings.reader, out)
    draw(chances, right, folder=out.parent / f"confidence-{settings.reader}")
    return figures(read, chances, right)


def table(read: Sequence[Read]) -> tuple[Numbers, npt.NDArray[np.bool_]]:
    """Return the features, shape (questions, features), and whether each question was answered rightly."""
    read = [replace(one, readings=likeliest_first(one.readings)) for one in read]
    found = [features(one.asked.question, one.readings) for one in read]
    rows = np.array([[values[name] for name in FEATURES] for values in found], dtype=np.float64)
    return rows, np.array([one.right for one in read])


def alike(read: Sequence[Read]) -> Numbers:
    """Return the weight of each question: half of the whole for the public styles, half for the written ones, mean 1."""
    public = np.array([one.asked.style == "public" for one in read])
    share = public.mean()
    return np.where(public, 0.5 / share, 0.5 / (1 - share)) if 0 < share < 1 else np.ones(len(read))


def held_out_chances(
    rows: Numbers, right: npt.NDArray[np.bool_], *, groups: Sequence[str], weights: Numbers | None = None
) -> Numbers:
    """Return for each question the chance given by a fit that saw no question of its article."""
    from sklearn.model_selection import GroupKFold

    chances = np.zeros(len(rows))
    for fitted, held in GroupKFold(FOLDS, shuffle=True, random_state=0).split(rows, right, groups):
        given = None if weights is None else weights[fitted]
        chances[held] = _model().fit(rows[fitted], right[fitted], sample_weight=given).predict_proba(rows[held])[:, 1]
    return chances


def figures(read: Sequence[Read], chances: Numbers, right: npt.NDArray[np.bool_]) -> dict[str, float]:
    """Return what the model card reports."""
    from sklearn.metrics import roc_auc_score

    sorts = np.array([one.asked.sort for one in read])
    answerable = sorts == "answerable"
    scores = [one.readings[0].score for one in read]
    found = {
        "questions": float(len(read)),
        "right of answerable": float(right[answerable].mean()),
        "AUROC of being right": float(roc_auc_score(right, chances)),
        "AUROC of being right, reader's odds alone": float(roc_auc_score(right, scores)),
        "AUROC of answerable": float(roc_auc_score(answerable, chances)),
        "expected calibration error": calibration_error(chances, right),
    }
    for sort in SHARES:
        if sort != "answerable" and (sorts == sort).any():
            both = answerable | (sorts == sort)
            found[f"AUROC of answerable against {sort}"] = float(roc_auc_score(answerable[both], chances[both]))
    for style in sorted({one.asked.style for one in read}):
        mine = np.array([one.asked.style == style for one in read])
        found[f"{style}: questions"] = float(mine.sum())
        found[f"{style}: right"] = float(right[mine].mean())
        found[f"{style}: mean confidence"] = float(chances[mine].mean())
        if mine.sum() >= LEAST_OF_STYLE:
            found[f"{style}: calibration error"] = calibration_error(chances[mine], right[mine])
    for asked_for in (0.05, 0.1, 0.2, 0.3):
        found[f"errors where {asked_for:.2f} are accepted"], found[f"answered where {asked_for:.2f} are accepted"] = (
            _kept_promise(chances, right, max_error=asked_for)
        )
    return found


def _kept_promise(chances: Numbers, right: npt.NDArray[np.bool_], *, max_error: float) -> tuple[float, float]:
    """Return the share of errors among what is answered, and the share answered.

    The refusal point comes from one half of the questions, the errors are counted in the other; mean of many halvings.
    """
    random = np.random.default_rng(0)
    wrong = answered = 0
    for _ in range(HALVINGS):
        half = random.random(len(right)) < 0.5
        for mine, others in ((half, ~half), (~half, half)):
            point = least_confidence(risk_points(chances[mine], right[mine]), max_error=max_error)
            told = others & (chances >= point)
            answered += int(told.sum())
            wrong += int((told & ~right).sum())
    return wrong / max(1, answered), answered / (HALVINGS * len(right))


def risk_points(chances: Numbers, right: npt.NDArray[np.bool_]) -> list[list[float]]:
    """Return [confidence, share of errors among the questions with at least that confidence], the surest first.

    The share is made to rise as the confidence falls (isotonic), so that more errors accepted never answer less. Where
    the chances themselves say more errors than were counted, they are believed: at the sure end few are counted.
    """
    order = np.argsort(-chances, kind="stable")
    count = np.arange(1, len(order) + 1)
    errors = np.cumsum(~right[order]) / count
    # From the least sure upwards: no stricter point may promise more errors than a looser one.
    errors = np.minimum.accumulate(errors[::-1])[::-1]
    errors = np.maximum(errors, np.cumsum(1.0 - chances[order]) / count)
    places = np.unique(np.linspace(0, len(order) - 1, POINTS).round().astype(int))
    return [[round(float(chances[order[place]]), 4), round(float(errors[place]), 4)] for place in places]


def _put(fitted: dict[str, Any], name: str, out: Path) -> None:
    fits = json.loads(out.read_text(encoding="utf-8")) if out.exists() else {}
    fits[name] = fitted
    out.write_text(json.dumps(fits, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def _model() -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(max_iter=5000)
