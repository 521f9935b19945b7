"""OpenAI's chat endpoint over the corpus, so that any chat front end can use Citedesk as a model.

The footnotes stand in the text, `[1]` with the quote below, and as `url_citation` annotations.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import AsyncIterator
from typing import Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict

from rag.errors import CitedeskError, QuestionError
from rag.filters import Filters
from rag.rendering import words
from rag.schema import Answer, Citation

from .selection import Selection
from .service import Service, client_of

MODEL = "citedesk"


class Part(BaseModel):
    model_config = ConfigDict(extra="allow")

    type: str
    text: str = ""


class Message(BaseModel):
    model_config = ConfigDict(extra="allow")

    role: Literal["system", "developer", "user", "assistant", "tool"]
    content: str | list[Part] | None = None

    @property
    def text(self) -> str:
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class Completion(Selection):
    """A request. What steers a language model (temperature and the like) is accepted and has no effect here.

    Beyond OpenAI's fields it may choose articles: with the package openai, `extra_body={"articles": [ID, …]}`.
    """

    model_config = ConfigDict(extra="allow")

    model: str = MODEL
    messages: list[Message]
    stream: bool = False
    user: str = ""  # each gets a fair share of the queue


def router(service: Service) -> APIRouter:
    """Return the endpoints /models and /chat/completions."""
    routes = APIRouter()

    @routes.get("/models")
    async def models() -> dict[str, Any]:
        return {"object": "list", "data": [{"id": MODEL, "object": "model", "created": 0, "owned_by": "citedesk"}]}

    @routes.post("/chat/completions", response_model=None)
    async def complete(asked: Completion, request: Request) -> dict[str, Any] | StreamingResponse:
        *history, question = _questions(asked)
        head = {"id": f"chatcmpl-{uuid.uuid4().hex}", "created": int(time.time()), "model": MODEL}
        client, filters = client_of(request, asked.user), asked.filters
        if asked.stream:
            chunks = _chunks(service, question, history, head, filters=filters, client=client)
            return StreamingResponse(chunks, media_type="text/event-stream")
        answer = await service.ask(question, history, filters=filters, client=client)
        message = {"role": "assistant", "content": content(answer), "annotations": url_citations(answer)}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        return head | {"object": "chat.completion", "choices": [choice], "usage": _NO_TOKENS}

    return routes


_NO_TOKENS = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}  # no language model counts here


def content(answer: Answer) -> str:
    """Return the answer as text: statements with markers, then a line for each footnote; of a refusal, its reason."""
    if not answer.statements:
        return f"{words.verdict_words(answer)}. {answer.reason or ''}".strip()
    return answer.text + _below(answer)


def url_citations(answer: Answer) -> list[dict[str, Any]]:
    """Return a `url_citation` for each place of a marker in the text."""
    found, text = [], content(answer)
    for citation in answer.citations:
        mark = f"[{citation.marker}]"
        at = text.find(mark)
        place = {"start_index": at, "end_index": at + len(mark)}
        found.append(
            {"type": "url_citation", "url_citation": {"url": _address(citation), "title": citation.title} | place}
        )
    return found


def _below(answer: Answer) -> str:
    """What stands below the statements: a line for each footnote, and what the reader should know."""
    lines = [f"[{one.marker}] “{one.quote}” — {_origin(one)}" for one in answer.citations]
    if answer.reason:
        lines.append(answer.reason)
    return "\n\n" + "\n".join(lines)


def _origin(citation: Citation) -> str:
    return ", ".join(filter(None, (words.titled(citation), words.origin(citation))))


def _address(citation: Citation) -> str:
    """The article in this API, with the characters of the quote."""
    return f"/v1/articles/{citation.article_id}#char={citation.start},{citation.end}"


def _questions(asked: Completion) -> list[str]:
    questions = [message.text for message in asked.messages if message.role == "user" and message.text.strip()]
    if not questions or asked.messages[-1].role != "user":
        raise QuestionError("the last message is no question, expected one of the role user. Put the question last.")
    return questions


async def _chunks(
    service: Service, question: str, history: list[str], head: dict[str, Any], *, filters: Filters, client: str
) -> AsyncIterator[str]:
    def chunk(delta: dict[str, Any], finish: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return _data(head | {"object": "chat.completion.chunk", "choices": [choice]})

    yield chunk({"role": "assistant", "content": ""})
    try:
        async for piece in service.stream(question, history, filters=filters, client=client):
            if not isinstance(piece, Answer):
                yield chunk({"content": piece})
            else:
                rest = _below(piece) if piece.statements else content(piece)
                yield chunk({"content": rest, "annotations": url_citations(piece)})
    except CitedeskError as error:
        yield _data({"error": {"message": str(error), "type": type(error).__name__}})
        return
    yield chunk({}, "stop")
    yield "data: [DONE]\n\n"


def _data(data: dict[str, Any]) -> str:
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n"
