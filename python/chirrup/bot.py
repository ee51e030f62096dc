"""Bots: functions that handle posts, commands, activity and direct messages.

>>> import chirrup
>>> from chirrup.bot import Bot
>>> with chirrup.Sandbox() as sandbox:
...     bot = Bot(chirrup.Client(base_url=sandbox.url, credentials=sandbox.credentials))

>>> @bot.command("hello")
... def hello(command):
...     command.reply("Hello yourself!")

>>> @bot.on_post("herons")
... def heron(item):
...     bot.client.like(item.data.id)

`bot.rule("heron -is:retweet", tag="herons")` adds a rule when the bot starts, and `bot.run()` starts it.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from . import models
from ._handlers import Handlers
from ._native import Command, NativeBot, NativeClient, Report, Response, StreamEvent
from .webhooks import Receiver

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["Bot", "Command", "Report"]

_C = TypeVar("_C", bound=NativeClient)
_F = TypeVar("_F", bound=Callable[..., Any])
_Post = TypeVar("_Post", bound="Callable[[Response[models.Post]], Any]")
_Activity = TypeVar("_Activity", bound="Callable[[models.ActivityEvent], Any]")
_Connect = TypeVar("_Connect", bound=Callable[[], Any])
_Reason = TypeVar("_Reason", bound=Callable[[str], Any])
_Gap = TypeVar("_Gap", bound="Callable[[StreamEvent[models.Post]], Any]")
_Error = TypeVar("_Error", bound=Callable[[Exception], Any])


class Bot(Generic[_C]):
    """Bot that acts with a client: functions with its decorators handle events.

    It opens the filtered stream if it has handlers of posts or commands, and the activity stream if it has handlers of activity
    or messages. The client needs a bearer token for the streams and the credential of a user for everything else. A handler is a
    function, which runs on a thread, or a function with `async`, which runs in the event loop, best with an `AsyncClient`.

    Args:
        client: Client of the handlers and the streams.
        at_once: Maximum number of concurrent handlers. While all are busy, the bot reads nothing from its streams.
    """

    def __init__(self, client: _C, *, at_once: int = 16) -> None:
        self.client = client
        self._native = NativeBot(client, at_once)
        self._handlers = Handlers()
        self._loop: asyncio.AbstractEventLoop | None = None

    def rule(self, value: str, tag: str = "") -> Self:
        """Adds a rule to the filtered stream when the bot starts, unless the app has it already, and returns the bot."""
        self._native.rule(value, tag)
        return self

    def command(self, name: str) -> Callable[[Callable[[Command[_C]], Any]], Callable[[Command[_C]], Any]]:
        """Sets the handler of a command: a post that mentions the bot and continues with this name."""
        return self._on("command", name)

    def on_mention(self, handler: Callable[[Command[_C]], Any]) -> Callable[[Command[_C]], Any]:
        """Sets the handler of mentions of the bot that are not a command with a handler of its own."""
        return self._on("mention", None)(handler)

    def on_post(self, tag: str | None = None) -> Callable[[_Post], _Post]:
        """Sets a handler of posts that match a rule with this tag, or any rule."""
        return self._on("post", tag)

    def on_activity(self, type: str) -> Callable[[_Activity], _Activity]:
        """Sets a handler of activity of this type, such as `follow.follow`.

        The bot subscribes to the activity of its own user, unless the app already has.
        """
        return self._on("activity", type)

    def on_message(self, handler: _Activity) -> _Activity:
        """Sets a handler of direct messages to the bot. `event.payload` has `text` and `sender_id`."""
        return self._on("message", None)(handler)

    def on_connect(self, handler: _Connect) -> _Connect:
        """Sets a handler that runs when a stream is connected."""
        def connected(_: None) -> Any:
            return handler()

        self._on("connect", None)(connected)
        return handler

    def on_disconnect(self, handler: _Reason) -> _Reason:
        """Sets a handler that runs when a connection is lost, with the reason."""
        return self._on("disconnect", None)(handler)

    def on_gap(self, handler: _Gap) -> _Gap:
        """Sets a handler of gaps: times in which events may have been missed, from `from_at` to `to_at`."""
        return self._on("gap", None)(handler)

    def on_alert(self, handler: _Reason) -> _Reason:
        """Sets a handler of alerts: an unusually high or low rate, or a stream that fails repeatedly."""
        return self._on("alert", None)(handler)

    def on_error(self, handler: _Error) -> _Error:
        """Sets a handler of the exceptions of other handlers. Without one, they are logged."""
        self._handlers.add("error", handler)
        return handler

    def _on(self, event: str, key: str | None) -> Callable[[_F], _F]:
        def decorate(handler: _F) -> _F:
            self._native.on(event, key, lambda value: self._handle(handler, value))
            self._handlers.add(event, handler, key)
            return handler

        return decorate

    def _handle(self, handler: Any, value: Any) -> bool:
        """Runs a handler in the event loop, while this thread waits for it."""
        assert self._loop is not None
        return asyncio.run_coroutine_threadsafe(self._handlers.run(handler, value), self._loop).result()

    def receiver(self, *secrets: str) -> Receiver:
        """Returns an ASGI application whose webhook calls this bot's handlers of posts, activity and messages.

        It takes the place of the streams: serve it instead of running the bot.
        """
        receiver = Receiver(*secrets)
        receiver._handlers = self._handlers
        return receiver

    def stop(self) -> None:
        """Lets the bot end after the events that it has received. Any thread can call it."""
        self._native.stop()

    def run(self) -> Report:
        """Runs the bot until it is stopped, or by SIGINT or SIGTERM, and returns its report.

        Events that were received before are still handled, for up to 10 seconds.
        """
        return asyncio.run(self._run_until_signal())

    async def start(self) -> Report:
        """Runs the bot in the event loop until it is stopped, and returns its report."""
        self._loop = asyncio.get_running_loop()
        return await self._native.run()

    async def _run_until_signal(self) -> Report:
        loop = asyncio.get_running_loop()
        # Only the main thread handles signals, and Windows has no handlers of an event loop.
        with suppress(NotImplementedError, RuntimeError, ValueError):
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(number, self.stop)
        return await self.start()
