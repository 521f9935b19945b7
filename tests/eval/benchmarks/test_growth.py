import json
from pathlib import Path

import pytest
import typer

from eval.benchmarks.growth import Assumed, Line, changed, cluster, line, measured


def test_a_line_goes_through_the_smallest_and_the_largest_run(tmp_path: Path) -> None:
    for passages, disk in ((100, 30.0), (20, 10.0)):
        run = {"passages": passages, "figures": {"disk": disk}}
        (tmp_path / f"{passages}.json").write_text(json.dumps(run), encoding="utf-8")
    assert measured(tmp_path) == {"disk": Line(5.0, 0.25)}
    assert measured(tmp_path)["disk"].at(1000) == 255.0


def test_one_run_alone_is_a_line_from_nothing() -> None:
    assert line([(50.0, 10.0)]).at(100) == 20.0


def test_no_run_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="--out"):
        measured(tmp_path)


def test_more_questions_need_more_nodes_and_more_passages_more_shards() -> None:
    few, many = Assumed(questions_a_second=1.0), Assumed(questions_a_second=5000.0)
    assert int(cluster(few, 1e7)[1].replace(",", "")) < int(cluster(many, 1e7)[1].replace(",", ""))
    assert int(cluster(few, 1e7)[0]) < int(cluster(few, 1e9)[0])


def test_what_is_assumed_can_be_set_by_its_name() -> None:
    assert changed(Assumed(), ["node_price=2"]).node_price == 2.0
    for wrong in ("prize=2", "node_price=much"):
        with pytest.raises(typer.BadParameter):
            changed(Assumed(), [wrong])
