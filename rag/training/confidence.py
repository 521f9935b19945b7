"""Fits the confidence: `python -m rag.training confidence --data DATA`.

The articles that the reader was not trained on are pooled into one corpus; each of their questions is retrieved and
read as in use, and the fit learns when the best reading was right. Half of the articles fit, the other half measure.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..calibration import FEATURES, WEIGHTS, Calibration, features
from ..corpus import Corpus
from ..schema import Article, Reading, Section
from ..settings import Settings

# The development articles of the data's README: the reader never saw them.
HELD_OUT = {"squad2_part.json": 7, "new_wiki_v1.0.json": 5}
SEED = 20261122


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the answers that the paragraph at `start:end` of its article holds; none if it cannot answer."""

    question: str
    answers: tuple[str, ...]
    title: str
    start: int
    end: int


def fit(data: Path, *, at_most: int, out: Path = WEIGHTS) -> dict[str, float]:
    """Fit, write the weights, and return figures of the half that was not fitted on."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score

    articles, asked = read_held_out(data)
    random.Random(SEED).shuffle(asked)
    asked = asked[:at_most]
    corpus = Corpus.in_memory(Settings())
    corpus.add(articles)
    rows, right, first_half = [], [], []
    halves = {title: at % 2 == 0 for at, title in enumerate(sorted({one.title for one in asked}))}
    for one in asked:
        readings = corpus.reader.read(one.question, corpus.search(one.question, k=corpus.settings.k))
        values = features(one.question, readings)
        rows.append([values[name] for name in FEATURES])
        right.append(is_right(one, readings))
        first_half.append(halves[one.title])
    x, y, half = np.array(rows), np.array(right), np.array(first_half)
    model = LogisticRegression(max_iter=2000).fit(x[half], y[half])
    chance = model.predict_proba(x[~half])[:, 1]
    answerable = np.array([bool(one.answers) for one in asked])
    whole = LogisticRegression(max_iter=2000).fit(x, y)
    calibration = Calibration(
        made_for={"reader": corpus.reader.name, "embedder": corpus.embedder.name},
        weights={name: round(float(weight), 4) for name, weight in zip(FEATURES, whole.coef_[0], strict=True)},
        bias=round(float(whole.intercept_[0]), 4),
    )
    plain = {"made_for": calibration.made_for, "weights": calibration.weights, "bias": calibration.bias}
    out.write_text(json.dumps(plain, indent=2) + "\n", encoding="utf-8")
    return {
        "questions": float(len(asked)),
        "right of answerable": float(y[answerable].mean()),
        "auroc of being right": float(roc_auc_score(y[~half], chance)),
        "auroc of odds alone": float(roc_auc_score(y[~half], x[~half][:, 0])),
        "auroc of answerable": float(roc_auc_score(answerable[~half], chance)),
        "calibration error": calibration_error(chance, y[~half]),
    }


def calibration_error(chances: np.ndarray, right: np.ndarray, *, bins: int = 10) -> float:
    """Return the expected calibration error over bins of equal mass (Naeini, Cooper and Hauskrecht 2015)."""
    order = np.argsort(chances, kind="stable")
    parts = np.array_split(order, bins)
    return float(sum(len(part) * abs(chances[part].mean() - right[part].mean()) for part in parts) / len(order))


def is_right(one: Asked, readings: Sequence[Reading]) -> bool:
    """Whether the best sentence of the best reading stands in the question's own paragraph and holds an answer."""
    if not readings or not readings[0].sentences:
        return False
    best = readings[0]
    passage = best.hit.passage
    sentence = max(best.sentences, key=lambda score: score.score)
    text = passage.text[sentence.start - passage.start : sentence.end - passage.start].lower()
    home = best.hit.title == one.title and one.start <= sentence.start < one.end
    return home and any(answer.lower() in text for answer in one.answers)


def read_held_out(data: Path) -> tuple[list[Article], list[Asked]]:
    """Return the held-out articles, whole, and their questions."""
    articles, asked = [], []
    for name, every in HELD_OUT.items():
        for index, entry in enumerate(json.loads((data / name).read_text(encoding="utf-8"))["data"]):
            if index % every:
                continue
            text = ""
            title = entry["title"].replace("_", " ")
            for paragraph in entry["paragraphs"]:
                start = len(text)
                text += paragraph["context"].replace("\n", " ") + "\n\n"
                for question in paragraph["qas"]:
                    answers = () if question.get("is_impossible") else tuple(one["text"] for one in question["answers"])
                    asked.append(Asked(question["question"], answers, title, start, len(text)))
            sections = (Section(0, len(text), "body"),)
            articles.append(Article("", title, text, source=f"{name}#{index}", sections=sections))
    return articles, asked
