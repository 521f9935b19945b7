from collections.abc import Callable

import pytest

from rag import Article, Corpus, Hit, Settings
from rag.answering.extractive import MOST_FOR_BROAD, MOST_FOR_FACT, ExtractiveAnswerer
from rag.drafts import Draft
from rag.plugins import Answerer
from rag.schema import Reading, SentenceScore

FACT = "How many walruses did the zoo send?"
BROAD = "Why did the zoo send walruses?"


@pytest.fixture
def hit_of(empty_corpus: Corpus, article_of: Callable[..., Article]) -> Callable[[str, str], Hit]:
    def make(name: str, text: str) -> Hit:
        empty_corpus.add(article_of(name, text))
        return next(hit for hit in empty_corpus.search(text) if hit.source == name)

    return make


def reading(hit: Hit, *scores: float) -> Reading:
    pairs = zip(hit.passage.sentences, scores, strict=True)
    return Reading(hit, max(scores), tuple(SentenceScore(*span, score) for span, score in pairs), None)


def write(question: str, *readings: Reading) -> list[Draft]:
    return list(ExtractiveAnswerer(Settings()).write(question, readings))


def test_it_is_an_answerer() -> None:
    assert isinstance(ExtractiveAnswerer(Settings()), Answerer)


def test_the_best_sentence_comes_first_wherever_it_stands(hit_of: Callable[[str, str], Hit]) -> None:
    one = reading(hit_of("a", "Grain fell. Ships came."), 0.5, 0.7)
    two = reading(hit_of("b", "The zoo sent walruses. Nobody knew."), 0.9, 0.1)
    assert write(FACT, one, two)[0].text == "The zoo sent walruses."


def test_every_draft_is_a_quote_of_its_article(corpus: Corpus) -> None:
    readings = corpus.models.reader.read(FACT, corpus.search("animals zoo Pyongyang treaty", k=20))
    for draft in write(FACT, *readings):
        (quote,) = draft.quotes
        assert draft.text == quote.words == corpus.article(quote.article_id).text[quote.start : quote.end]


def test_a_sentence_far_below_the_best_is_left_out(hit_of: Callable[[str, str], Hit]) -> None:
    assert len(write(FACT, reading(hit_of("a", "The zoo sent walruses. Nobody knew why."), 0.9, 0.05))) == 1


def test_a_sentence_nearly_as_good_is_added(hit_of: Callable[[str, str], Hit]) -> None:
    assert len(write(FACT, reading(hit_of("a", "The zoo sent walruses. Nobody knew why."), 0.9, 0.89))) == 2


def test_what_says_the_same_is_said_once(hit_of: Callable[[str, str], Hit]) -> None:
    one = reading(hit_of("a", "The zoo of Lomvik sent twelve walruses."), 0.9)
    two = reading(hit_of("b", "Lomvik’s zoo sent twelve walruses!"), 0.89)
    assert [draft.text for draft in write(FACT, one, two)] == ["The zoo of Lomvik sent twelve walruses."]


@pytest.mark.parametrize(
    "other",
    [
        "Lomvik’s zoo sent thirteen walruses on Monday.",
        "The zoo of Lomvik sent twelve walruses on Friday.",
        "The zoo of Lomvik did not send twelve walruses on Monday.",
    ],
)
def test_another_account_is_no_repetition(hit_of: Callable[[str, str], Hit], other: str) -> None:
    one = reading(hit_of("a", "The zoo of Lomvik sent twelve walruses on Monday."), 0.9)
    assert [draft.text for draft in write(FACT, one, reading(hit_of("b", other), 0.89))][1:] == [other]


@pytest.mark.parametrize(("question", "most"), [(FACT, MOST_FOR_FACT), (BROAD, MOST_FOR_BROAD)])
def test_an_answer_is_short(hit_of: Callable[[str, str], Hit], question: str, most: int) -> None:
    text = "Walruses came. Ships sank. Grain fell. Mayors wept. Ferries burned. Clouds parted. Nobody slept."
    assert len(write(question, reading(hit_of("a", text), *[0.9] * 7))) == most


def test_nothing_read_gives_nothing_written() -> None:
    assert write(FACT) == []


def test_the_same_readings_give_the_same_drafts(hit_of: Callable[[str, str], Hit]) -> None:
    readings = [reading(hit_of(name, f"Walruses came to {name}. Ships sank."), 0.9, 0.9) for name in ("Vell", "Oster")]
    assert write(BROAD, *readings) == write(BROAD, *readings)


def test_what_only_asks_is_no_statement(hit_of: Callable[[str, str], Hit]) -> None:
    one = reading(hit_of("a", "Did the zoo send walruses? The zoo sent twelve walruses. Nobody knew."), 0.9, 0.8, 0.1)
    assert [draft.text for draft in write(FACT, one)] == ["The zoo sent twelve walruses."]
    assert write(FACT, reading(hit_of("b", "How many walruses did the zoo send?"), 0.9)) == []


@pytest.mark.parametrize(
    "other",
    ["The zoo names these seals:", "Watch: walruses leave the zoo", "5:45 AM 19 May by Ada Brandt", "Oster – 3 May"],
)
def test_a_further_line_that_is_no_sentence_is_left_out(hit_of: Callable[[str, str], Hit], other: str) -> None:
    one, two = reading(hit_of("a", "The zoo sent walruses."), 0.9), reading(hit_of("b", other), 0.89)
    assert [draft.text for draft in write(FACT, one, two)] == ["The zoo sent walruses."]
    assert [draft.text for draft in write(FACT, two)] == [other]


@pytest.mark.parametrize(
    "other", ["“Nobody knew!”", "They came in May (3).", "They came in May.[12]", "Was it so… (in May?)"]
)
def test_a_further_sentence_may_end_in_a_quotation_mark_or_a_note(
    hit_of: Callable[[str, str], Hit], other: str
) -> None:
    one, two = reading(hit_of("a", "The zoo sent walruses."), 0.9), reading(hit_of("b", other), 0.89)
    assert [draft.text for draft in write(FACT, one, two)] == ["The zoo sent walruses.", other]


def test_lines_of_a_list_stay_together(hit_of: Callable[[str, str], Hit]) -> None:
    found = reading(hit_of("a", "Oster – 3 May\nVell – 9 May"), 0.9, 0.89)
    assert [draft.text for draft in write(FACT, found)] == ["Oster – 3 May", "Vell – 9 May"]


def test_a_quote_begins_after_the_mark_of_its_line(hit_of: Callable[[str, str], Hit]) -> None:
    (draft,) = write(FACT, reading(hit_of("a", "- The zoo sent -3 and 12 walruses."), 0.9))
    assert draft.text == draft.quotes[0].words == "The zoo sent -3 and 12 walruses."
    assert draft.quotes[0].start == 2
