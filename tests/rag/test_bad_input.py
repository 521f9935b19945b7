"""What people give by mistake: each time a message that says what to do, and nothing lost."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from rag import AddReport, Article, Corpus, Section
from rag.errors import QuestionError

QUESTION = "How many animals did Putin give to North Korea?"
ADVICE = (
    "Check",
    "Choose",
    "Convert",
    "Correct",
    "Fill",
    "Leave",
    "Name",
    "Open it in",
    "Repair",
    "Save",
    "Split",
    "Type",
    "Ask",
)
SECONDS = 20.0


@pytest.fixture
def add(corpus: Corpus) -> Callable[..., AddReport]:
    """Adds to the five seeds, and asserts that they and their answer are there as before."""

    def call(*things: str | Path | Article) -> AddReport:
        before = list(corpus.articles()), corpus.sources(), corpus.ask(QUESTION)
        report = corpus.add(list(things))
        if not report.added:
            assert (list(corpus.articles()), corpus.sources(), corpus.ask(QUESTION)) == before
        assert {article.id for article in before[0]} <= {article.id for article in corpus.articles()}
        for source, reason in report.failed:
            assert source
            assert any(word in reason for word in ADVICE), f"{reason!r} does not say what to do"
        return report

    return call


def reason(report: AddReport) -> str:
    assert len(report.failed) == 1, report
    return report.failed[0][1]


def test_an_empty_folder(add: Callable[..., AddReport], tmp_path: Path) -> None:
    assert "holds no file" in reason(add(tmp_path))


@pytest.mark.parametrize("text", ["", " \n\t\n "])
def test_an_empty_file(add: Callable[..., AddReport], tmp_path: Path, text: str) -> None:
    (tmp_path / "empty.txt").write_text(text, encoding="utf-8")
    assert "is empty" in reason(add(tmp_path))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (bytes(range(256)) * 8, "binary"),
        (b"text and \x00 a NUL", "binary"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "PNG"),
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"PK\x03\x04" + bytes(200), "ZIP"),
    ],
)
def test_a_binary_file_called_text(add: Callable[..., AddReport], tmp_path: Path, data: bytes, says: str) -> None:
    (tmp_path / "picture.txt").write_bytes(data)
    assert says in reason(add(tmp_path))


def test_a_file_of_a_kind_that_is_not_known(add: Callable[..., AddReport], tmp_path: Path) -> None:
    (tmp_path / "clip.xyz").write_bytes(b"some frames")
    assert "'.xyz'" in reason(add(tmp_path))


FRENCH = "La mairie a décidé de fermer le théâtre. Les élèves étaient déçus, à juste titre, et l’été fut très long."
RUSSIAN = "Мэр города закрыл старый порт. Жители были очень недовольны, но решение осталось в силе до конца года."


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(FRENCH, "cp1252"), (RUSSIAN, "cp1251"), (FRENCH, "utf-16"), (RUSSIAN, "utf-8-sig"), (FRENCH, "utf-32")],
)
def test_another_encoding_is_read_and_noted(
    add: Callable[..., AddReport], corpus: Corpus, tmp_path: Path, text: str, encoding: str
) -> None:
    path = tmp_path / "other.txt"
    path.write_bytes("\n\n".join([text] * 5).encode(encoding))
    assert add(path).added == (str(path.resolve()),)
    article = corpus.article(corpus.sources()[str(path.resolve())])
    assert text in article.text
    assert encoding.partition("-sig")[0] in article.origins["encoding"]


def test_a_text_that_is_not_in_the_encoding_it_claims(add: Callable[..., AddReport], tmp_path: Path) -> None:
    (tmp_path / "cut.txt").write_bytes("A walrus swims.".encode("utf-16")[:-1])
    assert "utf-16" in reason(add(tmp_path))


def test_a_text_of_fifty_megabytes_is_refused_at_once(
    add: Callable[..., AddReport], tmp_path: Path, seeds: Path
) -> None:
    text = "\n\n".join(path.read_text(encoding="utf-8") for path in sorted(seeds.iterdir()))
    with (tmp_path / "huge.txt").open("w", encoding="utf-8") as file:
        for number in range(50_000_000 // len(text.encode()) + 1):
            file.write(f"{text}\n\nPart {number}.\n\n")
    begun = time.perf_counter()
    assert "MB" in reason(add(tmp_path / "huge.txt"))
    assert time.perf_counter() - begun < SECONDS


def test_the_same_article_twice(add: Callable[..., AddReport], corpus: Corpus, tmp_path: Path, seeds: Path) -> None:
    (tmp_path / "copy.txt").write_bytes(sorted(seeds.iterdir())[0].read_bytes())
    assert len(add(tmp_path).added) == 1
    assert add(tmp_path).unchanged == (str((tmp_path / "copy.txt").resolve()),)
    assert len(corpus) == 5


@pytest.mark.parametrize("kind", ["broken link", "link in a circle", "named pipe", "folder called text"])
def test_what_cannot_be_read(add: Callable[..., AddReport], tmp_path: Path, kind: str) -> None:
    path = tmp_path / "articles" / "odd.txt"
    path.parent.mkdir()
    if kind == "broken link":
        path.symlink_to(tmp_path / "absent.txt")
    elif kind == "link in a circle":
        path.symlink_to(path)
    elif kind == "named pipe":
        os.mkfifo(path)
    else:
        path.mkdir()
    assert reason(add(path))
    if kind != "folder called text":
        assert Path(add(path.parent).failed[0][0]).name == "odd.txt"


def test_one_bad_file_costs_that_file_alone(add: Callable[..., AddReport], corpus: Corpus, tmp_path: Path) -> None:
    (tmp_path / "1.txt").write_bytes(b"\x00\x01")
    (tmp_path / "2.txt").write_text("A walrus swims in the harbour of Lomvik.", encoding="utf-8")
    (tmp_path / "3.txt").write_text("", encoding="utf-8")
    report = add(tmp_path)
    assert [Path(source).name for source in report.added] == ["2.txt"]
    assert [Path(source).name for source, _ in report.failed] == ["1.txt", "3.txt"]
    assert corpus.search("walrus")[0].source == report.added[0]


@pytest.mark.parametrize("text", ["", " \n ", "nul \0 inside", "half a \ud800 character"])
def test_a_record_that_is_no_article(
    add: Callable[..., AddReport], article_of: Callable[..., Article], corpus: Corpus, text: str
) -> None:
    report = add(replace(article_of("bad", "x"), text=text, sections=()), article_of("good", "A walrus swims."))
    assert [source for source, _ in report.failed] == ["bad"]
    assert report.added == ("good",)
    assert len(corpus) == 6


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("x" * 200_000, id="one word"),
        pytest.param("word " * 40_000, id="one line"),
        pytest.param("\n" * 100_000 + "A walrus swims." + "\n" * 100_000, id="blank lines"),
        pytest.param("!?" * 50_000, id="punctuation"),
        pytest.param("🦁" * 20_000, id="emoji"),
        pytest.param("(" * 50_000, id="brackets"),
        pytest.param("- a\n" * 20_000, id="list"),
    ],
)
def test_a_strange_text_is_read_in_seconds(
    add: Callable[..., AddReport], corpus: Corpus, tmp_path: Path, text: str
) -> None:
    path = tmp_path / "strange.txt"
    path.write_text(text, encoding="utf-8")
    begun = time.perf_counter()
    assert len(add(path).added) == 1
    assert corpus.article(corpus.sources()[str(path.resolve())]).text == text
    assert time.perf_counter() - begun < SECONDS


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("", "is empty"),
        (" \n\t ", "is empty"),
        ("?!… — “”", "holds no word"),
        ("🦁🐻🎁", "holds no word"),
        ("\0\x07\x1b", "holds no word"),
        ("How many animals " * 6_000, "102,000 characters|101,999 characters"),
        ("How many animals \udcff?", "a broken character"),
    ],
)
def test_a_question_that_cannot_be_asked(corpus: Corpus, question: str, says: str) -> None:
    for call in (corpus.ask, corpus.search):
        with pytest.raises(QuestionError, match=says) as raised:
            call(question)  # type: ignore[operator]
        assert any(word in str(raised.value) for word in ADVICE)
        assert len(str(raised.value)) < 300
    assert len(corpus) == 5


@pytest.mark.parametrize(
    "question",
    [
        "Сколько животных подарил Путин Северной Корее?",
        "普京送给朝鲜多少动物?",
        "كم عدد الحيوانات التي أهداها بوتين؟",
        "कितने जानवर दिए?",
        "How many\0 animals\x1b[31m did\x07 Putin give?",
        "Combien d’animaux Poutine a-t-il donnés ?",
        "animals " * 249,
        "what is it",
        "'; DROP TABLE articles; --",
        "a",
    ],
)
def test_a_question_in_any_words_ends_in_one_of_three_ways(corpus: Corpus, question: str) -> None:
    answer = corpus.ask(question)
    assert answer.status in ("answered", "partly", "not_found")
    assert answer.statements or answer.reason
    assert len(corpus) == 5


@pytest.mark.parametrize("turn", ["", "?!", "🦁", "x" * 100_000, "How many animals \udcff?", "\0"])
def test_odd_turns_before_a_question_do_no_harm(corpus: Corpus, turn: str) -> None:
    answer = corpus.ask("And where were they taken?", [turn])
    assert answer.statements or answer.reason


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("title", "\ud800x", "a broken character"),
        ("outlet", "\ud800x", "a broken character"),
        ("source", "\ud800x", "a broken character"),
        ("published", "2024-01-05", r"published '2024-01-05', expected date or None"),
        ("outlet", 5, r"outlet 5, expected str or None"),
        ("author", ["Ida"], r"author \['Ida'\], expected str or None"),
        ("text", None, r"text None, expected str"),
        ("source", Path("bad.txt"), r"bad\.txt'\), expected str"),
        ("sections", ((0, 1, "body"),), "expected Section records"),
        ("sections", (Section(0, None, "body"),), "expected Section records"),  # type: ignore[arg-type]
        ("sections", (Section(0, 1, "main"),), "of the kinds body, heading"),  # type: ignore[arg-type]
        ("pages", ("one",), "expected offsets"),
        ("origins", {"title": "\ud800"}, "expected words"),
        ("origins", {1: "x", "title": "y"}, "expected words"),
    ],
)
@pytest.mark.parametrize("whole", [False, True], ids=["from a program", "from a reader"])
def test_a_record_with_a_wrong_field_costs_that_record_alone(
    add: Callable[..., AddReport],
    article_of: Callable[..., Article],
    corpus: Corpus,
    field: str,
    value: object,
    says: str,
    whole: bool,
) -> None:
    bad = article_of("bad", "It rained.", origins={"title": "heading"} if whole else {})
    report = add(article_of("one", "A walrus swims."), replace(bad, **{field: value}), article_of("two", "Grain fell."))
    assert re.search(says, reason(report))
    assert str(report.failed[0]).encode()
    assert report.added == ("one", "two")
    assert len(corpus) == 7
