"""What a strong language model is worth here: `python -m eval.benchmarks.language_model WHAT`.

`extractive`, `local`, `chat-model`: the questions of `eval/cases/language_model.jsonl` on the written articles and the
seeds, answered without a model, or by one that replays `eval/cases/replays/answers.jsonl` and is verified so.
`attacks`: `eval/cases/attacks.jsonl` against a model that obeys them all.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from eval.benchmarks.attacks import attacked
from eval.benchmarks.scripted import answering, verifying
from eval.intervals import share_of
from rag import Answer, Article, Corpus
from rag.answering.chat_model import ChatModelAnswerer
from rag.settings import Settings
from rag.verification.chat_verifier import ChatVerifier

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "eval" / "cases"
RIGHT = 0.95  # share of the verdicts of the scripted verifier that are right
SEED = 20


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one case: whether all of it is said, or nothing, and what is missing."""

    case: Mapping[str, Any]
    right: bool
    refused: bool
    why: str
    dropped: int


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def corpus_of(settings: Settings) -> Corpus:
    """Return the written articles and the seeds as one corpus."""
    corpus = Corpus.in_memory(settings)
    written = [
        Article("", one["title"], "\n\n".join(" ".join(part) for part in one["p"]), f"{at:02}.txt",
                outlet=one["outlet"], published=date.fromisoformat(one["date"]))
        for at, one in enumerate(rows_of(CASES / "written_dev_articles.jsonl"))
    ]  # fmt: skip
    corpus.add([*written, ROOT / "seeds"])
    return corpus


def play(corpus: Corpus, cases: Sequence[Mapping[str, Any]], *, verifier: str) -> Iterator[Row]:
    """Yield a row for each case, answered by the replaying model."""
    replies = {one["id"]: one for one in rows_of(CASES / "replays" / "answers.jsonl")}
    model = answering({case["question"]: replies[case["id"]] for case in cases})
    corpus.models.made["answerer chat-model"] = ChatModelAnswerer(corpus.settings, model=model)
    if verifier == "chat-model":
        judge = verifying(lambda text: True, right=RIGHT, seed=SEED)
        corpus.models.made["verifier"] = ChatVerifier(corpus.settings, corpus.models, model=judge)
    for case in cases:
        yield scored(case, corpus.ask(case["question"], answerer="chat-model"))


def scored(case: Mapping[str, Any], answer: Answer) -> Row:
    """Judge one answer: every point in its sentences or quotes, and nothing that is forbidden in its sentences."""
    said = " ".join(one.text for one in answer.statements)
    whole = f"{said} {answer.short or ''} {' '.join(one.quote for one in answer.citations)}"
    refused = answer.status == "not_found"
    dropped = len(answer.trace.dropped)
    if not case["answerable"]:
        correction = case.get("correction") or {}
        corrected = bool(correction) and _says(correction.get("words", ()), whole)
        set_right = answer.status == "partly" and corrected
        return Row(case, refused or set_right, refused or set_right, f"says: {said}", dropped)
    missing = [point["says"] for point in case["points"] if not _says(point["words"], whole)]
    wrong = [words for words in case.get("forbidden", ()) if _says([words], said)]
    return Row(case, not missing and not wrong and not refused, refused, f"lacks {missing}, forbidden {wrong}", dropped)


def _says(alternatives: Sequence[str], text: str) -> bool:
    flat = " ".join(text.split()).casefold()
    return any(re.search(rf"(?<![\d.,]){re.escape(one.casefold())}(?!\d|[.,]\d)", flat) for one in alternatives)


def summary(rows: Sequence[Row]) -> str:
    """Return the shares of each kind of case, one a line."""
    groups: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        if not row.case["answerable"]:
            groups["unanswerable refused, or only set right"].append(row.right)
            continue
        kind = "fact" if row.case["kind"] == "fact" else "broad"
        groups[f"{kind}, fully right"].append(row.right)
        groups["answerable, refused"].append(row.refused)
    return "\n".join(str(share_of(name, found)) for name, found in sorted(groups.items()))


def main() -> None:
    what = sys.argv[1] if len(sys.argv) > 1 else ""
    if what == "attacks":
        for line in attacked(rows_of(CASES / "attacks.jsonl")):
            sys.stdout.write(f"{line}\n")
        return
    if what not in ("extractive", "small", "local", "chat-model"):
        sys.exit(f"there is nothing called {what!r}. Known: extractive, small, local, chat-model, attacks.")
    cases = rows_of(CASES / "language_model.jsonl")
    found: Iterator[Row]
    if what == "extractive":
        corpus = corpus_of(Settings.from_environment())
        found = (scored(case, corpus.ask(case["question"])) for case in cases)
    else:
        trust = "small" if what == "small" else "strong"
        corpus = corpus_of(
            Settings.from_environment(chat_trust=trust, verifier="chat-model" if what == "chat-model" else "local")
        )
        found = play(corpus, cases, verifier=what)
    rows = []
    started = time.monotonic()
    for row in found:
        rows.append(row)
        if not row.right:
            sys.stderr.write(f"{row.case['id']} {row.case['kind']}: {row.why[:300]} ({row.dropped} dropped)\n")
            sys.stderr.flush()
    sys.stdout.write(f"{what}, {len(rows)} questions, {time.monotonic() - started:.0f} s\n{summary(rows)}\n")


if __name__ == "__main__":
    main()
