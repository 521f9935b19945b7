"""What the page's HTML says, and that nothing from outside becomes HTML."""

from __future__ import annotations

import html
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.pipeline import NOT_CALIBRATED
from rag.schema import Account, Answer, Article, ArticleSummary, Copy, Disagreement, Section, Trace
from ui import render, render_article
from ui.render import Turn
from ui.render_uploads import Uploaded, upload_progress, upload_report

HOSTILE = '<script>x</script><img src=x onerror=alert(1)>"\' data-list="` ${1} {{y}} **b** [1] </div>'
OURS = {
    "article", "b", "blockquote", "button", "dd", "details", "div", "dl", "dt", "h2", "h3", "input", "label", "li", "mark",
    "ol", "option", "p", "progress", "section", "select", "span", "summary", "ul",
}  # fmt: skip


class Page(HTMLParser):
    """Parses as a browser would: tags, their attributes, and the text between them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == [], f"never closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag != "input":  # which has no end
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data

    def all(self, tag: str, name: str) -> list[dict[str, str | None]]:
        return [attributes for found, attributes in self.tags if found == tag and name in attributes]


def checked(text: str) -> Page:
    """Parse, and check that only tags and attributes of ours came about."""
    page = Page(text)
    for tag, attributes in page.tags:
        assert tag in OURS
        assert not [name for name in attributes if name.startswith("on") or name in ("src", "href", "style")]
    return page


def hostile(answer: Answer) -> Answer:
    statements = tuple(
        replace(
            one,
            text=HOSTILE,
            citations=tuple(
                replace(c, title=HOSTILE, quote=HOSTILE, outlet=HOSTILE, article_id=HOSTILE) for c in one.citations
            ),
        )
        for one in answer.statements
    )
    return replace(
        answer,
        question=HOSTILE,
        asked=HOSTILE + "?",
        reason=HOSTILE,
        short=HOSTILE,
        statements=statements,
        made_by={HOSTILE: HOSTILE},
    )


def test_every_word_of_an_answer_is_escaped(answers: Any) -> None:
    page = checked(render.answer(hostile(answers("seals"))))
    assert page.words.count(HOSTILE) >= 8
    assert "\\<script\\>" in (page.all("button", "data-copy")[0]["data-copy"] or "")


def test_question_error_partial_and_example_are_escaped() -> None:
    turns = (Turn(HOSTILE, error=HOSTILE), Turn(HOSTILE, partial=HOSTILE), Turn(HOSTILE, partial=HOSTILE, stopped=True))
    page = checked(render.conversation(turns))
    assert page.words.count(HOSTILE) == 6
    assert checked(render.conversation((), examples=(HOSTILE,))).all("button", "data-question") == [
        {"type": "button", "class": "cd-example", "data-question": HOSTILE}
    ]


def test_a_turn_says_under_its_question_which_articles_were_asked() -> None:
    some = render.only("2024-05-01 ", "", ["Vell Post", HOSTILE])
    page = checked(render.conversation([Turn("Who?", error="e", only=some)]))
    assert page.words.startswith(
        f"Who?Only some articles: from 2024-05-01, Vell Post, {HOSTILE}EditAsk again!Something"
    )
    assert "Only some articles" not in checked(render.conversation([Turn("Who?", error="e")])).words


def test_the_copy_of_an_answer_says_which_articles_were_asked(answers: Any) -> None:
    page = checked(render.conversation([Turn("seals?", answer=answers("seals?"), only=HOSTILE)]))
    assert "\n\n*Only some articles: " in (page.all("button", "data-copy")[0]["data-copy"] or "")


def test_a_list_and_an_upload_report_are_escaped() -> None:
    article = Article(id=HOSTILE, title=HOSTILE, text="x", source=HOSTILE, outlet=HOSTILE, author=HOSTILE)
    listed = [ArticleSummary(HOSTILE, HOSTILE, outlet, None, (f"x/{HOSTILE[:30]}",)) for outlet in (HOSTILE, None)]
    page = checked(render_article.article_list(listed, total=2))
    assert page.words.count(HOSTILE) == 3
    assert page.words.count(HOSTILE[:30].rpartition("/")[2]) == 4
    assert [one["data-article"] for one in page.all("button", "data-article")] == [HOSTILE] * 2
    failed = [Uploaded(HOSTILE, "failed", HOSTILE)]
    assert checked(upload_report(failed)).words.count(HOSTILE) == 2
    assert checked(upload_progress(failed, total=2, at=HOSTILE)).words.count(HOSTILE) == 3
    assert checked(render_article.article(replace(article, text=HOSTILE))).words.count(HOSTILE) == 5


def test_a_marker_and_its_footnote_lead_to_the_cited_words(answers: Any) -> None:
    answer = answers("seals")
    places = [
        (attributes["data-article"], attributes["data-start"], attributes["data-end"])
        for attributes in checked(render.answer(answer)).all("button", "data-article")
    ]
    expected = [(c.article_id, str(c.start), str(c.end)) for c in answer.citations]
    assert places == expected + expected


def test_a_footnote_names_its_page_where_its_title_stands(answers: Any) -> None:
    [statement, *_] = answers("seals").statements
    paged = replace(statement.citations[0], page=3)
    page = checked(render.answer(replace(answers("seals"), statements=(replace(statement, citations=(paged,)),))))
    assert f"{paged.title}, p. 3" in page.words


def test_brackets_in_a_statement_are_not_taken_for_a_marker(answers: Any) -> None:
    answer = answers("seals")
    written = replace(answer.statements[0], text="See [7] and [2].")
    page = checked(render.answer(replace(answer, statements=(written,))))
    assert "See [7] and [2].[1]" in page.words
    assert len(page.all("button", "data-start")) == 2


@pytest.mark.parametrize(
    ("question", "look", "words"),
    [
        ("seals", "cd-answered", "Answered from the articles"),
        ("partly", "cd-partly", "Answered in part"),
        ("pandas", "cd-not_found", "The articles do not say"),
    ],
)
def test_each_status_has_its_own_look(answers: Any, question: str, look: str, words: str) -> None:
    text = render.answer(answers(question))
    assert f'class="cd-answer {look}"' in text
    assert words in text


def test_articles_that_differ_stand_side_by_side_with_outlet_date_and_footnote(answers: Any) -> None:
    answer = answers("seals")
    [citation, *_] = answer.citations
    one, other = (replace(citation, marker=at, outlet=HOSTILE) for at in (1, 2))
    differing = Disagreement(answer.question, (Account("40", one), Account(HOSTILE, other)))
    page = checked(render.answer(replace(answer, disagreements=(differing,))))
    assert f"compare them below40[1]{HOSTILE}" in page.words.replace("\n", "")
    assert [one["aria-label"] for one in page.all("button", "aria-label")[:2]] == [
        f"Footnote {at}: {citation.title}" for at in (1, 2)
    ]
    other_question = replace(answer, disagreements=(replace(differing, question=HOSTILE),))
    assert f"below: {HOSTILE}" in checked(render.answer(other_question)).words


def test_a_refusal_shows_reason_and_nearest_passages_that_open(answers: Any) -> None:
    answer = replace(answers("pandas"), confidence=0.93)
    page = checked(render.answer(answer))
    assert answer.reason in page.words
    assert [attributes["data-start"] for attributes in page.all("button", "data-article")] == [
        str(hit.passage.start) for hit in answer.nearest
    ]
    assert "likely" not in page.words
    assert "Did you mean" not in page.words


def test_a_suggested_question_can_be_asked_by_pressing_it(answers: Any) -> None:
    meant = 'Who sent <b>"seals"</b>?'
    page = checked(render.answer(replace(answers("pandas"), suggestion=meant)))
    (button,) = page.all("button", "data-question")
    assert button["data-question"] == meant
    assert f"Did you mean {meant}" in page.words


@pytest.mark.parametrize(
    ("confidence", "words"),
    [(0.93, "very likely right"), (0.8, "likely right"), (0.6, "more likely right than wrong"), (0.3, "uncertain")],
)
def test_an_answer_says_in_words_how_sure_it_is(answers: Any, confidence: float, words: str) -> None:
    shown = render.answer(replace(answers("seals"), confidence=confidence))
    assert f'<span class="cd-confidence">{words}</span>' in shown
    assert str(confidence) not in shown


def test_an_answer_whose_confidence_is_unknown_says_so_and_why(answers: Any) -> None:
    answer = replace(answers("seals"), confidence=None, trace=Trace(notes=(NOT_CALIBRATED,)))
    shown = render.answer(answer)
    assert '<span class="cd-confidence">confidence unknown</span>' in shown
    assert NOT_CALIBRATED in checked(shown).words


def test_a_footnote_to_a_sidebar_says_so(answers: Any) -> None:
    assert '<span class="cd-badge">Sidebar</span>' in render.answer(answers("lamp"))
    assert "cd-badge" not in render.answer(answers("seals"))


def test_a_turn_is_waiting_until_it_has_an_answer_an_error_or_was_stopped(answers: Any) -> None:
    assert "aria-busy" in render.conversation([Turn("q", partial="So far.")])
    for turn in (Turn("q", answer=answers("seals")), Turn("q", error="e"), Turn("q", stopped=True)):
        assert "aria-busy" not in render.conversation([turn])


def test_a_very_long_question_is_shown_by_its_start() -> None:
    text = render.conversation([Turn("word " * 20_000, error="too long")])
    assert len(text) < 4_000
    assert checked(text).all("button", "data-edit") == []  # what is edited is what is shown


def text_of(shown: str) -> str:
    text = shown.partition('<div class="cd-text">')[2].rpartition("<p><button")[0]  # the button to remove it is last
    return Page('<div class="cd-text">' + text).words


def test_the_highlight_is_the_quote_and_the_text_is_whole(answers: Any) -> None:
    from_answer = answers("seals").citations[0]
    article = answers.article
    shown = render_article.article(article, start=from_answer.start, end=from_answer.end)
    marked = shown.partition("<mark data-first tabindex=-1>")[2].partition("</mark>")[0]
    assert html.unescape(marked) == from_answer.quote
    assert text_of(shown) == article.text


@given(
    text=st.text(alphabet=st.sampled_from("ab <>&\n\n.é\x00'"), min_size=1, max_size=80),
    cuts=st.lists(st.integers(0, 80), min_size=4, max_size=4),
)
def test_any_span_of_any_article_is_marked_exactly(text: str, cuts: list[int]) -> None:
    first, second, start, end = (min(cut, len(text)) for cut in cuts)
    first, second, start, end = min(first, second), max(first, second), min(start, end), max(start, end)
    sections = tuple(
        Section(low, high, kind)
        for low, high, kind in ((0, first, "body"), (first, second, "sidebar"), (second, len(text), "furniture"))
        if low < high
    )
    shown = render_article.article(Article("i", "t", text, "s", sections=sections), start=start, end=end)
    assert text_of(shown) == text.replace("\x00", "�")
    marked = "".join(
        html.unescape(piece.partition("</mark>")[0])
        for piece in shown.replace("<mark data-first tabindex=-1>", "<mark>").split("<mark>")[1:]
    )
    assert marked == text[start:end].replace("\x00", "�").replace("\n", "")


@pytest.mark.parametrize(("start", "end"), [(5, 5), (-3, 4), (0, 10_000), (9, 2)])
def test_a_span_outside_the_text_marks_nothing(answers: Any, start: int, end: int) -> None:
    assert "<mark" not in render_article.article(answers.article, start=start, end=end)


def test_a_huge_article_is_shown_as_a_window_around_the_quote() -> None:
    text = "line of text\n" * 100_000 + "the quote\n" + "line of text\n" * 100_000
    start = text.index("the quote")
    shown = render_article.article(Article("i", "t", text, "s"), start=start, end=start + 9)
    assert "<mark data-first tabindex=-1>the quote</mark>" in shown
    assert "are shown" in shown
    assert len(text_of(shown)) == render_article.MAX_ARTICLE_CHARACTERS


def test_a_list_says_when_it_is_not_whole() -> None:
    listed = [ArticleSummary(f"i{number}", f"Story {number}", None, None, (f"{number}.txt",)) for number in range(1500)]
    page = checked(render_article.article_list(listed, total=1500))
    assert len(page.all("button", "data-article")) == render_article.MAX_LISTED_ARTICLES
    assert "1,500 articles, page 1 of 30" in page.words
    some = checked(render_article.article_list(listed[:50], total=1500)).words
    assert "50 of 1,500 articles" in some
    assert "age 1" not in some
    assert "0 of 1 article" in checked(render_article.article_list([], total=1)).words
    assert "no articles yet" in render_article.article_list([], total=0)


def test_the_copies_of_a_footnote_can_be_opened_and_are_escaped(answers: Any) -> None:
    answer = answers("seals")
    [statement, *_] = answer.statements
    copies = (Copy("c1", "Seals", None, None, f"news/{HOSTILE}.txt"), Copy("c2", "Seals", "Courier", None, "b.txt"))
    copied = replace(statement, citations=(replace(statement.citations[0], copies=copies),))
    page = checked(render.answer(replace(answer, statements=(copied,))))
    assert "Also in 2 copies: " in page.words
    assert "Courier (b.txt)" in page.words
    assert [one["data-article"] for one in page.all("button", "data-article")][-2:] == ["c1", "c2"]
