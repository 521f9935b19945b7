"""Whether words are a program's and not prose: code, JSON, a chat's template, the transcript of a language model and its tools.

No verifier is asked what such words say. They may be quoted, never told as something that the article reports.
"""

from __future__ import annotations

import re

_SNAKE = r"[a-z]{2,20}(?:_[a-z]{2,20}){1,4}"
_KEY = r"[\"'][\w$ .-]{1,40}[\"']\s{0,4}:"
_VALUE = r"[\"'][^\"'\n]{0,200}[\"']\s{0,4}(?:,\s{0,4}[\"']|[}\]])"
_MACHINE = re.compile(
    r"^[ \t]{0,8}(?:```|~~~)"
    rf"|\{{\s{{0,20}}{_KEY}|{_KEY}\s{{0,4}}(?:[\[{{]|{_VALUE})"  # members of an object
    r"|\\u00[0-9a-f]{2}|\\[\"']\s{0,4}[:,\]}]"  # written as a string is in JSON
    r"|<\|?/?[a-z]{1,20}(?:[_|][a-z_]{1,20})+\|?[^<>\n]{0,80}>|\[/?INST\]|<</?SYS>>"
    r"|</?(?:tool|function|assistant|system|user|think|instructions?|prompt)\b[^<>\n]{0,80}>"
    r"|^\W{0,8}(?:action input|final answer|(?:tool|function)[ _](?:calls?|input|output|results?|response))\s{0,4}[:=]"
    rf"|(?<![\w?&/.-]){_SNAKE}\s{{0,4}}[:=(]|^\W{{0,8}}\w{{1,20}}(?: \w{{1,20}})?\s{{0,4}}[:=]\s{{0,4}}{_SNAKE}\W{{0,4}}$"
    r"|\b[a-z]\w{0,30}(?:\.[a-z]\w{0,30}){0,3}\((?:[a-z]\w{0,30}\s{0,2}=|[\"'{\[][^()\n]{0,200}[\"'}\]]\))",  # a call
    re.IGNORECASE | re.MULTILINE,
)


def is_machine_text(text: str) -> bool:
    return _MACHINE.search(text) is not None
