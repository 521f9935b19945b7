"""JSON in which a list of entries stands under one name, as the exports of Telegram and JSON Feed have it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MEDIA = ("photo", "file", "media_type", "poll", "location_information", "contact_information")


def is_channel(data: Any) -> bool:
    """Tell whether it is the export of a channel or a chat of Telegram."""
    if not isinstance(data, Mapping) or not isinstance(data.get("messages"), list):
        return False
    messages = [one for one in data["messages"] if isinstance(one, Mapping)]
    return bool(messages) and all("type" in one and "date" in one and "text" in one for one in messages)


def channel_records(data: Mapping[str, Any]) -> tuple[list[tuple[int, dict[str, Any]]], dict[int, tuple[str, ...]]]:
    """Return a numbered record for each message with words, and what it shows beside them that is not read."""
    records: list[tuple[int, dict[str, Any]]] = []
    notes: dict[int, tuple[str, ...]] = {}
    named = str(data.get("name") or "")
    for number, message in enumerate(data["messages"], start=1):
        if not isinstance(message, Mapping) or message["type"] != "message" or not message["text"]:
            continue
        sender = str(message.get("from") or message.get("author") or "")
        record = {"id": message.get("id"), "text": message["text"], "date": message["date"], "outlet": named}
        records.append((number, record | ({"author": sender} if sender != named else {})))
        beside = [name for name in MEDIA if message.get(name)]
        notes[number] = (f"A {beside[0].partition('_')[0]} beside it was not read.",) if beside else ()
    return records, notes


def with_feed_title(data: Any) -> Any:
    """Return a JSON Feed with its title as the outlet of each item that names none; anything else as it is."""
    if not isinstance(data, Mapping) or "jsonfeed.org" not in str(data.get("version", "")):
        return data
    items = data.get("items")
    if not isinstance(items, list):
        return data
    known = {"outlet": str(data.get("title") or ""), "language": str(data.get("language") or "")}
    return {"items": [known | dict(one) if isinstance(one, Mapping) else one for one in items]}
