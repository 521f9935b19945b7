from dataclasses import replace
from pathlib import Path

import pytest

from eval.training.data import Example
from eval.training.groups import Curriculum

BODY = (
    "The {0} was seen near the lake in {1}. "
    + "It stayed there for many days and was fed by the people of the town. " * 4
)


def example(beast: str, year: str, *, answered: bool = True) -> Example:
    passage = BODY.format(beast, year)
    start = passage.index(year)
    spans = ((start, start + 4),) if answered else ()
    return Example(
        f"When was the {beast} seen?", "Beasts", passage, spans, (year,) if answered else (), "beasts", "squad2"
    )


@pytest.fixture
def curriculum(tmp_path: Path) -> Curriculum:
    examples = [example("lion", "1901"), example("wolf", "1902"), example("lynx", "1903"), example("bear", "1904")]
    examples.append(example("seal", "1905", answered=False))
    return Curriculum(examples, seed=1, encoder=None, found=tmp_path / "found.json")


def test_one_passage_of_a_group_answers(curriculum: Curriculum) -> None:
    for position, task in enumerate(curriculum.tasks(3)):
        read = curriculum.pairs(task, position=position, group=7)
        answered = bool(task.example.spans) and read[0].pair.question == task.example.question
        assert [bool(one.spans) for one in read] == [answered] + [False] * (len(read) - 1)
        assert {one.group for one in read} == {7}
        assert len({one.pair.question for one in read}) == 1


def test_the_answer_is_never_in_a_retrieved_passage(curriculum: Curriculum) -> None:
    for position, task in enumerate(curriculum.tasks(3)):
        for other in curriculum.pairs(task, position=position, group=0)[1:]:
            assert not any(answer in other.pair.passage for answer in task.example.answers)


def test_a_place_in_the_run_always_gives_the_same_group(curriculum: Curriculum) -> None:
    tasks = curriculum.tasks(2)
    first = curriculum.pairs(tasks[3], position=3, group=0)
    curriculum.pairs(tasks[5], position=5, group=0)
    assert curriculum.pairs(tasks[3], position=3, group=0) == first
    assert curriculum.tasks(2) == tasks


def test_human_near_misses_are_read_twice_a_round(curriculum: Curriculum) -> None:
    assert sum(not task.example.spans for task in curriculum.tasks(1)) == 2


def test_a_round_of_contrasts_is_near_misses_alone_and_their_answered_fellows_twice_beside_a_fifth_of_the_rest(
    tmp_path: Path,
) -> None:
    fellows = [example("lion", "1901"), example("seal", "1905", answered=False)]
    rest = [replace(example(f"beast{year}", str(year)), source="nq") for year in range(1920, 1940)]
    curriculum = Curriculum([*fellows, *rest], seed=1, encoder=None, found=tmp_path / "found.json", contrasts=True)
    tasks = curriculum.tasks(1)
    asked = [task.example.question for task in tasks if not task.changed]
    assert [asked.count(one.question) for one in fellows] == [2, 2]
    assert len(asked) == 4 + len(rest) // 5
    for position, task in enumerate(tasks):
        if not task.example.spans:
            assert len(curriculum.pairs(task, position=position, group=0)) == 1
