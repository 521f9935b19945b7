"""The passages as a strong language model sees them: numbered, by article, each with its title, outlet and day."""

from __future__ import annotations

from collections.abc import Sequence

from ..language.visible import without_unseen
from ..schema import Answer, Reading, Turn

LONGEST_ANSWER = 600  # characters of an earlier answer
MOST_TURNS = 6
_LOOK_ALIKES = str.maketrans({"<": "‹", ">": "›"})


def evidence_of(readings: Sequence[Reading]) -> str:
    """Return all passages; the one at place n is passage n. Articles stand in the order of their best passage."""
    by_article: dict[str, list[tuple[int, Reading]]] = {}
    for number, reading in enumerate(readings, start=1):
        by_article.setdefault(reading.hit.passage.article_id, []).append((number, reading))
    return "\n\n".join(_article(shown) for shown in by_article.values())


def conversation_of(history: Sequence[Turn]) -> str:
    """Return the last turns as text; empty without any."""
    lines = []
    for turn in history[-MOST_TURNS:]:
        question, answer = (turn, None) if isinstance(turn, str) else turn
        lines.append(f"Reader: {data(question)}")
        if answer is not None:
            lines.append(f"You: {data(_said(answer))}")
    return "\n".join(lines)


def data(text: str) -> str:
    """Return the text without anything that looks like our delimiters, and without what cannot be seen."""
    return without_unseen(text).translate(_LOOK_ALIKES).strip()


def _said(answer: Answer) -> str:
    told = " ".join(statement.text for statement in answer.statements)
    return told[:LONGEST_ANSWER] or "The articles do not say."


def _article(shown: Sequence[tuple[int, Reading]]) -> str:
    hit = shown[0][1].hit
    known = [f"title: {data(hit.title)}"]
    known += [f"outlet: {data(hit.outlet)}"] if hit.outlet else []
    known += [f"day: {hit.published.isoformat()}"] if hit.published else []
    # In the article's own order: a pronoun then has what it stands for before it.
    passages = sorted(shown, key=lambda one: one[1].hit.passage.start)
    return "\n".join(
        ["<article>", " · ".join(" ".join(one.split()) for one in known), *map(_passage, passages), "</article>"]
    )


def _passage(one: tuple[int, Reading]) -> str:
    number, reading = one
    kind = " (a box or teaser beside the article)" if reading.hit.passage.kind == "sidebar" else ""
    return f"<passage {number}{kind}>\n{data(reading.hit.passage.text)}\n</passage {number}>"
