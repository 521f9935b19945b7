"""Markdown, and notes with wiki links and callouts, to the words that a reader sees, so that a quote is free of marks."""

from __future__ import annotations

import re

from .tables import lines_of_table

_FENCE = re.compile(r"^(?:```|~~~)[^\n]*\n.*?^(?:```|~~~)[ \t]*$", re.DOTALL | re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?-->|%%.*?%%", re.DOTALL)
_EMBED = re.compile(r"!\[\[[^\[\]\n]*\]\]")
_IMAGE = re.compile(r"!\[(?P<alt>[^\[\]\n]*)\]\([^()\n]*\)")
WIKI_LINK = re.compile(r"\[\[(?:[^\[\]|\n]*\|)?(?P<seen>[^\[\]|\n]+)\]\]")
_LINK = re.compile(r"\[(?P<seen>[^\[\]\n]+)\]\((?:[^()\s]|\([^()\s]*\))*(?:\s\"[^\"\n]*\")?\)")
_NOTE = re.compile(r"\[\^[^\[\]\s]{1,40}\](?!:)")
_NOTE_TEXT = re.compile(r"^\[\^(?P<mark>[^\[\]\s]{1,40})\]:[ \t]+", re.MULTILINE)
_QUOTED = re.compile(r"^(?:>[ \t]?)+(?:\[!\w+\][+-]?[ \t]*)?", re.MULTILINE)  # or the head of a callout
_TAG = re.compile(r"</?(?:br|b|i|u|em|strong|small|sub|span|div|p|center|nowiki|mark)\b[^<>\n]*>", re.IGNORECASE)
_STRONG = re.compile(r"(?<![\w*])(?P<mark>\*\*\*|\*\*|\*)(?=\S)(?P<seen>[^*\n]+?)(?<=\S)(?P=mark)(?!\w)|(?<!\w)(?P<line>__?)(?=\S)(?P<under>[^_\n]+?)(?<=\S)(?P=line)(?!\w)|(?P<pair>==|~~)(?=\S)(?P<lit>[^=~\n]+?)(?<=\S)(?P=pair)")  # fmt: skip
_RULE = re.compile(r"^ {0,3}\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)+\|?[ \t]*$")
_CELL = re.compile(r"(?<!\\)\|")


def markdown_words(text: str) -> str:
    """Return the text of a Markdown file as it is seen: links by their words, tables as rows of "head: cell".

    The marks of headings and items stay, for they tell what a line is; code in fences and front matter stay as they are.
    """
    kept: list[str] = []
    text = _COMMENT.sub("", text)
    end = 0
    for fence in _FENCE.finditer(text):
        kept += [_seen(text[end : fence.start()]), fence.group()]
        end = fence.end()
    return _lines_kept("".join([*kept, _seen(text[end:])]))


def _seen(text: str) -> str:
    text = _EMBED.sub("", text)
    text = _IMAGE.sub(lambda image: image["alt"], text)
    text = WIKI_LINK.sub(lambda link: link["seen"], text)
    text = _LINK.sub(lambda link: link["seen"], text)
    text = _NOTE.sub("", text)
    text = _NOTE_TEXT.sub(lambda note: f"{note['mark']}: ", text)
    text = _QUOTED.sub("", text)
    for _ in range(3):
        text = _STRONG.sub(lambda found: found["seen"] or found["under"] or found["lit"], text)
    return _with_tables(_TAG.sub("", text))


def _with_tables(text: str) -> str:
    lines = text.split("\n")
    found: list[str] = []
    at = 0
    while at < len(lines):
        if at + 1 < len(lines) and "|" in lines[at] and _RULE.match(lines[at + 1]):
            end = at + 2
            while end < len(lines) and "|" in lines[end]:
                end += 1
            rows = [_cells(line) for line in (lines[at], *lines[at + 2 : end])]
            found += lines_of_table(rows, heads=1)
            at = end
        else:
            found.append(lines[at])
            at += 1
    return "\n".join(found)


def _cells(line: str) -> list[str]:
    cells = [cell.strip().replace("\\|", "|") for cell in _CELL.split(line.strip())]
    return cells[line.strip().startswith("|") : len(cells) - line.strip().endswith("|")]


def _lines_kept(text: str) -> str:
    """Return the text without lines that lost all their words, nor more than one empty line on another."""
    return re.sub(r"\n[ \t]*(?:\n[ \t]*){2,}", "\n\n", text)
