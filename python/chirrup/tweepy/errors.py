"""Exceptions: one class for each HTTP status that Tweepy distinguishes."""

from __future__ import annotations

import functools
import sys
from typing import Any


class TweepyException(Exception):
    """Base class of all exceptions of this package."""


class HTTPException(TweepyException):
    """X refused a request.

    `response` is the response of the server; `api_errors`, `api_codes` and `api_messages` are what its body contains.
    """

    def __init__(self, response: Any, *, response_json: Any = None) -> None:
        self.response = response
        self.api_errors: list[Any] = []
        self.api_codes: list[int] = []
        self.api_messages: list[str] = []
        status = getattr(response, "status_code", None) or response.status
        if response_json is None:
            try:
                response_json = response.json()
            except ValueError:
                pass
        lines = self._read(response_json) if isinstance(response_json, dict) else []
        super().__init__("\n".join([f"{status} {response.reason}", *lines]))

    def _read(self, body: dict[str, Any]) -> list[str]:
        """Reads the errors of a body, and returns one line for each."""
        errors = body.get("errors") or []
        self.api_errors = list(errors) if isinstance(errors, list) else [errors]
        if "error" in body:
            self.api_errors.append(body["error"])
        lines = [line for error in self.api_errors if (line := self._read_error(error))]
        if not lines and "detail" in body:
            self.api_messages.append(body["detail"])
            lines = [body["detail"]]
        return lines

    def _read_error(self, error: Any) -> str | None:
        if not isinstance(error, dict):
            self.api_messages.append(str(error))
            return str(error)
        code, message = error.get("code"), error.get("message")
        if code is not None:
            self.api_codes.append(code)
        if message is None:
            return None
        self.api_messages.append(message)
        return str(message) if code is None else f"{code} - {message}"


class BadRequest(HTTPException):
    """The request is invalid (400)."""


class Unauthorized(HTTPException):
    """The credentials are missing or rejected (401)."""


class Forbidden(HTTPException):
    """The authenticated caller may not do this (403)."""


class NotFound(HTTPException):
    """The object does not exist (404)."""


class TooManyRequests(HTTPException):
    """The rate limit is exhausted (429); `reset_time` is the Unix time of its next window, if it is known."""

    def __init__(self, response: Any, *, response_json: Any = None, reset_time: Any = None) -> None:
        super().__init__(response, response_json=response_json)
        self.reset_time: int | None = reset_time


class TwitterServerError(HTTPException):
    """The server failed to process the request (5xx)."""


_BY_STATUS = {400: BadRequest, 401: Unauthorized, 403: Forbidden, 404: NotFound}


def _refusal(response: Any, status: int, *, response_json: Any = None, reset_time: int | None = None) -> HTTPException:
    """Returns the exception for a response whose status is not a success."""
    if status == 429:
        return TooManyRequests(response, response_json=response_json, reset_time=reset_time)
    kind = TwitterServerError if status >= 500 else _BY_STATUS.get(status, HTTPException)
    return kind(response, response_json=response_json)


@functools.cache
def _network_exception(is_timeout: bool, has_requests: bool) -> type[TweepyException]:
    """Returns the class of a failure of the network: one that programs catch by its base classes.

    In Tweepy, such a failure is an exception of `requests`. Programs that catch it have imported `requests`.
    """
    bases: list[type] = [TweepyException, TimeoutError if is_timeout else ConnectionError]
    if has_requests:
        exceptions = sys.modules["requests"].exceptions
        bases.append(exceptions.ReadTimeout if is_timeout else exceptions.ConnectionError)
    return type("NetworkTimeout" if is_timeout else "NetworkFailure", tuple(bases), {"__module__": __name__})
