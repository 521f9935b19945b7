"""Fits which articles a question is about: `python -m eval.training topicality FOLDER --data DATA`.

All written articles lie in one index. Of each question it is known which article it describes; asked of the collection
with that article and without it (and those on the same event), it shows what an article has that is about a subject.
Measured by cross-validation over articles: no question is judged by a fit that saw its article.
"""

from __future__ import annotations

import json
import logging
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from rag import plugins
from rag.answering.interpretation import read_question
from rag.filters import EVERYTHING, Filters
from rag.index.catalogue import Listing
from rag.ingest.indexer import Adder
from rag.plugins import Models
from rag.reader.log_odds import probability
from rag.retrieval.library import Library
from rag.retrieval.topicality import FEATURES, WEIGHTS, Topicality
from rag.settings import Settings

from .events import fellows
from .written import Written, read_written

log = logging.getLogger(__name__)

DESCRIPTIONS = Path(__file__).parent.parent / "cases" / "descriptions.jsonl"
SEED = 3
FOLDS = 5
SIZES = (40, 120, 470)  # of the other articles, as collections are large and small
FALSE = 0.05  # of the broad questions on what no article is about, that may be answered
SHARES = (0.3, 0.4, 0.5, 0.6, 0.7)  # of the best article's chance, from which another tells of the same
MOST_ARTICLES = 5
BROAD = ("described by hand", "described")
SORTS = ("solo", "solo-para", "solo-desc", "solo-why", "solo-near", "solo-premise")
FRAMES = (
    "Tell me about the {}",
    "summarise the article about the {}",
    "What do the articles say about the {}?",
    "{} - what is reported?",
    "why did it come to this: {}",
    "Timeline of the {}",
)
_ASKS = re.compile(
    r"^(?:and |so )?(?:how|what|who|whom|whose|when|where|which|why|on what|in what|at what|by how|for how|to whom"
    r"|under what|from|with|did|does|was|is|of what|until|after)\b",
    re.IGNORECASE,
)

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Describing:
    """A question that describes the article of a number; `sort` says how it was made."""

    sort: str
    article: int
    question: str


@dataclass(frozen=True, slots=True)
class Looked:
    """The articles that a collection has for a question, each with its features and whether it is meant.

    `there` is false where the collection has no article that is meant.
    """

    sort: str
    article: int
    question: str
    collection: str
    rows: tuple[tuple[float, float, float], ...]
    meant: tuple[bool, ...]

    @property
    def there(self) -> bool:
        return self.collection != "without"


def fit(data: Path, *, at_most: int, folder: Path, settings: Settings, out: Path = WEIGHTS) -> dict[str, float]:
    """Fit on `at_most` questions, write the weights to `out`, and return the figures, cross-validated.

    What was looked up is kept in `folder`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    looked = [
        one for one in look_up(data, at_most=at_most, keep=folder / "looked.jsonl", settings=settings) if one.rows
    ]
    odds = held_out_odds(looked)
    least = least_odds(looked, odds)
    share = max(SHARES, key=lambda one: story_f1(looked, odds, least=least, share=one))
    model = _model().fit(*_table(looked))
    weights = dict(zip(FEATURES, (round(float(one), 3) for one in model.coef_[0]), strict=True))
    fitted = Topicality(**weights, bias=round(float(model.intercept_[0]), 3), least=round(least, 2), same_story=share)
    out.write_text(json.dumps(asdict(fitted), indent=2) + "\n", encoding="utf-8")
    return figures(looked, odds, fitted)


def describing(
    written: Sequence[Written], drawn: random.Random, *, descriptions: Path = DESCRIPTIONS
) -> Iterator[Describing]:
    """Yield questions that describe an article: written by hand, made of a description before a question, or asking a fact."""
    number = {one.article.title: at for at, one in enumerate(written)}
    for line in descriptions.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield Describing("described by hand", number[row["title"]], row["question"])
    for at, one in enumerate(written):
        for question in one.questions:
            opening = _description(question.text) if question.kind == "solo-desc" else ""
            if opening:
                yield Describing("described", at, drawn.choice(FRAMES).format(opening))
    for at, one in enumerate(written):
        for sort in SORTS if one.dev else ():
            pool = [question for question in one.questions if question.kind == sort]
            for question in drawn.sample(pool, min(len(pool), 1)):
                yield Describing(sort, at, question.text)


def _description(question: str) -> str:
    """Return what a question says of its matter before it asks: "Kenyan freight boss let off in 2019, how long …"."""
    parts = [part.strip(' ?"') for part in re.split(r",| - | – |: |; |\? ", question) if part.strip(" ?")]
    if len(parts) < 2 or _ASKS.match(parts[0]) or len(parts[0].split()) < 4:
        return ""
    return parts[0].removeprefix("the ").removeprefix("The ")


def look_up(data: Path, *, at_most: int, keep: Path, settings: Settings) -> list[Looked]:
    """Return what the collections have for each question; what `keep` holds is not looked up again."""
    done = {(one.question, one.collection): one for one in _kept(keep)}
    written = read_written(data / "written")
    models = Models(settings)
    index = plugins.load("index", settings.index, settings, folder=None, embedder=models.embedder)
    listing = Listing(index)
    drawn = random.Random(SEED)
    asked = list(describing(written, drawn))
    drawn.shuffle(asked)
    events = fellows([f"{one.article.title}. {one.article.text}" for one in written])
    ids: list[str] = []
    found: list[Looked] = []
    for number, one in enumerate(asked[:at_most], start=1):
        meant = (one.article, *events[one.article])
        others = [at for at in range(len(written)) if at not in meant]
        size = drawn.choice(SIZES)
        few = drawn.sample(others, min(size, len(others)))
        for collection, within in (("all", None), ("with", (*few, *meant)), ("without", few)):
            if collection == "with" and size == max(SIZES):
                continue
            known = done.get((one.question, collection))
            if known is None:
                if not ids:
                    Adder(index, models.embedder, settings, progress=None).add([each.article for each in written])
                    ids = _ids(written, listing)
                filters = EVERYTHING if within is None else Filters(articles=tuple(ids[at] for at in within))
                library = Library(index, models, settings, listing, filters)
                known = _looked(one, collection, library, {ids[at] for at in meant})
                with keep.open("a", encoding="utf-8") as lines:
                    lines.write(json.dumps(asdict(known)) + "\n")
            found.append(known)
        if number % 50 == 0:
            log.info("%d of %d questions looked up", number, min(at_most, len(asked)))
    return found


def _ids(written: Sequence[Written], listing: Listing) -> list[str]:
    by_title = {(one.title, one.outlet, one.published): one.article_id for one in listing.naming("")}
    articles = [one.article for one in written]
    return [by_title[one.title, one.outlet, one.published] for one in articles]


def _looked(one: Describing, collection: str, library: Library, meant: set[str]) -> Looked:
    ranked = library.ranked(read_question(one.question, library).subject)
    rows = tuple((each.coverage, each.closeness, each.unnamed) for each in ranked)
    return Looked(one.sort, one.article, one.question, collection, rows, tuple(each.id in meant for each in ranked))


def _kept(keep: Path) -> Iterator[Looked]:
    for line in keep.read_text(encoding="utf-8").splitlines() if keep.exists() else ():
        row = json.loads(line)
        yield Looked(**row | {"rows": tuple(map(tuple, row["rows"])), "meant": tuple(row["meant"])})


def held_out_odds(looked: Sequence[Looked]) -> list[Numbers]:
    """Return for each question the log odds of its articles, by a fit that saw no question on the article it describes."""
    from sklearn.model_selection import GroupKFold

    groups = np.array([one.article for one in looked])
    odds: list[Numbers] = [np.zeros(0)] * len(looked)
    for fitted, held in GroupKFold(FOLDS).split(groups, groups=groups):
        model = _model().fit(*_table([looked[at] for at in fitted]))
        for at in held:
            odds[at] = model.decision_function(np.array(looked[at].rows))
    return odds


def _table(looked: Sequence[Looked]) -> tuple[Numbers, npt.NDArray[np.bool_]]:
    rows = np.array([row for one in looked for row in one.rows], dtype=np.float64)
    return rows, np.array([meant for one in looked for meant in one.meant])


def least_odds(looked: Sequence[Looked], odds: Sequence[Numbers]) -> float:
    """Return the log odds that the share `FALSE` of the broad questions reach on what no article is about."""
    best = [each.max() for one, each in zip(looked, odds, strict=True) if not one.there and one.sort in BROAD]
    return float(np.quantile(best, 1 - FALSE))


def story_f1(looked: Sequence[Looked], odds: Sequence[Numbers], *, least: float, share: float) -> float:
    """Return how well the articles on the event of a broad question are chosen, of those that were found: F1."""
    both = chosen = meant = 0
    for one, each in zip(looked, odds, strict=True):
        if one.there and one.sort in BROAD:
            best = max(each)
            order = np.argsort(-each)[:MOST_ARTICLES]
            bound = min(least, best)
            mine = [at for at in order if each[at] >= bound and probability(each[at]) >= share * probability(best)]
            both += sum(one.meant[at] for at in mine)
            chosen += len(mine)
            meant += sum(one.meant)
    return 2 * both / max(1, chosen + meant)


def figures(looked: Sequence[Looked], odds: Sequence[Numbers], fitted: Topicality) -> dict[str, float]:
    """Return for each sort of question how often the best article is one that is meant, and what is answered."""
    from sklearn.metrics import roc_auc_score

    found: dict[str, float] = {}
    for sort in dict.fromkeys(one.sort for one in looked):
        mine = [(one, each) for one, each in zip(looked, odds, strict=True) if one.sort == sort]
        there = [(one.meant[int(each.argmax())], float(each.max())) for one, each in mine if one.there]
        absent = [float(each.max()) for one, each in mine if not one.there]
        found |= {
            f"{sort}: questions": float(len(there)),
            f"{sort}: a meant article is first": float(np.mean([right for right, _ in there])),
            f"{sort}: answered, the right article": float(
                np.mean([one and best >= fitted.least for one, best in there])
            ),
            f"{sort}: answered, a wrong one": float(np.mean([not one and best >= fitted.least for one, best in there])),
            f"{sort}: answered without it": float(np.mean([best >= fitted.least for best in absent])),
            f"{sort}: AUROC of there": float(
                roc_auc_score([1] * len(there) + [0] * len(absent), [best for _, best in there] + absent)
            ),
        }
    found["articles on one event: F1"] = story_f1(looked, odds, least=fitted.least, share=fitted.same_story)
    return found


def _model() -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=100.0, max_iter=5000)
