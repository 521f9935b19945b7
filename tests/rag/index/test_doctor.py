import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from rag import Corpus, Hit, Settings
from rag.errors import DamagedIndexError, IndexBusyError, IndexFolderError
from rag.index.codec import PADDING
from rag.index.doctor import examine, repair
from rag.index.store import FORMAT
from rag.settings import DATABASE
from rag.testing import HashEmbedder

SETTINGS = Settings(embedder="rag.testing:HashEmbedder")
QUERIES = ("animals that Putin gave", "mutual defence treaty", "carbon neutrality")


class NoReader:
    """Stands in for the trained one, which takes seconds to load."""

    name = "none"

    def read(self, question: str, hits: object) -> list[object]:
        return []


def opened(folder: Path) -> Corpus:
    return Corpus.open(folder, SETTINGS, embedder=HashEmbedder(), reader=NoReader())  # type: ignore[arg-type]


def found(folder: Path) -> list[list[Hit]]:
    with opened(folder) as corpus:
        return [corpus.search(query, k=20) for query in QUERIES]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built") / "index"
    with Corpus.create(folder, SETTINGS, embedder=HashEmbedder(), reader=NoReader()) as corpus:  # type: ignore[arg-type]
        corpus.add(Path(__file__).parents[3] / "seeds")
    return folder


@pytest.fixture
def index(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "index"))


def change(index: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(index / DATABASE, isolation_level=None)) as connection:
        connection.execute(statement, values)


def flip(index: Path, table: str, column: str, *, at: int) -> None:
    """Turn one bit of a stored value round."""
    with closing(sqlite3.connect(index / DATABASE, isolation_level=None)) as connection:
        key = "rowid" if table != "keywords" else "term"
        (row, value) = connection.execute(f"SELECT {key}, {column} FROM {table} ORDER BY {key}").fetchone()
        data = bytearray(value)
        data[at] ^= 4
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", (bytes(data), row))


def test_a_whole_index_is_healthy(index: Path) -> None:
    checkup = examine(index)
    assert checkup.healthy
    assert (checkup.articles, checkup.findings) == (5, ())
    assert checkup.passages > 20
    assert repair(index, settings=SETTINGS).repaired == ()


@pytest.mark.parametrize(
    ("statement", "part"),
    [
        ("UPDATE articles SET id = 'f' || substr(id, 2) WHERE number = 2", "article"),
        ("UPDATE articles SET published = '1999-01-01' WHERE number = 3", "article"),
        ("DELETE FROM texts WHERE number = 1", "article"),
        ("UPDATE passages SET start = start + 1 WHERE id = 7", "passages"),
        ("UPDATE passages SET kind = 'bodx' WHERE id = 7", "passages"),
        ("UPDATE passages SET sentences = '[[0,3]]' WHERE id = 7", "passages"),
        ("UPDATE passages SET sentences = '[[' WHERE id = 7", "passages"),
        ("UPDATE passages SET fingerprint = x'00' WHERE id = 7", "passages"),
        ("DELETE FROM passages WHERE id = 7", "vectors"),
        ("INSERT INTO passages VALUES (999, 77, 0, 5, 'body', '[]', x'00', 0)", "sources"),
        ("DELETE FROM sources WHERE number = 4", "sources"),
        ("INSERT INTO sources VALUES ('nowhere', 99, NULL)", "sources"),
        ("DELETE FROM articles WHERE number = 5", "sources"),
        ("DELETE FROM vectors WHERE number = 2", "vectors"),
        ("UPDATE vectors SET first = first + 1 WHERE number = 2", "vectors"),
        ("DELETE FROM keywords WHERE term IN (SELECT term FROM keywords LIMIT 1 OFFSET 9)", "keywords"),
        ("DELETE FROM keywords", "keywords"),
        ("DELETE FROM copies WHERE number = 3", "copies"),
        ("UPDATE copies SET original = 1 WHERE number = 2", "copies"),
        ("DELETE FROM bands WHERE number = 2", "copies"),
        ("INSERT INTO bands VALUES (7, 99)", "copies"),
        ("UPDATE keywords SET term = term + 1 WHERE term IN (SELECT term FROM keywords LIMIT 1 OFFSET 9)", "keywords"),
    ],
)
def test_what_is_wrong_is_found_named_and_repaired(built: Path, index: Path, statement: str, part: str) -> None:
    change(index, statement)
    checkup = examine(index)
    assert part in {finding.part for finding in checkup.findings}
    assert not checkup.healthy
    after = repair(index, settings=SETTINGS)
    assert after.findings == ()
    assert after.repaired
    assert examine(index).healthy
    lost = "texts" in statement or "SET id" in statement or "FROM articles" in statement
    assert after.articles == (4 if "FROM texts" in statement else 5)
    if not lost and "passages" not in statement and "sources" not in statement:
        assert found(index) == found(built)


@pytest.mark.parametrize(("table", "column"), [("vectors", "content"), ("keywords", "postings")])
def test_a_flipped_bit_in_a_search_structure_is_mended_when_it_is_met_and_said(
    built: Path, index: Path, caplog: pytest.LogCaptureFixture, table: str, column: str
) -> None:
    if table == "vectors":
        flip(index, table, column, at=len(PADDING) + 50)
    else:
        change(index, "UPDATE keywords SET postings = postings || x'01'")
    assert {finding.part for finding in examine(index).findings} == {table}
    assert found(index) == found(built)
    assert "damaged" in caplog.text
    assert "made again" in caplog.text
    assert examine(index).healthy


def test_a_flipped_bit_in_an_article_is_never_shown(index: Path) -> None:
    flip(index, "texts", "content", at=len(PADDING) + 600)
    with opened(index) as corpus, pytest.raises(DamagedIndexError, match=r"not as it was written.+doctor --repair"):
        list(corpus.articles())
    with pytest.raises(DamagedIndexError):
        found(index)


def test_a_damaged_article_can_be_removed(index: Path) -> None:
    flip(index, "texts", "content", at=len(PADDING) + 600)
    (bad,) = [finding.where for finding in examine(index).findings if finding.part == "article"]
    with opened(index) as corpus:
        corpus.remove(bad)
        assert len(list(corpus.articles())) == 4
    assert examine(index).healthy


def test_what_repair_cannot_save_is_named_and_can_be_added_again(index: Path, seeds: Path, built: Path) -> None:
    flip(index, "texts", "content", at=len(PADDING) + 600)
    after = repair(index, settings=SETTINGS)
    assert (after.articles, after.findings, len(after.lost)) == (4, (), 1)
    assert not after.healthy
    with opened(index) as corpus:
        assert corpus.add(seeds).added == after.lost
    assert [hit.passage.text for hits in found(index) for hit in hits] == [
        hit.passage.text for hits in found(built) for hit in hits
    ]


def test_ids_of_passages_are_not_used_again_after_a_repair(index: Path) -> None:
    """Another process holds vectors under the old ones."""
    with opened(index) as other:
        before = other.search(QUERIES[0], k=20)
        change(index, "DELETE FROM sources WHERE number = 4")
        repair(index, settings=SETTINGS)
        assert other.search(QUERIES[0], k=20) == before


@pytest.mark.parametrize("seed", range(12))
def test_a_damaged_page_is_noticed_by_doctor_and_repaired(index: Path, seeds: Path, built: Path, seed: int) -> None:
    """Sixteen random bytes somewhere: nothing is shown that was not written, and what is lost is told."""
    draw = random.Random(seed)
    data = bytearray((index / DATABASE).read_bytes())
    at = draw.randrange(100, len(data) - 16)  # the first 100 bytes say that it is a database
    data[at : at + 16] = draw.randbytes(16)
    (index / DATABASE).write_bytes(data)
    texts = {path.read_text(encoding="utf-8") for path in seeds.iterdir()}
    try:
        checkup = examine(index)
        after = repair(index, settings=SETTINGS)
    except IndexFolderError as error:
        assert "Run: citedesk doctor" in str(error) or "Move the folder away" in str(error)  # noqa: PT017
        return
    if checkup.healthy:  # it fell where nothing stands
        assert found(index) == found(built)
        return
    assert after.findings == ()
    assert after.articles + len(after.lost) >= 5
    with opened(index) as corpus:
        assert {article.text for article in corpus.articles()} <= texts
        corpus.add(seeds)
        assert {article.text for article in corpus.articles()} == texts
    assert examine(index).healthy


def test_doctor_of_no_index_and_of_another_version_says_so(tmp_path: Path, index: Path) -> None:
    with pytest.raises(IndexFolderError, match="there is no index"):
        examine(tmp_path / "absent")
    change(index, "UPDATE meta SET value = '2' WHERE name = 'format'")
    with pytest.raises(IndexFolderError, match=f"has format 2, expected {FORMAT}"):
        examine(index)


def test_a_repair_that_was_cut_off_leaves_nothing_in_the_end(index: Path) -> None:
    (index / "repair-x").mkdir()
    (index / "repair-x" / DATABASE).write_text("half a copy", encoding="utf-8")
    (finding,) = examine(index).findings
    assert (finding.part, finding.where) == ("folder", "repair-x")
    assert repair(index, settings=SETTINGS).findings == ()
    assert not (index / "repair-x").exists()


def test_repair_waits_for_no_other_writer_unless_told(index: Path) -> None:
    change(index, "DELETE FROM keywords")
    with opened(index) as corpus, corpus._store.alone(), pytest.raises(IndexBusyError, match="--wait"):
        repair(index, settings=SETTINGS)


def test_an_emptied_database_is_not_taken_for_a_new_index(index: Path) -> None:
    (index / DATABASE).write_bytes(b"")
    with pytest.raises(IndexFolderError, match="is empty though it was written to"):
        opened(index)
    for look in (examine, repair):
        with pytest.raises(IndexFolderError, match="is empty, expected an index"):
            look(index)


def test_of_a_file_that_was_cut_what_is_left_is_saved(index: Path, seeds: Path) -> None:
    with (index / DATABASE).open("r+b") as file:
        file.truncate(file.seek(0, 2) * 2 // 3)
    with pytest.raises(DamagedIndexError, match="doctor --repair"):
        opened(index)
    with pytest.raises(DamagedIndexError, match="doctor --repair"):
        examine(index)
    after = repair(index, settings=SETTINGS)
    assert after.findings == ()
    assert after.articles + len(after.lost) >= 5
    with opened(index) as corpus:
        corpus.add(seeds)
        assert len(corpus) == 5
    assert examine(index).healthy
