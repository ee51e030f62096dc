"""Decoded responses that keep their headers."""

from __future__ import annotations

from http.client import HTTPMessage
from typing import Any


class TwitterResponse:
    """Response whose `headers` can be read: a list, a dictionary or a text."""

    headers: Any = {}

    def _number(self, header: str) -> int:
        return int(self.headers.get(header, "0"))

    @property
    def rate_limit_remaining(self) -> int:
        """Number of calls that are left in the window of the rate limit."""
        return self._number("X-Rate-Limit-Remaining")

    @property
    def rate_limit_limit(self) -> int:
        """Number of calls per window of the rate limit."""
        return self._number("X-Rate-Limit-Limit")

    @property
    def rate_limit_reset(self) -> int:
        """Time when the window ends, in seconds since 1970."""
        return self._number("X-Rate-Limit-Reset")


class TwitterDictResponse(dict[str, Any], TwitterResponse):
    """Response that is a JSON object."""


class TwitterListResponse(list[Any], TwitterResponse):
    """Response that is a JSON array."""


def wrap_response(response: Any, headers: Any) -> Any:
    """Returns a decoded response with its headers. Only objects and arrays keep them."""
    if type(response) is dict:
        wrapped: TwitterResponse = TwitterDictResponse(response)
    elif type(response) is list:
        wrapped = TwitterListResponse(response)
    else:
        return response
    wrapped.headers = headers
    return wrapped


def header_message(headers: Any) -> HTTPMessage:
    """Returns headers in the form of the standard library."""
    message = HTTPMessage()
    for name, value in headers.items():
        message[name] = value
    return message
