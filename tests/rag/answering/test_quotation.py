import pytest

from rag.answering.quotation import locate
from rag.schema import Passage

SENTENCES = (
    "Ida Berg denied that the “ferry” sank.",
    "It carries 300\u00a0people – more\nthan before.",
    "It is green.",
)


@pytest.fixture
def passage() -> Passage:
    spans, at = [], 50
    for sentence in SENTENCES:
        spans.append((at, at + len(sentence)))
        at += len(sentence) + 1
    text = " ".join(SENTENCES)
    return Passage("a1", 50, 50 + len(text), text, "body", tuple(spans))


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ('the "ferry" sank', 0),
        ("THE “FERRY” SANK", 0),
        ("carries 300 people - more than before", 1),
        ("It is green.", 2),
        ("it is green,", 2),
    ],
)
def test_the_quote_is_the_articles_own_sentence(words: str, place: int, passage: Passage) -> None:
    (quote,) = locate(words, [passage])
    assert quote.words == SENTENCES[place]
    assert passage.text[quote.start - 50 : quote.end - 50] == quote.words


def test_no_quote_leaves_away_what_denies_it(passage: Passage) -> None:
    (quote,) = locate("the “ferry” sank", [passage])
    assert quote.words.startswith("Ida Berg denied")


def test_words_with_a_gap_are_two_quotes(passage: Passage) -> None:
    assert [quote.words for quote in locate("ferry” sank … It is green", [passage])] == [SENTENCES[0], SENTENCES[2]]


@pytest.mark.parametrize("words", ["", " ", "…", "It is blue.", "a", "the ferry rose"])
def test_what_does_not_stand_there_is_no_quote(words: str, passage: Passage) -> None:
    assert locate(words, [passage]) == ()
