"""Clients of the core behind the packages, and the calls that they send."""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Union, cast

from .. import errors
from .._native import RESERVED_HEADERS, LineStream
from ..client import AsyncClient, Client
from .response import HTTPResponse, response_of
from .urls import default_base_url

Credential = Union[str, tuple[str, str], None]
"""Name of the credential of a call, or the key and the secret of an app; `None` for the one that the route accepts."""


def client_for(base_url: str | None = None, **settings: Any) -> Client:
    """Returns the client with these settings. Equal settings share one client, with its connections.

    The client repeats no call: the libraries that the packages replace have rules of their own for that.
    """
    return _shared_client(base_url or default_base_url(), **settings)


def async_client_for(base_url: str | None = None, **settings: Any) -> AsyncClient:
    """Returns the client for asyncio with these settings, as `client_for` does."""
    return _shared_async_client(base_url or default_base_url(), **settings)


@functools.lru_cache(maxsize=64)
def _shared_client(base_url: str, **settings: Any) -> Client:
    return Client(base_url=base_url, retries=0, **settings)


@functools.lru_cache(maxsize=64)
def _shared_async_client(base_url: str, **settings: Any) -> AsyncClient:
    return AsyncClient(base_url=base_url, retries=0, **settings)


def oauth1_settings(key: str | None, secret: str | None, token: str | None, token_secret: str | None) -> dict[str, str]:
    """Returns the settings of a client that signs with OAuth 1.0a. Without a token it signs as the app alone."""
    return {
        "consumer_key": key or "",
        "consumer_secret": secret or "",
        "access_token": token or "",
        "access_token_secret": token_secret or "",
    }


def network_settings(
    proxies: Mapping[str, str] | None = None, timeout: Any = None, verify: bool | str | os.PathLike[str] = True
) -> dict[str, Any]:
    """Returns the settings of a client for arguments that are those of the library `requests`.

    Args:
        proxies: URLs of proxies by scheme.
        timeout: Timeout in seconds, or the pair of those of the connection and of the silence of the server.
        verify: Path of the certificates to trust in addition to those of the system.
    """
    settings: dict[str, Any] = {}
    if proxy := (proxies or {}).get("https") or (proxies or {}).get("http"):
        settings["proxy"] = proxy
    if isinstance(timeout, tuple):
        connect, read = cast("tuple[float | None, float | None]", timeout)
        settings.update(connect_timeout=connect, read_timeout=read)
    elif timeout:
        settings["timeout"] = float(timeout)
    if verify is False:
        raise errors.ConfigurationError(
            "verify: the certificate of the server is always verified", hint="give the path of its CA as verify=PATH"
        )
    if not isinstance(verify, bool):
        settings["extra_root_certificates"] = Path(verify).read_bytes()
    return settings


def _own_headers(headers: Mapping[str, Any] | None) -> dict[str, str]:
    """Returns the headers of a caller, without those that the core sets itself."""
    return {
        name: value.decode() if isinstance(value, bytes) else value
        for name, value in (headers or {}).items()
        if value is not None and name.lower() not in RESERVED_HEADERS
    }


def call(
    client: Client, method: str, path: str, headers: Mapping[str, Any] | None = None, **options: Any
) -> HTTPResponse:
    """Sends a call of any route and returns its response, whatever its status."""
    try:
        raw = client.call(method.upper(), path, headers=_own_headers(headers), raise_for_status=False, **options)
        return HTTPResponse.of(raw)
    except errors.Error as error:
        return response_of(error)


async def call_async(
    client: AsyncClient, method: str, path: str, headers: Mapping[str, Any] | None = None, **options: Any
) -> HTTPResponse:
    """Sends a call of any route and returns its response, whatever its status."""
    try:
        raw = await client.call(method.upper(), path, headers=_own_headers(headers), raise_for_status=False, **options)
        return HTTPResponse.of(raw)
    except errors.Error as error:
        return response_of(error)


def open_lines(
    client: Client | AsyncClient, method: str, path: str, headers: Mapping[str, Any] | None = None, **options: Any
) -> LineStream:
    """Opens a stream of any route, whose first line, which is empty, says that the server has accepted it."""
    return client.lines(method.upper(), path, headers=_own_headers(headers), **options)


def request_app_token(key: str | None, secret: str | None, base_url: str | None = None, **settings: Any) -> HTTPResponse:
    """Requests the bearer token of an app by its key and secret."""
    fields = {"grant_type": "client_credentials"}
    client = client_for(base_url, **settings)
    return call(client, "POST", "/oauth2/token", form=fields, auth=(key or "", secret or ""))
