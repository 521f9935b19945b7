import io
from dataclasses import replace

import pytest
from rich.console import Console

from eval.report import markdown, summarise, table
from eval.run import Row
from eval.scorers import Score


def row(row_id: str, value: float | None, **fields: object) -> Row:
    plain = Row(
        row_id, "Why | so?", True, ("fact",), "test", status="answered", scores={"correct": Score(value, "why")}
    )
    return replace(plain, **fields)


ROWS = [
    row("a", 1.0, confidence=0.9, right=True),
    row("b", 0.0, confidence=0.8, right=False, tags=("why",)),
    row("c", None),
    row("d", None, scores={}, error="ValueError: odd <b>"),
]


def test_a_mean_comes_with_counts_of_what_it_leaves_out() -> None:
    correct = summarise(ROWS).scores["correct"]
    assert (correct.mean, correct.n, correct.not_applicable, correct.failed) == (0.5, 2, 1, 1)
    assert correct.low is not None
    assert correct.high is not None
    assert correct.low < 0.5 < correct.high
    assert correct.method == "wilson"


def test_a_score_that_applies_to_no_case_has_no_mean() -> None:
    proving = summarise(ROWS).scores["proving"]
    assert (proving.mean, proving.low, proving.n, proving.not_applicable) == (None, None, 0, 3)


def test_tags_have_their_own_means() -> None:
    summary = summarise(ROWS)
    assert summary.by_tag["why"]["correct"].mean == 0.0
    assert summary.by_tag["fact"]["correct"].mean == 1.0


def test_calibration_error_is_computed_over_the_rows_that_have_a_confidence() -> None:
    error = summarise(ROWS).scores["calibration_error"]
    assert error.n == 2
    assert error.mean == pytest.approx((0.1 + 0.8) / 2)


def test_the_page_lists_what_went_wrong_and_keeps_cells_whole() -> None:
    page = markdown(summarise(ROWS), ROWS)
    assert "## 2 cases went wrong" in page
    assert "| b | Why \\| so? | answered | correct: why |" in page
    assert "crashed: ValueError: odd &lt;b>" in page


def test_the_table_shows_every_score() -> None:
    console = Console(width=200, record=True, file=io.StringIO())
    console.print(table(summarise(ROWS)))
    text = console.export_text()
    assert "correct" in text
    assert "0.500" in text
    assert "4 cases, 1 failed" in text
