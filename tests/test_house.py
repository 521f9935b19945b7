"""The rules of the house: rooms in an order, no circle, nothing private borrowed, no file too long to read."""

from pathlib import Path

import pytest

from eval.benchmarks.house import Arrow, arrows, borrowed, circles, upward

ROOT = Path(__file__).parent.parent
FOUND = arrows()


def test_no_module_imports_a_room_above_its_own() -> None:
    assert [(one.importer, one.imported) for one in upward(FOUND)] == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert circles(FOUND) == []


def test_no_private_name_is_borrowed_from_another_module() -> None:
    assert [(one.importer, one.names) for one in borrowed(FOUND)] == []


def test_few_modules_lie_outside_the_rooms() -> None:
    assert len(list((ROOT / "rag").glob("*.py"))) <= 12


@pytest.mark.parametrize(("package", "most"), [("rag", 350), ("ui", 350), ("eval", 400)])
def test_no_file_is_too_long_to_read(package: str, most: int) -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in (ROOT / package).rglob("*.py")
        if (lines := path.read_text(encoding="utf-8").count("\n")) > most
    }
    assert long == {}


def test_each_room_says_what_happens_in_it() -> None:
    rooms = [path.parent for path in (ROOT / "rag").rglob("*.py")]
    silent = {str(room) for room in rooms if not (room / "__init__.py").read_text(encoding="utf-8").startswith('"""')}
    assert silent == set()


def test_an_arrow_upward_and_a_circle_are_seen() -> None:
    down = Arrow("rag.answering.refusal", "rag.language.words", ("words",), late=False)
    up = Arrow("rag.language.words", "rag.answering.refusal", ("_why",), late=True)
    assert upward([down, up]) == borrowed([down, up]) == [up]
    assert circles([down, up]) == [("rag.answering.refusal", "rag.language.words")]
