"""Functions that handle events, in the order in which they were set."""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Callable
from typing import Any

Handler = Callable[[Any], Any]

logger = logging.getLogger("chirrup")


class Handlers:
    """Handlers by event. A key, such as a tag, restricts a handler to some events of its kind."""

    def __init__(self) -> None:
        self._handlers: list[tuple[str, str | None, Handler]] = []

    def add(self, event: str, handler: Handler, key: str | None = None) -> None:
        self._handlers.append((event, key, handler))

    def of(self, event: str, keys: set[str]) -> list[Handler]:
        """Returns the handlers of an event with these keys."""
        return [handler for own, key, handler in self._handlers if own == event and (key is None or key in keys)]

    async def run(self, handler: Handler, value: Any) -> bool:
        """Runs a handler, and returns whether it succeeded: a function with `async` in the event loop, any other on a thread.

        An exception goes to the handlers of errors; without one, it is logged.
        """
        try:
            await _call(handler, value)
        except Exception as error:
            await self._report(error)
            return False
        return True

    async def _report(self, error: Exception) -> None:
        handlers = self.of("error", set())
        if not handlers:
            logger.error("a handler failed", exc_info=error)
        for handler in handlers:
            try:
                await _call(handler, error)
            except Exception:
                logger.exception("a handler of errors failed")


async def _call(handler: Handler, value: Any) -> None:
    is_async = inspect.iscoroutinefunction(handler) or inspect.iscoroutinefunction(getattr(handler, "__call__", None))
    result = handler(value) if is_async else await asyncio.to_thread(handler, value)
    if inspect.isawaitable(result):
        await result
