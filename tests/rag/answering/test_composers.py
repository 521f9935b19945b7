from collections.abc import Callable, Sequence
from datetime import date

import pytest

from rag import Answer, Article, Corpus
from rag.drafts import Thresholds
from rag.schema import Citation

FIRE = "A fire broke out at the harbour of Lomvik on Monday. Twelve boats burned. Nobody was hurt, the harbour master said."
LATER = (
    "The fire at the harbour of Lomvik was lit by a lantern, the police said on Friday. Nine boats burned, not twelve."
)
STRIKE = "The tram drivers of Hesta went on strike on Tuesday. They want a second person on night trams."


@pytest.fixture
def library(empty_corpus: Corpus, article_of: Callable[..., Article]) -> Corpus:
    empty_corpus.add(
        [
            article_of(
                "fire",
                ("heading", "Fire at the harbour of Lomvik"),
                FIRE,
                outlet="Lomvik Post",
                author="Tove Aker",
                published=date(2024, 5, 7),
            ),
            article_of(
                "lantern",
                ("heading", "Lantern lit the harbour fire in Lomvik"),
                LATER,
                outlet="Coast Mail",
                published=date(2024, 5, 11),
            ),
            article_of(
                "trams",
                ("heading", "Trams stand still in Hesta"),
                STRIKE,
                outlet="Hesta Daily",
                published=date(2023, 2, 1),
            ),
        ]
    )
    return empty_corpus


def holds(corpus: Corpus, citation: Citation) -> bool:
    article = corpus.article(citation.article_id)
    if citation.field == "published":
        return article.published is not None and citation.quote == article.published.isoformat()
    if citation.field:
        return bool(citation.quote == getattr(article, citation.field))
    return article.text[citation.start : citation.end] == citation.quote


QUESTIONS = [
    "Summarise the article on the fire at the harbour of Lomvik",
    "Tell me about the fire at the harbour of Lomvik",
    "Timeline of the fire at the harbour of Lomvik",
    "Which articles mention Lomvik?",
    "How many articles are there?",
    "What did the Hesta Daily report about the trams?",
    "Why did the tram drivers of Hesta go on strike?",
    "Compare Lomvik and Hesta",
    'Who wrote "Fire at the harbour of Lomvik"?',
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_footnote_stands_in_its_article(library: Corpus, question: str) -> None:
    answer = library.ask(question)
    assert answer.statements
    assert all(statement.citations for statement in answer.statements)
    assert all(holds(library, citation) for citation in answer.citations)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_broad_answer_comes_back_from_its_record(library: Corpus, question: str) -> None:
    answer = library.ask(question)
    assert Answer.from_dict(answer.to_dict()) == answer


def test_articles_are_counted_and_listed(library: Corpus) -> None:
    answer = library.ask("Which articles mention Lomvik?")
    assert answer.short == "2 articles"
    assert answer.text.startswith("2 articles of 3")
    assert "Lomvik Post" in answer.text
    assert "Hesta" not in answer.text


def test_who_wrote_an_article_is_answered_from_its_author(library: Corpus) -> None:
    answer = library.ask('Who wrote "Fire at the harbour of Lomvik"?')
    assert answer.short == "Tove Aker"
    assert {citation.field for citation in answer.citations} >= {"title", "author"}


def test_a_timeline_is_in_order_of_days_and_says_them(library: Corpus) -> None:
    answer = library.ask("Timeline of the harbour fire in Lomvik, please")
    assert [statement.label for statement in answer.statements] == ["6 May 2024", "10 May 2024"]


def test_what_an_outlet_reports_is_quoted_from_it_alone(library: Corpus) -> None:
    answer = library.ask("What did the Hesta Daily report about the trams?")
    assert {citation.outlet for citation in answer.citations} == {"Hesta Daily"}


def test_a_subject_that_no_article_has_is_refused(library: Corpus) -> None:
    assert library.ask("Tell me about Brexit").status == "not_found"


def test_a_question_can_be_read_as_another_kind(library: Corpus) -> None:
    answer = library.ask("the fire at the harbour of Lomvik", kind="timeline")
    assert answer.trace.read[0].kind == "timeline"


def test_a_greeting_is_no_refusal(library: Corpus) -> None:
    answer = library.ask("Hello!")
    assert (answer.status, answer.statements, answer.nearest) == ("answered", (), ())
    assert answer.reason


def test_more_says_what_was_not_said(library: Corpus) -> None:
    first = library.ask("What did the Hesta Daily report about the trams?")
    more = library.ask("more", [("What did the Hesta Daily report about the trams?", first)])
    assert not {one.quote for one in first.citations} & {one.quote for one in more.citations}


def test_where_does_it_say_that_quotes_again(library: Corpus) -> None:
    question = "What did the Hesta Daily report about the trams?"
    first = library.ask(question)
    again = library.ask("where does it say that?", [(question, first)])
    assert again.citations[0].quote == first.citations[0].quote


class SaidByTheModel:
    """Holds what is given to it for likely, and everything else not."""

    name = "said"
    thresholds = Thresholds(0.5, 0.5)

    def __init__(self, yes: float) -> None:
        self._yes = yes

    def chances(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        return [self._yes if statement.endswith("? yes") else 0.1 for statement, _ in pairs]


@pytest.mark.parametrize(("yes", "short"), [(0.9, "Yes"), (0.05, "No"), (0.3, None)])
def test_yes_and_no_are_what_the_entailment_model_holds_for_likely(
    library: Corpus, yes: float, short: str | None
) -> None:
    library.models.entailment = SaidByTheModel(yes)
    answer = library.ask("Did the tram drivers of Hesta go on strike on Tuesday?", kind="yes-no")
    assert (answer.status, answer.short) == ("answered", short)


def test_without_an_entailment_model_there_is_no_yes_and_no_no(library: Corpus) -> None:
    answer = library.ask("Did the tram drivers of Hesta go on strike on Tuesday?", kind="yes-no")
    assert (answer.status, answer.short) == ("answered", None)


def test_a_byline_is_not_told_as_a_sentence(library: Corpus, article_of: Callable[..., Article]) -> None:
    library.add(
        article_of(
            "walrus",
            ("byline", "title: Walrus seen in Vell"),
            ("heading", "Walrus seen in Vell"),
            "A walrus was seen in Vell on Monday. It ate clams. It slept on a boat.",
        )
    )
    answer = library.ask("Summarise the article on the walrus seen in Vell")
    assert len(answer.statements) > 1
    assert [one.text for one in answer.statements if "title:" in one.text] == []


def test_an_outlet_is_asked_for_the_days_named(library: Corpus, article_of: Callable[..., Article]) -> None:
    library.add(
        article_of(
            "trams-again",
            ("heading", "Trams run again in Hesta"),
            "The tram drivers of Hesta went back to work after a deal on night trams. The trams run every ten minutes.",
            outlet="Hesta Daily",
            published=date(2023, 6, 20),
        )
    )
    then = library.ask("What did the Hesta Daily report about the trams of Hesta in June 2023?")
    assert {citation.published for citation in then.citations} == {date(2023, 6, 20)}
    before = library.ask("What did the Hesta Daily report about the trams of Hesta in February 2023?")
    assert {citation.published for citation in before.citations} == {date(2023, 2, 1)}
    never = library.ask("What did the Hesta Daily report about the trams of Hesta in May 2019?")
    assert never.status == "not_found"


def test_the_newest_of_the_articles_about_something_is_named(library: Corpus) -> None:
    answer = library.ask("What is the newest article about the harbour of Lomvik?")
    assert answer.short == "Lantern lit the harbour fire in Lomvik"
    assert "such article" in answer.text


def test_the_newest_toll_leads_and_the_older_follows(empty_corpus: Corpus, article_of: Callable[..., Article]) -> None:
    for day, toll in ((3, "12"), (9, "14")):
        empty_corpus.add(
            article_of(
                f"crash-{day}",
                ("heading", "Bus crash at Vell"),
                f"In the bus crash at Vell {toll} people died. The road at Vell is closed.",
                published=date(2024, 5, day),
            )
        )
    answer = empty_corpus.ask("How many people died in the bus crash at Vell?")
    assert answer.short == "14"
    assert "14 people died" in answer.statements[0].text
    assert answer.statements[0].label == "As of 9 May 2024"


def test_the_hour_of_an_entry_is_that_of_all_its_sentences(
    empty_corpus: Corpus, article_of: Callable[..., Article]
) -> None:
    empty_corpus.add(
        article_of(
            "live",
            ("heading", "Flood in Vell, live"),
            "07:10 The river is over the bridge at Vell, the mayor says.\n\n"
            "08:40 The school at Vell is closed. Its cellar has flooded for the first time since the flood of 1987.",
            published=date(2024, 5, 7),
        )
    )
    answer = empty_corpus.ask("Timeline of the flood in Vell, please")
    assert [one.label for one in answer.statements] == ["7 May 2024, 07:10", "7 May 2024, 08:40", "7 May 2024, 08:40"]
