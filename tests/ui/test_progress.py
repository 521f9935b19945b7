from rag.ingest.indexer import Step
from ui.progress import LINE_SECONDS, Meter


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def drawn(*steps: tuple[float, Step], every: float = 1.0) -> list[str]:
    """What is drawn when each step is told at its second."""
    clock, words = Clock(), []
    meter = Meter(lambda step, pace: words.append(f"{step.done} of {step.total}: {pace}"), every=every, clock=clock)
    for seconds, step in steps:
        clock.now = seconds
        meter(step)
    return words


def test_rate_and_time_left_are_told() -> None:
    told = drawn((10.0, Step(done=20, total=100, passages=1500)))
    assert told == ["20 of 100: 2.0 files/s · 150 passages/s · 40 s left"]


def test_time_left_grows_with_its_unit() -> None:
    assert drawn((10.0, Step(1, 31)))[0].endswith("· 5 min left")
    assert drawn((10.0, Step(1, 781)))[0].endswith("· 2 h 10 min left")


def test_nothing_done_yet_gives_no_time_left() -> None:
    assert drawn((2.0, Step(0, 31))) == ["0 of 31: 0.0 files/s · 0.0 passages/s"]


def test_the_rate_is_that_of_the_last_half_minute() -> None:
    fast, slow = Step(1000, 2000), Step(1010, 2000)
    assert drawn((10.0, fast), (20.0, fast), (50.0, slow))[-1].startswith("1010 of 2000: 0.3 files/s")


def test_it_is_drawn_now_and_then() -> None:
    steps = [(at / 10, Step(at, 1000)) for at in range(1000)]
    assert len(drawn(*steps, every=LINE_SECONDS)) == 9


def test_another_folder_begins_anew() -> None:
    told = drawn((10.0, Step(50, 50, passages=90)), (20.0, Step(5, 100, passages=3)), (30.0, Step(10, 100, passages=8)))
    assert told[1] == "5 of 100: "
    assert told[2] == "10 of 100: 0.5 files/s · 0.5 passages/s · 3 min left"


def test_the_last_step_is_kept_though_it_was_not_drawn() -> None:
    meter = Meter(lambda step, pace: None, every=LINE_SECONDS)
    meter(Step(3, 5, articles=2))
    assert meter.step.articles == 2


def test_nothing_is_drawn_after_the_end() -> None:
    drawn: list[Step] = []
    clock = Clock()
    meter = Meter(lambda step, pace: drawn.append(step), every=1.0, clock=clock)
    meter.end()
    clock.now = 100.0
    meter(Step(3, 5))
    assert drawn == []
