from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from eval.training.written import HELD_OUT, Written, read_written


def test_the_last_articles_of_each_file_are_dev_with_what_was_written_for_them(tmp_path: Path) -> None:
    rows = [
        {
            "title": f"T{number}",
            "outlet": "O",
            "date": "2020-01-02",
            "p": [[f"It rained in town {number}."]],
            "q": [],
            "s": [],
        }
        for number in range(HELD_OUT + 2)
    ]
    (tmp_path / "train-a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    more = {"title": "T9", "s": [["t", "Rain fell.", [0]]]}
    (tmp_path / "more-a.jsonl").write_text(json.dumps(more) + "\n", encoding="utf-8")
    alone: dict[str, Any] = {"title": "T9", "q": [["solo-near", "When did it rain in town 9?", None, []]]}
    (tmp_path / "solo-a.jsonl").write_text(json.dumps(alone) + "\n", encoding="utf-8")
    articles = read_written(tmp_path)
    assert [one.dev for one in articles] == [False] * 2 + [True] * HELD_OUT
    assert articles[9].statements[0].text == "Rain fell."
    assert articles[9].questions[0].alone
    assert articles[9].questions[0].answers == ()


def test_sentences_are_slices_of_the_article(ferry: Written) -> None:
    assert ferry.sentence(2) == "Her crews will get 4 percent more."
    assert ferry.paragraphs == ((0, 1), (2, 3))
    assert "".join(passage.text for passage in ferry.passages).count("harbour") == 1


def test_a_statement_knows_its_counterpart_on_the_same_sentences(ferry: Written) -> None:
    true, false, other = ferry.statements
    assert true.fellow == false.text
    assert false.fellow == true.text
    assert other.fellow == ""
