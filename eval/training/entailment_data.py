"""What entailment is learned from in the written set: its statements, and its questions with right and wrong answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from random import Random

from rag.language.headings import heading
from rag.verification.entailment_model import CONTRADICTED, NOT_SAID, SUPPORTED
from rag.verification.premises import answered, premise

from .pairs import Inference
from .written import UNANSWERABLE, Question, Statement, Written

Span = tuple[int, int]

FALSE = (CONTRADICTED, NOT_SAID)
# What the kinds of false statements are for certain; of the others it is only known that they are false.
VERDICT_OF = {
    **dict.fromkeys(("f:neg", "f:antonym", "f:number", "f:unit", "f:date", "f:compare"), (CONTRADICTED,)),
    **dict.fromkeys(("f:elsewhere", "f:cause"), (NOT_SAID,)),
}
ELSEWHERE_SHARE = 0.35  # of the true statements, also put to other sentences of the article
WIDER_SHARE = 0.2  # of all statements, cite one sentence more
SALAD_SHARE = 0.06  # of the statements, also as a salad of the words they cite or of their own
BARE_SHARE = 0.2  # of all premises, without the sentence before
ASKED_SHARE = 0.35  # of the questions, put with a right or a wrong answer in a round
MOST_CHANGED = 0.5  # of a statement's words, if its fellow is to tell which are wrong


def inferences(articles: Sequence[Written], *, seed: str) -> list[Inference]:
    """Return one round's inferences of all articles, unshuffled. The same seed gives the same ones."""
    random = Random(f"{seed}:entailment")
    return [one for article in articles for one in _of_article(article, random)]


def stated(article: Written, statement: Statement) -> Inference:
    """Return a statement with exactly the sentences it cites, as it is measured."""
    allowed = (SUPPORTED,) if statement.true else VERDICT_OF.get(statement.kind, FALSE)
    return Inference(cite(article, statement.cited), statement.text, allowed, wrong_words(statement), statement.kind)


def cite(article: Written, numbers: Sequence[int], *, before: bool = True) -> str:
    """Return the premise that sentences of an article make."""
    first = min(numbers)
    context = article.sentence(first - 1) if before and first > 0 else ""
    record = article.article
    head = heading(record.title, record.outlet, record.published)
    return premise(head, context, [article.sentence(number) for number in sorted(numbers)])


def wrong_words(statement: Statement) -> tuple[Span, ...] | None:
    """Return the words of a false statement that its true fellow has not; none of a true one; None where not known."""
    if statement.true:
        return ()
    if not statement.fellow:
        return None
    words = list(re.finditer(r"\w+", statement.text))
    fellow = re.findall(r"\w+", statement.fellow.lower())
    matcher = SequenceMatcher(None, [word.group().lower() for word in words], fellow, autojunk=False)
    kept = {block.a + place for block in matcher.get_matching_blocks() for place in range(block.size)}
    wrong = tuple(word.span() for place, word in enumerate(words) if place not in kept)
    return wrong if wrong and len(wrong) <= MOST_CHANGED * len(words) else None


def salad(words: str, random: Random) -> str:
    """Return up to twenty of the words in an order that says nothing."""
    chosen = re.findall(r"\S+", words)
    random.shuffle(chosen)
    text = " ".join(chosen[:20]).strip(" .,;:")
    return f"{text[:1].upper()}{text[1:]}."


def _of_article(article: Written, random: Random) -> Iterator[Inference]:
    count = len(article.sentences)
    for statement in article.statements:
        one = stated(article, statement)
        cited = list(statement.cited)
        others = [number for number in range(count) if number not in cited]
        if random.random() < WIDER_SHARE and statement.kind != "f:elsewhere":
            cited.append(random.choice(others))
        yield _with(one, cite(article, cited, before=random.random() > BARE_SHARE))
        if random.random() < SALAD_SHARE:
            words = statement.text if random.random() < 0.3 else article.sentence(statement.cited[0])
            yield Inference(one.premise, salad(words, random), (NOT_SAID,), None, "salad")
        if statement.true and others and random.random() < ELSEWHERE_SHARE:
            chosen = random.sample(others, min(len(others), random.choice((1, 1, 2))))
            yield Inference(cite(article, chosen, before=False), statement.text, FALSE, None, "elsewhere")
    for question in article.questions:
        if question.kind == "yesno" or random.random() < ASKED_SHARE:
            yield from _asked(article, question, random)


def _asked(article: Written, question: Question, random: Random) -> Iterator[Inference]:
    """Yield a question with its answer or with wrong ones."""
    before = random.random() > BARE_SHARE
    if question.kind == "yesno":
        premise_of = cite(article, question.proof, before=before)
        other = "no" if question.answers[0] == "yes" else "yes"
        yield Inference(premise_of, answered(question.text, question.answers[0]), (SUPPORTED,), None, "yesno")
        yield Inference(premise_of, answered(question.text, other), (CONTRADICTED,), None, "yesno")
        return
    if question.kind in UNANSWERABLE:
        words, proof = _plausible(article, question, random)
        allowed = (NOT_SAID,) if question.kind.endswith(("near", "absent")) else FALSE
        yield Inference(
            cite(article, proof, before=before), answered(question.text, words), allowed, None, question.kind
        )
        return
    right = ", ".join(question.answers)
    yield Inference(
        cite(article, question.proof, before=before), answered(question.text, right), (SUPPORTED,), None, question.kind
    )
    words, proof = _plausible(article, question, random)
    both = sorted({*question.proof, *proof}) if random.random() < 0.5 else list(question.proof)
    yield Inference(
        cite(article, both, before=before), answered(question.text, words), FALSE, None, f"wrong {question.kind}"
    )


def _plausible(article: Written, question: Question, random: Random) -> tuple[str, tuple[int, ...]]:
    """Return words that answer another question on the article, of the same shape where there are any, and their proof."""
    own = " ".join(question.answers).lower()
    others = [
        (answer, other.proof)
        for other in article.questions
        if other.kind != "yesno"
        for answer in other.answers
        if not _overlap(answer.lower(), own)
    ]
    alike = [one for one in others if shape(one[0]) == _wanted(question)]
    near = [one for one in alike if set(one[1]) & set(question.proof)]
    return random.choice(near if near and random.random() < 0.6 else alike or others)


def shape(words: str) -> str:
    """Return what kind of answer words look like: a number, a name, a clause or a phrase."""
    if re.search(r"\d", words):
        return "number"
    if len(words.split()) > 6:
        return "clause"
    return "name" if re.match(r"[A-Z]", words) else "phrase"


def _wanted(question: Question) -> str:
    if question.answers:
        return shape(question.answers[0])
    text = question.text.lower()
    if re.search(
        r"\bhow (?:much|many|long|old|far|big|tall|often)|\bwhen\b|\bwhat (?:year|day|time|price|share)", text
    ):
        return "number"
    if re.search(r"\bwho\b|\bwhose\b|\bwhere\b|\bwhich\b|\bname\b", text):
        return "name"
    return "clause" if re.search(r"\bwhy\b", text) else "phrase"


def _overlap(first: str, second: str) -> bool:
    return bool(second) and (first in second or second in first)


def _with(one: Inference, told: str) -> Inference:
    return Inference(told, one.hypothesis, one.allowed, one.wrong, one.source)
