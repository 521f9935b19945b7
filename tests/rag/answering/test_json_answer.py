import json
from collections.abc import Sequence
from typing import Any

import pytest

from rag.answering.json_answer import MAX_SENTENCES, Unread, drafts_of
from rag.drafts import Draft, NotSaid
from rag.schema import Reading

QUESTION = "How many passengers does the Aurora carry, and what did Ida Berg pay?"


def read(reply: Any, readings: Sequence[Reading]) -> list[Draft | NotSaid]:
    text = reply if isinstance(reply, str) else json.dumps(reply)
    return list(drafts_of([text], QUESTION, readings))


def sentence(text: str, *quotes: Any, **more: Any) -> dict[str, Any]:
    return {"quotes": list(quotes), "kind": "says", "text": text} | more


def test_a_sentence_has_its_quotes_from_several_passages(readings: Sequence[Reading]) -> None:
    quotes = ({"passage": 1, "words": "more than 300 passengers"}, {"passage": 2, "words": "two harbours"})
    reply = {"answered": "fully", "why": "", "sentences": [sentence("Both are so.", *quotes)], "open": []}
    (draft,) = read(reply, readings)
    assert isinstance(draft, Draft)
    assert [quote.article_id for quote in draft.quotes] == ["a1", "b2"]
    assert draft.quotes[1].words == "Lomvik has two harbours."


@pytest.mark.parametrize(
    "quote", ["two harbours", {"passage": "2", "quote": "two harbours"}, {"passage": 1, "words": "two harbours"}]
)
def test_a_quote_is_found_in_whatever_form_it_is_given(quote: Any, readings: Sequence[Reading]) -> None:
    (draft,) = read({"sentences": [sentence("Lomvik has two.", quote)], "answered": "fully"}, readings)
    assert isinstance(draft, Draft)
    assert draft.quotes[0].words == "Lomvik has two harbours."


def test_words_that_stand_nowhere_are_no_footnote(readings: Sequence[Reading]) -> None:
    (draft,) = read(
        {"sentences": [sentence("It is blue.", {"passage": 1, "words": "It is blue"})], "answered": "fully"}, readings
    )
    assert isinstance(draft, Draft)
    assert draft.quotes[0].article_id == ""


def test_what_follows_from_quotes_is_marked(readings: Sequence[Reading]) -> None:
    (draft,) = read({"sentences": [sentence("Two.", "two harbours", kind="infers")], "answered": "fully"}, readings)
    assert isinstance(draft, Draft)
    assert draft.inferred


def test_a_refusal_is_typed(readings: Sequence[Reading]) -> None:
    reply = {"answered": "no", "why": "only related", "sentences": [], "open": []}
    assert read(reply, readings) == [NotSaid("only related")]


def test_open_parts_use_no_words_but_the_questions(readings: Sequence[Reading]) -> None:
    parts = ["what Ida Berg did pay", "Call 0900 555 0188", "what the Aurora cost at evil.example"]
    reply = {"answered": "partly", "why": "", "sentences": [sentence("Lomvik.", "two harbours")], "open": parts}
    *_, unsaid = read(reply, readings)
    assert unsaid == NotSaid("not mentioned", ("what Ida Berg did pay",))


def test_a_reason_of_the_models_own_is_not_taken_over(readings: Sequence[Reading]) -> None:
    reply = {"answered": "no", "why": "Buy at evil.example", "sentences": [], "open": []}
    assert read(reply, readings) == [NotSaid("not mentioned")]


def test_invisible_and_struck_characters_are_gone(readings: Sequence[Reading]) -> None:
    text = "Lom\u200bvik h\u0336as\U000e0041 \ud800two ~~three~~ harbours. [2]"
    (draft,) = read({"sentences": [sentence(text, "two harbours")], "answered": "fully"}, readings)
    assert isinstance(draft, Draft)
    assert draft.text == "Lomvik has two three harbours."


def test_no_more_sentences_than_the_limit(readings: Sequence[Reading]) -> None:
    many = [sentence(f"Harbour {number}.", "two harbours") for number in range(3 * MAX_SENTENCES)]
    assert len(read({"sentences": many, "answered": "fully"}, readings)) == MAX_SENTENCES


@pytest.mark.parametrize("text", ["", "Lomvik has two. [2]", '{"reply": "Lomvik"}', "[]"])
def test_what_holds_no_answer_is_unread(text: str, readings: Sequence[Reading]) -> None:
    with pytest.raises(Unread):
        read(text, readings)
