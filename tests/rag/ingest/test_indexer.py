import json
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from rag import AddReport, Article, Corpus, Section
from rag.errors import ReadingError, UnknownArticleError
from rag.ingest.indexer import Step
from rag.loading.sandbox import ReadingProcess
from rag.plugins import Vectors
from rag.testing import HashEmbedder

Make = Callable[..., Article]


@pytest.fixture
def folder(tmp_path: Path, seeds: Path) -> Path:
    return Path(shutil.copytree(seeds, tmp_path / "articles"))


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_folder_is_added_whole(corpus: Corpus, seeds: Path) -> None:
    assert len(corpus) == 5
    assert set(corpus.sources()) == {str(path.resolve()) for path in seeds.iterdir()}
    assert {article.text for article in corpus.articles()} == {
        path.read_text(encoding="utf-8") for path in seeds.iterdir()
    }


def test_an_article_comes_back_as_it_was_added(empty_corpus: Corpus, article_of: Make) -> None:
    given = article_of(
        "a", "A walrus swims.", ("sidebar", "Grain."), outlet="Bell", author="Ida", published=date(2024, 5, 1)
    )
    empty_corpus.add(given)
    (kept,) = empty_corpus.articles()
    assert replace(kept, id=given.id, origins=given.origins) == given
    assert empty_corpus.article(kept.id) == kept


def test_the_id_comes_from_the_text(empty_corpus: Corpus, article_of: Make) -> None:
    empty_corpus.add(replace(article_of("a", "A walrus swims."), id="chosen"))
    (kept,) = empty_corpus.articles()
    assert kept.id != "chosen"
    with pytest.raises(UnknownArticleError):
        empty_corpus.article("chosen")


def test_the_same_article_twice_is_one_article_with_two_sources(empty_corpus: Corpus, folder: Path) -> None:
    first = sorted(folder.iterdir())[0]
    shutil.copy(first, folder / "copy.txt")
    report = empty_corpus.add(folder)
    assert len(report.added) == 6
    assert len(empty_corpus) == 5
    sources = empty_corpus.sources()
    assert sources[str(first)] == sources[str(folder / "copy.txt")]
    texts = [hit.passage.text for hit in empty_corpus.search("lions bears Moscow Zoo", k=50)]
    assert len(texts) == len(set(texts))


def test_a_file_named_twice_is_read_once(empty_corpus: Corpus, folder: Path) -> None:
    first = sorted(folder.iterdir())[0]
    assert len(empty_corpus.add([first, str(first), folder]).added) == 5


def test_one_changed_file_is_replaced_and_the_others_stay(empty_corpus: Corpus, folder: Path) -> None:
    empty_corpus.add(folder)
    first, *others = sorted(folder.iterdir())
    before = empty_corpus.sources()
    write(first, "The walrus of Lomvik\n\nA walrus swims in the harbour of Lomvik since last spring.\n")
    report = empty_corpus.add(folder)
    assert report.changed == (str(first),)
    assert set(report.unchanged) == {str(path) for path in others}
    assert len(empty_corpus) == 5
    assert empty_corpus.search("walrus")[0].source == str(first)
    with pytest.raises(UnknownArticleError):
        empty_corpus.article(before[str(first)])
    assert all("70 animals" not in hit.passage.text for hit in empty_corpus.search("70 animals", k=100))


def test_two_files_that_change_places_keep_both_articles(empty_corpus: Corpus, tmp_path: Path) -> None:
    one, two = write(tmp_path / "1.txt", "A walrus swims."), write(tmp_path / "2.txt", "Grain prices fell.")
    empty_corpus.add(tmp_path)
    write(one, "Grain prices fell.")
    write(two, "A walrus swims.")
    assert set(empty_corpus.add(tmp_path).changed) == {str(one), str(two)}
    assert empty_corpus.search("walrus")[0].passage.text == "A walrus swims."
    assert empty_corpus.search("grain")[0].passage.text == "Grain prices fell."


def test_a_text_that_moves_to_another_file_can_still_be_found(empty_corpus: Corpus, tmp_path: Path) -> None:
    write(tmp_path / "1.txt", "A walrus swims.")
    empty_corpus.add(tmp_path)
    write(tmp_path / "1.txt", "Grain prices fell.")
    write(tmp_path / "2.txt", "A walrus swims.")
    empty_corpus.sync(tmp_path)
    assert [hit.passage.text for hit in empty_corpus.search("walrus")][:1] == ["A walrus swims."]


def test_a_failed_reading_keeps_the_article_as_it_was(empty_corpus: Corpus, folder: Path) -> None:
    empty_corpus.add(folder)
    first = sorted(folder.iterdir())[0]
    before = list(empty_corpus.articles()), empty_corpus.search("lions", k=50)
    first.write_bytes(b"\x00\x01\x02" * 100)
    for change in (empty_corpus.add, empty_corpus.sync):
        report = change(folder)
        assert [Path(source).name for source, _ in report.failed] == [first.name]
        assert not report.removed
        assert (list(empty_corpus.articles()), empty_corpus.search("lions", k=50)) == before


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files count as settled at once; otherwise those younger than two seconds are read again."""
    monkeypatch.setattr("rag.ingest.indexer.SETTLED_SECONDS", -1.0)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that were read, in order."""
    names: list[str] = []
    original = ReadingProcess.read

    def noting(process: ReadingProcess, path: Path, *arguments: Any) -> Any:
        names.append(path.name)
        return original(process, path, *arguments)

    monkeypatch.setattr(ReadingProcess, "read", noting)
    return names


@pytest.mark.usefixtures("settled")
def test_files_that_are_as_they_were_are_not_read_again(empty_corpus: Corpus, folder: Path, read: list[str]) -> None:
    first, *others = sorted(folder.iterdir())
    empty_corpus.add(folder)
    read.clear()
    write(first, "A walrus swims in the harbour.")
    report = empty_corpus.sync(folder)
    assert read == [first.name]
    assert (report.changed, report.unchanged) == ((str(first),), tuple(map(str, others)))


@pytest.mark.usefixtures("settled")
def test_a_file_rewritten_under_its_old_time_and_size_is_read_again(empty_corpus: Corpus, tmp_path: Path) -> None:
    file = write(tmp_path / "a.txt", "A walrus swims.")
    empty_corpus.add(file)
    before = file.stat()
    write(file, "A walrus sings.")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert empty_corpus.add(file).changed == (str(file),)


def test_a_file_too_fresh_to_tell_is_read_again(empty_corpus: Corpus, tmp_path: Path, read: list[str]) -> None:
    file = write(tmp_path / "a.txt", "A walrus swims.")
    empty_corpus.add(file)
    assert empty_corpus.add(file).unchanged == (str(file),)
    assert read == ["a.txt", "a.txt"]


@pytest.mark.usefixtures("settled")
def test_an_article_that_was_removed_comes_back_when_its_file_is_added_again(
    empty_corpus: Corpus, folder: Path
) -> None:
    empty_corpus.add(folder)
    gone = next(iter(empty_corpus.articles()))
    empty_corpus.remove(gone.id)
    assert empty_corpus.add(folder).added == (gone.source,)


@pytest.mark.usefixtures("settled")
def test_a_failed_file_is_tried_again(empty_corpus: Corpus, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"\0\1\2" * 50)
    for _ in range(2):
        assert [source for source, _ in empty_corpus.add(file).failed] == [str(file)]


def test_only_passages_that_changed_are_embedded(article_of: Make) -> None:
    class Counting(HashEmbedder):
        embedded: list[str] = []  # noqa: RUF012

        def embed_texts(self, texts: Sequence[str]) -> Vectors:
            self.embedded.extend(texts)
            return super().embed_texts(texts)

    long = [" ".join(f"Sentence {at} of part {part} tells of grain." for at in range(20)) for part in range(5)]
    with Corpus.in_memory(embedder=Counting()) as corpus:
        corpus.add(article_of("a", *long))
        before = len(Counting.embedded)
        Counting.embedded.clear()
        corpus.add(article_of("a", *long[:-1], "A walrus swims in the harbour."))
        assert before > 5
        assert len(Counting.embedded) == 1
        assert "walrus" in Counting.embedded[0]
        texts = {hit.passage.text: hit.dense for hit in corpus.search("grain of part 1", k=50)}
    with Corpus.in_memory(embedder=HashEmbedder()) as fresh:
        fresh.add(article_of("a", *long[:-1], "A walrus swims in the harbour."))
        assert {hit.passage.text: hit.dense for hit in fresh.search("grain of part 1", k=50)} == texts


def test_a_file_that_gives_fewer_articles_than_before_loses_the_others(empty_corpus: Corpus, tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", '{"text": "A walrus swims."}\n{"text": "Grain is dear."}\n')
    empty_corpus.add(file)
    assert len(empty_corpus) == 2
    write(file, '{"text": "Grain is dear."}\n')
    empty_corpus.sync(tmp_path)
    assert [article.text for article in empty_corpus.articles()] == ["Grain is dear."]
    file.unlink()
    write(tmp_path / "b.txt", "A moon rises.")
    assert len(empty_corpus.sync(tmp_path).removed) == 1
    assert [article.text for article in empty_corpus.articles()] == ["A moon rises."]


def test_progress_is_told_file_by_file(empty_corpus: Corpus, folder: Path) -> None:
    told: list[Step] = []
    report = empty_corpus.add(folder, progress=told.append)
    first, *_, stored, last = told
    assert first == Step(done=0, total=5, at=str(sorted(folder.iterdir())[0]))
    assert (stored.done, stored.articles) == (4, 5)
    assert last == Step(done=5, total=5, at="", articles=5, passages=report.passages)
    assert [step.done for step in told] == [0, 1, 2, 3, 4, 4, 5]
    assert report.passages == len(empty_corpus.search("lions", k=500))


def test_a_report_is_ready_for_json_and_adds_up(empty_corpus: Corpus, folder: Path) -> None:
    bad = write(folder / "bad.txt", "")
    report = empty_corpus.add(folder)
    told = json.loads(json.dumps(report.to_dict()))
    assert told["failed"] == [{"source": str(bad), "reason": report.failed[0][1]}]
    assert (len(told["added"]), told["passages"]) == (5, report.passages)
    both = report + empty_corpus.add(folder)
    assert (len(both.added), len(both.unchanged), len(both.failed), both.passages) == (5, 5, 2, report.passages)


def test_hidden_files_are_left_alone(empty_corpus: Corpus, folder: Path) -> None:
    (folder / ".git").mkdir()
    write(folder / ".git" / "notes.txt", "A walrus swims.")
    write(folder / ".draft.txt", "A walrus sings.")
    assert len(empty_corpus.add(folder).added) == 5


def test_small_batches_make_the_same_corpus(monkeypatch: pytest.MonkeyPatch, corpus: Corpus, seeds: Path) -> None:
    monkeypatch.setattr("rag.ingest.indexer.BATCH_PASSAGES", 1)
    with Corpus.in_memory(embedder=HashEmbedder()) as other:
        other.add(seeds)
        assert other.search("lions", k=50) == corpus.search("lions", k=50)


def test_what_is_removed_is_gone_from_every_surface(corpus: Corpus, seeds: Path) -> None:
    gone = corpus.search("How many animals did Putin give?")[0].passage.article_id
    source = corpus.article(gone).source
    corpus.remove(gone)
    assert len(corpus) == 4
    assert gone not in {article.id for article in corpus.articles()}
    assert source not in corpus.sources()
    assert gone not in corpus.sources().values()
    with pytest.raises(UnknownArticleError):
        corpus.article(gone)
    for question in ("How many animals did Putin give?", "Which birds were among them?", "lions"):
        assert gone not in {hit.passage.article_id for hit in corpus.search(question, k=200)}
        assert gone not in str(corpus.ask(question).to_dict())
    assert corpus.add(seeds).added == (source,)


def test_a_file_that_is_gone_leaves_with_sync_and_not_before(empty_corpus: Corpus, folder: Path) -> None:
    empty_corpus.add(folder)
    first = sorted(folder.iterdir())[0]
    first.unlink()
    assert empty_corpus.add(folder).removed == ()
    assert len(empty_corpus) == 5
    assert empty_corpus.sync(folder).removed == (str(first),)
    assert len(empty_corpus) == 4
    assert str(first) not in empty_corpus.sources()


def test_an_article_stays_while_one_of_its_files_does(empty_corpus: Corpus, folder: Path) -> None:
    first = sorted(folder.iterdir())[0]
    shutil.copy(first, folder / "copy.txt")
    empty_corpus.sync(folder)
    first.unlink()
    assert empty_corpus.sync(folder).removed == (str(first),)
    assert len(empty_corpus) == 5
    assert empty_corpus.search("lions bears Moscow Zoo")


def test_sync_of_one_path_may_name_it_from_where_one_stands(
    empty_corpus: Corpus, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty_corpus.sync(folder)
    first = sorted(folder.iterdir())[0]
    first.unlink()
    monkeypatch.chdir(folder.parent)
    report = empty_corpus.sync(folder.name, only=[Path(folder.name, first.name)])
    assert report.removed == (str(first),)


def test_a_file_whose_name_a_folder_took_is_gone(empty_corpus: Corpus, folder: Path) -> None:
    empty_corpus.sync(folder)
    old = sorted(folder.iterdir())[0]
    words = old.read_text(encoding="utf-8")
    old.unlink()
    old.mkdir()
    (old / "inside.txt").write_text(f"Another article. {words}", encoding="utf-8")
    assert empty_corpus.sync(folder).removed == (str(old),)
    assert str(old) not in empty_corpus.sources()


def test_sync_leaves_alone_what_is_not_of_its_folder(empty_corpus: Corpus, folder: Path, article_of: Make) -> None:
    beside = write(folder.parent / "articles-beside.txt", "A walrus swims.")
    empty_corpus.add([beside, article_of("a record", "Grain prices fell.")])
    beside.unlink()
    assert empty_corpus.sync(folder).removed == ()
    assert len(empty_corpus) == 7


def test_syncing_twice_changes_nothing(empty_corpus: Corpus, folder: Path) -> None:
    empty_corpus.sync(folder)
    report = empty_corpus.sync(folder)
    assert report == AddReport(unchanged=tuple(str(path) for path in sorted(folder.iterdir())))


def test_sync_of_no_folder_is_refused_and_takes_nothing_out(corpus: Corpus, tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="is not a folder"):
        corpus.sync(tmp_path / "absent")
    assert len(corpus) == 5


def test_an_emptied_folder_costs_no_article(empty_corpus: Corpus, folder: Path) -> None:
    empty_corpus.sync(folder)
    for file in folder.iterdir():
        file.unlink()
    report = empty_corpus.sync(folder)
    assert report.removed == ()
    assert "holds no file" in report.failed[0][1]
    assert len(empty_corpus) == 5


def test_a_renamed_file_is_named_anew_in_its_article(empty_corpus: Corpus, folder: Path) -> None:
    empty_corpus.sync(folder)
    old = sorted(folder.iterdir())[0]
    new = old.rename(folder / "renamed.txt")
    empty_corpus.sync(folder)
    assert str(new) in {article.source for article in empty_corpus.articles()}
    assert str(old) not in {article.source for article in empty_corpus.articles()}
    assert len(empty_corpus) == 5


def test_a_second_article_under_one_source_is_reported_not_swapped(empty_corpus: Corpus, article_of: Make) -> None:
    report = empty_corpus.add([article_of("export", "A walrus swims."), article_of("export", "Grain is dear.")])
    assert [source for source, _ in report.failed] == ["export"]
    assert [article.text for article in empty_corpus.articles()] == ["A walrus swims."]


def test_corrected_metadata_takes_the_place_of_the_old(empty_corpus: Corpus, article_of: Make) -> None:
    empty_corpus.add(article_of("a", "A walrus swims.", outlet="Bel"))
    report = empty_corpus.add(article_of("a", "A walrus swims.", outlet="Bell", published=date(2024, 5, 1)))
    assert report.changed == ("a",)
    (kept,) = empty_corpus.articles()
    assert (kept.outlet, kept.published) == ("Bell", date(2024, 5, 1))
    assert [hit.outlet for hit in empty_corpus.search("walrus")] == ["Bell"]


def test_a_moment_is_kept_as_its_day(empty_corpus: Corpus, article_of: Make) -> None:
    empty_corpus.add(article_of("a", "A walrus swims.", published=datetime(2024, 5, 1, 12, 30, tzinfo=UTC)))
    (kept,) = empty_corpus.articles()
    assert kept.published == date(2024, 5, 1)


@pytest.mark.parametrize("sections", [[(0, 5), (3, 8)], [(5, 2)], [(0, 500)], [(-3, 4)]])
def test_sections_that_do_not_fit_are_refused(empty_corpus: Corpus, sections: list[tuple[int, int]]) -> None:
    given = Article("", "Zoo", "A walrus swims.", "a", sections=tuple(Section(*span, "body") for span in sections))
    ((_, reason),) = empty_corpus.add(given).failed
    assert "do not fit the text" in reason
    assert len(empty_corpus) == 0


def test_a_moment_in_a_record_from_a_reader_is_kept_as_its_day(empty_corpus: Corpus, article_of: Make) -> None:
    moment = datetime(2024, 5, 1, 12, 30, tzinfo=UTC)
    empty_corpus.add(article_of("a", "A walrus swims.", published=moment, origins={"published": "byline"}))
    assert [article.published for article in empty_corpus.articles()] == [date(2024, 5, 1)]
