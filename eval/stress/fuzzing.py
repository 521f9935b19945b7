"""Spoiled files over every reader: each must be read or refused with a message, and what is read must keep its promises.

Four of five inputs are files of each format, spoiled as in mutations.py; the fifth is drawn by hypothesis. Input number n of a
format is the same at every run with the same seed and files. An input at which something goes wrong is saved;
`python -m eval.stress.fuzzing FILE` reads it again.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from rag.errors import ReadingError
from rag.index.splitting import split
from rag.loading import Unread
from rag.loading.articles import article_id
from rag.loading.sandbox import ReadingProcess
from rag.schema import Article

from .files import pdf_bytes, word_bytes, zip_bytes
from .format_files import MAKERS
from .mutations import mutated
from .office_files import Story
from .scene import Outcome

HOME = Path(__file__).parents[2]
SAVED = Path("eval/runs/fuzzing")
WORDS_IN_STRINGS = ("title", "source", "outlet", "author", "language", "address")
DRAWN = 5  # of so many inputs one is drawn by hypothesis
SMALL = 60_000  # bytes: of longer files the beginning is taken, so that thousands are read in an hour
LOST = re.compile(r"makes its reader crash|takes more than|needs more")


def run(
    *,
    inputs: int,
    seed: int = 1,
    data: Path | None = None,
    saved: Path = SAVED,
    told: Callable[[str], None] = print,
) -> Outcome:
    """Read `inputs` spoiled files, as many of each format. `data` may hold web pages as DATA/extraction/html/*.html.gz."""
    outcome = Outcome("fuzzing")
    wholes = whole_files(data)
    everything = [one for files in wholes.values() for one in files]
    totals: Counter[str] = Counter()
    slowest = 0.0
    with tempfile.TemporaryDirectory() as folder, ReadingProcess() as process:
        for at, (ending, files) in enumerate(wholes.items()):
            count = inputs // len(wholes) + (at < inputs % len(wholes))
            met: Counter[str] = Counter()
            for number, given in enumerate(_inputs(ending, files, everything, count, seed)):
                path = Path(folder) / f"input.{ending}"
                path.write_bytes(given)
                begun = time.perf_counter()
                outcomes, wrong = outcome_of(path, process)
                slowest = max(slowest, time.perf_counter() - begun)
                met.update(outcomes)
                if wrong:
                    kept = saved / f"{seed}-{number}.{ending}"
                    saved.mkdir(parents=True, exist_ok=True)
                    kept.write_bytes(given)
                    outcome.failures.append(f"{kept}: {wrong[0]}")
                if number % 500 == 499:
                    told(f"fuzzing {ending}: {number + 1} of {count}, {len(outcome.failures)} failures")
            outcome.figures[ending] = ", ".join(f"{number} {name}" for name, number in met.most_common())
            totals.update(met)
    sums: dict[str, float | int | str] = {"inputs": inputs, "slowest seconds": round(slowest, 1)}
    outcome.figures = sums | dict(totals.most_common()) | outcome.figures
    return outcome


def outcome_of(path: Path, process: ReadingProcess) -> tuple[Counter[str], list[str]]:
    """Return what became of a file, counted by name, and what went wrong that must not."""
    try:
        found = process.read(path)
    except ReadingError as error:
        return _refused(str(error), str(path))
    except Exception as error:
        return Counter(["crashes of the program"]), [f"{type(error).__name__}: {error}"[:300]]
    counts = Counter(["read"])
    wrong: list[str] = []
    for one in found:
        if isinstance(one, Unread) and one.ignored:
            counts["ignored parts"] += 1
            continue
        if isinstance(one, Unread):
            refused, said = _refused(one.reason, "")
            counts.update({f"{name} (a part)": number for name, number in refused.items()})
        else:
            counts["articles"] += 1
            said = list(faults(one))
            counts["broken promises"] += bool(said)
        wrong += said
    return +counts, wrong


def faults(article: Article) -> Iterator[str]:
    """Yield each promise of an article that this one breaks: of its id, text, sections, pages, names and passages."""
    text = article.text
    if article.id != article_id(article):
        yield "its id is not that of its text, outlet and day"
    if "\r" in text or text.startswith("\ufeff") or "\0" in text or not text.strip():
        yield "its text is blank, or holds a carriage return, a byte order mark or a NUL"
    position = 0
    for section in article.sections:
        if not position <= section.start < section.end <= len(text) or text[position : section.start].strip():
            yield f"section {section} overlaps another, lies outside the text, or leaves words out before it"
        position = section.end
    if text[position:].strip():
        yield "its sections leave out the end of the text"
    if list(article.pages) != sorted(article.pages) or not all(0 <= page <= len(text) for page in article.pages):
        yield "its pages are not in order within the text"
    for name in WORDS_IN_STRINGS:
        words = getattr(article, name) or ""
        if words.encode("utf-8", "replace").decode() != words or (name != "source" and "\n" in words):
            yield f"its {name} {words[:50]!r} holds half a character or a line break"
    for name in ("title", "outlet", "author", "published", "language", "address"):
        if (name in article.origins) != bool(getattr(article, name)):
            yield f"its {name} has no origin, or an origin and no value"
    for passage in split(article, passage_tokens=160):
        borders = [at for span in passage.sentences for at in span]
        inside = all(passage.start <= at <= passage.end for at in borders)
        if passage.text != text[passage.start : passage.end] or not inside or borders != sorted(borders):
            yield f"the passage at {passage.start} is no exact slice, or its sentences lie outside it"


def whole_files(data: Path | None = None) -> dict[str, list[bytes]]:
    """Return whole files by ending: the articles of this checkout, and files made of them."""
    texts = [_read(path) for folder in ("seeds", "tests/articles") for path in sorted((HOME / folder).glob("*.*"))]
    texts = [one for one in texts if one.strip()]
    words = [one.decode("utf-8", "replace").replace("\r", "") for one in texts]
    lines = [[line for line in one.split("\n") if line.strip()][:40] for one in words]
    plain = [[line.encode("cp1252", "ignore").decode("cp1252") for line in one] for one in lines]
    pages = [_read(path) for path in sorted((HOME / "tests/articles/pages").glob("*.html"))]
    pages += [f"<html><body><article><p>{'</p><p>'.join(one)}</p></article></body></html>".encode() for one in lines]
    for path in sorted((data / "extraction" / "html").glob("*.html.gz")) if data else ():
        pages.append(gzip.decompress(path.read_bytes())[:SMALL])
    records = [{"title": one[0], "text": "\n".join(one), "date": "2024-05-01", "author": "Ida Berg"} for one in lines]
    mails = [_mail(one, page) for one, page in zip(words, pages, strict=False)]
    pdfs = [pdf_bytes(one[:10], one[10:], properties={"/Title": one[0], "/Author": "Ida Berg"}) for one in plain]
    documents = [word_bytes((one[0], "Title"), *one[1:], rows=[one[:2], one[-2:]]) for one in lines[:6] if one[1:]]
    stories = [
        Story(one[0][:80], "Gazette", "Ida Berg", date(2024, 5, 1), tuple(one[1:9] or one)) for one in plain if one
    ]
    made = {
        ending: [maker(stories[at : at + count]) for at in range(0, min(len(stories) - count, 8))]
        for ending, (count, _, maker) in MAKERS.items()
    }
    members = {"a/one.txt": texts[0], "b.html": pages[0], "c.pdf": pdfs[0], "d.eml": mails[0]}
    return made | {
        "txt": texts,
        "html": pages,
        "pdf": pdfs,
        "docx": documents,
        "eml": mails,
        "json": [json.dumps(records[at : at + 4]).encode() for at in range(0, len(records), 4)],
        "jsonl": ["\n".join(map(json.dumps, records[at : at + 4])).encode() for at in range(0, len(records), 4)],
        "csv": [_table(records, separator) for separator in ",;\t"],
        "zip": [zip_bytes(members), zip_bytes({"inner.zip": zip_bytes(members), "d.docx": documents[0]})],
    }


def _read(path: Path) -> bytes:
    return path.read_bytes()[:SMALL]


def _table(records: list[dict[str, str]], separator: str) -> bytes:
    file = io.StringIO()
    writer = csv.DictWriter(file, records[0], delimiter=separator)
    writer.writeheader()
    writer.writerows(records[:8])
    return file.getvalue().encode()


def _mail(words: str, page: bytes) -> bytes:
    from email.message import EmailMessage

    message = EmailMessage()
    message["Subject"], message["From"], message["Date"] = "Harbour", "Ida Berg <ida@x.org>", "Wed, 1 May 2024 10:00:00"
    message.set_content(words)
    message.add_alternative(page.decode("utf-8", "replace"), subtype="html")
    message.add_attachment(page, maintype="text", subtype="html", filename="page.html")
    return message.as_bytes()


def _inputs(ending: str, files: list[bytes], others: list[bytes], count: int, seed: int) -> Iterator[bytes]:
    drawn = count // DRAWN
    for number in range(count - drawn):
        draw = random.Random(f"{seed} {ending} {number}")
        yield mutated(draw.choice(files), draw, others if draw.random() < 0.2 else files)
    yield from _drawn(ending, drawn, seed)


def _drawn(ending: str, count: int, seed: int) -> list[bytes]:
    """Return inputs drawn by hypothesis: small ones, full of the characters at which programs stumble."""
    import hypothesis
    from hypothesis import strategies as st

    text = st.text(max_size=200)
    value = st.recursive(
        st.none() | st.booleans() | st.floats() | text, lambda one: st.lists(one) | st.dictionaries(text, one)
    )
    tag = st.sampled_from("div p table td ul li b h1 article script style title meta template svg br".split())
    markup = st.lists(st.tuples(tag, text), max_size=20)
    makers: dict[str, st.SearchStrategy[Any]] = {
        "html": markup.map(lambda parts: "".join(f"<{one}>{words}" for one, words in parts)),
        "pdf": st.lists(st.lists(text.map(_latin), max_size=8), min_size=1, max_size=4).map(
            lambda pages: pdf_bytes(*pages)
        ),
        "docx": st.lists(text.map(_printable), max_size=8).map(lambda lines: word_bytes(*lines)),
        "eml": st.tuples(text, text).map(lambda parts: "Subject: {}\n\n{}".format(*parts)),
        "json": (value | st.lists(st.fixed_dictionaries({"text": text, "title": value}))).map(json.dumps),
        "jsonl": st.lists(st.fixed_dictionaries({"text": text, "date": value}).map(json.dumps)).map("\n".join),
        "csv": st.lists(st.tuples(text, text).map(";".join)).map(lambda rows: "text;title\n" + "\n".join(rows)),
        "zip": st.dictionaries(
            text.map(lambda words: _printable(words) or "x"), st.binary(max_size=200), max_size=5
        ).map(zip_bytes),
    }
    found: list[bytes] = []

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=max(count, 1),
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(makers.get(ending, text) | st.binary(max_size=300))
    def note(one: str | bytes) -> None:
        found.append(one if isinstance(one, bytes) else one.encode("utf-8", "surrogatepass"))

    note()
    return found[:count]


def _latin(words: str) -> str:
    return words.encode("cp1252", "ignore").decode("cp1252")


def _printable(words: str) -> str:
    return "".join(one for one in words if one.isprintable())


def _refused(message: str, path: str) -> tuple[Counter[str], list[str]]:
    if lost := LOST.search(message):
        return Counter([f"ended: {lost[0]}"]), [message[:300]]
    if "expected" not in message or path not in message:
        return Counter(["refused without advice"]), [f"the message lacks a part: {message[:300]}"]
    library = re.search(r"cannot be read as [\w -]+ \((\w+)", message)
    return Counter([f"refused over {library[1]}" if library else "refused with a message"]), []


def main() -> None:
    with ReadingProcess() as process:
        for name in sys.argv[1:]:
            counts, wrong = outcome_of(Path(name), process)
            sys.stdout.write(f"{name}: {dict(counts)} {wrong}\n")


if __name__ == "__main__":
    main()
