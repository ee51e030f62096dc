"""The exceptions for refusals."""

from __future__ import annotations

import logging

from .._dropins.response import HTTPResponse
from .errors import BadRequests, Forbidden, HTTPException, NotFound, NotFoundError, TooManyRequests, Unauthorized

_log = logging.getLogger(__name__)

_REFUSALS = {400: BadRequests, 401: Unauthorized, 403: Forbidden, 404: NotFound, 429: TooManyRequests}


def check_error(response: HTTPResponse) -> None:
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
