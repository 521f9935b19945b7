"""One story in several files is one source, whatever the order in which they come and go."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rag import Article, Corpus, Settings
from rag.index import near_duplicates
from rag.testing import HashEmbedder

Make = Callable[..., Article]

LEAD = [
    "Dockworkers at the northern port of Norvik voted on Monday to extend their strike by another seven days.",
    "The walkout left 19 grain carriers at anchor in the outer harbour, the authority said in a morning notice.",
    "It began after talks over the pay for night shifts collapsed in the first week of February.",
    "The federation of dockers wants a rise of nine per cent, while the employers have offered half of that.",
]
MIDDLE = [
    "Two vessels carrying barley turned south towards Halden over the weekend, according to tracking data.",
    "Freight broker Oskar Meilund said that others would follow if the berths stayed closed past Thursday.",
    "Insurers have begun to ask for a war premium on cargo that waits longer than ten days, he added.",
    "Norvik handles about a third of the grain exports of the country through its two silos.",
]
END = [
    "The transport ministry said it had no plans to intervene in what it called a matter for both sides.",
    "A mediator whom the labour court appointed is due to meet them on Wednesday behind closed doors.",
    "Shops in the old town reported empty shelves of flour, though bakers still had stocks for a month.",
    "Fishing boats were let through the picket line after an appeal by the mayor of the island parish.",
]
WIRE = [*LEAD, *MIDDLE, *END]
OTHER = "The harbour museum of Halden opened a show about grain ships, with models that children built at school."


def of(name: str, sentences: list[str], make: Make, **fields: object) -> Article:
    return make(name, ("heading", f"{name} reports"), " ".join(sentences), **fields)


def five(make: Make) -> list[Article]:
    """The story, and the same re-headlined, cut, edited, and with a box of furniture."""
    edited = [sentence.replace("said", "announced") for sentence in WIRE]
    return [
        of("wire", WIRE, make, outlet="Agency", published=date(2024, 2, 12)),
        of("courier", WIRE, make, outlet="Courier", published=date(2024, 2, 13)),
        of("cut", WIRE[:9], make),
        of("edited", edited, make),
        of("boxed", [*WIRE, "Read our newsletter every morning for more stories like this one."], make),
    ]


def groups(corpus: Corpus) -> dict[str, set[str]]:
    """The sources of each group, under that of its original."""
    found: dict[str, set[str]] = {}
    with corpus._store.snapshot() as connection:
        names = dict(connection.execute("SELECT number, source FROM sources"))
        for number, original in connection.execute("SELECT number, original FROM copies"):
            found.setdefault(names[original], set()).add(names[number])
    return found


def test_a_story_in_five_files_is_one_hit_and_the_others_are_listed(empty_corpus: Corpus, article_of: Make) -> None:
    empty_corpus.add([*five(article_of), of("museum", [OTHER], article_of)])
    hits = empty_corpus.search("grain carriers in the outer harbour", k=2)
    assert {copy.source for copy in hits[0].copies} | {hits[0].source} == {"wire", "courier", "cut", "edited", "boxed"}
    assert "19 grain carriers" not in hits[1].passage.text
    everything = empty_corpus.search("grain", k=30)
    assert "museum" in {hit.source for hit in everything}
    assert sum("19 grain carriers" in hit.passage.text for hit in everything) == 1


def test_a_footnote_lists_the_copies_that_have_its_words(
    empty_corpus: Corpus, article_of: Make, answers_with: Callable[..., Corpus]
) -> None:
    empty_corpus.add(five(article_of))
    answer = answers_with(empty_corpus, "19 grain").ask("How many grain carriers are at anchor?")
    (citation,) = answer.citations
    # In the edited one the authority announces it: no other fact, but other words.
    assert {citation.source} | {copy.source for copy in citation.copies} == {"wire", "courier", "cut", "boxed"}
    assert answer.to_dict()["citations"][0]["copies"][0].keys() >= {"article_id", "outlet", "published", "source"}
    assert type(answer).from_dict(answer.to_dict()).citations == answer.citations


def test_the_very_same_text_in_five_files_is_one_article_with_its_sources(tmp_path: Path, empty_corpus: Corpus) -> None:
    for name in "abcde":
        (tmp_path / f"{name}.txt").write_text(f"Strike goes on\n\n{' '.join(WIRE)}\n", encoding="utf-8")
    report = empty_corpus.add(tmp_path)
    assert (len(empty_corpus), len(report.added), len(report.copies)) == (1, 5, 4)
    (hit, *_) = empty_corpus.search("grain carriers in the outer harbour")
    assert sorted([hit.source, *(copy.source for copy in hit.copies)]) == sorted(report.added)


def test_the_report_counts_the_copies(empty_corpus: Corpus, article_of: Make) -> None:
    report = empty_corpus.add([*five(article_of), of("museum", [OTHER], article_of)])
    assert len(report.added) == 6
    assert set(report.copies) == {"courier", "cut", "edited", "boxed"}
    assert empty_corpus.add(five(article_of)).copies == ()


def test_another_figure_in_a_copy_is_shown(empty_corpus: Corpus, article_of: Make) -> None:
    changed = [sentence.replace("19 grain", "23 grain") for sentence in WIRE]
    empty_corpus.add([of("wire", WIRE, article_of), of("later", changed, article_of)])
    assert groups(empty_corpus) == {"wire": {"wire", "later"}}
    texts = [hit.passage.text for hit in empty_corpus.search("How many grain carriers are at anchor?", k=4)]
    assert any("19 grain" in text for text in texts)
    assert any("23 grain" in text for text in texts)


def test_what_only_a_copy_says_is_found(empty_corpus: Corpus, article_of: Make) -> None:
    empty_corpus.add(
        [of("wire", WIRE, article_of), of("longer", [*WIRE, "A walrus watched from the pier."], article_of)]
    )
    assert empty_corpus.search("walrus on the pier", k=1)[0].source == "longer"


def test_the_order_of_adding_makes_no_difference(article_of: Make) -> None:
    chain = [of("a", WIRE, article_of), of("b", [*WIRE[3:], *LEAD[:1]], article_of), of("c", WIRE[5:], article_of)]
    seen = set()
    for order in itertools.permutations([*chain, of("museum", [OTHER] * 3, article_of)]):
        with Corpus.in_memory(embedder=HashEmbedder()) as corpus:
            for article in order:
                corpus.add(article)
            seen.add(frozenset(frozenset(group) for group in groups(corpus).values()))
    assert len(seen) == 1


def test_the_original_is_the_one_published_first_or_else_added_first(empty_corpus: Corpus, article_of: Make) -> None:
    undated, late, early = (
        of("undated", WIRE, article_of),
        of("late", WIRE[:11], article_of, published=date(2024, 2, 14)),
        of("early", WIRE[:10], article_of, published=date(2024, 2, 12)),
    )
    for article, original in ((undated, "undated"), (late, "late"), (early, "early")):
        empty_corpus.add(article)
        assert set(groups(empty_corpus)) == {original}
    hit = empty_corpus.search("grain carriers in the outer harbour", k=1)[0]
    assert hit.original == empty_corpus.sources()["early"]


def test_without_the_original_the_rest_stays_together(empty_corpus: Corpus, article_of: Make) -> None:
    empty_corpus.add(five(article_of))
    empty_corpus.remove(empty_corpus.sources()["wire"])
    assert groups(empty_corpus) == {"courier": {"courier", "cut", "edited", "boxed"}}
    for source in ("courier", "cut", "boxed"):
        empty_corpus.remove(empty_corpus.sources()[source])
    assert groups(empty_corpus) == {"edited": {"edited"}}


def test_without_the_link_between_them_two_are_no_copies(empty_corpus: Corpus, article_of: Make) -> None:
    ends = [of("first", LEAD + MIDDLE, article_of), of("last", END + MIDDLE, article_of)]
    empty_corpus.add(ends)
    assert len(groups(empty_corpus)) == 2
    empty_corpus.add(of("both", LEAD + MIDDLE + END, article_of))
    linked = groups(empty_corpus)
    empty_corpus.remove(empty_corpus.sources()["both"])
    assert (len(linked), len(groups(empty_corpus))) == (1, 2)


def test_a_corrected_date_makes_another_original(empty_corpus: Corpus, article_of: Make) -> None:
    empty_corpus.add([of("a", WIRE, article_of), of("b", WIRE[:10], article_of)])
    empty_corpus.add(of("b", WIRE[:10], article_of, published=date(2024, 2, 1)))
    assert groups(empty_corpus) == {"b": {"a", "b"}}


def test_a_copy_is_found_where_the_filters_leave_only_that(empty_corpus: Corpus, article_of: Make) -> None:
    empty_corpus.add(five(article_of))
    (hit, *_) = empty_corpus.search("grain carriers in the outer harbour", outlets=["Courier"])
    assert (hit.source, hit.copies) == ("courier", ())
    (hit, *_) = empty_corpus.search("grain carriers in the outer harbour", published_before=date(2024, 2, 12))
    assert (hit.source, hit.copies) == ("wire", ())


def test_a_group_of_twice_the_size_takes_twice_the_steps(article_of: Make) -> None:
    steps = []
    for size in (40, 80):
        with Corpus.in_memory(embedder=HashEmbedder()) as corpus:
            corpus.add([of(f"copy {at}", [*WIRE[:7], f"Nobody spoke on day {at}."], article_of) for at in range(size)])
            ran: list[str] = []
            with corpus._store.snapshot() as connection:
                connection.set_trace_callback(ran.append)
            corpus.remove(corpus.sources()["copy 0"])
            assert len(groups(corpus)) == 1
            steps.append(len(ran))
    assert steps[1] < 2.5 * steps[0]


def test_copies_without_number_do_not_hide_another_article(article_of: Make) -> None:
    """More of them than candidates are taken from each search."""
    settings = Settings(candidates=4, k=4)
    with Corpus.in_memory(settings, embedder=HashEmbedder()) as corpus:
        tail = "Nobody spoke on day {} of it.".format
        corpus.add([of(f"copy {at}", [*WIRE[:7], tail(at)], article_of) for at in range(24)])
        corpus.add(of("museum", [OTHER], article_of))
        assert "museum" in {hit.source for hit in corpus.search("grain ships", k=4)}


def test_short_texts_are_never_copies(empty_corpus: Corpus, article_of: Make) -> None:
    empty_corpus.add([of("a", ["Shares of Lomvik Oil rose by 2 per cent."], article_of)])
    empty_corpus.add([of("b", ["Shares of Lomvik Oil rose by 3 per cent."], article_of)])
    assert len(groups(empty_corpus)) == 2


def test_one_text_in_two_papers_is_two_articles_and_one_source(article_of: Make) -> None:
    with Corpus.in_memory(embedder=HashEmbedder()) as corpus:
        day = date(2020, 1, 1)
        first = replace(of("first", WIRE, article_of), outlet="Alpha", published=day)
        corpus.add([first, replace(first, source="second", outlet="Beta", published=date(2021, 1, 1))])
        corpus.add(replace(first, source="again"))
        assert len(corpus) == 2
        assert len(groups(corpus)) == 1
        for paper, year in (("Alpha", 2020), ("Beta", 2021)):
            [hit] = corpus.search("grain carriers in the outer harbour", k=1, outlets=[paper])
            assert (hit.outlet, hit.published) == (paper, date(year, 1, 1))
        assert {hit.outlet for hit in corpus.search("grain carriers", published_after=date(2020, 6, 1))} == {"Beta"}


@pytest.mark.parametrize(("words", "alike"), [(0, True), (2, True), (40, False)])
def test_edits_make_another_text_when_they_are_many(article_of: Make, words: int, alike: bool) -> None:
    tokens = " ".join(WIRE).split()
    edited = [f"other{at}" if words and at % (len(tokens) // words) == 0 else token for at, token in enumerate(tokens)]
    one, other = (near_duplicates.wording(article_of("x", " ".join(each))) for each in (tokens, edited))
    assert near_duplicates.near(one, other) is alike
    assert near_duplicates.near(other, one) is alike
