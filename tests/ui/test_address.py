"""A port that cannot be used is said, with what to do."""

from __future__ import annotations

import socket

import pytest

from rag.errors import CitedeskError
from ui.address import HOST, check_port


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
