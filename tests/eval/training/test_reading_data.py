from __future__ import annotations

from dataclasses import replace

from eval.training.reading_data import gold, pair_of, written_tasks
from eval.training.written import Question, Written


def test_the_answer_stands_in_its_proving_sentences(ferry: Written) -> None:
    passage = ferry.passages[0]
    spans = [gold(ferry, question, passage) for question in ferry.questions]
    words = [[passage.text[start:end] for start, end in found] for found in spans]
    assert words[:2] == [["Captain Olga Brenner"], ["4 percent"]]
    assert words[2] == ["Varnholt's ferries sail again today."]
    assert words[3] == []


def test_an_answer_that_stands_elsewhere_too_is_sought_in_the_proof_alone(ferry: Written) -> None:
    question = Question("plain", "Who?", ("strike",), (1,))
    ((start, _),) = gold(ferry, question, ferry.passages[0])
    assert ferry.passages[0].text[:start].endswith("called off the ")


def test_a_question_without_an_answer_has_no_spans_and_one_with_an_answer_has_some(
    ferry: Written, mill: Written
) -> None:
    for task in written_tasks([ferry, replace(mill, dev=False)], seed="1"):
        assert any(read.spans for read in task) == (task[0].source != "near")
        assert all(read.loose == (read.source == "yesno") for read in task if read.spans)


def test_the_heading_is_as_the_style_says(ferry: Written) -> None:
    titles = [pair_of("Who?", ferry, ferry.passages[0], style=style).title for style in range(3)]
    assert titles == ["Ferry strike ends in Varnholt · Coast Post · 4 March 2021", "Ferry strike ends in Varnholt", ""]
