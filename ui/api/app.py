"""The HTTP API: ask, stream, search, articles, health and metrics, with OpenAPI at /docs."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel, ConfigDict, Field

from rag.corpus import Corpus
from rag.errors import CitedeskError, IndexBusyError, QuestionError, UnknownArticleError
from rag.filters import Filters
from rag.schema import Answer, Article
from rag.serialization import to_plain

from ..door import Door, Rules
from ..fair_queue import BusyError, FairQueue
from . import chat_completions, mcp
from .selection import Selection
from .service import Service, client_of

OPEN_PATHS = ("/v1/health",)  # for whoever watches whether it lives
STATUSES: dict[type[CitedeskError], int] = {
    QuestionError: 400,
    UnknownArticleError: 404,
    IndexBusyError: 409,
    BusyError: 503,
}


class Question(Selection):
    """A question, and the articles that it is put to."""

    model_config = ConfigDict(extra="forbid")

    question: str
    history: list[str] = Field(default_factory=list, description="Earlier questions, oldest first.")
    answerer: str | None = None
    user: str = Field(default="", description="Who of your users asks: each gets a fair share of the queue.")


class NewArticle(BaseModel):
    """An article as a program gives it. Without a title, it is found in the text."""

    model_config = ConfigDict(extra="forbid")

    text: str
    source: str = Field(description="Where it came from; adding from the same source again replaces it.")
    title: str = ""
    outlet: str | None = None
    author: str | None = None
    published: str | None = None
    address: str | None = None


def api_rules(hosts: frozenset[str], token: str | None, *, any_address: bool) -> Rules:
    """Return whom the API answers: who brings the token with each request, and whoever asks whether it lives."""
    return Rules(hosts=hosts, token=token, any_address=any_address, open_paths=frozenset(OPEN_PATHS))


def build_api(corpus: Corpus, rules: Rules, *, read_only: bool = False, queue: FairQueue | None = None) -> FastAPI:
    """Return the application: API under /v1, MCP at /mcp. Questions wait in the `queue`, by default one of its own."""
    service = Service(corpus, queue)
    tools = mcp.build_server(service, read_only=read_only)
    tools_app = mcp.http_app(tools)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(tools.session_manager.run())
            yield

    api = FastAPI(title="Citedesk", summary="Answers from your articles, with checked footnotes.", lifespan=lifespan)
    api.include_router(_router(service, read_only=read_only), prefix="/v1")
    api.include_router(chat_completions.router(service), prefix="/v1")
    api.mount("/", tools_app)
    api.add_exception_handler(CitedeskError, _explain)
    api.add_middleware(Door, rules=rules)
    return api


def _router(service: Service, *, read_only: bool) -> APIRouter:
    router = APIRouter()
    corpus = service.corpus

    @router.get("/health")
    async def health() -> dict[str, Any]:
        return {"status": "ok", "articles": await service.call(lambda: len(corpus))}

    @router.get("/metrics", response_class=Response)
    async def metrics() -> Response:
        return Response(await service.call(lambda: generate_latest(service.registry)), media_type=CONTENT_TYPE_LATEST)

    @router.post("/ask")
    async def ask(asked: Question, request: Request) -> dict[str, Any]:
        """Return the whole answer: status, statements with citations, confidence, disagreements, trace."""
        answer = await service.ask(
            asked.question,
            asked.history,
            answerer=asked.answerer,
            filters=asked.filters,
            client=client_of(request, asked.user),
        )
        return answer.to_dict()

    @router.post("/ask/stream", response_class=StreamingResponse)
    async def ask_stream(asked: Question, request: Request) -> StreamingResponse:
        """Stream server-sent events: `statement` for each checked statement, then `answer`; `error` in place of it."""
        events = _events(service, asked, client_of(request, asked.user))
        return StreamingResponse(events, media_type="text/event-stream")

    @router.get("/search")
    async def search(
        q: str,
        k: Annotated[int, Query(ge=1, le=100)] = 10,
        published_after: str | None = None,
        published_before: str | None = None,
        outlet: Annotated[list[str] | None, Query()] = None,
        article: Annotated[list[str] | None, Query(description="Its id; may be repeated.")] = None,
    ) -> list[dict[str, Any]]:
        """Return the passages that match best, with their scores."""
        filters = Filters(published_after, published_before, outlet, article)
        return [to_plain(hit) for hit in await service.search(q, k=k, filters=filters)]

    @router.get("/articles")
    async def articles(
        words: str = "", offset: Annotated[int, Query(ge=0)] = 0, limit: Annotated[int, Query(ge=1, le=1000)] = 100
    ) -> dict[str, Any]:
        """Return a page of the articles that `words` name, by title, without their text."""
        found = await service.call(lambda: corpus.list_articles(words))
        return {"total": len(found), "articles": [to_plain(one) for one in found[offset : offset + limit]]}

    @router.get("/articles/{article_id}")
    async def article(article_id: str) -> dict[str, Any]:
        found = await service.call(lambda: corpus.article(article_id))
        return dict(to_plain(found))

    if not read_only:
        _add_writing(router, service)
    return router


def _add_writing(router: APIRouter, service: Service) -> None:
    @router.post("/articles", status_code=201)
    async def add(given: list[NewArticle]) -> dict[str, Any]:
        """Add articles, and say what became of each."""
        records = [_record(one) for one in given]
        report = await service.call(lambda: service.corpus.add(records, wait=True))
        return report.to_dict()

    @router.delete("/articles/{article_id}", status_code=204)
    async def remove(article_id: str) -> None:
        await service.call(lambda: service.corpus.remove(article_id, wait=True))


def _record(given: NewArticle) -> Article:
    filters = Filters(published_after=given.published)  # reads the day, and says what is wrong with it
    published = filters.published_after
    assert not isinstance(published, str)
    return Article(
        title=given.title,
        text=given.text,
        source=given.source,
        outlet=given.outlet,
        author=given.author,
        published=published,
        address=given.address,
    )


async def _events(service: Service, asked: Question, client: str) -> AsyncIterator[str]:
    try:
        stream = service.stream(
            asked.question, asked.history, answerer=asked.answerer, filters=asked.filters, client=client
        )
        async for piece in stream:
            if isinstance(piece, Answer):
                yield _event("answer", piece.to_dict())
            else:
                yield _event("statement", {"text": piece})
    except CitedeskError as error:
        yield _event("error", {"message": str(error), "type": type(error).__name__})


def _event(name: str, data: Any) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


async def _explain(request: Request, error: Exception) -> Response:
    status = next((code for kind, code in STATUSES.items() if isinstance(error, kind)), 400)
    return JSONResponse({"error": {"message": str(error), "type": type(error).__name__}}, status_code=status)
