"""The records that pass between the parts: frozen, plain, importing nothing outside the standard library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

SectionKind = Literal["body", "heading", "byline", "sidebar", "furniture"]
Status = Literal["answered", "partly", "not_found"]
Field = Literal["title", "outlet", "author", "published"]
Broad = Literal["summary", "source", "about", "date", "timeline", "count", "collection", "small-talk"]
QuestionKind = Literal["fact", "yes-no", "choice", "list", "compare", "why", Broad]


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of an article, `article.text[start:end]`.

    `sidebar` is a teaser of another article or a box of background; `furniture` is what belongs to the site, not to the
    article (share lines, navigation, calls to subscribe).
    """

    start: int
    end: int
    kind: SectionKind


@dataclass(frozen=True, slots=True)
class Article:
    """One document of the corpus. `text` is whole: nothing is cut out of it, `sections` say what is searched.

    `outlet`, `author`, `published`, `language` (a code such as "en") and `address` (on the web) are None when the article
    does not tell; `origins` maps the name of each field that is known to where it came from ("byline", "JSON-LD",
    "meta tag"). `sections` are in order and do not overlap; what lies between them is white space. `source` is a path, a
    path with a record or file inside it ("export.jsonl#17"), or an address. `pages` are the offsets at which the pages
    of a paged file begin, in order; empty for other files. `notes` say in a sentence each what of the file is not in the
    text: pages that are pictures, an attachment, words that the source itself cut off.

    A record to be added needs a `text` only: `id` comes from the content, and so do `title` and `source` where they are empty.
    """

    id: str = ""
    title: str = ""
    text: str = ""
    source: str = ""
    outlet: str | None = None
    author: str | None = None
    published: date | None = None
    sections: tuple[Section, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)
    language: str | None = None
    address: str | None = None
    pages: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ArticleSummary:
    """An article without its text, as a list shows it. The first of `sources` is the one that footnotes name.

    `notes` say what of its file is not in the text.
    """

    article_id: str
    title: str
    outlet: str | None
    published: date | None
    sources: tuple[str, ...]
    notes: tuple[str, ...] = ()
    author: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """The unit of search: `text == article.text[start:end]`, of one `kind` (headings go with the body they head).

    `sentences` are (start, end) offsets into the article's text, in order; headings are not among them.
    """

    article_id: str
    start: int
    end: int
    text: str
    kind: SectionKind
    sentences: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Copy:
    """Another place where the same stands: a near copy of an article, or another source of the very same text.

    The latter has the `article_id` of the article itself.
    """

    article_id: str
    title: str
    outlet: str | None
    published: date | None
    source: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved passage. `rank` counts from 1; `score` is comparable within one search only.

    `dense` is the cosine with the query, `keyword` the BM25 score (higher is better); None where that search did not
    find the passage. `copies` were found too and left out, since they say the same, the original first. `original` is
    the id of the article that its article is a near copy of; its own, or None, when it is not. `notes`,
    `author` and `address` are those of its article.
    """

    passage: Passage
    rank: int
    score: float
    title: str
    outlet: str | None
    published: date | None
    source: str
    dense: float | None
    keyword: float | None
    copies: tuple[Copy, ...] = ()
    original: str | None = None
    notes: tuple[str, ...] = ()
    author: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class SentenceScore:
    """How well `article.text[start:end]` answers the question, 0 to 1, comparable over all hits of one question."""

    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader made of one hit: how well it answers (0 to 1), in which sentences, with which words.

    `short` holds the (start, end) offsets into the article of the few words that answer; None if there are none.
    `verified` is how likely its words answer by what the entailment model says of the best one; None for the others.
    """

    hit: Hit
    score: float
    sentences: tuple[SentenceScore, ...]
    short: tuple[int, int] | None
    verified: float | None = None

    @property
    def sentence(self) -> str:
        """The best sentence; empty where the passage has none."""
        best = max(self.sentences, key=lambda one: one.score, default=None)
        first = self.hit.passage.start
        return self.hit.passage.text[best.start - first : best.end - first] if best else ""


@dataclass(frozen=True, slots=True)
class Citation:
    """A checked footnote: `article.text[start:end] == quote`. `marker` counts from 1 in order of appearance.

    With a `field` the quote is that of the article, a day as in ISO, from `origin`; `start` and `end` are 0.

    `page` is the page of the file on which the quote begins, counted from 1; None where there are no pages. `copies`
    are other articles and sources in which the quote stands; together with this one they are one independent source.
    `author` and `address` (on the web) are None where the article does not tell.
    """

    marker: int
    article_id: str
    title: str
    outlet: str | None
    published: date | None
    source: str
    kind: SectionKind
    start: int
    end: int
    quote: str
    page: int | None = None
    copies: tuple[Copy, ...] = ()
    field: Field | None = None
    origin: str | None = None
    author: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer. `support` is 1.0 when `text` is its quote, else what the support check gave (0 to 1).

    `inferred`: a language model drew it from its quotes, which do not say it themselves.
    `label` is the program's, no article's: the day it tells of, the side of a comparison.
    """

    text: str
    citations: tuple[Citation, ...]
    support: float
    label: str = ""
    inferred: bool = False

    @property
    def marked(self) -> str:
        """The text followed by its markers, after its label: `[Zoo] They sent lions. [1][2]`."""
        label = f"[{self.label}] " if self.label else ""
        return f"{label}{self.text} {''.join(f'[{citation.marker}]' for citation in self.citations)}"


@dataclass(frozen=True, slots=True)
class Account:
    """What one source answers: its few words, and the footnote in whose quote they stand."""

    words: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Numbers or dates of several articles that cannot all answer the question, or not the same thing is meant.

    There are two `accounts` or more, the one that answers best first, each in a quote that the answer shows.
    """

    question: str
    accounts: tuple[Account, ...]


@dataclass(frozen=True, slots=True)
class Dropped:
    """A statement that was not shown, and why."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReadQuestion:
    """How a question was read: `subject` without the words that only ask, `sides` to compare, titles of `articles` it names."""

    kind: QuestionKind
    subject: str = ""
    sides: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    days: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """What happened between question and answer.

    `queries` are those that a language model wrote for the search, beside the question. `seconds` per stage differ from run to run; `Answer.to_dict` leaves them out, so that same inputs give same bytes.
    """

    readings: tuple[Reading, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    notes: tuple[str, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict, compare=False)
    queries: tuple[str, ...] = ()
    read: tuple[ReadQuestion, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole reply.

    `asked` is the standalone question that was searched. `reason` says why there is no full answer, or what the reader
    should know of this one (it stands in a sidebar only); None when there is nothing to say. `short` is the few words
    that answer; None where few words tell nothing, as of yes or no. `disagreements` are other numbers and dates that other
    articles answer with. `confidence` is the probability that the answer is right, 0 to 1; None when it is not
    calibrated. `nearest` are the closest passages when refusing, `suggestion` the question with words spelled as they
    spell them, where that may have been meant. `made_by` names each part that took part, with its version.
    """

    question: str
    asked: str
    status: Status
    reason: str | None = None
    short: str | None = None
    statements: tuple[Statement, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    confidence: float | None = None
    nearest: tuple[Hit, ...] = ()
    suggestion: str | None = None
    trace: Trace = field(default_factory=Trace)
    made_by: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The statements in order, each with its markers; empty when refusing."""
        return " ".join(statement.marked for statement in self.statements)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Each footnote once, in order of its marker."""
        by_marker = {citation.marker: citation for statement in self.statements for citation in statement.citations}
        return tuple(by_marker[marker] for marker in sorted(by_marker))

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON-ready data, equal for equal answers. Dates are ISO strings."""
        from .serialization import to_plain

        data: dict[str, Any] = to_plain(self)
        del data["trace"]["seconds"]
        return data | {"text": self.text, "citations": to_plain(self.citations)}

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Answer:
        """Return the answer that `to_dict` wrote.

        Raises:
            RecordError: `data` is not what `to_dict` writes.
        """
        from .serialization import from_plain

        return from_plain(Answer, data)

    def __str__(self) -> str:
        """Return the answer with its footnotes as plain text."""
        from .rendering.plain_text import plain_text

        return plain_text(self)

    def _repr_html_(self) -> str:
        from .rendering.notebook import notebook_html

        return notebook_html(self)

    def _repr_markdown_(self) -> str:
        from .rendering.markdown import markdown

        return markdown(self)


Turn = str | tuple[str, Answer]
