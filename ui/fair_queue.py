"""Places for those who ask: a few at once, the others wait; clients take turns, each client's questions in their order.

It knows nothing of questions. It is used inside one event loop.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Iterator
from types import TracebackType

from rag.errors import CitedeskError

AT_ONCE = 2  # questions that are answered at once: more on two cores only make each of them later
MOST_WAITING = 200


class BusyError(CitedeskError):
    """So many questions wait that another one would wait too long."""


class Ticket:
    """One who asks, from entering the queue to leaving it: use it in `with`."""

    def __init__(self, queue: FairQueue, client: str) -> None:
        self.client = client
        self._queue = queue
        self._called = asyncio.Event()
        self._turned_away = False

    def __enter__(self) -> Ticket:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._queue.leave(self)

    @property
    def ahead(self) -> int:
        """How many are called before this one, as things stand."""
        return self._queue.ahead(self)

    async def ready(self, *, seconds: float | None = None) -> bool:
        """Wait for a place, at most so long, and return whether it is there.

        Raises:
            BusyError: too many wait, and this client more than others.
        """
        try:
            if not self._called.is_set():
                await asyncio.wait_for(self._called.wait(), seconds)
        except TimeoutError:
            return False
        if self._turned_away:
            raise self._queue.busy()
        return True

    def call(self, *, away: bool = False) -> None:
        self._turned_away = away
        self._called.set()


class FairQueue:
    """`at_once` are served, `most_waiting` wait. Among those who wait, the client with the fewest served comes first."""

    def __init__(self, *, at_once: int = AT_ONCE, most_waiting: int = MOST_WAITING) -> None:
        self._at_once = at_once
        self._most = most_waiting
        self._served: dict[Ticket, None] = {}  # in the order in which they were called
        self._waiting: OrderedDict[str, deque[Ticket]] = OrderedDict()  # of clients, in the order of their turns

    def __len__(self) -> int:
        """How many are served or wait."""
        return len(self._served) + sum(map(len, self._waiting.values()))

    def enter(self, client: str) -> Ticket:
        """Return a ticket for the client's next question.

        Raises:
            BusyError: too many wait already, and no client has more of them than this one would have.
        """
        if len(self) >= self._at_once + self._most:
            self._make_room(client)
        ticket = Ticket(self, client)
        self._waiting.setdefault(client, deque()).append(ticket)
        self._call_next()
        return ticket

    def leave(self, ticket: Ticket) -> None:
        """Give the place to the next one, or stop waiting."""
        self._served.pop(ticket, None)
        waiting = self._waiting.get(ticket.client)
        if waiting and ticket in waiting:
            self._take(ticket)
        self._call_next()

    def ahead(self, ticket: Ticket) -> int:
        """How many are called before it, if those that are served leave in their order and nobody comes."""
        return next((place for place, one in enumerate(self._order()) if one is ticket), 0)

    def busy(self) -> BusyError:
        return BusyError(f"{len(self):,} questions wait already, expected fewer. Ask again in a minute.")

    def _call_next(self) -> None:
        while self._waiting and len(self._served) < self._at_once:
            ticket = next(self._order())
            self._take(ticket)
            if ticket.client in self._waiting:
                self._waiting.move_to_end(ticket.client)
            self._served[ticket] = None
            ticket.call()

    def _order(self) -> Iterator[Ticket]:
        served = deque(one.client for one in self._served)
        waiting = {client: deque(tickets) for client, tickets in self._waiting.items()}
        while waiting:
            if len(served) >= self._at_once:
                served.popleft()
            client = min(waiting, key=served.count)  # the first of several
            tickets = waiting.pop(client)
            yield tickets.popleft()
            served.append(client)
            if tickets:
                waiting[client] = tickets  # now the last

    def _make_room(self, client: str) -> None:
        greediest = max(self._waiting, key=lambda one: len(self._waiting[one]), default=client)
        if len(self._waiting.get(greediest, ())) <= len(self._waiting.get(client, ())) + 1:
            raise self.busy()
        last = self._waiting[greediest][-1]
        self._take(last)
        last.call(away=True)

    def _take(self, ticket: Ticket) -> None:
        waiting = self._waiting[ticket.client]
        waiting.remove(ticket)
        if not waiting:
            del self._waiting[ticket.client]
