from collections.abc import Callable

import pytest

from rag import Article, Corpus
from rag.answering.short_answer import short_answer, whole
from rag.schema import Citation, Reading, Statement

Make = Callable[[str, str], str | None]


@pytest.fixture
def short_of(empty_corpus: Corpus, article_of: Callable[..., Article]) -> Make:
    """The short answer to a question when the reader's words are what stands between bars: "It is |red|."."""

    def make(question: str, marked: str) -> str | None:
        text = marked.replace("|", "")
        empty_corpus.add(article_of("a", text))
        (hit,) = empty_corpus.search(text, k=1)
        start = marked.index("|")
        end = marked.rindex("|") - 1
        citation = Citation(1, hit.passage.article_id, "", None, None, "a", "body", 0, len(text), text)
        return short_answer(question, [Reading(hit, 0.9, (), (start, end))], [Statement(text, (citation,), 1.0)])

    return make


def test_it_is_the_words_of_the_reader(short_of: Make) -> None:
    assert short_of("What did the zoo send?", "The zoo sent |twelve walruses| to Vell.") == "twelve walruses"


@pytest.mark.parametrize(
    "question",
    [
        "Did the zoo send walruses?",
        "And has the zoo sent walruses",
        "Isn’t there a zoo?",
        "Summarise the news of the zoo.",
        "Could you please tell me about the zoo?",
        "compare the zoos",
    ],
)
def test_neither_yes_or_no_nor_an_account_is_a_few_words(short_of: Make, question: str) -> None:
    assert short_of(question, "The zoo did not send |walruses| to Vell.") is None


@pytest.mark.parametrize(
    "question", ["Could you say what was sent?", "Were walruses or bears sent?", "Name what the zoo sent."]
)
def test_what_asks_for_words_politely_or_lets_choose_has_a_short_answer(short_of: Make, question: str) -> None:
    assert short_of(question, "The zoo sent |walruses| to Vell.") == "walruses"


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("The zoo |bought| walruses.", None),
        ("Walruses cost |less| than bears.", None),
        ("The zoo bought |twelve| walruses.", "twelve"),
        ("The zoo paid |some $3| for each.", "some $3"),
        ("The zoo bought |most of them|.", "most of them"),
        ("The zoo bought |none|.", "none"),
        ("The zoo bought |dozens| of them.", "dozens"),
    ],
)
def test_an_amount_is_asked_for_and_given(short_of: Make, marked: str, expected: str | None) -> None:
    assert short_of("How many walruses did the zoo buy?", marked) == expected
    assert short_of("What did the zoo do?", marked) is not None


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("The lake is |90 miles (145 km|) wide.", "90 miles (145 km)"),
        ("They sang “|Vell,” “Oster|,” and “Lomvik.”", "“Vell,” “Oster,”"),
        ("They sang “|Vell|” twice.", "Vell"),
        ("It is (|red) or (blue|).", "(red) or (blue)"),
        ("It is red) or |(blue and| green).", "(blue and"),
        ("It is |(red) or (blue)|.", "(red) or (blue)"),
    ],
)
def test_brackets_and_quotation_marks_are_whole(marked: str, expected: str) -> None:
    text, start, end = marked.replace("|", ""), marked.index("|"), marked.rindex("|") - 1
    assert whole(text, start, end) == expected
