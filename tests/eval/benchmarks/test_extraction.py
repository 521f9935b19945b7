"""The measure of article extraction, against its published definition on small texts."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.benchmarks.extraction import (
    PageScore,
    dates_line,
    half_of,
    main,
    precision_and_recall,
    score_pages,
    shingles,
    summarise,
)

texts = st.lists(st.sampled_from("a b c d e".split()), max_size=12).map(" ".join)


def test_shingles_are_runs_of_four_words_counted_with_repetition() -> None:
    assert shingles("a b, c. d e") == Counter({("a", "b", "c", "d"): 1, ("b", "c", "d", "e"): 1})
    assert shingles("a a a a a")[("a",) * 4] == 2
    assert shingles("Only two") == Counter({("Only", "two"): 1})
    assert shingles(" - ") == Counter()


@pytest.mark.parametrize(
    ("expected", "found", "precision", "recall"),
    [
        ("a b c d e", "a b c d e", 1.0, 1.0),
        ("a b c d e", "a b c d", 1.0, 0.5),
        ("a b c d", "a b c d e f", 1 / 3, 1.0),
        ("a b c d", "", None, 0.0),
        ("a b c d", "e f g h", 0.0, 0.0),
    ],
)
def test_precision_and_recall_are_shares_of_shingles(
    expected: str, found: str, precision: float | None, recall: float
) -> None:
    assert precision_and_recall(expected, found) == (precision, recall)


@given(texts.filter(bool), texts)
def test_it_agrees_with_the_published_definition_by_counts(expected: str, found: str) -> None:
    """Its true and false positives and false negatives, added up shingle by shingle."""
    wanted, got = shingles(expected), shingles(found)
    true = sum(min(wanted[one], got[one]) for one in wanted | got)
    false = sum(max(0, got[one] - wanted[one]) for one in wanted | got)
    missed = sum(max(0, wanted[one] - got[one]) for one in wanted | got)
    precision = true / (true + false) if true + false else None
    assert precision_and_recall(expected, found) == (precision, true / (true + missed))


def test_f1_is_of_the_means_and_pages_without_text_count_in_recall_only() -> None:
    summary = summarise([(1.0, 0.5), (0.5, 1.0), (None, 0.0)])
    assert (summary.pages, summary.precision, summary.recall) == (3, 0.75, 0.5)
    assert summary.f1 == pytest.approx(0.6)
    assert summary.interval.low <= summary.f1 <= summary.interval.high


def test_the_halves_are_told_by_the_name_alone() -> None:
    halves = Counter(half_of(f"page {number}") for number in range(400))
    assert min(halves.values()) > 150


def test_dates_are_compared_with_those_in_addresses() -> None:
    from datetime import date

    score = PageScore("a", "held out", "https://a.example/2024/05/06/x", *6 * [1.0], date(2024, 5, 7))
    assert "Of 1 pages with a day in their address, 1 tell a day elsewhere: 0 the same, 1 the day" in dates_line(
        [score]
    )


def test_the_command_scores_a_folder_and_keeps_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = " ".join(f"word{number} of the article" for number in range(60))
    (tmp_path / "extraction" / "html").mkdir(parents=True)
    truth = {}
    for number in range(8):
        truth[f"p{number}"] = {"articleBody": words + ".", "url": "https://a.example/"}
        page = f"<html><body><nav>Home</nav><article><p>{words}.</p></article></body></html>"
        page = page if number else "<html></html>"
        (tmp_path / "extraction" / "html" / f"p{number}.html.gz").write_bytes(gzip.compress(page.encode()))
    (tmp_path / "extraction" / "ground-truth.json").write_text(json.dumps(truth))
    scores = score_pages(tmp_path / "extraction")
    assert (scores[0].precision, scores[0].recall) == (None, 0.0)
    assert (scores[1].precision, scores[1].recall) == (1.0, 1.0)
    main(["--data", str(tmp_path), "--out", str(tmp_path / "out")])
    assert "| all | kept | 8 | 1.0000 | 0.8750 | 0.9333" in capsys.readouterr().out
    assert len((tmp_path / "out" / "pages.csv").read_text().splitlines()) == 9


def test_words_under_pictures_are_measured_apart(tmp_path: Path) -> None:
    words = " ".join(f"word{number} of the article" for number in range(60))
    caption = "Mayor Otto Falk drove the first tram on Sunday"
    page = f"<html><body><article><p>{words}.</p><figure><img src=a><figcaption>{caption}</figcaption></figure></article></body></html>"
    (tmp_path / "html").mkdir()
    (tmp_path / "html" / "p.html.gz").write_bytes(gzip.compress(page.encode()))
    (tmp_path / "ground-truth.json").write_text(
        json.dumps({"p": {"articleBody": words + ".", "url": "https://a.example/"}})
    )
    (score,) = score_pages(tmp_path)
    assert (score.precision or 1.0) < 1.0
    assert (score.precision_bare, score.precision_searched, score.recall_bare) == (1.0, 1.0, 1.0)
