from __future__ import annotations

from eval.training.embedder_data import batches
from eval.training.written import Written


def test_a_question_has_its_passage_and_competes_with_the_others(ferry: Written, mill: Written) -> None:
    (batch,) = batches([ferry, mill], seed="1", articles_of=2)
    assert len(batch.passages) == 2
    for question, right, inside in zip(batch.questions, batch.right, batch.inside, strict=True):
        (place,) = [at for at, is_right in enumerate(right) if is_right]
        assert ("Varnholt" in batch.passages[place]) == ("mill" not in question and "paper" not in question)
        assert inside[place]
    assert all(all(row) for row in batch.open)
    assert [question for question, alone in zip(batch.questions, batch.alone, strict=True) if alone] == [
        question for question in batch.questions if "Varnholt" in question or "Czech" in question
    ]


def test_a_round_has_each_article_once(ferry: Written, mill: Written) -> None:
    rounds = [batch.passages for batch in batches([ferry, mill], seed="1", articles_of=1)]
    assert len(rounds) == 2
