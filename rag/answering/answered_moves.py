"""What is done with the answer before: where it says so, more of it, shorter, the other one. Its quotes are checked again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..drafts import Draft, Quote
from ..language.words import content_words
from ..plugins import Models
from ..question.contextualization import topic_of
from ..question.moves import Move, move_of
from ..retrieval.library import Library
from ..retrieval.units import Unit
from ..schema import Answer, Citation, Statement, Turn
from .asking import MOST_STATEMENTS, as_readings
from .parts import Composed
from .selection import best_units, reader_scores

MOST_PLACES = 3
NO_MORE = "The articles that were quoted say nothing more."


@dataclass(frozen=True, slots=True)
class AnsweredMove:
    """What a turn does with the answer before, as a whole question, and what is said to it."""

    asked: str
    composed: Composed


def answered_move(question: str, history: Sequence[Turn], library: Library, models: Models) -> AnsweredMove | None:
    """Return what is said to a turn that asks nothing by itself; None for any other, and without an answer before it."""
    move = move_of(question)
    last = next((turn[1] for turn in reversed(history) if not isinstance(turn, str) and turn[1].statements), None)
    if move is None or last is None:
        return None
    topic = topic_of(last.asked)
    if move == "where":
        return AnsweredMove(f"Where does it say that, about {topic}?", _where(question, last, library))
    if move == "shorter":
        return AnsweredMove(
            f"{last.asked.rstrip(' ?')}, in one sentence?", _repeated(last.statements[:1], library, short=last.short)
        )
    return AnsweredMove(*_beyond(move, topic, last, library, models))


def _where(question: str, last: Answer, library: Library) -> Composed:
    """The statements of the answer before that have the words asked for; without such, its first."""
    wanted = {word for word in content_words(question) if word not in ("where", "say", "stand", "written")}
    having = [one for one in last.statements if wanted & set(content_words(one.text))]
    return _repeated((having or last.statements)[:MOST_PLACES], library)


def _repeated(statements: Sequence[Statement], library: Library, *, short: str | None = None) -> Composed:
    drafts = tuple(
        Draft(one.text, tuple(map(_quote, one.citations)), one.label) for one in statements if one.support == 1.0
    )
    cited = [citation for one in statements for citation in one.citations]
    units = [unit for id_ in dict.fromkeys(one.article_id for one in cited) for unit in library.units(id_)]
    return Composed(drafts, as_readings(units), short=short)


def _quote(citation: Citation) -> Quote:
    return Quote(citation.article_id, citation.start, citation.end, citation.quote, citation.field)


def _beyond(move: Move, topic: str, last: Answer, library: Library, models: Models) -> tuple[str, Composed]:
    """What the articles that were quoted say besides."""
    cited = [one for one in last.citations if one.field is None]
    units = [unit for id_ in dict.fromkeys(one.article_id for one in cited) for unit in library.units(id_)]
    new = [unit for unit in units if not any(_overlaps(unit, one) for one in cited)]
    if move == "more":
        asked, most, subject = f"What else do the articles say about {topic}?", MOST_STATEMENTS, topic
        scores = None
    else:
        asked, most, subject = f"{last.asked.rstrip(' ?')}, the other one?", 1, last.asked
        scores = reader_scores(last.asked, new, library, models.reader)
    chosen = best_units(new, library, most=most, subject=subject, scores=scores)
    ordered = sorted(chosen, key=lambda unit: (unit.article_id, unit.place))
    return asked, Composed(
        tuple(unit.draft() for unit in ordered), as_readings(chosen), remark="" if chosen else NO_MORE
    )


def _overlaps(unit: Unit, citation: Citation) -> bool:
    return unit.article_id == citation.article_id and unit.start < citation.end and citation.start < unit.end
