"""Pages of API v2 for asyncio."""

from __future__ import annotations

from collections.abc import AsyncIterator
from math import inf
from typing import Any

from ..client import Response
from ..pagination import Pages, data_of


class AsyncPaginationIterator(Pages):
    """Asynchronous iterator of the pages of a method."""

    def __aiter__(self) -> AsyncPaginationIterator:
        return self

    async def __anext__(self) -> Any:
        if not self.has_next():
            raise StopAsyncIteration
        response = await self.method(*self.args, **self.kwargs)
        if isinstance(response, Response):
            meta = response.meta
        elif isinstance(response, dict):
            meta = response.get("meta", {})
        elif hasattr(response, "status"):
            meta = (await response.json()).get("meta", {})
        else:
            raise self.unknown(response)
        self.advance(meta)
        return response


class AsyncPaginator:
    """Pages of a method of `AsyncClient`.

    Args:
        method: Method of a client.
        args: Its positional arguments.
        limit: Maximum number of requests.
        pagination_token: Token of the first page.
        kwargs: Its keyword arguments.
    """

    def __init__(self, method: Any, *args: Any, **kwargs: Any) -> None:
        self.method = method
        self.args = args
        self.kwargs = kwargs

    def __aiter__(self) -> AsyncPaginationIterator:
        return AsyncPaginationIterator(self.method, *self.args, **self.kwargs)

    def __reversed__(self) -> AsyncPaginationIterator:
        return AsyncPaginationIterator(self.method, *self.args, reverse=True, **self.kwargs)

    async def flatten(self, limit: float = inf) -> AsyncIterator[Any]:
        """Yields the items of all pages, up to a number."""
        if limit <= 0:
            return
        count = 0
        pages = self.__aiter__()
        async for response in pages:
            items = data_of(response)
            if items is None:
                raise pages.unknown(response)
            for item in items:
                yield item
                count += 1
                if count == limit:
                    return
