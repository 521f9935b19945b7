"""A letter of Outlook (MSG), made by hand: a compound file whose streams are all long enough to need no small sectors."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from datetime import UTC, date, datetime

SECTOR = 512
LEAST = 4096  # shorter streams would lie in sectors of another size
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def letter_bytes(subject: str, sender: str, body: str, day: date) -> bytes:
    """Return a letter that was sent on a day."""
    words = {"0037": subject, "0C1A": sender, "1000": body}
    streams = {f"__substg1.0_{number}001F": value.encode("utf-16-le") for number, value in words.items()}
    since = datetime(day.year, day.month, day.day, 12, tzinfo=UTC) - datetime(1601, 1, 1, tzinfo=UTC)
    stamp = int(since.total_seconds()) * 10_000_000
    return compound_bytes(streams | {"__properties_version1.0": bytes(32) + struct.pack("<HHIQ", 0x40, 0x39, 6, stamp)})


def compound_bytes(streams: Mapping[str, bytes]) -> bytes:
    """Return a compound file with these streams, each filled up with zeros."""
    ordered = sorted(streams.items(), key=lambda one: (len(one[0]), one[0].upper()))
    sectors: list[bytes] = []
    chains: list[tuple[int, int]] = []
    for _, data in ordered:
        padded = data.ljust(max(LEAST, -(-len(data) // SECTOR) * SECTOR), b"\0")
        chains.append((len(sectors), len(padded)))
        sectors += [padded[at : at + SECTOR] for at in range(0, len(padded), SECTOR)]
    links = [at + 1 for at in range(len(sectors))]
    for first, size in chains:
        links[first + size // SECTOR - 1] = END
    entries = [_entry("Root Entry", 5, FREE, 1 if ordered else FREE, END, 0)]
    for at, ((name, _), (first, size)) in enumerate(zip(ordered, chains, strict=True), start=1):
        entries.append(_entry(name, 2, at + 1 if at < len(ordered) else FREE, FREE, first, size))
    while len(entries) % 4:
        entries.append(_entry("", 0, FREE, FREE, 0, 0))
    directory = len(sectors)
    table = b"".join(entries)
    sectors += [table[at : at + SECTOR] for at in range(0, len(table), SECTOR)]
    links += [at + 1 for at in range(directory, len(sectors) - 1)] + [END]
    count = -(-(len(links) + 1) // 127)
    fat_at = len(sectors)
    links += [FAT] * count
    links += [FREE] * (count * 128 - len(links))
    fat = struct.pack(f"<{len(links)}I", *links)
    places = [*range(fat_at, fat_at + count), *[FREE] * (109 - count)]
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6xII", 0x3E, 3, 0xFFFE, 9, 6, 0, count)
    )
    header += struct.pack("<IIIIIII", directory, 0, LEAST, END, 0, END, 0) + struct.pack("<109I", *places)
    return header + b"".join(sectors) + fat


def _entry(name: str, kind: int, right: int, child: int, first: int, size: int) -> bytes:
    written = name.encode("utf-16-le")
    head = written.ljust(64, b"\0") + struct.pack(
        "<HBBIII", len(written) + 2 if name else 0, kind, 1, FREE, right, child
    )
    return head + bytes(36) + struct.pack("<IQ", first, size)
