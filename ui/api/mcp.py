"""The corpus as tools of the Model Context Protocol: ask, search, read an article; over HTTP or standard input."""

from __future__ import annotations

from typing import Any

from mcp.server.mcpserver import MCPServer
from mcp.server.transport_security import TransportSecuritySettings
from starlette.types import ASGIApp

from rag.filters import Filters
from rag.schema import Article
from rag.serialization import to_plain

from .service import Service

INSTRUCTIONS = (
    "Citedesk answers from one collection of articles. `ask` returns statements with footnotes: exact quotes that were "
    "checked against the article, or says that the articles do not answer. Show the footnotes to the person who asked."
)


def build_server(service: Service, *, read_only: bool = True) -> MCPServer[Any]:
    """Return the server; without `read_only` it can also add and remove articles."""
    server: MCPServer[Any] = MCPServer("citedesk", title="Citedesk", instructions=INSTRUCTIONS, log_level="WARNING")
    corpus = service.corpus

    @server.tool()
    async def ask(
        question: str,
        published_after: str | None = None,
        published_before: str | None = None,
        outlets: list[str] | None = None,
    ) -> dict[str, Any]:
        """Answer a question from the articles, with checked footnotes. Days are ISO strings, inclusive."""
        answer = await service.ask(question, filters=Filters(published_after, published_before, outlets))
        told = answer.to_dict()
        return {name: told[name] for name in ("status", "text", "short", "reason", "confidence", "citations")}

    @server.tool()
    async def search(query: str, k: int = 8) -> list[dict[str, Any]]:
        """Find the passages that match a query best, each with its article's title, outlet and day."""
        hits = await service.call(lambda: corpus.search(query, k=max(1, min(k, 50))))
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
    async def article(article_id: str) -> dict[str, Any]:
        """Return a whole article: title, outlet, author, day, source, text."""
        found = dict(to_plain(await service.call(lambda: corpus.article(article_id))))
        return {name: found[name] for name in ("id", "title", "outlet", "author", "published", "source", "text")}

    if not read_only:

        @server.tool()
        async def add_article(title: str, text: str, source: str) -> dict[str, Any]:
            """Add an article to the collection. Adding from the same source again replaces it."""
            record = Article(title=title, text=text, source=source)
            return (await service.call(lambda: corpus.add(record, wait=True))).to_dict()

        @server.tool()
        async def remove_article(article_id: str) -> str:
            """Take an article out of the collection."""
            await service.call(lambda: corpus.remove(article_id, wait=True))
            return f"{article_id} is removed"

    return server


def http_app(server: MCPServer[Any]) -> ASGIApp:
    """Return the server as an application that answers at /mcp. Hosts and origins are checked before, in door.py."""
    security = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    return server.streamable_http_app(transport_security=security)
