"""Addresses of the API, of which the variable `CHIRRUP_BASE_URL` replaces the server."""

from __future__ import annotations

import os
from urllib.parse import urlsplit, urlunsplit

X_API = "https://api.x.com"

_X_HOSTS = frozenset(
    f"{name}.{domain}"
    for name in ("api", "upload", "stream", "userstream", "sitestream")
    for domain in ("x.com", "twitter.com")
)
_PAGE_HOSTS = _X_HOSTS | {"x.com", "twitter.com"}


def default_base_url() -> str:
    """Returns the base URL of the API: the variable `CHIRRUP_BASE_URL` or that of X."""
    return os.environ.get("CHIRRUP_BASE_URL") or X_API


def split_url(url: str) -> tuple[str | None, str]:
    """Returns the origin of a URL and the rest of it.

    The origin is `None` for the hosts of X: the client knows which of them has a route, and which server replaces them.
    """
    parts = urlsplit(url)
    rest = urlunsplit(("", "", parts.path or "/", parts.query, ""))
    return (None if parts.hostname in _X_HOSTS else f"{parts.scheme}://{parts.netloc}"), rest


def page_url(url: str) -> str:
    """Returns the URL of a page for users, such as the one of a login, on the server that has it."""
    parts, server = urlsplit(url), default_base_url()
    if parts.hostname not in _PAGE_HOSTS or server == X_API:
        return url
    return server + urlunsplit(("", "", parts.path, parts.query, ""))
