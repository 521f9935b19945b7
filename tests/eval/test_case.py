import json
from pathlib import Path

import pytest

from eval.case import Case, CaseError, Evidence, load_cases, select
from rag.conversations.records import JudgedCase, Proof
from rag.conversations.storage import History

GOOD = {"id": "a", "question": "Who?", "answerable": True, "expected": ["Ann"]}


def write(folder: Path, *lines: object) -> Path:
    path = folder / "cases.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), encoding="utf-8")
    return path


def test_loads_alternatives_as_one_group_and_parts_as_several(tmp_path: Path) -> None:
    several = {"id": "b", "question": "?", "answerable": True, "expected_all": [["x", "y"], ["z"]], "split": "dev"}
    first, second = load_cases(write(tmp_path, GOOD, "", several))
    assert first.expected == (("Ann",),)
    assert second.expected == (("x", "y"), ("z",))
    assert [case.split for case in (first, second)] == ["test", "dev"]


def test_a_line_separator_inside_a_string_does_not_end_the_line(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text(json.dumps(GOOD | {"question": "Who\u2028then?"}, ensure_ascii=False), encoding="utf-8")
    assert load_cases(path)[0].question == "Who\u2028then?"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 2 is not JSON"),
        ([1], "line 2 is list"),
        ({"id": "b", "question": "?"}, "line 2 has no field 'answerable'"),
        (GOOD | {"id": "b", "answer": "x"}, "line 2 has a field 'answer'"),
        (GOOD | {"id": "b", "question": " "}, "line 2: question is ' '"),
        (GOOD | {"id": "b", "answerable": "yes"}, "line 2: answerable is 'yes'"),
        (GOOD | {"id": "b", "expected": "Ann"}, "line 2: expected is 'Ann', expected a list"),
        (GOOD | {"id": "b", "expected": []}, "line 2: expected is empty"),
        (GOOD | {"id": "b", "expected_all": [["x"]]}, "line 2 has both expected and expected_all"),
        (GOOD | {"id": "b", "expected": [], "expected_all": [[]]}, "line 2: expected_all holds an empty group"),
        (GOOD | {"id": "b", "answerable": False}, "line 2: answerable is false"),
        (GOOD | {"id": "b", "evidence": [{"article": "x"}]}, "line 2: evidence is"),
        (GOOD | {"id": "b", "evidence": [{"article": "x", "quote": 3}]}, "line 2: evidence.quote is 3"),
        (GOOD | {"id": "b", "tags": "fact"}, "line 2: tags is 'fact'"),
        (GOOD | {"id": "b", "split": "train"}, "line 2: split is 'train'"),
        (GOOD, "line 2: id 'a' stands on line 1 already"),
    ],
)
def test_names_the_line_and_field_that_is_wrong(tmp_path: Path, line: object, message: str) -> None:
    with pytest.raises(CaseError) as caught:
        load_cases(write(tmp_path, GOOD, line))
    assert message in str(caught.value)


def test_a_file_without_cases_or_no_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="has no cases"):
        load_cases(write(tmp_path, ""))
    with pytest.raises(CaseError, match="cannot be read"):
        load_cases(tmp_path / "absent.jsonl")


def test_selects_a_split(tmp_path: Path) -> None:
    cases = load_cases(write(tmp_path, GOOD, GOOD | {"id": "b", "split": "dev"}))
    assert [case.id for case in select(cases, "dev")] == ["b"]
    assert select(cases, "all") == cases
    with pytest.raises(CaseError, match="no split 'train'"):
        select(cases, "train")
    with pytest.raises(CaseError, match="none of the 1 cases"):
        select(cases[:1], "dev")


def test_what_a_person_called_wrong_is_a_case_without_a_right_answer(tmp_path: Path) -> None:
    line = {"id": "b", "question": "Who?", "answerable": True, "wrong": ["Bob"], "why": "he had left by then"}
    (case,) = load_cases(write(tmp_path, line))
    assert (case.expected, case.wrong, case.why) == ((), ("Bob",), "he had left by then")


def test_an_index_folder_holds_the_cases_that_were_made_on_its_page(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="no answer was judged on the page"):
        load_cases(tmp_path)
    with History.open(tmp_path) as history:
        history.keep_case(JudgedCase("j1", "Who?", True, wrong=("Bob",), tags=("judged",)), mentions=["a1"])
        history.keep_case(
            JudgedCase(
                "j2",
                "And then?",
                True,
                history=("Who?",),
                expected_all=(("Ann",),),
                evidence=(Proof("a2", "It was Ann."),),
            ),
            mentions=["a2"],
        )
    first, second = load_cases(tmp_path)
    assert first == Case("j1", "Who?", True, wrong=("Bob",), tags=("judged",))
    assert second.evidence == (Evidence("a2", "It was Ann."),)
    assert (second.history, second.expected) == (("Who?",), (("Ann",),))
