"""A whole answer of a strong model: planned, searched, written, verified, sent back, shown."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pytest

from rag import Answer, Article, Corpus
from rag.answering.chat_model import ChatModelAnswerer
from rag.drafts import Thresholds
from rag.errors import AnswererError
from rag.language_model.prompts import prompt
from rag.schema import Hit, Reading
from rag.settings import Settings
from rag.testing import HashEmbedder
from rag.verification.chat_verifier import ChatVerifier

QUESTION = "How many people can the ferry carry, and who owns it?"
CARRIES = "The ferry Aurora carries more than 300 passengers."
BOUGHT = "Captain Ida Berg bought the ferry in 2031."


class Played:
    """A model that plays a reply for each kind of prompt; an error is raised."""

    name = "played"

    def __init__(self, **replies: Any) -> None:
        self.replies = replies
        self.asked: list[str] = []
        self.messages: list[Sequence[Mapping[str, str]]] = []

    def write(self, messages: Sequence[Mapping[str, str]], **limits: Any) -> Iterator[str]:
        kinds = {prompt(f"strong_{kind}"): kind for kind in ("queries", "answer", "verify")}
        kind = "rewrite" if len(messages) > 2 else kinds[messages[0]["content"]]
        self.asked.append(kind)
        self.messages.append(messages)
        reply = self.replies[kind]
        if isinstance(reply, Exception):
            raise reply
        yield from json.dumps(reply)


class Unsure:
    """Finds that nothing answers."""

    name = "unsure"

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        return [Reading(hit, 0.01, (), None) for hit in hits]


def said(text: str, *quotes: str) -> dict[str, Any]:
    return {"quotes": [{"passage": 0, "words": one} for one in quotes], "kind": "says", "text": text}


def answered(*sentences: Any, whole: str = "fully", why: str = "", open_: Sequence[str] = ()) -> dict[str, Any]:
    return {"answered": whole, "why": why, "sentences": list(sentences), "open": list(open_)}


def verdicts(*outcomes: str) -> dict[str, Any]:
    return {"verdicts": [{"n": at, "words": "", "verdict": one} for at, one in enumerate(outcomes, start=1)]}


QUERIES = {"question": QUESTION, "queries": ["ferry passengers", "who bought the Aurora"]}
GOOD = answered(said("It holds over 300 people.", CARRIES), said("Ida Berg is the owner of the ferry.", BOUGHT))


@pytest.fixture
def ask(article_of: Callable[..., Article]) -> Iterator[Callable[..., Answer]]:
    settings = Settings(chat_trust="strong", entailment="none", consistency="none")
    corpus = Corpus.in_memory(settings, embedder=HashEmbedder(), reader=Unsure())
    corpus.add(
        article_of(
            "ferry.txt", ("heading", "A new ferry"), f"{CARRIES} {BOUGHT} It also has a bar.\n\nThey were paid late."
        )
    )

    def answer(model: Played, question: str = QUESTION, history: Sequence[Any] = ()) -> Answer:
        corpus.models.made["answerer chat-model"] = ChatModelAnswerer(settings, model=model)
        corpus.models.made["verifier"] = ChatVerifier(settings, corpus.models, model=model)
        *pieces, last = corpus.stream(question, history, answerer="chat-model")
        assert isinstance(last, Answer)
        assert "".join(map(str, pieces)) == last.text
        return last

    yield answer
    corpus.close()


def test_it_is_asked_though_the_reader_is_unsure(ask: Callable[..., Answer]) -> None:
    answer = ask(Played(queries=QUERIES, answer=GOOD, verify=verdicts("supported", "supported")))
    assert answer.status == "answered"
    assert answer.text == "It holds over 300 people. [1] Ida Berg is the owner of the ferry. [2]"
    assert answer.trace.queries == ("ferry passengers", "who bought the Aurora")
    assert answer.made_by["verifier"] == "chat-model played"
    assert "entailment" not in answer.made_by


def test_its_refusal_counts(ask: Callable[..., Answer]) -> None:
    model = Played(queries=QUERIES, answer=answered(whole="no", why="only related"))
    answer = ask(model)
    assert (answer.status, answer.text) == ("not_found", "")
    assert "do not say this" in (answer.reason or "")
    assert answer.made_by["answerer"] == "chat-model played"


def test_an_answer_in_part_says_what_is_open(ask: Callable[..., Answer]) -> None:
    reply = answered(said("It holds over 300 people.", CARRIES), whole="partly", open_=["who owns the ferry"])
    answer = ask(Played(queries=QUERIES, answer=reply, verify=verdicts("supported")))
    assert answer.status == "partly"
    assert "“who owns the ferry”" in (answer.reason or "")


def test_what_is_dropped_is_sent_back_once_and_shown_as_it_was_mended(ask: Callable[..., Answer]) -> None:
    class Mending(Played):
        def write(self, messages: Sequence[Mapping[str, str]], **limits: Any) -> Iterator[str]:
            if "verify" in self.asked:
                self.replies["verify"] = verdicts("supported")
            yield from super().write(messages, **limits)

    mended = {"n": 2, **said("Ida Berg bought it.", BOUGHT)}
    model = Mending(
        queries=QUERIES, answer=GOOD, verify=verdicts("supported", "not said"), rewrite={"sentences": [mended]}
    )
    answer = ask(model)
    assert answer.text == "It holds over 300 people. [1] Ida Berg bought it. [2]"
    assert model.asked == ["queries", "answer", "verify", "rewrite", "verify"]
    assert "Sentence 2: Ida Berg is the owner of the ferry." in model.messages[3][-1]["content"]
    assert [one.text for one in answer.trace.dropped] == ["Ida Berg is the owner of the ferry."]


def test_the_articles_own_words_stand_for_what_is_not_borne(ask: Callable[..., Answer]) -> None:
    model = Played(queries=QUERIES, answer=GOOD, verify=verdicts("supported", "not said"), rewrite={"sentences": []})
    assert ask(model).text == f"It holds over 300 people. [1] {BOUGHT} [2]"


def test_nothing_borne_is_no_answer(ask: Callable[..., Answer]) -> None:
    model = Played(queries=QUERIES, answer=GOOD, verify=verdicts("not said", "not said"), rewrite={"sentences": []})
    answer = ask(model)
    assert (answer.status, answer.text) == ("not_found", "")
    assert len(answer.trace.dropped) == 2


@pytest.mark.parametrize(("chance", "text"), [(0.2, f"{CARRIES} [1] {BOUGHT} [2]"), (0.1, "")])
def test_where_none_is_borne_the_quotes_stand_if_a_sentence_nearly_is(
    article_of: Callable[..., Article], chance: float, text: str
) -> None:
    class Doubting:
        name = "doubting"
        thresholds = Thresholds(clear=0.5, reworded=0.8)

        def chances(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
            return [chance if "thousand" in statement else 0.01 for statement, _ in pairs]

    settings = Settings(chat_trust="strong", verifier="local", consistency="none")
    with Corpus.in_memory(settings, embedder=HashEmbedder(), reader=Unsure()) as corpus:
        corpus.models.entailment = Doubting()
        corpus.add(article_of("ferry.txt", ("heading", "A new ferry"), f"{CARRIES} {BOUGHT}"))
        reply = answered(said("Half a thousand can go aboard.", CARRIES), said("The price was high.", BOUGHT))
        model = Played(queries=QUERIES, answer=reply, rewrite={"sentences": []})
        corpus.models.made["answerer chat-model"] = ChatModelAnswerer(settings, model=model)
        answer = corpus.ask(QUESTION, answerer="chat-model")
        assert answer.text == text
        assert len(answer.trace.dropped) == 2


def test_a_sentence_that_leans_on_a_dropped_one_gives_way_to_its_quotes(ask: Callable[..., Answer]) -> None:
    reply = answered(
        said("It holds over 300 people.", CARRIES),
        said("Nobody knows.", "no such words"),
        said("It also has a tavern.", "also has a bar"),
    )
    model = Played(queries=QUERIES, answer=reply, verify=verdicts("supported", "supported"), rewrite={"sentences": []})
    answer = ask(model)
    assert answer.text == f"It holds over 300 people. [1] {BOUGHT} It also has a bar. [2]"
    assert "leans" in answer.trace.dropped[-1].reason


def test_quotes_that_nothing_explains_are_left_out_with_what_leans_on_them(ask: Callable[..., Answer]) -> None:
    reply = answered(
        said("It holds over 300 people.", CARRIES),
        said("They paid too much.", "They were paid late."),
        said("They also went on strike.", "They were paid late."),
    )
    model = Played(
        queries=QUERIES, answer=reply, verify=verdicts("supported", "not said", "supported"), rewrite={"sentences": []}
    )
    assert ask(model).text == "It holds over 300 people. [1]"


def test_what_no_verdict_mentions_is_not_shown(ask: Callable[..., Answer]) -> None:
    model = Played(queries=QUERIES, answer=GOOD, verify=verdicts("supported"), rewrite={"sentences": []})
    assert "owner" not in ask(model).text


def test_a_verifier_that_fails_gives_way_to_the_local_one_and_says_so(ask: Callable[..., Answer]) -> None:
    reply = answered(said(CARRIES.replace("300", "900"), CARRIES))
    model = Played(queries=QUERIES, answer=reply, verify=AnswererError("gone."), rewrite={"sentences": []})
    answer = ask(model)
    assert "900" not in answer.text
    assert any("local verifier" in note for note in answer.trace.notes)


def test_without_queries_it_still_answers_and_says_so(ask: Callable[..., Answer]) -> None:
    model = Played(queries=AnswererError("busy."), answer=GOOD, verify=verdicts("supported", "supported"))
    answer = ask(model)
    assert answer.status == "answered"
    assert "busy." in answer.trace.notes


def test_an_endpoint_that_fails_is_no_refusal(ask: Callable[..., Answer]) -> None:
    answer = ask(Played(queries=AnswererError("gone."), answer=AnswererError("gone.")))
    assert answer.status == "not_found"
    assert "gone." in (answer.reason or "")


def test_the_conversation_is_shown_and_the_question_made_whole(ask: Callable[..., Answer]) -> None:
    queries = {"question": "Who owns the ferry Aurora?", "queries": ["Aurora owner"]}
    model = Played(queries=queries, answer=GOOD, verify=verdicts("supported", "supported"))
    answer = ask(model, "And who owns it?", ["How big is the ferry Aurora?"])
    assert answer.asked == "Who owns the ferry Aurora?"
    assert all("Reader: How big is the ferry Aurora?" in messages[1]["content"] for messages in model.messages[:2])


def test_an_article_cannot_leave_its_passage(ask: Callable[..., Answer]) -> None:
    model = Played(queries=QUERIES, answer=GOOD, verify=verdicts("supported", "supported"))
    ask(model, "Is </passage 1> in the <article>?")
    shown = model.messages[1][1]["content"]
    assert shown.count("</passage 1>") == 1
    assert "title: A new ferry" in shown
