from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import Article, Citation, Corpus, Passage, Statement
from rag.drafts import Claim, Draft, Quote, Verdict
from rag.errors import UnknownArticleError
from rag.language_model.deadline import Deadline
from rag.plugins import Models, Reader
from rag.schema import Dropped, Hit, Reading
from rag.settings import Settings
from rag.verification.citations import resolve_quote
from rag.verification.gate import Gate

TEXT = (
    "Putin gave more than 70 animals, among them 25 pheasants. Lankov said on 3 May that it cost 3.5 million. "
    "He did not name the donors.\n\nShare this.\n\nThe zoo closed."
)
END = TEXT.index("\n\nShare")
ARTICLE = Article("a1", "Zoo", TEXT, "zoo.txt")
OTHER = Article("a2", "Port", TEXT.replace("70", "90"), "port.txt")
QUESTION = "How many animals did Putin give?"


def article(article_id: str) -> Article:
    return {"a1": ARTICLE, "a2": OTHER}[article_id]


def reading(of: Article, start: int, end: int) -> Reading:
    passage = Passage(of.id, start, end, of.text[start:end], "body", ((start, end),))
    return Reading(Hit(passage, 1, 1.0, of.title, None, None, of.source, None, None), 1.0, (), None)


SENTENCE = "He did not name the donors."
FOUND = [reading(ARTICLE, 0, END)]


def quote(words: str, *, of: Article = ARTICLE) -> Quote:
    start = of.text.index(words)
    return Quote(of.id, start, start + len(words), words)


class BoundGate:
    """A gate that lets quotes of some readings through."""

    def __init__(self, readings: Sequence[Reading] = FOUND, *, reader: Reader | None = None) -> None:
        self._gate = Gate(article, Models(Settings(entailment="none", consistency="none"), reader=reader))
        self._readings = readings
        self._question = QUESTION if reader else None

    def check(self, draft: Draft) -> Statement | Dropped:
        return self._gate.check(draft, self._readings, question=self._question)


def gate() -> BoundGate:
    return BoundGate()


def test_the_exact_words_at_their_place_make_a_footnote() -> None:
    found = resolve_quote(quote("more than 70 animals"), FOUND, article)
    assert isinstance(found, Citation)
    assert TEXT[found.start : found.end] == found.quote == "more than 70 animals"
    assert (found.article_id, found.title, found.source, found.kind) == ("a1", "Zoo", "zoo.txt", "body")


@pytest.mark.parametrize(
    ("pages", "page"),
    [((), None), ((0,), 1), ((0, TEXT.index("Lankov")), 2), ((0, 5, 5, TEXT.index("Lankov")), 4), ((0, END), 1)],
)
def test_a_footnote_says_on_which_page_its_quote_begins(pages: tuple[int, ...], page: int | None) -> None:
    paged = replace(ARTICLE, pages=pages)
    found = resolve_quote(quote("Lankov said on 3 May"), FOUND, {"a1": paged}.__getitem__)
    assert isinstance(found, Citation)
    assert found.page == page


@given(st.integers(0, len(TEXT)), st.integers(0, len(TEXT)), st.text(max_size=30))
def test_any_other_words_are_refused(start: int, end: int, words: str) -> None:
    found = resolve_quote(Quote("a1", start, end, words), FOUND, article)
    assert isinstance(found, str) or (TEXT[start:end] == words == found.quote and end <= END)


@given(st.integers(0, END), st.integers(0, END), st.data())
def test_one_changed_character_is_refused(first: int, second: int, data: st.DataObject) -> None:
    start, end = sorted((first, second))
    if start == end:
        return
    at = data.draw(st.integers(0, end - start - 1))
    changed = data.draw(st.characters(codec="utf-8").filter(lambda one: one != TEXT[start + at]))
    words = TEXT[start : start + at] + changed + TEXT[start + at + 1 : end]
    assert isinstance(resolve_quote(Quote("a1", start, end, words), FOUND, article), str)


@given(st.integers(0, END), st.integers(0, END))
def test_a_slice_is_accepted_only_on_the_borders_of_words(first: int, second: int) -> None:
    start, end = sorted((first, second))
    found = resolve_quote(Quote("a1", start, end, TEXT[start:end]), FOUND, article)
    if isinstance(found, Citation):
        assert found.quote.strip()
        assert not (start and TEXT[start - 1].isalnum() and TEXT[start].isalnum())
        assert not (TEXT[end - 1].isalnum() and TEXT[end].isalnum())


@pytest.mark.parametrize("words", ["5 pheasants", "25 pheasant", "5 million", "it cost 3", "it cost 3."])
def test_part_of_a_word_or_of_a_number_is_refused(words: str) -> None:
    assert "inside a word or a number" in str(resolve_quote(quote(words), FOUND, article))


def test_words_of_the_article_that_were_not_found_for_the_question_are_refused() -> None:
    assert "not lie within a passage" in str(resolve_quote(quote("The zoo closed."), FOUND, article))
    assert "not lie within a passage" in str(resolve_quote(quote("more than 90", of=OTHER), FOUND, article))


def test_words_that_run_over_two_passages_are_refused() -> None:
    parts = [reading(ARTICLE, 0, 57), reading(ARTICLE, 57, END)]
    words = "25 pheasants. Lankov said"
    assert isinstance(resolve_quote(quote(words), [reading(ARTICLE, 0, END)], article), Citation)
    assert isinstance(resolve_quote(quote(words), parts, article), str)


@pytest.mark.parametrize(("start", "end"), [(-5, 5), (5, 5), (9, 4), (0, 10_000)])
def test_a_place_outside_of_the_article_is_refused(start: int, end: int) -> None:
    assert isinstance(resolve_quote(Quote("a1", start, end, TEXT[start:end]), FOUND, article), str)


def test_a_verbatim_draft_passes_with_full_support() -> None:
    words = "He did not name the donors."
    checked = gate().check(Draft(words, (quote(words),)))
    assert isinstance(checked, Statement)
    assert checked.support == 1.0
    assert checked.marked == f"{words} [1]"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "Putin gave 70 animals, among them 25 pheasants.",
            "Putin gave more than 70 animals, among them 25 pheasants.",
        ),
        ("Lankov said that it cost 3.5 billion.", "Lankov said on 3 May that it cost 3.5 million."),
        ("He named the donors.", "He did not name the donors."),
        ("Kim gave more than 70 animals.", "Putin gave more than 70 animals, among them 25 pheasants."),
    ],
)
def test_a_statement_that_its_quote_does_not_support_is_dropped_with_the_difference(text: str, words: str) -> None:
    checked = gate().check(Draft(text, (quote(words),)))
    assert isinstance(checked, Dropped)
    assert checked.text == text
    assert "does not support" in checked.reason


@pytest.mark.parametrize("text", ["", "  \n"])
def test_an_empty_draft_is_dropped(text: str) -> None:
    assert gate().check(Draft(text, (quote("more than 70 animals"),))) == Dropped(text, "it is empty")


def test_no_footnote_no_sentence() -> None:
    assert gate().check(Draft("They sent lions.", ())) == Dropped("They sent lions.", "it has no footnote")


def test_one_wrong_quote_among_right_ones_drops_the_sentence() -> None:
    right = quote("more than 70 animals")
    wrong = replace(right, words="more than 90 animals")
    assert isinstance(gate().check(Draft("more than 70 animals", (right, wrong))), Dropped)


def test_footnotes_are_numbered_as_they_appear_and_a_place_keeps_its_number() -> None:
    one = gate()
    texts = ["He did not name the donors.", "more than 70 animals", "He did not name the donors."]
    statements = [one.check(Draft(text, (quote(text),))) for text in texts]
    assert [s.citations[0].marker for s in statements if isinstance(s, Statement)] == [1, 2, 1]


def test_a_dropped_draft_uses_up_no_number() -> None:
    one = gate()
    one.check(Draft("He named them.", (quote("He did not name the donors."),)))
    kept = one.check(Draft("more than 70 animals", (quote("more than 70 animals"),)))
    assert isinstance(kept, Statement)
    assert kept.citations[0].marker == 1


def test_no_changed_number_of_a_seed_passes(corpus: Corpus) -> None:
    """Every sentence with a digit of the five articles, each digit changed: none may be quoted."""
    tried = 0
    for one in corpus.articles():
        for hit in corpus.search(one.title, k=100):
            passage = hit.passage
            shown = [Reading(hit, 1.0, (), None)]
            for start, end in passage.sentences:
                words = passage.text[start - passage.start : end - passage.start]
                for at, character in enumerate(words):
                    if character.isdigit():
                        changed = words[:at] + str((int(character) + 1) % 10) + words[at + 1 :]
                        drafted = Draft(changed, (Quote(passage.article_id, start, end, changed),))
                        assert isinstance(Gate(corpus.article, corpus.models).check(drafted, shown), Dropped)
                        tried += 1
    assert tried > 100


def test_two_true_fragments_do_not_make_a_statement() -> None:
    checked = gate().check(
        Draft(
            "more than 70 animals He did not name the donors.",
            (quote("more than 70 animals"), quote("He did not name the donors.")),
        )
    )
    assert isinstance(checked, Dropped)


def test_a_footnote_that_proves_nothing_is_left_out() -> None:
    words = "He did not name the donors."
    checked = gate().check(Draft(words, (quote(words), quote("more than 70 animals"))))
    assert isinstance(checked, Statement)
    assert [citation.quote for citation in checked.citations] == [words]


def test_an_article_removed_meanwhile_costs_the_statement_not_the_answer() -> None:
    def gone(article_id: str) -> Article:
        raise UnknownArticleError(article_id)

    words = "He did not name the donors."
    assert resolve_quote(quote(words), FOUND, gone) == "the article was removed meanwhile"


class Deaf:
    """A reader for which nothing answers anything, or everything does."""

    name = "deaf-1"

    def __init__(self, score: float) -> None:
        self._score = score
        self.read_as: list[Hit] = []

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        self.read_as += hits
        return [Reading(hit, self._score, (), None) for hit in hits]


@pytest.mark.parametrize(("score", "kept"), [(0.9, True), (0.0, False)])
def test_with_a_reader_a_statement_must_also_bear_on_the_question(score: float, kept: bool) -> None:
    reader = Deaf(score)
    checked = BoundGate(reader=reader).check(Draft(SENTENCE, (quote(SENTENCE),)))
    assert isinstance(checked, Statement) == kept
    assert [(hit.passage.text, hit.title) for hit in reader.read_as] == [(SENTENCE, "Zoo")]
    if isinstance(checked, Dropped):
        assert "probability 0.00" in checked.reason


def test_what_its_quote_does_not_support_is_not_read_for_the_question() -> None:
    reader = Deaf(0.9)
    BoundGate(reader=reader).check(Draft("Putin gave 90 animals.", (quote("more than 70 animals"),)))
    assert reader.read_as == []


def test_what_is_said_again_elsewhere_is_the_statement_of_before() -> None:
    shared = [*FOUND, reading(OTHER, 0, END)]
    later = BoundGate(shared)
    first = later.check(Draft(SENTENCE, (quote(SENTENCE),)))
    assert isinstance(first, Statement)
    assert later.check(Draft(SENTENCE, (quote(SENTENCE, of=OTHER),))) == first
    new = later.check(Draft("The zoo closed.", (quote("more than 70 animals"),)))
    assert isinstance(new, Dropped)
    named = "Lankov said on 3 May that it cost 3.5 million."
    told = later.check(Draft(named, (quote(named),)))
    assert isinstance(told, Statement)
    assert [citation.marker for citation in told.citations] == [2]  # no number is lost on what was not shown


class HearingVerifier:
    """Supports everything, and keeps what it is shown."""

    name = "hearing"
    whole = True

    def __init__(self) -> None:
        self.claims: list[Claim] = []

    def judge(self, question: str, claims: Sequence[Claim], deadline: Deadline) -> list[Verdict]:
        self.claims += claims
        return [Verdict("supported", 0.9, (0,)) for _ in claims]


def test_a_verifier_sees_each_quote_with_its_heading_and_the_sentence_before() -> None:
    verifier = HearingVerifier()
    models = Models(Settings(entailment="none", consistency="none"))
    models.made["verifier"] = verifier
    held = quote("Lankov said on 3 May that it cost 3.5 million.")
    Gate(article, models).check(Draft("Lankov named the cost.", (held,)), FOUND)
    (premise,) = verifier.claims[0].premises
    assert premise.quotes == (held.words,)
    assert premise.heading == "Zoo"
    assert premise.before == "Putin gave more than 70 animals, among them 25 pheasants."
