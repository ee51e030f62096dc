"""The client of the streams of API v1.1."""

from __future__ import annotations

import json
import time
from typing import Any

from ... import errors
from ..._dropins.connection import client_for, network_settings, oauth1_settings, open_lines
from ..._dropins.response import response_of
from ..._dropins.urls import split_url
from ..exceptions import TwythonStreamError
from ..helpers import _transparent_params
from .types import TwythonStreamerTypes


class TwythonStreamer:
    """Stream of statuses: override `on_success`, `on_error` and `on_timeout`, and call a method of `statuses`.

    Args:
        app_key: Key of the app.
        app_secret: Secret of the app.
        oauth_token: Access token of a user.
        oauth_token_secret: Secret of the access token.
        timeout: Seconds without data after which `on_timeout` is called. After 90 the connection counts as dead.
        retry_count: Number of connections after the first one. By default it reconnects until `disconnect`.
        retry_in: Seconds between two connections.
        client_args: Settings of the connection, such as `headers` and `proxies`.
        handlers: Types of messages that have a method `on_…` of their own. The default is delete, limit and disconnect.
        chunk_size: Without effect: each message is delivered immediately.
    """

    def __init__(
        self,
        app_key: str | None,
        app_secret: str | None,
        oauth_token: str | None,
        oauth_token_secret: str | None,
        timeout: float = 300,
        retry_count: int | None = None,
        retry_in: float = 10,
        client_args: dict[str, Any] | None = None,
        handlers: list[str] | None = None,
        chunk_size: int = 1,
    ) -> None:
        self._credentials = oauth1_settings(app_key, app_secret, oauth_token, oauth_token_secret)
        self.client_args = client_args or {}
        self.timeout = timeout
        self.api_version = "1.1"
        self.retry_in = retry_in
        self.retry_count = retry_count
        types = TwythonStreamerTypes(self)
        self.statuses = types.statuses
        self.user = types.user
        self.site = types.site
        self.connected = False
        self.handlers = handlers or ["delete", "limit", "disconnect"]
        self.chunk_size = chunk_size

    def _request(self, url: str, method: str = "GET", params: dict[str, Any] | None = None) -> None:
        values, _ = _transparent_params(params or {})
        base_url, path = split_url(url)
        try:
            network = network_settings(self.client_args.get("proxies"), verify=self.client_args.get("verify", True))
            client = client_for(base_url, **self._credentials, **network)
        except errors.Error as error:
            raise TwythonStreamError(str(error)) from error
        headers = self.client_args.get("headers")
        arguments: dict[str, Any] = {"form" if method.upper() == "POST" else "params": values}
        self.connected = True
        connections = 0
        while self.connected:
            connections += 1
            with open_lines(client, method, path, headers, auth="oauth1", **arguments) as lines:
                self._read(lines)
            if not self.connected or (self.retry_count is not None and connections > self.retry_count):
                break
            time.sleep(self.retry_in)
        self.connected = False

    def _read(self, lines: Any) -> None:
        """Delivers the messages of one connection."""
        while self.connected:
            try:
                line = lines.next(self.timeout)
            except StopIteration:
                return
            except errors.TimeoutError:
                self.on_timeout()
                return
            except errors.NetworkError:
                return
            except errors.Error as error:
                self._refused(error)
                return
            if line is None:
                self.on_timeout()
                return
            if line:
                self._deliver(line)

    def _refused(self, error: errors.Error) -> None:
        try:
            response = response_of(error)
        except errors.Error:
            _call_on_error(self, error.status or 0, str(error).encode(), None)
        else:
            _call_on_error(self, response.status_code, response.content, response.headers)

    def _deliver(self, line: bytes) -> None:
        try:
            message = json.loads(line)
        except ValueError:
            _call_on_error(self, 200, "Unable to decode response, not valid JSON.", None)
            return
        if not self.on_success(message):
            return
        for kind in self.handlers:
            handler = getattr(self, f"on_{kind}", None)
            if kind in message and callable(handler) and not handler(message[kind]):
                return

    def on_success(self, data: Any) -> Any:
        """Called with each message. Returns True if the handlers of the message's type are called too."""
        return True

    def on_error(self, status_code: int, data: Any, headers: Any = None) -> Any:
        """Called with status, body and headers of a response that refuses the stream."""

    def on_timeout(self) -> Any:
        """Called when no data arrived for `timeout` seconds."""

    def disconnect(self) -> None:
        """Ends the stream after the current message."""
        self.connected = False


def _call_on_error(streamer: TwythonStreamer, status: int, data: Any, headers: Any) -> None:
    """Calls `on_error`, which has no parameter for the headers in classes that were written for Twython before 3.8."""
    accepts_headers = streamer.on_error.__code__.co_argcount > 3 or streamer.on_error.__code__.co_flags & 0x04
    arguments = (status, data, headers) if accepts_headers else (status, data)
    streamer.on_error(*arguments)
