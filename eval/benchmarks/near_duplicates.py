"""Near copies against different articles: how well they are grouped, and what that costs when an article is added.

`python -m eval.benchmarks.near_duplicates [--data DATA]` makes copies of the seed and test articles (with DATA: of 181 web pages and 91
encyclopaedia articles, each of these parted into two of the same subject) and groups them as an index does, each kind of copy
in an index of its own. The threshold was chosen on half of the stories, told by a hash; the other half measures it.
"""

from __future__ import annotations

import hashlib
import json
import random
import sqlite3
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from rag import Article
from rag.index import near_duplicates
from rag.index.database import SCHEMA
from rag.index.tables import write_text
from rag.loading import read_path
from rag.loading.articles import article_from_text
from rag.settings import DATABASE

from ..intervals import wilson
from ..stress.scene import created

ROOT = Path(__file__).parents[2]
KINDS = (
    "edited 2 %",
    "edited 5 %",
    "cut to 70 %",
    "cut to 40 %",
    "other headline",
    "furniture",
    "quotes another",
    "all",
)
THRESHOLDS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
MOST_PARAGRAPHS = 24  # of an encyclopaedia article: half of them are one story, half another
LEAST_WORDS = 60
BEFORE = "Good morning and welcome. You are reading a story from our partners, chosen by our editors for you today."
AFTER = (
    "Thank you for reading this far. Our reporters travel the world to bring you stories that matter, and readers like you make "
    "that possible. If you value independent journalism, consider becoming a member, from as little as two pounds a month. "
    "Already a member? You can share this story with three friends for free, using the button at the top of the page."
)


@dataclass(frozen=True, slots=True)
class Story:
    """A text of which copies are made."""

    name: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grouped:
    """What became of the copies of one kind: how many are with their original, and the pairs in groups, right and wrong."""

    kind: str
    found: int
    made: int
    right_pairs: int
    wrong_pairs: tuple[tuple[str, str], ...]


def stories(data: Path | None) -> list[Story]:
    """Return the texts of at least `LEAST_WORDS` words, in a fixed order."""
    found = [_story(path.name, _body(path)) for folder in ("seeds", "tests/articles") for path in _files(ROOT / folder)]
    if data:
        pages = json.loads((data / "extraction" / "ground-truth.json").read_text(encoding="utf-8"))
        found += [_story(f"page {name}", pages[name]["articleBody"].split("\n")) for name in sorted(pages)]
        for path in sorted((data / "reading").glob("*wiki*.json")) + sorted((data / "reading").glob("squad*.json")):
            for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
                texts = [paragraph["context"] for paragraph in article["paragraphs"]][:MOST_PARAGRAPHS]
                found += [_story(f"{path.stem} {article['title']} {part}", texts[part::2]) for part in (0, 1)]
    return [one for one in found if sum(len(text.split()) for text in one.paragraphs) >= LEAST_WORDS]


def is_held_out(story: Story) -> bool:
    return bool(int(hashlib.sha256(story.name.encode()).hexdigest(), 16) % 2)


def copy_of(story: Story, kind: str, *, other: Story, draw: random.Random) -> Article:
    """Return a copy; `other` is what it quotes, if that is its kind."""
    paragraphs, title = list(story.paragraphs), _title(story)
    if kind in ("cut to 70 %", "cut to 40 %", "all"):
        paragraphs = _cut(paragraphs, {"cut to 70 %": 0.7, "cut to 40 %": 0.4, "all": 0.8}[kind])
    if kind in ("edited 2 %", "edited 5 %", "all"):
        paragraphs = [_edited(text, {"edited 5 %": 0.05}.get(kind, 0.02), draw) for text in paragraphs]
    if kind in ("other headline", "all"):
        title = f"What we know: {' '.join(reversed(title.split()[:6]))}\nBy Mara Quill, Staff Writer"
    if kind in ("furniture", "all"):
        paragraphs = [BEFORE, *paragraphs, AFTER]
    if kind == "quotes another":
        quoted = max(other.paragraphs, key=len)[:600].rpartition(" ")[0]
        paragraphs.insert(len(paragraphs) // 2, f"As another paper wrote: {quoted}")
    return article_from_text("\n\n".join([title, *paragraphs]), source=f"{kind} {story.name}")


def original_of(story: Story) -> Article:
    return article_from_text("\n\n".join([_title(story), *story.paragraphs]), source=story.name)


def grouped(kind: str, told: Sequence[Story]) -> Grouped:
    """Return how originals and their copies of one kind are grouped in an index of nothing else."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for statement in SCHEMA.split(";"):
        connection.execute(statement)
    draw = random.Random(kind)
    articles = [original_of(story) for story in told]
    articles += [copy_of(one, kind, other=told[at - 1], draw=draw) for at, one in enumerate(told)]
    for number, article in enumerate(articles):
        write_text(connection, article, number=number)
        near_duplicates.add(connection, number, article)
    near_duplicates.settle(connection)
    groups = dict(connection.execute("SELECT number, original FROM copies"))
    connection.close()
    n = len(told)
    together = [(a, b) for a in groups for b in groups if a < b and groups[a] == groups[b]]
    wrong = tuple((articles[a].source, articles[b].source) for a, b in together if a % n != b % n)
    found = sum(groups[at] == groups[at + n] for at in range(n))
    return Grouped(kind, found, n, len(together) - len(wrong), wrong)


def table(results: Sequence[Grouped]) -> str:
    """Return recall by kind of copy, and the precision of all pairs, as Markdown."""
    lines = ["| copies | n | with their original | 95 % |", "| --- | --- | --- | --- |"]
    for one in results:
        interval = wilson(one.found, one.made)
        share = one.found / one.made
        lines.append(f"| {one.kind} | {one.made} | {share:.3f} | {interval.low:.3f} to {interval.high:.3f} |")
    right, wrong = sum(one.right_pairs for one in results), sum(len(one.wrong_pairs) for one in results)
    lines.append(
        f"\nPairs in one group: {right + wrong}, of the same story {right} ({right / max(1, right + wrong):.4f})."
    )
    lines += [f"wrong: {one.kind}: {a} with {b}" for one in results for a, b in one.wrong_pairs]
    return "\n".join(lines) + "\n"


def threshold_table(told: Sequence[Story]) -> str:
    """Return, for each threshold of the shared shingles alone, the share of copies above it, and the pairs of others."""
    draw = random.Random(1)
    originals = [near_duplicates.wording(original_of(story)).whole for story in told]
    made = {
        kind: [
            near_duplicates.wording(copy_of(one, kind, other=told[at - 1], draw=draw)).whole
            for at, one in enumerate(told)
        ]
        for kind in KINDS
    }
    likes = {kind: list(map(near_duplicates.shared, originals, made[kind])) for kind in KINDS}
    n = len(told)
    others = [
        near_duplicates.shared(originals[a], made[kind][b])
        for kind in KINDS[-3:]
        for a in range(n)
        for b in range(n)
        if a != b
    ]
    lines = [
        f"| threshold | {' | '.join(KINDS)} | pairs of others, of {len(others)} |",
        "| --- " * (len(KINDS) + 2) + "|",
    ]
    for least in THRESHOLDS:
        shares = [f"{sum(like >= least for like in likes[kind]) / n:.3f}" for kind in KINDS]
        lines.append(f"| {least} | {' | '.join(shares)} | {sum(like >= least for like in others)} |")
    return "\n".join(lines) + "\n"


def cost(articles: int, *, repeats: int = 15) -> tuple[float, float]:
    """Return the median seconds of processor time of adding one article to `articles` others, with grouping and without.

    Of the others there are only their bands: what else is in the index plays no part in grouping.
    """
    draw = random.Random(articles)
    entered, settled = near_duplicates.add, near_duplicates.settle
    seconds: dict[bool, list[float]] = {True: [], False: []}
    with tempfile.TemporaryDirectory() as folder:
        with created(Path(folder)) as corpus:
            corpus.add(_article("first", draw))
            with sqlite3.connect(Path(folder) / DATABASE) as connection:
                bands = near_duplicates.WHOLE[0] + near_duplicates.LEAD[0]
                rows = ((draw.getrandbits(63), 10**6 + at // bands) for at in range(articles * bands))
                connection.executemany("INSERT INTO bands VALUES (?, ?)", sorted(rows))
            connection.close()
            for at in range(2 * repeats):
                article, grouping = _article(f"new {at}", draw), at % 2 == 0
                near_duplicates.add, near_duplicates.settle = (entered, settled) if grouping else (_nothing, _nothing)
                start = time.process_time()
                corpus.add(article)
                seconds[grouping].append(time.process_time() - start)
        near_duplicates.add, near_duplicates.settle = entered, settled
    return median(seconds[True]), median(seconds[False])


def _nothing(*arguments: object, **named: object) -> None:
    return None


def _article(name: str, draw: random.Random) -> Article:
    """About 600 words, like nothing else."""
    sentences = (" ".join(f"w{draw.getrandbits(13)}" for _ in range(20)).capitalize() + "." for _ in range(30))
    return Article("", name, " ".join(sentences), name)


def _story(name: str, paragraphs: Sequence[str]) -> Story:
    return Story(name, tuple(text for text in map(str.strip, paragraphs) if text))


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix in (".txt", ".md"))


def _body(path: Path) -> list[str]:
    (article,) = read_path(path)
    assert isinstance(article, Article)
    return [article.text[one.start : one.end] for one in article.sections if one.kind == "body"]


def _title(story: Story) -> str:
    return " ".join(story.paragraphs[0].split()[:9]).rstrip(".,;:")


def _cut(paragraphs: Sequence[str], share: float) -> list[str]:
    """The beginning, to the end of the sentence in which the share is reached."""
    text = "\n\n".join(paragraphs)
    end = text.find(". ", int(len(text) * share))
    return text[: end + 1 if end >= 0 else None].split("\n\n")


def _edited(text: str, share: float, draw: random.Random) -> str:
    """Some words dropped, and some replaced by others of the text."""
    words = text.split(" ")
    kept: list[str] = []
    for word in words:
        chance = draw.random()
        if chance < share / 2:
            continue
        kept.append(draw.choice(words) if chance < share else word)
    return " ".join(kept)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = ArgumentParser(prog="python -m eval.benchmarks.near_duplicates", description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, help="the folder of public data, with extraction/ and reading/ in it")
    parser.add_argument("--articles", type=int, default=100_000, help="how many others an article is added to")
    given = parser.parse_args(arguments)
    sys.stdout.writelines(report(stories(given.data), articles=given.articles))


def report(told: Sequence[Story], *, articles: int) -> Iterator[str]:
    """Yield the tables one after the other."""
    halves = {held: [story for story in told if is_held_out(story) is held] for held in (False, True)}
    yield f"Chosen on ({len(halves[False])} stories), by threshold:\n\n{threshold_table(halves[False])}\n"
    for held, name in ((False, "Chosen on"), (True, "Held out")):
        yield f"{name} ({len(halves[held])} stories):\n\n{table([grouped(kind, halves[held]) for kind in KINDS])}\n"
    for size in (0, articles):
        grouping, plain = cost(size)
        yield (
            f"Adding one article of 600 words to {size:,}: {grouping * 1000:.1f} ms, without grouping {plain * 1000:.1f} ms "
            f"(ratio {grouping / plain:.2f}), of processor time, embedding left out.\n"
        )


if __name__ == "__main__":
    main()
