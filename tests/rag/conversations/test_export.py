"""A conversation as a file: footnotes that do not clash, addresses, JSON that is read back, a Word document."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import docx
import pytest

from rag.conversations.export import exported
from rag.conversations.records import Turn
from rag.errors import ConversationsError
from rag.loading import read_path
from rag.schema import Answer, Article

Answered = Callable[..., Turn]


def test_markdown_has_each_answer_with_footnotes_of_its_own_and_their_addresses(
    answered: Answered, refused: Turn
) -> None:
    turns = (answered("seals?"), refused, answered("lamps?", "lamp", "A lamp."), Turn("q*", error="no [key]"))
    text = exported("Gifts & *lamps*", turns, "markdown").content.decode()
    assert text.startswith("# Gifts \\& \\*lamps\\*\n\n**seals?**\n")
    assert "They sent 12 grey seals.[^1-1]" in text
    footnote = (
        "[^3-1]: Title of lamp (The Vell Courier · by Ada Brink · lamp.txt · https://vell.example/lamp): “A lamp.”"
    )
    assert footnote in text
    assert "*The articles do not say.*\n\n*No passage speaks of pandas.*" in text
    assert "**q\\***\n\n*no \\[key\\]*" in text


def test_one_answer_has_plain_numbers_and_no_heading(answered: Answered) -> None:
    text = exported("seals?", (answered("seals?"),), "markdown").content.decode()
    assert text.startswith("**seals?**")
    assert "[^1]: Title of seals" in text


def test_json_is_read_back(answered: Answered, refused: Turn) -> None:
    turns = (answered("seals?"), refused, Turn("q", stopped=True, only="from 2024-03-01"))
    data = json.loads(exported("Gifts", turns, "json").content)
    assert data["title"] == "Gifts"
    answer = Answer.from_dict(data["turns"][0]["answer"])
    assert turns[0].answer is not None
    assert answer == replace(turns[0].answer, trace=replace(turns[0].answer.trace, notes=()))
    assert data["turns"][2] == {
        "question": "q",
        "only": "from 2024-03-01",
        "answer": None,
        "error": None,
        "stopped": True,
        "verdict": None,
    }


def test_a_word_document_holds_questions_and_statements_with_footnotes(
    answered: Answered, refused: Turn, tmp_path: Path
) -> None:
    lamps = answered("lamps <&>?", "lamp", "A lamp & <more>.")
    file = exported("Gifts", (answered("seals?"), refused, lamps, Turn("q\x00\ud800", error="e")), "docx")
    assert file.name == "Gifts.docx"
    paragraphs = [one.text for one in docx.Document(BytesIO(file.content)).paragraphs]
    assert paragraphs[:4] == ["Gifts", "seals?", "12", "They sent 12 grey seals."]
    assert paragraphs[-2:] == ["q", "e"]
    assert paragraphs[5:7] == ["The articles do not say.", "No passage speaks of pandas."]
    (tmp_path / file.name).write_bytes(file.content)
    (article,) = read_path(tmp_path / file.name)
    assert isinstance(article, Article)
    notes = [line for line in article.text.splitlines() if "Title of" in line]
    assert "Title of seals (The Vell Courier · by Ada Brink · seals.txt · https://vell.example/seals)" in notes[0]
    assert "“They sent 12 grey seals.”" in notes[0]
    assert "“A lamp & <more>.”" in notes[1]
    assert [note[0] for note in notes] == ["¹", "²"]
    assert "They sent 12 grey seals ¹." in article.text


@pytest.mark.parametrize(
    ("title", "name"),
    [("What? ../../etc/passwd", "What etcpasswd.md"), ("???", "conversation.md"), ("a" * 200, f"{'a' * 60}.md")],
)
def test_the_name_of_the_file_comes_from_the_title(title: str, name: str, answered: Answered) -> None:
    assert exported(title, (answered("seals?"),), "markdown").name == name


def test_an_unknown_form_is_an_error(answered: Answered) -> None:
    with pytest.raises(ConversationsError, match="expected one of markdown, json, docx"):
        exported("t", (answered("seals?"),), "pdf")
