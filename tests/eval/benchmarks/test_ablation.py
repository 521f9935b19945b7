import json
from pathlib import Path

from eval.benchmarks.ablation import Worth, load_written, worths
from eval.benchmarks.statements import Written

QUOTE = "The ferry sank near Lomvik in 1989."


def written(statement: str, *, supported: bool) -> Written:
    return Written(statement, QUOTE, supported, "t", "dev")


def test_counts_what_passes_when_a_check_is_taken_out() -> None:
    statements = [
        written("The ferry sank in 1998.", supported=False),
        written("The ferry sank in 1997 near Pisek.", supported=False),
        written("The ferry sank in the eighties near Lomvik.", supported=True),
    ]
    checks = {
        "year": lambda statement, quote: iter(["x"] if "199" in statement.text else []),
        "place": lambda statement, quote: iter(["x"] if "Pisek" in statement.text else []),
    }
    assert list(worths(statements, checks)) == [
        Worth("year", 2, 0, 1, 0),
        Worth("place", 1, 0, 0, 0),
        Worth("all", 2, 0, 2, 0),
    ]


def test_a_written_statement_is_read_with_the_sentences_it_cites(tmp_path: Path) -> None:
    article = {
        "title": "Ferry",
        "p": [["It sank.", "Nobody drowned."], ["Otto Lund swam."]],
        "s": [["t", "A swim.", [2]]],
    }
    further = {"title": "Ferry", "s": [["f:neg", "Some drowned when it sank.", [0, 1]]]}
    (tmp_path / "train-a.jsonl").write_text(json.dumps(article), encoding="utf-8")
    (tmp_path / "more-a.jsonl").write_text(json.dumps(further), encoding="utf-8")
    first, second = load_written(tmp_path)
    assert (first.quote, first.supported) == ("Otto Lund swam.", True)
    assert (second.quote, second.supported) == ("It sank. Nobody drowned.", False)
