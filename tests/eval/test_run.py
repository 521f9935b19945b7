import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eval.case import Case
from eval.evidence import name_articles
from eval.provenance import describe
from eval.report import save
from eval.run import RunError, load_rows, run_cases, save_rows
from rag.settings import Settings

SAME = ("rows.jsonl", "summary.json", "summary.md", "run.json")


def saved(cases: list[Case], corpus: Any, cases_file: Path, folder: Path) -> Path:
    done = run_cases(cases, corpus, name_articles(cases, corpus.articles()))
    settings = Settings(chat_key="a-secret", chat_address="http://me:swordfish@host:8080/v1?key=hidden")
    made_with = describe(
        cases=cases_file, split="all", settings=settings, articles=corpus.articles(), made_by=done.made_by
    )
    save(done, folder, made_with)
    return folder


@pytest.fixture
def cases_file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.jsonl"
    path.write_text("{}", encoding="utf-8")
    return path


def test_the_same_command_twice_gives_the_same_bytes(
    lions: Case, pandas: Case, corpus: Any, cases_file: Path, tmp_path: Path
) -> None:
    cases = [lions, pandas, replace(lions, id="c3", question="crash")]
    first = saved(cases, corpus, cases_file, tmp_path / "first")
    second = saved(cases, corpus, cases_file, tmp_path / "second")
    again = {name: (first / name).read_bytes() for name in SAME}
    saved(cases, corpus, cases_file, first)
    for name in SAME:
        assert (first / name).read_bytes() == (second / name).read_bytes() == again[name]
    assert json.loads((first / "timings.json").read_text())["n"] == 2


def test_a_run_says_what_it_was_made_with_and_keeps_no_secret(
    lions: Case, corpus: Any, cases_file: Path, tmp_path: Path
) -> None:
    text = (saved([lions], corpus, cases_file, tmp_path / "run") / "run.json").read_text()
    made_with = json.loads(text)
    assert "secret" not in text
    assert "swordfish" not in text
    assert "hidden" not in text
    assert made_with["settings"]["chat_address"] == "http://host:8080/v1"
    assert str(tmp_path) not in text
    assert '"source": "zoo.txt"' in (tmp_path / "run" / "rows.jsonl").read_text()
    assert made_with["made_by"] == {"reader": ["fake 1"]}
    assert made_with["corpus"]["articles"] == 2
    assert len(made_with["cases"]["sha256"]) == 64
    assert all(made_with["versions"][package] for package in ("numpy", "sentencex", "trafilatura"))
    assert {"commit", "dirty", "settings", "seed", "machine"} <= set(made_with)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("http://127.0.0.1:11434/v1", "http://127.0.0.1:11434/v1"),
        ("https://me:wo@rd@host/v1#word", "https://host/v1"),
        ("http://[::1]:80/v1", "http://[::1]:80/v1"),
        ("http://me:12/word@host/v1", None),
        ("http://me:a/word@host/v1", None),
    ],
)
def test_an_address_is_kept_without_what_may_be_secret(
    address: str, shown: str | None, corpus: Any, cases_file: Path
) -> None:
    made_with = describe(
        cases=cases_file, split="all", settings=Settings(chat_address=address), articles=corpus.articles(), made_by={}
    )
    assert made_with["settings"]["chat_address"] == shown


def test_a_crash_is_an_error_and_never_a_zero(lions: Case, corpus: Any) -> None:
    cases = [replace(lions, id="c0", question="crash"), lions]
    crashed, fine = run_cases(cases, corpus, name_articles(cases, corpus.articles())).rows
    assert crashed.error == "ZeroDivisionError: a part broke"
    assert crashed.scores == {}
    assert crashed.status is None
    assert fine.scores["correct"].value == 1.0


def test_history_reaches_the_corpus(lions: Case, corpus: Any) -> None:
    case = replace(lions, history=("Tell me about the zoo.",))
    run_cases([case], corpus, name_articles([case], corpus.articles()))
    assert corpus.asked == [("How many lions?", ("Tell me about the zoo.",))]


def test_rows_come_back_as_they_were_saved(lions: Case, pandas: Case, corpus: Any, tmp_path: Path) -> None:
    cases = [lions, pandas, replace(lions, id="c3", question="crash")]
    rows = run_cases(cases, corpus, name_articles(cases, corpus.articles())).rows
    save_rows(rows, tmp_path)
    assert tuple(load_rows(tmp_path)) == rows
    assert rows[0].citations


def test_a_damaged_or_absent_run_is_said(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="cannot be read"):
        load_rows(tmp_path)
    (tmp_path / "rows.jsonl").write_text('{"id": "x"}\n', encoding="utf-8")
    with pytest.raises(RunError, match=r"line 1 is not a row"):
        load_rows(tmp_path)
