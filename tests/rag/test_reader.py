from collections.abc import Callable, Sequence

import pytest

from rag import Article, Corpus, Hit, Settings
from rag.plugins import Reader, Vectors
from rag.reader import FEATURES, SentenceReader
from rag.testing import HashEmbedder

QUESTIONS = [
    "How many animals did Putin give to North Korea?",
    "Who is Andrei Lankov?",
    "When was the treaty signed?",
    "Why does Russia need ammunition?",
    "Сколько животных?",
    "what is it",
]


@pytest.fixture
def reader() -> SentenceReader:
    return SentenceReader(Settings(), embedder=HashEmbedder())


@pytest.fixture
def zoo(empty_corpus: Corpus, article_of: Callable[..., Article]) -> list[Hit]:
    empty_corpus.add(
        [
            article_of("zoo", "The zoo of Lomvik sent 12 walruses to Vell. Nobody asked the mayor."),
            article_of("port", "Ships carry grain. The port sent nothing."),
        ]
    )
    return empty_corpus.search("How many walruses did the zoo send?")


def test_it_is_a_reader(reader: SentenceReader) -> None:
    assert isinstance(reader, Reader)


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_hit_has_one_reading_best_first(reader: SentenceReader, corpus: Corpus, question: str) -> None:
    hits = corpus.search(question, k=20)
    readings = reader.read(question, hits)
    assert sorted(reading.hit.rank for reading in readings) == [hit.rank for hit in hits]
    assert [reading.score for reading in readings] == sorted((reading.score for reading in readings), reverse=True)


@pytest.mark.parametrize("question", QUESTIONS)
def test_scores_are_shares_and_places_lie_in_the_passage(reader: SentenceReader, corpus: Corpus, question: str) -> None:
    for reading in reader.read(question, corpus.search(question, k=20)):
        passage = reading.hit.passage
        assert 0.0 <= reading.score <= 1.0
        assert [(one.start, one.end) for one in reading.sentences] == list(passage.sentences)
        assert all(0.0 <= one.score <= 1.0 for one in reading.sentences)
        if reading.short is not None:
            assert any(start <= reading.short[0] < reading.short[1] <= end for start, end in passage.sentences)


def test_the_sentence_that_answers_scores_highest(reader: SentenceReader, zoo: list[Hit]) -> None:
    best = reader.read("How many walruses did the zoo send?", zoo)[0]
    assert best.hit.source == "zoo"
    top = max(best.sentences, key=lambda one: one.score)
    assert best.hit.passage.text[top.start : top.end] == "The zoo of Lomvik sent 12 walruses to Vell."


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("How many walruses did the zoo send?", "12"),
        ("Where did the walruses go from Lomvik?", "Vell"),
        ("Why did the zoo send walruses?", None),
    ],
)
def test_the_few_words_are_of_the_kind_that_is_asked_for(
    reader: SentenceReader, zoo: list[Hit], question: str, short: str | None
) -> None:
    best = reader.read(question, [hit for hit in zoo if hit.source == "zoo"])[0]
    text = best.hit.passage.text
    assert (text[slice(*best.short)] if best.short else None) == short


def test_the_same_hits_give_the_same_readings(reader: SentenceReader, zoo: list[Hit]) -> None:
    again = SentenceReader(Settings(), embedder=HashEmbedder())
    assert reader.read("How many walruses?", zoo) == again.read("How many walruses?", zoo)


def test_no_hits_give_no_readings(reader: SentenceReader) -> None:
    assert reader.read("How many walruses?", []) == []


def test_a_sentence_seen_lately_is_not_embedded_again(zoo: list[Hit]) -> None:
    class Counting(HashEmbedder):
        embedded = 0

        def embed_texts(self, texts: Sequence[str]) -> Vectors:
            self.embedded += len(texts)
            return super().embed_texts(texts)

    embedder = Counting()
    reader = SentenceReader(Settings(), embedder=embedder)
    reader.read("How many walruses?", zoo)
    assert embedder.embedded == 4
    reader.read("Who asked the mayor?", zoo)
    assert embedder.embedded == 4


def test_closeness_is_the_cosine_of_question_and_sentence(zoo: list[Hit]) -> None:
    embedder = HashEmbedder()
    reader = SentenceReader(Settings(), embedder=embedder)
    question = "How many walruses?"
    for one in (*reader.judge(question, zoo), *reader.judge(question, zoo)):
        sentence = one.hit.passage.text[one.start - one.hit.passage.start : one.end - one.hit.passage.start]
        cosine = float(embedder.embed_query(sentence) @ embedder.embed_query(question))
        assert one.features[FEATURES.index("sentence_cosine")] == pytest.approx(cosine, abs=1e-6)
