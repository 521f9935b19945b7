from eval.training.data import Example
from eval.training.declaring import Declarer, Verbs
from eval.training.making import FROM_ANSWER, OTHER_PASSAGE, Maker

FIRST = (
    "Ida Berg founded the yard in Lomvik in 1889. It has 300 workers, and it cost about 20 million dollars. "
    "In 1901, the first ferry sailed to Pisek. Otto Lund was not asked."
)
SECOND = "Otto Lund led a school in Pisek. The school was founded in 1920 and had 40 pupils, as Karl Voss wrote."
OTHER = "Steam moves a piston. The piston was built in Oslo in 1820."


def example(question: str, answer: str, passage: str, title: str) -> Example:
    start = passage.index(answer)
    return Example(question, title, passage, ((start, start + len(answer)),), (answer,), title, "test")


EXAMPLES = [
    example("Who founded the yard in Lomvik?", "Ida Berg", FIRST, "Lomvik yard"),
    example("How many workers are there?", "300", FIRST, "Lomvik yard"),
    example("When was the school founded?", "1920", SECOND, "Lomvik yard"),
    example("When was the piston built?", "1820", OTHER, "Steam engine"),
]


def maker(seed: int = 1) -> Maker:
    return Maker(EXAMPLES, declarer=Declarer(Verbs.seen_in(())), seed=seed)


def test_the_same_seed_makes_the_same_statements() -> None:
    assert list(maker().measured()) == list(maker().measured())
    assert list(maker().taught()) == list(maker().taught())


def test_each_quote_is_words_of_a_passage() -> None:
    for claim in [*maker().measured(), *maker().taught()]:
        assert any(claim.quote in passage for passage in (FIRST, SECOND, OTHER))


def test_no_statement_is_word_for_word_its_quote() -> None:
    assert all(claim.text != claim.quote.strip() for claim in maker().measured() if claim.supported)


def test_statements_come_from_answers_and_from_sentences() -> None:
    claims = [claim for claim in maker().measured() if claim.supported]
    assert "Ida Berg founded the yard in Lomvik." in {claim.text for claim in claims if claim.kind == FROM_ANSWER}
    assert "The first ferry sailed to Pisek in 1901." in {claim.text for claim in claims if claim.kind == "reordered"}


def test_the_quote_of_another_passage_lacks_the_answer() -> None:
    elsewhere = [claim for claim in maker().taught() if claim.kind == OTHER_PASSAGE]
    elsewhere += [claim for claim in maker().measured() if claim.kind == OTHER_PASSAGE]
    for claim in elsewhere:
        assert claim.quote in SECOND if "yard" in claim.text or "300" in claim.text else claim.quote in FIRST


def test_no_more_than_three_are_broken_for_each_true_one() -> None:
    since = 0
    for claim in maker().measured():
        since = 0 if claim.supported else since + 1
        assert since <= 3


def test_what_is_wrong_lies_in_the_statement() -> None:
    for claim in maker().measured():
        assert all(0 <= start < end <= len(claim.text) for start, end in claim.wrong)
        assert claim.wrong == () if claim.supported else True
