"""Whether a small language model is worse than none: `python -m eval.benchmarks.small_model ANSWERER [CASES [MEMORY]]`.

ANSWERER is `gguf:PATH`, or `chat-model` with the endpoint of the environment. The first CASES (30) fact questions about
the seed articles are answered by it and by the extractive answerer, from the same readings. With MEMORY, a file, what
the models said is kept there, so that what is made of it can be measured again in seconds.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.benchmarks.remembered import Memory, RememberedLanguageModel, RememberedReader
from eval.case import Case, load_cases
from eval.intervals import share_of
from eval.scorers import correct, first_correct, refused
from rag import Answer, Corpus
from rag.answering.chat_model import ChatModelAnswerer
from rag.language_model.gguf import GgufModel
from rag.language_model.model import LanguageModel, answering_model
from rag.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "eval" / "cases" / "seeds.jsonl"
GGUF = "gguf:"


@dataclass(frozen=True, slots=True)
class Compared:
    """One question, answered without the model and by it. `model_seconds` are those of the model alone."""

    case: Case
    without: Answer
    by_model: Answer
    seconds: float
    model_seconds: float


def chosen(most: int) -> list[Case]:
    """Return the fact questions that stand by themselves and are answerable, the dev half first."""
    facts = [case for case in load_cases(CASES) if "fact" in case.tags and case.answerable and not case.history]
    return sorted(facts, key=lambda case: case.split)[:most]


def compared(cases: Sequence[Case], corpus: Corpus, model: RememberedLanguageModel) -> Iterator[Compared]:
    """Ask each question twice; the readings of the first time serve for the second."""
    for case in cases:
        without = corpus.ask(case.question)
        started, before = time.perf_counter(), model.seconds
        by_model = corpus.ask(case.question, answerer="chat-model")
        yield Compared(case, without, by_model, time.perf_counter() - started, model.seconds - before)


def line(one: Compared) -> str:
    """Return what became of a question, for who watches."""
    said = " ".join(statement.text for statement in one.by_model.statements)
    dropped = "; ".join(f"“{dropped.text}” {dropped.reason}" for dropped in one.by_model.trace.dropped)
    rights = [f"{correct(one.case, answer).value:.0f}" for answer in (one.without, one.by_model)]
    return (
        f"{one.case.id} without {rights[0]} by model {rights[1]} {one.model_seconds:.0f} s "
        f"[{one.by_model.made_by['answerer']}] {one.case.question} → {said or one.by_model.reason} | dropped: {dropped}"
    )


def summary(rows: Sequence[Compared]) -> Iterator[str]:
    """Yield the shares of both, where they differ, and the model's seconds."""
    for name, answers in (("extractive", [row.without for row in rows]), ("model", [row.by_model for row in rows])):
        pairs = [(row.case, answer) for row, answer in zip(rows, answers, strict=True)]
        yield str(share_of(f"{name}: right", [correct(*pair).value == 1.0 for pair in pairs]))
        yield str(
            share_of(f"{name}: what stands first is right", [first_correct(*pair).value == 1.0 for pair in pairs])
        )
        yield str(share_of(f"{name}: refused", [refused(answer) for answer in answers]))
    wins = [correct(row.case, row.by_model).value or 0.0 for row in rows]
    base = [correct(row.case, row.without).value or 0.0 for row in rows]
    better = sum(one > other for one, other in zip(wins, base, strict=True))
    worse = sum(one < other for one, other in zip(wins, base, strict=True))
    yield f"right by the model alone: {better}, without it alone: {worse}"
    own = sum(row.by_model.made_by["answerer"].startswith("chat-model") for row in rows)
    yield f"answered in the model's own words: {own} of {len(rows)}"
    asked = [row.model_seconds for row in rows if row.model_seconds]
    if asked:
        yield f"seconds of the model a question: mean {sum(asked) / len(asked):.1f}, most {max(asked):.1f} (n {len(asked)})"


def main() -> None:
    if not 2 <= len(sys.argv) <= 4:
        sys.exit("expected an answerer (gguf:PATH or chat-model), then, if you like, how many cases and a file")
    settings = Settings.from_environment(chat_trust="small", chat_seconds=3600.0)
    name = sys.argv[1]
    raw: LanguageModel = GgufModel(name.removeprefix(GGUF)) if name.startswith(GGUF) else answering_model(settings)
    memory = Memory(Path(sys.argv[3]) if len(sys.argv) > 3 else Path(":memory:"))
    model = RememberedLanguageModel(raw, memory)
    with Corpus.in_memory(settings) as corpus:
        corpus.add(ROOT / "seeds")
        corpus.models.reader = RememberedReader(corpus.models.reader, memory)
        corpus.models.made["answerer chat-model"] = ChatModelAnswerer(settings, model=model)
        rows = []
        for one in compared(chosen(int(sys.argv[2]) if len(sys.argv) > 2 else 30), corpus, model):
            rows.append(one)
            sys.stderr.write(line(one) + "\n")
            sys.stderr.flush()
    sys.stdout.write(f"{name.rpartition('/')[2]}, {len(rows)} fact questions\n")
    for said in summary(rows):
        sys.stdout.write(f"{said}\n")


if __name__ == "__main__":
    main()
