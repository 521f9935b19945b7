"""Conversations on disk: kept, found, renamed, deleted; and rid of what quotes an article that is gone."""

from __future__ import annotations

import sqlite3
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from rag import Corpus
from rag.conversations.judging import judged_case
from rag.conversations.mentioned import article_ids, id_of
from rag.conversations.records import GONE, Turn
from rag.conversations.storage import FILE, History
from rag.errors import CitedeskError, ConversationsError
from rag.schema import Copy
from rag.testing import HashEmbedder

Answered = Callable[..., Turn]
QUOTE = "They sent 12 grey seals."


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History.open(tmp_path)


def test_a_conversation_is_there_when_the_file_is_opened_again(tmp_path: Path, answered: Answered) -> None:
    with History.open(tmp_path) as history:
        history.keep(
            "c1", (answered("seals?"), Turn("and then?", error="the endpoint is away"), Turn("q", stopped=True))
        )
    with History.open(tmp_path) as again:
        (one,) = again.summaries()
        turns = again.of("c1")
    assert (one.id, one.title, one.turns) == ("c1", "seals?", 3)
    assert turns[0].answer is not None
    assert turns[0].answer.text == f"{QUOTE} [1]"
    assert turns[0].answer.citations[0].address == "https://vell.example/seals"
    assert [turn.error for turn in turns] == [None, "the endpoint is away", None]
    assert turns[2].stopped


def test_no_file_is_made_before_something_is_kept(history: History, tmp_path: Path, answered: Answered) -> None:
    assert history.summaries() == []
    assert history.of("c1") == ()
    history.delete("c1")
    assert list(tmp_path.iterdir()) == []
    history.keep("c1", (answered("seals?"),))
    if sys.platform != "win32":
        assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


def test_the_newest_stands_first_and_words_find_titles_questions_and_answers(
    history: History, answered: Answered
) -> None:
    history.keep("c1", (answered("seals?"),))
    history.keep("c2", (answered("lamps?", quote="A lighthouse lamp from 1871."), answered("and who paid?")))
    assert [one.id for one in history.summaries()] == ["c2", "c1"]
    assert [one.id for one in history.summaries("LIGHTHOUSE paid")] == ["c2"]
    history.rename("c1", "  Gifts of   the island ")
    assert [one.title for one in history.summaries("island gifts")] == ["Gifts of the island"]
    assert history.summaries("walrus") == []  # stood in the trace only, which is not kept


def test_a_title_of_ones_own_stays_when_more_is_asked_and_an_empty_one_is_none(
    history: History, answered: Answered
) -> None:
    history.keep("c1", (answered("seals?"),))
    history.rename("c1", "Gifts")
    history.rename("c1", "  ")
    history.keep("c1", (answered("lamps?"), answered("and then?")))
    assert history.summaries()[0].title == "Gifts"


def test_what_was_streamed_of_a_stopped_answer_is_not_kept(history: History) -> None:
    history.keep("c1", (Turn("q", partial="They sent 12 [1]", stopped=True),))
    assert history.of("c1") == (Turn("q", stopped=True),)


def test_a_deleted_conversation_stands_in_no_byte_of_the_folder(
    history: History, tmp_path: Path, answered: Answered
) -> None:
    history.keep("c1", tuple(answered(f"seals {number}?") for number in range(30)))
    history.keep("c2", (answered("lamps?", quote="A lamp."),))
    assert _held(tmp_path, "grey seals")
    history.delete("c1")
    assert [one.id for one in history.summaries()] == ["c2"]
    assert not _held(tmp_path, "grey seals")
    history.keep("c2", ())
    assert history.summaries() == []


def test_a_removed_article_leaves_conversations_notes_and_cases_but_not_the_questions(
    history: History, tmp_path: Path, answered: Answered
) -> None:
    copied = answered("copied?", "lamp", "A lamp.", copies=(Copy("seals", "Seals, again", None, None, "copy.txt"),))
    turns = (answered("seals?"), answered("lamps?", "lamp", "A lamp."), copied)
    history.keep("c1", turns)
    for turn in turns:
        history.pin(id_of(turn), turn)
    for place in range(3):
        case = judged_case(turns, place, verdict="right")
        history.keep_case(case, mentions=article_ids(turns[place]))
    assert history.mentioned() == ["lamp", "seals"]
    history.forget_articles(["seals"])
    assert [turn.error for turn in history.of("c1")] == [GONE, None, GONE]
    assert [turn.question for turn in history.of("c1")] == ["seals?", "lamps?", "copied?"]
    assert [note.turn.question for note in history.notes()] == ["lamps?"]
    assert [case.question for case in history.cases()] == ["lamps?"]
    assert not _held(tmp_path, "grey seals")
    assert not _held(tmp_path, "Seals, again")


def test_turns_that_lost_an_answer_get_it_back_where_they_still_stand(history: History, answered: Answered) -> None:
    history.keep("c1", (answered("seals?"), answered("more?")))
    lost = history.mentioning("seals")
    history.forget_articles(["seals"])
    history.keep("c1", (history.of("c1")[0], Turn("another question", error=GONE)))
    history.put_back(lost)
    first, second = history.of("c1")
    assert first.answer is not None
    assert (second.question, second.answer) == ("another question", None)
    history.forget_articles(["seals"])
    assert history.of("c1")[0].error == GONE


@pytest.mark.parametrize("way", ["remove", "remove_sources", "sync", "changed"])
def test_whatever_takes_an_article_out_of_the_corpus_takes_it_out_of_the_conversations(
    tmp_path: Path, answered: Answered, way: str
) -> None:
    articles, index = tmp_path / "articles", tmp_path / "index"
    articles.mkdir()
    (articles / "seals.txt").write_text(f"Seals\n\n{QUOTE}", encoding="utf-8")
    with Corpus.create(index, embedder=HashEmbedder()) as corpus:
        (articles / "other.txt").write_text("Other news\n\nThe ferry came back on Monday.", encoding="utf-8")
        corpus.add(articles)
        ((source, article_id),) = [one for one in corpus.sources().items() if one[0].endswith("seals.txt")]
        with History.open(index) as history:
            history.keep("c1", (answered("seals?", article_id),))
        corpus.add({"title": "Lamps", "text": "A lamp from 1871."})
        with History.open(index) as history:
            assert history.of("c1")[0].answer is not None
        if way == "remove":
            corpus.remove(article_id)
        elif way == "remove_sources":
            corpus.remove_sources([source])
        elif way == "sync":
            (articles / "seals.txt").unlink()
            corpus.sync(articles)
        else:
            (articles / "seals.txt").write_text(
                "Seals\n\nThey sent 13 grey seals, says a correction.", encoding="utf-8"
            )
            corpus.add(articles)
    with History.open(index) as history:
        assert history.of("c1") == (Turn("seals?", error=GONE),)
    assert not any(_held(index, words) for words in (QUOTE, "12 grey"))


def test_a_pinned_answer_is_kept_once_and_can_be_let_go(history: History, answered: Answered) -> None:
    turn = answered("seals?")
    for _ in range(2):
        history.pin(id_of(turn), turn)
    (note,) = history.notes()
    assert note.turn.pinned
    assert note.turn.answer is not None
    history.unpin(note.id)
    assert history.notes() == []


def test_a_file_that_is_none_of_conversations_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"not a database" * 100)
    with pytest.raises(ConversationsError, match="Move it away, or keep none: citedesk chat --no-history"):
        History.open(tmp_path)


@pytest.mark.parametrize(
    "foreign",
    [
        "CREATE TRIGGER copying AFTER INSERT ON turns BEGIN DELETE FROM notes; END",
        "CREATE VIEW others AS SELECT * FROM turns",
        "CREATE VIRTUAL TABLE found USING fts5(words)",
    ],
)
def test_what_would_run_with_our_queries_is_refused(tmp_path: Path, foreign: str) -> None:
    with History.open(tmp_path) as history:
        history.keep("c1", (Turn("q", error="e"),))
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute(foreign)
    connection.close()
    with pytest.raises(ConversationsError, match="which Citedesk never makes"):
        History.open(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_to_another_file_is_not_written_through(tmp_path: Path, answered: Answered) -> None:
    (tmp_path / "elsewhere").write_bytes(b"")
    (tmp_path / FILE).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ConversationsError, match="link"):
        History.open(tmp_path)
    assert (tmp_path / "elsewhere").read_bytes() == b""


def test_two_openings_see_each_others_changes(tmp_path: Path, answered: Answered) -> None:
    with History.open(tmp_path) as one, History.open(tmp_path) as other:
        one.keep("c1", (answered("seals?"),))
        assert [found.title for found in other.summaries()] == ["seals?"]
        other.delete("c1")
        assert one.of("c1") == ()


def _held(folder: Path, words: str) -> bool:
    return any(words.encode() in file.read_bytes() for file in folder.rglob("*") if file.is_file())


def test_a_row_that_somebody_else_wrote_is_an_error_of_ours(tmp_path: Path, answered: Answered) -> None:
    for content in ("{", '{"answer": 3}', '{"question": ["x"]}'):
        with History.open(tmp_path) as history:
            history.keep("c1", (answered("seals?"),))
        with sqlite3.connect(tmp_path / FILE) as connection:
            connection.execute("UPDATE turns SET content = ?", (content,))
        connection.close()
        with History.open(tmp_path) as history, pytest.raises(CitedeskError, match="expected"):
            history.of("c1")
