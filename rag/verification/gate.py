"""The gate between an answerer and the reader: no footnote, no sentence; and the words must stand where it says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ..drafts import Claim, Draft, Verdict
from ..errors import AnswererError
from ..language.headings import heading
from ..language_model.deadline import Deadline
from ..plugins import Models
from ..schema import Article, Citation, Dropped, Reading, Statement
from .citations import resolve_quote
from .local_verifier import UNREAD, LocalVerifier
from .machine_text import is_machine_text
from .metadata import resolve_field, unproved
from .orders import gives_orders
from .premises import sentence_before
from .relevance import LEAST_BEARING, bearing

NO_DEADLINE = 3600.0
ORDERS = "the passage contains instructions to a language model, so it is shown only in its own words"
MACHINE_TEXT = "the passage holds a program's text, so it is shown only in its own words"
CONTEXT = 300  # characters on either side of a quote that a verifier sees


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft whose quotes stand and bear it; it becomes a statement when it is shown."""

    draft: Draft
    citations: tuple[Citation, ...]
    score: float


@dataclass(frozen=True, slots=True)
class _Cited:
    """A draft whose quotes stand where it says."""

    draft: Draft
    citations: tuple[Citation, ...]

    @property
    def verbatim(self) -> bool:
        return any(self.draft.text == one.quote for one in self.citations)


class Gate:
    """Checks the drafts of one answer, in order, and numbers the footnotes as they appear.

    `notes` says what the reader should know of how it was checked.
    """

    def __init__(
        self,
        article: Callable[[str], Article],
        models: Models,
        *,
        deadline: Deadline | None = None,
        articles: Callable[[], int] = lambda: 0,
    ) -> None:
        """`article` returns an article by its id, `articles` how many may be found.

        The models are asked only about words that are not the articles' own.
        """
        self._article = article
        self._articles = articles
        self._models = models
        self._deadline = deadline or Deadline(NO_DEADLINE)
        self._said: list[Statement] = []
        self._markers: dict[tuple[str, int, int, str | None], int] = {}
        self._chances: dict[str, float] = {}
        self.notes: list[str] = []
        self.verifiers: list[str] = []

    @property
    def said(self) -> tuple[Statement, ...]:
        """The statements let through so far, in order."""
        return tuple(self._said)

    def check(self, draft: Draft, readings: Sequence[Reading], *, question: str | None = None) -> Statement | Dropped:
        """Return the statement that may be shown, or why it may not; what is said again is the statement of before.

        Quotes must lie in `readings`. With a `question`, which the words of a model need, it must also bear on that.
        """
        (found,) = self.check_all([draft], readings, question=question)
        return found

    def check_all(
        self, drafts: Sequence[Draft], readings: Sequence[Reading], *, question: str | None
    ) -> list[Statement | Dropped]:
        """Return what `check` does, of several at once."""
        found = self.judge(drafts, readings, question=question or "")
        return [self._relevant(one, question) if isinstance(one, Checked) else one for one in found]

    def _relevant(self, found: Checked, question: str | None) -> Statement | Dropped:
        if question is not None:
            text, title = found.draft.text, found.citations[0].title
            bears = bearing(question, text, title=title, reader=self._models.reader)
            if bears < LEAST_BEARING:
                return Dropped(text, f"it does not answer the question (probability {bears:.2f})")
        return self.admit(found)

    def chance(self, draft: Draft) -> float:
        """Return how likely the verifier held it that the quotes bear a draft, 0 to 1; 0 where it was not asked or told none."""
        return self._chances.get(draft.text, 0.0)

    def batches(self, drafts: Iterable[Draft]) -> Iterator[list[Draft]]:
        """Yield the drafts as they are judged: one by one, or all at once where the verifier wants them so."""
        if self._models.verifier.whole:
            yield list(drafts)
            return
        for draft in drafts:
            yield [draft]

    def judge(self, drafts: Sequence[Draft], readings: Sequence[Reading], *, question: str) -> list[Checked | Dropped]:
        """Return for each draft what is left of it, or why nothing is. What is a quote itself is proven by its place."""
        cited = [self._cited(draft, readings) for draft in drafts]
        asked = [one for one in cited if isinstance(one, _Cited) and not one.verbatim]
        told = self._verdicts(question, asked) if asked else []
        self._chances |= {one.draft.text: verdict.score for one, verdict in zip(asked, told, strict=True)}
        verdicts = iter(told)
        return [
            one
            if isinstance(one, (Dropped, Checked))
            else Checked(one.draft, one.citations, 1.0)
            if one.verbatim
            else _checked(one, next(verdicts))
            for one in cited
        ]

    def admit(self, found: Checked) -> Statement:
        """Return the statement of it, with the numbers of its footnotes; what is said again is the statement of before."""
        text, citations = found.draft.text, found.citations
        again = next((one for one in self._said if text == one.text or _holds(one, text, citations)), None)
        if again is None:
            numbered = tuple(self._number(citation) for citation in citations)
            again = Statement(text, numbered, found.score, found.draft.label, found.draft.inferred)
            self._said.append(again)
        return again

    def _cited(self, draft: Draft, readings: Sequence[Reading]) -> _Cited | Checked | Dropped:
        if not draft.text.strip():
            return Dropped(draft.text, "it is empty")
        if not draft.quotes:
            return Dropped(draft.text, "it has no footnote")
        if all(quote.field for quote in draft.quotes):
            return self._of_fields(draft)
        citations = []
        for quote in draft.quotes:
            resolved = resolve_quote(quote, readings, self._article)
            if isinstance(resolved, str):
                return Dropped(draft.text, resolved)
            citations.append(resolved)
        if draft.text in (one.quote for one in citations):
            citations = [one for one in citations if one.quote == draft.text]
        elif unfit := [why for one in citations for text in _passages(one, readings) if (why := _unfit(text))]:
            return Dropped(draft.text, unfit[0])
        return _Cited(draft, tuple(citations))

    def _of_fields(self, draft: Draft) -> Checked | Dropped:
        """What is said of articles themselves: each field stands as it is quoted, and the numbers are counted."""
        citations = []
        for quote in draft.quotes:
            resolved = resolve_field(quote, self._article)
            if isinstance(resolved, str):
                return Dropped(draft.text, resolved)
            citations.append(resolved)
        reason = unproved(draft, citations, articles=self._articles())
        return Dropped(draft.text, reason) if reason else Checked(draft, tuple(citations), 1.0)

    def _verdicts(self, question: str, cited: Sequence[_Cited]) -> list[Verdict]:
        claims = [self._claim(one) for one in cited]
        verifier = self._models.verifier
        try:
            verdicts = verifier.judge(question, claims, self._deadline)
        except AnswererError as error:
            self._remember(self.notes, f"{error} The local verifier checked instead.")
            verifier = LocalVerifier(self._models.settings, self._models)
            verdicts = verifier.judge(question, claims, self._deadline)
        self._remember(self.verifiers, verifier.name)
        return verdicts

    def _claim(self, cited: _Cited) -> Claim:
        around, headings, before = [], [], []
        for one in cited.citations:
            text = self._article(one.article_id).text
            start = text.rfind(" ", 0, max(0, one.start - CONTEXT)) + 1 if one.start > CONTEXT else 0
            around.append(f"{one.title}: {text[start : one.end + CONTEXT].rpartition(' ')[0]}")
            headings.append(heading(one.title, one.outlet, one.published))
            before.append(sentence_before(text, one.start))
        quotes = tuple(one.quote for one in cited.citations)
        return Claim(cited.draft.text, quotes, tuple(around), tuple(headings), tuple(before))

    @staticmethod
    def _remember(list_: list[str], one: str) -> None:
        if one not in list_:
            list_.append(one)

    def _number(self, citation: Citation) -> Citation:
        return replace(citation, marker=self._markers.setdefault(_place(citation), len(self._markers) + 1))


def _checked(cited: _Cited, verdict: Verdict) -> Checked | Dropped:
    if verdict.outcome != "supported":
        why = verdict.why if verdict.why == UNREAD else f"the quote does not support it: {verdict.why}"
        return Dropped(cited.draft.text, why)
    bearing_ = [one for at, one in enumerate(cited.citations) if at in verdict.bearing]
    return Checked(cited.draft, tuple(bearing_) or cited.citations, verdict.score)


def _unfit(passage: str) -> str:
    """Return why nothing may be told of a passage in other words; empty where it may."""
    if gives_orders(passage):
        return ORDERS
    return MACHINE_TEXT if is_machine_text(passage) else ""


def _passages(citation: Citation, readings: Sequence[Reading]) -> Iterator[str]:
    """Yield the passages in which a quote stands."""
    for reading in readings:
        passage = reading.hit.passage
        if passage.article_id == citation.article_id and passage.start <= citation.start < passage.end:
            yield passage.text


def _holds(said: Statement, text: str, citations: Sequence[Citation]) -> bool:
    """Whether a statement has these words from the same place."""
    return text in said.text and any(
        there.article_id == here.article_id and there.start <= here.start and here.end <= there.end
        for there in said.citations
        for here in citations
        if there.field is None and here.field is None
    )


def _place(citation: Citation) -> tuple[str, int, int, str | None]:
    return citation.article_id, citation.start, citation.end, citation.field
