"""HTTP responses for programs that read those of `aiohttp`, or the real ones of `requests`."""

from __future__ import annotations

from typing import Any

from .._dropins.response import HTTPResponse


class AsyncHTTPResponse:
    """Response of the server, with the attributes of `aiohttp.ClientResponse` that do not concern the connection."""

    def __init__(self, response: HTTPResponse) -> None:
        self._response = response
        self.status = response.status_code
        self.reason = response.reason
        self.headers = response.headers
        self.url = response.url
        self.ok = response.ok

    async def read(self) -> bytes:
        """Returns the body."""
        return self._response.content

    async def text(self) -> str:
        """Returns the body as text."""
        return self._response.text

    async def json(self) -> Any:
        """Returns the body as JSON; a `ValueError` if it is not."""
        return self._response.json()

    def __repr__(self) -> str:
        return f"<ClientResponse({self.url}) [{self.status} {self.reason}]>"


def is_requests_response(kind: Any) -> bool:
    """Whether a return type is `requests.Response`, which is not imported for the question."""
    return getattr(kind, "__module__", "").startswith("requests.") and kind.__name__ == "Response"


def is_aiohttp_response(kind: Any) -> bool:
    """Whether a return type is `aiohttp.ClientResponse`, which is not imported for the question."""
    return getattr(kind, "__module__", "").startswith("aiohttp") and kind.__name__ == "ClientResponse"


def requests_response(kind: Any, response: HTTPResponse) -> Any:
    """Returns a response as an object of `requests.Response`."""
    made = kind()
    made.status_code, made.reason, made.url = response.status_code, response.reason, response.url
    made.headers.update(dict(response.headers))
    made._content, made.encoding = response.content, "utf-8"
    return made
