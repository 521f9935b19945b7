from collections.abc import Callable
from dataclasses import replace

import pytest

from eval import scorers
from eval.case import Case, Evidence
from eval.evidence import Articles
from rag.schema import Answer, Article, Hit, Passage, Reading, Statement, Trace

Make = Callable[..., Answer]


@pytest.fixture
def articles(zoo: Article, port: Article) -> Articles:
    by_id = {zoo.id: zoo, port.id: port}
    return Articles({"zoo.txt": zoo, "port.txt": port}, by_id.__getitem__)


def test_correct_reads_statements_and_the_short_answer(lions: Case, zoo: Article, say: Make) -> None:
    assert scorers.correct(lions, say("q", [(zoo, "three lions")])).value == 1.0
    assert scorers.correct(lions, say("q", [(zoo, "It kept the bears.")], short="3")).value == 1.0
    wrong = scorers.correct(lions, say("q", [(zoo, "It kept the bears.")]))
    assert (wrong.value, wrong.why) == (0.0, "says none of: 3 / a trio")


def test_a_marker_is_not_a_number_the_answer_says(lions: Case, zoo: Article, say: Make) -> None:
    words = ["kept the bears", "Visitors", "It kept"]
    answer = say("q", [(zoo, quote) for quote in words])
    assert "[3]" in answer.text
    assert scorers.correct(lions, answer).value == 0.0


def test_every_part_must_be_said(lions: Case, zoo: Article, say: Make) -> None:
    both = replace(lions, expected=(("3",), ("bears", "bruins")))
    assert scorers.correct(both, say("q", [(zoo, "three lions")])).value == 0.0
    assert scorers.correct(both, say("q", [(zoo, "three lions to the park. It kept the bears")])).value == 1.0


def test_refusing_is_wrong_when_answerable_and_beside_the_point_when_not(
    lions: Case, pandas: Case, refuse: Make
) -> None:
    assert scorers.correct(lions, refuse("q")).value == 0.0
    assert scorers.correct(pandas, refuse("q")).value is None


def test_what_stands_first_is_judged_alone(lions: Case, pandas: Case, zoo: Article, say: Make, refuse: Make) -> None:
    late = say("q", [(zoo, "It kept the bears."), (zoo, "three lions")])
    assert scorers.correct(lions, late).value == 1.0
    assert scorers.first_correct(lions, late).value == 0.0
    assert scorers.first_correct(lions, replace(late, short="three")).value == 1.0
    assert scorers.first_correct(lions, say("q", [(zoo, "three lions")])).value == 1.0
    assert scorers.first_correct(lions, say("q", [(zoo, "three lions")], short="the bears")).value == 0.0
    assert scorers.first_correct(lions, refuse("q")).value == 0.0
    assert scorers.first_correct(pandas, late).value is None


def test_the_short_answer_is_judged_alone(lions: Case, zoo: Article, say: Make) -> None:
    quotes = [(zoo, "three lions")]
    assert scorers.short_correct(lions, say("q", quotes, short="the bears")).value == 0.0
    assert scorers.short_correct(lions, say("q", quotes, short="three")).value == 1.0
    assert scorers.short_correct(lions, say("q", quotes)).value is None


def test_precision_counts_the_citations_that_prove(lions: Case, zoo: Article, say: Make, articles: Articles) -> None:
    answer = say("q", [(zoo, "The zoo sent three lions to the park."), (zoo, "Visitors were not told.")])
    precision = scorers.citation_precision(lions, answer, articles)
    assert (precision.value, precision.why) == (0.5, "beside the evidence: [2]")
    assert scorers.proving(lions, answer, articles).value == 1.0


def test_the_right_words_from_an_article_without_evidence_prove_nothing(
    lions: Case, port: Article, say: Make, articles: Articles
) -> None:
    answer = say("q", [(port, "The zoo sent three lions to the park.")])
    assert scorers.proving(lions, answer, articles).value == 0.0
    assert scorers.citation_precision(lions, answer, articles).value == 0.0


def test_expected_words_elsewhere_in_the_article_prove_nothing(
    lions: Case, port: Article, say: Make, articles: Articles
) -> None:
    case = replace(lions, expected=(("May",),), evidence=(Evidence("port.txt", "Ships arrive"),))
    assert scorers.proving(case, say("q", [(port, "opened in May")]), articles).value == 0.0


def test_recall_is_the_share_of_parts_proved(lions: Case, zoo: Article, say: Make, articles: Articles) -> None:
    evidence = (Evidence("zoo.txt", "sent three lions"), Evidence("zoo.txt", "kept the bears"))
    case = replace(lions, expected=(("3 lions",), ("bears",)), evidence=evidence)
    assert scorers.citation_recall(case, say("q", [(zoo, "sent three lions")]), articles).value == 0.5
    assert scorers.citation_recall(case, say("q", [(zoo, zoo.text)]), articles).value == 1.0


def test_citations_of_refused_cases_are_not_judged(lions: Case, pandas: Case, refuse: Make, articles: Articles) -> None:
    for scorer in (scorers.citation_precision, scorers.citation_recall, scorers.proving):
        for case in (lions, pandas):
            assert scorer(case, refuse("q"), articles).value is None


def test_no_citation_proves_what_the_articles_do_not_say(
    pandas: Case, zoo: Article, say: Make, articles: Articles
) -> None:
    answer = say("q", [(zoo, "three lions")])
    assert scorers.proving(pandas, answer, articles).value == 0.0
    assert scorers.citation_precision(pandas, answer, articles).value == 0.0
    assert scorers.citation_recall(pandas, answer, articles).value is None


def test_citations_of_a_case_without_evidence_are_not_judged(
    lions: Case, zoo: Article, say: Make, articles: Articles
) -> None:
    case = replace(lions, evidence=())
    for scorer in (scorers.citation_precision, scorers.citation_recall, scorers.proving):
        assert scorer(case, say("q", [(zoo, "three lions")]), articles).value is None


def test_an_answer_without_citations_proves_nothing(lions: Case, articles: Articles) -> None:
    bare = Answer("q", "q", "answered", statements=(Statement("3", (), 1.0),))
    assert scorers.proving(lions, bare, articles).value == 0.0
    assert scorers.citation_recall(lions, bare, articles).value == 0.0


def test_verbatim_finds_one_changed_character(lions: Case, zoo: Article, say: Make, articles: Articles) -> None:
    answer = say("q", [(zoo, "three lions")])
    assert scorers.verbatim(lions, answer, articles).value == 1.0
    (citation,) = answer.citations
    forged = replace(answer, statements=(Statement("x", (replace(citation, quote="Three lions"),), 1.0),))
    assert scorers.verbatim(lions, forged, articles).value == 0.0


def test_refusal_has_a_precision_and_a_recall(lions: Case, pandas: Case, zoo: Article, say: Make, refuse: Make) -> None:
    def values(case: Case, answer: Answer) -> list[float | None]:
        scores = scorers.refusal(case, answer)
        return [scores[name].value for name in ("refusal_precision", "unanswerable_refused", "answerable_refused")]

    shown = say("q", [(zoo, "three lions")])
    assert values(pandas, refuse("q")) == [1.0, 1.0, None]
    assert values(lions, refuse("q")) == [0.0, None, 1.0]
    assert values(pandas, shown) == [None, 0.0, None]
    assert values(lions, replace(shown, status="partly")) == [None, None, 0.0]


def hit(article: Article, words: str, rank: int) -> Hit:
    start = article.text.index(words)
    passage = Passage(article.id, start, start + len(words), words, "body", ())
    return Hit(passage, rank, 1.0, "", None, None, "", None, None)


def test_retrieval_looks_for_passages_that_hold_the_evidence(
    lions: Case, pandas: Case, zoo: Article, port: Article, articles: Articles
) -> None:
    beside = [hit(port, "Ships arrive", rank) for rank in range(1, 6)]
    right = hit(zoo, "The zoo sent three lions to the park.", 6)
    assert scorers.recall_at(lions, [*beside, right], articles, k=5).value == 0.0
    assert scorers.recall_at(lions, [*beside[1:], right], articles, k=5).value == 1.0
    assert scorers.reciprocal_rank(lions, [*beside, right], articles).value == pytest.approx(1 / 6)
    assert scorers.reciprocal_rank(lions, beside, articles).value == 0.0
    assert scorers.reciprocal_rank(pandas, [right], articles).value is None


def test_retrieval_is_that_of_the_answer_in_its_order(lions: Case, zoo: Article, port: Article, say: Make) -> None:
    articles = Articles({"zoo.txt": zoo}, {zoo.id: zoo, port.id: port}.__getitem__)
    right, beside = hit(zoo, "The zoo sent three lions to the park.", 2), hit(port, "Ships arrive", 1)
    trace = Trace(tuple(Reading(one, 0.5, (), None) for one in (right, beside)))
    scores = scorers.score(lions, replace(say("q", [(zoo, "three lions")]), trace=trace), articles)
    assert (scores["mrr"].value, scores["reader_mrr"].value) == (0.5, 1.0)
    assert scores["recall@5"].value == 1.0


def test_confidence_is_of_the_best_sentence_shown_or_withheld(
    lions: Case, pandas: Case, zoo: Article, say: Make, refuse: Make
) -> None:
    beside = refuse("q", zoo, "It kept the bears.").trace
    assert scorers.is_right(lions, replace(say("q", [(zoo, "three lions")]), trace=beside)) is False
    assert scorers.is_right(lions, refuse("q", zoo, "The zoo sent three lions to the park.")) is True
    assert scorers.is_right(lions, refuse("q", zoo, "It kept the bears.")) is False
    assert scorers.is_right(lions, refuse("q")) is None
    assert scorers.is_right(pandas, say("q", [(zoo, "three lions")])) is False
    assert scorers.is_right(pandas, refuse("q", zoo, "It kept the bears.")) is False


def test_the_best_sentence_is_that_of_the_best_reading(lions: Case, zoo: Article, refuse: Make) -> None:
    best, further = (
        refuse("q", zoo, words).trace.readings[0]
        for words in ("It kept the bears.", "The zoo sent three lions to the park.")
    )
    surer = replace(further, sentences=(replace(further.sentences[0], score=0.9),))
    assert scorers.is_right(lions, replace(refuse("q"), trace=Trace((best, surer)))) is False


def test_no_one_sentence_is_judged_where_several_things_are_asked_or_expected(
    lions: Case, pandas: Case, zoo: Article, refuse: Make
) -> None:
    answer = refuse("q", zoo, "The zoo sent three lions to the park.")
    assert scorers.is_right(replace(lions, expected=(("3",), ("bears",))), answer) is None
    parted = replace(answer, question="How many lions did the zoo send, and where was the old dock?")
    assert scorers.is_right(lions, parted) is None
    assert scorers.is_right(pandas, parted) is None


def test_brier_is_the_squared_distance_or_unknown(zoo: Article, say: Make) -> None:
    quotes = [(zoo, "three lions")]
    assert scorers.brier(say("q", quotes, confidence=0.9), True).value == pytest.approx(0.01)
    assert scorers.brier(say("q", quotes, confidence=0.9), False).value == pytest.approx(0.81)
    assert scorers.brier(say("q", quotes, confidence=None), True).value is None
    assert scorers.brier(say("q", quotes, confidence=0.9), None).value is None


def test_every_score_has_a_meaning_and_a_reason(
    lions: Case, pandas: Case, zoo: Article, say: Make, refuse: Make, articles: Articles
) -> None:
    for case in (lions, pandas):
        for answer in (say("q", [(zoo, "three lions")]), refuse("q", zoo, "It kept the bears.")):
            scores = scorers.score(case, answer, articles)
            assert set(scores) == set(scorers.MEANINGS) - {"calibration_error"}
            assert all(judged.why for judged in scores.values())


def test_of_an_answer_called_wrong_it_is_only_known_what_it_must_not_say(
    lions: Case, zoo: Article, say: Make, refuse: Make, articles: Articles
) -> None:
    blamed = replace(lions, expected=(), evidence=(), wrong=("three lions",))
    again, other, nothing = say("q", [(zoo, "three lions")]), say("q", [(zoo, "It kept the bears.")]), refuse("q")
    assert [scorers.wrong_again(blamed, one).value for one in (again, other, nothing)] == [1.0, 0.0, 0.0]
    assert scorers.wrong_again(lions, again).value is None
    for answer in (again, other, nothing):
        scores = scorers.score(blamed, answer, articles)
        unknown = {"correct", "first_correct", "short_correct", "answerable_refused", "refusal_precision", "proving"}
        assert {name for name in unknown if scores[name].value is not None} == set()
