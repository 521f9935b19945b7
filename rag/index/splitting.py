"""Article to passages: on sentence borders, within a budget of tokens, every passage an exact slice of its article."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..language.sentences import Span, sentences_of
from ..language.vocabulary import count_tokens
from ..loading.layout.blocks import line_width
from ..schema import Article, Kind, Passage, Section

if TYPE_CHECKING:
    pass


def split(article: Article, *, passage_tokens: int) -> list[Passage]:
    """Return the article's passages in order, each of at most `passage_tokens` tokens and of one kind.

    Body and headings go together; bylines and sidebars stay apart; furniture makes no passage. Only a sentence that
    is longer than the budget by itself makes a longer passage (of at most `MAX_SENTENCE_CHARACTERS`).
    """
    width = line_width(article.text)
    return [
        passage
        for group in _groups(article.sections)
        for passage in _pack(article, group, passage_tokens=passage_tokens, width=width)
    ]


def findable(article: Article, passage: Passage) -> str:
    """Return what is embedded and indexed for a passage: its words. A byline says nothing without the article's title.

    Putting the title before every passage was measured and did not help; see rag/design/decisions/003-titles-not-embedded.md.
    """
    return f"{article.title}\n{passage.text}" if passage.kind == "byline" else passage.text


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


def _searched_as(kind: Kind) -> Kind:
    return "body" if kind == "heading" else kind


def _pack(article: Article, sections: list[Section], *, passage_tokens: int, width: int | None) -> Iterator[Passage]:
    """Fill passages greedily. A heading opens a new one, so that it stands with what it heads."""
    kind = _searched_as(sections[0].kind)
    spans: list[Span] = []
    sentences: list[Span] = []
    used = 0
    for section in sections:
        for span in sentences_of(article.text, start=section.start, end=section.end, width=width):
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


def _passage(article: Article, kind: Kind, spans: list[Span], sentences: list[Span]) -> Passage:
    start, end = spans[0][0], spans[-1][1]
    return Passage(article.id, start, end, article.text[start:end], kind, tuple(sentences))
