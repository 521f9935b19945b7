"""Fits the sentence reader and its calibration: `python -m rag.training sentences DATA`.

DATA is a folder with `squad2_part.json` and `new_wiki_v1.0.json` (SQuAD format). All paragraphs of all articles are
pooled into one corpus, and each question is retrieved from it as in use, so that the weights meet real hits.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..corpus import Corpus
from ..reader import FEATURES, WEIGHTS, Judged, SentenceReader
from ..schema import Article, Section
from ..settings import Settings

# The development articles of ../shared/data/README.md: never trained on.
HELD_OUT = {"squad2_part.json": 7, "new_wiki_v1.0.json": 5}
SEED = 20261122


@dataclass(frozen=True, slots=True)
class Example:
    """A question with the answers that the paragraph at `start:end` of the article holds; none if it cannot answer."""

    question: str
    answers: tuple[str, ...]
    title: str
    start: int
    end: int


def fit(data: Path, *, questions: int, out: Path = WEIGHTS) -> dict[str, float]:
    """Fit on half of the questions, calibrate on the other half, write the weights; return figures of the second half."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score

    articles, examples = _read(data)
    random.Random(SEED).shuffle(examples)
    examples = examples[:questions]
    corpus = Corpus.in_memory(Settings())
    corpus.add(articles)
    reader = corpus.reader
    assert isinstance(reader, SentenceReader)
    judged = []
    for example in examples:
        hits = corpus.search(example.question, k=corpus.settings.k)
        judged.append(reader.judge(example.question, hits))
    half = len(examples) // 2
    rows = [
        (one.features, _holds(one, example))
        for example, mine in zip(examples[:half], judged[:half], strict=True)
        for one in mine
    ]
    model = LogisticRegression(max_iter=1000).fit(np.stack([row[0] for row in rows]), [row[1] for row in rows])
    weights = model.coef_[0]

    best_odds, right, answerable = [], [], []
    for example, mine in zip(examples[half:], judged[half:], strict=True):
        odds = np.array([one.features @ weights + model.intercept_[0] for one in mine])
        best_odds.append(float(odds.max()))
        right.append(_holds(mine[int(odds.argmax())], example))
        answerable.append(bool(example.answers))
    line = LogisticRegression().fit(np.array(best_odds).reshape(-1, 1), right)
    out.parent.mkdir(exist_ok=True)
    out.write_text(
        json.dumps(
            {
                "weights": {name: round(float(weight), 4) for name, weight in zip(FEATURES, weights, strict=True)},
                "bias": round(float(model.intercept_[0]), 4),
                "calibration": {
                    "reader": reader.name,
                    "slope": round(float(line.coef_[0][0]), 4),
                    "intercept": round(float(line.intercept_[0]), 4),
                },
            },
            indent=2,
        )
        + "\n",
        encoding="utf-8",
    )
    return {
        "questions": float(len(examples)),
        "right_first_of_answerable": float(np.mean([r for r, a in zip(right, answerable, strict=True) if a])),
        "auroc_right": float(roc_auc_score(right, best_odds)),
        "auroc_answerable": float(roc_auc_score(answerable, best_odds)),
    }


def _holds(one: Judged, example: Example) -> bool:
    """Whether the sentence stands in the question's own paragraph and holds an answer."""
    passage = one.hit.passage
    text = passage.text[one.start - passage.start : one.end - passage.start].lower()
    home = one.hit.title == example.title and example.start <= one.start < example.end
    return home and any(answer.lower() in text for answer in example.answers)


def _read(data: Path) -> tuple[list[Article], list[Example]]:
    articles, examples = [], []
    for name, every in HELD_OUT.items():
        for index, entry in enumerate(json.loads((data / name).read_text(encoding="utf-8"))["data"]):
            if index % every == 0:
                continue
            text = ""
            title = entry["title"].replace("_", " ")
            for paragraph in entry["paragraphs"]:
                start = len(text)
                text += paragraph["context"].replace("\n", " ") + "\n\n"
                for asked in paragraph["qas"]:
                    answers = () if asked.get("is_impossible") else tuple(answer["text"] for answer in asked["answers"])
                    examples.append(Example(asked["question"], answers, title, start, len(text)))
            sections = (Section(0, len(text), "body"),)
            articles.append(Article("", title, text, source=f"{name}#{index}", sections=sections))
    return articles, examples
