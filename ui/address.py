"""Where the page is served: on this machine only. Imports nothing heavy, so that a taken port is said at once."""

from __future__ import annotations

import socket

from rag.errors import CitedeskError

HOST = "127.0.0.1"


def check_port(port: int) -> None:
    """Check that nothing listens on the port yet.

    Raises:
        CitedeskError: it is taken, or not a port.
    """
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, port))
    except (OSError, OverflowError) as error:
        reason = "is not from 0 to 65535" if isinstance(error, OverflowError) else f"cannot be used ({error.strerror})"
        raise CitedeskError(
            f"port {port} {reason}, expected a free one. Stop the program that uses it, or choose another: "
            f"citedesk chat --port {port + 1 if 0 < port < 65535 else 7861}"
        ) from error
