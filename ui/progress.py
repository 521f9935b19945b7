"""How far a long run is, as a bar on a terminal and as a line now and then elsewhere, with rate and time left."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.ingest.report import Step
from rag.rendering.words import printable

BAR_SECONDS = 0.1  # between two drawings on a terminal
LINE_SECONDS = 10.0  # between two lines in a pipe or a file
WINDOW_SECONDS = 30.0  # rates are those of the last so many


class Meter:
    """A progress that notes each step, and now and then has it drawn with its pace in words."""

    def __init__(
        self, draw: Callable[[Step, str], None], *, every: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.step = Step()
        self._draw = draw
        self._every = every
        self._clock = clock
        self._due = clock() + every
        self._seen = deque([(clock(), self.step)])

    def __call__(self, step: Step) -> None:
        self.step = step
        now = self._clock()
        if now < self._due:
            return
        self._due = now + self._every
        self._draw(step, self._pace(now))

    def end(self) -> None:
        """Draw no more, though steps may still come."""
        self._due = float("inf")

    def _pace(self, now: float) -> str:
        """Return `12.5 files/s · 80 passages/s · 4 min left`, as far as it can be told."""
        last = self._seen[-1][1]
        if self.step.done < last.done or self.step.passages < last.passages:  # the next folder has begun
            self._seen.clear()
        self._seen.append((now, self.step))
        while len(self._seen) > 2 and now - self._seen[1][0] >= WINDOW_SECONDS:
            self._seen.popleft()
        start, before = self._seen[0]
        if (seconds := now - start) <= 0:
            return ""
        files = (self.step.done - before.done) / seconds
        words = [
            f"{rate:.{0 if rate >= 100 else 1}f} {what}/s"
            for rate, what in ((files, "files"), ((self.step.passages - before.passages) / seconds, "passages"))
        ]
        if files:
            words.append(f"{_duration((self.step.total - self.step.done) / files)} left")
        return " · ".join(words)


@contextmanager
def shown_progress() -> Iterator[Meter]:
    """Show on standard error how far a run is; what is on standard output stays clean."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.table import Column

    console = Console(stderr=True, highlight=False)
    if not console.is_terminal:

        def tell(step: Step, pace: str) -> None:
            console.print(f"{step.done:,} of {step.total:,} files · {pace}", soft_wrap=True)

        yield (lines := Meter(tell, every=LINE_SECONDS))
        lines.end()
        return
    columns = (
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        TextColumn("{task.fields[pace]}", markup=False),
        TextColumn("{task.fields[at]}", markup=False, table_column=Column(no_wrap=True, overflow="ellipsis", ratio=1)),
    )
    with Progress(*columns, console=console, transient=True, expand=True) as bar:
        task = bar.add_task("", total=None, pace="", at="")

        def draw(step: Step, pace: str) -> None:
            bar.update(task, completed=step.done, total=step.total, pace=pace, at=printable(Path(step.at).name))

        yield (meter := Meter(draw, every=BAR_SECONDS))
        meter.end()


def _duration(seconds: float) -> str:
    """Return `40 s`, `4 min` or `2 h 10 min`: as exact as an estimate can be."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
