from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.citation_parsing import Cited, SentenceParser, best_quote, draft_of
from rag.schema import Reading


def parse(text: str, *, pieces: int = 1, whole: bool = True) -> list[Cited]:
    """Return the sentences of a stream that comes in pieces of so many characters."""
    parser = SentenceParser(8)
    found = [cited for at in range(0, len(text), pieces) for cited in parser.feed(text[at : at + pieces])]
    return [*found, *parser.finish(whole=whole)]


@pytest.mark.parametrize(
    ("written", "ids"),
    [
        ("The ferry sails. [1]", (1,)),
        ("The ferry sails [1].", (1,)),
        ("The ferry sails.[1]", (1,)),
        ("The ferry sails [1, 2].", (1, 2)),
        ("The ferry sails [1][2].", (1, 2)),
        ("The ferry sails [1] [2].", (1, 2)),
        ("The ferry sails [1 and 2].", (1, 2)),
        ("The ferry sails [1-3].", (1, 2, 3)),
        ("The ferry sails (1).", (1,)),
        ("The ferry sails 【1】.", (1,)),
        ("The ferry sails. [Article 1]", (1,)),
        ("The ferry sails. [source: 1]", (1,)),
        ("The ferry sails. Source: [1]", (1,)),
        ("The ferry sails.\nSource: [1]", (1,)),
        ("The ferry sails. (Source: [1])", (1,)),
        ("The ferry sails.\n[1]", (1,)),
        ("[1] The ferry sails.", (1,)),
        ("- The ferry sails. [1]", (1,)),
        ("1. The ferry sails. [1]", (1,)),
        ("**The ferry sails.** [1]", (1,)),
        ("Answer: The ferry sails. [1]", (1,)),
        ("According to [1], the ferry sails.", (1,)),
        ("According to article [1], the ferry sails.", (1,)),
        ("Article [1] says that the ferry sails.", (1,)),
        ("The ferry sails. [0]", (0,)),
        ("The ferry sails. [99]", (99,)),
        ("The ferry sails. [1][1]", (1,)),
        ("The ferry sails.", ()),
    ],
)
@pytest.mark.parametrize("pieces", [1, 3, 1000])
def test_reads_a_citation_however_it_is_written(written: str, ids: tuple[int, ...], pieces: int) -> None:
    assert parse(written, pieces=pieces) == [Cited("The ferry sails.", ids)]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("It sails. [1] It sinks. [2]", [("It sails.", (1,)), ("It sinks.", (2,))]),
        ("It sails [1]. It sinks [2].", [("It sails.", (1,)), ("It sinks.", (2,))]),
        ("It sails. It sinks. [2]", [("It sails.", ()), ("It sinks.", (2,))]),
        ("[1] It sails.\n[2] It sinks.", [("It sails.", (1,)), ("It sinks.", (2,))]),
        ("- It sails [1]\n- It sinks [2]", [("It sails", (1,)), ("It sinks", (2,))]),
        ("It sails. [1]\n\nIt sinks. [2]", [("It sails.", (1,)), ("It sinks.", (2,))]),
        ("Dr. Berg paid $3.5 million. [1]", [("Dr. Berg paid $3.5 million.", (1,))]),
        ("J. K. Berg left the U.S. in 2031. [1]", [("J. K. Berg left the U.S. in 2031.", (1,))]),
        ("“It sails!” she said. [1]", [("“It sails!” she said.", (1,))]),
        ("Twelve geese (12) came. [1]", [("Twelve geese (12) came.", (1,))]),
    ],
)
@pytest.mark.parametrize("pieces", [1, 4, 1000])
def test_cuts_sentences(written: str, expected: list[tuple[str, tuple[int, ...]]], pieces: int) -> None:
    assert parse(written, pieces=pieces) == [Cited(*each) for each in expected]


def test_a_sentence_comes_as_soon_as_the_next_begins() -> None:
    parser = SentenceParser(2)
    assert list(parser.feed("It sails. [1]")) == []
    assert list(parser.feed(" It s")) == [Cited("It sails.", (1,))]


@pytest.mark.parametrize(
    "written", ["NOT_IN_ARTICLES", "NOT_IN_ARTICLES.", "**NOT_IN_ARTICLES** [1]", "NOT IN ARTICLES"]
)
def test_the_token_for_not_said_is_no_sentence(written: str) -> None:
    parser = SentenceParser(2)
    assert [*parser.feed(written), *parser.finish(whole=True)] == []
    assert parser.not_said
    assert not parser.silent


@pytest.mark.parametrize("pieces", [1, 5, 1000])
def test_thoughts_are_no_answer(pieces: int) -> None:
    text = "<think>Perhaps it sinks. [2]\nNo.</think>\nIt sails. [1]"
    assert parse(text, pieces=pieces) == [Cited("It sails.", (1,))]


def test_thoughts_alone_are_silence() -> None:
    parser = SentenceParser(2)
    assert [*parser.feed("<think>It sails. [1]"), *parser.finish(whole=True)] == []
    assert parser.silent


def test_a_cut_stream_loses_only_its_unfinished_sentence() -> None:
    assert parse("It sails. [1] It sin", whole=False) == [Cited("It sails.", (1,))]


@given(st.text(alphabet="aB .!?\n[]()12<think>/é“”", max_size=80), st.integers(1, 9))
def test_pieces_never_crash_and_marks_never_stay(text: str, pieces: int) -> None:
    for cited in parse(text, pieces=pieces):
        assert "[1]" not in cited.text
        assert cited.text.strip() == cited.text != ""


def test_a_quote_is_exact_words_of_the_passage(ferry: Reading) -> None:
    passage = ferry.hit.passage
    quote = best_quote("The Aurora carries more than 300 passengers.", passage)
    assert quote.words == "The ferry Aurora carries more than 300 passengers."
    assert passage.text[quote.start - passage.start : quote.end - passage.start] == quote.words


def test_a_quote_is_as_long_as_the_facts_need(ferry: Reading) -> None:
    quote = best_quote("Ida Berg said it would sail in April.", ferry.hit.passage)
    assert quote.words == "Captain Ida Berg bought it in 2031. She said it would sail in April."


def test_a_passage_without_sentences_is_quoted_whole(reading_of: Callable[..., Reading]) -> None:
    passage = reading_of("Table of tides").hit.passage
    bare = type(passage)(passage.article_id, passage.start, passage.end, passage.text, "body", ())
    assert best_quote("Tides", bare).words == "Table of tides"


def test_each_passage_named_gives_a_quote(readings: Sequence[Reading]) -> None:
    draft = draft_of(Cited("Lomvik has two harbours, and the ferry sails in April.", (2, 1)), readings)
    assert [quote.article_id for quote in draft.quotes] == ["b2", "a1"]


@pytest.mark.parametrize("ids", [(), (0,), (3,), (0, 99)])
def test_ids_that_were_not_shown_give_no_quote(ids: tuple[int, ...], readings: Sequence[Reading]) -> None:
    assert draft_of(Cited("It sails.", ids), readings).quotes == ()


def test_a_thought_without_its_opening_tag_eats_no_word() -> None:
    written = "Let me think. It is long. </think>They gave 70 animals to the zoo. [1]"
    parser = SentenceParser(1)
    found = [cited for word in written.split(" ") for cited in parser.feed(word + " ")]
    found += parser.finish(whole=True)
    assert found[-1] == Cited("They gave 70 animals to the zoo.", (1,))
