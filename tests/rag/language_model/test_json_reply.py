import json

import pytest

from rag.language_model.json_reply import JsonReply

REPLY = {"answered": "fully", "sentences": [{"text": 'He said "}" [1].'}, {"text": "Two\\"}], "open": []}


def items_of(text: str, size: int) -> list[dict[str, object]]:
    reply = JsonReply("sentences")
    return [item for at in range(0, len(text), size) for item in reply.feed(text[at : at + size])]


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_objects_come_whole_whatever_the_pieces(size: int) -> None:
    assert items_of(json.dumps(REPLY), size) == REPLY["sentences"]


def test_the_first_comes_before_the_second_is_written() -> None:
    text = json.dumps(REPLY)
    reply = JsonReply("sentences")
    assert list(reply.feed(text[: text.index("Two")])) == [REPLY["sentences"][0]]


@pytest.mark.parametrize(
    "text",
    [
        "```json\n" + json.dumps(REPLY) + "\n```",
        "<think>Perhaps {this}?</think>" + json.dumps(REPLY),
        "I wonder. </think>" + json.dumps(REPLY),
        json.dumps(REPLY).replace("}]", "},]"),
        "Here you are: " + json.dumps(REPLY, indent=2),
    ],
    ids=["fence", "thought", "thought without its beginning", "a comma too many", "words before"],
)
def test_what_models_put_around_it_is_passed_over(text: str) -> None:
    assert items_of(text, 5) == REPLY["sentences"]


def test_a_reply_that_broke_off_is_closed() -> None:
    reply = JsonReply("sentences")
    text = json.dumps(REPLY)
    assert list(reply.feed(text[: text.index("Two") + 2])) == [REPLY["sentences"][0]]
    assert reply.whole() == {"answered": "fully", "sentences": [REPLY["sentences"][0], {"text": "Tw"}]}


@pytest.mark.parametrize("text", ["", "no", "[1, 2]", "{broken", "{" * 50_000])
def test_what_is_no_object_is_none(text: str) -> None:
    reply = JsonReply("sentences")
    assert list(reply.feed(text)) == []
    assert reply.whole() is None
