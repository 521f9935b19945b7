"""Which articles a question is put to: by day, by outlet, or one by one; which passages a search may find."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from .errors import FilterError

if TYPE_CHECKING:
    from .schema import SectionKind


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles may be found; None lets all pass.

    Days are inclusive, a `date` or an ISO string ("2024-05-01"). An article without a date passes no filter by day.
    `outlets` is one name or several, `articles` one id or several.

    Raises:
        FilterError: a day is no date, or the first day comes after the last.
    """

    published_after: date | str | None = None
    published_before: date | str | None = None
    outlets: Sequence[str] | None = None
    articles: Collection[str] | None = None

    def __post_init__(self) -> None:
        first, last = (_day(getattr(self, name), name) for name in ("published_after", "published_before"))
        if first and last and first > last:
            raise FilterError(
                f"published_after is {first}, after published_before, {last}; expected the earlier day first. Swap them."
            )
        object.__setattr__(self, "published_after", first)
        object.__setattr__(self, "published_before", last)
        object.__setattr__(self, "outlets", _names(self.outlets))
        object.__setattr__(self, "articles", _names(self.articles))


def _names(given: Collection[str] | None) -> tuple[str, ...] | None:
    if given is None:
        return None
    return (given,) if isinstance(given, str) else tuple(given)


def _day(value: object, name: str) -> date | None:
    if isinstance(value, datetime):  # a moment is a date to Python, but sorts after its own day
        return value.date()
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)  # type: ignore[arg-type]
    except (TypeError, ValueError) as error:
        raise FilterError(f"{name} is {value!r}, expected a day such as 2024-05-01. Correct it.") from error


EVERYTHING = Filters()


@dataclass(frozen=True, slots=True)
class Scope:
    """Which passages a search may find: of these kinds, and of these articles by id, if not None, that the filters let pass."""

    kinds: tuple[SectionKind, ...] | None = None
    filters: Filters = EVERYTHING
    articles: tuple[str, ...] | None = None


ANYWHERE = Scope()
