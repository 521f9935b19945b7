"""Answers → Markdown, every word of them escaped."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .words import account_name, copies_words, differ_words, only_label, origin, titled, verdict_words

if TYPE_CHECKING:
    from ..schema import Answer

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~!&$])")
# The mark that makes a line an item of a list; "3.5 million" is none.
_MARKDOWN_ITEM = re.compile(r"^(\d+(?=[.)](?:\s|$))|(?=[-+=]))(.)")


def markdown(answer: Answer, *, only: str = "") -> str:
    """Return question, answer and footnotes as Markdown, every word of them escaped; `only` is which articles were asked."""
    blocks = [f"**{_escape(answer.question)}**"]
    if only:
        blocks.append(f"*{_escape(only_label(only))}*")
    if answer.short:
        blocks.append(f"**{_escape(answer.short)}**")
    for disagreement in answer.disagreements:
        blocks.append(f"*{_escape(differ_words(answer, disagreement))}:*")
        blocks += [
            f"- **{_escape(account.words)}** · {_escape(account_name(account))}[^{account.citation.marker}]"
            for account in disagreement.accounts
        ]
    for statement in answer.statements:
        markers = "".join(f"[^{citation.marker}]" for citation in statement.citations)
        label = f"**{_escape(statement.label)}:** " if statement.label else ""
        blocks.append(label + _escape(statement.text) + markers)
    if verdict_words(answer) and not answer.statements:
        blocks.append(f"*{verdict_words(answer)}.*")
    if answer.reason:
        blocks.append(f"*{_escape(answer.reason)}*")
    for citation in answer.citations:
        where = " · ".join(part for part in (_escape(origin(citation)), _escape(citation.source)) if part)
        copies = f". {_escape(copies_words(citation))}" if citation.copies else ""
        blocks.append(
            f"[^{citation.marker}]: {_escape(titled(citation))} ({where}): “{_escape(citation.quote)}”{copies}"
        )
    return "\n\n".join(blocks) + "\n"


def _escape(text: str) -> str:
    one_line = " ".join(text.split())
    return _MARKDOWN_ITEM.sub(r"\1\\\2", _MARKDOWN.sub(r"\\\1", one_line))
