from pathlib import Path

import pytest

from eval.benchmarks.citation_attack import attack, read_articles
from eval.benchmarks.mutations import MUTATIONS
from rag.drafts import Quote
from rag.schema import Article, Citation
from rag.verification.citations import resolve_quote

SEEDS = Path(__file__).parents[3] / "seeds"


@pytest.fixture(scope="module")
def seeds() -> list[Article]:
    return read_articles(SEEDS)


def test_no_mutated_quote_passes_the_citation_check_and_every_true_one_does(seeds: list[Article]) -> None:
    control, *mutants = attack(resolve_quote, seeds, n=1600)
    assert control.accepted == control.tried >= 50
    assert [tally for tally in mutants if tally.accepted] == []
    assert sum(tally.tried for tally in mutants) >= 1000
    assert min(tally.tried for tally in mutants) >= 20


@pytest.mark.parametrize(
    ("forgiving", "caught_by"),
    [
        ("case", {"case of a letter"}),
        ("space", {"white space", "padded", "no words"}),
        ("place", {"offset shifted"}),
        ("article", {"wrong article"}),
        ("evidence", {"not in the evidence", "beyond its passage", "past the end", "negative offset"}),
    ],
)
def test_the_attack_finds_a_check_that_forgives(seeds: list[Article], forgiving: str, caught_by: set[str]) -> None:
    by_id = {article.id: article for article in seeds}

    def accept(quote: Quote) -> Citation:
        return Citation(0, quote.article_id, "", None, None, "", "body", quote.start, quote.end, quote.words)

    def weak(quote: Quote, readings: object, article: object) -> Citation | str:
        text = by_id[quote.article_id].text if quote.article_id in by_id else ""
        stands, words = text[quote.start : quote.end], quote.words
        held = {
            "case": stands.casefold() == words.casefold(),
            "space": stands.split() == words.split(),
            "place": words in text,
            "article": any(words in other.text for other in seeds),
            "evidence": stands == words,
        }
        return accept(quote) if held[forgiving] else "no"

    tallies = {tally.kind: tally for tally in attack(weak, seeds, n=600)[1:]}
    assert all(tallies[kind].accepted for kind in caught_by)


def test_the_same_seed_draws_the_same_quotes(seeds: list[Article]) -> None:
    asked: list[list[Quote]] = [[], []]
    for record in asked:
        attack(lambda quote, readings, article, record=record: record.append(quote) or "no", seeds, n=100)
    assert asked[0] == asked[1]


def test_a_mutation_that_finds_nothing_to_change_makes_no_quote() -> None:
    import numpy as np

    from eval.benchmarks.mutations import World

    article = Article("ab", "t", "xyz", "s")
    quote = Quote("ab", 0, 3, "xyz")
    world = World({"ab": article}, (), ())
    for kind in ("number changed", "name changed", "negation removed", "word dropped", "wrong article"):
        assert MUTATIONS[kind](quote, world, np.random.default_rng(0)) is None
