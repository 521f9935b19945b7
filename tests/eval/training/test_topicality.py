import json
import random
from pathlib import Path

import numpy as np
import pytest

from eval.training.topicality import Looked, describing, figures, held_out_odds, least_odds, story_f1
from eval.training.written import written
from rag.retrieval.topicality import Topicality

ARTICLE = {
    "title": "Boats burn in Lomvik",
    "outlet": "Post",
    "date": "2024-05-07",
    "p": [["Twelve boats burned.", "Nobody was hurt."]],
}


def looked(number: int, *, there: bool) -> Looked:
    """Three articles, of which the first is the nearest; it is meant where it is there."""
    rows = ((0.9, 0.6 + number / 1000, 0.0), (0.4, 0.2, 0.5), (0.3, 0.1, 1.0)) if there else ((0.4, 0.2, 0.5),)
    return Looked(
        "described", number, f"q{number}", "all" if there else "without", rows, (there, False, False)[: len(rows)]
    )


def test_the_words_before_a_question_describe_its_article(tmp_path: Path) -> None:
    rows = [
        ["solo-desc", "the harbour where twelve vessels caught fire: who was hurt?", "Nobody", [1]],
        ["solo-desc", "how many vessels caught fire in that harbour, exactly?", "Twelve", [0]],
    ]
    descriptions = tmp_path / "descriptions.jsonl"
    descriptions.write_text(
        json.dumps({"title": ARTICLE["title"], "question": "Sum up the fire"}) + "\n", encoding="utf-8"
    )
    one = written(ARTICLE, rows, [], dev=False)
    by_hand, made = describing([one], random.Random(1), descriptions=descriptions)
    assert (by_hand.sort, by_hand.question) == ("described by hand", "Sum up the fire")
    assert "harbour where twelve vessels caught fire" in made.question
    assert "hurt" not in made.question


def test_a_fit_tells_what_is_meant_from_what_is_not() -> None:
    all_of_it = [looked(at, there=there) for at in range(20) for there in (True, False)]
    odds = held_out_odds(all_of_it)
    assert all(each.argmax() == 0 for each in odds)
    least = least_odds(all_of_it, odds)
    assert least == pytest.approx(np.quantile([each.max() for each in odds[1::2]], 0.95))
    found = figures(all_of_it, odds, Topicality(0, 0, 0, 0, least=least, same_story=0.5))
    assert found["described: a meant article is first"] == 1.0
    assert found["described: AUROC of there"] == 1.0


def test_articles_of_one_event_are_counted_as_chosen_and_as_meant() -> None:
    one = Looked("described", 1, "q", "all", ((0.0, 0.0, 0.0),) * 3, (True, True, False))
    assert story_f1([one], [np.array([2.0, -3.0, 2.0])], least=-1.0, share=0.5) == pytest.approx(0.5)
    assert story_f1([one], [np.array([2.0, 2.0, -3.0])], least=-1.0, share=0.5) == 1.0
