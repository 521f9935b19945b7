"""Words that come from outside, without what a reader cannot see or would see struck out."""

from __future__ import annotations

import re

# Controls, soft hyphen, zero-width and direction marks, variation selectors, tags, halves of characters; lines over letters.
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "\u0305\u0332\u0333\u0335-\u0338\u033f\u20d2\u20d3\u20d8-\u20da\u20e5\u20e6\u20ea\u20eb]"
)
# Persian and Indian scripts need them between letters, nobody else does.
_JOINER = re.compile("(?<![\u0590-\u1fff])[\u200c\u200d]|[\u200c\u200d](?![\u0590-\u1fff])")
_STRUCK = re.compile(r"~~|</?(?:s|del|strike)>", re.IGNORECASE)


def visible(text: str) -> str:
    """Return the text without invisible characters, lone surrogates and strike-through."""
    return _STRUCK.sub("", without_unseen(text))


def without_unseen(text: str) -> str:
    """Return the text without invisible characters and lone surrogates."""
    return _JOINER.sub("", UNSEEN.sub("", text))


def in_one_line(text: str, *, most: int) -> str:
    """Return it visible, in one line, cut after `most` characters."""
    line = " ".join(visible(text).split())
    return line if len(line) <= most else line[:most].rstrip() + " …"
