import json
from collections.abc import Iterator

import httpx
import pytest

from rag import Answer, Corpus

QUESTION = "How many animals did Putin give to North Korea?"
TOKEN = {"Authorization": "Bearer a-token-for-tests"}


@pytest.fixture
def client(served: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served, headers=TOKEN, timeout=30) as client:
        yield client


def test_an_answer_comes_with_its_footnotes(client: httpx.Client, corpus: Corpus) -> None:
    answer = Answer.from_dict(client.post("/v1/ask", json={"question": QUESTION}).raise_for_status().json())
    assert answer.status == "answered"
    (first, *_) = answer.citations
    assert corpus.article(first.article_id).text[first.start : first.end] == first.quote


def test_a_stream_gives_statements_and_then_the_answer(client: httpx.Client) -> None:
    with client.stream("POST", "/v1/ask/stream", json={"question": QUESTION}) as reply:
        lines = [line for line in reply.iter_lines() if line]
    events = [line.removeprefix("event: ") for line in lines if line.startswith("event: ")]
    data = [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]
    assert events == ["statement"] * (len(events) - 1) + ["answer"]
    assert "".join(one["text"] for one in data[:-1]) == data[-1]["text"]


def test_articles_are_listed_read_added_and_removed(client: httpx.Client) -> None:
    listed = client.get("/v1/articles", params={"limit": 2}).json()
    assert listed["total"] == 5
    assert len(listed["articles"]) == 2
    given = [{"text": "A walrus swam into the harbour of Vell.", "source": "walrus", "published": "2024-05-01"}]
    assert client.post("/v1/articles", json=given).json()["added"] == ["walrus"]
    (hit, *_) = client.get("/v1/search", params={"q": "walrus harbour", "published_after": "2024-05-01"}).json()
    article_id = hit["passage"]["article_id"]
    assert client.get(f"/v1/articles/{article_id}").json()["published"] == "2024-05-01"
    assert client.delete(f"/v1/articles/{article_id}").status_code == 204
    assert client.get(f"/v1/articles/{article_id}").status_code == 404


def test_only_the_articles_chosen_are_asked_and_searched(client: httpx.Client) -> None:
    citing = client.post("/v1/ask", json={"question": QUESTION}).json()["citations"][0]["article_id"]
    others = [one["article_id"] for one in client.get("/v1/articles").json()["articles"]]
    others.remove(citing)
    for chosen in ([citing], others):
        answer = client.post("/v1/ask", json={"question": QUESTION, "articles": chosen}).raise_for_status().json()
        shown = {one["article_id"] for one in answer["citations"]} | {
            one["passage"]["article_id"] for one in answer["nearest"]
        }
        assert shown
        assert shown <= set(chosen)
        hits = client.get("/v1/search", params={"q": "animals lion North Korea", "article": chosen, "k": 50}).json()
        assert {hit["passage"]["article_id"] for hit in hits} <= set(chosen)
        assert hits


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/v1/ask", {"question": "lions?", "articles": ["nonesuch"]}, 404),
        ("/v1/ask", {"question": "lions?", "articles": []}, 400),
        ("/v1/ask", {"question": " "}, 400),
        ("/v1/ask", {"question": "lions?", "answerer": "nonesuch"}, 400),
        ("/v1/ask", {"question": "lions?", "published_after": "May"}, 400),
        ("/v1/ask", {"question": "lions?", "unknown": 1}, 422),
        ("/v1/articles", [{"text": "x", "source": "s", "published": "May"}], 400),
    ],
)
def test_bad_input_is_explained(client: httpx.Client, path: str, body: object, status: int) -> None:
    reply = client.post(path, json=body)
    assert reply.status_code == status
    assert reply.json()


def test_metrics_count_what_was_asked(client: httpx.Client) -> None:
    client.post("/v1/ask", json={"question": QUESTION})
    told = client.get("/v1/metrics").text
    assert 'citedesk_questions_total{status="answered"} 1.0' in told
    assert "citedesk_articles 5.0" in told


def test_health_needs_no_token(served: str) -> None:
    assert httpx.get(f"{served}/v1/health").json() == {"status": "ok", "articles": 5}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer wrong"}, 401),
        (TOKEN | {"Host": "evil.example"}, 403),
        (TOKEN | {"Origin": "http://127.0.0.1:1"}, 403),
        (TOKEN | {"Origin": "null"}, 403),
    ],
)
@pytest.mark.parametrize("path", ["/v1/ask", "/v1/chat/completions", "/mcp", "/v1/articles"])
def test_nobody_comes_in_without_the_token_or_from_another_page(
    served: str, path: str, headers: dict[str, str], status: int
) -> None:
    assert httpx.post(f"{served}{path}", headers=headers, content=b"{}").status_code == status


def test_a_body_that_is_too_large_is_refused(served: str) -> None:
    assert httpx.post(f"{served}/v1/ask", headers=TOKEN, content=b" " * 51_000_000).status_code == 413


def test_no_other_origin_is_allowed_to_read(client: httpx.Client) -> None:
    reply = client.get("/v1/articles")
    assert not [name for name in reply.headers if name.startswith("access-control-")]


def test_a_body_that_does_not_tell_its_length_is_bounded(served: str) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(60):
            yield b" " * 1_000_000

    with pytest.raises((httpx.HTTPError, AssertionError)):
        assert httpx.post(f"{served}/v1/ask", headers=TOKEN, content=endless()).status_code < 400
