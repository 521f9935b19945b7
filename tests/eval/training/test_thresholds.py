from eval.training.thresholds import Judged, choose


def rows(true: bool, differs: bool, *chances: float) -> list[Judged]:
    return [Judged(true, chance, differs) for chance in chances]


def test_the_most_true_ones_are_kept_while_few_false_ones_pass() -> None:
    told = rows(True, False, 0.9, 0.8, 0.7, 0.62) + rows(False, False, *[0.3] * 9, 0.66)
    chosen = choose(told, most_false=0.1)
    assert 0.3 < chosen.clear <= 0.62
    stricter = choose(told, most_false=0.0)
    assert 0.66 < stricter.clear <= 0.7


def test_other_words_may_need_a_surer_model() -> None:
    told = rows(True, False, 0.42, 0.5) + rows(False, False, 0.1) + rows(True, True, 0.97) + rows(False, True, 0.9)
    chosen = choose(told, most_false=0.0)
    assert chosen.clear <= 0.42
    assert 0.9 < chosen.reworded <= 0.97


def test_where_too_many_pass_the_fewest_false_ones_do() -> None:
    chosen = choose(rows(True, False, 0.5) + rows(False, False, 1.0, 1.0, 0.2), most_false=0.1)
    assert chosen.clear > 0.2
