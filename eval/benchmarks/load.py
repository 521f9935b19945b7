"""Many clients at once ask a served corpus: are there errors, is the waiting fair, is memory bounded?

`python -m eval.benchmarks.load`. The server is a process of its own on the loopback address. With fakes in the place of the
models the server is measured, not how fast a question is read; `--models fast` and `--models trained` read in earnest. Each
client asks, looks at the list of articles, and asks again; beside them one that is greedy has many questions waiting all the
time.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import httpx
import typer

from rag import Corpus
from rag.default import SEEDS
from rag.errors import CitedeskError
from rag.serialization import to_plain
from rag.settings import Settings

from ..cli import told
from ..intervals import percentile
from ..provenance import surroundings
from ..report import write_json

app = typer.Typer(add_completion=False)

WARM_UP = 4  # questions that are not counted
FAKES = {
    "embedder": "rag.testing:HashEmbedder",
    "reader": "rag.testing:WordReader",
    "entailment": "none",
    "consistency": "none",
}
MODELS: Mapping[str, Mapping[str, str]] = {"fakes": FAKES, "fast": {"reader": "fast"}, "trained": {}}
QUESTIONS = (
    "How many animals did Putin give to North Korea?",
    "What did Kim give Moon Jae-in in 2018?",
    "How many North Korean soldiers were sent to Russia?",
    "Who sells tulips?",
)
MOST_UNFAIR = 2.0  # times the median of the clients, the slowest one's
MOST_GROWTH = 1.25  # times the memory in the first fifth of the time
START_SECONDS = 900.0  # a machine that is busy with something else takes long to import what a server needs


@dataclass(slots=True)
class Client:
    """What one client met: seconds of each answer and of each look, and what failed."""

    name: str
    answers: list[float] = field(default_factory=list)
    looks: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Load:
    """What all clients met. Seconds are from sending to the whole reply; megabytes those of the server, by the second."""

    clients: int
    seconds: float
    answers: int
    errors: tuple[str, ...]
    median_answer: float
    p95_answer: float
    slowest_client: float  # its median answer, as a multiple of the median of all clients' medians
    median_look: float
    p95_look: float
    megabytes_warm: float
    megabytes_most: float

    @property
    def broken(self) -> list[str]:
        """What was promised and not kept."""
        checks = {
            "no errors": not self.errors,
            f"the slowest client waits at most {MOST_UNFAIR:g} times the median": self.slowest_client <= MOST_UNFAIR,
            "looking is faster than asking": self.p95_look < self.median_answer,
            "memory is bounded": self.megabytes_most <= MOST_GROWTH * self.megabytes_warm,
        }
        return [promise for promise, kept in checks.items() if not kept]


@contextmanager
def served(folder: Path, token: str, parts: Mapping[str, str] = FAKES) -> Iterator[tuple[str, int]]:
    """Serve the seed articles with these parts in a process of its own; gives its address and its number.

    Raises:
        CitedeskError: it does not start.
    """
    environment = environment_of(parts)
    settings = Settings.from_environment(environment)
    with Corpus.create(folder, settings) as corpus:
        corpus.add(SEEDS)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "ui", "serve", "--index", str(folder), "--port", str(port)]
    process = subprocess.Popen(  # noqa: S603
        command, env=os.environ | environment | {"CITEDESK_TOKEN": token}, stdout=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, process)
        yield address, process.pid
    finally:
        process.terminate()
        process.wait(timeout=30)


def environment_of(parts: Mapping[str, str]) -> dict[str, str]:
    """Return what a process has to find in its environment to work with these parts."""
    return {f"CITEDESK_{role.upper()}": name for role, name in parts.items()}


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(f"{address}/v1/health").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise CitedeskError(
        f"the server did not start within {START_SECONDS:g} s, expected an answer at {address}. See above."
    )


async def press(address: str, token: str, pid: int, *, clients: int, greedy: int, seconds: float) -> Load:
    """Return what `clients` met, while another one has `greedy` questions waiting."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    headers = {"Authorization": f"Bearer {token}"}
    megabytes: list[float] = []
    everyone = [Client(f"client {number}") for number in range(clients)]
    first, glutton = Client("first"), Client("greedy")
    async with httpx.AsyncClient(base_url=address, headers=headers, limits=limits, timeout=seconds + 300) as http:
        for number in range(WARM_UP):  # the first one loads what the others find loaded
            await _ask(http, first, number)
        began = time.monotonic()
        until = began + seconds
        await asyncio.gather(
            *(_visit(http, one, number, until) for number, one in enumerate(everyone)),
            *(_ask_on(http, glutton, number, until) for number in range(greedy)),
            _watch(pid, megabytes, until),
        )
    taken = time.monotonic() - began
    return _summed(everyone, glutton, megabytes, seconds=taken)


async def _visit(http: httpx.AsyncClient, client: Client, number: int, until: float) -> None:
    while time.monotonic() < until:
        await _ask(http, client, number)
        await _timed(client, client.looks, http.get("/v1/articles"))
        number += 1


async def _ask_on(http: httpx.AsyncClient, client: Client, number: int, until: float) -> None:
    while time.monotonic() < until:
        await _ask(http, client, number)


async def _ask(http: httpx.AsyncClient, client: Client, number: int) -> None:
    asked = {"question": QUESTIONS[number % len(QUESTIONS)], "user": client.name}
    await _timed(client, client.answers, http.post("/v1/ask", json=asked))


async def _timed(client: Client, seconds: list[float], request: object) -> None:
    began = time.monotonic()
    try:
        reply = await request  # type: ignore[misc]
    except httpx.HTTPError as error:
        client.errors.append(f"{client.name}: {type(error).__name__} {error}")
        return
    if reply.status_code == 200:
        seconds.append(time.monotonic() - began)
    else:
        client.errors.append(f"{client.name}: status {reply.status_code}, {reply.text[:200]}")


async def _watch(pid: int, megabytes: list[float], until: float) -> None:
    status = Path(f"/proc/{pid}/status")
    while status.exists() and time.monotonic() < until:
        held = next(line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmRSS:"))
        megabytes.append(int(held.split()[1]) * 1024 / 1e6)
        await asyncio.sleep(0.5)


def _summed(
    everyone: Sequence[Client],
    glutton: Client,
    megabytes: Sequence[float],
    *,
    seconds: float,
) -> Load:
    answers = [one for client in everyone for one in client.answers]
    looks = [one for client in everyone for one in client.looks]
    medians = [statistics.median(client.answers) for client in everyone if client.answers]
    if not answers or not looks:
        raise CitedeskError("not one question was answered, expected many. Press for longer (--seconds).")
    megabytes = megabytes or [0.0]  # where the system does not tell
    errors = [error for client in (*everyone, glutton) for error in client.errors]
    errors += [f"{client.name}: no answer" for client in everyone if not client.answers]
    return Load(
        clients=len(everyone),
        seconds=seconds,
        answers=len(answers),
        errors=tuple(errors),
        median_answer=statistics.median(answers),
        p95_answer=percentile(answers, 95),
        slowest_client=max(medians) / statistics.median(medians),
        median_look=statistics.median(looks),
        p95_look=percentile(looks, 95),
        megabytes_warm=statistics.mean(megabytes[: len(megabytes) // 5 + 1]),
        megabytes_most=max(megabytes),
    )


def lines(load: Load) -> Iterator[str]:
    """Yield what was met, in words."""
    yield f"{load.clients} clients for {load.seconds:.0f} s: {load.answers:,} answers, {len(load.errors):,} errors"
    yield f"an answer: median {load.median_answer:.2f} s, p95 {load.p95_answer:.2f} s, waiting included"
    yield f"a look at the articles meanwhile: median {load.median_look:.3f} s, p95 {load.p95_look:.3f} s"
    yield f"the slowest client: {load.slowest_client:.2f} times the median of the clients"
    yield f"memory of the server: {load.megabytes_warm:.0f} MB in the first fifth, {load.megabytes_most:.0f} MB at most"
    yield from load.errors[:5]


@app.command()
def main(
    clients: Annotated[int, typer.Option(min=1, help="How many ask at once.")] = 50,
    greedy: Annotated[int, typer.Option(min=0, help="Questions that one more client has waiting all the time.")] = 20,
    seconds: Annotated[float, typer.Option(min=1.0, help="How long new questions are asked.")] = 120.0,
    models: Annotated[str, typer.Option(help="fakes, fast (the small reader) or trained (as installed).")] = "fakes",
    out: Annotated[Path | None, typer.Option(help="A folder for the figures.")] = None,
) -> None:
    """Press a server, and exit with 1 where a promise is not kept."""
    if models not in MODELS:
        raise typer.BadParameter(f"{models!r}, expected one of {', '.join(MODELS)}.", param_hint="--models")
    token = secrets.token_urlsafe(16)
    with (
        told(),
        TemporaryDirectory() as folder,
        served(Path(folder) / "index", token, MODELS[models]) as (address, pid),
    ):
        load = asyncio.run(press(address, token, pid, clients=clients, greedy=greedy, seconds=seconds))
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        figures: Mapping[str, object] = to_plain(load)
        told_of = {"figures": figures, "greedy": greedy, "models": models}
        write_json(out / f"load-{models}.json", told_of | surroundings(Settings.from_environment({}, **MODELS[models])))
    typer.echo("\n".join(lines(load)))
    if load.broken:
        typer.echo(f"not kept: {', '.join(load.broken)}", err=True)
        raise typer.Exit(1)


if __name__ == "__main__":
    app()
