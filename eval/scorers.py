"""One judgement each: functions (Case, Answer, …) → Score. None means that the score does not apply to the case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.question import decomposition
from rag.schema import Answer, Citation, Hit

from .case import Case
from .evidence import Articles, Part, Span, parts, proves
from .matching import first_contained


@dataclass(frozen=True, slots=True)
class Score:
    """One judgement of one case: `value` from 0 to 1 (None: does not apply) and the reason for it."""

    value: float | None
    why: str


# What each score says, as printed beside its mean. `calibration_error` is made of all rows at once: see report.py.
MEANINGS = {
    "correct": "answerable: the answer says what is expected",
    "wrong_again": "called wrong before: the answer says it again (lower is better)",
    "first_correct": "answerable: what stands first, the short answer or else the first statement, says it alone",
    "short_correct": "answered, with a short answer: the short one alone says it",
    "proving": "answered: at least one citation proves the answer; none can if the articles do not say it",
    "citation_precision": "answered: share of the citations that prove; none can if the articles do not say it",
    "citation_recall": "answerable and answered: share of what must be said that a citation proves",
    "verbatim": "cited: every citation stands character for character in its article",
    "refusal_precision": "refused: the articles do not say it",
    "unanswerable_refused": "recall of refusing: unanswerable, and refused",
    "answerable_refused": "answerable, and refused (lower is better)",
    "recall@5": "answerable: share of what must be said that the first 5 hits hold, in the order of the search",
    "mrr": "answerable: 1 / rank of the first right hit of those that were read, else 0",
    "reader_recall@5": "the same for the reader's order of its hits",
    "reader_mrr": "the same for the reader's order of its hits",
    "brier": "squared distance of the confidence from whether the best sentence is right (lower is better)",
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
    if not (case.answerable and case.expected):
        return Score(None, "the case is unanswerable, or what is right is not known")
    if refused(answer):
        return Score(0.0, f"refused: {answer.reason}")
    return _says(case, (words_of(answer), answer.short or ""))


def wrong_again(case: Case, answer: Answer) -> Score:
    """1.0 if the answer says what a person called wrong; a refusal says nothing."""
    if not case.wrong:
        return Score(None, "nothing was called wrong")
    again = first_contained(f"{words_of(answer)} {answer.short or ''}", case.wrong)
    return Score(float(again is not None), f"says again: {again}" if again else "does not say it again")


def first_correct(case: Case, answer: Answer) -> Score:
    """The same of what a reader sees first: the short answer, or the first statement where there is none."""
    if not (case.answerable and case.expected):
        return Score(None, "the case is unanswerable, or what is right is not known")
    if refused(answer):
        return Score(0.0, f"refused: {answer.reason}")
    return _says(case, (answer.short or next((statement.text for statement in answer.statements), ""),))


def short_correct(case: Case, answer: Answer) -> Score:
    """The same of the short answer alone."""
    if not case.answerable or refused(answer) or answer.short is None:
        return Score(None, "unanswerable, refused or without a short answer")
    return _says(case, (answer.short,))


def _says(case: Case, texts: Sequence[str]) -> Score:
    if not case.expected:
        return Score(None, "what is right is not known")
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
    if not answer.citations or (case.answerable and not wanted):
        return Score(None, "no evidence to compare, or no citation")
    if not case.answerable:
        return Score(0.0, "the articles do not say it")
    beside = [one.marker for one in answer.citations if not any(_proves(one, part) for part in wanted)]
    share = 1 - len(beside) / len(answer.citations)
    return Score(share, f"beside the evidence: {beside}" if beside else "each citation proves")


def citation_recall(case: Case, answer: Answer, articles: Articles) -> Score:
    """The share of parts of the case that a citation proves."""
    wanted = parts(case, articles.named)
    if not wanted or refused(answer):
        return Score(None, "no evidence to compare, or refused")
    covered = [any(_proves(citation, part) for citation in answer.citations) for part in wanted]
    return Score(sum(covered) / len(covered), f"{sum(covered)} of {len(covered)} parts proved")


def proving(case: Case, answer: Answer, articles: Articles) -> Score:
    """1.0 if at least one citation proves something the case asks."""
    wanted = parts(case, articles.named)
    if refused(answer) or (case.answerable and not wanted):
        return Score(None, "no evidence to compare, or refused")
    if not case.answerable:
        return Score(0.0, "the articles do not say it")
    for citation in answer.citations:
        if any(_proves(citation, part) for part in wanted):
            return Score(1.0, f"citation [{citation.marker}] proves")
    return Score(0.0, f"none of {len(answer.citations)} citations proves")


def _proves(citation: Citation, part: Part) -> bool:
    return proves(Span(citation.article_id, citation.start, citation.end), citation.quote, part)


def verbatim(case: Case, answer: Answer, articles: Articles) -> Score:
    """1.0 if every citation is `article.text[start:end]`, or the whole of a field, as the first law says."""
    if not answer.citations:
        return Score(None, "no citation")
    for citation in answer.citations:
        article = articles.by_id(citation.article_id)
        stands = (
            str(getattr(article, citation.field)) if citation.field else article.text[citation.start : citation.end]
        )
        if stands != citation.quote:
            return Score(0.0, f"citation [{citation.marker}] says {citation.quote!r}, the article {stands!r}")
    return Score(1.0, f"{len(answer.citations)} citations stand in their articles")


def refusal(case: Case, answer: Answer) -> dict[str, Score]:
    """The three scores of refusing: its precision, its recall, and the refusals of what could be answered."""
    value = float(refused(answer))
    why = f"{answer.status}: {answer.reason}" if answer.reason else answer.status
    beside = Score(None, "does not apply to this case")
    known = not case.answerable or bool(case.expected)  # of an answer called wrong, it may be right to refuse
    return {
        "refusal_precision": Score(float(not case.answerable), why) if value and known else beside,
        "unanswerable_refused": beside if case.answerable else Score(value, why),
        "answerable_refused": Score(value, why) if case.answerable and known else beside,
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
    passage = hit.passage
    return proves(Span(passage.article_id, passage.start, passage.end), passage.text, part)


def is_right(case: Case, answer: Answer) -> bool | None:
    """Return whether the best sentence of the best reading is right: what `answer.confidence` is the chance of.

    Shown or withheld, so that the confidence is judged alike on both sides of the threshold. No sentence answers an
    unanswerable case; None if there is no sentence, or several things are asked or expected, which one cannot say.
    """
    if (
        len(case.expected) > 1
        or (case.answerable and not case.expected)
        or len(decomposition.parts(answer.question)) > 1
    ):
        return None
    if not case.answerable:
        return False
    best = answer.trace.readings[0].sentence if answer.trace.readings else ""
    return _says(case, (best,)).value == 1.0 if best else None


def brier(answer: Answer, right: bool | None) -> Score:
    """The squared distance of the confidence from what happened."""
    if answer.confidence is None or right is None:
        return Score(None, "no confidence, or no one sentence to judge")
    why = f"confidence {answer.confidence:.3f}, the best sentence is {'right' if right else 'wrong'}"
    return Score((answer.confidence - right) ** 2, why)


def score(case: Case, answer: Answer, articles: Articles) -> Mapping[str, Score]:
    """Return every score of one case by name. What was found for the answer, and in which order, is in its trace."""
    read = [reading.hit for reading in answer.trace.readings]
    found = sorted(read, key=lambda hit: hit.rank)
    return {
        "correct": correct(case, answer),
        "wrong_again": wrong_again(case, answer),
        "first_correct": first_correct(case, answer),
        "short_correct": short_correct(case, answer),
        "proving": proving(case, answer, articles),
        "citation_precision": citation_precision(case, answer, articles),
        "citation_recall": citation_recall(case, answer, articles),
        "verbatim": verbatim(case, answer, articles),
        **refusal(case, answer),
        "recall@5": recall_at(case, found, articles, k=5),
        "mrr": reciprocal_rank(case, found, articles),
        "reader_recall@5": recall_at(case, read, articles, k=5),
        "reader_mrr": reciprocal_rank(case, read, articles),
        "brier": brier(answer, is_right(case, answer)),
    }
