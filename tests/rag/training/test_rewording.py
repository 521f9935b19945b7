"""A few lines in the form of WordNet's files stand for the whole."""

from pathlib import Path

import pytest

from rag.embedding import minilm_folder
from rag.training.data import Example
from rag.training.groups import Curriculum
from rag.training.rewording import Rewording
from rag.training.wordnet import WordNet

FILES = {
    "index.noun": """
  1 the licence stands before the words
zoo n 1 1 @ 1 1 00000001
park n 2 1 @ 2 1 00000002 00000003
""",
    "data.noun": """
  1 the licence stands before the words
00000001 06 n 03 zoo 0 menagerie 0 zoological_garden 0 001 @ 00000002 n 0000 | where animals are shown
00000002 06 n 02 park 0 parkland 0 000 | a piece of green land
00000003 06 n 02 park 0 car_lot 0 000 | where cars stand
""",
    "index.verb": "open v 1 0 1 1 00000004\n",
    "data.verb": "00000004 41 v 03 open 0 inaugurate 0 set_up 0 000 | begin to be of use\n",
    "index.adj": "",
    "data.adj": "",
    "index.adv": "",
    "data.adv": "",
    "cntlist.rev": "open%2:41:00:: 1 9\npark%1:06:00:: 1 20\npark%1:06:01:: 2 1\nzoo%1:06:00:: 1 3\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text.lstrip("\n"), encoding="utf-8")
    return tmp_path


def test_other_words_come_in_the_form_of_the_word(folder: Path) -> None:
    words = WordNet(folder)
    assert words.alike("zoos") == ["menageries", "zoological gardens", "parks", "parklands"]
    assert words.alike("opened") == ["inaugurated", "set up"]
    assert words.alike("unheard") == []


def test_a_rare_sense_is_left_out(folder: Path) -> None:
    assert WordNet(folder).alike("park") == ["parkland"]


def test_missing_files_are_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="cntlist"):
        WordNet(tmp_path)


def example(question: str) -> Example:
    return Example(question, "", "The Pyongyang park opened in 1959.", ((28, 32),), ("1959",), "zoo", "squad2")


def test_a_question_keeps_its_names_and_its_meaning(folder: Path) -> None:
    questions = Rewording(folder, encoder=minilm_folder())
    reworded, unknown = questions.reworded([example("When was the zoo of Pyongyang opened?"), example("Why?")], seed=1)
    assert unknown is None
    assert reworded is not None
    assert reworded.startswith("When was the ")
    assert "Pyongyang" in reworded
    assert "zoo " not in reworded
    assert "park " not in reworded  # the passage says so
    assert reworded == questions.reworded([example("When was the zoo of Pyongyang opened?")], seed=1)[0]


def test_a_part_of_a_round_is_asked_in_other_words(folder: Path) -> None:
    asked = [example(f"When was the zoo of {name} opened?") for name in ("Pyongyang", "Berlin", "Seoul", "Moscow")] * 5
    rewording = Rewording(folder, encoder=minilm_folder())
    curriculum = Curriculum(asked, seed=1, encoder=None, found=folder / "found.json", rewording=rewording)
    questions = [task.example.question for task in curriculum.tasks(4) if not task.changed]
    reworded = [question for question in questions if " zoo " not in question]
    assert 0 < len(reworded) < len(questions) / 2
