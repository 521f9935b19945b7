from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from eval.compare import compare_folders, compare_rows, difference_table
from eval.intervals import mcnemar, paired_interval
from eval.run import Row, RunError, save_rows
from eval.scorers import Score


def rows(values: str, *, score: str = "correct") -> list[Row]:
    """One row a character: 1 right, 0 wrong, - does not apply."""
    return [
        Row(f"c{i}", f"q{i}", True, (), "test", scores={score: Score(None if c == "-" else float(c), f"now {c}")})
        for i, c in enumerate(values)
    ]


def test_pairs_rows_and_tests_the_difference() -> None:
    compared = compare_rows(rows("0000011-1"), rows("1110010-1"))
    (difference,) = compared.differences
    assert (difference.n, difference.gained, difference.lost) == (8, 3, 1)
    assert difference.second - difference.first == pytest.approx(0.25)
    assert difference.p == mcnemar(3, 1)
    assert difference.interval == paired_interval([0, 0, 0, 0, 0, 1, 1, 1], [1, 1, 1, 0, 0, 1, 0, 1])


def test_pairing_goes_by_id_and_not_by_place() -> None:
    first = rows("0110")
    assert compare_rows(first, list(reversed(first))).changes == ()


def test_lists_the_cases_that_changed_with_the_reason_now() -> None:
    compared = compare_rows(rows("01-"), rows("111"))
    assert [(change.id, change.first, change.second, change.why) for change in compared.changes] == [
        ("c0", 0.0, 1.0, "now 1"),
        ("c2", None, 1.0, "now 1"),
    ]


def test_graded_scores_have_no_p() -> None:
    graded = [replace(row, scores={"mrr": Score(0.5, "rank 2")}) for row in rows("11")]
    (difference,) = compare_rows(rows("11", score="mrr"), graded).differences
    assert difference.p is None
    assert difference.second - difference.first == -0.5


def test_no_figure_is_cut_on_a_terminal_of_eighty_columns() -> None:
    first, second = rows("1" * 999, score="unanswerable_refused"), rows("0" * 999, score="unanswerable_refused")
    console = Console(width=80)
    with console.capture() as shown:
        console.print(difference_table(compare_rows(first, second)))
    figures = "unanswerable_refused 1.000 0.000 -1.000 -1.000 to -1.000 999 0 999 0.000"
    assert figures in " ".join(shown.get().split())


def test_says_when_the_case_sets_differ() -> None:
    compared = compare_rows(rows("111"), rows("11"))
    assert compared.cases == 2
    assert compared.warnings == ("1 cases are in the first run only and are left out: c2",)
    with pytest.raises(RunError, match="share no case"):
        compare_rows(rows("1"), [replace(rows("1")[0], id="other")])


def test_reworded_and_crashed_cases_are_left_out_and_said() -> None:
    second = rows("111")
    second[0] = replace(second[0], question="another")
    second[1] = replace(second[1], scores={}, error="ValueError: x")
    compared = compare_rows(rows("111"), second)
    assert compared.cases == 1
    assert [warning.split(" and ")[0] for warning in compared.warnings] == [
        "1 cases of one id are worded differently",
        "1 cases crashed in one run or both",
    ]


def test_folders_made_with_other_cases_are_said(tmp_path: Path) -> None:
    for name, digest in (("a", "1"), ("b", "2")):
        (tmp_path / name).mkdir()
        save_rows(rows("10"), tmp_path / name)
        (tmp_path / name / "run.json").write_text('{"cases": {"sha256": "%s"}}' % digest, encoding="utf-8")  # noqa: UP031
    (warning,) = compare_folders(tmp_path / "a", tmp_path / "b").warnings
    assert warning.startswith("cases differ: ")
