"""`Twitter`, whose attributes are the routes of the API."""

from __future__ import annotations

import io
import json
import sys
from time import sleep, time
from typing import Any
from urllib.error import HTTPError, URLError

from .. import errors
from .._dropins.connection import call
from .._dropins.response import HTTPResponse
from .._dropins.urls import split_url
from .auth import Auth, NoAuth
from .call import POST_ACTIONS_RE, Request, build_uri, method_for_uri, read_arguments
from .responses import (
    TwitterDictResponse,
    TwitterListResponse,
    TwitterResponse,
    header_message,
    wrap_response,
)
from .twitter_globals import POST_ACTIONS


class _DEFAULT:
    """Stands for the default version of the API."""


class TwitterError(Exception):
    """Error of a call."""


class TwitterHTTPError(TwitterError):
    """The server refused a call: `e` is the error of the standard library, and `response_data` the decoded body."""

    def __init__(self, e: HTTPError, uri: str, format: str, uriparts: Any) -> None:
        self.e = e
        self.uri = uri
        self.format = format
        self.uriparts = uriparts
        body = e.fp.read() if e.fp else b""
        self.response_data: Any = body.decode("utf-8", "replace") if body else {}
        if body and (format == "json" or uri.startswith("2/")):
            try:
                self.response_data = json.loads(body)
            except ValueError:
                pass
        super().__init__(str(self))

    def __str__(self) -> str:
        dot = f".{self.format}" if self.format else ""
        return (
            f"Twitter sent status {self.e.code} for URL: {self.uri}{dot} using parameters: ({self.uriparts})\n"
            f"details: {self.response_data}"
        )


class TwitterCall:
    """A route. An attribute adds a part to it, and a call sends it.

    Keyword arguments are parameters, but for `_method`, `_timeout`, `_json`, `_base64`, `params`, `id`, `_id` and those
    that replace a part of the route.
    """

    TWITTER_UNAVAILABLE_WAIT = 30

    def __init__(
        self,
        auth: Auth,
        format: str,
        domain: str,
        callable_cls: Any,
        uri: str = "",
        uriparts: Any = None,
        secure: bool = True,
        timeout: float | None = None,
        gzip: bool = False,
        retry: bool | int = False,
        verify_context: bool = True,
    ) -> None:
        if not verify_context:
            raise ValueError("verify_context=False is not supported: certificates are always verified")
        self.auth = auth
        self.format = format
        self.domain = domain
        self.callable_cls = callable_cls
        self.uri = uri
        self.uriparts = uriparts
        self.secure = secure
        self.timeout = timeout
        self.gzip = gzip
        self.retry = retry
        self.verify_context = verify_context

    def __getattr__(self, k: str) -> Any:
        # The special methods that a class does not have are not routes.
        if k.startswith("__"):
            raise AttributeError(k)

        def extend_call(part: Any) -> Any:
            return self.callable_cls(
                auth=self.auth,
                format=self.format,
                domain=self.domain,
                callable_cls=self.callable_cls,
                timeout=self.timeout,
                secure=self.secure,
                gzip=self.gzip,
                retry=self.retry,
                uriparts=(*self.uriparts, str(part)),
            )

        return extend_call if k == "_" else extend_call(k)

    def __call__(self, **kwargs: Any) -> Any:
        request = read_arguments(self.uriparts, kwargs)
        if request.timeout is None:
            request.timeout = self.timeout
        return self._handle_response_with_retry(request) if self.retry else self._handle_response(request)

    def _url(self, request: Request) -> str:
        dot = f".{self.format}" if self.format else ""
        return f"http{'s' if self.secure else ''}://{self.domain}/{request.uri}{dot}"

    def _handle_response(self, request: Request) -> Any:
        response = self._send(request)
        headers = header_message(response.headers)
        if response.status_code == 304:
            return []
        if response.status_code >= 300:
            body = io.BytesIO(response.content)
            error = HTTPError(self._url(request), response.status_code, response.reason, headers, body)
            raise TwitterHTTPError(error, request.uri, self.format, request.arg_data)
        if headers.get_content_type() in ("image/jpeg", "image/png"):
            return io.BytesIO(response.content)
        if not response.content:
            return wrap_response({}, headers)
        # API v2 has no format in its path, and always responds with JSON.
        if self.format != "json" and not request.uri.startswith("2/"):
            return response.text
        try:
            return wrap_response(response.json(), headers)
        except ValueError as why:
            raise TwitterError(f"Incomplete JSON data collected for {request.uri}: {why}") from None

    def _send(self, request: Request) -> HTTPResponse:
        base_url, path = split_url(self._url(request))
        try:
            client, auth = self.auth._client(base_url)
            return call(client, request.method, path, auth=auth, timeout=request.timeout, **request.arguments)
        except errors.TimeoutError:
            raise
        except errors.NetworkError as error:
            raise URLError(error) from error
        except errors.Error as error:
            raise TwitterError(str(error)) from error

    def _handle_response_with_retry(self, request: Request) -> Any:
        """Sends a call until it succeeds, or as often as `retry` says. A write is repeated after a 429 or 503 only."""
        attempts = 0
        while True:
            try:
                return self._handle_response(request)
            except TwitterHTTPError as error:
                attempts += 1
                if not self._is_repeated(request, error.e.code, attempts):
                    raise
                wait = self._wait(error)
                print(f"Twitter sent status {error.e.code}; waiting for {wait}s...", file=sys.stderr)
                sleep(wait)

    def _is_repeated(self, request: Request, status: int, attempts: int) -> bool:
        is_limited = not isinstance(self.retry, bool)
        statuses = (429, 502, 503, 504) if request.method == "GET" else (429, 503)
        return status in statuses and not (is_limited and attempts > self.retry)

    def _wait(self, error: TwitterHTTPError) -> int:
        if error.e.code != 429:
            return self.TWITTER_UNAVAILABLE_WAIT
        reset = int(error.e.headers.get("X-Rate-Limit-Reset", time() + 30))
        wait = int(reset - time() + 2)
        return wait if wait > 0 else self.TWITTER_UNAVAILABLE_WAIT


class Twitter(TwitterCall):
    """The API v1.1, or another version: each attribute is a part of the route.

    Args:
        format: "json", "xml" or "" for a text.
        domain: Host of the API, such as `upload.twitter.com`.
        secure: Whether the call is encrypted.
        auth: `OAuth`, `OAuth2` or `NoAuth`.
        api_version: Version of the API; None is no version in the path.
        retry: Whether a call is repeated after 429, 502, 503 and 504, or how many times.
        verify_context: Whether certificates are verified. They always are.
    """

    def __init__(
        self,
        format: str = "json",
        domain: str = "api.twitter.com",
        secure: bool = True,
        auth: Auth | None = None,
        api_version: Any = _DEFAULT,
        retry: bool | int = False,
        verify_context: bool = True,
    ) -> None:
        if format not in ("json", "xml", ""):
            raise ValueError(f"Unknown data format '{format}'")
        version = "1.1" if api_version is _DEFAULT else api_version
        super().__init__(
            auth=auth or NoAuth(),
            format=format,
            domain=domain,
            callable_cls=TwitterCall,
            secure=secure,
            uriparts=(str(version),) if version else (),
            retry=retry,
            verify_context=verify_context,
        )


class Twitter2(Twitter):
    """The API v2: `Twitter` with the version 2 and without a format in the path."""

    def __init__(
        self,
        format: str = "",
        domain: str = "api.twitter.com",
        secure: bool = True,
        auth: Auth | None = None,
        api_version: Any = "2",
        retry: bool | int = False,
        verify_context: bool = True,
    ) -> None:
        super().__init__(format, domain, secure, auth, api_version, retry, verify_context)


__all__ = [
    "POST_ACTIONS",
    "POST_ACTIONS_RE",
    "Twitter",
    "Twitter2",
    "TwitterCall",
    "TwitterDictResponse",
    "TwitterError",
    "TwitterHTTPError",
    "TwitterListResponse",
    "TwitterResponse",
    "build_uri",
    "method_for_uri",
    "wrap_response",
]
