"""Answer → words without markup: what each status and confidence is called, the terminal's text, and Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.schema import Account, Answer, Article, Citation, Copy, Disagreement, Hit, Listed, ReadQuestion, Status

if TYPE_CHECKING:
    from rag.index.doctor import Checkup
    from rag.ingest.report import AddReport

VERDICTS: dict[Status, str] = {
    "answered": "Answered from the articles",
    "partly": "Answered in part",
    "not_found": "The articles do not say",
}

DIFFER = "Articles answer differently; see what each of them means"

MAX_NEAREST_CHARACTERS = 280  # of a passage that is shown beside a refusal
MOST_COPIES = 5  # that are named; the rest are counted

# Escape sequences recolour or rewrite a terminal; direction overrides show words in another order than they stand.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~!&$])")
# The mark that makes a line an item of a list; "3.5 million" is none.
_MARKDOWN_ITEM = re.compile(r"^(\d+(?=[.)](?:\s|$))|(?=[-+=]))(.)")

Styled = tuple[str, str]  # words and the name of a terminal style; "" for plain


def confidence_words(confidence: float | None) -> str:
    """Return the confidence as a reader would say it. It is None when nothing is known of how often these parts err."""
    if confidence is None:
        return "confidence unknown"
    if confidence >= 0.9:
        return "very likely right"
    if confidence >= 0.75:
        return "likely right"
    if confidence >= 0.5:
        return "more likely right than wrong"
    return "uncertain"


def origin(record: Article | Citation | Copy | Hit | Listed) -> str:
    """Return outlet, author and date as far as they are known: `Reuters · 3 March 2024`; empty when none is."""
    author = record.author if isinstance(record, Article) else None
    published = record.published
    day = f"{published.day} {published:%B %Y}" if published else None
    return " · ".join(part for part in (record.outlet, author, day) if part)


def titled(record: Citation | Hit) -> str:
    """Return the title, with the page where there are pages: `The annual report, p. 3`."""
    page = record.page if isinstance(record, Citation) else None
    return f"{record.title}, p. {page}" if page else record.title


def copies_words(record: Citation | Hit, *, named: Callable[[Copy], str] | None = None) -> str:
    """Return where else the same stands: `Also in 2 copies: Reuters · 3 March 2024 (a.txt), b.txt`; empty for nowhere.

    `named` gives each another name than `copy_name` does.
    """
    if not record.copies:
        return ""
    count = len(record.copies)
    names = [(named or copy_name)(copy) for copy in record.copies[:MOST_COPIES]]
    names += [f"and {count - MOST_COPIES} more"] if count > MOST_COPIES else []
    return f"Also in {count} cop{'ies' if count != 1 else 'y'}: {', '.join(names)}"


def copy_name(copy: Copy) -> str:
    """Return outlet and date as far as they are known, and the file: `Reuters · 3 March 2024 (a.txt)`."""
    file = copy.source.rsplit("/", 1)[-1]
    return f"{origin(copy)} ({file})" if origin(copy) else file


def read_words(read: ReadQuestion) -> str:
    """Return how a question was read, and what narrowed the search: `summary · Polar Desk · 3 March 2024`."""
    parts = [read.kind, *read.articles[:3], *read.outlets, *read.sides]
    if read.days:
        first, last = (f"{day.day} {day:%B %Y}" for day in read.days)
        parts.append(first if first == last else f"{first} to {last}")
    return " · ".join(parts)


def field_words(citation: Citation) -> str:
    """Return what of an article a footnote cites, and where that came from: `Its author, from the byline`; empty for its text."""
    if citation.field is None:
        return ""
    return f"Its {'day' if citation.field == 'published' else citation.field}, {_FROM.get(citation.origin or '', 'from the ' + (citation.origin or ''))}"


def verdict_words(answer: Answer) -> str:
    """Return what an answer is called; empty for a greeting, which answers nothing."""
    return "" if answer.status == "answered" and not answer.statements else VERDICTS[answer.status]


def account_name(account: Account) -> str:
    """Return who says it and when, as far as that is known: `Reuters · 3 March 2024`; for the outlet, else, the title."""
    citation = account.citation
    return origin(citation if citation.outlet else replace(citation, outlet=titled(citation)))


def differ_words(answer: Answer, disagreement: Disagreement) -> str:
    """Return what stands above the accounts; of an answer to several questions, also which of them it is about."""
    return DIFFER if disagreement.question == answer.question else f"{DIFFER}: {disagreement.question}"


def shortened(text: str, characters: int) -> str:
    """Return about as much of `text` as is given, cut between words, with an ellipsis where it was cut."""
    if len(text) <= characters:
        return text
    return text[:characters].rsplit(maxsplit=1)[0] + " …"


def printable(text: str) -> str:
    """Return `text` without what a terminal would obey instead of show, and with half characters written out."""
    return _UNPRINTABLE.sub("", text).encode("utf-8", "backslashreplace").decode()


def counted(number: int, what: str) -> str:
    """Return `1 article` or `1,340 articles`."""
    return f"{number:,} {what}{'s' if number != 1 else ''}"


def report_lines(report: AddReport) -> Iterator[list[Styled]]:
    """Yield a line for each article or file: what became of it, and if it failed, why. In order of their sources."""
    outcomes = [(source, name, "") for name in _OUTCOME_STYLES for source in getattr(report, name)]
    outcomes += [(source, "failed", f": {reason}") for source, reason in report.failed]
    for source, name, reason in sorted(outcomes):
        yield [(f"{name} ", _OUTCOME_STYLES.get(name, "bold red")), (_one_line(f"{source}{reason}"), "")]


def list_lines(articles: Iterable[Listed]) -> Iterator[list[Styled]]:
    """Yield a line for each article: title, outlet and date as far as they are known, and its sources."""
    for one in articles:
        first, *others = map(_one_line, one.sources)
        known = f" · {origin(one)}" if origin(one) else ""
        also = f" (also {', '.join(others)})" if others else ""
        yield [(" ".join(one.title.split()), "bold"), (known, "dim"), (f" · {first}", ""), (also, "dim")]


def report_summary(report: AddReport, *, removed: bool) -> str:
    """Return `2 added, 0 unchanged, 1 changed, 0 failed; 1 of these copies`; with `removed`, how many those are."""
    names = ("added", "unchanged", "changed", *(("removed",) if removed else ()), "failed")
    copies = f"; {len(report.copies):,} of these copies" if report.copies else ""
    return ", ".join(f"{len(getattr(report, name)):,} {name}" for name in names) + copies


def terminal_checkup(checkup: Checkup) -> list[Styled]:
    """Return what was found wrong with an index, as styled words, ready to be joined."""
    holds = f"{counted(checkup.articles, 'article')} with {counted(checkup.passages, 'passage')}"
    size = f"{checkup.folder} holds {holds}; checked in {checkup.seconds:.1f} s.\n"
    parts: list[Styled] = [(size, "")]
    for label, style, findings in (("repaired", "green", checkup.repaired), ("wrong", "bold red", checkup.findings)):
        for one in findings:
            parts += [(f"{label} ", style), (f"{one.part} {one.where}: {one.problem}\n", "")]
    for source in checkup.lost:
        parts += [("lost ", "bold red"), (f"{source}: its text was damaged. Add it again.\n", "")]
    if checkup.findings and not checkup.repaired:
        parts.append(("Run it with --repair to make again what can be made again.", "yellow"))
    elif checkup.findings:
        parts.append(("This could not be repaired. Move the folder away and run `citedesk index` again.", "yellow"))
    elif not checkup.lost:
        parts.append(("The index is whole.", "green"))
    return parts


def terminal(answer: Answer) -> list[Styled]:
    """Return the answer as styled words, ready to be joined: verdict, short, text, reason, what may be meant, footnotes or nearest."""
    words = confidence_words(answer.confidence) if answer.statements else ""
    head = " · ".join(filter(None, (verdict_words(answer), words)))
    parts: list[Styled] = [(head + "\n", _VERDICT_STYLES[answer.status])] if head else []
    if answer.short:
        parts.append((f"\n{answer.short}\n", "bold"))
    for disagreement in answer.disagreements:
        parts.append((f"\n{differ_words(answer, disagreement)}:\n", "yellow"))
        for account in disagreement.accounts:
            parts += [(f"  {account.words}", "bold"), (f" · {account_name(account)} [{account.citation.marker}]\n", "")]
    if answer.statements:
        parts.append((f"\n{answer.text}\n", ""))
    if answer.reason:
        parts.append((f"\n{answer.reason}\n", "yellow"))
    if answer.suggestion:
        parts.append((f"\nDid you mean: {answer.suggestion}\n", ""))
    for citation in answer.citations:
        parts += _source(f"[{citation.marker}] ", citation, citation.quote, citation.source)
    if answer.nearest:
        parts.append(("\nNearest passages:\n", "dim"))
    # By place, not by rank: the reader orders anew what the search ranked.
    for number, hit in enumerate(answer.nearest, start=1):
        parts += _source(f"{number}. ", hit, shortened(hit.passage.text, MAX_NEAREST_CHARACTERS), hit.source)
    return parts


def terminal_hits(hits: Sequence[Hit]) -> list[Styled]:
    """Return what a search found as styled words, best first."""
    parts: list[Styled] = []
    for hit in hits:
        parts += _source(f"{hit.rank}. ", hit, hit.passage.text, f"{hit.source} · score {hit.score:.4f}")
    return parts


def only_label(only: str) -> str:
    """Return the words over the choice of articles, and under a question that was asked of some."""
    return f"Only some articles: {only}" if only else "Ask only some articles"


def markdown(answer: Answer, *, only: str = "") -> str:
    """Return question, answer and footnotes as Markdown, every word of them escaped; `only` is which articles were asked."""
    blocks = [f"**{_escape(answer.question)}**"]
    if only:
        blocks.append(f"*{_escape(only_label(only))}*")
    if answer.short:
        blocks.append(f"**{_escape(answer.short)}**")
    for disagreement in answer.disagreements:
        blocks.append(f"*{_escape(differ_words(answer, disagreement))}:*")
        blocks += [
            f"- **{_escape(account.words)}** · {_escape(account_name(account))}[^{account.citation.marker}]"
            for account in disagreement.accounts
        ]
    for statement in answer.statements:
        markers = "".join(f"[^{citation.marker}]" for citation in statement.citations)
        label = f"**{_escape(statement.label)}:** " if statement.label else ""
        blocks.append(label + _escape(statement.text) + markers)
    if not answer.statements and verdict_words(answer):
        blocks.append(f"*{VERDICTS[answer.status]}.*")
    if answer.reason:
        blocks.append(f"*{_escape(answer.reason)}*")
    for citation in answer.citations:
        where = " · ".join(part for part in (_escape(origin(citation)), _escape(citation.source)) if part)
        copies = f". {_escape(copies_words(citation))}" if citation.copies else ""
        blocks.append(
            f"[^{citation.marker}]: {_escape(titled(citation))} ({where}): “{_escape(citation.quote)}”{copies}"
        )
    return "\n\n".join(blocks) + "\n"


_FROM = {"": "as given", "given": "as given", "given with the article": "as given with it"}
_OUTCOME_STYLES = {"added": "green", "unchanged": "dim", "changed": "cyan", "removed": "magenta"}
_VERDICT_STYLES: dict[Status, str] = {"answered": "green", "partly": "yellow", "not_found": "bold yellow"}


def _source(lead: str, record: Citation | Hit, words: str, source: str) -> list[Styled]:
    known, copies = origin(record), copies_words(record)
    return [
        (f"\n{lead}", "bold cyan"),
        (titled(record), "bold"),
        (f" · {known}\n" if known else "\n", "dim"),
        (f"    “{' '.join(words.split())}”\n", ""),
        (f"    {source}\n", "dim"),
        (f"    {copies}\n" if copies else "", "dim"),
    ]


def _one_line(source: str) -> str:
    """A file's name may hold line breaks."""
    return source.replace("\n", "\\n")


def _escape(text: str) -> str:
    one_line = " ".join(text.split())
    return _MARKDOWN_ITEM.sub(r"\1\\\2", _MARKDOWN.sub(r"\\\1", one_line))
