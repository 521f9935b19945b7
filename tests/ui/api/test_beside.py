"""One process that serves the page and the API behind one address: each with its own door, and one queue."""

from collections.abc import Callable
from typing import Any

import httpx
import openai
import pytest

from rag import Corpus

QUESTION = "How many animals did Putin give to North Korea?"
TOKEN = "a-token-for-tests"

pytestmark = [
    # A thread of Gradio's queue uses what a newer pandas has deprecated.
    pytest.mark.filterwarnings("ignore:'future.no_silent_downcasting' is deprecated"),
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated"),
]


def test_a_browser_and_a_chat_front_end_are_served_by_one_process(
    corpus: Corpus, answers_with: Callable[..., Corpus], page_with_api: Any
) -> None:
    answers_with(corpus, "more than 70 animals")
    address = page_with_api.address
    with httpx.Client(base_url=address, timeout=30) as browser:
        page = browser.get(page_with_api.opening, follow_redirects=True)
        assert page.status_code == 200
        assert "gradio" in page.text
        assert browser.get("/v1/articles").status_code == 401  # what the page gave the browser opens the page alone
        assert browser.get("/docs").status_code == 401
    assert httpx.get(f"{address}/v1/health").json() == {"status": "ok", "articles": 5}
    assert httpx.get(f"{address}/config").status_code == 403
    assert httpx.get(f"{address}/v1x").status_code == 403  # the page's own door
    client = openai.OpenAI(base_url=f"{address}/v1", api_key=TOKEN, max_retries=0)
    reply = client.chat.completions.create(model="citedesk", messages=[{"role": "user", "content": QUESTION}])
    assert "more than 70 animals" in str(reply.choices[0].message.content)
    headers = {"Authorization": f"Bearer {TOKEN}", "Accept": "application/json, text/event-stream"}
    begin = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-03-26",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"},
        },
    }
    assert httpx.post(f"{address}/mcp", headers=headers, json=begin, timeout=30).status_code == 200
