"""A conversation, or one answer of it, as a file to keep: Markdown with footnotes, JSON, or a Word document."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import ConversationsError
from ..rendering.markdown import escaped_markdown, markdown
from ..rendering.words import only_label
from .mentioned import without_search
from .records import Turn
from .word_document import word_document

ENDINGS = {"markdown": "md", "json": "json", "docx": "docx"}
STOPPED = "Stopped."
MOST_NAME_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Exported:
    """A file: its name, and what is in it."""

    name: str
    content: bytes


def exported(title: str, turns: Sequence[Turn], form: str) -> Exported:
    """Return these turns as a file.

    Raises:
        ConversationsError: no form is called so.
    """
    if form == "markdown":
        content = conversation_markdown(title, turns).encode()
    elif form == "json":
        content = conversation_json(title, turns).encode()
    elif form == "docx":
        content = word_document(title, turns)
    else:
        raise ConversationsError(f"there is no form {form!r} of an export, expected one of {', '.join(ENDINGS)}.")
    name = re.sub(r"[^\w -]+", "", title)[:MOST_NAME_CHARACTERS].strip() or "conversation"
    return Exported(f"{name}.{ENDINGS[form]}", content)


def conversation_markdown(title: str, turns: Sequence[Turn]) -> str:
    """Return a heading, and each turn with its footnotes: `[^2-1]` is the first one of the second answer."""
    blocks = [f"# {escaped_markdown(title)}\n"] if len(turns) != 1 else []
    for number, turn in enumerate(turns, start=1):
        if turn.answer is not None:
            blocks.append(markdown(turn.answer, only=turn.only, label=f"{number}-" if len(turns) > 1 else ""))
            continue
        asked = [f"**{escaped_markdown(turn.question)}**"]
        asked += [f"*{escaped_markdown(only_label(turn.only))}*"] if turn.only else []
        blocks.append("\n\n".join([*asked, f"*{escaped_markdown(turn.error or STOPPED)}*"]) + "\n")
    return "\n".join(blocks)


def conversation_json(title: str, turns: Sequence[Turn]) -> str:
    """Return an object with `title` and `turns`; an `answer` is what `Answer.from_dict` reads."""
    plain = [
        {
            "question": turn.question,
            "only": turn.only,
            "answer": without_search(turn).answer.to_dict() if turn.answer else None,  # type: ignore[union-attr]
            "error": turn.error,
            "stopped": turn.stopped,
            "verdict": turn.verdict,
        }
        for turn in turns
    ]
    return json.dumps({"title": title, "turns": plain}, ensure_ascii=False, indent=2) + "\n"
