"""Where a server listens, and which token it asks for. Imports nothing heavy, so that a taken port is said at once."""

from __future__ import annotations

import secrets
import socket

from rag.errors import CitedeskError

HOST = "127.0.0.1"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
SHORTEST = 12  # characters of a token that other machines may guess at


def check_port(port: int, host: str = HOST) -> None:
    """Check that nothing listens on the port yet.

    Raises:
        CitedeskError: it is taken, or not a port.
    """
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except (OSError, OverflowError) as error:
        reason = "is not from 0 to 65535" if isinstance(error, OverflowError) else f"cannot be used ({error.strerror})"
        raise CitedeskError(
            f"port {port} {reason}, expected a free one. Stop the program that uses it, or choose another: "
            f"citedesk chat --port {port + 1 if 0 < port < 65535 else 7861}"
        ) from error


def chosen_token(host: str, token: str | None, *, no_token: bool = False) -> str | None:
    """Return the token; None where the user wants none, which only a server on the loopback address may do without.

    Raises:
        CitedeskError: another machine could come in without a token of the user's own, or guess it.
    """
    if host not in LOOPBACK:
        if no_token or not token:
            raise CitedeskError(
                f"{host} can be reached from other machines, expected a token of your own for them. Set CITEDESK_TOKEN."
            )
        if len(token) < SHORTEST:
            raise CitedeskError(
                f"the token has {len(token)} characters, expected at least {SHORTEST} where other machines can guess at it. "
                "Set CITEDESK_TOKEN to a longer one."
            )
    if no_token and token:
        raise CitedeskError("--no-token and a token contradict each other. Leave one out.")
    return None if no_token else token or secrets.token_urlsafe(24)
