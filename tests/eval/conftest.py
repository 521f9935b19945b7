from collections.abc import Callable, Iterator, Sequence

import pytest

from eval.case import Case, Evidence
from rag.errors import UnknownArticleError
from rag.schema import Answer, Article, Citation, Hit, Passage, Reading, SentenceScore, Statement, Trace

ZOO = "The zoo sent three lions to the park. It kept the bears. Visitors were not told."
PORT = "A port opened in May. The zoo sent three lions to the park. Ships arrive at night."


def article(name: str, text: str) -> Article:
    return Article(id=f"id-{name}", title=name, text=text, source=f"folder/{name}.txt")


class FakeCorpus:
    """Two articles; each question is answered as told, everything else is refused."""

    def __init__(self, articles: Sequence[Article], quotes: dict[str, tuple[str, str]]) -> None:
        self._articles = {each.id: each for each in articles}
        self._quotes = quotes  # question → (article id, quote)
        self.asked: list[tuple[str, tuple[str, ...]]] = []

    def article(self, article_id: str) -> Article:
        if article_id not in self._articles:
            raise UnknownArticleError(f"no article has the id {article_id!r}.")
        return self._articles[article_id]

    def articles(self) -> Iterator[Article]:
        return iter(self._articles.values())

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        self.asked.append((question, tuple(history)))
        if question == "crash":
            raise ZeroDivisionError("a part broke")
        if question not in self._quotes:
            return Answer(question, question, "not_found", reason="nothing says it", confidence=0.1)
        return answered(question, [(self.article(self._quotes[question][0]), self._quotes[question][1])])


def answered(
    question: str,
    quotes: Sequence[tuple[Article, str]],
    *,
    short: str | None = None,
    confidence: float | None = 0.9,
) -> Answer:
    statements = []
    for marker, (source, quote) in enumerate(quotes, start=1):
        start = source.text.index(quote)
        place = (source.id, source.title, None, None, source.source, "body", start, start + len(quote), quote)
        statements.append(Statement(quote, (Citation(marker, *place),), 1.0))
    return Answer(
        question,
        question,
        "answered",
        statements=tuple(statements),
        short=short,
        confidence=confidence,
        trace=Trace(seconds={"read": 0.01}),
        made_by={"reader": "fake 1"},
    )


def refusing(question: str, withheld: Article | None = None, sentence: str = "") -> Answer:
    readings: tuple[Reading, ...] = ()
    if withheld is not None:
        start = withheld.text.index(sentence)
        place = (start, start + len(sentence))
        passage = Passage(withheld.id, 0, len(withheld.text), withheld.text, "body", (place,))
        hit = Hit(passage, 1, 1.0, "", None, None, "", None, None)
        readings = (Reading(hit, 0.3, (SentenceScore(*place, 0.3),), None),)
    return Answer(question, question, "not_found", reason="unsure", confidence=0.2, trace=Trace(readings=readings))


@pytest.fixture
def zoo() -> Article:
    return article("zoo", ZOO)


@pytest.fixture
def port() -> Article:
    return article("port", PORT)


@pytest.fixture
def lions() -> Case:
    return Case(
        "c1",
        "How many lions?",
        answerable=True,
        expected=(("3", "a trio"),),
        evidence=(Evidence("zoo.txt", "sent three lions to the park"),),
        tags=("fact", "number"),
    )


@pytest.fixture
def pandas() -> Case:
    return Case("c2", "How many pandas?", answerable=False, tags=("near_miss",))


@pytest.fixture
def corpus(zoo: Article, port: Article) -> FakeCorpus:
    return FakeCorpus([zoo, port], {"How many lions?": (zoo.id, "The zoo sent three lions to the park.")})


@pytest.fixture
def say() -> Callable[..., Answer]:
    return answered


@pytest.fixture
def refuse() -> Callable[..., Answer]:
    return refusing
