"""Who may write: one writer at a time, from whichever machine, by a claim that runs out.

Milvus compares and sets nothing in one step. So a writer puts down that it holds the right, and only then looks whether
another one does too; of two that look, at least the later one sees both, and whoever sees another gives way. A writer
that was killed is waited for until its claim has run out.
"""

from __future__ import annotations

import json
import random
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from ...errors import IndexBusyError
from .cluster import BLANK, Cluster, one_of

HELD_SECONDS = 120.0  # after the last sign of life; clocks of machines must agree to less than a tenth of it
WAIT_SECONDS = 1.0
CLAIM = "claim"


class Lease:
    """The right to write, as long as it is renewed."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._key = f"{CLAIM}:{uuid.uuid4().hex}"

    @contextmanager
    def held(self, *, wait: bool) -> Iterator[None]:
        """Hold it meanwhile.

        Raises:
            IndexBusyError: another writer holds it, and `wait` is False.
        """
        while not self._taken():
            if not wait:
                raise IndexBusyError(
                    f"another process is writing to the index in Milvus at {self._cluster.address}, expected none. Retry, or "
                    f"use --wait (in Python: wait=True). One that was killed holds it for {HELD_SECONDS:.0f} seconds."
                )
            time.sleep(WAIT_SECONDS * (0.5 + random.random()))  # noqa: S311  two that gave way must not meet again
        try:
            yield
        finally:
            self._give_back()

    def renew(self) -> None:
        """Show that this writer lives, before each commit.

        Raises:
            IndexBusyError: the claim ran out, and another writer may have come.
        """
        if self._key not in self._claims():
            raise IndexBusyError(
                f"this process held up its change of the index in Milvus at {self._cluster.address} for over "
                f"{HELD_SECONDS:.0f} seconds, so another one may write now. Nothing of the change is seen. Begin it again."
            )
        self._put()

    def _taken(self) -> bool:
        if self._claims():
            return False
        self._put()
        if set(self._claims()) == {self._key}:
            return True
        self._give_back()
        return False

    def _put(self) -> None:
        value = json.dumps({"until": time.time() + HELD_SECONDS})
        row = {"key": self._key, "kind": CLAIM, "named": "", "version": 0, "article": "", "file": "", "value": value}
        self._cluster.upsert(self._cluster.records, row | BLANK)

    def _give_back(self) -> None:
        self._cluster.delete_named(self._cluster.records, "key", [self._key])

    def _claims(self) -> list[str]:
        """The claims that have not run out; the others are taken away."""
        rows = self._cluster.rows(self._cluster.records, one_of("kind", [CLAIM]), ["key", "value"])
        over = [row["key"] for row in rows if json.loads(row["value"])["until"] < time.time()]
        if over:
            self._cluster.delete_named(self._cluster.records, "key", over)
        return [row["key"] for row in rows if row["key"] not in over]
