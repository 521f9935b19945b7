"""After `remove`, `sync` or a change, no file of the index holds the words that are gone."""

import random
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from rag import Article, Corpus
from rag.index.codec import article_bytes
from rag.index.database import connect, prepare
from rag.index.near_duplicates import bands_of, wording
from rag.settings import DATABASE
from rag.testing import HashEmbedder

Make = Callable[..., Article]


def marked(number: int, *, sentences: int) -> str:
    """A text whose every sentence holds words that no other text has."""
    return " ".join(f"Walrus{number}x{at} swam to harbour{number}y{at} quietly." for at in range(sentences))


def everything(folder: Path) -> bytes:
    return b"\n".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())


def leftover(data: bytes, number: int) -> bool:
    """Whether a word of the text, or its stem, stands in the bytes, in any case."""
    return f"walrus{number}x".encode() in data.lower() or f"harbour{number}y".encode() in data.lower()


def test_a_removed_article_is_in_no_file(tmp_path: Path, seeds: Path, article_of: Make) -> None:
    with Corpus.create(tmp_path, embedder=HashEmbedder()) as corpus:
        corpus.add(seeds)
        corpus.add(article_of("secret.txt", ("heading", "Walrus7x heads"), marked(7, sentences=40)))
        assert leftover(everything(tmp_path), 7)
        corpus.search("walrus7x3")
        corpus.remove(corpus.search("walrus7x3")[0].passage.article_id)
        assert not leftover(everything(tmp_path), 7)
        assert corpus.search("walrus7x3") == [] or "alrus7x" not in str(corpus.search("walrus7x3"))
    assert not leftover(everything(tmp_path), 7)


@pytest.mark.parametrize("seed", [0, 3, 6])
def test_nothing_is_left_of_many_texts_that_come_and_go(tmp_path: Path, seed: int) -> None:
    """SQLite alone forgets copies of rows that it moved: without the padding of contents.py, some are left."""
    draw = random.Random(seed)
    connection = connect(tmp_path)
    prepare(connection, {}, folder=tmp_path)
    connection.execute("PRAGMA synchronous = OFF")
    live: list[int] = []
    for number in range(1, 2001):
        if number % 10 == 1:
            connection.execute("BEGIN")
        text = f"walrus{number} " * draw.choice([1, 5, 40])
        content = article_bytes(Article(f"{number}", "", text, ""), number=number)
        connection.execute("INSERT INTO texts VALUES (?, ?)", (number, content))
        live.append(number)
        if number % 10 == 0:
            connection.commit()
            connection.execute("BEGIN")
            for _ in range(min(len(live), draw.randrange(20))):
                connection.execute("DELETE FROM texts WHERE number = ?", (live.pop(draw.randrange(len(live))),))
            connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    left = {int(found) for found in re.findall(rb"walrus(\d+)", everything(tmp_path))}
    assert left == set(live)


def test_nothing_is_left_of_a_removed_signature(tmp_path: Path, article_of: Make) -> None:
    texts = [marked(number, sentences=20) for number in range(12)]
    with Corpus.create(tmp_path, embedder=HashEmbedder()) as corpus:
        corpus.add([article_of(f"{number}", text) for number, text in enumerate(texts)])
        bands = {number: bands_of(wording(article_of("", text))) for number, text in enumerate(texts)}

        def left(number: int) -> int:
            data = everything(tmp_path)
            return sum(
                band.to_bytes(8, end, signed=True) in data for band in bands[number] for end in ("little", "big")
            )

        assert left(7) == 2 * len(bands[7])  # as a key of its own, and with the others of the article
        corpus.remove(corpus.sources()["7"])
        assert left(7) == 0
        assert left(8) == 2 * len(bands[8])


def test_a_changed_article_leaves_nothing_of_its_old_words(tmp_path: Path) -> None:
    file, index = tmp_path / "articles" / "a.txt", tmp_path / "index"
    file.parent.mkdir()
    with Corpus.create(index, embedder=HashEmbedder()) as corpus:
        file.write_text(marked(1, sentences=30), encoding="utf-8")
        corpus.add(file)
        file.write_text(marked(2, sentences=30), encoding="utf-8")
        corpus.sync(file.parent)
        data = everything(index)
        assert leftover(data, 2)
        assert not leftover(data, 1)


def test_a_file_that_is_gone_leaves_nothing(tmp_path: Path) -> None:
    folder, index = tmp_path / "articles", tmp_path / "index"
    folder.mkdir()
    for number in range(6):
        (folder / f"{number}.txt").write_text(marked(number, sentences=8), encoding="utf-8")
    with Corpus.create(index, embedder=HashEmbedder()) as corpus:
        corpus.sync(folder)
        (folder / "3.txt").unlink()
        assert len(corpus.sync(folder).removed) == 1
        assert [number for number in range(6) if leftover(everything(index), number)] == [0, 1, 2, 4, 5]


def test_a_reader_that_does_not_pause_is_named(
    tmp_path: Path, article_of: Make, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("rag.index.database.BUSY_SECONDS", 0.1)
    with Corpus.create(tmp_path, embedder=HashEmbedder()) as corpus:
        corpus.add(article_of("a", marked(1, sentences=5)))
        reader = sqlite3.connect(tmp_path / DATABASE, isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM texts").fetchone()
        corpus.remove(next(iter(corpus.articles())).id)
        assert "may hold what was removed" in caplog.text
        reader.rollback()
        reader.close()
    assert not leftover(everything(tmp_path), 1)
