"""Article to passages: on sentence borders, within a budget of tokens, every passage an exact slice of its article."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..language.detection import NAMES, language_of
from ..language.headings import heading
from ..language.lines import LIST_MARK
from ..language.sentences import Span, sentences_of
from ..language.vocabulary import count_tokens
from ..loading.layout.blocks import line_width
from ..schema import Article, Passage, Section, SectionKind

LEAST_ITEMS = 2
LIST_SHARE = 0.8  # of a passage, that a list may fill to be quoted as one


def split(article: Article, *, passage_tokens: int) -> list[Passage]:
    """Return the article's passages in order, each of at most `passage_tokens` tokens and of one kind.

    Body and headings go together; bylines and sidebars stay apart; furniture makes no passage. Only a sentence that
    is longer than the budget by itself makes a longer passage (of at most `MAX_SENTENCE_CHARACTERS`).
    """
    width = line_width(article.text)
    language = article.language if article.language in NAMES else None
    language = language or language_of(_words_of(article)) or "en"
    return [
        passage
        for group in _groups(article.sections)
        for passage in _pack(article, group, passage_tokens=passage_tokens, width=width, language=language)
    ]


def _words_of(article: Article) -> str:
    """Return the first words of the article's body, by which its language is known."""
    body = [article.text[one.start : one.end] for one in article.sections if one.kind == "body"]
    return "\n".join(body[:8])


def findable(article: Article, passage: Passage) -> str:
    """Return what is embedded and indexed for a passage: title, outlet and day of its article, and its words.

    A question often names what the passage takes for granted; see rag/design/decisions/044-headings-are-searched.md.
    A sidebar is often about something else, so it has its words alone.
    """
    if passage.kind == "sidebar":
        return passage.text
    return f"{heading(article.title, article.outlet, article.published)}\n{passage.text}"


def _groups(sections: tuple[Section, ...]) -> Iterator[list[Section]]:
    """Runs of sections that one passage may span."""
    group: list[Section] = []
    for section in sections:
        if group and _searched_as(group[-1].kind) != _searched_as(section.kind):
            yield group
            group = []
        if section.kind != "furniture":
            group.append(section)
    if group:
        yield group


def _searched_as(kind: SectionKind) -> SectionKind:
    return "body" if kind == "heading" else kind


def _pack(
    article: Article, sections: list[Section], *, passage_tokens: int, width: int | None, language: str
) -> Iterator[Passage]:
    """Fill passages greedily. A heading opens a new one, so that it stands with what it heads."""
    kind = _searched_as(sections[0].kind)
    spans: list[Span] = []
    sentences: list[Span] = []
    used = 0
    for section in sections:
        found = sentences_of(article.text, start=section.start, end=section.end, width=width, language=language)
        for span in _lists_whole(article.text, found, passage_tokens=passage_tokens):
            gap = span[0] - spans[-1][1] if spans else 0
            # A space or a line break is one token at most; wide white space is bounded by its characters.
            tokens = count_tokens(article.text[span[0] : span[1]]) + max(1, gap - 1)
            opens = section.kind == "heading" and bool(sentences)
            if spans and (opens or used + tokens > passage_tokens):
                yield _passage(article, kind, spans, sentences)
                spans, sentences, used = [], [], 0
            spans.append(span)
            used += tokens
            if section.kind != "heading":
                sentences.append(span)
    if spans:
        yield _passage(article, kind, spans, sentences)


def _lists_whole(text: str, spans: Sequence[Span], *, passage_tokens: int) -> Iterator[Span]:
    """Yield the spans, a list with the line that announces it as one, if that fits in a passage."""
    at = 0
    while at < len(spans):
        end = at + 1
        if text[spans[at][0] : spans[at][1]].rstrip("*_ ").endswith(":"):
            while end < len(spans) and _begins_item(text, spans[end - 1], spans[end]):
                end += 1
        whole = (spans[at][0], spans[end - 1][1])
        if end - at > LEAST_ITEMS and count_tokens(text[whole[0] : whole[1]]) <= LIST_SHARE * passage_tokens:
            yield whole
        else:
            yield from spans[at:end]
        at = end


def _begins_item(text: str, before: Span, span: Span) -> bool:
    """Tell whether the span is an item, or the rest of the one before it in the same line."""
    same_line = "\n" not in text[before[1] : span[0]]
    begun = text.rfind("\n", 0, span[0]) + 1
    return LIST_MARK.match(text, begun) is not None if same_line else LIST_MARK.match(text, span[0]) is not None


def _passage(article: Article, kind: SectionKind, spans: list[Span], sentences: list[Span]) -> Passage:
    start, end = spans[0][0], spans[-1][1]
    return Passage(article.id, start, end, article.text[start:end], kind, tuple(sentences))
