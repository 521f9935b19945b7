"""Questions with the places in articles that are to be found for them: public sets, and the seed cases.

The public sets lie outside the project (`retrieval/` of the data folder); their README tells source and licence.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rag.loading import read_path
from rag.loading.articles import article_id
from rag.question.contextualization import standalone
from rag.schema import Article, Section

from ..case import CaseError, load_cases
from ..evidence import Part, Span, name_articles, parts

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "eval" / "cases" / "seeds.jsonl"
SEEDS = ROOT / "seeds"
NAMES = ("seeds", "chunking", "hotpotqa", "musique")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and the parts of its answer: each is found with a passage that proves it.

    `group` tells questions of one set apart (which of the chunking corpora); `split` is "dev" or "test".
    """

    id: str
    question: str
    group: str
    split: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class RetrievalSet:
    """Articles that make one index, and the questions asked of it."""

    name: str
    articles: tuple[Article, ...]
    asked: tuple[Asked, ...]


def load_set(name: str, data: Path | None) -> RetrievalSet:
    """Return the set; `data` is the folder of the public sets, None for the seed cases.

    Raises:
        CaseError: no set is called so, or its files are not where they should be.
    """
    if name == "seeds":
        return seeds()
    if name not in NAMES:
        raise CaseError(f"there is no set {name!r}. Known: {', '.join(NAMES)}.")
    if data is None:
        raise CaseError(f"the set {name!r} needs its data, expected the folder of the public sets. Give --data.")
    try:
        return {"chunking": chunking, "hotpotqa": hotpotqa, "musique": musique}[name](data / "retrieval")
    except OSError as error:
        raise CaseError(
            f"the set {name!r} cannot be read ({error}), expected it under {data}. Correct --data."
        ) from error


def split_of(question: str) -> str:
    """Return "dev" for one half of all questions and "test" for the other, by their words alone."""
    return "dev" if hashlib.sha256(question.encode()).digest()[0] % 2 == 0 else "test"


def seeds(cases: Path = CASES, folder: Path = SEEDS) -> RetrievalSet:
    """Return the answerable seed cases that have evidence; a follow-up is asked as in use, made to stand alone."""
    read = [one for path in sorted(folder.iterdir()) for one in read_path(path)]
    articles = tuple(one for one in read if isinstance(one, Article))
    answerable = [case for case in load_cases(cases) if case.answerable and case.evidence]
    named = name_articles(answerable, articles)
    asked = (
        Asked(case.id, standalone(case.question, case.history), "", case.split, parts(case, named))
        for case in answerable
    )
    return RetrievalSet("seeds", articles, tuple(asked))


def chunking(folder: Path) -> RetrievalSet:
    """Return chunking_evaluation: five long corpora in one index, each reference a part of its own."""
    articles = {
        path.stem: _article(path.read_bytes().decode(), path.stem)
        for path in sorted((folder / "chunking_corpora").iterdir())
    }
    with (folder / "chunking_questions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    asked = []
    for number, row in enumerate(rows):
        home = articles[row["corpus_id"]]
        spans = [Span(home.id, one["start_index"], one["end_index"]) for one in json.loads(row["references"])]
        asked.append(_asked(f"chunking-{number}", row["question"], spans, group=row["corpus_id"]))
    return RetrievalSet("chunking", tuple(articles.values()), tuple(asked))


def hotpotqa(folder: Path) -> RetrievalSet:
    """Return HotpotQA: each supporting sentence is a part."""
    corpus: dict[str, list[str]] = _json(folder / "hotpotqa_train_corpus.json")
    articles = {title: _article("".join(sentences), title) for title, sentences in corpus.items()}
    asked = []
    for row in _json(folder / "hotpotqa_train.json"):
        spans = []
        for title, number in row["supporting_facts"]:
            start = sum(map(len, corpus[title][:number]))
            spans.append(Span(articles[title].id, start, start + len(corpus[title][number])))
        asked.append(_asked(f"hotpotqa-{row['_id']}", row["question"], spans))
    return RetrievalSet("hotpotqa", tuple(articles.values()), tuple(asked))


def musique(folder: Path) -> RetrievalSet:
    """Return MuSiQue: each supporting paragraph is a part."""
    articles = tuple(_article(entry["text"], entry["title"]) for entry in _json(folder / "musique_train_corpus.json"))
    asked = []
    for row in _json(folder / "musique_train.json"):
        texts = [entry["paragraph_text"] for entry in row["paragraphs"] if entry["is_supporting"]]
        spans = [Span(_article(text, "").id, 0, len(text)) for text in texts]
        asked.append(_asked(f"musique-{row['id']}", row["question"], spans))
    return RetrievalSet("musique", articles, tuple(asked))


def _asked(name: str, question: str, spans: Sequence[Span], *, group: str = "") -> Asked:
    return Asked(name, question, group, split_of(question), tuple(Part((), (span,)) for span in spans))


def _article(text: str, title: str) -> Article:
    """Return the text whole, as one body: what a set counts as relevant must be searched."""
    article = Article("", title, text, source="", sections=(Section(0, len(text), "body"),))
    name = article_id(article)
    return replace(article, id=name, source=f"{title} ({name})")


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
