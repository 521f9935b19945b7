"""The short form of `make stress`: each part runs, finds nothing wrong, and can find something wrong."""

import itertools
import random
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eval.stress import building, changes, damage, disk, fuzzing, kills, readers
from eval.stress.__main__ import PARTS
from eval.stress.scene import article_text, opened, state_of
from rag.errors import DamagedIndexError
from rag.index.store import Store
from rag.loading.articles import article_from_text
from rag.loading.sandbox import ReadingProcess
from rag.schema import Article
from rag.settings import DATABASE

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL, tmpfs and RLIMIT_FSIZE are of Unix")


def quietly(_: str) -> None:
    pass


@pytest.mark.slow
@pytest.mark.core
def test_kills_leave_the_old_state_or_a_new_one() -> None:
    outcome = kills.run(kills=6, told=quietly)
    assert outcome.failures == []
    assert outcome.figures["kills"] == 6


@pytest.mark.slow
def test_kills_and_damage_of_dense_search_on_disk_lose_nothing() -> None:
    outcome = kills.run(kills=3, few=60, told=quietly)
    assert outcome.failures == []
    outcome = damage.run(trials=4, few=60, told=quietly)
    assert outcome.failures == []
    assert outcome.figures["lists cut: mended and said"] == 1


def test_progress_is_told_while_the_kills_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kills, "_killed", lambda *_, **__: (True, 0.0))
    monkeypatch.setattr(kills, "states", lambda *_: [""])
    monkeypatch.setattr(kills, "_check", lambda *_: 0)
    told: list[str] = []
    kills.run(kills=101, told=told.append)
    assert told == ["kills: 50 of 101, 0 failures", "kills: 100 of 101, 0 failures"]


@pytest.mark.slow
@pytest.mark.parametrize("mount", [True, False])
def test_a_full_disk_loses_nothing(mount: bool) -> None:
    outcome = disk.run(trials=9, mount=mount, told=quietly)
    assert outcome.failures == []


@pytest.mark.slow
def test_damage_is_mended_or_told() -> None:
    outcome = damage.run(trials=10, told=quietly)
    assert outcome.failures == []
    assert outcome.figures["bit in the vectors: mended and said"] == 2
    assert outcome.figures["bit in the keyword rows: mended and said"] == 2


@pytest.mark.slow
def test_spoiled_files_are_read_or_refused(tmp_path: Path) -> None:
    outcome = fuzzing.run(inputs=180, saved=tmp_path, told=quietly)
    assert outcome.failures == []
    assert list(tmp_path.iterdir()) == []
    assert int(outcome.figures["read"]) > 20
    assert int(outcome.figures["refused with a message"]) > 20


def test_an_article_that_breaks_a_promise_would_be_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that forgets carriage returns, and one that raises what nobody expects, are told, and their inputs saved."""
    whole = article_from_text("A walrus swims.\n\nSo it does.", source="a")
    assert list(fuzzing.faults(whole)) == []
    assert list(fuzzing.faults(replace(whole, text=whole.text.replace("\n", "\r"))))
    assert list(fuzzing.faults(replace(whole, sections=whole.sections[:0])))
    assert list(fuzzing.faults(replace(whole, title="Half \ud800")))

    def broken(process: ReadingProcess, path: Path) -> list[Article]:
        raise KeyError(path.name)

    monkeypatch.setattr(ReadingProcess, "read", broken)
    outcome = fuzzing.run(inputs=9, saved=tmp_path, told=quietly)
    assert len(outcome.failures) == len(list(tmp_path.iterdir())) == outcome.figures["crashes of the program"] == 9


def test_spoiled_files_are_the_same_at_every_run() -> None:
    files = fuzzing.whole_files()["docx"]
    first, again, other = (list(fuzzing._inputs("docx", files, files, 10, seed)) for seed in (1, 1, 2))
    assert first == again != other


@pytest.mark.slow
def test_readers_see_no_mixture() -> None:
    outcome = readers.run(updates=20, told=quietly)
    assert outcome.failures == []
    assert int(outcome.figures["states seen"]) > 2


@pytest.mark.slow
def test_a_large_index_is_built_in_bounded_memory_and_changed_fast() -> None:
    quick = "eval.stress.scene:QuickEmbedder"
    outcome = building.run(passages=1500, embedder=quick, most_seconds=60.0, told=quietly)  # on a busy machine
    assert outcome.failures == []
    assert int(outcome.figures["passages"]) > 1000


def test_a_store_without_transactions_would_be_caught(tmp_path: Path) -> None:
    """Half an update is neither state: what `kills` compares tells them apart."""
    scene = changes.built(tmp_path, random.Random(1))
    changes.prepare(scene, "add", random.Random(2))
    allowed = changes.states(scene, "add")
    assert state_of(scene.index) == allowed[0]
    with sqlite3.connect(scene.index / DATABASE) as connection:
        connection.execute("DELETE FROM sources WHERE number = 3")
    connection.close()
    assert state_of(scene.index) not in allowed


def test_a_search_over_two_states_would_be_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a snapshot around it, a search that an update interrupts gives itself away."""
    monkeypatch.setattr("rag.index.database.BUSY_SECONDS", 0.1)
    scene = changes.built(tmp_path, random.Random(1))
    with opened(scene.index) as corpus, opened(scene.index) as writer:
        for article_id in set(corpus.sources().values()):
            corpus.remove(article_id)
        readers._update(writer, 0)
        dense, versions = Store.dense, itertools.count(1)

        def interrupted(store: Store) -> Any:
            found = dense(store)
            if store is corpus._store:
                readers._update(writer, next(versions))
            return found

        monkeypatch.setattr(Store, "dense", interrupted)
        assert readers._search(corpus, set()) is None
        monkeypatch.setattr(Store, "consistent", lambda store, search: search())
        try:
            failure = readers._search(corpus, set())
        except DamagedIndexError as error:
            failure = str(error)
        assert failure


def test_articles_are_the_same_at_every_run() -> None:
    assert article_text(7) == article_text(7) != article_text(8)


@pytest.mark.parametrize("name", PARTS)
def test_each_part_can_be_called_with_a_size(name: str) -> None:
    module, arguments, sized = PARTS[name]
    run: Callable[..., Any] = getattr(__import__(module, fromlist=["run"]), "run")  # noqa: B009
    names = run.__kwdefaults__ | dict.fromkeys(run.__annotations__)
    assert {*arguments, sized, "told"} <= names.keys()
