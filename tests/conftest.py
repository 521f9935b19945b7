"""What every test shares: no network but loopback, no settings from outside, and small corpora without a model."""

from __future__ import annotations

import ipaddress
import os
import socket
import subprocess
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from rag import Article, Corpus, Hit, Section, Settings
from rag.plugins import load
from rag.schema import Reading, SectionKind, SentenceScore
from rag.testing import HashEmbedder

SEEDS = Path(__file__).parent.parent / "seeds"
FAKES = {
    "embedder": "rag.testing:HashEmbedder",
    "reader": "rag.testing:WordReader",
    "entailment": "none",
    "consistency": "none",
}
MODELS = ("minilm", "trained", "fast", "reader")

# The same examples at every run, and no limit of time for one: a busy machine is no failure.
hypothesis.settings.register_profile("citedesk", deadline=None, derandomize=True, database=None, max_examples=40)
hypothesis.settings.load_profile("citedesk")


def stays_here(host: object) -> bool:
    if host in (None, "", "localhost", b"localhost"):
        return True
    try:
        address = ipaddress.ip_address(host.decode() if isinstance(host, bytes) else str(host))
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


@pytest.fixture(autouse=True)
def network_attempts(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Each attempt to leave the machine fails as it does without a cable, and fails the test that made it.

    A test that makes one on purpose clears the list.
    """
    attempts: list[str] = []

    def check(host: object) -> None:
        if not stays_here(host):
            attempts.append(str(host))
            raise OSError(f"the tests are offline, {host} cannot be reached")

    def guarded(original: Callable[..., Any]) -> Callable[..., Any]:
        def connect(self: socket.socket, address: Any) -> Any:
            if self.family in (socket.AF_INET, socket.AF_INET6):
                check(address[0])
            return original(self, address)

        return connect

    def resolve(host: Any, *arguments: Any, **named: Any) -> Any:
        check(host)
        return lookup(host, *arguments, **named)

    lookup = socket.getaddrinfo
    monkeypatch.setattr(socket.socket, "connect", guarded(socket.socket.connect))
    monkeypatch.setattr(socket.socket, "connect_ex", guarded(socket.socket.connect_ex))
    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    yield attempts
    assert not attempts, f"the test tried to reach {attempts}, expected no network. Use a fake endpoint on loopback."


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that mounts a folder is slow."""
    for item in items:
        if "reading_only" in getattr(item, "fixturenames", ()):
            item.add_marker("slow")


def with_fakes(item: pytest.Item) -> bool:
    return not any(item.get_closest_marker(mark) for mark in ("slow", "browser", "language_model"))


def load_a_fake(role: str, name: str, settings: Settings, **parts: Any) -> Any:
    assert name not in MODELS, f"a fast test loads the {role} {name!r}. Give it a fake of rag.testing, or mark it slow."
    return load(role, name, settings, **parts)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """What the person running the tests has set must not decide them; a real language model is named that way.

    The default settings lead to fakes, also in processes that a fast test starts; one that loads a model fails.
    """
    with pytest.MonkeyPatch.context() as patch:
        if not item.get_closest_marker("language_model"):
            for name in [name for name in os.environ if name.startswith("CITEDESK_")]:
                patch.delenv(name)
        if with_fakes(item):
            for role, fake in FAKES.items():
                patch.setenv(f"CITEDESK_{role.upper()}", fake)
            patch.setattr("rag.plugins.load", load_a_fake)
        return (yield)


@pytest.fixture(scope="session")
def seeds() -> Path:
    return SEEDS


@pytest.fixture
def empty_corpus() -> Iterator[Corpus]:
    with Corpus.in_memory(embedder=HashEmbedder()) as corpus:
        yield corpus


@pytest.fixture
def corpus(empty_corpus: Corpus) -> Corpus:
    """The five seed articles, in memory, embedded by words."""
    report = empty_corpus.add(SEEDS)
    assert len(report.added) == 5
    assert not report.failed
    return empty_corpus


@pytest.fixture
def reading_only(tmp_path: Path) -> Iterator[Callable[[Path], Path]]:
    """`reading_only(folder)`: a path by which the folder can be read and not written; by its own it can."""
    mounted: list[Path] = []

    def mount(folder: Path) -> Path:
        place = tmp_path / f"read-only {len(mounted)} %3F?#"  # which mean something in an address
        place.mkdir()
        for options in (["--bind", str(folder)], ["-o", "remount,bind,ro"]):
            try:
                subprocess.run(["mount", *options, str(place)], check=True, capture_output=True, timeout=30)
            except (OSError, subprocess.CalledProcessError) as error:
                pytest.skip(f"nothing can be mounted here ({error}), which only root can, where it is let")
            if place not in mounted:
                mounted.append(place)
        return place

    yield mount
    for place in mounted:
        subprocess.run(["umount", "--lazy", str(place)], check=True, timeout=30)


def make_article(name: str, *blocks: str | tuple[SectionKind, str], **fields: Any) -> Article:
    """An article of the blocks, each a body unless it says its kind; the first heading is the title."""
    parts: list[tuple[SectionKind, str]] = [("body", block) if isinstance(block, str) else block for block in blocks]
    sections, at = [], 0
    for kind, text in parts:
        sections.append(Section(at, at + len(text), kind))
        at += len(text) + 2
    title = next((text for kind, text in parts if kind == "heading"), name)
    text = "\n\n".join(text for _, text in parts)
    return Article(id="", title=title, text=text, source=name, sections=tuple(sections), **fields)


@pytest.fixture(scope="session")
def article_of() -> Callable[..., Article]:
    return make_article


class SureReader:
    """Sure of sentences that hold one of the words, sure against all others. `shared` words must be asked for, too."""

    name = "sure-1"

    def __init__(self, *words: str, shared: bool = False) -> None:
        self.words = words
        self.shared = shared

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        wanted = [word for word in self.words if not self.shared or word in question]
        readings = []
        for hit in hits:
            at = hit.passage.start
            scores = [
                SentenceScore(start, end, self._score(hit.passage.text[start - at : end - at], wanted))
                for start, end in hit.passage.sentences
            ]
            readings.append(Reading(hit, max((one.score for one in scores), default=0.0), tuple(scores), None))
        return sorted(readings, key=lambda reading: -reading.score)

    def _score(self, sentence: str, wanted: Sequence[str]) -> float:
        return 1.0 - 1e-9 if any(word in sentence for word in wanted) else 1e-9


@pytest.fixture(scope="session")
def answers_with() -> Callable[..., Corpus]:
    """`answers_with(corpus, "lion")`: the corpus, sure of sentences that hold the word, and of nothing else."""

    def install(corpus: Corpus, *wanted: str, shared: bool = False) -> Corpus:
        corpus.models.reader = SureReader(*wanted, shared=shared)
        return corpus

    return install
