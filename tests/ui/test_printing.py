"""What is printed is shown by a terminal and never obeyed."""

from __future__ import annotations

import json

import pytest

from ui.printing import as_json, say_json_list

HOSTILE = "\x1b]0;owned\x07 \x9b31m \x7f \u202egnp.exe\u2066 \u2028 ünï 中 \udcff"


def test_json_escapes_what_a_terminal_obeys_and_says_the_same() -> None:
    told = as_json({HOSTILE: [HOSTILE]}, indent=2).decode()
    assert not [one for one in told if one != "\n" and (ord(one) < 32 or 0x7F <= ord(one) < 0xA0)]
    assert not set(told) & set("\u202e\u2066\u2028")
    assert json.loads(told) == {HOSTILE: [HOSTILE]}
    assert "ünï 中" in told


def test_a_list_is_escaped_as_well(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    say_json_list([HOSTILE, "b"])
    told = capsysbinary.readouterr().out
    assert b"\x9b" not in told.replace("中".encode(), b"")
    assert json.loads(told) == [HOSTILE, "b"]
