import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from eval.case import load_cases
from eval.cli import app
from eval.run import Row, save_rows
from eval.scorers import Score
from rag.conversations.records import JudgedCase
from rag.conversations.storage import History

CASE = {"id": "a", "question": "Who?", "answerable": True, "expected": ["Ann"], "tags": ["fact"]}


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    path = tmp_path / "cases.jsonl"
    path.write_text(json.dumps(CASE), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--fail-under", "corect=1"], "Did you mean 'correct'?"),
        (["--fail-over", "correct:way=1"], "no tag is called 'way'"),
        (["--split", "dev"], "none of the 1 cases is in split 'dev'"),
        (["--corpus", "nowhere"], "nowhere does not exist"),
    ],
)
def test_a_wrong_argument_is_said_before_anything_is_asked(cases: Path, arguments: list[str], message: str) -> None:
    done = CliRunner().invoke(app, ["run", "--cases", str(cases), *arguments])
    assert done.exit_code == 2
    assert message in done.output


def test_a_place_where_no_run_can_be_saved_is_said_before_anything_is_asked(cases: Path) -> None:
    done = CliRunner().invoke(app, ["run", "--cases", str(cases), "--out", str(cases)])
    assert done.exit_code == 2
    assert "cannot be made" in done.output
    assert "Correct --out." in done.output


def test_compare_prints_differences_and_changed_cases(tmp_path: Path) -> None:
    for name, value in (("a", 0.0), ("b", 1.0)):
        (tmp_path / name).mkdir()
        save_rows([Row("c1", "Who [bold]?", True, (), "test", scores={"correct": Score(value, "w")})], tmp_path / name)
        (tmp_path / name / "run.json").write_text("{}", encoding="utf-8")
    done = CliRunner().invoke(app, ["compare", str(tmp_path / "a"), str(tmp_path / "b")], env={"COLUMNS": "200"})
    assert done.exit_code == 0
    assert "+1.000" in done.output
    assert "Who [bold]?" in done.output


def test_compare_says_what_is_no_run(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["compare", str(tmp_path), str(tmp_path)])
    assert done.exit_code == 2
    assert "expected the folder of a saved run" in done.output


def test_runs_the_users_own_cases_on_their_own_articles(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    text = "Harbour news\n\nThe harbour of Elmsworth opened a new lighthouse in May 2019. It cost two million euros.\n"
    (tmp_path / "articles" / "harbour.txt").write_text(text, encoding="utf-8")
    case = {
        "id": "a",
        "question": "When did Elmsworth open its new lighthouse?",
        "answerable": True,
        "expected": ["May 2019"],
        "evidence": [{"article": "harbour.txt", "quote": "opened a new lighthouse in May 2019"}],
    }
    (tmp_path / "mine.jsonl").write_text(json.dumps(case), encoding="utf-8")
    run = ["run", "--cases", str(tmp_path / "mine.jsonl"), "--corpus", str(tmp_path / "articles")]
    first = CliRunner().invoke(app, [*run, "--out", str(tmp_path / "a"), "--fail-under", "verbatim=1"])
    assert first.exit_code == 0, first.output
    second = CliRunner().invoke(app, [*run, "--out", str(tmp_path / "b"), "--fail-over", "correct=0.5"])
    assert second.exit_code == 1
    assert "correct is 1.000, expected at most 0.5." in second.output
    for name in ("rows.jsonl", "summary.json", "summary.md", "run.json"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_each_measure_is_a_command_with_its_own_arguments() -> None:
    listed = CliRunner().invoke(app, ["--help"]).output
    assert "citation_attack" in listed
    assert "house" in listed
    done = CliRunner().invoke(app, ["citation_attack", "--help"])
    assert "How many mutated quotes" in done.output


def test_the_answers_judged_on_the_page_are_printed_as_cases(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["cases", "--index", str(tmp_path)])
    assert done.exit_code == 2
    assert "no answer was judged" in done.output
    with History.open(tmp_path) as history:
        history.keep_case(JudgedCase("j1", "Wär’s Ann?", True, expected_all=(("Ann",),)), mentions=["a1"])
    done = CliRunner().invoke(app, ["cases", "--index", str(tmp_path)])
    (tmp_path / "mine.jsonl").write_text(done.stdout, encoding="utf-8")
    assert [case.question for case in load_cases(tmp_path / "mine.jsonl")] == ["Wär’s Ann?"]
