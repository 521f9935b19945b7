"""The places that are to be found, from tiny files of the public sets' formats."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from eval.benchmarks.retrieval_sets import Asked, RetrievalSet, load_set, split_of
from eval.case import CaseError


def words_of(chosen: RetrievalSet, asked: Asked) -> list[str]:
    """The words at the places to be found."""
    texts = {article.id: article.text for article in chosen.articles}
    return [texts[span.article_id][span.start : span.end] for part in asked.parts for span in part.spans]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "retrieval"
    (folder / "chunking_corpora").mkdir(parents=True)
    (folder / "chunking_corpora" / "zoo.md").write_text("The zoo got seals. They sing.\n", encoding="utf-8")
    (folder / "chunking_corpora" / "port.md").write_text("No ship came.\n", encoding="utf-8")
    with (folder / "chunking_questions.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["question", "references", "corpus_id"])
        places = [
            {"content": "seals", "start_index": 12, "end_index": 17},
            {"content": "sing", "start_index": 24, "end_index": 28},
        ]
        writer.writerow(["What did the zoo get?", json.dumps(places), "zoo"])
    (folder / "hotpotqa_train_corpus.json").write_text(
        json.dumps({"Zoo": ["It has seals.", " It is old."], "Port": ["Ships come."]}), encoding="utf-8"
    )
    (folder / "hotpotqa_train.json").write_text(
        json.dumps([{"_id": "h1", "question": "How old?", "supporting_facts": [["Zoo", 1], ["Port", 0]]}]),
        encoding="utf-8",
    )
    paragraphs = [
        {"title": "Zoo", "paragraph_text": "It has seals.", "is_supporting": True},
        {"title": "Port", "paragraph_text": "Ships come.", "is_supporting": False},
    ]
    (folder / "musique_train.json").write_text(
        json.dumps([{"id": "m1", "question": "What lives there?", "paragraphs": paragraphs}]), encoding="utf-8"
    )
    (folder / "musique_train_corpus.json").write_text(
        json.dumps([{"title": one["title"], "text": one["paragraph_text"]} for one in paragraphs]), encoding="utf-8"
    )
    return tmp_path


def test_each_reference_sentence_and_paragraph_is_found_where_it_stands(data: Path) -> None:
    found = {}
    for name in ("chunking", "hotpotqa", "musique"):
        chosen = load_set(name, data)
        [asked] = chosen.asked
        found[name] = words_of(chosen, asked)
        assert all(len(part.spans) == 1 for part in asked.parts)
    assert found == {
        "chunking": ["seals", "sing"],
        "hotpotqa": [" It is old.", "Ships come."],
        "musique": ["It has seals."],
    }


def test_a_chunking_question_belongs_to_the_group_of_its_corpus(data: Path) -> None:
    assert [one.group for one in load_set("chunking", data).asked] == ["zoo"]


def test_the_seed_cases_that_can_be_answered_have_their_evidence_and_their_own_split() -> None:
    chosen = load_set("seeds", None)
    assert {one.split for one in chosen.asked} == {"dev", "test"}
    assert len(chosen.articles) == 5
    assert all(words_of(chosen, one) for one in chosen.asked)


def test_a_follow_up_is_asked_to_stand_alone() -> None:
    assert any(", about " in one.question for one in load_set("seeds", None).asked)


def test_the_split_depends_on_the_words_alone_and_is_about_even() -> None:
    splits = [split_of(f"Question {number}?") for number in range(400)]
    assert splits == [split_of(f"Question {number}?") for number in range(400)]
    assert 160 < splits.count("dev") < 240


@pytest.mark.parametrize(("name", "told"), [("trec", "Known: seeds"), ("musique", "Give --data")])
def test_a_set_that_is_not_there_says_what_to_do(name: str, told: str) -> None:
    with pytest.raises(CaseError, match=told):
        load_set(name, None)


def test_a_folder_without_the_set_says_so(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="Correct --data"):
        load_set("hotpotqa", tmp_path)
