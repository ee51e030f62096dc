"""Requests of the package, sent by the clients of `chirrup`."""

from __future__ import annotations

import json as json_module
import os
import sys
import time
from typing import Any
from urllib.parse import urlsplit

import chirrup

from ._response import AsyncHTTPResponse, HTTPResponse
from .errors import TweepyException, _network_exception

_HOSTS = {
    f"{name}.{domain}" for name in ("api", "upload", "stream") for domain in ("twitter.com", "x.com")
}
"""Hosts of the API, whose addresses the core knows."""


def _path(url: str) -> str:
    """Returns the path of a URL of the API, so that it also reaches a sandbox; the whole URL of another server."""
    parts = urlsplit(url)
    if parts.hostname not in _HOSTS:
        return url
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _refused_by_the_core(error: chirrup.Error, url: str) -> HTTPResponse | None:
    """Returns the response that X would give to a request that was not sent, since its outcome is known."""
    headers = {"content-type": "application/json"}
    if isinstance(error, chirrup.RateLimitedError):
        reset = int(time.time() + (error.retry_after or 0))
        headers |= {"x-rate-limit-remaining": "0", "x-rate-limit-reset": str(reset)}
        status, reason = 429, "Too Many Requests"
    elif isinstance(error, chirrup.CredentialsError):
        status, reason = 401, "Unauthorized"
    else:
        return None
    content = json_module.dumps({"title": reason, "detail": str(error)}).encode()
    return HTTPResponse(status, reason, headers, content, url)


def _outcome(error: chirrup.Error, url: str) -> HTTPResponse:
    """Returns the response of a failed call, or raises its exception."""
    if (raw := error.response) is not None:
        return HTTPResponse(raw.status, raw.reason, raw.headers, raw.content, raw.url or url)
    if (response := _refused_by_the_core(error, url)) is not None:
        return response
    raise network_failure(error) from error


def network_failure(error: chirrup.Error) -> TweepyException:
    """Returns the exception for a failure without a response."""
    if isinstance(error, (chirrup.NetworkError, chirrup.TimeoutError, chirrup.UnknownOutcomeError)):
        is_timeout = isinstance(error, chirrup.TimeoutError)
        return _network_exception(is_timeout, "requests" in sys.modules)(str(error))
    return TweepyException(str(error))


class Sender:
    """Clients of `chirrup`, one for each combination of credentials and settings of the network."""

    def __init__(self, kind: type[chirrup.Client] | type[chirrup.AsyncClient]) -> None:
        self._kind = kind
        self._clients: dict[tuple[Any, ...], Any] = {}

    def client(self, auth: Any, *, user_agent: str, proxy: str | None = None, verify: bool | str = True) -> Any:
        """Returns the client for the next request."""
        settings: dict[str, Any] = dict(auth.settings()) if auth is not None else {}
        settings["user_agent"] = user_agent
        if base_url := os.environ.get("CHIRRUP_BASE_URL"):
            settings["base_url"] = base_url
        if proxy:
            settings["proxy"] = proxy
        if verify is False:
            raise TweepyException("verify: the certificate of the server is always verified; give the path of its CA")
        if isinstance(verify, str):
            with open(verify, "rb") as certificates:
                settings["extra_root_certificates"] = certificates.read()
        key = tuple(settings.items())
        if key not in self._clients:
            try:
                # The rules for waits and retries are those of the callers.
                self._clients[key] = self._kind(retries=0, **settings)
            except chirrup.Error as error:
                raise network_failure(error) from error
        return self._clients[key]

    def close(self) -> None:
        """Closes the connections that are not in use."""
        self._clients.clear()


def _options(
    params: Any, data: Any, json: Any, files: Any, auth: Any, timeout: float | None, method: str
) -> dict[str, Any]:
    """Returns the options of `chirrup.Client.call`."""
    options: dict[str, Any] = {"raise_for_status": False, "timeout": timeout}
    if auth is None:
        options["auth"] = "none"
    elif (name := auth.kind()) is not None:
        options["auth"] = name
    fields = list((data or {}).items())
    if method == "POST" and json is None and not files:
        # A form keeps texts out of URLs, which have a maximum length.
        fields += (params or {}).items()
        params = None
    options.update(params=params, form=fields or None, json=json)
    if files:
        options["files"] = {name: _file(value) for name, value in files.items()}
    return options


def _file(value: Any) -> Any:
    """Returns the content of a file of a request as `requests` accepts it."""
    content = value[1] if isinstance(value, tuple) else value
    return content if isinstance(content, bytes) else content.read()


class Session:
    """Sends requests. Its `headers` are those of every request, of which only `User-Agent` is used."""

    def __init__(self) -> None:
        self.headers: dict[str, str] = {}
        self.sender = Sender(chirrup.Client)

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
        agent = {**self.headers, **(headers or {})}.get("User-Agent", "")
        client = self.sender.client(auth, user_agent=agent, proxy=(proxies or {}).get("https"))
        try:
            options = _options(params, data, json, files, auth, timeout, method)
            raw = client.call(method, _path(url), **options)
        except chirrup.Error as error:
            return _outcome(error, url)
        return HTTPResponse(raw.status, raw.reason, raw.headers, raw.content, raw.url)

    def close(self) -> None:
        """Does nothing that programs notice: connections close when they have been idle."""


class AsyncSession:
    """Sends requests for asyncio."""

    def __init__(self) -> None:
        self.closed = False
        self.sender = Sender(chirrup.AsyncClient)

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
        client = self.sender.client(auth, user_agent=(headers or {}).get("User-Agent", ""))
        try:
            raw = await client.call(method, _path(url), **_options(params, None, json, None, auth, None, method))
        except chirrup.Error as error:
            return AsyncHTTPResponse(_outcome(error, url))
        return AsyncHTTPResponse(HTTPResponse(raw.status, raw.reason, raw.headers, raw.content, raw.url))

    async def close(self) -> None:
        """Closes the connections that are not in use."""
        self.closed = True
        self.sender.close()
