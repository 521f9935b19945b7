"""The curve against its definition, and that the pictures show the numbers."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.training.pictures import LEFT, SIZE, TOP, calibration_error, draw, reliability, risk, risk_coverage

SVG = "{http://www.w3.org/2000/svg}"
judged = st.lists(st.tuples(st.sampled_from([0.1, 0.3, 0.5, 0.7, 0.9]), st.booleans()), min_size=1, max_size=6)


def mean_risk(right: list[bool]) -> float:
    wrong = [not one for one in right]
    return sum(sum(wrong[:n]) / n for n in range(1, len(wrong) + 1)) / len(wrong)


@given(judged)
def test_the_area_is_the_mean_risk_over_all_orders_of_equally_sure_answers(pairs: list[tuple[float, bool]]) -> None:
    orders = [
        order
        for order in permutations(pairs)
        if [one[0] for one in order] == sorted((one[0] for one in pairs), reverse=True)
    ]
    expected = sum(mean_risk([right for _, right in order]) for order in orders) / len(orders)
    assert risk_coverage(*zip(*pairs, strict=True)).area == pytest.approx(expected)


def test_each_point_is_the_share_of_errors_among_the_surest() -> None:
    curve = risk_coverage([0.2, 0.9, 0.9, 0.6], [False, True, False, True])
    assert curve.coverage.tolist() == [0.5, 0.75, 1.0]
    assert curve.risk.tolist() == pytest.approx([1 / 2, 1 / 3, 1 / 2])
    assert curve.errors == 0.5


def test_a_confidence_that_knows_better_has_the_smaller_area() -> None:
    right = [True] * 6 + [False] * 4
    knows = risk_coverage(np.linspace(1, 0, 10), right).area
    knows_nothing = risk_coverage([0.5] * 10, right).area
    errs = risk_coverage(np.linspace(0, 1, 10), right).area
    assert knows < knows_nothing < errs
    assert knows_nothing == pytest.approx(0.4)


def test_covered_is_the_most_that_can_be_answered_within_the_errors() -> None:
    curve = risk_coverage([0.9, 0.8, 0.7, 0.6], [True, False, True, True])
    assert curve.covered(0.3) == 1.0
    assert curve.covered(0.1) == 0.25
    assert risk_coverage([0.9], [False]).covered(0.1) == 0.0


def test_chances_that_hold_have_a_small_calibration_error_and_others_a_large_one() -> None:
    random = np.random.default_rng(1)
    chances = random.random(4000)
    right = random.random(4000) < chances
    assert calibration_error(chances, right) < 0.04
    assert calibration_error(1 - chances, right) > 0.4


def test_the_calibration_error_does_not_depend_on_the_order_of_equal_chances() -> None:
    for right in ([True] * 10 + [False] * 10, [True, False] * 10):
        assert calibration_error([0.5] * 20, right) == 0.0


def shapes(picture: str, name: str) -> list[dict[str, str]]:
    return [dict(one.attrib) for one in ElementTree.fromstring(picture).iter(SVG + name)]


def test_the_diagram_shows_each_bin_where_it_is() -> None:
    chances = [0.25] * 50 + [0.75] * 50
    right = [True] * 10 + [False] * 40 + [True] * 50
    places = {(float(dot["cx"]), float(dot["cy"])) for dot in shapes(reliability(chances, right), "circle")}
    assert places == {(LEFT + SIZE * 0.25, TOP + SIZE * 0.8), (LEFT + SIZE * 0.75, float(TOP))}
    assert "expected calibration error 0.150" in reliability(chances, right)


def test_the_curve_stays_in_its_frame_and_marks_the_error_asked_for() -> None:
    generator = np.random.default_rng(0)
    chances = generator.random(200)
    picture = risk(chances.tolist(), (generator.random(200) < chances).tolist())
    for line in shapes(picture, "polyline"):
        for pair in line["points"].split():
            x, y = map(float, pair.split(","))
            assert LEFT <= x <= LEFT + SIZE
            assert TOP <= y <= TOP + SIZE
    assert [float(dot["cy"]) for dot in shapes(picture, "circle")] == [TOP + SIZE * 0.9]


def test_pictures_are_files_and_the_same_numbers_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        draw([0.1, 0.4, 0.8, 0.9], [False, True, True, True], folder=tmp_path / name)
    for name in ("reliability.svg", "risk-coverage.svg"):
        first, second = ((tmp_path / folder / name).read_bytes() for folder in ("one", "two"))
        assert first == second
        assert first.startswith(b"<svg")
