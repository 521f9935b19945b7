"""What is built and asked from tiny public sets, how promises are judged, and one whole small run."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from eval.benchmarks.speed import READING, WARM_UP, Timed, app, articles, build, lines, measure, missed, questions
from eval.case import CaseError
from rag import Corpus, Settings

HASHED = Settings(
    embedder="rag.testing:HashEmbedder", reader="rag.testing:WordReader", entailment="none", consistency="none"
)
FAST = Timed(
    "fast", {}, 9.0, (0.1, 0.2, 0.2, 0.3), ({"read": 0.1}, {"read": 0.3}), {"answered": 3, "not_found": 1}, 900.0
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two paragraphs with three questions each in every file of reading, and the retrieval sets nearly empty."""
    (tmp_path / "reading").mkdir()
    for number, name in enumerate(READING):
        paragraphs = [
            {
                "context": f"The zoo of town {number}{place} got {place + 3} seals. They came by ship in May.",
                "qas": [
                    {"question": f"How many seals came to town {number}{place}, asked {time}?"} for time in range(3)
                ],
            }
            for place in range(2)
        ]
        entry = {"title": f"Zoo_{number}", "paragraphs": paragraphs}
        (tmp_path / "reading" / name).write_text(json.dumps({"data": [entry]}), encoding="utf-8")
    folder = tmp_path / "retrieval"
    (folder / "chunking_corpora").mkdir(parents=True)
    with (folder / "chunking_questions.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(["question", "references", "corpus_id"])
    (folder / "hotpotqa_train_corpus.json").write_text('{"Port": ["Ships come.", " They go."]}', encoding="utf-8")
    (folder / "musique_train_corpus.json").write_text('[{"title": "Lake", "text": "It is deep."}]', encoding="utf-8")
    for name in ("hotpotqa", "musique"):
        (folder / f"{name}_train.json").write_text("[]", encoding="utf-8")
    return tmp_path


def test_every_set_is_searched_and_titles_read_as_words(data: Path) -> None:
    found = articles(data)
    assert [article.title for article in found] == ["Zoo 0", "Zoo 1", "Zoo 2", "Zoo 3", "Zoo 4", "Port", "Lake"]
    assert found[0].text.count("\n\n") == 1


def test_the_questions_are_peoples_own_and_the_same_every_time(data: Path) -> None:
    asked = questions(data, at_most=8)
    assert asked == questions(data, at_most=8)
    assert len(set(asked)) == 8
    assert len(questions(data, at_most=99)) == 18


def test_an_index_holds_at_least_what_was_asked_for_and_is_made_once(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    held = build(data, folder, 3, HASHED)
    assert 3 <= held < len(articles(data))
    assert build(data / "nowhere", folder, 3, HASHED) == held
    with Corpus.open(folder / "index", HASHED) as corpus:
        assert len(corpus.search("seals zoo town ship", k=50)) == held


def test_too_few_passages_are_an_error_and_leave_no_index(data: Path, tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="expected 10,000"):
        build(data, tmp_path, 10_000, HASHED)
    assert not (tmp_path / "index").exists()


def test_each_warm_question_is_timed_with_its_stages(data: Path, tmp_path: Path) -> None:
    build(data, tmp_path, 3, HASHED)
    timed = measure(tmp_path, questions(data, at_most=WARM_UP + 4), HASHED)
    assert len(timed.seconds) == len(timed.stages) == sum(timed.statuses.values()) == 4
    for whole, stages in zip(timed.seconds, timed.stages, strict=True):
        assert {"retrieve", "read"} <= set(stages)
        assert 0 < sum(stages.values()) <= whole
    assert timed.megabytes > 50


def test_a_promise_is_kept_up_to_its_bound_and_missed_beyond() -> None:
    assert missed(FAST) == []
    assert missed(replace(FAST, seconds=(0.26,) * 3)) == ["fast median"]
    assert missed(replace(FAST, megabytes=2001.0)) == ["fast peak memory"]
    slow = replace(FAST, reader="trained", seconds=(0.1,) * 9 + (9.0,) * 1)
    assert missed(slow) == ["trained 95th percentile"]
    assert missed(replace(FAST, reader="qa:mine", seconds=(60.0,))) == []


def test_the_lines_say_figures_and_promises() -> None:
    text = "\n".join(lines(FAST))
    assert "0.200 s (kept: at most 0.25 s)" in text
    assert "3 answered, 1 not_found" in text
    assert "read 200 ms" in text
    assert "MISSED: at most 0.25 s" in "\n".join(lines(replace(FAST, seconds=(0.3, 0.3))))


def test_data_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["--data", str(tmp_path / "nowhere"), "--out", str(tmp_path)])
    assert done.exit_code == 2
    assert "Correct --data" in done.output


@pytest.mark.slow
def test_a_whole_run_saves_its_figures(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = CliRunner().invoke(
        app,
        [
            "--data",
            str(data),
            "--passages",
            "3",
            "--asked",
            "8",
            "--reader",
            "rag.testing:WordReader",
            "--out",
            str(out),
        ],
    )
    assert done.exit_code in (0, 1), done.output  # a busy machine keeps no promise
    assert "rag.testing:WordReader: 3 warm questions" in done.output
    [timed] = json.loads((out / "timings.json").read_text(encoding="utf-8"))
    assert 20 < timed["megabytes"] < 20_000
    assert json.loads((out / "run.json").read_text(encoding="utf-8"))["passages"] >= 3
