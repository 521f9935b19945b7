"""Public fakes and contract checks, for our tests and for those of whoever writes a plug-in."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterator, Sequence

import numpy as np

from .drafts import Claim, Cloze, Draft, Reply, Thresholds
from .index.contract import check_index as check_index
from .language.stems import stem
from .language.words import content_words
from .language_model.deadline import Deadline
from .plugins import Answerer, ConsistencyModel, Embedder, EntailmentModel, Reader, Vectors, Verifier
from .question.question_type import asks_amount
from .schema import Hit, Passage, Reading, SentenceScore
from .settings import Settings

_NUMBER = re.compile(r"\d[\d.,]*\d|\d")
_NAME = re.compile(r"[A-Z]\w+(?: [A-Z]\w+)*")


class HashEmbedder:
    """Fast and deterministic: each word has a fixed random direction, a text is their sum. Knows words, not meaning."""

    name = "hash-1"
    dimension = 384

    def __init__(self, settings: Settings | None = None) -> None:
        pass

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self.embed_query(text) for text in texts]) if texts else np.zeros((0, 384), dtype=np.float32)

    def embed_query(self, text: str) -> Vectors:
        total = np.zeros(self.dimension, dtype=np.float64)
        for word in content_words(text):
            seed = int.from_bytes(hashlib.sha256(stem(word).encode()).digest()[:8], "little")
            total += np.random.default_rng(seed).standard_normal(self.dimension)
        unit: Vectors = (total / max(float(np.linalg.norm(total)), 1e-12)).astype(np.float32)
        return unit


class WordReader:
    """Fast and deterministic: a sentence answers as far as it holds the question's content words.

    The short answer is the first number of the best sentence for "how many" and "how much", else its first name, that
    the question does not say.
    """

    name = "words-1"

    def __init__(self, settings: Settings | None = None, **parts: object) -> None:
        pass

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        wanted = _stems(question)
        told = _NUMBER if asks_amount(question) else _NAME
        return sorted((_read(wanted, told, hit) for hit in hits), key=lambda reading: -reading.score)


class WordEntailment:
    """Fast and deterministic: a quote bears a statement as far as it holds its content words."""

    name = "words-1"
    thresholds = Thresholds(clear=0.5, reworded=0.5)

    def __init__(self, settings: Settings | None = None, **parts: object) -> None:
        pass

    def chances(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        return [_share(_stems(statement), quote) for statement, quote in pairs]


class WordConsistency:
    """Fast and deterministic: a quote answers with the words asked for as far as it holds the question's others."""

    name = "words-1"

    def __init__(self, settings: Settings | None = None, **parts: object) -> None:
        pass

    def replies(self, asked: Sequence[Cloze], quote: str) -> list[Reply]:
        return [Reply(cloze.question, _share(_stems(cloze.question), quote), cloze.said) for cloze in asked]


def check_embedder(embedder: Embedder) -> None:
    """Raise AssertionError unless the embedder keeps its contract."""
    assert embedder.name, "an embedder has a name"
    texts = ["A lion lives in the zoo.", "", "Grain exports fell by a third."]
    rows = embedder.embed_texts(texts)
    assert rows.shape == (3, embedder.dimension), f"shape {rows.shape}, expected (3, {embedder.dimension})"
    assert rows.dtype == np.float32, f"type {rows.dtype}, expected float32"
    assert embedder.embed_texts([]).shape == (0, embedder.dimension), "no texts give no rows"
    assert embedder.embed_query(texts[0]).shape == (embedder.dimension,), "a query gives one row"
    assert np.allclose(np.linalg.norm(rows[[0, 2]], axis=1), 1.0, atol=1e-3), "rows have unit length"
    alone = embedder.embed_texts([texts[2]])[0]
    assert float(alone @ rows[2]) > 0.999, "a text has one vector, whatever it is embedded with"


def check_reader(reader: Reader) -> None:
    """Raise AssertionError unless the reader keeps its contract.

    It reads four passages: one that does not begin its article, one without a sentence, one in another script.
    """
    assert reader.name, "a reader has a name"
    assert reader.read("How many lions?", []) == [], "no hits give no readings"
    hits = _hits()
    for question in ("How many lions went to the zoo of Lomvik?", "lions " * 3000, "¿多少?"):
        readings = reader.read(question, hits)
        assert sorted(one.hit.rank for one in readings) == [hit.rank for hit in hits], "each hit has one reading"
        assert all(one.hit in hits for one in readings), "a reading holds its hit as it was given"
        scores = [one.score for one in readings]
        assert scores == sorted(scores, reverse=True), f"scores {scores}, expected best first"
        for one in readings:
            _check_reading(one)
        assert reader.read(question, hits) == readings, "the same question and hits give the same readings"


def check_entailment(model: EntailmentModel) -> None:
    """Raise AssertionError unless the entailment model keeps its contract."""
    assert model.name, "an entailment model has a name"
    clear, reworded = model.thresholds.clear, model.thresholds.reworded
    assert 0.0 <= clear <= 1.0, f"thresholds.clear is {clear}, expected 0 to 1"
    assert 0.0 <= reworded <= 1.0, f"thresholds.reworded is {reworded}, expected 0 to 1"
    assert model.chances([]) == [], "no pairs give no chances"
    quote = "The zoo of Lomvik took in seventy lions."
    pairs = [("Grain exports fell by a third.", quote), (quote, quote), ("lions " * 3000, quote), ("", "")]
    chances = model.chances(pairs)
    assert len(chances) == len(pairs), f"{len(chances)} chances, expected one for each of {len(pairs)} pairs"
    for chance in chances:
        _check_share("chance", chance)
    assert chances[1] > chances[0], "a statement is borne by its own words more than by others"
    for pair, chance in zip(pairs, chances, strict=True):
        alone = model.chances([pair])[0]
        assert abs(alone - chance) < 0.05, f"chance {alone} alone, {chance} among others, expected the same"


def check_verifier(verifier: Verifier) -> None:
    """Raise AssertionError unless the verifier keeps its contract: a verdict for each claim, in order."""
    assert verifier.name, "a verifier has a name"
    assert isinstance(verifier.whole, bool), "`whole` says whether it wants all claims of an answer at once"
    question = "How many lions went to the zoo of Lomvik?"
    assert verifier.judge(question, [], Deadline(60.0)) == [], "no claims give no verdicts"
    quote = "The zoo of Lomvik took in seventy lions."
    claims = [Claim(quote, (quote,)), Claim("Grain exports fell by a third.", (quote,))]
    verdicts = verifier.judge(question, claims, Deadline(60.0))
    for verdict in verdicts:
        _check_share("score", verdict.score)
        assert all(0 <= place < 1 for place in verdict.bearing), f"{verdict.bearing} are no places of the quotes"
    assert len(verdicts) == len(claims), f"{len(verdicts)} verdicts, expected one for each of {len(claims)} claims"


def check_consistency(model: ConsistencyModel) -> None:
    """Raise AssertionError unless the question-answering consistency model keeps its contract."""
    assert model.name, "a consistency model has a name"
    quote = "The zoo of Lomvik took in seventy lions, while Oster took in nine."
    asked = [
        Cloze("Who took in seventy lions?", "The zoo of Lomvik", ((0, 17),)),
        Cloze("How many did Oster take in?", "nine", ((61, 65),)),
    ]
    replies = model.replies(asked, quote)
    questions = [cloze.question for cloze in asked]
    assert [reply.question for reply in replies] == questions, "each question has one reply, in order"
    for reply in replies:
        _check_share("chance", reply.chance)
        assert reply.words in quote, f"words {reply.words!r}, expected some of the quote"
    alone = model.replies(asked[1:], quote)[0].chance
    assert abs(alone - replies[1].chance) < 0.05, (
        f"chance {alone} alone, {replies[1].chance} among others, expected the same"
    )


def check_answerer(answerer: Answerer) -> None:
    """Raise AssertionError unless the answerer keeps its contract.

    It is asked what the first of the passages shown says plainly, and must propose a statement that quotes it.
    """
    assert answerer.name, "an answerer has a name"
    question = "How many lions went to the zoo of Lomvik?"
    assert list(answerer.write(question, [])) == [], "without readings nothing is written"
    readings = [_sure_of(hit, 0.9 / hit.rank) for hit in _hits()]
    drafts = answerer.write(question, readings)
    assert isinstance(drafts, Iterator), f"write gives {type(drafts).__name__}, expected an iterator: it is streamed"
    written = list(drafts)
    assert written, "a question that the first passage answers gets a statement"
    for draft in written:
        assert isinstance(draft, Draft), f"{draft} is no statement, expected one: the first passage answers"
        assert draft.text.strip(), "a statement has words"
        assert draft.quotes, f"{draft.text!r} relies on nothing, expected a quote: it would be dropped"
        for quote in draft.quotes:
            shown = [hit.passage for hit in _hits() if hit.passage.article_id == quote.article_id]
            holding = [one for one in shown if one.start <= quote.start < quote.end <= one.end]
            assert holding, f"{quote} lies in no passage shown"
            words = holding[0].text[quote.start - holding[0].start : quote.end - holding[0].start]
            assert quote.words == words, f"{quote} quotes {quote.words!r}, the article says {words!r} there"


def _check_reading(reading: Reading) -> None:
    passage = reading.hit.passage
    for score in (reading.score, *(one.score for one in reading.sentences)):
        _check_share("score", score)
    places = [(one.start, one.end) for one in reading.sentences]
    strange = sorted(set(places) - set(passage.sentences))
    assert not strange, f"{strange} are no sentences of the passage, expected of {passage.sentences}, in its article"
    assert len(set(places)) == len(places), "a sentence is scored once"
    if reading.short is not None:
        start, end = reading.short
        inside = passage.start <= start < end <= passage.end
        assert inside, f"short is {reading.short}, expected a span within {passage.start} to {passage.end}"


def _check_share(name: str, value: float) -> None:
    assert math.isfinite(value), f"{name} {value}, expected a number"
    assert 0.0 <= value <= 1.0, f"{name} {value}, expected 0 to 1"


def _stems(text: str) -> frozenset[str]:
    return frozenset(map(stem, content_words(text)))


def _share(wanted: frozenset[str], text: str) -> float:
    return len(wanted & _stems(text)) / len(wanted) if wanted else 0.0


def _read(wanted: frozenset[str], told: re.Pattern[str], hit: Hit) -> Reading:
    passage = hit.passage
    scores = tuple(
        SentenceScore(start, end, _share(wanted, passage.text[start - passage.start : end - passage.start]))
        for start, end in passage.sentences
    )
    best = max(scores, key=lambda one: one.score, default=None)
    if best is None or best.score == 0.0:
        return Reading(hit, 0.0, scores, None)
    sentence = passage.text[best.start - passage.start : best.end - passage.start]
    words = next((match for match in told.finditer(sentence) if not _stems(match.group()) <= wanted), None)
    short = (best.start + words.start(), best.start + words.end()) if words else None
    return Reading(hit, best.score, scores, short)


def _hits() -> list[Hit]:
    """Four passages of three articles; the second begins in the middle of its article."""
    return [
        _hit(1, "zoo", 0, "The zoo of Lomvik took in seventy lions.", "Nobody in town had asked for them."),
        _hit(2, "zoo", 1200, "The mayor said in May that the bears came later.", "They live near the harbour."),
        _hit(3, "heading", 40),
        _hit(4, "小说", 7, "动物园收到了七十头狮子。", "🦁🦁 née Ægir."),
    ]


def _hit(rank: int, title: str, start: int, *sentences: str) -> Hit:
    text = " ".join(sentences) or "Animals abroad"
    spans, at = [], start
    for sentence in sentences:
        spans.append((at, at + len(sentence)))
        at += len(sentence) + 1
    passage = Passage(f"article-{title}", start, start + len(text), text, "body", tuple(spans))
    return Hit(passage, rank, 1.0 / rank, title, None, None, f"{title}.txt", None, None)


def _sure_of(hit: Hit, score: float) -> Reading:
    return Reading(hit, score, tuple(SentenceScore(*span, score) for span in hit.passage.sentences), None)
