"""Words that must not change between a quote and a statement: numbers, dates, names, negation, certainty, quantity."""

from .amounts import Amount
from .gathering import Facts, facts_of
from .moments import Moment
from .tokens import Token, is_content

__all__ = ["Amount", "Facts", "Moment", "Token", "facts_of", "is_content"]
