"""Who is called when: clients take turns, and one who asks much does not hold up one who asks little."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from ui.fair_queue import BusyError, FairQueue, Ticket


def inside(work: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(work())  # type: ignore[arg-type]


async def order(queue: FairQueue, tickets: dict[str, Ticket]) -> list[str]:
    """Serve all, one place at a time, and return the names in the order they were called."""
    called: list[str] = []
    while len(called) < len(tickets):
        now = [name for name, one in tickets.items() if name not in called and await one.ready(seconds=0.001)]
        assert now
        for name in now:
            called.append(name)
            queue.leave(tickets[name])
    return called


def test_clients_take_turns_and_each_ones_questions_keep_their_order() -> None:
    async def work() -> None:
        queue = FairQueue(at_once=1)
        tickets = {name: queue.enter(name[0]) for name in ("a1", "a2", "a3", "a4", "b1", "b2", "c1")}
        assert await order(queue, tickets) == ["a1", "a2", "b1", "c1", "a3", "b2", "a4"]

    inside(work)


def test_who_has_none_served_is_called_before_who_has_one() -> None:
    async def work() -> None:
        queue = FairQueue(at_once=2)
        first, second, third = (queue.enter("a") for _ in range(3))
        newcomer = queue.enter("b")
        queue.leave(first)
        assert await newcomer.ready(seconds=0)
        assert not await third.ready(seconds=0)
        queue.leave(second)
        assert await third.ready(seconds=0)

    inside(work)


def test_how_many_are_before_is_what_comes_true() -> None:
    async def work() -> None:
        queue = FairQueue(at_once=1)
        tickets = {name: queue.enter(name[0]) for name in ("a1", "a2", "a3", "b1", "b2", "c1")}
        told = {name: one.ahead for name, one in tickets.items()}
        called = await order(queue, tickets)
        assert told == {name: max(0, place - 1) for place, name in enumerate(called)}

    inside(work)


def test_who_leaves_while_waiting_or_fails_while_served_blocks_nobody() -> None:
    async def work() -> None:
        queue = FairQueue(at_once=1)
        with pytest.raises(ZeroDivisionError), queue.enter("a"):
            raise ZeroDivisionError
        with queue.enter("a"):
            with queue.enter("b"):
                pass
            last = queue.enter("c")
        assert await last.ready(seconds=0)
        queue.leave(last)
        assert len(queue) == 0

    inside(work)


def test_two_hundred_at_once_are_all_served() -> None:
    async def work() -> None:
        queue = FairQueue()
        served: list[int] = []

        async def ask(number: int) -> None:
            with queue.enter(f"client {number % 50}") as ticket:
                await ticket.ready()
                assert len(queue) > 0
                await asyncio.sleep(0)
                served.append(number)

        await asyncio.gather(*map(ask, range(200)))
        assert sorted(served) == list(range(200))

    inside(work)


def test_beyond_the_limit_one_is_told_to_come_again_and_the_greediest_makes_room() -> None:
    async def work() -> None:
        queue = FairQueue(at_once=1, most_waiting=4)
        greedy = [queue.enter("greedy") for _ in range(5)]
        with pytest.raises(BusyError, match="Ask again in a minute"):
            queue.enter("greedy")
        modest = queue.enter("modest")  # takes the place of the last of the greedy ones
        with pytest.raises(BusyError):
            await greedy[-1].ready()
        queue.leave(greedy[0])
        queue.leave(greedy[1])
        assert await modest.ready(seconds=0)

    inside(work)
