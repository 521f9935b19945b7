"""A folder of files of many formats, made from known articles: is each found once, with its fields, and with all of its words.

`python -m eval.benchmarks.formats` makes the folder from the articles of this checkout; with `--data DATA`, from those of
DATA/written. A field counts where the file tells it. Words are lost in silence when the article lacks them and no note says so.
"""

from __future__ import annotations

import json
import sys
import tempfile
from argparse import ArgumentParser
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from rag.errors import ReadingError
from rag.loading.sandbox import ReadingProcess
from rag.schema import Article

from ..stress.format_files import MAKERS
from ..stress.office_files import Story
from .extraction import WORD, shingles

HOME = Path(__file__).parents[2]
OUTLETS = ("The Tarnbrook Argus", "County Mail", "Valley Courier", "Sornet Gazette", "Lask Evening Mail")
AUTHORS = ("Edda Rowan", "Oskar Linde", "Ida Berg", "Lise Amar", "Hugh Penn", "Mara Quist", "Jonna Pries")
FILES = 200
FOUND = 0.5  # of the shingles of an article must stand in the one that is taken for it


@dataclass(frozen=True, slots=True)
class Score:
    """What became of one article: how often it was found, the words by F1, those lost without a note, each field right."""

    ending: str
    found: int
    f1: float
    words: int
    lost: int
    fields: dict[str, bool]


def stories(data: Path | None) -> list[Story]:
    """Return known articles: of DATA/written if given, else of this checkout, each under an invented paper, name and day."""
    texts = list(_written(data) if data else _own())
    return [
        Story(title, OUTLETS[at % 5], AUTHORS[at % 7], date(2024, 1, 1) + timedelta(days=at), tuple(paragraphs))
        for at, (title, paragraphs) in enumerate(texts)
    ]


def _written(data: Path) -> Iterator[tuple[str, list[str]]]:
    for path in sorted((data / "written").glob("train-*.jsonl")):
        yield from _records(path)


def _own() -> Iterator[tuple[str, list[str]]]:
    for path in sorted((HOME / "seeds").glob("*.txt")) + sorted((HOME / "tests/articles").glob("*.txt")):
        lines = [" ".join(line.split()) for line in path.read_text(encoding="utf-8", errors="replace").splitlines()]
        long = [line for line in lines if len(line) > 120][:12]
        if len(long) >= 3:
            yield " ".join(long[0].split()[:8]).rstrip(",;:."), long
    for path in sorted((HOME / "eval/cases").glob("written_*articles.jsonl")):
        yield from _records(path)


def _records(path: Path) -> Iterator[tuple[str, list[str]]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        yield record["title"], [" ".join(sentences) for sentences in record["p"]]


def make(folder: Path, known: Sequence[Story], *, files: int) -> dict[str, list[Story]]:
    """Write `files` files, of each format in turn, and return which articles each holds. No article is in two files."""
    made: dict[str, list[Story]] = {}
    waiting = list(known)
    for number in range(files):
        ending = list(MAKERS)[number % len(MAKERS)]
        count, _, maker = MAKERS[ending]
        taken, waiting = waiting[:count], waiting[count:]
        if len(taken) < count:
            break
        name = f"{number:03d}.{ending}"
        one_outlet = [Story(one.title, taken[0].outlet, one.author, one.day, one.paragraphs) for one in taken]
        (folder / name).write_bytes(maker(one_outlet))
        made[name] = one_outlet
    return made


def score(folder: Path, made: dict[str, list[Story]]) -> list[Score]:
    """Read each file and compare. A file that cannot be read has found nothing."""
    scores: list[Score] = []
    with ReadingProcess() as process:
        for name, held in made.items():
            try:
                found = [one for one in process.read(folder / name) if isinstance(one, Article)]
            except ReadingError as error:
                sys.stderr.write(f"{error}\n")
                found = []
            scores += [score_one(name.partition(".")[2], one, found) for one in held]
    return scores


def score_one(ending: str, story: Story, found: Sequence[Article]) -> Score:
    wanted = shingles("\n".join(story.paragraphs))
    shares = [((wanted & shingles(one.text)).total() / wanted.total(), one) for one in found]
    taken = [one for share, one in sorted(shares, key=lambda pair: -pair[0]) if share >= FOUND]
    words = Counter(WORD.findall("\n".join(story.paragraphs)))
    if not taken:
        return Score(ending, 0, 0.0, words.total(), words.total(), dict.fromkeys(MAKERS[ending][1], False))
    article = taken[0]
    got = shingles(_body(article, story))
    f1 = 2 * (wanted & got).total() / (wanted.total() + got.total())
    lost = 0 if article.notes else (words - Counter(WORD.findall(article.text))).total()
    expected = {"title": story.title, "outlet": story.outlet, "author": story.author, "published": story.day}
    right = {name: getattr(article, name) == expected[name] for name in MAKERS[ending][1]}
    return Score(ending, len(taken), f1, words.total(), lost, right)


def _body(article: Article, story: Story) -> str:
    """Return the text without the lines that tell title, author and day, which are no part of what was known as the text."""
    told = {story.title, f"By {story.author}", str(story.day), f"{story.day.day} {story.day:%B %Y}"}
    lines = [line for line in article.text.split("\n") if line.strip() not in told]
    return "\n".join(line.partition("] ")[2] if line.startswith("[0:") else line for line in lines)


def table(scores: Sequence[Score]) -> str:
    """Return a row a format and one for all, as a Markdown table."""
    groups: dict[str, list[Score]] = defaultdict(list)
    for one in scores:
        groups[one.ending].append(one)
    lines = [
        "| format | articles | found once | title | outlet | author | day | text F1 | words lost without a note |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, group in [*groups.items(), ("all", list(scores))]:
        once = sum(one.found == 1 for one in group) / len(group)
        fields = [
            _share([one.fields[field] for one in group if field in one.fields])
            for field in ("title", "outlet", "author", "published")
        ]
        f1 = sum(one.f1 for one in group) / len(group)
        lost, words = sum(one.lost for one in group), sum(one.words for one in group)
        lines.append(f"| {name} | {len(group)} | {once:.3f} | {' | '.join(fields)} | {f1:.4f} | {lost} of {words:,} |")
    return "\n".join(lines) + "\n"


def _share(right: Sequence[bool]) -> str:
    return f"{sum(right) / len(right):.3f}" if right else "–"


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the folder, read it, and print the table."""
    parser = ArgumentParser(prog="python -m eval.benchmarks.formats", description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, help="the folder of data, with written/ in it")
    parser.add_argument("--files", type=int, default=FILES, help=f"how many files (default: {FILES})")
    parser.add_argument("--out", type=Path, help="a folder to write the table to")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = make(folder, stories(given.data), files=given.files)
        shown = f"{len(made)} files of {len({name.partition('.')[2] for name in made})} formats\n\n"
        shown += table(score(folder, made))
    sys.stdout.write(shown)
    if given.out:
        given.out.mkdir(parents=True, exist_ok=True)
        (given.out / "summary.md").write_text(shown, encoding="utf-8")


if __name__ == "__main__":
    main()
