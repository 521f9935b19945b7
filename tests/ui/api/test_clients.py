"""Real clients of each face: the openai package, and the client of the mcp package over HTTP and standard input."""

import asyncio

import httpx2
import openai
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from rag import Corpus

QUESTION = "How many animals did Putin give to North Korea?"
TOKEN = "a-token-for-tests"


def test_a_chat_front_end_gets_an_answer_with_footnotes(served: str) -> None:
    client = openai.OpenAI(base_url=f"{served}/v1", api_key=TOKEN, max_retries=0)
    assert [model.id for model in client.models.list()] == ["citedesk"]
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": QUESTION}]
    reply = client.chat.completions.create(model="citedesk", messages=messages)  # type: ignore[arg-type]
    message = reply.choices[0].message
    assert "more than 70 animals" in str(message.content)
    assert "[1] “" in str(message.content)
    assert message.annotations
    place = message.annotations[0].url_citation
    assert str(message.content)[place.start_index : place.end_index] == "[1]"
    stream = client.chat.completions.create(model="citedesk", messages=messages, stream=True)  # type: ignore[call-overload]
    pieces = [chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices]
    assert "".join(pieces) == message.content


def test_what_the_articles_do_not_say_is_told_to_a_chat_front_end(served: str) -> None:
    client = openai.OpenAI(base_url=f"{served}/v1", api_key=TOKEN, max_retries=0)
    reply = client.chat.completions.create(model="x", messages=[{"role": "user", "content": "Who sells tulips?"}])
    assert str(reply.choices[0].message.content).startswith("The articles do not say.")


def test_a_chat_front_end_asks_only_the_articles_it_names(served: str, corpus: Corpus) -> None:
    client = openai.OpenAI(base_url=f"{served}/v1", api_key=TOKEN, max_retries=0)
    messages = [{"role": "user", "content": QUESTION}]
    gifts = corpus.ask(QUESTION).citations[0].article_id
    others = [one.article_id for one in corpus.list_articles() if one.article_id != gifts]
    for chosen, found in (([gifts], True), (others, False)):
        reply = client.chat.completions.create(model="citedesk", messages=messages, extra_body={"articles": chosen})  # type: ignore[arg-type]
        assert ("more than 70 animals" in str(reply.choices[0].message.content)) is found
    with pytest.raises(openai.NotFoundError, match="nonesuch"):
        client.chat.completions.create(model="citedesk", messages=messages, extra_body={"articles": ["nonesuch"]})  # type: ignore[arg-type]


@pytest.mark.parametrize("messages", [[], [{"role": "assistant", "content": "Hello."}]])
def test_messages_without_a_question_are_refused(served: str, messages: list[dict[str, str]]) -> None:
    client = openai.OpenAI(base_url=f"{served}/v1", api_key=TOKEN, max_retries=0)
    with pytest.raises(openai.BadRequestError, match="role user"):
        client.chat.completions.create(model="citedesk", messages=messages)  # type: ignore[arg-type]


def test_tools_are_called_over_http(served: str) -> None:
    async def talk() -> None:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        async with (
            httpx2.AsyncClient(headers=headers) as http,
            Client(streamable_http_client(f"{served}/mcp", http_client=http)) as client,
        ):
            names = {tool.name for tool in (await client.list_tools()).tools}
            assert names == {"ask", "search", "article", "add_article", "remove_article"}
            told = (await client.call_tool("ask", {"question": QUESTION})).structured_content
            assert told is not None
            assert told["status"] == "answered"
            first = told["citations"][0]
            article = (await client.call_tool("article", {"article_id": first["article_id"]})).structured_content
            assert article is not None
            assert article["text"][first["start"] : first["end"]] == first["quote"]
            gifts = first["article_id"]
            words = {"query": "North Korea", "k": 50}
            ids = [one["article_id"] for one in await _listed(client, "search", words)]
            assert len(set(ids)) > 1
            only = [one["article_id"] for one in await _listed(client, "search", words | {"articles": [gifts]})]
            assert set(only) == {gifts}
            told = (await client.call_tool("ask", {"question": QUESTION, "articles": [gifts]})).structured_content
            assert told is not None
            assert {one["article_id"] for one in told["citations"]} == {gifts}
            failed = await client.call_tool("ask", {"question": QUESTION, "articles": ["nonesuch"]})
            assert failed.is_error
            assert "nonesuch" in str(failed.content)

    asyncio.run(talk())


async def _listed(client: Client, tool: str, arguments: dict[str, object]) -> list[dict[str, str]]:
    content = (await client.call_tool(tool, arguments)).structured_content
    assert content is not None
    return list(content["result"])
