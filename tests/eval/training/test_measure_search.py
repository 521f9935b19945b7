from __future__ import annotations

import numpy as np

from eval.training.measure_search import Index, asked_of, found_in, fused, keyword_order
from eval.training.written import Written


def test_passages_that_both_searches_find_come_first() -> None:
    assert fused([[3, 1]], [[1, 2]]) == [[1, 3, 2]]


def test_a_question_is_found_when_the_passage_with_its_answer_is(ferry: Written, mill: Written) -> None:
    passages = tuple((one, passage) for one in (ferry, mill) for passage in one.passages)
    index = Index(passages, np.zeros((len(passages), 2), dtype=np.float32))
    asked = asked_of([ferry, mill])
    assert [question.kind for _, question in asked] == ["solo", "solo-para"]
    assert found_in(index, asked, [[0], [0]]) == [True, False]
    assert keyword_order([passage.text for _, passage in passages], [question.text for _, question in asked])[0][0] == 0
