"""A real server on loopback over the seed articles, with a reader that is sure of given words."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn

from rag import Corpus
from ui.api.app import build_api

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
    config = uvicorn.Config(build_api(corpus, hosts=[host], token=TOKEN), port=port, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    for _ in range(200):
        if server.started:
            break
        time.sleep(0.02)
    assert server.started
    yield f"http://{host}"
    server.should_exit = True
    thread.join(timeout=10)
