import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest

from rag import Answer, Article, Corpus
from rag.answering.disagreement import differing, quoted
from rag.drafts import Draft
from rag.schema import Hit, Passage, Reading, SentenceScore

DEAD = "How many people died in the mine?"
OPENED = "When did the bridge open?"


def reading_of(marked: str, *, article: str = "a", score: float = 0.9) -> Reading:
    """A reading that answers with what stands between bars."""
    start, end = marked.index("|"), marked.rindex("|") - 1
    text = marked.replace("|", "")
    passage = Passage(article, 100, 100 + len(text), text, "body", ((100, 100 + len(text)),))
    hit = Hit(passage, 1, 1.0, "", None, None, f"{article}.txt", None, None)
    return Reading(hit, score, (), (100 + start, 100 + end))


def differ(question: str, one: str, other: str, *, score: float = 0.8) -> bool:
    return bool(differing(question, [reading_of(one), reading_of(other, article="b", score=score)]))


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        (DEAD, "The fire killed |12| miners.", "|Nine| miners were killed."),
        (DEAD, "|More than 40| miners died.", "The blaze left |35| dead."),
        (DEAD, "|At most 200| died.", "|250 people| lost their lives."),
        (DEAD, "|About 700| died.", "|1,150| died."),
        (DEAD, "|10,000| died.", "|12,000| died."),
        (DEAD, "|Between 10 and 12| died.", "|15| died."),
        ("How long is the tunnel?", "It is |4.2 km| long.", "It is |4.7 km| long."),
        ("What share of voters took part?", "|48 percent| took part.", "Turnout was |51 percent|."),
        ("What was the price of the painting?", "It went for |$1.5 million|.", "It fetched |$1.8 million|."),
        (OPENED, "It opened in |May 2019|.", "It was opened in |June 2019|."),
        (OPENED, "It opened |on 3 May 2019|.", "It opened |on May 4, 2019|."),
        ("In which year was it built?", "It was built in |1911|.", "It dates from |1913|."),
        ("Until when does it run?", "It runs |until 2027|.", "It runs to |2029|."),
        ("How many died when the mine burnt?", "|12| died.", "|9| died."),
        ("What was the fee?", "It was |from $12 million to $9 million|.", "It was |$20 million|."),
    ],
)
def test_numbers_and_dates_that_cannot_both_be_right_differ(question: str, one: str, other: str) -> None:
    assert differ(question, one, other)
    assert differ(question, other, one)


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        (DEAD, "|Twelve| died.", "The fire killed |12|."),
        (DEAD, "|About 2,000| died.", "|1,987| died."),
        (DEAD, "|More than 40| died.", "|43| died."),
        (DEAD, "|At least 12| died.", "|15| died."),
        (DEAD, "|Up to 12,000| died.", "|Over 10,000| died."),
        (DEAD, "|1.5 million| died.", "|1,512,000| died."),
        (DEAD, "|Dozens| died.", "|31| died."),
        (DEAD, "|Between 10 and 12| died.", "|11| died."),
        (OPENED, "It opened in |2019|.", "It opened |on 3 May 2019|."),
        (OPENED, "It opened |on Tuesday|.", "It opened |on 3 May 2019|."),
        (OPENED, "It opened |on Tuesday|.", "It opened |on Monday|."),  # of which week, nobody knows
        ("How long is it?", "It is |4 km| long.", "It is |4,000 metres| long."),  # units are not converted
        (DEAD, "|12| died.", "|Several| died."),
        (DEAD, "|from 1,200 to 900| died.", "|From 1,200 to 900| died."),
        (DEAD, "|12 men and 8 women| died.", "|20| died."),
        (DEAD, "|9 out of 10| died.", "|90 of 100| died."),
        (DEAD, f"|{'9' * 400}| died.", "|9| died."),
        ("How long was it?", "It took |1 hour 30 minutes|.", "It took |90 minutes|."),
        ("How old is she?", "She is |in her 40s|.", "She is |43|."),
        ("How much does it use?", "It uses |5 litres a day|.", "It uses |35 litres a week|."),
        ("What did it cost?", "It cost |A$12 million|.", "It cost |US$8 million|."),
        ("What did it cost?", "It cost |$2B|.", "It cost |$2 billion|."),
        ("How cold was it?", "It was |minus five degrees|.", "It was |-5 degrees|."),
        ("When was the fair?", "It was |between 2010 and 2012|.", "It was in |2011|."),
        ("When was the fair?", "It was in |2010–2012|.", "It was in |2011|."),
        ("When did he die?", "He died |before 2010|.", "He died in |2008|."),
        ("When was it made?", "It was made |about 1850|.", "It was made in |1852|."),
        ("When was it made?", "It was made in |the 1990s|.", "It was made in |1994|."),
        ("Was there a feast when the bridge opened?", "It opened in |2019|.", "It opened in |2021|."),
        ("Who danced when the bridge opened?", "It opened in |2019|.", "It opened in |2021|."),
    ],
)
def test_what_can_both_be_right_or_cannot_be_compared_does_not(question: str, one: str, other: str) -> None:
    assert not differ(question, one, other)
    assert not differ(question, other, one)


def test_only_numbers_and_dates_that_are_asked_for_are_compared() -> None:
    assert not differ("Who closed the mine?", "|A 12-member board|.", "|A board of 14|.")


def test_an_article_that_hardly_answers_does_not_differ() -> None:
    assert differ(DEAD, "|12| died.", "|9| died.", score=0.8)
    assert not differ(DEAD, "|12| died.", "|9| died.", score=0.1)


def test_two_places_of_one_article_do_not_differ() -> None:
    assert not differing(
        DEAD, [reading_of("|12| died."), reading_of("|9| died."), reading_of("|Twelve| died.", article="b")]
    )


def test_the_best_comes_first_then_those_that_differ_then_those_that_agree() -> None:
    readings = [
        reading_of("|12| died.", article="a"),
        reading_of("|Twelve| died.", article="b"),
        reading_of("|9| died.", article="c"),
        reading_of("Nobody knows |who| died.", article="d"),
    ]
    found = differing(DEAD, readings)
    assert found is not None
    assert [one.hit.passage.article_id for one in found.readings] == ["a", "c", "b"]


def test_words_of_a_heading_or_of_two_sentences_are_no_account() -> None:
    readings = [reading_of("|12| died."), reading_of("|9| died.", article="b")]
    for sentences in ((), ((100, 101), (101, 110))):
        passage = replace(readings[1].hit.passage, sentences=sentences)
        hit = replace(readings[1].hit, passage=passage)
        other = replace(readings[1], hit=hit, short=(100, 102))
        assert not differing(DEAD, [readings[0], other])
        assert not differing(DEAD, [other, readings[0]])


def test_what_only_asks_is_no_account() -> None:
    readings = [reading_of("|12| died."), reading_of("Did the fire kill |90| people?", article="b")]
    assert not differing(DEAD, readings)


def test_the_mark_of_a_list_is_not_quoted() -> None:
    assert quoted(reading_of("- |Nine| people died.")).text == "Nine people died."


def test_it_quotes_the_whole_sentence_of_the_words() -> None:
    text = "The pit burnt. Nine died. Others fled."
    whole = reading_of(text.replace("Nine", "|Nine|"))
    sentences = tuple((100 + text.index(one), 100 + text.index(one) + len(one)) for one in text.split(". "))
    passage = replace(whole.hit.passage, sentences=sentences)
    draft = quoted(replace(whole, hit=replace(whole.hit, passage=passage)))
    assert draft.text == draft.quotes[0].words == "Nine died"
    assert (draft.quotes[0].start, draft.quotes[0].end) == sentences[1]


class FirstNumber:
    """Sure of every passage, and answers with its first number."""

    name = "first-number"

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        readings = []
        for hit in hits:
            number = re.search(r"\d+", hit.passage.text)
            at = hit.passage.start
            short = (at + number.start(), at + number.end()) if number else None
            sentences = tuple(SentenceScore(start, end, 0.9) for start, end in hit.passage.sentences[:1])
            readings.append(Reading(hit, 0.9, sentences, short))
        return readings


@pytest.fixture
def two_papers(empty_corpus: Corpus, article_of: Callable[..., Article]) -> Corpus:
    empty_corpus.models.reader = FirstNumber()
    empty_corpus.add(article_of("post.txt", "The fire in the mine killed 12 people, its owner said.", outlet="Post"))
    empty_corpus.add(
        article_of("wire.txt", "In the burnt mine 9 people died. The prosecutor knows no more.", outlet="Wire")
    )
    return empty_corpus


def test_an_answer_shows_both_accounts_each_with_its_footnote(two_papers: Corpus) -> None:
    answer = two_papers.ask(DEAD)
    (disagreement,) = answer.disagreements
    assert disagreement.question == DEAD
    assert {(one.words, one.citation.outlet) for one in disagreement.accounts} == {("12", "Post"), ("9", "Wire")}
    for account in disagreement.accounts:
        assert account.citation in answer.citations
        assert account.words in account.citation.quote
    assert Answer.from_dict(answer.to_dict()) == answer


def test_an_account_that_the_answerer_left_out_is_shown_as_well(two_papers: Corpus) -> None:
    class OneSentence:
        name = "one"
        verbatim = False

        def write(self, question: str, readings: Sequence[Reading]) -> Iterator[Draft]:
            yield quoted(readings[0])

    two_papers.models.made["answerer one"] = OneSentence()
    *pieces, answer = two_papers.stream(DEAD, answerer="one")
    assert isinstance(answer, Answer)
    assert len(answer.statements) == 2
    assert len(answer.disagreements) == 1
    assert "".join(map(str, pieces)) == answer.text


def test_what_a_follow_up_was_searched_with_is_not_what_it_asks_for(two_papers: Corpus) -> None:
    answer = two_papers.ask(
        "What did its owner say?", ["How many people died in the mine, and what share of them were young?"]
    )
    assert "share" in answer.asked
    assert not answer.disagreements


def test_an_article_that_was_removed_meanwhile_leaves_the_others_side_by_side(
    two_papers: Corpus, article_of: Callable[..., Article]
) -> None:
    two_papers.add(article_of("third.txt", "The mine fire killed 15 people, said the mayor.", outlet="Third"))
    pieces = two_papers.stream(DEAD)
    next(pieces)
    gone = {one.outlet: one.article_id for one in two_papers.list_articles()}["Third"]
    two_papers.remove(gone)
    *_, answer = pieces
    assert isinstance(answer, Answer)
    (disagreement,) = answer.disagreements
    assert {one.words for one in disagreement.accounts} == {"12", "9"}


def test_nothing_is_compared_when_the_articles_do_not_say(two_papers: Corpus) -> None:
    two_papers.models.reader = Unsure()
    answer = two_papers.ask(DEAD)
    assert answer.status == "not_found"
    assert not answer.disagreements


class Unsure(FirstNumber):
    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        return [replace(one, score=0.1) for one in super().read(question, hits)]
