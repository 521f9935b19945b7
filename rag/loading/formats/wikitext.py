"""Wikitext to the words that a reader of the wiki sees: links, templates and references without their marks."""

from __future__ import annotations

import re
from typing import Any

from .note_marks import raised, with_marks_apart

SIGNS = re.compile(
    r"\{\{[^{}\n]{1,200}[|}]|\[\[[^\[\]\n]{1,200}\]\]|'''|^==+ ?[^=\n]+==+ *$|<ref[ >/]|^\{\||^\[\[Category:",
    re.MULTILINE,
)
LEAST_SIGNS = 4
NAMESPACES = re.compile(
    r"^\s*:?(?:file|image|category|datei|bild|kategorie|fichier|catégorie|archivo|categoría|media)\s*:", re.IGNORECASE
)
# Templates whose first words are what the reader sees.
SHOWN = frozenset(
    "nowrap nobr small big nobold resize vr smallcaps sc center quote blockquote cquote quotation tq em strong angbr ca.".split()
) | {"visible anchor", "interlanguage link", "as of"}
# Templates that a reader of the wiki does not see, or sees beside the article.
UNSEEN = re.compile(
    r"^(?:short description|use \w+|engvar|good article|featured article|reflist|references|authority control|coord|italic title|"
    r"portal|commons|wiktionary|sister|defaultsort|displaytitle|clear|pp\b|about|for|other uses|distinguish|redirect|hatnote|"
    r"see also|main|further|citation needed|cn|fact|toc|notelist|refbegin|refend|normdaten|gesprochene|personendaten|"
    r"portail|palette|anchor|multiple issues|refimprove|update|cleanup|stub|.*-stub)\b",
    re.IGNORECASE,
)
CITES = re.compile(r"^(?:cite|citation|citar|literatur|internetquelle|ouvrage|lien web|harv|sfn)", re.IGNORECASE)
UNITS = {"-": "–", "to": "–", "and": " and ", "by": " × ", "x": " × "}
BOX = re.compile(r"^(?:infobox|taxobox|geobox|automatic taxobox|speciesbox)", re.IGNORECASE)
LINE_MARK = re.compile(r"^([*#:;]+)[ \t]*", re.MULTILINE)
HEADING = re.compile(r"^(={1,6}) ?(.+?) ?\1 *$", re.MULTILINE)
MAX_DEPTH = 20


def looks_like_wikitext(text: str) -> bool:
    """Tell whether a text is written in the marks of a wiki: some of several kinds."""
    found = SIGNS.findall(text[:50_000])
    kinds = {one[:2] for one in found}
    return (
        len(found) >= LEAST_SIGNS
        and len(kinds) >= 3
        and any(mark in text[:50_000] for mark in ("'''", "<ref", "{|", "{{"))
    )


def wikitext_words(text: str) -> tuple[str, list[str]]:
    """Return the words as paragraphs, with the references at the end, and the names of templates that are not shown."""
    import mwparserfromhell

    rendering = _Rendering()
    words = rendering.words(mwparserfromhell.parse(text), 0)
    words = HEADING.sub(r"\n\2\n", words)
    words = LINE_MARK.sub(lambda mark: "- " if mark[1][-1] in "*#" else "", words)
    words = "\n".join(" ".join(line.split()) for line in words.split("\n"))
    words = re.sub(r"\n{3,}", "\n\n", words.replace("()", "")).strip()
    references = [f"{raised(str(at))} {one}" for at, one in enumerate(rendering.references, start=1) if one]
    if references:
        words += "\n\nReferences\n\n" + "\n".join(references)
    return with_marks_apart(words), list(dict.fromkeys(rendering.left_out))


class _Rendering:
    """The references met so far, and the templates of which nothing is shown."""

    def __init__(self) -> None:
        self.references: list[str] = []
        self.left_out: list[str] = []
        self._named: dict[str, int] = {}

    def words(self, code: Any, depth: int) -> str:
        if depth > MAX_DEPTH:
            return ""
        return "".join(self._node(node, depth) for node in code.nodes)

    def _node(self, node: Any, depth: int) -> str:
        from mwparserfromhell import nodes

        inner = depth + 1
        match node:
            case nodes.Text():
                return str(node.value)
            case nodes.Wikilink():
                if NAMESPACES.match(str(node.title)):
                    return self._caption(node, inner)
                return self.words(node.text, inner) if node.text is not None else str(node.title).lstrip(":")
            case nodes.ExternalLink():
                return self.words(node.title, inner) if node.title is not None else ""
            case nodes.HTMLEntity():
                return str(node.normalize())
            case nodes.Heading():
                return f"\n\n{self.words(node.title, inner).strip()}\n\n"
            case nodes.Tag():
                return self._tag(node, inner)
            case nodes.Template():
                return self._template(node, inner)
        return ""

    def _caption(self, node: Any, depth: int) -> str:
        """Return the words under a picture; nothing of a category."""
        if node.text is None or ":" not in str(node.title) or "categ" in str(node.title).lower():
            return ""
        last = self.words(node.text, depth).split("|")[-1].strip()
        return f"\n\n{last}\n\n" if last.count(" ") >= 2 else ""

    def _tag(self, node: Any, depth: int) -> str:
        name = str(node.tag).strip().lower()
        if name == "ref":
            return self._reference(node, depth)
        if name == "br":
            return "\n"
        if name in ("gallery", "math", "score", "timeline", "nowiki", "pre", "code", "syntaxhighlight"):
            return "" if name in ("gallery", "score", "timeline") else str(node.contents)
        if name == "sup":
            return raised(self.words(node.contents, depth))
        if name == "table":
            return f"\n\n{self.words(node.contents, depth)}\n\n"
        if name == "tr":
            cells = [one.strip() for one in self.words(node.contents, depth).split("\ue020") if one.strip()]
            return f"\n{' | '.join(cells)}\n"
        if name in ("td", "th"):
            return " ".join(self.words(node.contents, depth).split()) + "\ue020"
        if node.wiki_markup and (node.contents is None or node.wiki_markup in ("*", "#", ":", ";")):
            return str(node.wiki_markup or "")
        return self.words(node.contents, depth) if node.contents is not None else ""

    def _reference(self, node: Any, depth: int) -> str:
        name = str(node.get("name").value).strip() if node.has("name") else ""
        number = self._named.get(name) if name else None
        if number is None:
            self.references.append("")
            number = len(self.references)
            self._named |= {name: number} if name else {}
        if node.contents is not None and (words := " ".join(self.words(node.contents, depth).split())):
            self.references[number - 1] = words
        return raised(str(number))

    def _template(self, node: Any, depth: int) -> str:
        name = " ".join(str(node.name).split())
        kind = name.lower()
        values = [self.words(one.value, depth).strip() for one in node.params if not one.showkey]
        if kind in ("convert", "cvt"):
            return _converted(values)
        if kind in (
            "nbsp",
            "spaces",
            "space",
            "snd",
            "spaced ndash",
            "ndash",
            "dash",
            "mdash",
            "·",
            "bullet",
            "pipe",
            "!",
        ):
            return {"snd": " – ", "spaced ndash": " – ", "ndash": "–", "dash": "–", "mdash": "—"}.get(kind, " ")
        if BOX.match(kind):
            lines = [
                f"{str(one.name).strip()}: {words}"
                for one in node.params
                if (words := " ".join(self.words(one.value, depth).split()))
            ]
            return "\n" + "\n".join(lines) + "\n\n"
        if CITES.match(kind):
            told = (
                "author",
                "last",
                "first",
                "title",
                "work",
                "newspaper",
                "publisher",
                "date",
                "year",
                "page",
                "pages",
            )
            return ", ".join(" ".join(self.words(node.get(one).value, depth).split()) for one in told if node.has(one))
        if kind in ("birth date", "birth date and age", "death date", "start date", "date", "end date", "dts"):
            return "-".join(value.zfill(2) for value in values[:3] if value.isdecimal())
        if kind.startswith("lang") or kind in (
            "ill",
            "tooltip",
            "abbr",
            "as of",
            "asof",
            "val",
            "formatnum",
            "circa",
            "c.",
        ):
            return {"circa": "c. ", "c.": "c. "}.get(kind, "") + (
                values[1] if kind == "lang" and len(values) > 1 else next(iter(values), "")
            )
        if kind in SHOWN:
            return next(iter(values), "")
        if not UNSEEN.match(kind):
            self.left_out.append(name)
        return ""


def _converted(values: list[str]) -> str:
    """Return the first figure with its unit: `312 km`."""
    words = ""
    for value in values[:4]:
        if value in UNITS:
            words += UNITS[value]
        elif value and not value.strip("0123456789.,−-"):
            words += value
        else:
            return f"{words} {value}".strip()
    return words
