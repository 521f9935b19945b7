"""The items on which `rule_worth` tries rules: questions with their kinds, files with their fields, statements with their quotes.

An outcome is everything that is made of the item, as text, and how right that is by its label, from 0 to 1; None without a label.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from rag.language.facts import facts_of
from rag.language.words import content_words
from rag.question import contextualization, days, decomposition, kinds, moves, question_type, sides

CASES = Path(__file__).parent.parent / "cases"
ALIKE = {"yesno": "yes-no", "summary-several": "summary", "how": "why"}  # one kind under two names in the sets
KINDS = frozenset("summary source about list compare why timeline yes-no date".split())


@dataclass(frozen=True, slots=True)
class Item:
    """Something that is read by rules; `outcome` reads it and says how right that is."""

    name: str
    outcome: Callable[[], tuple[str, float | None]]


def items_of(kind: str, data: Path | None) -> Iterator[Item]:
    """Yield the items of one kind, of this checkout and of the public data if given."""
    yield from SETS[kind](data)


def _questions(data: Path | None) -> Iterator[Item]:
    for name in ("documents", "language_model", "seeds"):
        for row in _rows(CASES / f"{name}.jsonl"):
            kind = ALIKE.get(row.get("kind", ""), row.get("kind", ""))
            yield _question(row["id"], row["question"], kind if kind in KINDS else None, row.get("history", []), None)
    for row in _rows(CASES / "tables.jsonl"):
        for at, asked in enumerate(row["questions"]):
            yield _question(f"{row['id']}-{at}", asked["question"], None, [], None)
    for row in _rows(CASES / "conversations.jsonl"):
        asked = [turn["question"] for turn in row["turns"]]
        for at, turn in enumerate(row["turns"]):
            yield _question(f"{row['id']}-{at}", turn["question"], None, asked[:at], turn.get("full"))
    if data:
        yield from _public_questions(data)


def _public_questions(data: Path) -> Iterator[Item]:
    rewritten = dict(line.split("\t") for line in _lines(data / "followup/cast2019_resolved.tsv"))
    for topic in json.loads((data / "followup/cast2019_topics.json").read_text(encoding="utf-8")):
        said = [turn["raw_utterance"].strip() for turn in topic["turn"]]
        for at, turn in enumerate(topic["turn"]):
            full = rewritten.get(f"{topic['number']}_{turn['number']}")
            yield _question(f"cast-{topic['number']}-{at}", said[at], None, said[:at], full)
    for name in ("answerable", "unanswerable"):
        for at, row in enumerate(_rows(data / f"abstention/clapnq_dev_{name}.jsonl")):
            yield _question(f"clapnq-{name}-{at}", row["input"], None, [], None)
    squad = json.loads((data / "reading/squad2_part.json").read_text(encoding="utf-8"))["data"]
    asked = [one["question"] for article in squad for part in article["paragraphs"] for one in part["qas"]]
    for at, question in enumerate(asked[::5]):
        yield _question(f"squad-{at}", question, None, [], None)


def _question(name: str, question: str, kind: str | None, history: list[str], full: str | None) -> Item:
    def outcome() -> tuple[str, float | None]:
        alone = contextualization.standalone(question, history) if history else question
        got = kinds.kind_of(alone)
        made = [
            alone,
            got,
            kinds.subject_of(alone),
            decomposition.parts(alone),
            days.span_of(alone),
            moves.move_of(question),
            sides.sides_of(alone),
            *(
                ask(alone)
                for ask in (
                    question_type.asks_of_article,
                    question_type.asks_fact,
                    question_type.asks_whether,
                    question_type.asks_account,
                    question_type.asks_amount,
                    question_type.asks_when,
                    question_type.asks_quantity,
                )
            ),
        ]
        if full is not None:
            return repr(made), _overlap(alone, full)
        return repr(made), float(got == kind) if kind else None

    return Item(name, outcome)


def _overlap(one: str, other: str) -> float:
    """Return F1 over content words."""
    had, wanted = Counter(content_words(one)), Counter(content_words(other))
    return 2 * (had & wanted).total() / max(1, had.total() + wanted.total())


def _files(data: Path | None) -> Iterator[Item]:
    from .rule_files import files

    for name, outcome in files(data):
        yield Item(name, outcome)


def _statements(data: Path | None) -> Iterator[Item]:
    from rag.verification.contradiction.differences import CHECKS

    from .ablation import load_written
    from .statements import load_statements

    written = list(load_written(data / "written", whole=True))[::4] if data else []

    def outcome(statement: str, quote: str, supported: bool) -> tuple[str, float | None]:
        said, quoted = facts_of(statement), facts_of(quote)
        struck = sorted(check for check, find in CHECKS.items() if next(iter(find(said, quoted)), None))
        return repr((struck, said.tokens, quoted.tokens)), float(bool(struck) != supported)

    for at, one in enumerate([*load_statements(), *written]):
        yield Item(str(at), partial(outcome, one.statement, one.quote, one.supported))


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in _lines(path) if line]


SETS = {"questions": _questions, "files": _files, "statements": _statements}
