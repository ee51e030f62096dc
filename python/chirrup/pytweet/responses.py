"""Responses with the names of `requests`, and the exceptions for refusals."""

from __future__ import annotations

import logging
from typing import Any

from .errors import BadRequests, Forbidden, HTTPException, NotFound, NotFoundError, TooManyRequests, Unauthorized

_log = logging.getLogger(__name__)

_REFUSALS = {400: BadRequests, 401: Unauthorized, 403: Forbidden, 404: NotFound, 429: TooManyRequests}


class Response:
    """Response of the server, as exceptions carry it."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        self.status_code: int = raw.status
        self.headers = raw.headers
        self.url: str = raw.url

    @property
    def content(self) -> bytes:
        """Body of the response."""
        return bytes(self._raw.content)

    @property
    def text(self) -> str:
        """Body of the response as text."""
        return str(self._raw.text)

    def json(self) -> Any:
        """Returns the decoded body."""
        return self._raw.json()


def check_error(response: Response) -> None:
    """Raises the exception for a response that is a refusal, or reports that the object does not exist."""
    if response.status_code >= 400:
        raise _REFUSALS.get(response.status_code, HTTPException)(response)
    try:
        body = response.json()
    except ValueError:
        return
    problems = body.get("errors") if isinstance(body, dict) else None
    if not problems or body.get("data"):
        return
    problem = problems[0]
    if str(problem.get("detail", "")).startswith("Could not find"):
        raise NotFoundError(response)
    for detail in problem.get("details", ()):
        if detail.startswith("Cannot parse rule"):
            _log.warning("Invalid stream rule: %s", detail)
            raise SyntaxError(detail)
