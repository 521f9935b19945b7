"""What an answer loses and lets through when a model verifies it that errs: `python -m eval.benchmarks.verdicts FOLDER`.

FOLDER holds articles with true and false statements, as `eval.benchmarks.vetoes` reads them; of each file the last
eight articles are taken, which nothing was trained on. A scripted model knows
which are true and gives the right verdict on 95 of 100, drawn by a seed. Measured twice: each statement at the gate by
itself, and in whole answers of a strong model, five true sentences and a false one each, where what is dropped may
cost its neighbours.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from eval.benchmarks.attacks import RankReader
from eval.benchmarks.language_model import rows_of
from eval.benchmarks.scripted import Messages, ScriptedModel, passages_of, verifying
from eval.intervals import share_of
from rag import Article, Corpus
from rag.answering.chat_model import ChatModelAnswerer
from rag.answering.quotation import folded
from rag.drafts import Draft, Quote
from rag.language_model.prompts import prompt
from rag.schema import Hit, Passage, Reading
from rag.settings import Settings
from rag.testing import HashEmbedder
from rag.verification.chat_verifier import ChatVerifier
from rag.verification.gate import Checked, Gate

RIGHT = 0.95
SEEDS = (20, 21, 22)
DEV = 8  # articles at the end of each file
TRUE_IN_ANSWER = 5


@dataclass(frozen=True, slots=True)
class Stated:
    """A statement on an article, whether it is true, and the sentences that it cites."""

    text: str
    true: bool
    kind: str
    cited: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """An article with all that is stated of it."""

    article: Article
    stated: tuple[Stated, ...]


def told(folder: Path) -> list[Told]:
    """Return the articles of a folder with their statements; a text that is called true and false is left out."""
    found = []
    for path in sorted(folder.glob("train-*.jsonl")):
        more = path.with_name(path.name.replace("train-", "more-"))
        further = {one["title"]: one["s"] for one in rows_of(more)} if more.exists() else {}
        for at, one in enumerate(rows_of(path)[-DEV:]):
            sentences = [sentence for paragraph in one["p"] for sentence in paragraph]
            stated = [
                Stated(_flat(text), kind.startswith("t"), kind, tuple(sentences[at] for at in cited))
                for kind, text, cited in [*one["s"], *further.get(one["title"], ())]
            ]
            text = "\n\n".join(" ".join(paragraph) for paragraph in one["p"])
            day = date.fromisoformat(one["date"])
            article = Article("", one["title"], text, f"{path.stem}-{at}.txt", outlet=one["outlet"], published=day)
            found.append(Told(article, tuple(stated)))
    truths: dict[str, set[bool]] = defaultdict(set)
    for each in found:
        for statement in each.stated:
            truths[statement.text].add(statement.true)
    return [
        Told(each.article, tuple(statement for statement in each.stated if len(truths[statement.text]) == 1))
        for each in found
    ]


def verifier_of(found: Sequence[Told], *, seed: int) -> ScriptedModel:
    """Return the model that knows the statements, and errs; what it does not know is an article's own sentence."""
    false = {statement.text for each in found for statement in each.stated if not statement.true}
    return verifying(lambda text: text not in false, right=RIGHT, seed=seed)


def at_the_gate(found: Sequence[Told], *, seed: int) -> Iterator[tuple[Stated, bool]]:
    """Yield each statement with whether it is let through, all those of an article judged in one call."""
    settings = Settings(chat_trust="strong", entailment="none", consistency="none")
    with Corpus.in_memory(settings, embedder=HashEmbedder(), reader=RankReader()) as corpus:
        corpus.models.made["verifier"] = ChatVerifier(settings, corpus.models, model=verifier_of(found, seed=seed))
        for each in found:
            gate = Gate(lambda _, article=each.article: article, corpus.models)  # type: ignore[misc]
            drafts = [Draft(one.text, tuple(_quote(words, each.article) for words in one.cited)) for one in each.stated]
            outcomes = gate.judge(drafts, [_reading(each.article)], question=each.article.title)
            for one, outcome in zip(each.stated, outcomes, strict=True):
                yield one, isinstance(outcome, Checked)


def in_answers(found: Sequence[Told], *, seed: int) -> Iterator[tuple[Stated, bool]]:
    """Yield each statement that a strong model wrote in an answer, with whether the reader sees it."""
    settings = Settings(chat_trust="strong", entailment="none", consistency="none")
    with Corpus.in_memory(settings, embedder=HashEmbedder(), reader=RankReader()) as corpus:
        corpus.add([each.article for each in found])
        corpus.models.made["verifier"] = ChatVerifier(settings, corpus.models, model=verifier_of(found, seed=seed))
        for each in found:
            for stated in _answers(each.stated):
                writer = _Writer(stated)
                corpus.models.made["answerer chat-model"] = ChatModelAnswerer(settings, model=writer)
                answer = corpus.ask(each.article.title, answerer="chat-model")
                shown = {one.text for one in answer.statements}
                wrote = writer.wrote
                yield from ((one, one.text in shown) for one in stated if one.text in wrote)


class _Writer(ScriptedModel):
    """Writes what is stated, as far as its quotes are shown to it; `wrote` is what that was."""

    def __init__(self, stated: Sequence[Stated]) -> None:
        super().__init__(self._reply)
        self.wrote: set[str] = set()
        self._stated = stated

    def _reply(self, messages: Messages) -> str:
        if len(messages) > 2:
            return '{"sentences": []}'  # it writes nothing anew
        if messages[0]["content"] == prompt("strong_queries"):
            cited = [words for one in self._stated for words in one.cited]
            return json.dumps({"question": "", "queries": cited[:3]})
        shown = {number: folded(text).text for number, text in passages_of(messages).items()}
        sentences = []
        for one in self._stated:
            numbers = [next((at for at, text in shown.items() if folded(words).text in text), 0) for words in one.cited]
            if all(numbers):
                quotes = [{"passage": at, "words": words} for at, words in zip(numbers, one.cited, strict=True)]
                sentences.append({"quotes": quotes, "kind": "says", "text": one.text})
                self.wrote.add(one.text)
        return json.dumps({"answered": "fully", "why": "", "sentences": sentences, "open": []})


def _answers(stated: Sequence[Stated]) -> Iterator[list[Stated]]:
    """Yield five true statements with a false one in their midst, until either are used up."""
    true, false = ([one for one in stated if one.true is wanted] for wanted in (True, False))
    for at in range(min(len(true) // TRUE_IN_ANSWER, len(false))):
        chosen = true[at * TRUE_IN_ANSWER : (at + 1) * TRUE_IN_ANSWER]
        place = at % (TRUE_IN_ANSWER + 1)  # at the head of some answers, at the end of others
        yield [*chosen[:place], false[at], *chosen[place:]]


def _quote(words: str, article: Article) -> Quote:
    at = article.text.index(words)
    return Quote("", at, at + len(words), words)


def _reading(article: Article) -> Reading:
    passage = Passage("", 0, len(article.text), article.text, "body", ((0, len(article.text)),))
    return Reading(Hit(passage, 1, 1.0, article.title, None, None, article.source, None, None), 0.5, (), None)


def _flat(text: str) -> str:
    return " ".join(text.split())


def main() -> None:
    if len(sys.argv) != 2 or not (found := told(Path(sys.argv[1]))):
        sys.exit("expected a folder with train-*.jsonl, articles with statements. Name it.")
    for name, measure in (("at the gate", at_the_gate), ("in answers of six sentences", in_answers)):
        for seed in SEEDS:
            outcomes: dict[bool, list[bool]] = {True: [], False: []}
            for one, passed in measure(found, seed=seed):
                outcomes[one.true].append(passed)
            sys.stdout.write(f"{name}, errors drawn by seed {seed}\n")
            sys.stdout.write(f"  {share_of('true, shown', outcomes[True])}\n")
            sys.stdout.write(f"  {share_of('false, shown', outcomes[False])}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
