"""Tests without X: cassettes with recorded exchanges, and fixtures for pytest.

The fixtures `chirrup_sandbox`, `chirrup_client` and `chirrup_async_client` are there in every project with this package.
"""

from __future__ import annotations

import asyncio
import functools
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar, cast

from ._native import CassetteUse, start_cassette

_F = TypeVar("_F", bound=Callable[..., Any])


class use_cassette:
    """Lets all clients replay the exchanges of a file in place of the network, or record them to it.

    A context manager and a decorator, also of coroutine functions. It reads the cassettes of VCR.py, and records cassettes
    of its own as YAML, or as JSON if the name ends in `.json`. Keys and tokens are never recorded.

    Args:
        path: File of the cassette.
        record_mode: "once" records if the file does not exist, "none" never, and "all" always.
        match_on: Parts of a request that must be equal, as in VCR.py. With "body" the body counts too.
    """

    def __init__(
        self, path: str | os.PathLike[str], *, record_mode: str = "once", match_on: Iterable[str] = ("method", "uri")
    ) -> None:
        if record_mode not in ("once", "none", "all"):
            raise ValueError(f'record_mode: "{record_mode}" is not "once", "none" or "all"')
        self.path = Path(path)
        self._record_mode = record_mode
        self._matching = "strict" if "body" in match_on else "method_and_uri"
        self._use: CassetteUse | None = None

    def __enter__(self) -> use_cassette:
        records = self._record_mode == "all" or (self._record_mode == "once" and not self.path.exists())
        if records:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        self._use = start_cassette(self.path, records, self._matching)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._use is not None:
            self._use.stop()

    def _again(self) -> use_cassette:
        """Returns a new use of the cassette, since a decorated function may be called several times."""
        match_on = ("method", "uri", "body") if self._matching == "strict" else ("method", "uri")
        return use_cassette(self.path, record_mode=self._record_mode, match_on=match_on)

    @property
    def unplayed(self) -> list[str]:
        """Method and path of the exchanges that were not replayed."""
        return self._use.unplayed if self._use is not None else []

    def __call__(self, function: _F) -> _F:
        @functools.wraps(function)
        def in_cassette(*args: Any, **kwargs: Any) -> Any:
            with self._again():
                return function(*args, **kwargs)

        @functools.wraps(function)
        async def in_cassette_async(*args: Any, **kwargs: Any) -> Any:
            with self._again():
                return await function(*args, **kwargs)

        return cast(_F, in_cassette_async if asyncio.iscoroutinefunction(function) else in_cassette)
