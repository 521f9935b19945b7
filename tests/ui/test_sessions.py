"""What is kept of conversations while the program runs."""

from __future__ import annotations

from typing import Any

import pytest

from ui import sessions
from ui.render import Turn


def turns(*questions: str) -> tuple[Turn, ...]:
    return tuple(Turn(question, error="e") for question in questions)


def test_a_conversation_is_kept_for_its_tab_alone() -> None:
    kept = sessions.Conversations()
    kept.keep("tab", turns("a"))
    kept.keep("tab", turns("a", "b"))
    kept.keep("", turns("of a tab not yet known"))
    assert kept.of("tab") == turns("a", "b")
    assert kept.of("another") == kept.of("") == ()


def test_nothing_is_left_of_a_conversation_that_was_emptied() -> None:
    kept = sessions.Conversations()
    kept.keep("tab", turns("secret"))
    kept.keep("tab", ())
    assert kept.of("tab") == ()
    assert "secret" not in repr(vars(kept))


def test_of_too_much_those_go_that_waited_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "MOST_PASSAGES", 4)
    kept = sessions.Conversations()
    kept.keep("first", turns("a", "b"))
    kept.keep("second", turns("c"))
    kept.keep("first", turns("a", "b", "d"))
    assert kept.of("second") == turns("c")
    kept.keep("third", turns("e"))
    assert kept.of("second") == ()
    assert kept.of("first") == turns("a", "b", "d")
    kept.keep("third", turns(*"fghijk"))
    assert kept.of("third") == turns(*"hijk")
    assert kept.of("first") == ()


def test_an_answer_counts_by_the_passages_it_was_found_in(answers: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    answered = Turn("seals?", answer=answers("seals"))
    assert answered.answer is not None
    monkeypatch.setattr(sessions, "MOST_PASSAGES", 2 * (1 + len(answered.answer.trace.readings)) - 1)
    kept = sessions.Conversations()
    kept.keep("tab", (answered, answered))
    assert kept.of("tab") == (answered,)


def test_of_a_question_that_is_far_too_long_the_beginning_is_kept() -> None:
    kept = sessions.Conversations()
    kept.keep("tab", turns("a" * 1_000_000))
    assert kept.of("tab") == turns("a" * sessions.MOST_QUESTION_CHARACTERS)
