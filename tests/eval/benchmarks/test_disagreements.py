"""Cases of articles that differ, and what is told of them."""

from collections import Counter

from eval.benchmarks.disagreements import Outcome, Said, load_cases, right, shares


def test_each_account_stands_in_its_article_and_only_where_they_differ() -> None:
    cases = load_cases()
    assert len({case.id for case in cases}) == len(cases) == 100
    for case in cases:
        texts = {article.source: article.text for article in case.articles}
        assert all(one.words in texts[one.source] for one in case.accounts)
        assert bool(case.accounts) == case.differ
    halves = Counter((case.split, case.differ) for case in cases)
    assert set(halves.values()) == {25}


def test_no_article_is_in_both_halves() -> None:
    halves = [
        {one.text for case in load_cases() if case.split == split for one in case.articles} for split in ("dev", "test")
    ]
    assert not halves[0] & halves[1]


def test_an_account_is_right_when_it_is_the_source_and_the_words_of_the_case() -> None:
    case = load_cases()[0]
    [first, second] = case.accounts
    assert right(case, [first, second])
    assert right(case, [Said(first.source, first.words.split()[0]), second])
    assert not right(case, [Said(second.source, first.words)])
    assert not right(case, [first, Said(second.source, second.words[:1])])
    assert not right(case, [])


def test_what_is_told_is_counted_apart_for_those_that_differ_and_those_that_do_not() -> None:
    differ, agree = load_cases()[0], load_cases()[-1]
    found = [
        Outcome(differ, True, True, True),
        Outcome(differ, True, False, False),
        Outcome(agree, True, False, False),
        Outcome(agree, False, False, False),
    ]
    told = {one.kind: (one.share, one.n) for one in shares(found)}
    assert told["answered"] == (0.75, 4)
    assert told["differ, told: all"] == (0.5, 2)
    assert told["do not differ, told: all"] == (0.0, 1)
    assert told["told where they differ: each account right"] == (1.0, 1)
