"""Statements written by hand, and how many of them the check of support lets pass."""

from dataclasses import replace

from eval.benchmarks.statements import Written, accepted, load_statements

QUOTE = "The zoo of Lomvik keeps 40 walruses, its director, Ida Berg, said on Monday."


def test_no_statement_stands_twice_and_no_quote_in_both_halves() -> None:
    statements = load_statements()
    assert len({(one.statement, one.quote) for one in statements}) == len(statements) > 700
    halves = [{one.quote for one in statements if one.split == split} for split in ("dev", "test")]
    assert not halves[0] & halves[1]
    for split in ("dev", "test"):
        assert {one.supported for one in statements if one.split == split} == {True, False}


def test_what_passes_is_counted_by_kind() -> None:
    true = Written(QUOTE, QUOTE, True, "copy", "dev")
    false = Written(QUOTE.replace("40", "50"), QUOTE, False, "number", "dev")
    rows = list(accepted([true, false, replace(false, supported=True)]))
    assert [(row.kind, row.share, row.n) for row in rows] == [
        ("false: number", 0.0, 1),
        ("false: all", 0.0, 1),
        ("true: copy", 1.0, 1),
        ("true: number", 0.0, 1),
        ("true: all", 0.5, 2),
    ]
