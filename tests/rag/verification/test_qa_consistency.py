"""The shipped reader, asked about a quote, finds who and how many of several; the check of support goes by it."""

from collections.abc import Sequence

import pytest

from rag.drafts import Reply, Thresholds
from rag.language.facts import facts_of
from rag.plugins import ConsistencyModel
from rag.settings import Settings
from rag.verification.cloze import Cloze, clozes
from rag.verification.entailment import check_support
from rag.verification.qa_consistency import ReaderConsistency

QUOTE = (
    "The European Central Bank raised its key interest rate by 0.25 percentage points to 4 percent on Thursday, "
    "while the Bank of England left rates unchanged."
)
RIGHT = "The Bank of England left rates unchanged."
OTHERWISE = "Rates were left unchanged by the Bank of England."
WRONG = "The European Central Bank left rates unchanged."


@pytest.fixture(scope="module")
def reader() -> ConsistencyModel:
    return ReaderConsistency(Settings())


class SureModel:
    name = "sure"
    thresholds = Thresholds(clear=0.88, reworded=0.88)

    def chances(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        return [0.9] * len(pairs)


class FixedReplies:
    """Answers every question with the same words and chance, and keeps the questions."""

    name = "fixed"

    def __init__(self, chance: float) -> None:
        self.asked: list[str] = []
        self._chance = chance

    def replies(self, asked: Sequence[Cloze], quote: str) -> list[Reply]:
        self.asked += [cloze.question for cloze in asked]
        return [Reply(cloze.question, self._chance, "somebody else") for cloze in asked]


def chances(reader: ConsistencyModel, statement: str, quote: str = QUOTE) -> dict[str, float]:
    asked = list(clozes(facts_of(statement), facts_of(quote)))
    replies = reader.replies(asked, quote)
    return {cloze.said: reply.chance for cloze, reply in zip(asked, replies, strict=True)}


@pytest.mark.slow
def test_the_quote_answers_with_the_right_one_of_two_names(reader: ConsistencyModel) -> None:
    assert chances(reader, OTHERWISE)["Bank of England"] > 0.5
    assert chances(reader, WRONG)["European Central Bank"] < 0.02
    asked = list(clozes(facts_of(WRONG), facts_of(QUOTE)))
    (reply,) = reader.replies(asked, QUOTE)
    assert "Bank of England" in reply.words


@pytest.mark.slow
def test_the_quote_answers_with_the_right_one_of_two_numbers(reader: ConsistencyModel) -> None:
    assert chances(reader, "The European Central Bank raised its rate to 4 percent.")["4"] > 0.5
    assert chances(reader, "The European Central Bank raised its rate to 0.25 percent.")["0.25"] < 0.03


@pytest.mark.slow
def test_several_questions_are_answered_as_each_alone(reader: ConsistencyModel) -> None:
    asked = list(clozes(facts_of("The Bank of England raised it to 4 percent this Thursday."), facts_of(QUOTE)))
    together = reader.replies(asked, QUOTE)
    assert len(together) == 3
    for cloze, reply in zip(asked, together, strict=True):
        (alone,) = reader.replies([cloze], QUOTE)
        assert alone.words == reply.words
        assert alone.chance == pytest.approx(reply.chance, abs=0.03)


@pytest.mark.slow
def test_another_answer_of_the_quote_rejects_and_is_told(reader: ConsistencyModel) -> None:
    told, asked = check_support(WRONG, [QUOTE], entailment=SureModel(), consistency=reader).differences
    assert told.startswith("judged: ")
    assert asked.startswith("asked: ")
    assert "“Who left rates unchanged?”" in asked
    assert "Bank of England”" in asked
    assert check_support(OTHERWISE, [QUOTE], entailment=SureModel(), consistency=reader).differences == ()


def test_a_doubtful_reply_lowers_the_judges_chance_and_a_good_one_raises_it() -> None:
    chances = [
        check_support(WRONG, [QUOTE], entailment=SureModel(), consistency=FixedReplies(each)).score
        for each in (0.1, 0.5, 0.8)
    ]
    assert chances[1] == pytest.approx(0.9)
    assert chances == sorted(chances)
    sure, surer = (
        check_support(WRONG, [QUOTE], entailment=SureModel(), consistency=FixedReplies(each)).score
        for each in (0.95, 1.0)
    )
    assert sure == surer


def test_a_statement_that_leaves_nothing_to_ask_counts_as_answered_well() -> None:
    consistency = FixedReplies(0.0)
    supported = check_support(
        "The rates were left unchanged.", [QUOTE], entailment=SureModel(), consistency=consistency
    )
    assert consistency.asked == []
    assert supported.score > 0.9


def test_nothing_is_asked_about_the_quote_itself_or_a_contradiction() -> None:
    consistency = FixedReplies(0.0)
    assert check_support(QUOTE, [QUOTE], entailment=SureModel(), consistency=consistency).differences == ()
    assert check_support(
        RIGHT.replace("England", "Norway"), [QUOTE], entailment=SureModel(), consistency=consistency
    ).differences
    assert consistency.asked == []
