"""What was found and written for each question asked, to the one Answer. Confidences of several parts are multiplied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod

from ..language.words import unshouted
from ..question.spelling import respelled
from ..schema import Answer, Hit, Status, Trace
from .parts import NEAREST, Part


def assemble(
    question: str,
    parts: Sequence[Part],
    *,
    made_by: Mapping[str, str],
    seconds: Mapping[str, float],
    notes: Sequence[str] = (),
) -> Answer:
    """Return the whole reply; `notes` are on all of it. Its confidence is the chance that all that is answered is right, as if parts were independent."""
    readings = tuple(reading for part in parts for reading in part.evidence.readings)
    statements = tuple(dict.fromkeys(statement for part in parts for statement in part.written.statements))
    answered = [part for part in parts if part.written.statements]
    whole = all(part.whole for part in parts)
    status: Status = "answered" if whole else "partly" if statements else "not_found"
    confidences = [part.evidence.confidence for part in answered or parts]
    notes = list(dict.fromkeys([*notes, *(note for part in parts for note in part.written.notes)]))
    writers = dict.fromkeys(part.written.by for part in parts if part.written.by)
    return Answer(
        question=question,
        asked=" ".join(part.question.asked for part in parts),
        status=status,
        reason=" ".join((*_remarks(parts), *notes)) or None,
        short="; ".join(words for part in answered if (words := part.short)) or None,
        statements=statements,
        disagreements=tuple(part.disagreement for part in answered if part.disagreement),
        confidence=None if None in confidences else prod(chance for chance in confidences if chance is not None),
        nearest=() if statements or whole else _nearest(parts),
        suggestion=None if statements or whole else respelled(unshouted(question), readings),
        trace=Trace(
            readings,
            tuple(dropped for part in parts for dropped in part.written.dropped),
            (*dict.fromkeys(note for part in parts for note in part.evidence.notes), *notes),
            seconds,
            queries=tuple(query for part in parts for query in part.question.queries),
            read=tuple(part.read for part in parts if part.read),
        ),
        made_by={**made_by, "answerer": ", ".join(writers) or "none"},
    )


def _remarks(parts: Sequence[Part]) -> list[str]:
    if len(parts) == 1:
        return [parts[0].remark] if parts[0].remark else []
    return [f"“{part.question.question}” {part.remark}" for part in parts if part.remark]


def _nearest(parts: Sequence[Part]) -> tuple[Hit, ...]:
    each = max(1, NEAREST // len(parts))
    found = [reading.hit for part in parts for reading in part.evidence.readings[:each]]
    return tuple({(hit.passage.article_id, hit.passage.start): hit for hit in found}.values())[:NEAREST]
