"""`python -m eval.stress` runs everything; `python -m eval.stress kills --size 30` one part at another size."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from importlib import import_module
from math import inf
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from ..provenance import surroundings
from .scene import SETTINGS, Outcome

BOUNDED: dict[str, Any] = {"minutes": inf, "seed": 1}

# name: (module, its arguments, which of them --size sets). A further part is a file and a line here.
PARTS: dict[str, tuple[str, dict[str, Any], str]] = {
    "kills": ("eval.stress.kills", {"kills": 300, **BOUNDED}, "kills"),
    "disk": ("eval.stress.disk", {"trials": 60}, "trials"),
    "damage": ("eval.stress.damage", {"trials": 200, **BOUNDED}, "trials"),
    "kills on disk": ("eval.stress.kills", {"kills": 200, "few": 60, **BOUNDED}, "kills"),
    "damage on disk": ("eval.stress.damage", {"trials": 100, "few": 60, **BOUNDED}, "trials"),
    "readers": ("eval.stress.readers", {"updates": 200}, "updates"),
    "fuzzing": ("eval.stress.fuzzing", {"inputs": 20_000, "data": None, "seed": 1}, "inputs"),
    "changes": (
        "eval.stress.building",
        {"passages": 100_000, "embedder": "eval.stress.scene:QuickEmbedder"},
        "passages",
    ),
    "building": ("eval.stress.building", {"passages": 100_000}, "passages"),
}

app = typer.Typer(add_completion=False)


@app.command()
def main(
    parts: Annotated[list[str] | None, typer.Argument(help=f"Of {', '.join(PARTS)}; by default all.")] = None,
    size: Annotated[
        int | None, typer.Option(min=1, help="Kills, trials, updates, inputs or passages, for all parts named.")
    ] = None,
    data: Annotated[Path | None, typer.Option(help="A folder with extraction/html/: public pages for fuzzing.")] = None,
    minutes: Annotated[float | None, typer.Option(help="After which kills and damage stop, with fewer.")] = None,
    seed: Annotated[
        int | None, typer.Option(help="Another one: other moments, places and inputs, so that pieces add up.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Where the figures are saved as JSON.")] = None,
) -> None:
    """Break indexes on purpose, and tell what happened. Exits 1 if something went wrong that must not."""
    console = Console(highlight=False, soft_wrap=True)
    outcomes = []
    for name in parts or list(PARTS):
        if name not in PARTS:
            raise typer.BadParameter(f"no part is called {name!r}, expected one of {', '.join(PARTS)}.")
        outcome = run(
            name,
            size=size,
            given={"data": data, "minutes": minutes, "seed": seed},
            told=lambda line: console.print(line, style="dim"),
        )
        outcomes.append(outcome)
        console.print(f"[bold]{name}[/bold]: " + "; ".join(f"{key} {value}" for key, value in outcome.figures.items()))
        for failure in outcome.failures:
            console.print(f"  failed: {failure}", style="red", markup=False)
    if out:
        saved = {"made with": surroundings(SETTINGS), "parts": [asdict(outcome) for outcome in outcomes]}
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(json.dumps(saved, indent=2, ensure_ascii=False, default=str) + "\n", encoding="utf-8")
    raise typer.Exit(1 if any(outcome.failures for outcome in outcomes) else 0)


def run(name: str, *, size: int | None, given: dict[str, Any], told: Callable[[str], None]) -> Outcome:
    module, arguments, sized = PARTS[name]
    given = given | {sized: size}
    chosen = arguments | {key: value for key, value in given.items() if value and key in arguments}
    outcome: Outcome = import_module(module).run(**chosen, told=told)
    outcome.name = name
    return outcome


if __name__ == "__main__":
    app()
