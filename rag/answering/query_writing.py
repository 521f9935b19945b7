"""A question after the turns before it, to one that stands by itself, and to further queries: one call of a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import AnswererError
from ..language.visible import in_one_line
from ..language.words import words
from ..language_model.deadline import Deadline
from ..language_model.json_reply import JsonReply
from ..language_model.model import LanguageModel
from ..language_model.prompts import prompt
from ..schema import Turn
from .evidence_prompt import conversation_of, data
from .plan import AskedQuestion, Plan

MOST_QUERIES = 3
LONGEST_QUERY = 200
TOKENS = 400
SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["question", "queries"],
    "properties": {"question": {"type": "string"}, "queries": {"type": "array", "items": {"type": "string"}}},
}


def plan_of(question: str, history: Sequence[Turn], model: LanguageModel, deadline: Deadline) -> Plan:
    """Return the question as it stands by itself, with two or three further queries.

    Raises:
        AnswererError: the endpoint cannot be used, or its reply cannot be read.
    """
    reply = JsonReply("queries")
    for piece in model.write(messages_for(question, history), deadline=deadline, tokens=TOKENS, schema=SCHEMA):
        list(reply.feed(piece))
    found = reply.whole() or {}
    listed = found.get("queries")
    written = [one for one in (listed if isinstance(listed, list) else []) if isinstance(one, str)]
    asked = found.get("question")
    # A question without earlier turns stands by itself already; another one in its place would only be another one.
    standalone = _query(asked) if history and isinstance(asked, str) else ""
    queries = tuple(dict.fromkeys(query for one in written if (query := _query(one))))[:MOST_QUERIES]
    if not queries and not standalone:
        raise AnswererError(
            f"{model.name} wrote no queries that can be read, expected two or three. Set CITEDESK_CHAT_TRUST=small."
        )
    return Plan((AskedQuestion(question, standalone or question, queries),))


def messages_for(question: str, history: Sequence[Turn]) -> list[dict[str, str]]:
    """Return the chat messages."""
    turns = conversation_of(history)
    before = f"<conversation>\n{turns}\n</conversation>\n\n" if turns else ""
    return [
        {"role": "system", "content": prompt("strong_queries")},
        {"role": "user", "content": f"{before}Question: {data(question)}"},
    ]


def _query(text: str) -> str:
    line = in_one_line(text, most=LONGEST_QUERY)
    return line if words(line) else ""
