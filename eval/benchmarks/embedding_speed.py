"""How fast passages become vectors: ours against plain `SentenceTransformer.encode` in float32, in one run, as a ratio.

`python -m eval.benchmarks.embedding_speed --out eval/results/scale/embedding.json`. The passages of the seed articles are
embedded by turns; seconds are of the processor, so that a busy machine tells the same ratio, and the median of the rounds counts.
"""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median
from typing import Annotated, Any

import numpy as np
import typer

from rag import Settings
from rag.index.embedding import MiniLmEmbedder, fastest_dtype, minilm_folder
from rag.index.splitting import split
from rag.plugins import Vectors

from ..provenance import surroundings
from ..report import write_json
from .retrieval_sets import load_set

app = typer.Typer(add_completion=False)

ROUNDS = 3


def texts_of_seeds(most: int) -> list[str]:
    """Return up to so many passages of the seed articles, as an index has them."""
    articles = load_set("seeds", None).articles
    passages = [passage for article in articles for passage in split(article, passage_tokens=Settings().passage_tokens)]
    return [passage.text for passage in passages][:most]


def compared(texts: list[str], *, rounds: int) -> dict[str, float]:
    """Return processor and clock seconds of both, their ratios, and the least cosine between their vectors."""
    import torch
    from sentence_transformers import SentenceTransformer

    plain: Any = SentenceTransformer(
        str(minilm_folder()), device="cpu", local_files_only=True, model_kwargs={"dtype": torch.float32}
    )
    ours = MiniLmEmbedder(Settings())
    embedders = {
        "plain": lambda some: np.asarray(plain.encode(some, normalize_embeddings=True, show_progress_bar=False)),
        "ours": ours.embed_texts,
    }
    cpu: dict[str, list[float]] = {name: [] for name in embedders}
    wall: dict[str, list[float]] = {name: [] for name in embedders}
    rows: dict[str, Vectors] = {}
    for embed in embedders.values():
        embed(texts[:4])  # which loads libraries
    for number in range(rounds):
        for name in list(embedders) if number % 2 == 0 else list(reversed(embedders)):
            clock, processor = time.perf_counter(), time.process_time()
            rows[name] = embedders[name](texts)
            cpu[name].append(time.process_time() - processor)
            wall[name].append(time.perf_counter() - clock)
    figures: dict[str, float] = {"passages": len(texts), "bfloat16": float(fastest_dtype() == torch.bfloat16)}
    for name in embedders:
        figures[f"{name}: CPU ms a passage, median"] = 1000 * median(cpu[name]) / len(texts)
        figures[f"{name}: ms a passage, median"] = 1000 * median(wall[name]) / len(texts)
    by_turns = [one / other for one, other in zip(cpu["plain"], cpu["ours"], strict=True)]
    figures["times as fast, CPU, median"] = median(by_turns)
    figures["times as fast, CPU, least"] = min(by_turns)
    figures["times as fast, CPU, most"] = max(by_turns)
    figures["cosine, least"] = float((rows["plain"] * rows["ours"]).sum(axis=1).min())
    return figures


@app.command()
def main(
    most: Annotated[int, typer.Option(help="Passages.")] = 200,
    rounds: Annotated[int, typer.Option(help="How often each embeds them.")] = ROUNDS,
    out: Annotated[Path | None, typer.Option(help="Where the figures are written as JSON.")] = None,
) -> None:
    """Embed the seeds' passages by turns, and print how much faster ours is."""
    figures = compared(texts_of_seeds(most), rounds=rounds)
    for name, value in figures.items():
        typer.echo(f"{name:40} {value:10.4g}")
    if out:
        out.parent.mkdir(parents=True, exist_ok=True)
        write_json(
            out, {"made with": surroundings(Settings()), "figures": {k: round(v, 5) for k, v in figures.items()}}
        )


if __name__ == "__main__":
    app()
