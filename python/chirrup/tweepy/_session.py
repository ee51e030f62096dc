"""Requests of the package, sent by the clients of `chirrup`."""

from __future__ import annotations

import sys
from typing import Any

import chirrup

from .._dropins.connection import async_client_for, call, call_async, client_for, network_settings
from .._dropins.response import HTTPResponse
from .._dropins.urls import split_url
from ._response import AsyncHTTPResponse
from .errors import TweepyException, _network_exception


def network_failure(error: chirrup.Error) -> TweepyException:
    """Returns the exception for a failure without a response."""
    if isinstance(error, (chirrup.NetworkError, chirrup.TimeoutError, chirrup.UnknownOutcomeError)):
        is_timeout = isinstance(error, chirrup.TimeoutError)
        return _network_exception(is_timeout, "requests" in sys.modules)(str(error))
    return TweepyException(str(error))


def credentials_of(auth: Any) -> dict[str, str]:
    """Returns the credentials of an authentication handler, as settings of a client."""
    return {} if auth is None else dict(auth.settings())


def _options(
    params: Any, data: Any, json: Any, files: Any, auth: Any, timeout: float | None, method: str
) -> dict[str, Any]:
    """Returns the options of a call."""
    fields = list((data or {}).items())
    if method == "POST" and json is None and not files:
        # A form keeps texts out of URLs, which have a maximum length.
        fields += (params or {}).items()
        params = None
    kind = "none" if auth is None else auth.kind()
    return {"params": params, "form": fields or None, "json": json, "files": files, "auth": kind, "timeout": timeout}


class Session:
    """Sends requests. Its `headers` are those of every request."""

    def __init__(self) -> None:
        self.headers: dict[str, str] = {}

    def request(
        self,
        method: str,
        url: str,
        params: Any = None,
        data: Any = None,
        headers: dict[str, str] | None = None,
        files: Any = None,
        auth: Any = None,
        timeout: float | None = None,
        proxies: dict[str, str] | None = None,
        json: Any = None,
    ) -> HTTPResponse:
        """Sends a request and returns its response, whatever its status."""
        base_url, path = split_url(url)
        options = _options(params, data, json, files, auth, timeout, method)
        try:
            client = client_for(base_url, **credentials_of(auth), **network_settings(proxies))
            return call(client, method, path, {**self.headers, **(headers or {})}, **options)
        except chirrup.Error as error:
            raise network_failure(error) from error

    def close(self) -> None:
        """Does nothing that programs notice: connections close when they have been idle."""


class AsyncSession:
    """Sends requests for asyncio."""

    def __init__(self) -> None:
        self.closed = False

    async def request(
        self,
        method: str,
        url: str,
        *,
        params: Any = None,
        json: Any = None,
        headers: dict[str, str] | None = None,
        auth: Any = None,
    ) -> AsyncHTTPResponse:
        """Sends a request and returns its response, whatever its status."""
        base_url, path = split_url(url)
        options = _options(params, None, json, None, auth, None, method)
        try:
            client = async_client_for(base_url, **credentials_of(auth))
            return AsyncHTTPResponse(await call_async(client, method, path, headers, **options))
        except chirrup.Error as error:
            raise network_failure(error) from error

    async def close(self) -> None:
        """Does nothing but set `closed`: connections close when they have been idle."""
        self.closed = True
