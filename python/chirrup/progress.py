"""Progress of long work: a line on stderr, or a function of your own.

>>> import chirrup
>>> from chirrup.progress import Progress
>>> with chirrup.Sandbox() as sandbox:
...     client = chirrup.Client(base_url=sandbox.url, credentials=sandbox.credentials)
...     for post in Progress(client.search_recent.items("the", limit=300), total=300):
...         pass

`client.upload("heron.mp4", on_progress=show)` shows an upload. `tqdm` works as well: it takes the same iterators.
"""

from __future__ import annotations

import sys
import time
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from ._native import UploadProgress

__all__ = ["Count", "Progress", "show"]

_T = TypeVar("_T")


@dataclass(frozen=True)
class Count:
    """Number of items so far."""

    done: int
    total: int | None
    seconds: float
    """Time since the first item was requested."""
    is_last: bool

    @property
    def rate(self) -> float:
        """Number of items per second."""
        return self.done / self.seconds if self.seconds > 0 else 0.0

    def __str__(self) -> str:
        of_total = f" of {self.total} ({100 * self.done // max(self.total, 1)} %)" if self.total is not None else ""
        return f"{self.done:,}{of_total}, {self.rate:,.0f} per second, {self.seconds:.0f} s"


def show(progress: Count | UploadProgress) -> None:
    """Shows progress on one line of stderr, which is written again and again on a terminal or in a notebook."""
    if isinstance(progress, Count):
        line, is_last = str(progress), progress.is_last
    else:
        line, is_last = _upload_line(progress), progress.percent == 100 or progress.sent == progress.total is not None
    print(f"\r{line:<60}", end="\n" if is_last else "", file=sys.stderr, flush=True)


def _upload_line(progress: UploadProgress) -> str:
    if progress.sent is not None and progress.total:
        return f"sent {progress.sent:,} of {progress.total:,} bytes ({100 * progress.sent // progress.total} %)"
    return progress.kind if progress.percent is None else f"{progress.kind}: {progress.percent} %"


class Progress(Generic[_T]):
    """Iterator over the same items, with `for` or `async for`, that reports how many have been read.

    Args:
        items: Items of all pages, a stream, or any other iterable.
        total: Number of items that are expected.
        report: Function that is called with a `Count`; `show` by default.
        every: Least time in seconds between two reports. The first and the last item are always reported.
    """

    def __init__(
        self,
        items: Iterable[_T] | AsyncIterable[_T],
        *,
        total: int | None = None,
        report: Callable[[Count], object] = show,
        every: float = 0.2,
    ) -> None:
        self._items = items
        self._total = total
        self._report = report
        self._every = every
        self._done = 0
        self._start = self._reported = 0.0

    def __iter__(self) -> Iterator[_T]:
        self._begin()
        for item in cast("Iterable[_T]", self._items):
            self._count()
            yield item
        self._end()

    async def __aiter__(self) -> AsyncIterator[_T]:
        self._begin()
        async for item in cast("AsyncIterable[_T]", self._items):
            self._count()
            yield item
        self._end()

    def _begin(self) -> None:
        self._done, self._start, self._reported = 0, time.monotonic(), 0.0

    def _count(self) -> None:
        self._done += 1
        now = time.monotonic()
        if self._done == 1 or now - self._reported >= self._every:
            self._reported = now
            self._report(Count(self._done, self._total, now - self._start, False))

    def _end(self) -> None:
        self._report(Count(self._done, self._total, time.monotonic() - self._start, True))
