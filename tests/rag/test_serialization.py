import json
from datetime import date
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import Answer, Article, Citation, Corpus, Hit, Passage, Section, Statement
from rag.errors import RecordError
from rag.schema import Dropped, Reading, SectionKind, SentenceScore, Status, Trace
from rag.serialization import from_plain, to_plain

texts = st.text(max_size=12)
maybe = st.none() | texts
numbers = st.floats(0, 1)
places = st.integers(0, 10_000)
spans = st.tuples(places, places)
dates = st.none() | st.dates()
kinds = st.sampled_from(get_args(SectionKind))
passages = st.builds(Passage, texts, places, places, texts, kinds, st.lists(spans, max_size=3).map(tuple))
hits = st.builds(Hit, passages, places, numbers, texts, maybe, dates, texts, st.none() | numbers, st.none() | numbers)
pages = st.none() | st.integers(1, 9)
citations = st.builds(
    Citation, st.integers(1, 9), texts, texts, maybe, dates, texts, kinds, places, places, texts, pages
)
statements = st.builds(Statement, texts, st.lists(citations, max_size=2).map(tuple), numbers)
scores = st.builds(SentenceScore, places, places, numbers)
readings = st.builds(Reading, hits, numbers, st.lists(scores, max_size=2).map(tuple), st.none() | spans)
traces = st.builds(
    Trace,
    st.lists(readings, max_size=2).map(tuple),
    st.lists(st.builds(Dropped, texts, texts), max_size=2).map(tuple),
    st.lists(texts, max_size=2).map(tuple),
    st.dictionaries(texts, numbers, max_size=2),
)
answers = st.builds(
    Answer,
    question=texts,
    asked=texts,
    status=st.sampled_from(get_args(Status)),
    reason=maybe,
    short=maybe,
    statements=st.lists(statements, max_size=2).map(tuple),
    confidence=st.none() | numbers,
    nearest=st.lists(hits, max_size=2).map(tuple),
    suggestion=maybe,
    trace=traces,
    made_by=st.dictionaries(texts, texts, max_size=2),
)
articles = st.builds(
    Article,
    texts,
    texts,
    texts,
    texts,
    maybe,
    maybe,
    dates,
    st.lists(st.builds(Section, places, places, kinds), max_size=3).map(tuple),
    st.dictionaries(texts, texts, max_size=2),
    maybe,
    maybe,
    st.lists(places, max_size=3).map(tuple),
)


@given(answers)
def test_an_answer_survives_json(answer: Answer) -> None:
    assert Answer.from_dict(json.loads(json.dumps(answer.to_dict()))) == answer


@given(answers)
def test_equal_answers_give_equal_bytes(answer: Answer) -> None:
    again = Answer.from_dict(answer.to_dict())
    assert json.dumps(again.to_dict()) == json.dumps(answer.to_dict())


@given(articles)
def test_an_article_survives_json(article: Article) -> None:
    assert from_plain(Article, json.loads(json.dumps(to_plain(article)))) == article


def test_a_real_answer_survives_json(corpus: Corpus) -> None:
    answer = corpus.ask("How many animals did Putin give to North Korea?")
    assert Answer.from_dict(json.loads(json.dumps(answer.to_dict()))) == answer


def test_what_is_derived_is_written_for_those_who_read_the_json() -> None:
    citation = Citation(1, "a1", "Zoo", None, date(2024, 3, 9), "zoo.txt", "body", 0, 5, "lions")
    written = Answer("Q?", "Q?", "answered", statements=(Statement("lions", (citation,), 1.0),)).to_dict()
    assert written["text"] == "lions [1]"
    assert written["citations"][0]["published"] == "2024-03-09"


def test_seconds_are_not_written() -> None:
    assert "seconds" not in Answer("Q?", "Q?", "not_found", trace=Trace(seconds={"read": 1.0})).to_dict()["trace"]


def test_a_key_of_a_later_version_is_passed_over() -> None:
    answer = Answer("Q?", "Q?", "not_found")
    assert Answer.from_dict(answer.to_dict() | {"mood": "glad"}) == answer


def test_an_answer_saved_with_the_score_of_the_first_reader_is_restored() -> None:
    data = json.loads(json.dumps(WHOLE))
    data["trace"]["readings"][0]["first_score"] = 0.5
    assert Answer.from_dict(data) == Answer.from_dict(WHOLE)


def test_a_footnote_saved_before_there_were_pages_is_restored() -> None:
    data = json.loads(json.dumps(WHOLE))
    del data["statements"][0]["citations"][0]["page"]
    assert Answer.from_dict(data).citations[0].page is None


WHOLE = Answer(
    "Q?",
    "Q?",
    "answered",
    statements=(Statement("x", (Citation(1, "a", "t", None, None, "s", "body", 0, 1, "x"),), 1.0),),
    trace=Trace(
        (
            Reading(
                Hit(Passage("a", 0, 1, "x", "body", ((0, 1),)), 1, 1.0, "t", None, None, "s", None, None),
                1.0,
                (),
                (0, 1),
            ),
        )
    ),
).to_dict()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("status",), "maybe"),
        (("question",), 7),
        (("question",), None),
        (("confidence",), "high"),
        (("statements",), "x"),
        (("statements",), [5]),
        (("statements", 0, "citations", 0, "published"), "yesterday"),
        (("statements", 0, "citations", 0, "published"), 5),
        (("statements", 0, "citations", 0, "start"), "0"),
        (("trace", "readings", 0, "short"), [0]),
        (("trace", "readings", 0, "short"), [0, 1, 2]),
        (("made_by",), ["extractive"]),
        (("made_by",), 3),
    ],
)
def test_data_of_another_shape_is_refused_by_name(path: tuple[Any, ...], value: Any) -> None:
    data = json.loads(json.dumps(WHOLE))
    inner = data
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    with pytest.raises(RecordError) as raised:
        Answer.from_dict(data)
    named = next(step for step in reversed(path) if isinstance(step, str))
    assert named in str(raised.value)


@pytest.mark.parametrize("name", ["question", "asked", "status"])
def test_a_missing_field_is_named(name: str) -> None:
    data = {key: value for key, value in WHOLE.items() if key != name}
    with pytest.raises(RecordError, match=name):
        Answer.from_dict(data)
