from __future__ import annotations

import numpy as np

from eval.training.measure_search import Index, asked_of, found_in, fused, keyword_order, keyword_scores, summed_order
from eval.training.written import Written


def test_passages_that_both_searches_find_come_first() -> None:
    assert fused([[3, 1]], [[1, 2]]) == [[1, 3, 2]]


def test_a_question_is_found_when_the_passage_with_its_answer_is(ferry: Written, mill: Written) -> None:
    passages = tuple((one, passage) for one in (ferry, mill) for passage in one.passages)
    index = Index(passages, np.zeros((len(passages), 2), dtype=np.float32))
    asked = asked_of([ferry, mill])
    assert [question.kind for _, question in asked] == ["solo", "solo-para"]
    assert found_in(index, asked, [[0], [0]]) == [True, False]
    keywords = keyword_scores([passage.text for _, passage in passages], [question.text for _, question in asked])
    assert keyword_order(keywords)[0][0] == 0


def test_a_word_in_common_decides_between_passages_that_are_equally_near() -> None:
    cosines, keywords = np.array([[0.5, 0.5, 0.9]]), np.array([[0.0, 4.0, 0.0]])
    assert summed_order(cosines, keywords, weight=0.2) == [[2, 1, 0]]
