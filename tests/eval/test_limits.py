from typing import Literal

import pytest

from eval.limits import failures, parse_limit
from eval.report import summarise
from eval.run import Row, RunError
from eval.scorers import Score

ROWS = [
    Row(str(i), "q", True, ("fact",) if i else ("why",), "test", scores={"correct": Score(float(i > 1), "why")})
    for i in range(4)
]


@pytest.mark.parametrize(
    ("text", "fails", "broken"),
    [
        ("correct=0.5", "under", []),
        ("correct=0.6", "under", ["correct is 0.500, expected at least 0.6."]),
        ("correct=0.4", "over", ["correct is 0.500, expected at most 0.4."]),
        ("correct:fact=0.7", "under", ["correct of fact is 0.667, expected at least 0.7."]),
        ("correct:fact=0.6", "under", []),
        ("proving=0.1", "under", ["proving has no value, expected at least 0.1: it applies to none of the cases."]),
    ],
)
def test_names_what_falls_short(text: str, fails: Literal["under", "over"], broken: list[str]) -> None:
    limit = parse_limit(text, fails=fails, tags={"fact", "why"})
    assert failures(summarise(ROWS), [limit]) == broken


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("corect=0.5", "no score is called 'corect'. Did you mean 'correct'?"),
        ("correct:fakt=0.5", "no tag is called 'fakt'. Did you mean 'fact'?"),
        ("correct:=0.5", "no tag is called ''."),
        ("correct", "expected NAME=VALUE"),
        ("correct=high", "expected NAME=VALUE"),
        ("correct=nan", "expected NAME=VALUE"),
        ("correct=-inf", "expected NAME=VALUE"),
    ],
)
def test_a_wrong_limit_says_what_to_write(text: str, message: str) -> None:
    with pytest.raises(RunError) as caught:
        parse_limit(text, fails="under", tags={"fact"})
    assert message in str(caught.value)
