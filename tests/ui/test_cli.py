"""The command line on a real index in a folder, with a plug-in embedder that needs no model."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from eval.stress.scene import AnyReader
from rag import Answer, Corpus
from rag.index.database import alone
from rag.testing import HashEmbedder
from ui.cli import main

PLUGIN = """
import pathlib, time
from rag.testing import HashEmbedder

class Hash(HashEmbedder):
    def __init__(self, settings):
        pass

class Stuck(Hash):  # at its second batch, while there is a file `stuck`
    def embed_texts(self, texts):
        embedded = pathlib.Path("embedded")
        before = embedded.read_text().splitlines() if embedded.exists() else []
        embedded.write_text("".join(f"{line}\\n" for line in [*before, len(texts)]))
        while before and pathlib.Path("stuck").exists():
            time.sleep(0.05)
        return super().embed_texts(texts)
"""
ARTICLE = (
    "Harbour town swaps ferries for seals\n\nThe council of Vell sold its last ferry in March. "
    "In return the neighbouring island sent 12 [bold]grey[/bold] seals, which now live in the old dock.\n"
)


def furnished(folder: Path) -> Path:
    (folder / "hashing.py").write_text(PLUGIN, encoding="utf-8")
    (folder / "articles").mkdir()
    (folder / "articles" / "harbour.txt").write_text(ARTICLE, encoding="utf-8")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return furnished(tmp_path)


def environment_of(folder: Path) -> dict[str, str]:
    root = Path(__file__).parents[2]
    known = {name: value for name, value in os.environ.items() if not name.startswith(("CITEDESK_", "PORT"))}
    path = f"{root}{os.pathsep}{folder}"
    fakes = {
        "EMBEDDER": "hashing:Hash",
        "READER": "rag.testing:WordReader",
        "ENTAILMENT": "none",
        "CONSISTENCY": "none",
    }
    parts = {f"CITEDESK_{role}": name for role, name in fakes.items()}
    return known | parts | {"PYTHONPATH": path, "COLUMNS": "200"}


def citedesk(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command in this process: a new one takes a second to load what is loaded here."""
    wanted = environment_of(folder) | environment
    out, err = (TextIOWrapper(BytesIO(), encoding="utf-8") for _ in range(2))
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        for name in os.environ.keys() - wanted.keys():
            patch.delenv(name)
        for name, value in wanted.items():
            patch.setenv(name, value)
        patch.chdir(folder)
        patch.syspath_prepend(folder)
        patch.setattr("sys.argv", ["citedesk", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
    out.flush(), err.flush()
    told, errors = (stream.buffer.getvalue().decode() for stream in (out, err))  # type: ignore[attr-defined]
    return subprocess.CompletedProcess(arguments, int(ended.value.code or 0), told, errors)


def citedesk_alone(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "ui", *arguments],
        cwd=folder,
        env=environment_of(folder) | environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def heed_interrupts() -> None:
    """What runs in the background, these tests perhaps, is started with Ctrl+C switched off."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def batches(folder: Path) -> list[int]:
    """How many texts each call of the embedder Stuck was given."""
    return (
        [int(line) for line in (folder / "embedded").read_text().splitlines()] if (folder / "embedded").exists() else []
    )


def wait_until(condition: Callable[[], bool], *, seconds: float = 120.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an index, shared by the tests that only read it."""
    folder = furnished(tmp_path_factory.mktemp("indexed"))
    done = citedesk(folder, "index", "articles", "--index", "ix")
    assert done.returncode == 0, done.stderr
    return folder


def test_index_sums_up_and_knows_what_it_has_read(folder: Path) -> None:
    first = citedesk(folder, "index", "articles", "--index", "ix")
    again = citedesk(folder, "index", "articles", "--index", "ix")
    assert "1 added, 0 unchanged, 0 changed, 0 failed. ix holds 1 article." in first.stdout
    assert "0 added, 1 unchanged, 0 changed, 0 failed. ix holds 1 article." in again.stdout
    assert (first.returncode, again.returncode) == (0, 0)


def test_index_prints_what_became_of_each_file(folder: Path) -> None:
    (folder / "articles" / "empty.txt").write_text("", encoding="utf-8")
    done = citedesk(folder, "index", "articles", "--index", "ix", "--details")
    added, failed, summary = done.stdout.splitlines()
    assert failed.startswith(f"failed {Path('articles', 'empty.txt')}: ")
    assert added == f"added {(folder / 'articles' / 'harbour.txt').resolve()}"
    assert summary.startswith("1 added, 0 unchanged, 0 changed, 1 failed.")
    assert done.stderr == ""


def test_index_json_is_the_whole_report_and_nothing_else(folder: Path) -> None:
    (folder / "articles" / "empty.txt").write_text("", encoding="utf-8")
    done = citedesk(folder, "index", "articles", "--index", "ix", "--json")
    report = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (1, "")
    assert report["added"] == [str((folder / "articles" / "harbour.txt").resolve())]
    assert [Path(one["source"]).name for one in report["failed"]] == ["empty.txt"]
    assert "empty" in report["failed"][0]["reason"]
    assert (report["index"], report["articles"], report["passages"]) == ("ix", 1, 1)
    assert report["seconds"] > 0
    assert report["passages"] / report["passages_a_second"] == pytest.approx(
        report["seconds"], abs=0.001
    )  # it is rounded


@pytest.mark.slow
@pytest.mark.core
@pytest.mark.skipif(sys.platform == "win32", reason="signals are of Unix")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_what_is_stored_when_indexing_is_cut_off_is_not_embedded_again(folder: Path, how: signal.Signals) -> None:
    for number in range(400):
        (folder / "articles" / f"{number}.txt").write_text(f"Walrus {number} swims.", encoding="utf-8")
    (folder / "stuck").touch()
    environment = {"CITEDESK_EMBEDDER": "hashing:Stuck"}
    process = subprocess.Popen(
        [sys.executable, "-m", "ui", "index", "articles", "--index", "ix"],
        cwd=folder,
        env=environment_of(folder) | environment,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=heed_interrupts,
    )
    wait_until(lambda: len(batches(folder)) == 2)
    process.send_signal(how)
    told = process.communicate(timeout=120)[1]
    if how == signal.SIGINT:
        assert process.returncode == 130
        assert "This run has stored 256 articles, ix holds 256. The same command goes on from there." in told
    (folder / "stuck").unlink()
    (folder / "embedded").unlink()
    again = citedesk(folder, "index", "articles", "--index", "ix", **environment)
    assert "145 added, 256 unchanged, 0 changed, 0 failed. ix holds 401 articles." in again.stdout
    assert sum(batches(folder)) == 145


def test_index_names_the_file_that_failed_and_exits_with_1(folder: Path) -> None:
    (folder / "articles" / "[red]empty\x1b[1m.txt").write_text("", encoding="utf-8")
    done = citedesk(folder, "index", "articles", "--index", "ix")
    assert done.returncode == 1
    assert "1 added, 0 unchanged, 0 changed, 1 failed" in done.stdout
    assert "[red]empty[1m.txt" in done.stderr
    assert "\x1b" not in done.stderr


def test_index_takes_out_deleted_files_only_when_told_to_sync(folder: Path) -> None:
    (folder / "articles" / "note.txt").write_text("A note\n\nThe dock was painted in June.", encoding="utf-8")
    citedesk(folder, "index", "articles", "--index", "ix")
    (folder / "articles" / "note.txt").unlink()
    kept = citedesk(folder, "index", "articles", "--index", "ix")
    synced = citedesk(folder, "index", "--sync", "articles", "--index", "ix")
    assert "ix holds 2 articles." in kept.stdout
    assert "0 added, 1 unchanged, 0 changed, 1 removed, 0 failed. ix holds 1 article." in synced.stdout


def test_index_takes_fields_of_records_by_the_map(folder: Path) -> None:
    records = [{"kop": "Seals", "lede": ARTICLE}, {"kop": "Fog", "lede": "A fog came over the harbour and stayed."}]
    (folder / "articles" / "export.json").write_text(json.dumps(records), encoding="utf-8")
    failed = citedesk(folder, "index", "articles", "--index", "folder")
    assert "Name the field: citedesk index --map text=FIELD" in failed.stderr
    read = citedesk(folder, "index", "articles", "--index", "folder", "--map", "text=lede", "--map", "title=kop")
    assert "2 added, 1 unchanged" in read.stdout
    assert "export.json#2" in citedesk(folder, "search", "fog", "--index", "folder").stdout


def test_a_map_that_is_none_makes_no_folder(folder: Path) -> None:
    done = citedesk(folder, "index", "articles", "--index", "folder", "--map", "lede")
    assert (done.returncode, (folder / "folder").exists()) == (2, False)
    assert "expected NAME=FIELD" in done.stderr


def test_index_of_a_folder_that_is_not_there_is_wrong_use(folder: Path) -> None:
    done = citedesk(folder, "index", "nowhere", "--index", "ix")
    assert done.returncode == 2
    assert "nowhere" in done.stderr
    assert not (folder / "ix").exists()


def test_ask_prints_answer_and_footnote_with_markup_left_as_words(indexed: Path) -> None:
    done = citedesk(indexed, "ask", "How many seals did the neighbouring island send?", "--index", "ix")
    assert done.returncode == 0, done.stderr
    assert "12 [bold]grey[/bold] seals, which now live in the old dock. [" in done.stdout
    assert "[1] Harbour town swaps ferries for seals" in done.stdout
    assert "harbour.txt" in done.stdout


def test_ask_json_prints_the_answer_and_nothing_else(indexed: Path) -> None:
    done = citedesk(indexed, "ask", "How many seals were sent?", "--index", "ix", "--json")
    answer = Answer.from_dict(json.loads(done.stdout))
    assert answer.question == "How many seals were sent?"
    assert answer.citations[0].quote in ARTICLE


def test_ask_reads_as_many_passages_as_the_confidence_is_fitted_for(indexed: Path) -> None:
    done = citedesk(indexed, "ask", "How many seals were sent?", "--index", "ix", "--k", "2")
    assert (done.returncode, "No such option" in done.stderr) == (2, True)


def test_letters_that_the_terminal_does_not_have_are_written_out_and_json_stays_json(indexed: Path) -> None:
    found = citedesk_alone(indexed, "search", "grey seals", "--index", "ix", PYTHONIOENCODING="ascii")
    assert (found.returncode, "\\u201cHarbour" in found.stdout) == (0, True), found.stderr
    question = "How many seals 🦭 were sent?"
    asked = citedesk_alone(indexed, "ask", question, "--index", "ix", "--json", PYTHONIOENCODING="ascii")
    assert json.loads(asked.stdout)["question"] == question


def test_a_refusal_has_its_own_exit_code(folder: Path) -> None:
    (folder / "void").mkdir()
    citedesk(folder, "index", "void", "--index", "ix")
    done = citedesk(folder, "ask", "Who sold the ferry?", "--index", "ix")
    assert done.returncode == 3
    assert done.stdout.startswith("The articles do not say")


def test_search_prints_the_best_passages(indexed: Path) -> None:
    done = citedesk(indexed, "search", "grey seals", "--index", "ix", "--k", "1")
    assert done.returncode == 0
    assert done.stdout.lstrip().startswith("1. Harbour town swaps ferries for seals")
    assert "12 [bold]grey[/bold] seals" in done.stdout


def test_ask_and_search_look_only_at_the_days_and_outlets_named(folder: Path) -> None:
    records = [
        {
            "title": f"Ferry {day}",
            "text": f"The ferry came back on day {day}.",
            "outlet": outlet,
            "published": f"2024-05-0{day}",
        }
        for day, outlet in ((1, "Vell Post"), (2, "Vell Post"), (3, "Island Times"))
    ]
    (folder / "articles" / "export.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    citedesk(folder, "index", "articles", "--index", "ix")

    def found(*filters: str) -> list[str]:
        done = citedesk(folder, "search", "ferry back", "--index", "ix", *filters)
        assert done.returncode == 0, done.stderr
        return sorted(f"Ferry {day}" for day in (1, 2, 3) if f"Ferry {day}" in done.stdout)

    assert found("--after", "2024-05-02") == ["Ferry 2", "Ferry 3"]
    assert found("--before", "2024-05-02") == ["Ferry 1", "Ferry 2"]
    assert found("--outlet", "Island Times", "--outlet", "Vell Post") == ["Ferry 1", "Ferry 2", "Ferry 3"]
    asked = citedesk(folder, "ask", "Did the ferry come back?", "--index", "ix", "--outlet", "Island Times", "--json")
    answer = Answer.from_dict(json.loads(asked.stdout))
    assert {hit.outlet for hit in answer.nearest} | {one.outlet for one in answer.citations} == {"Island Times"}
    wrong = citedesk(folder, "ask", "Did it?", "--index", "ix", "--outlet", "Vel Post")
    assert (wrong.returncode, "Did you mean 'Vell Post'?" in wrong.stderr) == (2, True)
    day = citedesk(folder, "search", "ferry", "--index", "ix", "--after", "May 2024")
    assert (day.returncode, "%Y-%m-%d" in day.stderr) == (2, True)


def test_what_is_listed_can_be_removed_and_is_read_again_by_the_next_index(folder: Path) -> None:
    records = [{"title": f"Ferry {day}", "text": f"The ferry came back on day {day}."} for day in (1, 2)]
    (folder / "articles" / "export.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    citedesk(folder, "index", "articles", "--index", "ix")
    listed = citedesk(folder, "list", "--index", "ix")
    titles, sources = zip(*(line.split(" · ") for line in listed.stdout.splitlines()), strict=True)
    assert titles == ("Ferry 1", "Ferry 2", "Harbour town swaps ferries for seals")
    as_json = json.loads(citedesk(folder, "list", "--index", "ix", "--json").stdout)
    assert [(one["title"], one["sources"]) for one in as_json] == [
        (title, [source]) for title, source in zip(titles, sources, strict=True)
    ]
    removed = citedesk(folder, "remove", sources[0], sources[2], "--index", "ix")
    assert removed.returncode == 0
    assert removed.stdout.splitlines() == [
        f"removed {sources[0]}",
        f"removed {sources[2]}",
        "ix holds 1 article.",
    ]
    assert citedesk(folder, "list", "--index", "ix").stdout == listed.stdout.splitlines(keepends=True)[1]
    again = citedesk(folder, "index", "articles", "--index", "ix")
    assert "2 added, 1 unchanged, 0 changed, 0 failed. ix holds 3 articles." in again.stdout


def test_a_file_of_several_is_removed_with_all_of_its_rows_by_a_relative_path(folder: Path) -> None:
    rows = ["title,text", *(f"Ferry {day},The ferry came back on day {day}." for day in (1, 2, 3))]
    (folder / "articles" / "export.csv").write_text("\n".join(rows), encoding="utf-8")
    citedesk(folder, "index", "articles", "--index", "ix")
    removed = citedesk(folder, "remove", "articles/export.csv", "--index", "ix")
    assert removed.returncode == 0
    assert [line.rpartition("#")[2] for line in removed.stdout.splitlines()] == ["1", "2", "3", "ix holds 1 article."]


def test_an_empty_list_of_an_index_is_empty(folder: Path) -> None:
    (folder / "articles" / "harbour.txt").write_text("", encoding="utf-8")
    citedesk(folder, "index", "articles", "--index", "ix")
    assert citedesk(folder, "list", "--index", "ix").stdout == ""
    assert json.loads(citedesk(folder, "list", "--index", "ix", "--json").stdout) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("list", "--index", "none"), "there is no index in none"),
        (("remove", "nonesuch.txt", "--index", "ix"), "no article came from 'nonesuch.txt', expected sources as"),
        (("ask", "  ", "--index", "ix"), "the question is empty"),
        (("ask", "q", "--index", "none"), "there is no index in none"),
        (("ask", "q", "--index", "ix", "--answerer", "extractiv"), "Did you mean 'extractive'?"),
        (("search", "x" * 50_000, "--index", "ix"), "the question has 50,000 characters"),
    ],
)
def test_an_error_is_one_line_without_traceback(indexed: Path, arguments: tuple[str, ...], words: str) -> None:
    done = citedesk(indexed, *arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_chat_says_that_its_port_is_taken(indexed: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = citedesk(indexed, "chat", "--index", "ix", PORT=str(taken.getsockname()[1]))
    assert done.returncode == 2
    assert "expected a free one" in done.stderr


def test_chat_serves_programs_only_with_a_token(indexed: Path) -> None:
    done = citedesk(indexed, "chat", "--index", "ix", "--api", "--no-token")
    assert done.returncode == 2
    assert "--api wants the token that --no-token does without" in done.stderr


def test_eval_is_handed_to_the_harness(folder: Path) -> None:
    done = citedesk(folder, "eval", "--help")
    assert done.returncode == 0
    assert "citedesk eval" in done.stdout
    assert "compare" in done.stdout
    assert citedesk(folder, "eval", "nonsense").returncode == 2


def test_help_loads_nothing_heavy(folder: Path) -> None:
    code = "import sys, ui.cli; print(sorted({'torch', 'gradio', 'numpy', 'rich'} & set(sys.modules)))"
    loaded = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert loaded.stdout.strip() == "[]"
    assert "chat" in citedesk(folder, "--help").stdout


def test_doctor_tells_by_its_exit_code_and_repairs(folder: Path) -> None:
    citedesk(folder, "index", "articles", "--index", "mine")
    well = citedesk(folder, "doctor", "--index", "mine")
    assert (well.returncode, "holds 1 article with 1 passage; checked" in well.stdout, "is whole" in well.stdout) == (
        0,
        True,
        True,
    )
    with sqlite3.connect(folder / "mine" / "corpus.sqlite") as connection:
        connection.execute("DELETE FROM keywords")
    connection.close()
    ill = citedesk(folder, "doctor", "--index", "mine", "--json")
    assert ill.returncode == 1
    assert [finding["part"] for finding in json.loads(ill.stdout)["findings"]] == ["keywords"]
    cured = citedesk(folder, "doctor", "--index", "mine", "--repair")
    assert (cured.returncode, "repaired keywords" in cured.stdout) == (0, True)
    assert citedesk(folder, "doctor", "--index", "absent").returncode == 2


def test_a_second_writer_gives_up_or_waits(folder: Path) -> None:
    citedesk(folder, "index", "articles", "--index", "mine")
    (folder / "articles" / "new.txt").write_text("A walrus swims in the old dock.", encoding="utf-8")
    with alone(folder / "mine", wait=False):
        refused = citedesk_alone(folder, "index", "articles", "--index", "mine")
        waiting = subprocess.Popen(  # it ends when the lock is free
            [sys.executable, "-m", "ui", "index", "articles", "--index", "mine", "--wait"],
            cwd=folder,
            env=environment_of(folder),
            stdout=subprocess.PIPE,
            text=True,
        )
    assert refused.returncode == 2
    assert "Another process is writing" in refused.stderr
    assert "--wait" in refused.stderr
    assert "1 added" in waiting.communicate(timeout=120)[0]


class Watching:
    """`citedesk watch articles` under way. `told` are the lines it has printed."""

    def __init__(self, folder: Path) -> None:
        self.told: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ui", "watch", "articles", "--index", "ix"],
            cwd=folder,
            env=environment_of(folder),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            preexec_fn=heed_interrupts,
        )
        self._reading = threading.Thread(target=self._read)
        self._reading.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout:
            self.told.extend(line.rstrip() for line in iter(self.process.stdout.readline, ""))

    def tells(self, words: str) -> None:
        wait_until(lambda: any(words in line for line in self.told))

    def ends(self, how: signal.Signals | None = None) -> int:
        if how is not None:
            self.process.send_signal(how)
        code = self.process.wait(timeout=120)
        self._reading.join()
        return code


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals are of Unix")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_watch_follows_the_folder_until_it_is_stopped(folder: Path, how: signal.Signals) -> None:
    articles = folder.resolve() / "articles"
    watching = Watching(folder)
    watching.tells("1 added, 0 unchanged, 0 changed, 0 removed, 0 failed. ix holds 1 article. Watching articles")
    with Corpus.open(
        folder / "ix", embedder=HashEmbedder(), reader=AnyReader()
    ) as chatting:  # as `citedesk chat` has it open
        assert chatting.search("walrus")[0].title == "Harbour town swaps ferries for seals"
        (articles / "new.txt").write_text("A walrus swims in the old dock.", encoding="utf-8")
        watching.tells(f"added {articles / 'new.txt'}")
        assert chatting.search("walrus")[0].source == str(articles / "new.txt")
        (articles / "harbour.txt").unlink()
        watching.tells(f"removed {articles / 'harbour.txt'}")
        assert {hit.source for hit in chatting.search("seals")} == {str(articles / "new.txt")}
    assert watching.ends(how) == 0
    assert watching.told[-1] == "Stopped."
    assert len(watching.told) == 4


@pytest.mark.slow
def test_watch_ends_with_its_folder(folder: Path) -> None:
    watching = Watching(folder)
    watching.tells("Watching articles")
    (folder / "articles").rename(folder / "unplugged")
    assert watching.ends() == 2
    assert "is not there, expected the folder that is watched. Its articles stay" in watching.told[-1]
    assert json.loads(citedesk(folder, "doctor", "--index", "ix", "--json").stdout)["articles"] == 1
