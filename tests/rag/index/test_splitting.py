import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sentencex
import tiktoken
from hypothesis import given, settings
from hypothesis import strategies as st
from tiktoken_ext import openai_public

from rag import Article, Passage, Section
from rag.index.splitting import split
from rag.language.sentences import MAX_SENTENCE_CHARACTERS, sentences_of
from rag.language.vocabulary import VOCABULARY, count_tokens, vocabulary
from rag.loading import read_path
from rag.loading.articles import article_from_text

MAX_BLOCK_CHARACTERS = 50_000
BUDGET = 40
ARTICLES = sorted((Path(__file__).parents[2] / "articles").glob("*.txt")) + sorted(
    (Path(__file__).parents[3] / "seeds").glob("*.txt")
)

words = st.sampled_from(
    ["lions", "The", "Dr.", "3.5", "said:", "“No.”", "e.g.", "End.", "Why?", "звери", "動物園", "🦁🦁", "a-b", "x" * 60]
)
lines = st.lists(words, min_size=1, max_size=30).map(" ".join)
blocks = st.lists(lines, min_size=1, max_size=4).map("\n".join) | st.text(min_size=1, max_size=60) | st.just("y" * 4000)
gaps = st.sampled_from(["\n\n", "\n", " \n\t\n", "\n\n\n\n   "])
kinds = st.sampled_from(["body", "body", "heading", "byline", "sidebar", "furniture"])


@st.composite
def articles(draw: st.DrawFn) -> Article:
    text, sections = "", []
    for block, kind, gap in draw(st.lists(st.tuples(blocks, kinds, gaps), max_size=8)):
        start = len(text) + len(block) - len(block.lstrip())
        if block.strip():
            sections.append(Section(start, start + len(block.strip()), kind))
        text += block + gap
    return Article(id="a1", title="t", text=text, source="s", sections=tuple(sections))


def check_passages(article: Article, passages: list[Passage]) -> None:
    """Assert all that must hold of the passages of an article."""
    sections = article.sections
    covered: set[int] = set()
    in_sentence: set[int] = set()
    last = 0
    for passage in passages:
        assert passage.article_id == article.id
        assert last <= passage.start < passage.end <= len(article.text)
        assert passage.text == article.text[passage.start : passage.end]
        last = at = passage.start
        for start, end in passage.sentences:
            assert at <= start < end <= passage.end
            assert article.text[start:end] == article.text[start:end].strip()
            assert any(s.start <= start and end <= s.end and s.kind == passage.kind for s in sections)
            in_sentence.update(range(start, end))
            at = end
        last = passage.end
        assert not covered & set(range(passage.start, passage.end))
        covered.update(range(passage.start, passage.end))
        pieces = [part for s in sections for part in sentences_of(article.text, start=s.start, end=s.end)]
        alone = sum(passage.start <= start and end <= passage.end for start, end in pieces) == 1
        assert alone or count_tokens(passage.text) <= BUDGET
        assert not alone or len(passage.text) <= MAX_SENTENCE_CHARACTERS
    for section in sections:
        inked = {at for at in range(section.start, section.end) if not article.text[at].isspace()}
        assert inked.isdisjoint(covered) if section.kind == "furniture" else inked <= covered
        assert section.kind in ("heading", "furniture") or inked <= in_sentence


@settings(max_examples=60)
@given(articles())
def test_passages_are_slices_in_order_that_lose_nothing(article: Article) -> None:
    check_passages(article, split(article, passage_tokens=BUDGET))


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)
def test_passages_of_real_articles_are_slices_that_lose_nothing(path: Path) -> None:
    (article,) = read_path(path)
    check_passages(article, split(article, passage_tokens=BUDGET))


def test_a_heading_stands_with_what_it_heads(article_of: Callable[..., Article]) -> None:
    article = article_of("a", "One sentence. Another one.", ("heading", "A Trade"), "The third sentence.")
    assert [passage.text for passage in split(article, passage_tokens=BUDGET)] == [
        "One sentence. Another one.",
        "A Trade\n\nThe third sentence.",
    ]


def test_a_heading_is_not_among_the_sentences(article_of: Callable[..., Article]) -> None:
    (passage,) = split(article_of("a", ("heading", "A Trade"), "They met."), passage_tokens=BUDGET)
    assert [passage.text[start:end] for start, end in passage.sentences] == ["They met."]


def test_furniture_parts_passages_and_is_in_none(article_of: Callable[..., Article]) -> None:
    article = article_of("a", "They met.", ("furniture", "Share this"), "They parted.")
    assert [passage.text for passage in split(article, passage_tokens=BUDGET)] == ["They met.", "They parted."]


def test_a_smaller_budget_makes_more_passages(seeds: Path) -> None:
    (article,) = read_path(sorted(seeds.iterdir())[0])
    counts = [len(split(article, passage_tokens=budget)) for budget in (32, 64, 128, 256)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1]


def test_an_article_without_sections_has_no_passages() -> None:
    assert split(Article("a", "t", "text", "s"), passage_tokens=BUDGET) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dr. Lund met Mr. Berg. They spoke.", ["Dr. Lund met Mr. Berg.", "They spoke."]),
        ("It cost 3.5 million. Nobody knew.", ["It cost 3.5 million.", "Nobody knew."]),
        ("He met Ms. Lund on Friday. They spoke.", ["He met Ms. Lund on Friday.", "They spoke."]),
        ("It costs approx. 4 crowns, says Vol. 2.", ["It costs approx. 4 crowns, says Vol. 2."]),
        ("They met at 10 a.m. Friday. It rained.", ["They met at 10 a.m. Friday.", "It rained."]),
        ("It ends at 5:45 p.m. ET or 6 p.m. Aug. 19.", ["It ends at 5:45 p.m. ET or 6 p.m. Aug. 19."]),
        ("It began at 5 p.m. The crowd cheered.", ["It began at 5 p.m.", "The crowd cheered."]),
        ("“We won,” he said. “It was hard.", ["“We won,” he said.", "“It was hard."]),
        ('She left. "Nobody knew.\n"We hid.', ["She left.", '"Nobody knew.', '"We hid.']),
        ("One line\nanother line", ["One line", "another line"]),
        (
            '"No," said Lund. "We wait, and then we sail. They did.',
            ['"No," said Lund.', '"We wait, and then we sail.', "They did."],
        ),
        ("It was ‘‘all over.’’ They left.", ["It was ‘‘all over.’’", "They left."]),
        (
            "Rep. Lund, R-W.Va., saw an IQ.LIGHT lamp. They spoke.",
            ["Rep. Lund, R-W.Va., saw an IQ.LIGHT lamp.", "They spoke."],
        ),
        ("He came on Friday.They spoke.", ["He came on Friday.", "They spoke."]),
        ("  \n\n ", []),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentences_of(text)] == expected


def test_wide_white_space_counts_against_the_budget(article_of: Callable[..., Article]) -> None:
    article = article_of("a", (" \n\t\n" * 5).join(["They met."] * 9))
    for passage in split(article, passage_tokens=BUDGET):
        assert count_tokens(passage.text) <= BUDGET


def test_a_paragraph_wrapped_at_a_fixed_width_is_not_cut_at_its_line_ends() -> None:
    text = (
        "The harbour master said on Monday that the ferry to Lomvik would\n"
        "stay in the dock until the storm had passed, and that nobody was\n"
        "hurt when it broke loose. The mayor thanked the crew for staying\n"
        "on board."
    )
    assert [text[start:end].split()[-1] for start, end in sentences_of(text)] == ["loose.", "board."]


def test_in_a_text_wrapped_at_a_fixed_width_a_paragraph_of_two_lines_is_not_cut_either() -> None:
    text = (
        "Ferry stays in the dock\n\n"
        "The harbour master said on Monday that the ferry to Lomvik would\n"
        "stay in the dock until the storm had passed, and that nobody was\n"
        "hurt when it broke loose.\n\n"
        "Both mates were taken to the hospital in the town of Berg, where\n"
        "the mayor thanked them.\n\n"
        "The repairs will last until May, said the mayor, who was told by\n"
        "three engineers who had looked at the hull and at the quay.\n"
    )
    article = article_from_text(text, source="ferry.txt")
    ends = [article.text[:end].split()[-1] for one in split(article, passage_tokens=160) for _, end in one.sentences]
    assert ends == ["loose.", "them.", "quay."]


# The counts of OpenAI's own table ("How to count tokens with tiktoken", cl100k_base).
@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("tiktoken is great!", 6),
        ("antidisestablishmentarianism", 6),
        ("2 + 2 = 4", 7),
        ("お誕生日おめでとう", 9),
        ("", 0),
    ],
)
def test_tokens_are_counted_as_openai_counts_them(text: str, count: int) -> None:
    assert count_tokens(text) == count


@pytest.fixture(scope="module")
def official(tmp_path_factory: pytest.TempPathFactory) -> tiktoken.Encoding:
    """tiktoken's own cl100k_base; it takes the vocabulary from its cache only if its SHA-256 is the official one."""
    address = "https://openaipublic.blob.core.windows.net/encodings/cl100k_base.tiktoken"
    cache = tmp_path_factory.mktemp("tiktoken")
    (cache / hashlib.sha1(address.encode()).hexdigest()).write_bytes(VOCABULARY.read_bytes())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TIKTOKEN_CACHE_DIR", str(cache))
        return tiktoken.Encoding(**openai_public.cl100k_base())


@given(text=blocks | st.text())
def test_the_shipped_vocabulary_makes_the_tokens_of_tiktoken(official: tiktoken.Encoding, text: str) -> None:
    assert vocabulary().encode_ordinary(text) == official.encode_ordinary(text)


def test_a_long_line_is_parted_before_its_sentences_are_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """sentencex takes time in proportion to the square of the length of what it is given."""
    given: list[str] = []
    original = sentencex.get_sentence_boundaries

    def noting(language: str, text: str) -> Any:
        given.append(text)
        return original(language, text)

    monkeypatch.setattr(sentencex, "get_sentence_boundaries", noting)
    text = "'Yes,' she said, 'it is.' " * (400_000 // 26) + "x" * 120_000
    spans = sentences_of(text)
    assert "".join(given) == text
    assert max(map(len, given)) <= MAX_BLOCK_CHARACTERS
    assert {text[start:end] for start, end in spans[:15_000]} == {"'Yes,' she said, 'it is.'"}
    assert "".join(text[start:end] for start, end in spans).replace(" ", "") == text.replace(" ", "")


JURY = "The members are:\n1. Alma Brec, director\n2. Ivo Santen, actor\n3. Rosa Kell, critic"


def test_a_list_is_one_sentence_with_the_line_that_announces_it() -> None:
    text = f"Jury named\n\nThe prize has named its jury for 2025.\n\n{JURY}\n\nThe prize is worth 150,000 crowns."
    article = article_from_text(text, source="jury.txt")
    assert JURY in [text[start:end] for one in split(article, passage_tokens=200) for start, end in one.sentences]


def test_a_list_that_is_too_long_for_a_passage_stays_in_items() -> None:
    text = "Jury named\n\nThe prize has named its jury for 2025.\n\nThe members are:\n" + "\n".join(
        f"- Alma Brec the {at}." for at in range(60)
    )
    article = article_from_text(text, source="jury.txt")
    assert all(
        len(one) < 200
        for passage in split(article, passage_tokens=60)
        for one in [passage.text[:0], *(text[a:b] for a, b in passage.sentences)]
    )


def test_an_article_is_parted_as_its_own_language_ends_sentences() -> None:
    text = "Mietendeckel\n\nDie Regel gilt ab dem 1. Juli und betrifft rund 48.000 Wohnungen. Der Verband kündigte eine Klage an."
    [passage] = [one for one in split(article_from_text(text, source="x"), passage_tokens=200) if one.sentences]
    assert next(text[start:end] for start, end in passage.sentences).endswith("48.000 Wohnungen.")
