"""Subtitles (SRT, WebVTT) to articles: cues joined to the turns of speakers, each under the time at which it begins."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ...errors import ReadingError
from ...schema import Article
from ..articles import article_from_text
from ..decoding import decode
from ..file_bytes import read_bytes
from ..metadata.findings import Finding, language_code

TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})"
CUE = re.compile(rf"^[ \t]*{TIME}[ \t]*-->[ \t]*{TIME}[^\n]*$", re.MULTILINE)
VOICE = re.compile(r"<v(?:\.[\w.]+)?[ \t]+([^>]{1,80})>")
MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,100}>|<\d{2}[\d:.]*>|\{\\[^{}]{1,80}\}")
SPEAKER = re.compile(r"(?:>>+ ?|- ?)?([A-ZÀ-Þ][\w.'’ -]{0,40}?(?: \([^)]{1,20}\))?): +(?=\S)")
NEW_SPEAKER = re.compile(r"(?:>>+|[-–—])[ \t]*(?=\S)")
ENDED = (".", "!", "?", "…", ".”", '."', "!”", "?”", ".’", "♪")
PAUSE = 4.0  # seconds without words after a sentence, and a paragraph ends
LONG_TURN = 90.0  # seconds, and a paragraph ends with the next sentence
HEADER = re.compile(r"^(?:Language): *(.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Cue:
    start: float
    end: float
    speaker: str
    words: str
    anew: bool  # it says that another one speaks


def read_subtitles_file(path: Path) -> list[Article]:
    """Return the one article of what is spoken.

    Raises:
        ReadingError: the file cannot be read, or holds no cue.
    """
    decoded = decode(read_bytes(path), name=str(path))
    cues = list(_cues(decoded.text))
    if not cues:
        raise ReadingError(
            f"{path} holds no cue, expected times such as 00:01:02,000 --> 00:01:04,000. Export it again."
        )
    title = Finding("title", re.sub(r"\.(?:[a-z]{2}|forced)$", "", path.stem).replace("_", " "), "file name")
    language = HEADER.search(decoded.text[: decoded.text.find("-->") + 1])
    code = language_code(language[1]) if language else None
    findings = [title, *([Finding("language", code, "header")] if code else [])]
    text = "\n\n".join(_paragraphs(cues))
    return [article_from_text(text, source=str(path), encoding=decoded.encoding, findings=findings)]


def _cues(text: str) -> Iterator[_Cue]:
    marks = list(CUE.finditer(text))
    speaker, before = "", ""
    for at, mark in enumerate(marks):
        end = marks[at + 1].start() if at + 1 < len(marks) else len(text)
        body = text[mark.end() : end].strip("\n")
        body = re.sub(
            r"\n[ \t]*\n.*\Z", "", body, flags=re.DOTALL
        )  # what follows is the next one's number, or a comment
        start, last = _seconds(mark.groups()[:4]), _seconds(mark.groups()[4:])
        for line_speaker, words, anew in _said(body):
            if words == before:  # a cue that rolls up repeats the line above
                continue
            before = words
            changed = bool(line_speaker) and line_speaker != speaker
            speaker = line_speaker or ("" if anew else speaker)
            yield _Cue(start, last, speaker, words, changed or anew)


def _said(body: str) -> Iterator[tuple[str, str, bool]]:
    """Yield (speaker, words, whether another one speaks) of the lines in a cue; lines that go on are joined."""
    lines: list[tuple[str, str, bool]] = []
    for raw in body.split("\n"):
        voice = VOICE.search(raw)
        line = " ".join(html.unescape(MARKUP.sub("", raw)).replace("\u200b", "").split())
        if not line or (line.isdecimal() and raw is body):
            continue
        named = SPEAKER.match(line)
        speaker = " ".join(voice[1].split()) if voice else named[1] if named and _is_name(named[1]) else ""
        anew = not voice and NEW_SPEAKER.match(line) is not None
        words = (
            line[named.end() :]
            if named and not voice and speaker
            else NEW_SPEAKER.sub("", line, count=1)
            if anew
            else line
        )
        if lines and not speaker and not anew:
            last = lines[-1]
            lines[-1] = (last[0], f"{last[1]} {words}", last[2])
        else:
            lines.append((speaker, words, anew))
    yield from lines


def _is_name(words: str) -> bool:
    """Tell whether the words before a colon are a speaker: capitals, or a name of at most three words."""
    return words.isupper() or (words.count(" ") <= 2 and all(one[:1].isupper() for one in words.split()))


def _paragraphs(cues: list[_Cue]) -> Iterator[str]:
    """Yield each turn as one paragraph: time, speaker, words. A long one ends with a sentence."""
    at = 0
    while at < len(cues):
        first = cues[at]
        words = [first.words]
        last = first
        at += 1
        while at < len(cues) and not _parted(first, last, cues[at]):
            last = cues[at]
            words.append(last.words)
            at += 1
        who = f"{first.speaker}: " if first.speaker else ""
        yield f"[{_clock(first.start)}] {who}{' '.join(words)}"


def _parted(first: _Cue, last: _Cue, following: _Cue) -> bool:
    if following.anew or following.speaker != first.speaker:
        return True
    ended = last.words.endswith(ENDED)
    return ended and (following.start - last.end > PAUSE or following.end - first.start > LONG_TURN)


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, fraction = (part or "0" for part in parts)
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + int(fraction.ljust(3, "0")) / 1000


def _clock(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"
