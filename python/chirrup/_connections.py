"""Clients behind the packages that replace other libraries: `twython`, `twitter` and `pytweet`."""

from __future__ import annotations

import base64
import functools
import json
import os
import urllib.parse
import urllib.request
from typing import Any

from .client import Client
from .errors import LoginError

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


def obtain_app_token(key: str, secret: str, base_url: str | None = None) -> dict[str, Any]:
    """Requests the bearer token of an app, and returns the response of the server.

    The only call with HTTP Basic authentication, which no client of this package offers.
    """
    pair = ":".join(urllib.parse.quote(part, safe="") for part in (key, secret))
    headers = {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}
    url = f"{base_url or default_base_url()}/oauth2/token"
    request = urllib.request.Request(url, b"grant_type=client_credentials", headers)
    if not url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        raise LoginError("the app's secret is not sent without encryption", hint="use a base URL with https")
    with urllib.request.urlopen(request, timeout=60) as response:
        token: dict[str, Any] = json.load(response)
    return token
