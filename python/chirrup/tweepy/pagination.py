"""Pages of API v2."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import Any

from .client import Response

_NEXT_TOKEN_METHODS = ("search_all_tweets", "search_recent_tweets", "get_all_tweets_count")
"""Methods whose parameter is `next_token` in place of `pagination_token`."""


class Pages:
    """Position in the pages of a method, from one request to the next."""

    def __init__(
        self,
        method: Any,
        *args: Any,
        limit: float = inf,
        pagination_token: str | None = None,
        reverse: bool = False,
        **kwargs: Any,
    ) -> None:
        self.method = method
        self.args = args
        self.limit = limit
        self.kwargs = kwargs
        self.reverse = reverse
        self.previous_token = pagination_token if reverse else None
        self.next_token = None if reverse else pagination_token
        self.count = 0

    def has_next(self) -> bool:
        """Prepares the request of the next page; returns whether there is one."""
        token = self.previous_token if self.reverse else self.next_token
        if self.count >= self.limit or (self.count and token is None):
            return False
        is_search = self.method.__name__ in _NEXT_TOKEN_METHODS
        self.kwargs["next_token" if is_search else "pagination_token"] = token
        return True

    def advance(self, meta: Any) -> None:
        """Reads the tokens of a page."""
        self.previous_token = meta.get("previous_token")
        self.next_token = meta.get("next_token")
        self.count += 1

    def unknown(self, response: Any) -> RuntimeError:
        """Returns the error for a response without pages."""
        return RuntimeError(f"{self.method.__qualname__} returned {type(response)}, which has no pages")


def meta_of(response: Any) -> Any:
    """Returns the metadata of a page; `None` if the type of the response has none."""
    if isinstance(response, Response):
        return response.meta
    return response.get("meta", {}) if isinstance(response, dict) else None


def data_of(response: Any) -> Any:
    """Returns the items of a page; `None` if the type of the response has none."""
    if isinstance(response, Response):
        return response.data or []
    return response.get("data", []) if isinstance(response, dict) else None


class PaginationIterator(Pages):
    """Iterator of the pages of a method."""

    def __iter__(self) -> PaginationIterator:
        return self

    def __next__(self) -> Any:
        if not self.has_next():
            raise StopIteration
        response = self.method(*self.args, **self.kwargs)
        meta = meta_of(response)
        if meta is None:
            if not hasattr(response, "status_code"):
                raise self.unknown(response)
            meta = response.json().get("meta", {})
        self.advance(meta)
        return response


class BasePaginator:
    """Pages of a method of a client.

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


class Paginator(BasePaginator):
    """Pages of a method of `Client`. The arguments are those of `BasePaginator`."""

    def __iter__(self) -> PaginationIterator:
        return PaginationIterator(self.method, *self.args, **self.kwargs)

    def __reversed__(self) -> PaginationIterator:
        return PaginationIterator(self.method, *self.args, reverse=True, **self.kwargs)

    def flatten(self, limit: float = inf) -> Iterator[Any]:
        """Yields the items of all pages, up to a number."""
        if limit <= 0:
            return
        count = 0
        pages = iter(self)
        for response in pages:
            items = data_of(response)
            if items is None:
                raise pages.unknown(response)
            for item in items:
                yield item
                count += 1
                if count == limit:
                    return
