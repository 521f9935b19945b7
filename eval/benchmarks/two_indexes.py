"""Whether an index in Milvus finds what one in a folder does: the seed cases asked of both, and what differs.

`python -m eval.benchmarks.two_indexes --place milvus:FILE#NAME` (Milvus Lite) or `milvus:http://HOST:19530#NAME`. The seeds
are put into one and migrated to the other; with `--answers` so many cases are answered from both, too.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from rag import Corpus, Settings
from rag.schema import Hit

from ..provenance import surroundings
from ..report import write_json
from .retrieval_sets import SEEDS, load_set

K = 10

app = typer.Typer(add_completion=False)


def compared(questions: Sequence[str], folder: Corpus, milvus: Corpus, *, answers: int) -> dict[str, float | list[str]]:
    """Return of how many questions the hits and, of the first `answers`, the answers are the same; and which are not."""
    pairs = [(_places(folder.search(one, k=K)), _places(milvus.search(one, k=K))) for one in questions]
    figures: dict[str, float | list[str]] = {
        "questions": len(questions),
        "same first hit": sum(a[:1] == b[:1] for a, b in pairs),
        f"same {K} hits": sum(set(a) == set(b) for a, b in pairs),
        f"same {K} hits in the same order": sum(a == b for a, b in pairs),
        f"share of the {K} hits": sum(len(set(a) & set(b)) / max(1, len(a)) for a, b in pairs) / max(1, len(pairs)),
    }
    asked = questions[:answers]
    other = [one for one in asked if folder.ask(one).text != milvus.ask(one).text]
    if asked:
        figures |= {"answered from both": len(asked), "same answer": len(asked) - len(other), "other answers": other}
    return figures


def _places(hits: Sequence[Hit]) -> list[tuple[str, int, int]]:
    return [(hit.passage.article_id, hit.passage.start, hit.passage.end) for hit in hits]


@app.command()
def main(
    place: Annotated[
        str, typer.Option(help="milvus:ADDRESS#NAME, by default Milvus Lite in a folder made for it.")
    ] = "",
    answers: Annotated[int, typer.Option(help="How many cases are answered from both.")] = 0,
    out: Annotated[Path | None, typer.Option(help="Where the figures are written as JSON.")] = None,
) -> None:
    """Put the seeds into a folder and into Milvus, ask both the seed cases, and print what is the same."""
    questions = [asked.question for asked in load_set("seeds", None).asked]
    with tempfile.TemporaryDirectory() as scratch:
        settings = Settings(index=place or f"milvus:{scratch}/lite.db#seeds")
        with Corpus.create(Path(scratch) / "index") as folder, Corpus.connect(settings) as milvus:
            folder.add(SEEDS)
            folder.migrate_to(milvus)  # nothing is embedded again
            figures = compared(questions, folder, milvus, answers=answers)
    for name, value in figures.items():
        typer.echo(f"{name:40} {value}")
    if out:
        out.parent.mkdir(parents=True, exist_ok=True)
        write_json(out, {"made with": surroundings(settings), "figures": figures})


if __name__ == "__main__":
    app()
