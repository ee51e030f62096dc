"""Pages of API v2 for asyncio."""

from __future__ import annotations

from collections.abc import AsyncIterator
from math import inf
from typing import Any

from ..pagination import BasePaginator, Pages, data_of, meta_of


class AsyncPaginationIterator(Pages):
    """Asynchronous iterator of the pages of a method."""

    def __aiter__(self) -> AsyncPaginationIterator:
        return self

    async def __anext__(self) -> Any:
        if not self.has_next():
            raise StopAsyncIteration
        response = await self.method(*self.args, **self.kwargs)
        meta = meta_of(response)
        if meta is None:
            if not hasattr(response, "status"):
                raise self.unknown(response)
            meta = (await response.json()).get("meta", {})
        self.advance(meta)
        return response


class AsyncPaginator(BasePaginator):
    """Pages of a method of `AsyncClient`. The arguments are those of `BasePaginator`."""

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
