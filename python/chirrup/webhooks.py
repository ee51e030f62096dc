"""Webhooks: an ASGI application that receives the deliveries of X.

>>> import os
>>> from chirrup.webhooks import Receiver
>>> receiver = Receiver(os.environ.get("X_CONSUMER_SECRET", "secret"))
>>> @receiver.on_activity("follow.follow")
... async def followed(event):
...     print(event.payload)

`uvicorn module:receiver` serves it, and Starlette and FastAPI mount it: `app.mount("/webhook", receiver)`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeVar

from . import models
from ._handlers import Handlers
from ._native import AccountEvents, Object, Response, WebhookReceiver

__all__ = ["AccountEvents", "Receiver"]

_Message = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[_Message]]
_Send = Callable[[_Message], Awaitable[None]]
_F = TypeVar("_F", bound=Callable[..., Any])
_Post = TypeVar("_Post", bound="Callable[[Response[models.Post]], Any]")
_Other = TypeVar("_Other", bound=Callable[[Object], Any])
_Activity = TypeVar("_Activity", bound="Callable[[models.ActivityEvent], Any]")
_Account = TypeVar("_Account", bound=Callable[[AccountEvents], Any])
_Error = TypeVar("_Error", bound=Callable[[Exception], Any])


class Receiver:
    """ASGI application that answers CRC checks, verifies signatures, drops duplicates, and calls handlers.

    X gets its response before the handlers run, because it waits for few seconds only. A handler is a function, which runs on
    a thread, or a function with `async`, which runs in the event loop.

    Args:
        secrets: Consumer secret of the app, or its OAuth 2.0 client secret. With several, such as an old and a new one, the
            first answers CRC checks, and signatures of all of them are valid.
    """

    def __init__(self, *secrets: str) -> None:
        self._native = WebhookReceiver(secrets)
        self._handlers = Handlers()

    def on_post(self, tag: str | None = None) -> Callable[[_Post], _Post]:
        """Sets a handler of posts of the filtered stream, or only of those that match a rule with this tag."""
        return self._on("post", tag)

    def on_activity(self, type: str | None = None) -> Callable[[_Activity], _Activity]:
        """Sets a handler of activity of this type, such as `follow.follow`, or of any type."""
        return self._on("activity", type)

    def on_message(self, handler: _Activity) -> _Activity:
        """Sets a handler of direct messages. `event.payload` has `text` and `sender_id`."""
        return self._on("message", None)(handler)

    def on_account(self, kind: str | None = None) -> Callable[[_Account], _Account]:
        """Sets a handler of events of the Account Activity API of this kind, such as `follow_events`, or of any kind."""
        return self._on("account", kind)

    def on_other(self, handler: _Other) -> _Other:
        """Sets a handler of deliveries whose form this version does not know."""
        return self._on("other", None)(handler)

    def on_error(self, handler: _Error) -> _Error:
        """Sets a handler of the exceptions of other handlers. Without one, they are logged."""
        return self._on("error", None)(handler)

    def _on(self, event: str, key: str | None) -> Callable[[_F], _F]:
        def decorate(handler: _F) -> _F:
            self._handlers.add(event, handler, key)
            return handler

        return decorate

    async def __call__(self, scope: MutableMapping[str, Any], receive: _Receive, send: _Send) -> None:
        """Serves a connection, as ASGI defines it."""
        if scope["type"] == "lifespan":
            await _serve_lifespan(receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})
        elif scope["type"] == "http" and (body := await _read_body(receive)) is not None:
            query = scope["query_string"].decode("latin-1")
            status, headers, content, event = self._native.respond(scope["method"], query, list(scope["headers"]), body)
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": content})
            if event is not None:
                await self._handle(*event)

    async def _handle(self, event: str, key: str | None, value: Any) -> None:
        keys = {key} if key is not None else set[str]()
        if event == "post":
            keys.update(rule.tag for rule in value.matching_rules or () if "tag" in rule)
        handlers = self._handlers.of(event, keys)
        if key == "dm.received":
            handlers += self._handlers.of("message", keys)
        await asyncio.gather(*(self._handlers.run(handler, value) for handler in handlers))


async def _serve_lifespan(receive: _Receive, send: _Send) -> None:
    """Tells the server that there is nothing to start and nothing to stop."""
    while True:
        phase = (await receive())["type"]
        await send({"type": f"{phase}.complete"})
        if phase == "lifespan.shutdown":
            return


async def _read_body(receive: _Receive) -> bytes | None:
    """Returns the body of a request, or as much of it as shows that it is too large; None if the client has left."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if len(body) > WebhookReceiver.MAX_BODY or not message.get("more_body", False):
            return bytes(body)
