"""Files spoiled at random: cut, flipped, spliced, repeated, nested, with control characters and huge numbers in them."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from .files import unzipped, zip_bytes

CONTROLS = [bytes([code]) for code in (0, 1, 7, 8, 11, 12, 13, 26, 27, 127)] + [
    mark.encode() for mark in ("\ufeff", "\u200b", "\u202e", "\u2028", "\x85", "\ufffd", "\u0301")
]
ENCODINGS = ("utf-16", "utf-16-be", "utf-32", "utf-8-sig", "cp1252", "cp1251", "cp932", "gb18030", "koi8_r", "utf-7")
NUMBERS = (b"0", b"-1", b"2147483648", b"4294967295", b"18446744073709551616", b"9" * 40, b"1e999", b"NaN")
NESTS = (
    (b"<div>", b"</div>"),
    (b"<table><tr><td>", b""),
    (b"<b><i>", b""),
    (b"[", b"]"),
    (b'{"a":', b"}"),
    (b"<<", b">>"),
    (b"(", b")"),
    (b"> ", b""),
    (b'"', b'"'),
    (b"\n\n", b""),
)

Mutation = Callable[[bytes, random.Random, Sequence[bytes]], bytes]


def mutated(data: bytes, draw: random.Random, others: Sequence[bytes]) -> bytes:
    """Return the file after one to three changes; in every other archive it is a file inside that is changed."""
    for _ in range(draw.randrange(1, 4)):
        mutation = draw.choice(MUTATIONS)
        packed = data[:2] == b"PK" and draw.random() < 0.5
        data = _inside(data, draw, others, mutation) if packed else mutation(data, draw, others)
    return data


def _inside(data: bytes, draw: random.Random, others: Sequence[bytes], mutation: Mutation) -> bytes:
    """Change a file in an archive, and pack it again, so that what reads the file sees the change."""
    try:
        members = unzipped(data)
    except Exception:  # already spoiled
        return mutation(data, draw, others)
    if not members:
        return data
    name = max(members, key=lambda one: len(members[one])) if draw.random() < 0.6 else draw.choice(list(members))
    members[name] = mutation(members[name], draw, others)
    return zip_bytes(members)


def _stretch(data: bytes, draw: random.Random, longest: int = 400) -> tuple[int, int]:
    start = draw.randrange(len(data) + 1)
    return start, min(len(data), start + draw.randrange(1, longest))


def _cut(data: bytes, draw: random.Random, _: Sequence[bytes]) -> bytes:
    return data[: draw.randrange(len(data) + 1)]


def _flipped(data: bytes, draw: random.Random, _: Sequence[bytes]) -> bytes:
    changed = bytearray(data)
    for _number in range(min(len(changed), draw.choice((1, 2, 8, 64)))):
        changed[draw.randrange(len(changed))] ^= 1 << draw.randrange(8)
    return bytes(changed)


def _spliced(data: bytes, draw: random.Random, others: Sequence[bytes]) -> bytes:
    other = draw.choice(others)
    start, end = _stretch(other, draw, 2_000)
    at = draw.randrange(len(data) + 1)
    return data[:at] + other[start:end] + data[at + draw.choice((0, end - start)) :]


def _repeated(data: bytes, draw: random.Random, _: Sequence[bytes]) -> bytes:
    start, end = _stretch(data, draw)
    return data[:start] + data[start:end] * draw.choice((2, 10, 200)) + data[end:]


def _removed(data: bytes, draw: random.Random, _: Sequence[bytes]) -> bytes:
    start, end = _stretch(data, draw)
    return data[:start] + data[end:]


def _overwritten(data: bytes, draw: random.Random, _: Sequence[bytes]) -> bytes:
    start, end = _stretch(data, draw)
    return (
        data[:start] + draw.choice((bytes(end - start), b" " * (end - start), draw.randbytes(end - start))) + data[end:]
    )


def _controls(data: bytes, draw: random.Random, _: Sequence[bytes]) -> bytes:
    for _number in range(draw.choice((1, 3, 20))):
        at = draw.randrange(len(data) + 1)
        data = data[:at] + draw.choice(CONTROLS) + data[at:]
    return data


def _recoded(data: bytes, draw: random.Random, _: Sequence[bytes]) -> bytes:
    return data.decode("utf-8", "replace").encode(draw.choice(ENCODINGS), "replace")


def _nested(data: bytes, draw: random.Random, _: Sequence[bytes]) -> bytes:
    opening, closing = draw.choice(NESTS)
    depth = draw.choice((3, 50, 2_000, 20_000))
    start, end = _stretch(data, draw)
    return data[:start] + opening * depth + data[start:end] + closing * depth + data[end:]


def _huge_numbers(data: bytes, draw: random.Random, _: Sequence[bytes]) -> bytes:
    found = list(re.finditer(rb"\d+", data))
    for match in sorted(draw.sample(found, min(len(found), draw.choice((1, 3, 10)))), key=re.Match.start, reverse=True):
        data = data[: match.start()] + draw.choice(NUMBERS) + data[match.end() :]
    return data


def _lines_shuffled(data: bytes, draw: random.Random, _: Sequence[bytes]) -> bytes:
    lines = data.split(b"\n")
    draw.shuffle(lines)
    return b"\n".join(lines)


MUTATIONS: tuple[Mutation, ...] = (
    _cut,
    _flipped,
    _spliced,
    _repeated,
    _removed,
    _overwritten,
    _controls,
    _recoded,
    _nested,
    _huge_numbers,
    _lines_shuffled,
)
