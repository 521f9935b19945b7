"""Answers → Markdown, every word of them escaped."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .words import account_name, copies_words, differ_words, only_label, origin, places, titled, verdict_words

if TYPE_CHECKING:
    from ..schema import Answer

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~!&$])")
# The mark that makes a line an item of a list; "3.5 million" is none.
_MARKDOWN_ITEM = re.compile(r"^(\d+(?=[.)](?:\s|$))|(?=[-+=]))(.)")


def markdown(answer: Answer, *, only: str = "", label: str = "") -> str:
    """Return question, answer and footnotes as Markdown, every word of them escaped.

    `only` is which articles were asked. `label` stands before the number of each footnote, so that several answers can
    stand in one text.
    """
    blocks = [f"**{escaped_markdown(answer.question)}**"]
    if only:
        blocks.append(f"*{escaped_markdown(only_label(only))}*")
    if answer.short:
        blocks.append(f"**{escaped_markdown(answer.short)}**")
    for disagreement in answer.disagreements:
        blocks.append(f"*{escaped_markdown(differ_words(answer, disagreement))}:*")
        blocks += [
            f"- **{escaped_markdown(account.words)}** · {escaped_markdown(account_name(account))}[^{label}{account.citation.marker}]"
            for account in disagreement.accounts
        ]
    for statement in answer.statements:
        markers = "".join(f"[^{label}{citation.marker}]" for citation in statement.citations)
        lead = f"**{escaped_markdown(statement.label)}:** " if statement.label else ""
        blocks.append(lead + escaped_markdown(statement.text) + markers)
    if verdict_words(answer) and not answer.statements:
        blocks.append(f"*{verdict_words(answer)}.*")
    if answer.reason:
        blocks.append(f"*{escaped_markdown(answer.reason)}*")
    for citation in answer.citations:
        where = " · ".join(escaped_markdown(part) for part in (origin(citation), *places(citation)) if part)
        copies = f". {escaped_markdown(copies_words(citation))}" if citation.copies else ""
        blocks.append(
            f"[^{label}{citation.marker}]: {escaped_markdown(titled(citation))} ({where}): “{escaped_markdown(citation.quote)}”{copies}"
        )
    return "\n\n".join(blocks) + "\n"


def escaped_markdown(text: str) -> str:
    """Return a text on one line, in which nothing means anything to Markdown."""
    one_line = " ".join(text.split())
    return _MARKDOWN_ITEM.sub(r"\1\\\2", _MARKDOWN.sub(r"\\\1", one_line))
