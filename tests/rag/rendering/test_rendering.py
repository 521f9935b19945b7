"""What an answer looks like when it is printed, and in a notebook."""

from dataclasses import replace
from datetime import date

from rag import Account, Answer, Citation, Disagreement, Hit, Passage, Statement

QUOTE = 'Vell sent <b>12</b> seals & a "walrus".'
CITATION = Citation(
    marker=1,
    article_id="a1",
    title="Seals <i>abroad</i>",
    outlet="The Vell Courier",
    published=date(2024, 3, 9),
    source="news/seals.txt",
    kind="body",
    start=0,
    end=len(QUOTE),
    quote=QUOTE,
    page=3,
)
ANSWER = Answer(
    question="How many seals?",
    asked="How many seals?",
    status="answered",
    short="<b>12</b> seals",
    statements=(Statement(QUOTE, (CITATION,), 1.0),),
    confidence=0.95,
)
REFUSAL = Answer(
    question="Who paid?",
    asked="Who paid?",
    status="not_found",
    reason="No passage speaks of <money>.",
    suggestion="Who <paid>?",
    nearest=(Hit(Passage("a1", 0, 9, "<script>", "body", ()), 1, 0.5, "Seals", None, None, "s.txt", 0.4, 1.0),),
)


def test_print_shows_the_answer_and_its_footnotes() -> None:
    assert str(ANSWER) == (
        "Answered from the articles · very likely right\n\n"
        "<b>12</b> seals\n\n"
        f"{QUOTE} [1]\n\n"
        "[1] Seals <i>abroad</i>, p. 3 · The Vell Courier · 9 March 2024\n"
        f"    “{QUOTE}”\n"
        "    news/seals.txt"
    )


def test_print_obeys_no_escape_sequence_of_an_article() -> None:
    evil = replace(CITATION, quote="red \x1b[31m", title="\x1b]0;owned\x07")
    assert "\x1b" not in str(replace(ANSWER, statements=(Statement("x", (evil,), 1.0),)))


def test_print_shows_why_there_is_no_answer() -> None:
    text = str(REFUSAL)
    assert text.startswith("The articles do not say\n\nNo passage speaks of <money>.")
    assert "Did you mean: Who <paid>?" in text
    assert "“<script>”" in text


def test_a_notebook_shows_title_outlet_day_and_quote_of_each_footnote_escaped() -> None:
    html = ANSWER._repr_html_()
    assert "<b>12</b>" not in html
    for words in (
        "<sup>[1]</sup>",
        "[1] <b>Seals &lt;i&gt;abroad&lt;/i&gt;, p. 3</b> · The Vell Courier · 9 March 2024 · news/seals.txt",
        "<blockquote>Vell sent &lt;b&gt;12&lt;/b&gt; seals &amp; a &quot;walrus&quot;.</blockquote>",
    ):
        assert words in html


def test_a_notebook_shows_a_refusal_and_what_differs_escaped() -> None:
    html = REFUSAL._repr_html_()
    for words in (
        "No passage speaks of &lt;money&gt;.",
        "Who &lt;paid&gt;?",
        "<blockquote>&lt;script&gt;</blockquote>",
    ):
        assert words in html
    accounts = (Account("<12>", CITATION), Account("40", replace(CITATION, marker=2, outlet="Post")))
    html = replace(ANSWER, disagreements=(Disagreement("How many seals?", accounts),))._repr_html_()
    assert "<li>&lt;12&gt;<sup>[1]</sup> · The Vell Courier · 9 March 2024</li><li>40<sup>[2]</sup> · Post" in html


def test_a_notebook_without_html_shows_markdown() -> None:
    assert "[^1]: Seals \\<i\\>abroad\\</i\\>, p. 3 (The Vell Courier · 9 March 2024 · news/seals.txt): “" in (
        ANSWER._repr_markdown_()
    )
