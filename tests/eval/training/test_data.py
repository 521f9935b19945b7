from eval.training.data import Example, occurrences, of_other_articles, without_leaks


def example(question: str, passage: str, *, source: str, title: str = "Title") -> Example:
    return Example(question, title, passage, ((0, 1),), ("a",), f"{source}:{title.replace(' ', '_')}", source)


def test_a_passage_that_is_held_out_is_not_trained_on() -> None:
    held = [example("who?", "The lion, asleep.", source="new_wiki")]
    train = [example("when?", "the LION asleep", source="squad1"), example("when?", "The tiger.", source="squad1")]
    assert [one.passage for one in without_leaks(train, held=held)] == ["The tiger."]


def test_a_search_log_question_that_is_held_out_is_not_trained_on() -> None:
    held = [example("who won in 1901", "One.", source="qed")]
    train = [example("Who won in 1901?", "Two.", source="nq"), example("Who won in 1901?", "Three.", source="squad1")]
    assert [one.passage for one in without_leaks(train, held=held)] == ["Three."]


def test_an_article_is_not_measured_on_when_another_passage_of_it_is_trained_on() -> None:
    held = [example("who?", "One.", source="new_wiki", title=title) for title in ("Red Lion", "Tiger", "")]
    train = [example("when?", "Two.", source="nq", title=title) for title in ("red lion", "")]
    assert [one.title for one in of_other_articles(held, than=train)] == ["Tiger", ""]


def test_occurrences_are_whole_words_in_any_case() -> None:
    assert occurrences("Art is art, not a party.", of="art") == ((0, 3), (7, 10))
