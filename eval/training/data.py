"""All reading sets as one record, with their declared splits: what is developed on is never trained on."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from rag.reader.batching import Span

from .cleaning import detokenise

LONGEST_PASSAGE = 6000  # characters; longer ones are tables and filmographies


@dataclass(frozen=True, slots=True)
class Example:
    """A question put to one passage. `spans` are the answers in `passage`, repeated once per annotator; empty: it does not answer.

    `answers` are the accepted wordings. `group` names the article. `source` names the set.
    """

    question: str
    title: str
    passage: str
    spans: tuple[Span, ...]
    answers: tuple[str, ...]
    group: str
    source: str


@dataclass(frozen=True, slots=True)
class Sets:
    """What may be trained on, and what is only measured, by name of the set."""

    train: tuple[Example, ...]
    dev: dict[str, tuple[Example, ...]]


def read_sets(folder: Path) -> Sets:
    """Return every set under `folder`.

    Dev are: every fifth article of new_wiki, every seventh of squad2_part, qed-dev, and ClapNQ. A training question whose
    question or passage also stands in a dev set is dropped; then, of dev, the articles of which training has another passage.
    """
    reading = folder / "reading"
    wiki = list(_squad(reading / "new_wiki_v1.0.json", source="new_wiki"))
    near = list(_squad(reading / "squad2_part.json", source="squad2", every_occurrence=True))
    dev = {
        "new_wiki": tuple(example for index, example in wiki if index % 5 == 0),
        "squad2": tuple(example for index, example in near if index % 7 == 0),
        "qed": tuple(_qed_dev(reading / "qed" / "qed-dev.jsonlines")),
        "clapnq": tuple(_clapnq(folder / "abstention")),
    }
    train = [example for index, example in wiki if index % 5 != 0]
    train += [example for index, example in near if index % 7 != 0]
    train += [example for _, example in _squad(reading / "squad1_part.json", source="squad1")]
    for path in sorted((reading / "qed").glob("nq-train-*.jsonlines")):
        train += _qed_train(path)
    train += _nq(reading / "nq-open-oracle.jsonl.gz")
    train += [example for _, example in _squad(reading / "reddit_v1.0.json", source="reddit")]
    train += [example for _, example in _squad(reading / "amazon_reviews_v1.0.json", source="amazon")]
    held = [example for examples in dev.values() for example in examples]
    kept = tuple(without_leaks(train, held=held))
    return Sets(kept, {name: of_other_articles(examples, than=kept) for name, examples in dev.items()})


def without_leaks(train: Iterable[Example], *, held: Iterable[Example]) -> Iterator[Example]:
    """Yield the training examples of which neither the question and its set's kind nor the passage is held out."""
    held = tuple(held)
    passages = {plain(example.passage) for example in held}
    # Only the search-log questions (Natural Questions) repeat between sets; "who is he?" in two paragraphs is no leak.
    questions = {plain(example.question) for example in held if example.source in ("qed", "clapnq")}
    openings = {passage[:120] for passage in passages}
    for example in train:
        passage = plain(example.passage)
        logged = example.source in ("qed", "nq")
        if passage in passages or (logged and (plain(example.question) in questions or passage[:120] in openings)):
            continue
        yield example


def of_other_articles(held: Iterable[Example], *, than: Iterable[Example]) -> tuple[Example, ...]:
    """Return the held-out examples of articles of which no passage is trained on."""
    trained_on = {_subject(example) for example in than}
    return tuple(example for example in held if _subject(example) not in trained_on)


def _subject(example: Example) -> str:
    """The article whatever set it is from: several are made of Wikipedia."""
    return plain(example.title) or example.group


def plain(text: str) -> str:
    """Return lower-case words and digits with single spaces, for comparing."""
    return " ".join(re.findall(r"\w+", text.lower()))


def occurrences(text: str, *, of: str) -> tuple[Span, ...]:
    """Return where the words `of` stand in `text` as whole words, whatever their case."""
    pattern = rf"(?<!\w){re.escape(of)}(?!\w)"
    return tuple(match.span() for match in re.finditer(pattern, text, re.IGNORECASE)) if of.strip() else ()


def _squad(path: Path, *, source: str, every_occurrence: bool = False) -> Iterator[tuple[int, Example]]:
    """Yield (index of the article, example). With `every_occurrence`, the offsets in the file are not relied on."""
    for index, article in enumerate(json.loads(path.read_text(encoding="utf-8"))["data"]):
        titled = source not in ("reddit", "amazon")  # their titles name a file, not a subject
        title = unquote(article["title"]).replace("_", " ") if titled else ""
        for number, paragraph in enumerate(article["paragraphs"]):
            passage = paragraph["context"]
            group = f"{source}:{article['title']}" if titled else f"{source}:{article['title']}:{number}"
            for qa in paragraph["qas"]:
                answers = [answer["text"] for answer in qa["answers"]]
                spans = [
                    (answer["answer_start"], answer["answer_start"] + len(answer["text"])) for answer in qa["answers"]
                ]
                if every_occurrence:
                    spans = [span for answer in answers for span in (occurrences(passage, of=answer) or ())] or spans
                yield (
                    index,
                    Example(qa["question"].strip(), title, passage, tuple(spans), tuple(answers), group, source),
                )


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    for line in content.splitlines():
        yield json.loads(line)


def _qed_train(path: Path) -> Iterator[Example]:
    for row in _lines(path):
        # Several spans are a list of answers ("who wrote it"), which no single span answers.
        if len(row["answer_spans"]) == 1 and len(row["paragraph_text"]) <= LONGEST_PASSAGE:
            yield _tokenised(row, spans=[tuple(row["answer_spans"][0])])


def _qed_dev(path: Path) -> Iterator[Example]:
    for row in _lines(path):
        spans = [(span["start"], span["end"]) for answer in row["original_nq_answers"] for span in answer]
        yield _tokenised(row, spans=spans)


def _tokenised(row: dict[str, Any], *, spans: list[Span]) -> Example:
    cleaned = detokenise(row["paragraph_text"], spans=spans)
    answers = tuple(cleaned.text[start:end] for start, end in cleaned.spans)
    title = row["title_text"]
    return Example(row["question_text"], title, cleaned.text, cleaned.spans, answers, f"nq:{title}", "qed")


def _nq(path: Path) -> Iterator[Example]:
    for row in _lines(path):
        title, passage = row["ctxs"][0]["title"], row["ctxs"][0]["text"]
        spans = tuple(span for answer in row["answers"] for span in occurrences(passage, of=answer))
        if spans:
            yield Example(row["question"], title, passage, spans, tuple(row["answers"]), f"nq:{title}", "nq")


def _clapnq(folder: Path) -> Iterator[Example]:
    for name in ("answerable", "unanswerable"):
        for row in _lines(folder / f"clapnq_dev_{name}.jsonl"):
            passage, output = row["passages"][0], row["output"][0]
            cleaned = detokenise(passage["text"])
            picked = tuple(detokenise(sentence).text for sentence in output["selected_sentences"])
            spans = tuple(span for sentence in picked for span in occurrences(cleaned.text, of=sentence))
            wordings = picked if name == "answerable" else ()
            yield Example(
                row["input"], passage["title"], cleaned.text, spans, wordings, f"nq:{passage['title']}", "clapnq"
            )
