"""A real server on loopback over the seed articles, with a reader that is sure of given words."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rag import Corpus
from ui.api.app import OPEN_PATHS, build_api
from ui.door import Rules
from ui.http_server import Server

TOKEN = "a-token-for-tests"
QUESTION = "How many animals did Putin give to North Korea?"


@pytest.fixture
def corpus(empty_corpus: Corpus, seeds: Path) -> Corpus:
    """The five seed articles, in memory, embedded by words."""
    empty_corpus.add(seeds)
    return empty_corpus


@pytest.fixture
def served(corpus: Corpus, answers_with: Callable[..., Corpus]) -> Iterator[str]:
    """The address of a server of the seed articles, which answers what more than 70 animals answer."""
    answers_with(corpus, "more than 70 animals")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    host = f"127.0.0.1:{port}"
    rules = Rules(hosts=frozenset([host]), token=TOKEN, open_paths=frozenset(OPEN_PATHS))
    server = Server(build_api(corpus, rules), host="127.0.0.1", port=port)
    server.start()
    yield f"http://{host}"
    server.close()
