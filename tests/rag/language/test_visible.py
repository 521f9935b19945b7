import pytest

from rag.language.visible import in_one_line, visible


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("a\u200bb\u2060c", "abc"),
        ("h\u0336i", "hi"),
        ("\U000e0041\U000e0042x", "x"),
        ("\ud800x", "x"),
        ("~~no~~ <s>yes</s>", "no yes"),
        ("\u202eabc", "abc"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("naïve café", "naïve café"),
        ("e\u0301", "e\u0301"),
    ],
)
def test_only_what_a_reader_can_see_is_left(text: str, seen: str) -> None:
    assert visible(text) == seen


def test_a_long_text_is_cut() -> None:
    assert in_one_line("one\ntwo  three", most=7) == "one two …"
