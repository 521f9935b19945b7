"""The corpus as tools of the Model Context Protocol: ask, search, read an article; over HTTP or standard input."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.transport_security import TransportSecuritySettings
from starlette.types import ASGIApp

from rag.errors import CitedeskError
from rag.filters import Filters
from rag.schema import Article
from rag.serialization import to_plain

from .service import Service

P = ParamSpec("P")
T = TypeVar("T")

INSTRUCTIONS = (
    "Citedesk answers from one collection of articles. `ask` returns statements with footnotes: exact quotes that were "
    "checked against the article, or says that the articles do not answer. Show the footnotes to the person who asked."
)


def build_server(service: Service, *, read_only: bool = True) -> MCPServer[Any]:
    """Return the server; without `read_only` it can also add and remove articles."""
    server: MCPServer[Any] = MCPServer("citedesk", title="Citedesk", instructions=INSTRUCTIONS, log_level="WARNING")
    corpus = service.corpus

    @server.tool()
    @_explained
    async def ask(
        question: str,
        published_after: str | None = None,
        published_before: str | None = None,
        outlets: list[str] | None = None,
        articles: list[str] | None = None,
    ) -> dict[str, Any]:
        """Answer a question from the articles, with checked footnotes.

        Days are ISO strings, inclusive; `articles` are ids, as `search` gives them. Without any, all articles are asked.
        """
        filters = Filters(published_after, published_before, outlets, articles)
        answer = await service.ask(question, filters=filters)
        told = answer.to_dict()
        return {name: told[name] for name in ("status", "text", "short", "reason", "confidence", "citations")}

    @server.tool()
    @_explained
    async def search(
        query: str,
        k: int = 8,
        published_after: str | None = None,
        published_before: str | None = None,
        outlets: list[str] | None = None,
        articles: list[str] | None = None,
    ) -> list[dict[str, Any]]:
        """Find the passages that match a query best, each with its article's id, title, outlet and day."""
        filters = Filters(published_after, published_before, outlets, articles)
        hits = await service.search(query, k=max(1, min(k, 50)), filters=filters)
        return [
            {
                "article_id": hit.passage.article_id,
                "title": hit.title,
                "outlet": hit.outlet,
                "published": hit.published and hit.published.isoformat(),
                "text": hit.passage.text,
            }
            for hit in hits
        ]

    @server.tool()
    @_explained
    async def article(article_id: str) -> dict[str, Any]:
        """Return a whole article: title, outlet, author, day, source, text."""
        found = dict(to_plain(await service.call(lambda: corpus.article(article_id))))
        return {name: found[name] for name in ("id", "title", "outlet", "author", "published", "source", "text")}

    if not read_only:

        @server.tool()
        @_explained
        async def add_article(title: str, text: str, source: str) -> dict[str, Any]:
            """Add an article to the collection. Adding from the same source again replaces it."""
            record = Article(title=title, text=text, source=source)
            return (await service.call(lambda: corpus.add(record, wait=True))).to_dict()

        @server.tool()
        @_explained
        async def remove_article(article_id: str) -> str:
            """Take an article out of the collection."""
            await service.call(lambda: corpus.remove(article_id, wait=True))
            return f"{article_id} is removed"

    return server


def _explained(tool: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
    """Let the model read what was wrong with its call: what else is raised, the server keeps to itself."""

    @wraps(tool)
    async def call(*arguments: P.args, **named: P.kwargs) -> T:
        try:
            return await tool(*arguments, **named)
        except CitedeskError as error:
            raise ToolError(str(error)) from error

    return call


def http_app(server: MCPServer[Any]) -> ASGIApp:
    """Return the server as an application that answers at /mcp. Hosts and origins are checked before, in door.py."""
    security = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    return server.streamable_http_app(transport_security=security)
