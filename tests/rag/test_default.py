import shutil
from pathlib import Path

import pytest

from rag import Answer, Corpus, Settings, answer, default_index, open_default
from rag.errors import IndexFolderError, IndexMismatchError
from rag.index.database import alone
from rag.testing import HashEmbedder

QUESTION = "How many animals did Putin give to North Korea?"


@pytest.fixture(autouse=True)
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The default index of these tests: in a folder of their own, without a model."""
    monkeypatch.setenv("CITEDESK_INDEX", str(tmp_path / "index"))
    monkeypatch.setenv("CITEDESK_EMBEDDER", "rag.testing:HashEmbedder")
    return (tmp_path / "index").resolve()


@pytest.fixture
def own_seeds(tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy = Path(shutil.copytree(seeds, tmp_path / "seeds"))
    monkeypatch.setattr("rag.default.SEEDS", copy)
    return copy


def test_the_index_is_where_the_environment_says(index: Path) -> None:
    assert default_index() == index


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A strange working folder, and no index named."""
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.delenv("CITEDESK_INDEX")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr("sys.platform", "linux")
    return tmp_path / "work"


def test_without_the_environment_it_is_the_users_and_the_log_says_where(
    elsewhere: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", "rag"), open_default() as corpus:
        assert len(corpus) == 5
    assert default_index() == tmp_path / "data" / "citedesk" / "index"
    assert f"new one in {default_index()}" in caplog.text
    assert list(elsewhere.iterdir()) == []


def test_an_index_that_an_earlier_version_made_in_the_folder_at_hand_is_found(
    elsewhere: Path, caplog: pytest.LogCaptureFixture
) -> None:
    Corpus.create(".citedesk", embedder=HashEmbedder()).close()
    with caplog.at_level("INFO", "rag"):
        assert default_index() == elsewhere.resolve() / ".citedesk"
    assert "made by an earlier version" in caplog.text


@pytest.mark.parametrize(
    ("platform", "place"),
    [("linux", ".local/share"), ("darwin", "Library/Application Support"), ("win32", "AppData/Local")],
)
def test_each_system_has_its_place_for_what_belongs_to_a_user(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch, platform: str, place: str
) -> None:
    monkeypatch.setattr("sys.platform", platform)
    monkeypatch.setattr("pathlib.Path.home", lambda: Path("/home/ada"))
    for name in ("XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    assert default_index() == Path("/home/ada", place, "citedesk", "index")


def test_an_index_follows_a_program_that_is_installed_elsewhere(
    own_seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_default() as corpus:
        source, article_id = next(iter(corpus.sources().items()))
        corpus.remove(article_id)
    moved = own_seeds.rename(tmp_path / "moved")
    monkeypatch.setattr("rag.default.SEEDS", moved)
    for settings in (None, Settings.from_environment(passage_tokens=100)):  # followed, then made again
        with open_default(settings) as corpus:
            assert len(corpus) == 4
            assert {Path(one).parent for one in corpus.sources()} == {moved}
            assert Path(source).name not in {Path(one).name for one in corpus.sources()}
    monkeypatch.setattr("rag.default.SEEDS", moved.rename(own_seeds))
    with open_default() as corpus:  # moved and made again at once
        assert len(corpus) == 4


def test_an_absent_index_is_built_from_the_seeds(index: Path) -> None:
    with open_default() as corpus:
        assert len(corpus) == 5
    with Corpus.open(index) as corpus:
        assert len(corpus) == 5


def test_the_index_follows_the_seeds(own_seeds: Path) -> None:
    open_default().close()
    first, second, *_ = sorted(own_seeds.iterdir())
    first.unlink()
    second.write_text("A walrus swims in the harbour of Lomvik.", encoding="utf-8")
    with open_default() as corpus:
        assert len(corpus) == 4
        assert corpus.search("walrus")[0].source == str(second)


def test_a_seed_article_that_was_removed_stays_away(own_seeds: Path) -> None:
    with open_default() as corpus:
        source, article_id = next(iter(corpus.sources().items()))
        corpus.remove(article_id)
    (own_seeds / "another.txt").write_text("A walrus swims in the harbour of Lomvik.", encoding="utf-8")
    for _ in range(2):
        with open_default() as corpus:
            assert source not in corpus.sources()
            assert str(own_seeds / "another.txt") in corpus.sources()
    with open_default(Settings.from_environment(passage_tokens=100)) as corpus:  # made again
        assert len(corpus) == 5
        assert source not in corpus.sources()
        corpus.add(source)
    with open_default(Settings.from_environment(passage_tokens=100)) as corpus:
        assert source in corpus.sources()


def test_a_seed_article_that_is_gone_and_back_is_followed(own_seeds: Path) -> None:
    open_default().close()
    first = min(own_seeds.iterdir())
    text = first.read_text(encoding="utf-8")
    first.unlink()
    open_default().close()
    first.write_text(text, encoding="utf-8")
    with open_default() as corpus:
        assert str(first) in corpus.sources()


def test_when_all_seed_articles_were_removed_the_index_stays_empty(own_seeds: Path) -> None:
    with open_default() as corpus:
        for article_id in corpus.sources().values():
            corpus.remove(article_id)
    with open_default() as corpus:
        assert len(corpus) == 0


def test_what_an_index_without_a_list_lacks_was_removed_from_it(own_seeds: Path, index: Path) -> None:
    with Corpus.create(index) as corpus:
        corpus.add(own_seeds)
        source, article_id = next(iter(corpus.sources().items()))
        corpus.remove(article_id)
    for _ in range(2):
        with open_default() as corpus:
            assert len(corpus) == 4
            assert source not in corpus.sources()


def test_an_index_that_another_process_writes_is_opened_as_it_is(own_seeds: Path, index: Path) -> None:
    open_default().close()
    next(iter(own_seeds.iterdir())).unlink()
    with alone(index, wait=False), open_default() as corpus:
        assert len(corpus) == 5
    with open_default() as corpus:
        assert len(corpus) == 4


def test_an_index_whose_building_was_cut_off_is_completed(index: Path) -> None:
    Corpus.create(index, embedder=HashEmbedder()).close()
    with open_default() as corpus:
        assert len(corpus) == 5


def test_an_index_of_other_articles_stays_as_it_is(index: Path, tmp_path: Path) -> None:
    (tmp_path / "own.txt").write_text("A walrus swims in the harbour of Lomvik.", encoding="utf-8")
    with Corpus.create(index) as corpus:
        corpus.add(tmp_path / "own.txt")
    with open_default() as corpus:
        assert len(corpus) == 1


def test_without_seeds_and_index_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("rag.default.SEEDS", tmp_path / "absent")
    with pytest.raises(IndexFolderError, match=r"there is no index .+ Run: citedesk index"):
        open_default()


def test_settings_that_are_given_are_used() -> None:
    with open_default(Settings(embedder="rag.testing:HashEmbedder", k=3)) as corpus:
        assert corpus.settings.k == 3


def test_answer_asks_the_default_corpus_and_keeps_it_open() -> None:
    first = answer(QUESTION)
    assert isinstance(first, Answer)
    with open_default() as corpus:
        assert first == corpus.ask(QUESTION)
    assert answer("And where were they taken?", [(QUESTION, first)]).asked != "And where were they taken?"


def test_an_index_of_the_seeds_alone_made_otherwise_is_made_again(index: Path) -> None:
    open_default(Settings.from_environment(passage_tokens=100)).close()
    with open_default() as corpus:
        assert len(corpus) == 5
        assert corpus.search(QUESTION)


def test_an_index_with_articles_of_ones_own_made_otherwise_is_kept(index: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("The harbour reopened on 3 May 2021.", encoding="utf-8")
    with open_default(Settings.from_environment(passage_tokens=100)) as corpus:
        corpus.add(tmp_path / "mine.txt")
    with pytest.raises(IndexMismatchError, match="passage_tokens 100"):
        open_default()
    with Corpus.open(index, Settings.from_environment(passage_tokens=100)) as corpus:
        assert len(corpus) == 6
