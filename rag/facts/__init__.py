"""Words that must not change between a quote and a statement: numbers, dates, names, negation, certainty, quantity."""

from .gathering import Facts, facts_of

__all__ = ["Facts", "facts_of"]
