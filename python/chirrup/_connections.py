"""Clients behind the packages that replace other libraries: `twython`, `twitter` and `pytweet`."""

from __future__ import annotations

import functools
import os
import urllib.parse
from typing import Any, Union

from ._native import RawResponse
from .client import Client

Credential = Union[str, tuple[str, str]]
"""Name of the credential of a call, or the key and the secret of an app."""

X_API = "https://api.x.com"

_X_HOSTS = frozenset(
    f"{name}.{domain}"
    for name in ("api", "upload", "stream", "userstream", "sitestream")
    for domain in ("x.com", "twitter.com")
)


def split_url(url: str) -> tuple[str | None, str]:
    """Returns the origin of a URL and the rest of it.

    The origin is `None` for the hosts of X: the client knows which of them has a route, and which server replaces them.
    """
    parts = urllib.parse.urlsplit(url)
    rest = urllib.parse.urlunsplit(("", "", parts.path or "/", parts.query, ""))
    return (None if parts.hostname in _X_HOSTS else f"{parts.scheme}://{parts.netloc}"), rest


def default_base_url() -> str:
    """Returns the base URL of the API: the variable `CHIRRUP_BASE_URL` or that of X."""
    return os.environ.get("CHIRRUP_BASE_URL") or X_API


def page_url(url: str) -> str:
    """Returns the URL of a page for users, such as the one of a login, on the server that has it."""
    base_url, rest = split_url(url)
    server = default_base_url()
    return url if base_url or server == X_API else f"{server}{rest}"


def client_for(base_url: str | None = None, **settings: Any) -> Client:
    """Returns the client with these settings. Equal settings share one client, with its connections.

    The client repeats no call: the libraries that it replaces have rules of their own for that.
    """
    return _shared_client(base_url or default_base_url(), **settings)


@functools.lru_cache(maxsize=64)
def _shared_client(base_url: str, **settings: Any) -> Client:
    return Client(base_url=base_url, retries=0, **settings)


def oauth1_settings(key: str | None, secret: str | None, token: str | None, token_secret: str | None) -> dict[str, str]:
    """Returns the settings of a client that signs with OAuth 1.0a. Without a token it signs as the app alone."""
    return {
        "consumer_key": key or "",
        "consumer_secret": secret or "",
        "access_token": token or "",
        "access_token_secret": token_secret or "",
    }


def request_app_token(key: str | None, secret: str | None, base_url: str | None = None, **settings: Any) -> RawResponse:
    """Requests the bearer token of an app by its key and secret, and returns the response of the server."""
    fields = {"grant_type": "client_credentials"}
    client = client_for(base_url, **settings)
    return client.call("POST", "/oauth2/token", form=fields, auth=(key or "", secret or ""), raise_for_status=False)
