"""Streams as iterators of decoded messages."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from time import monotonic
from typing import Any
from urllib.error import HTTPError

from .. import errors
from .._dropins.connection import open_lines
from .._dropins.response import response_of
from .._dropins.urls import split_url
from .api import TwitterCall, TwitterHTTPError, wrap_response
from .auth import Auth, NoAuth
from .call import Request
from .responses import header_message

HEARTBEAT_TIMEOUT = 90.0
"""Seconds without data after which a connection counts as dead."""

Timeout = {"timeout": True}
"""Nothing arrived within the timeout."""
Hangup = {"hangup": True}
"""The connection ended."""
DecodeError = {"hangup": True, "decode_error": True}
"""The server sent something that is not JSON."""
HeartbeatTimeout = {"hangup": True, "heartbeat_timeout": True}
"""The connection is silent, even without keep-alives."""


class Timer:
    """Time since the last reset. Without a timeout it never expires."""

    def __init__(self, timeout: float | None) -> None:
        self.timeout = timeout
        self.reset()

    def reset(self) -> None:
        """Starts again from now."""
        self.time = monotonic()

    def left(self) -> float:
        """Returns the seconds until the timer expires."""
        return float("inf") if self.timeout is None else max(self.time + self.timeout - monotonic(), 0.0)

    def expired(self) -> bool:
        """Returns whether the timer has expired, and resets it if so."""
        is_over = self.left() == 0.0
        if is_over:
            self.reset()
        return is_over


class TwitterJSONIter:
    """Messages of one connection, and `Timeout`, `Hangup` and others for what happens to it."""

    def __init__(
        self, handle: Any, uri: str, arg_data: str, block: bool, timeout: float | None, heartbeat_timeout: float | None
    ) -> None:
        self.handle = handle
        self.uri = uri
        self.arg_data = arg_data
        self.timeout_token: Any = Timeout
        self.timeout: float | None = None
        if timeout and timeout > 0:
            self.timeout = float(timeout)
        elif not (block or timeout):
            self.timeout_token = None
            self.timeout = 0.0
        is_set = heartbeat_timeout is not None and heartbeat_timeout > 0
        self.heartbeat_timeout = float(heartbeat_timeout) if is_set else HEARTBEAT_TIMEOUT  # type: ignore[arg-type]

    def __iter__(self) -> Iterator[Any]:
        timer, heartbeat = Timer(self.timeout), Timer(self.heartbeat_timeout)
        with self.handle as lines:
            while True:
                try:
                    line = lines.next(min(timer.left(), heartbeat.left()))
                except (StopIteration, errors.NetworkError):
                    yield Hangup
                    return
                except errors.TimeoutError:
                    yield HeartbeatTimeout
                    return
                except errors.Error as error:
                    raise self._refusal(error) from error
                if line is not None:
                    heartbeat.reset()
                if line:
                    try:
                        message = json.loads(line)
                    except ValueError:
                        yield DecodeError
                        return
                    yield wrap_response(message, {})
                    timer.reset()
                elif heartbeat.expired():
                    yield HeartbeatTimeout
                    return
                elif timer.expired():
                    yield self.timeout_token

    def _refusal(self, error: errors.Error) -> Exception:
        try:
            response = response_of(error)
        except errors.Error:
            return error
        body, headers = io.BytesIO(response.content), header_message(response.headers)
        refused = HTTPError(self.uri, response.status_code, response.reason, headers, body)
        return TwitterHTTPError(refused, self.uri, "" if self.uri.startswith("2/") else "json", self.arg_data)


class TwitterStream(TwitterCall):
    """The streams of API v1.1: a call returns an iterator, such as `stream.statuses.filter(track="python")`.

    Args:
        domain: Host of the streams.
        secure: Whether the connection is encrypted.
        auth: `OAuth` or `OAuth2`.
        api_version: Version of the API.
        block: Whether the iterator waits for the next message. If not, it yields None when there is none.
        timeout: Seconds without a message after which `{'timeout': True}` is yielded.
        heartbeat_timeout: Seconds without data after which the connection counts as dead.
        verify_context: Whether certificates are verified. They always are.
    """

    def __init__(
        self,
        domain: str = "stream.twitter.com",
        secure: bool = True,
        auth: Auth | None = None,
        api_version: Any = "1.1",
        block: bool = True,
        timeout: float | None = None,
        heartbeat_timeout: float = 90.0,
        verify_context: bool = True,
    ) -> None:
        self._set_up("json", domain, secure, auth, api_version, block, timeout, heartbeat_timeout, verify_context)

    def _set_up(
        self,
        format: str,
        domain: str,
        secure: bool,
        auth: Auth | None,
        api_version: Any,
        block: bool,
        timeout: float | None,
        heartbeat_timeout: float,
        verify_context: bool,
    ) -> None:
        class TwitterStreamCall(TwitterCall):
            """Route of a stream."""

            def _handle_response(self, request: Request) -> Any:
                base_url, path = split_url(self._url(request))
                client, auth = self.auth._client(base_url)
                lines = open_lines(client, request.method, path, auth=auth, **request.arguments)
                wait = request.timeout or timeout
                return iter(TwitterJSONIter(lines, request.uri, request.arg_data, block, wait, heartbeat_timeout))

        super().__init__(
            auth=auth or NoAuth(),
            format=format,
            domain=domain,
            callable_cls=TwitterStreamCall,
            secure=secure,
            uriparts=(str(api_version),),
            timeout=timeout,
            verify_context=verify_context,
        )


class TwitterStream2(TwitterStream):
    """The streams of API v2, such as `stream.tweets.search.stream()`. The arguments are those of `TwitterStream`."""

    def __init__(
        self,
        domain: str = "api.twitter.com",
        secure: bool = True,
        auth: Auth | None = None,
        api_version: Any = "2",
        block: bool = True,
        timeout: float | None = None,
        heartbeat_timeout: float = 90.0,
        verify_context: bool = True,
    ) -> None:
        self._set_up("", domain, secure, auth, api_version, block, timeout, heartbeat_timeout, verify_context)
