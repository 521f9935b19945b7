"""The page and the API behind one address, in one process: each has its own door, and questions wait in one queue."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

API_PATHS = ("/v1", "/mcp", "/docs", "/openapi.json")


class Beside:
    """Sends what is asked under the API's paths to the API, and all else, the start and the end too, to the page."""

    def __init__(self, page: ASGIApp, api: ASGIApp) -> None:
        self._page = page
        self._api = api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = str(scope.get("path", ""))
        to_api = any(path == one or path.startswith(f"{one}/") for one in API_PATHS)
        await (self._api if to_api else self._page)(scope, receive, send)


def lifespan_of(api: FastAPI | None) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """Return what the page's application does from start to end: it runs the API's own start and end."""

    @asynccontextmanager
    async def lifespan(page: FastAPI) -> AsyncIterator[None]:
        if api is None:
            yield
            return
        async with api.router.lifespan_context(api):
            yield

    return lifespan
