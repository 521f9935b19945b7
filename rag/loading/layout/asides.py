"""What stands under a label at the foot or amid a text: other articles, boxes of background, comments, tags, navigation."""

from __future__ import annotations

from collections.abc import Sequence

from ...schema import SectionKind
from . import site_phrases
from .blocks import WORD, Block

LABEL_WORDS = 9
MOST_LABELS = (
    60  # each looks at all that follows it; with a bound on their number the time stays in proportion to the text
)
LABELS = (
    site_phrases.COMMENTS,
    site_phrases.NAVIGATION,
    site_phrases.ASKING,
    site_phrases.TAGS,
    site_phrases.ABOUT,
    site_phrases.ASIDE,
)
ON_TOPIC = 0.4  # share of a paragraph's longer words that the article has used above it
VOCABULARY_BLOCKS = 4_000


def mark(blocks: Sequence[Block], kinds: list[SectionKind | None]) -> None:
    """Set the kinds of what stands under labels. Goes from the end backwards, so that each sees what comes after it."""
    marker = _Marker(blocks, kinds)
    labels = [index for index, block in enumerate(blocks) if _may_be_label(block, kinds[index])]
    for index in reversed(labels[-MOST_LABELS:]):
        marker.mark_under(index, blocks[index].plain.removesuffix(":"))


def _may_be_label(block: Block, kind: SectionKind | None) -> bool:
    if kind not in (None, "furniture") or block.count > LABEL_WORDS or block.ending in tuple(".;,"):
        return False
    plain = block.plain.removesuffix(":")
    return any(label.fullmatch(plain) for label in LABELS) or site_phrases.ABOUT_NAME.fullmatch(block.words) is not None


class _Marker:
    """The blocks of one text, their kinds so far, and where each word is used first."""

    def __init__(self, blocks: Sequence[Block], kinds: list[SectionKind | None]) -> None:
        self.blocks = blocks
        self.kinds = kinds
        self._first_use: dict[str, int] | None = None

    def mark_under(self, label: int, plain: str) -> None:
        under = label + 1
        if under == len(self.blocks):
            return
        if site_phrases.COMMENTS.fullmatch(plain) and self._comments(under):
            for index in range(label, len(self.blocks)):
                self.kinds[index] = self.kinds[index] or "furniture"
        elif site_phrases.NAVIGATION.fullmatch(plain):
            self._mark_navigation(label)
        elif site_phrases.ASKING.fullmatch(plain) and self._questions(under):
            self._set(label, under + self._questions(under), "furniture")
        elif site_phrases.TAGS.fullmatch(plain) and self._mark_tags(label):
            return
        elif site_phrases.ABOUT.fullmatch(plain) or site_phrases.ABOUT_NAME.fullmatch(self.blocks[label].words):
            self._mark_about(label)
        elif site_phrases.ASIDE.fullmatch(plain) or site_phrases.ASKING.fullmatch(plain):
            self._mark_others(label)

    def _set(self, start: int, end: int, kind: SectionKind) -> None:
        self.kinds[start:end] = [kind] * (end - start)

    def _open(self, index: int) -> bool:
        return index < len(self.blocks) and self.kinds[index] is None

    def _comments(self, under: int) -> bool:
        return any(
            site_phrases.COMMENT_SHAPE.fullmatch(block.plain) and block.ending not in tuple(".!?")
            for block in self.blocks[under : under + 6]
        )

    def _questions(self, under: int) -> int:
        count = 0
        for block in self.blocks[under : under + 12]:
            if block.ending != "?" or block.count > 40:
                break
            count += 1
        return count

    def _mark_navigation(self, label: int) -> None:
        titled = self._open(label + 1) and self.blocks[label + 1].short
        after = label + 1 + titled
        if not self._open(after):
            self._set(label, after, "furniture")

    def _mark_tags(self, label: int) -> bool:
        end = label + 1
        while self._open(end) and self.blocks[end].short and self.blocks[end].count <= 6:
            end += 1
        if self._open(end) or end - label > 40:
            return False
        self._set(label, end, "furniture")
        return True

    def _mark_about(self, label: int) -> None:
        end = label + 1
        while self._open(end):
            end += 1
        own = self.blocks[label + 1 : end]
        fits = own and sum(block.paragraph for block in own) <= 3 and sum(block.count for block in own) <= 250
        if fits and self._has_body_before(label) and None not in self.kinds[end:]:
            self._set(label, end, "sidebar")

    def _mark_others(self, label: int) -> None:
        end = self._regular_end(label) or self._end_of_others(label)
        if end == label + 1:
            return
        self.kinds[label] = "furniture"
        for index in range(label + 1, end):
            self.kinds[index] = self.kinds[index] or "sidebar"

    def _regular_end(self, label: int) -> int | None:
        """Return the text's end if title and teaser, or mark and paragraph, alternate from the label to there."""
        rest = [
            block for block, kind in zip(self.blocks[label + 1 :], self.kinds[label + 1 :], strict=True) if kind is None
        ]
        pairs = list(zip(rest[::2], rest[1::2], strict=False))
        alternate = (
            len(pairs) >= 2
            and len(rest) % 2 == 0
            and all(
                not title.paragraph and title.short and teaser.paragraph and teaser.count <= 150
                for title, teaser in pairs
            )
        )
        return len(self.blocks) if alternate and self._has_body_before(label) else None

    def _end_of_others(self, label: int) -> int:
        taken = label + 1
        above: Block | None = None
        teasers = self._has_body_before(label)
        for index in range(label + 1, len(self.blocks)):
            block = self.blocks[index]
            if self.kinds[index] is not None:
                continue
            if block.paragraph:
                boxed = above is not None and (above.bare or not above.paragraph)
                if not (teasers and not self._on_topic(block, label) and (boxed or above)):
                    return taken - 1 if self._heads(taken - 1, label, block) else taken
            elif not block.short and not block.bare:
                return taken
            above = block
            taken = index + 1
        return taken

    def _heads(self, index: int, label: int, paragraph: Block) -> bool:
        """Tell whether a short line taken last rather heads the paragraph that stays than ends the list of titles."""
        title = self.blocks[index]
        if index <= label + 1 or title.paragraph or self.kinds[index] is not None:
            return False
        return title.after_blank or not paragraph.after_blank

    def _has_body_before(self, label: int) -> bool:
        before = [block for block, kind in zip(self.blocks[:label], self.kinds[:label], strict=True) if kind is None]
        return sum(block.count for block in before if block.paragraph) >= 60

    def _on_topic(self, block: Block, label: int) -> bool:
        if self._first_use is None:
            self._first_use = {}
            for index, other in enumerate(self.blocks[:VOCABULARY_BLOCKS]):
                for word in _content_words(other):
                    self._first_use.setdefault(word, index)
        words = _content_words(block)
        known = sum(self._first_use.get(word, label) < label for word in words)
        return known >= ON_TOPIC * len(words)


def _content_words(block: Block) -> set[str]:
    """The first six letters of the words of five letters or more: a crude stem, and hardly a function word among them."""
    return {word[:6] for word in WORD.findall(block.words[:5000].casefold()) if len(word) >= 5}
