"""Which articles tell the same event, by the rare names they share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

NAME = re.compile(r"\b[A-Z][\w’'-]{3,}")
RARE = 5  # articles at most that have the name
SHARED = 3  # names that two articles of one event have in common


def fellows(texts: Sequence[str]) -> list[tuple[int, ...]]:
    """Return, for each text, the places of the others that tell the same event, the likest first."""
    names = [set(NAME.findall(text)) for text in texts]
    spread = Counter(name for found in names for name in found)
    rare = [{name for name in found if 1 < spread[name] <= RARE} for found in names]
    having: dict[str, list[int]] = {}
    for place, found in enumerate(rare):
        for name in found:
            having.setdefault(name, []).append(place)
    told = []
    for place, found in enumerate(rare):
        shared = Counter(other for name in found for other in having[name] if other != place)
        told.append(tuple(other for other, count in shared.most_common() if count >= SHARED))
    return told
