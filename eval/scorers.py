"""One judgement each: functions (Case, Answer, …) → Score. None means that the score does not apply to the case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.schema import Answer, Citation, Hit

from .case import Case
from .evidence import Articles, Part, Span, overlaps, parts
from .matching import first_contained


@dataclass(frozen=True, slots=True)
class Score:
    """One judgement of one case: `value` from 0 to 1 (None: does not apply) and the reason for it."""

    value: float | None
    why: str


# What each score says, as printed beside its mean. `calibration_error` is made of all rows at once: see report.py.
MEANINGS = {
    "correct": "answerable: the answer says what is expected",
    "short_correct": "answered, with a short answer: the short one alone says it",
    "proving": "answerable and answered: at least one citation proves the answer",
    "citation_precision": "answerable and answered: share of the citations that prove",
    "citation_recall": "answerable and answered: share of what must be said that a citation proves",
    "verbatim": "cited: every citation stands character for character in its article",
    "refusal_precision": "refused: the articles do not say it",
    "unanswerable_refused": "recall of refusing: unanswerable, and refused",
    "answerable_refused": "answerable, and refused (lower is better)",
    "recall@5": "answerable: share of what must be said that the first 5 hits hold",
    "mrr": "answerable: 1 / rank of the first right hit of 20, else 0",
    "reader_recall@5": "the same for the reader's order of its hits",
    "reader_mrr": "the same for the reader's order of its hits",
    "brier": "squared distance of the confidence from what happened (lower is better)",
    "calibration_error": "mean distance of confidence from share right, 10 bins (lower is better)",
}


def refused(answer: Answer) -> bool:
    """Return whether the reader was told nothing; `partly` counts as answered."""
    return answer.status == "not_found"


def words_of(answer: Answer) -> str:
    """Return what the answer says, without markers."""
    return " ".join(statement.text for statement in answer.statements)


def correct(case: Case, answer: Answer) -> Score:
    """1.0 if each expected group has an alternative in the statements or in the short answer; refusing is wrong."""
    if not case.answerable:
        return Score(None, "the case is unanswerable")
    if refused(answer):
        return Score(0.0, f"refused: {answer.reason}")
    return _says(case, (words_of(answer), answer.short or ""))


def short_correct(case: Case, answer: Answer) -> Score:
    """The same of the short answer alone."""
    if not case.answerable or refused(answer) or answer.short is None:
        return Score(None, "unanswerable, refused or without a short answer")
    return _says(case, (answer.short,))


def _says(case: Case, texts: Sequence[str]) -> Score:
    found: list[str] = []
    for group in case.expected:
        words = next((words for text in texts if (words := first_contained(text, group))), None)
        if words is None:
            return Score(0.0, f"says none of: {' / '.join(group)}")
        found.append(words)
    return Score(1.0, f"says: {'; '.join(found)}")


def citation_precision(case: Case, answer: Answer, articles: Articles) -> Score:
    """The share of citations that prove something the case asks."""
    wanted = parts(case, articles.named)
    if not wanted or not answer.citations:
        return Score(None, "no evidence to compare, or no citation")
    proves = [any(_proves(citation, part, case, articles) for part in wanted) for citation in answer.citations]
    beside = [citation.marker for citation, right in zip(answer.citations, proves, strict=True) if not right]
    return Score(sum(proves) / len(proves), f"beside the evidence: {beside}" if beside else "each citation proves")


def citation_recall(case: Case, answer: Answer, articles: Articles) -> Score:
    """The share of parts of the case that a citation proves."""
    wanted = parts(case, articles.named)
    if not wanted or refused(answer):
        return Score(None, "no evidence to compare, or refused")
    covered = [any(_proves(citation, part, case, articles) for citation in answer.citations) for part in wanted]
    return Score(sum(covered) / len(covered), f"{sum(covered)} of {len(covered)} parts proved")


def proving(case: Case, answer: Answer, articles: Articles) -> Score:
    """1.0 if at least one citation proves something the case asks."""
    wanted = parts(case, articles.named)
    if not wanted or refused(answer):
        return Score(None, "no evidence to compare, or refused")
    for citation in answer.citations:
        if any(_proves(citation, part, case, articles) for part in wanted):
            return Score(1.0, f"citation [{citation.marker}] proves")
    return Score(0.0, f"none of {len(answer.citations)} citations proves")


def _proves(citation: Citation, part: Part, case: Case, articles: Articles) -> bool:
    """Return whether a citation holds the evidence, or says the expected words in an article of the evidence."""
    span = Span(citation.article_id, citation.start, citation.end)
    if any(overlaps(span, proof) for proof in part.spans):
        return True
    named = {articles.named[evidence.article].id for evidence in case.evidence}
    return citation.article_id in named and first_contained(citation.quote, part.expected) is not None


def verbatim(case: Case, answer: Answer, articles: Articles) -> Score:
    """1.0 if every citation is `article.text[start:end]`, as the first law says."""
    if not answer.citations:
        return Score(None, "no citation")
    for citation in answer.citations:
        stands = articles.by_id(citation.article_id).text[citation.start : citation.end]
        if stands != citation.quote:
            return Score(0.0, f"citation [{citation.marker}] says {citation.quote!r}, the article {stands!r}")
    return Score(1.0, f"{len(answer.citations)} citations stand in their articles")


def refusal(case: Case, answer: Answer) -> dict[str, Score]:
    """The three scores of refusing: its precision, its recall, and the refusals of what could be answered."""
    value = float(refused(answer))
    why = f"{answer.status}: {answer.reason}" if answer.reason else answer.status
    beside = Score(None, "does not apply to this case")
    return {
        "refusal_precision": Score(float(not case.answerable), why) if value else beside,
        "unanswerable_refused": beside if case.answerable else Score(value, why),
        "answerable_refused": Score(value, why) if case.answerable else beside,
    }


def recall_at(case: Case, hits: Sequence[Hit], articles: Articles, *, k: int) -> Score:
    """The share of parts of the case that the first k hits hold."""
    wanted = parts(case, articles.named)
    if not wanted:
        return Score(None, "no evidence to compare")
    found = [any(_holds(hit, part) for hit in hits[:k]) for part in wanted]
    return Score(sum(found) / len(found), f"{sum(found)} of {len(found)} parts among the first {k}")


def reciprocal_rank(case: Case, hits: Sequence[Hit], articles: Articles) -> Score:
    """1 / rank of the first hit that holds a part of the case; 0.0 if none does. Ranks count from 1, in order given."""
    wanted = parts(case, articles.named)
    if not wanted:
        return Score(None, "no evidence to compare")
    for rank, hit in enumerate(hits, start=1):
        if any(_holds(hit, part) for part in wanted):
            return Score(1.0 / rank, f"first right hit at rank {rank}")
    return Score(0.0, f"no right hit among {len(hits)}")


def _holds(hit: Hit, part: Part) -> bool:
    span = Span(hit.passage.article_id, hit.passage.start, hit.passage.end)
    return any(overlaps(span, proof) for proof in part.spans)


def is_right(case: Case, answer: Answer) -> bool | None:
    """Return whether the answer, shown or withheld, is right: what `answer.confidence` is the probability of.

    Nothing said of an unanswerable case is right. What a refusal withheld is the sentence that its reader scored
    highest; None if there is none.
    """
    if not case.answerable:
        return False
    if not refused(answer):
        return correct(case, answer).value == 1.0
    scored = [(sentence, reading.hit.passage) for reading in answer.trace.readings for sentence in reading.sentences]
    if not scored:
        return None
    sentence, passage = max(scored, key=lambda pair: pair[0].score)
    withheld = passage.text[sentence.start - passage.start : sentence.end - passage.start]
    return _says(case, (withheld,)).value == 1.0


def brier(answer: Answer, right: bool | None) -> Score:
    """The squared distance of the confidence from what happened."""
    if answer.confidence is None or right is None:
        return Score(None, "no confidence, or nothing was withheld")
    shown = "withheld" if refused(answer) else "shown"
    why = f"confidence {answer.confidence:.3f}, the answer {shown} is {'right' if right else 'wrong'}"
    return Score((answer.confidence - right) ** 2, why)


def score(case: Case, answer: Answer, hits: Sequence[Hit], articles: Articles) -> Mapping[str, Score]:
    """Return every score of one case by name. `hits` are what the search finds for `answer.asked`, best first."""
    read = [reading.hit for reading in answer.trace.readings]
    unread = Score(None, "no readings in the trace")
    return {
        "correct": correct(case, answer),
        "short_correct": short_correct(case, answer),
        "proving": proving(case, answer, articles),
        "citation_precision": citation_precision(case, answer, articles),
        "citation_recall": citation_recall(case, answer, articles),
        "verbatim": verbatim(case, answer, articles),
        **refusal(case, answer),
        "recall@5": recall_at(case, hits, articles, k=5),
        "mrr": reciprocal_rank(case, hits, articles),
        "reader_recall@5": recall_at(case, read, articles, k=5) if read else unread,
        "reader_mrr": reciprocal_rank(case, read, articles) if read else unread,
        "brier": brier(answer, is_right(case, answer)),
    }
