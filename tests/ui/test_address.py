"""A port that cannot be used is said, and no server stands open to other machines."""

from __future__ import annotations

import socket

import pytest

from rag.errors import CitedeskError
from ui.address import HOST, check_port, chosen_token


def test_a_taken_port_is_said() -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CitedeskError, match=rf"port {port} .* expected a free one.*--port"):
            check_port(port)


def test_a_free_port_is_fine_and_a_number_too_large_is_said() -> None:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        free = probe.getsockname()[1]
    check_port(free)
    with pytest.raises(CitedeskError, match="is not from 0 to 65535"):
        check_port(70_000)


def test_each_start_has_a_token_of_its_own_unless_the_user_has_one_or_wants_none() -> None:
    first, second = chosen_token(HOST, None), chosen_token(HOST, None)
    assert first
    assert second
    assert first != second
    assert len(first) >= 32
    assert chosen_token("localhost", "mine") == "mine"
    assert chosen_token("::1", None, no_token=True) is None


@pytest.mark.parametrize(
    ("token", "no_token", "words"),
    [
        (None, False, "expected a token of your own"),
        ("", False, "expected a token of your own"),
        (None, True, "expected a token of your own"),
        ("a long token of my own", True, "expected a token of your own"),
        ("short", False, "has 5 characters, expected at least 12"),
    ],
)
@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::"])
def test_what_other_machines_reach_needs_a_token_that_is_hard_to_guess(
    host: str, token: str | None, no_token: bool, words: str
) -> None:
    with pytest.raises(CitedeskError, match=words):
        chosen_token(host, token, no_token=no_token)
    assert chosen_token(host, "a long token of my own") == "a long token of my own"


def test_a_token_and_none_are_not_both_wanted() -> None:
    with pytest.raises(CitedeskError, match="contradict"):
        chosen_token(HOST, "mine", no_token=True)
