"""Pages of API v1.1."""

from __future__ import annotations

from math import inf
from typing import Any

from .errors import TweepyException
from .parsers import ModelParser, RawParser


class BaseIterator:
    """Iterator of the pages of a method."""

    def __init__(self, method: Any, *args: Any, **kwargs: Any) -> None:
        self.method = method
        self.args = args
        self.kwargs = kwargs
        self.limit = inf

    def __next__(self) -> Any:
        return self.next()

    def next(self) -> Any:
        """Returns the next page."""
        raise NotImplementedError

    def prev(self) -> Any:
        """Returns the previous page."""
        raise NotImplementedError

    def __iter__(self) -> BaseIterator:
        return self


class CursorIterator(BaseIterator):
    """Pages with a cursor in both directions; -1 is the first page, and 0 is beyond the last."""

    def __init__(self, method: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(method, *args, **kwargs)
        cursor = self.kwargs.pop("cursor", None)
        self.next_cursor = cursor or -1
        self.prev_cursor = cursor or 0
        self.num_tweets = 0

    def next(self) -> Any:
        """Returns the next page."""
        if self.next_cursor == 0 or self.num_tweets >= self.limit:
            raise StopIteration
        page = self._turn_to(self.next_cursor)
        if not page:
            raise StopIteration
        self.num_tweets += 1
        return page

    def prev(self) -> Any:
        """Returns the previous page."""
        if self.prev_cursor == 0:
            raise TweepyException("this is the first page")
        page = self._turn_to(self.prev_cursor)
        self.num_tweets -= 1
        return page

    def _turn_to(self, cursor: Any) -> Any:
        page, (self.prev_cursor, self.next_cursor) = self.method(*self.args, cursor=cursor, **self.kwargs)
        return page


class _ForwardIterator(BaseIterator):
    """Pages with a token of the next page only."""

    _PARAMETER = ""

    def __init__(self, method: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(method, *args, **kwargs)
        self._token = self.kwargs.pop(self._PARAMETER, None)
        self.page_count = 0

    def next(self) -> Any:
        """Returns the next page."""
        if self._token == -1 or self.page_count >= self.limit:
            raise StopIteration
        page = self.method(*self.args, **{self._PARAMETER: self._token}, return_cursors=True, **self.kwargs)
        self.page_count += 1
        page, self._token = page if isinstance(page, tuple) else (page, -1)
        return page

    def prev(self) -> Any:
        """Raises an exception: these pages have one direction."""
        raise TweepyException("this method has no previous pages")


class DMCursorIterator(_ForwardIterator):
    """Pages of direct messages."""

    _PARAMETER = "cursor"

    @property
    def next_cursor(self) -> Any:
        """Cursor of the next page; -1 after the last."""
        return self._token


class NextIterator(_ForwardIterator):
    """Pages with the parameter `next`."""

    _PARAMETER = "next"

    @property
    def next_token(self) -> Any:
        """Token of the next page; -1 after the last."""
        return self._token


class IdIterator(BaseIterator):
    """Pages of a timeline, each of which ends before the IDs of the last one. Pages are kept for the way back."""

    def __init__(self, method: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(method, *args, **kwargs)
        self.max_id = self.kwargs.pop("max_id", None)
        self.num_tweets = 0
        self.results: list[Any] = []
        self.model_results: list[Any] = []
        self.index = 0

    def next(self) -> Any:
        """Returns the next, older page."""
        if self.num_tweets >= self.limit:
            raise StopIteration
        if self.index >= len(self.results) - 1:
            self._fetch()
        else:
            self.index += 1
        page = self.results[self.index]
        if not page:
            raise StopIteration
        self.max_id = self.model_results[self.index].max_id
        self.num_tweets += 1
        return page

    def _fetch(self) -> None:
        """Requests the page after the last one. The parser of the API may return something without IDs."""
        api = self.method.__self__
        raw = self.method(*self.args, max_id=self.max_id, parser=RawParser(), **self.kwargs)
        options = {"api": api, "payload_list": self.method.payload_list, "payload_type": self.method.payload_type}
        if self.results:
            self.index += 1
        self.results.append(api.parser.parse(raw, **options))
        self.model_results.append(ModelParser().parse(raw, **options))

    def prev(self) -> Any:
        """Returns the previous, newer page."""
        if self.num_tweets >= self.limit or self.index == 0:
            raise StopIteration
        self.index -= 1
        self.max_id = self.model_results[self.index].max_id
        self.num_tweets += 1
        return self.results[self.index]


class PageIterator(BaseIterator):
    """Numbered pages. X repeats the last one, which ends the iteration."""

    def __init__(self, method: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(method, *args, **kwargs)
        self.current_page = 1
        self.previous_items: list[Any] = []

    def next(self) -> Any:
        """Returns the next page."""
        if self.current_page > self.limit:
            raise StopIteration
        items = self.method(*self.args, page=self.current_page, **self.kwargs)
        if not items or any(item in self.previous_items for item in items):
            raise StopIteration
        self.current_page += 1
        self.previous_items = items
        return items

    def prev(self) -> Any:
        """Returns the previous page."""
        if self.current_page == 1:
            raise TweepyException("this is the first page")
        self.current_page -= 1
        return self.method(*self.args, page=self.current_page, **self.kwargs)


class ItemIterator(BaseIterator):
    """Iterator of the items of all pages."""

    def __init__(self, page_iterator: BaseIterator) -> None:
        self.page_iterator = page_iterator
        self.limit = inf
        self.current_page: Any = None
        self.page_index = -1
        self.num_tweets = 0

    def next(self) -> Any:
        """Returns the next item."""
        if self.num_tweets >= self.limit:
            raise StopIteration
        if self.current_page is None or self.page_index == len(self.current_page) - 1:
            self.current_page = next(self.page_iterator)
            while not self.current_page:
                self.current_page = next(self.page_iterator)
            self.page_index = -1
        self.page_index += 1
        self.num_tweets += 1
        return self.current_page[self.page_index]

    def prev(self) -> Any:
        """Returns the previous item."""
        if self.current_page is None:
            raise TweepyException("this is the first page")
        if self.page_index == 0:
            self.current_page = self.page_iterator.prev()
            self.page_index = len(self.current_page)
            if self.page_index == 0:
                raise TweepyException("there are no more items")
        self.page_index -= 1
        self.num_tweets -= 1
        return self.current_page[self.page_index]


_ITERATORS: dict[str, type[BaseIterator]] = {
    "cursor": CursorIterator,
    "dm_cursor": DMCursorIterator,
    "id": IdIterator,
    "next": NextIterator,
    "page": PageIterator,
}


class Cursor:
    """Pages or items of a method of `API` that has several pages.

    Args:
        method: Method of an `API`.
        args: Its positional arguments.
        kwargs: Its keyword arguments.
    """

    def __init__(self, method: Any, *args: Any, **kwargs: Any) -> None:
        mode = getattr(method, "pagination_mode", None)
        if mode not in _ITERATORS:
            raise TweepyException("the method has no pages" if mode is None else f"unknown pagination mode: {mode}")
        self.iterator = _ITERATORS[mode](method, *args, **kwargs)

    def pages(self, limit: float = inf) -> BaseIterator:
        """Returns the iterator of the pages, up to a number."""
        self.iterator.limit = limit
        return self.iterator

    def items(self, limit: float = inf) -> ItemIterator:
        """Returns the iterator of the items of all pages, up to a number."""
        iterator = ItemIterator(self.iterator)
        iterator.limit = limit
        return iterator
