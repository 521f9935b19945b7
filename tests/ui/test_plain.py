"""What the terminal and Markdown say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from rag import AddReport
from rag.rendering.markdown import markdown
from rag.rendering.plain_text import styled_answer
from rag.rendering.words import DIFFER, confidence_words, origin, printable
from rag.schema import Account, Article, ArticleSummary, Copy, Disagreement
from ui import plain


@pytest.mark.parametrize(
    ("confidence", "words"),
    [
        (None, "confidence unknown"),
        (0.0, "uncertain"),
        (0.5, "more likely right than wrong"),
        (0.75, "likely right"),
        (0.9, "very likely right"),
        (1.0, "very likely right"),
    ],
)
def test_confidence_is_said_in_words(confidence: float | None, words: str) -> None:
    assert confidence_words(confidence) == words


def test_origin_holds_what_is_known_and_nothing_else() -> None:
    article = Article("i", "t", "x", "s", author="Ada Brink", published=date(2024, 3, 9))
    assert origin(article) == "by Ada Brink · 9 March 2024"
    assert origin(Article("i", "t", "x", "s")) == ""


def test_a_report_has_a_line_for_each_source_in_order() -> None:
    report = AddReport(added=("c", "a\nadded b"), unchanged=("d",), removed=("e",), failed=(("b", "it is empty"),))
    lines = ["".join(words for words, _ in line) for line in plain.report_lines(report)]
    assert lines == ["added a\\nadded b", "failed b: it is empty", "added c", "unchanged d", "removed e"]
    assert plain.report_summary(report, removed=True) == "2 added, 1 unchanged, 0 changed, 1 removed, 1 failed"


def test_files_that_are_no_articles_are_named_with_the_others() -> None:
    report = AddReport(added=("tram.html",), ignored=("tram_files/a.js",))
    lines = ["".join(words for words, _ in line) for line in plain.report_lines(report)]
    assert lines == ["added tram.html", "ignored tram_files/a.js"]


def test_the_sender_of_a_letter_is_no_outlet() -> None:
    letter = ArticleSummary("i", "Wind farm", None, date(2024, 3, 4), ("1.eml",), author="Rik Solem")
    [line] = plain.list_lines([letter])
    assert "".join(words for words, _ in line) == "Wind farm · by Rik Solem · 4 March 2024 · 1.eml"


def test_a_list_has_a_line_for_each_article_with_what_is_known_of_it() -> None:
    articles = [
        ArticleSummary("i", "Harbour\nnews", "The Vell Courier", date(2024, 3, 9), ("a\nb.txt", "news.zip#a.txt")),
        ArticleSummary("j", "Zebra", None, None, ("z.txt",)),
    ]
    lines = ["".join(words for words, _ in line) for line in plain.list_lines(articles)]
    assert lines == [
        "Harbour news · The Vell Courier · 9 March 2024 · a\\nb.txt (also news.zip#a.txt)",
        "Zebra · z.txt",
    ]


def test_what_a_terminal_cannot_show_is_left_out_or_written_out() -> None:
    assert printable("a\x1b[1m\u202eb\udcff") == "a[1mb\\udcff"


def joined(answer: Any) -> str:
    return "".join(words for words, _ in styled_answer(answer))


def test_the_terminal_shows_short_text_and_each_footnote_with_title_quote_and_file(answers: Any) -> None:
    answer = answers("seals")
    text = joined(answer)
    for words in (answer.short, answer.text, "very likely right"):
        assert words in text
    for citation in answer.citations:
        assert f"[{citation.marker}] {citation.title}" in text
        assert f"“{citation.quote}”" in text
        assert citation.source in text


def test_a_footnote_names_its_page_in_the_terminal_and_in_markdown(answers: Any) -> None:
    [statement, *_] = answers("seals").statements
    paged = replace(statement.citations[0], page=3)
    answer = replace(answers("seals"), statements=(replace(statement, citations=(paged,)),))
    assert f"[{paged.marker}] {paged.title}, p. 3" in joined(answer)
    assert f"[^{paged.marker}]: {paged.title}, p. 3 (" in markdown(answer)


def test_a_footnote_says_where_else_its_words_stand(answers: Any) -> None:
    [statement, *_] = answers("seals").statements
    copies = tuple(Copy(f"c{at}", "Seals", "Courier", date(2024, 3, 9), f"news/{at}.txt") for at in range(7))
    for count, words in (
        (1, "Also in 1 copy: Courier · 9 March 2024 (0.txt)\n"),
        (2, "Also in 2 copies: Courier · 9 March 2024 (0.txt), Courier · 9 March 2024 (1.txt)\n"),
        (7, "(4.txt), and 2 more\n"),
    ):
        copied = replace(statement.citations[0], copies=copies[:count])
        answer = replace(answers("seals"), statements=(replace(statement, citations=(copied,)),))
        assert words in joined(answer)
        assert f"Also in {count} cop" in markdown(answer)
    assert "Also in" not in joined(answers("seals"))


def test_articles_that_differ_are_told_before_the_text(answers: Any) -> None:
    answer = answers("seals")
    [citation, *_] = answer.citations
    accounts = (
        Account("40", replace(citation, outlet="Post", published=date(2024, 3, 9))),
        Account("4*", replace(citation, outlet=None, published=None)),
    )
    differing = replace(answer, disagreements=(Disagreement(answer.question, accounts),))
    head = f"{DIFFER}:\n  40 · Post · 9 March 2024 [1]\n  4* · {citation.title} [1]\n\n{answer.text}"
    assert head in joined(differing)
    assert f"- **40** · Post · 9 March 2024[^1]\n\n- **4\\*** · {citation.title}[^1]" in markdown(differing)


def test_the_summary_of_a_run_counts_its_copies() -> None:
    report = AddReport(added=("a", "b"), copies=("b",))
    assert (
        plain.report_summary(report, removed=False) == "2 added, 0 unchanged, 0 changed, 0 failed; 1 of these is a copy"
    )
    assert "copies" not in plain.report_summary(AddReport(added=("a",)), removed=False)


def test_the_terminal_says_when_the_confidence_is_unknown_but_of_no_refusal(answers: Any) -> None:
    assert joined(replace(answers("seals"), confidence=None)).startswith(
        "Answered from the articles · confidence unknown\n"
    )
    assert "confidence" not in joined(replace(answers("pandas"), confidence=None))


def test_the_terminal_shows_a_refusal_with_reason_and_nearest(answers: Any) -> None:
    answer = answers("pandas")
    text = joined(answer)
    assert text.startswith("The articles do not say\n")
    assert answer.reason in text
    assert all(hit.passage.text in text for hit in answer.nearest)
    assert "Did you mean" not in text
    assert "\nDid you mean: Who sent seals?\n" in joined(replace(answer, suggestion="Who sent seals?"))


def test_the_nearest_passages_are_numbered_as_they_stand_whatever_the_search_ranked_first(answers: Any) -> None:
    answer = answers("pandas")
    text = joined(replace(answer, nearest=answer.nearest[::-1]))
    assert [hit.rank for hit in answer.nearest[::-1]] == [2, 1]
    assert text.index("\n1. ") < text.index("\n2. ")


def test_what_a_terminal_would_obey_is_taken_out() -> None:
    assert printable("\x1b[31mred\x1b]0;title\x07 \u202etxt.exe\x9b2J\n") == "[31mred]0;title txt.exe2J\n"


def test_markdown_has_a_footnote_for_every_marker_and_escapes_what_it_quotes(answers: Any) -> None:
    answer = answers("hostile *q*")
    text = markdown(answer)
    assert text.count("[^1]") == 2
    assert "<script>" not in text.replace("\\<", "")
    assert "**hostile \\*q\\***" in text
    assert "\\*\\*bold\\*\\* \\[1\\]" in text


def test_markdown_says_under_the_question_which_articles_were_asked(answers: Any) -> None:
    text = markdown(answers("seals"), only="from 2024-05-01, *Vell* Post")
    assert text.startswith("**seals**\n\n*Only some articles: from 2024-05-01, \\*Vell\\* Post*\n\n")
    assert "some articles" not in markdown(answers("seals"))


@pytest.mark.parametrize(
    ("words", "escaped"),
    [
        ("3.5 million seals came.", "3.5 million seals came."),
        ("2024 was wet.", "2024 was wet."),
        ("3. Seals came.", "3\\. Seals came."),
        ("12) Seals came.", "12\\) Seals came."),
        ("- Seals came.", "\\- Seals came."),
    ],
)
def test_markdown_makes_no_list_of_a_statement_and_leaves_its_numbers(answers: Any, words: str, escaped: str) -> None:
    answer = answers("seals")
    text = markdown(replace(answer, statements=(replace(answer.statements[0], text=words),)))
    assert f"\n{escaped}[^1]\n" in text
