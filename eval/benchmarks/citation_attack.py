"""Attacks the citation check: mutated quotes must all be rejected, true ones all accepted.

`python -m eval.benchmarks.citation_attack --corpus seeds --n 2000`. Needs no model: the evidence is drawn, not searched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from rag.drafts import Quote
from rag.errors import UnknownArticleError
from rag.index.splitting import split
from rag.loading.formats.text import read_text_file
from rag.schema import Article, Citation, Hit, Passage, Reading, SentenceScore
from rag.settings import Settings

from .mutations import MUTATIONS, Random, World

Check = Callable[[Quote, Sequence[Reading], Callable[[str], Article]], Citation | str]

EVIDENCE = 8  # passages shown to the answerer
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Tally:
    """How many quotes of one kind were tried and accepted, with the accepted ones."""

    kind: str
    tried: int
    accepted: int
    examples: tuple[Quote, ...]


def read_articles(folder: Path) -> list[Article]:
    """Return the articles of the text files below the folder."""
    paths = sorted([*folder.rglob("*.txt"), *folder.rglob("*.md")])
    read = [one for path in paths for one in read_text_file(path) if isinstance(one, Article)]
    return list({article.id: article for article in read}.values())


def _passages(article: Article) -> list[Passage]:
    """Return the passages that hold more than a heading: those that a quote can be drawn from."""
    return [passage for passage in split(article, passage_tokens=Settings().passage_tokens) if passage.sentences]


def as_readings(evidence: Sequence[Passage]) -> list[Reading]:
    """Return the passages as a reader would, each sentence of one score."""
    return [_reading(passage, rank) for rank, passage in enumerate(evidence, start=1)]


def _reading(passage: Passage, rank: int) -> Reading:
    hit = Hit(passage, rank, 1.0 / rank, passage.article_id, None, None, passage.article_id, None, None)
    return Reading(hit, 0.9, tuple(SentenceScore(start, end, 0.9) for start, end in passage.sentences), None)


def attack(check: Check, articles: Sequence[Article], *, n: int, seed: int = 0) -> list[Tally]:
    """Return a tally of true quotes ("control") and one of each mutation, n mutated quotes in all, spread evenly.

    A mutation that happens to give true words of the evidence is no attack and is drawn again; one that fits none of
    the quotes is tried 0 times.
    """
    chance = np.random.default_rng(seed)
    by_id = {article.id: article for article in articles}
    passages = [passage for article in articles for passage in _passages(article)]
    each = -(-n // len(MUTATIONS))

    def ask(quote: Quote, world: World) -> bool:
        return isinstance(check(quote, as_readings(world.evidence), _finder(by_id)), Citation)

    controls = [(quote, world) for quote, world in _draw(passages, by_id, chance, tries=each)]
    tallies = [_tally("control: true quotes", [(quote, ask(quote, world)) for quote, world in controls])]
    for kind, mutate in MUTATIONS.items():
        outcomes: list[tuple[Quote, bool]] = []
        for quote, world in _draw(passages, by_id, chance, tries=20 * each):
            mutant = mutate(quote, world, chance)
            if mutant is not None and not _is_true(mutant, world):
                outcomes.append((mutant, ask(mutant, world)))
            if len(outcomes) == each:
                break
        tallies.append(_tally(kind, outcomes))
    return tallies


def _draw(
    passages: Sequence[Passage], by_id: Mapping[str, Article], chance: Random, *, tries: int
) -> Iterator[tuple[Quote, World]]:
    """Yield true quotes, each a sentence or a run of whole words of a passage in its evidence."""
    for _ in range(tries):
        order = chance.permutation(len(passages))
        evidence = tuple(passages[int(index)] for index in order[:EVIDENCE])
        withheld = tuple(passages[int(index)] for index in order[EVIDENCE : 2 * EVIDENCE])
        passage = evidence[int(chance.integers(len(evidence)))]
        start, end = passage.sentences[int(chance.integers(len(passage.sentences)))]
        words = list(_WORD.finditer(by_id[passage.article_id].text, start, end))
        if len(words) > 4 and chance.random() < 0.5:
            first = int(chance.integers(0, len(words) - 3))
            start, end = words[first].start(), words[int(chance.integers(first + 2, len(words)))].end()
        yield (
            Quote(passage.article_id, start, end, by_id[passage.article_id].text[start:end]),
            World(by_id, evidence, withheld),
        )


def _is_true(quote: Quote, world: World) -> bool:
    """Return whether the words stand at their place, in a passage shown: then the check must accept them."""
    if quote.article_id not in world.articles or not quote.words.strip() or not 0 <= quote.start < quote.end:
        return False
    shown = [
        p for p in world.evidence if p.article_id == quote.article_id and p.start <= quote.start and quote.end <= p.end
    ]
    return bool(shown) and world.articles[quote.article_id].text[quote.start : quote.end] == quote.words


def _tally(kind: str, outcomes: Sequence[tuple[Quote, bool]]) -> Tally:
    accepted = [quote for quote, held in outcomes if held]
    return Tally(kind, len(outcomes), len(accepted), tuple(accepted[:3]))


def _finder(by_id: Mapping[str, Article]) -> Callable[[str], Article]:
    def article(article_id: str) -> Article:
        if article_id not in by_id:
            raise UnknownArticleError(
                f"no article has the id {article_id!r}, expected one of {len(by_id)}. Correct it."
            )
        return by_id[article_id]

    return article


def main(
    corpus: Annotated[Path, typer.Option(help="A folder of text files.")] = Path("seeds"),
    n: Annotated[int, typer.Option(help="How many mutated quotes.")] = 2000,
    seed: Annotated[int, typer.Option(help="Another seed draws other quotes.")] = 0,
) -> None:
    """Print per mutation how many quotes were tried and accepted. Exits 1 unless 0 mutants and all controls were."""
    from rag.verification.citations import resolve_quote

    articles = read_articles(corpus)
    if not articles:
        raise typer.BadParameter(f"{corpus} holds no .txt or .md file, expected articles. Name another folder.")
    control, *mutants = attack(resolve_quote, articles, n=n, seed=seed)
    shown = Table("quotes", "tried", "accepted")
    for tally in (control, *mutants):
        shown.add_row(tally.kind, str(tally.tried), str(tally.accepted))
    shown.add_row("all mutants", str(sum(t.tried for t in mutants)), str(sum(t.accepted for t in mutants)))
    Console().print(shown)
    for tally in mutants:
        for quote in tally.examples:
            typer.echo(f"accepted although {tally.kind}: {quote}", err=True)
    if control.accepted != control.tried or any(tally.accepted for tally in mutants):
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
