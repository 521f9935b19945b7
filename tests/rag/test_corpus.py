import json
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest

from rag import Answer, Article, Corpus, Settings
from rag.answering.assembly import assemble
from rag.answering.parts import Evidence, Part, Written
from rag.answering.plan import AskedQuestion
from rag.drafts import Draft, Quote
from rag.errors import UnknownPluginError
from rag.schema import Reading
from rag.testing import HashEmbedder, WordConsistency, WordEntailment

QUESTIONS = [
    "How many animals did Putin give to North Korea?",
    "When did Andrei Lankov speak?",
    "Why does Russia need ammunition?",
    "What did China promise on carbon neutrality?",
    "Did Kim meet Shoigu?",
    "What is the price of tulips in Utrecht?",
]
Install = Callable[..., Corpus]
Make = Callable[..., Article]


@pytest.fixture
def willing(seeds: Path) -> Iterator[Corpus]:
    """The seeds, answering whatever is asked, however unsure: what holds of answers must hold of bad ones."""
    with Corpus.in_memory(Settings.from_environment(max_error=1.0), embedder=HashEmbedder()) as corpus:
        corpus.add(seeds)
        yield corpus


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_footnote_is_the_exact_words_of_a_passage_that_was_found(willing: Corpus, question: str) -> None:
    answer = willing.ask(question)
    found = [reading.hit.passage for reading in answer.trace.readings]
    assert answer.status == "answered"
    assert answer.statements
    for statement in answer.statements:
        assert statement.citations
    for marker, citation in enumerate(answer.citations, start=1):
        article = willing.article(citation.article_id)
        assert citation.marker == marker
        assert article.text[citation.start : citation.end] == citation.quote
        assert (citation.title, citation.source) == (article.title, article.source)
        assert any(
            passage.article_id == article.id and passage.start <= citation.start and citation.end <= passage.end
            for passage in found
        )


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_streamed_pieces_join_to_the_text(willing: Corpus, question: str) -> None:
    *pieces, answer = willing.stream(question)
    assert isinstance(answer, Answer)
    assert pieces
    assert "".join(str(piece) for piece in pieces) == answer.text
    assert answer == willing.ask(question)


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_same_question_gives_the_same_bytes(willing: Corpus, seeds: Path, question: str) -> None:
    with Corpus.in_memory(Settings.from_environment(max_error=1.0), embedder=HashEmbedder()) as other:
        other.add(sorted(seeds.iterdir()))
        written = [json.dumps(one.ask(question).to_dict()) for one in (willing, willing, other)]
    assert written[0] == written[1] == written[2]


def test_the_short_answer_stands_in_the_first_statement(willing: Corpus) -> None:
    answer = willing.ask("How many animals did Putin give to North Korea?")
    assert answer.short is not None
    assert answer.short in answer.statements[0].citations[0].quote


def test_the_answer_says_who_made_it_and_how_long_it_took(corpus: Corpus) -> None:
    answer = corpus.ask(QUESTIONS[0])
    assert answer.made_by["embedder"] == "hash-1"
    assert set(answer.made_by) >= {"embedder", "reader", "answerer"}
    assert all(seconds >= 0.0 for seconds in answer.trace.seconds.values())
    assert answer.trace.seconds


@pytest.mark.parametrize("question", QUESTIONS[:2])
def test_the_trace_shows_every_score_and_keeps_them_when_saved(willing: Corpus, question: str) -> None:
    answer = willing.ask(question)
    readings = answer.trace.readings
    assert [reading.hit for reading in sorted(readings, key=lambda one: one.hit.rank)] == willing.search(
        question, k=willing.settings.k, kinds=("body",)
    )
    for reading in readings:
        assert reading.hit.score > 0.0
        assert reading.hit.dense is not None or reading.hit.keyword is not None
        assert [(one.start, one.end) for one in reading.sentences] == list(reading.hit.passage.sentences)
    assert Answer.from_dict(json.loads(json.dumps(answer.to_dict()))).trace.readings == readings


def test_a_refusal_says_why_and_shows_the_nearest_passages(corpus: Corpus, answers_with: Install) -> None:
    answer = answers_with(corpus, "no such word").ask("What is the price of tulips?")
    assert answer.status == "not_found"
    assert answer.reason
    assert answer.text == ""
    assert answer.short is None
    assert 1 <= len(answer.nearest) <= 3
    assert set(answer.nearest) <= {reading.hit for reading in answer.trace.readings}


def test_a_refusal_is_one_piece(corpus: Corpus, answers_with: Install) -> None:
    assert len(list(answers_with(corpus, "no such word").stream("What is the price of tulips?"))) == 1


def test_a_reader_without_a_calibration_is_taken_at_its_word(corpus: Corpus, answers_with: Install) -> None:
    answer = answers_with(corpus, "70 animals").ask(QUESTIONS[0])
    assert answer.status == "answered"
    assert answer.confidence is None
    assert "70 animals" in answer.text


def test_an_empty_corpus_refuses_and_says_that_it_is_empty(empty_corpus: Corpus) -> None:
    answer = empty_corpus.ask("How many lions?")
    assert answer.status == "not_found"
    assert answer.reason
    assert answer.nearest == ()


@pytest.fixture
def boxed(empty_corpus: Corpus, article_of: Make) -> Corpus:
    empty_corpus.add(
        article_of(
            "zoo.txt",
            ("heading", "The zoo of Lomvik"),
            "The zoo sent walruses to Vell. Nobody asked the mayor.",
            ("furniture", "Join our zeppelin channel about walruses"),
            ("sidebar", "The ferry of Oster sank in a storm."),
        )
    )
    return empty_corpus


def test_a_sidebar_answers_when_the_body_does_not_and_the_answer_says_so(boxed: Corpus, answers_with: Install) -> None:
    answer = answers_with(boxed, "ferry").ask("What happened to the ferry?")
    assert answer.status in ("answered", "partly")
    assert [citation.quote for citation in answer.citations] == ["The ferry of Oster sank in a storm."]
    assert answer.citations[0].kind == "sidebar"
    assert "sidebar" in str(answer.reason)


def test_a_sidebar_does_not_answer_when_the_body_does(boxed: Corpus, answers_with: Install) -> None:
    answer = answers_with(boxed, "ferry", "walruses").ask("What happened to the ferry and the walruses?")
    assert {citation.kind for citation in answer.citations} == {"body"}
    assert answer.reason is None


def test_furniture_never_answers(boxed: Corpus, answers_with: Install) -> None:
    answer = answers_with(boxed, "zeppelin").ask("Which zeppelin channel can one join?")
    assert answer.status == "not_found"
    assert all("zeppelin" not in hit.passage.text for hit in answer.nearest)


def test_no_furniture_of_the_seeds_is_cited_or_shown(corpus: Corpus) -> None:
    furniture = {
        (article.id, at)
        for article in corpus.articles()
        for section in article.sections
        if section.kind == "furniture"
        for at in range(section.start, section.end)
    }
    assert furniture
    for question in (*QUESTIONS, "Join our Channel", "Read Full Article", "Share This", "Previous Next"):
        for hit in corpus.search(question, k=100):
            places = range(hit.passage.start, hit.passage.end)
            assert furniture.isdisjoint((hit.passage.article_id, at) for at in places)


class Inventive:
    """Writes one thing that the passages say, and several that they do not."""

    name = "inventive-1"
    verbatim = False

    def __init__(self, settings: Settings) -> None:
        pass

    def write(self, question: str, readings: Sequence[Reading]) -> Iterator[Draft]:
        passage = readings[0].hit.passage
        best = max(readings[0].sentences, key=lambda sentence: sentence.score)
        start, end = best.start, best.end
        words = passage.text[start - passage.start : end - passage.start]
        yield Draft("They sent 900 tigers.", (Quote(passage.article_id, start, end, words),))
        yield Draft("Without a footnote.", ())
        yield Draft(words, (Quote(passage.article_id, start, end, words),))
        yield Draft(words.upper(), (Quote(passage.article_id, start, end, words.upper()),))


class Rewording(Inventive):
    name = "rewording-1"

    def write(self, question: str, readings: Sequence[Reading]) -> Iterator[Draft]:
        passage = readings[0].hit.passage
        best = max(readings[0].sentences, key=lambda sentence: sentence.score)
        words = passage.text[best.start - passage.start : best.end - passage.start]
        quote = Quote(passage.article_id, best.start, best.end, words)
        yield Draft("Vladimir Putin has gifted North Korea more than 70 animals.", (quote,))


class Silent(Inventive):
    name = "silent-1"

    def write(self, question: str, readings: Sequence[Reading]) -> Iterator[Draft]:
        yield Draft("They sent 900 tigers.", ())


@pytest.fixture
def their_answerers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A package of that name with three answerers is installed."""
    monkeypatch.setitem(
        sys.modules, "their_answerers", SimpleNamespace(Inventive=Inventive, Rewording=Rewording, Silent=Silent)
    )


@pytest.mark.usefixtures("their_answerers")
def test_what_is_not_proved_is_dropped_and_counted(willing: Corpus) -> None:
    answer = willing.ask(QUESTIONS[0], answerer="their_answerers:Inventive")
    assert len(answer.statements) == 1
    assert "tigers" not in answer.text
    assert [dropped.text for dropped in answer.trace.dropped][:2] == ["They sent 900 tigers.", "Without a footnote."]
    assert len(answer.trace.dropped) == 3
    assert answer.made_by["answerer"] == "inventive-1"


@pytest.mark.usefixtures("their_answerers")
def test_who_checked_what_is_not_word_for_word_is_told(willing: Corpus) -> None:
    willing.models.entailment, willing.models.consistency = WordEntailment(), WordConsistency()
    reworded = willing.ask(QUESTIONS[0], answerer="their_answerers:Rewording")
    assert reworded.made_by["answerer"] == "rewording-1"
    assert reworded.made_by["entailment"] == WordEntailment.name
    assert reworded.made_by["consistency"] == WordConsistency.name
    assert "consistency" not in willing.ask(QUESTIONS[0]).made_by


@pytest.mark.usefixtures("their_answerers")
def test_when_nothing_survives_the_articles_own_sentences_stand_in_and_it_is_said(willing: Corpus) -> None:
    answer = willing.ask(QUESTIONS[0], answerer="their_answerers:Silent")
    assert answer.statements
    assert "instead" in str(answer.reason)
    assert "extractive" in answer.made_by["answerer"]
    assert "silent-1" in answer.made_by["answerer"]
    assert [dropped.text for dropped in answer.trace.dropped] == ["They sent 900 tigers."]


@pytest.mark.usefixtures("their_answerers")
def test_the_answerer_is_not_called_when_the_articles_do_not_say(corpus: Corpus, answers_with: Install) -> None:
    answer = answers_with(corpus, "no such word").ask("What do tulips cost?", answerer="their_answerers:Inventive")
    assert answer.status == "not_found"
    assert answer.trace.dropped == ()


def test_an_unknown_answerer_is_refused_with_the_known_ones(corpus: Corpus) -> None:
    with pytest.raises(UnknownPluginError, match=r"no answerer is called 'nonesuch'.+extractive"):
        corpus.ask("How many lions?", answerer="nonesuch")


@pytest.mark.parametrize("role", ["embedder", "reader"])
def test_an_unknown_part_is_refused_when_the_corpus_is_opened(tmp_path: Path, role: str) -> None:
    settings = Settings(**{role: "nonesuch"})  # type: ignore[arg-type]
    embedder = None if role == "embedder" else HashEmbedder()
    with pytest.raises(UnknownPluginError, match=f"no {role} is called 'nonesuch'"):
        Corpus.create(tmp_path / "index", settings, embedder=embedder)


def test_threads_that_ask_while_one_adds_get_whole_answers(willing: Corpus, article_of: Make) -> None:
    failures: list[BaseException] = []

    def keep_asking(question: str) -> None:
        try:
            for _ in range(5):
                answer = willing.ask(question)
                for citation in answer.citations:
                    assert willing.article(citation.article_id).text[citation.start : citation.end] == citation.quote
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=keep_asking, args=(question,)) for question in QUESTIONS[:3]]
    for thread in threads:
        thread.start()
    for number in range(5):
        willing.add(article_of(f"new{number}", f"Walrus number {number} swims in the harbour."))
    for thread in threads:
        thread.join(timeout=60)
    assert not failures
    assert len(willing) == 10


TWO_THINGS = "How many walruses were sent to Vell, and what happened to the ferry of Oster?"


def test_each_thing_asked_is_answered_and_the_footnotes_are_numbered_through(
    boxed: Corpus, answers_with: Install
) -> None:
    *pieces, answer = answers_with(boxed, "walruses", "ferry", shared=True).stream(TWO_THINGS)
    assert isinstance(answer, Answer)
    assert answer.status == "answered"
    assert answer.asked == "How many walruses were sent to Vell? What happened to the ferry of Oster?"
    assert [citation.marker for citation in answer.citations] == [1, 2]
    assert "".join(map(str, pieces)) == answer.text


def test_what_is_answered_in_part_names_the_question_that_is_not(boxed: Corpus, answers_with: Install) -> None:
    answer = answers_with(boxed, "walruses", shared=True).ask(TWO_THINGS)
    assert answer.status == "partly"
    assert [citation.quote for citation in answer.citations] == ["The zoo sent walruses to Vell."]
    assert str(answer.reason).startswith("“What happened to the ferry of Oster?” ")
    assert answer.nearest == ()


def test_a_part_that_points_back_is_named_as_it_was_typed(boxed: Corpus, answers_with: Install) -> None:
    answer = answers_with(boxed, "zeppelin").ask("How many walruses were sent to Vell, and when was its harbour built?")
    assert (
        answer.asked == "How many walruses were sent to Vell? When was its harbour built, about walruses sent to Vell?"
    )
    assert "“When was its harbour built?” These words" in str(answer.reason)


def test_a_sentence_that_answers_both_things_is_shown_once(boxed: Corpus, answers_with: Install) -> None:
    asked = "How many walruses were sent to Vell, and which town did the zoo send walruses to?"
    answer = answers_with(boxed, "walruses").ask(asked)
    assert answer.status == "answered"
    assert answer.text == "The zoo sent walruses to Vell. [1]"


def test_a_refusal_of_several_things_shows_what_came_nearest_to_each(boxed: Corpus, answers_with: Install) -> None:
    answer = answers_with(boxed, "zeppelin").ask(TWO_THINGS)
    assert answer.status == "not_found"
    assert str(answer.reason).count("”") == 2
    assert answer.nearest


@pytest.mark.parametrize(("confidences", "expected"), [((0.8, 0.5), 0.4), ((0.8, None), None)])
def test_the_confidence_of_several_things_is_that_all_are_right(
    boxed: Corpus, answers_with: Install, confidences: tuple[float, float | None], expected: float | None
) -> None:
    whole = answers_with(boxed, "walruses").ask("How many walruses were sent?")
    parts = [
        Part(
            AskedQuestion("?", "?"),
            Evidence(whole.trace.readings, confidence, enough=True),
            Written(whole.statements),
        )
        for confidence in confidences
    ]
    assert assemble("?", parts, made_by={}, seconds={}).confidence == (expected and pytest.approx(expected))
