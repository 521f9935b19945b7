"""How a reader is chosen, what becomes of a library's exceptions, and what holds of every article of every reader."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rag.loading
from eval.stress.fuzzing import faults
from rag import Article
from rag.errors import ReadingError
from rag.loading import FORMATS, Format, Unread, read_path

WORDS = "The ferry between the two islands will stop running in October.\n\nBy Moira Kell\n\nShare this article"
words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]) | st.just("\n"), max_size=300)


@pytest.mark.parametrize("known", FORMATS, ids=lambda known: known.name)
def test_every_reader_can_be_loaded(known: Format) -> None:
    module, _, function = known.reader.partition(":")
    assert callable(getattr(__import__(module, fromlist=[function]), function))


@pytest.mark.parametrize(
    "known", [known for known in FORMATS if known.opening or known.mapped], ids=lambda known: known.name
)
def test_text_under_the_ending_of_another_format_is_read_or_explained(tmp_path: Path, known: Format) -> None:
    path = tmp_path / f"article{known.endings[0]}"
    path.write_text(WORDS)
    try:
        assert all(isinstance(one, Article) for one in read_path(path))
    except ReadingError as error:
        assert str(path) in str(error)  # noqa: PT017
        assert "expected" in str(error)  # noqa: PT017


@pytest.mark.parametrize("known", FORMATS, ids=lambda known: known.name)
@pytest.mark.parametrize("data", [b"", b"\0" * 100, bytes(range(1, 256))], ids=["empty", "zeros", "bytes"])
def test_an_empty_and_a_senseless_file_of_each_ending_are_explained(tmp_path: Path, known: Format, data: bytes) -> None:
    path = tmp_path / f"article{known.endings[0]}"
    path.write_bytes(data)
    with pytest.raises(ReadingError, match="expected") as caught:
        read_path(path)
    assert str(path) in str(caught.value)


def test_what_a_library_raises_becomes_an_error_of_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.odd"
    path.write_text("words")
    odd = Format("odd", (".odd",), "json:loads")  # given a path, it raises TypeError
    monkeypatch.setattr(rag.loading, "FORMATS", (odd,))
    with pytest.raises(ReadingError, match=r"cannot be read as odd \(TypeError: .*\), expected a whole file"):
        read_path(path)


def test_a_format_is_one_file_and_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "odd_reading.py").write_text(
        "from rag.loading import article_from_text\n"
        "def read_odd_file(path):\n"
        "    return [article_from_text(path.read_text().removeprefix('ODD '), source=str(path))]\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(
        rag.loading, "FORMATS", (*FORMATS, Format("odd", (".odd",), "odd_reading:read_odd_file", b"ODD "))
    )
    path = tmp_path / "article.txt"
    path.write_text("ODD Words of it.")
    [article] = read_path(path)
    assert isinstance(article, Article)
    assert article.text == "Words of it."


def made(make_pdf: Any, make_word: Any, make_zip: Any) -> dict[str, Callable[[str], bytes]]:
    lines = lambda text: [line.encode("cp1252", "ignore").decode("cp1252") for line in text.split("\n")]  # noqa: E731
    plain = lambda text: "".join(one for one in text if one.isprintable() or one == "\n")  # noqa: E731
    return {
        "txt": lambda text: text.encode(),
        "html": lambda text: f"<html><body><article><p>{text}</p><p>Words.</p></article></body></html>".encode(),
        "json": lambda text: json.dumps(
            [{"text": text, "title": text[:9], "date": text[:12]}, {"text": "Words."}]
        ).encode(),
        "jsonl": lambda text: (json.dumps({"body": text, "url": text[:20]}) + '\n{"body": "Words."}').encode(),
        "csv": lambda text: ('text,author\n"' + text.replace('"', '""') + '",' + "x\nWords.,y\n").encode(),
        "pdf": lambda text: make_pdf(lines(text), ["Words of it."], lines(text)),
        "docx": lambda text: make_word(*plain(text).split("\n"), "Words of it."),
        "eml": lambda text: b"Subject: x\nContent-Type: text/plain; charset=utf-8\n\nWords of it.\n" + text.encode(),
        "zip": lambda text: make_zip({"a.txt": text.encode(), "b.txt": b"Words."}),
        "gz": lambda text: gzip.compress(b"Words.\n" + text.encode()),
    }


@pytest.mark.parametrize("ending", ["txt", "html", "json", "jsonl", "csv", "pdf", "docx", "eml", "zip", "gz"])
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=words)
def test_sections_and_pages_of_every_reader_fit_the_text(
    ending: str, text: str, tmp_path: Path, make_pdf: Any, make_word: Any, make_zip: Any
) -> None:
    path = tmp_path / f"article.{ending}"
    path.write_bytes(made(make_pdf, make_word, make_zip)[ending](text))
    try:
        found = read_path(path)
    except ReadingError as error:
        assert "expected" in str(error)  # noqa: PT017
        return
    assert found
    for one in found:
        assert one.source.startswith(str(path))
        if not isinstance(one, Unread):
            assert list(faults(one)) == []
