"""HTTP responses with the attributes that programs read of those of `requests`."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any

from .. import errors
from .._native import RawResponse


class HTTPResponse:
    """Response of the server, with the attributes of `requests.Response` that do not concern the connection."""

    def __init__(self, status_code: int, reason: str, headers: Mapping[str, str], content: bytes, url: str) -> None:
        self.status_code = status_code
        self.reason = reason
        self.headers = headers
        self.content = content
        self.url = url

    @classmethod
    def of(cls, raw: RawResponse) -> HTTPResponse:
        """Returns the response of a client."""
        return cls(raw.status, raw.reason, raw.headers, raw.content, raw.url)

    @property
    def ok(self) -> bool:
        """Whether the status is below 400."""
        return self.status_code < 400

    @property
    def text(self) -> str:
        """Body as text."""
        return self.content.decode("utf-8", "replace")

    def json(self) -> Any:
        """Returns the body as JSON; a `ValueError` if it is not."""
        return json.loads(self.content)

    def close(self) -> None:
        """Does nothing: the body has been read, and the connection is kept for the next request."""

    def __enter__(self) -> HTTPResponse:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Response [{self.status_code}]>"


def response_of(error: errors.Error) -> HTTPResponse:
    """Returns the response of a call that failed, and raises the error if it has none.

    The core does not send a call that it knows to exceed a rate limit, or to need credentials that the client does not
    have: its response is the one that X would give.
    """
    if error.response is not None:
        return HTTPResponse.of(error.response)
    if isinstance(error, errors.RateLimitedError):
        reset = int(time.time() + (error.retry_after or 0))
        headers = {"x-rate-limit-remaining": "0", "x-rate-limit-reset": str(reset)}
        return _refusal(429, "Too Many Requests", 88, error, headers)
    if isinstance(error, errors.CredentialsError):
        return _refusal(401, "Unauthorized", 32, error, {})
    raise error


def _refusal(status: int, reason: str, code: int, error: errors.Error, headers: dict[str, str]) -> HTTPResponse:
    body = {"title": reason, "detail": str(error), "errors": [{"code": code, "message": str(error)}]}
    headers = {"content-type": "application/json", **headers}
    return HTTPResponse(status, reason, headers, json.dumps(body).encode(), "")
