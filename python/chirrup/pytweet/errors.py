"""The exceptions of PyTweet."""

from __future__ import annotations

from typing import Any


class PytweetException(Exception):
    """Base class of all exceptions."""

    def __init__(self, message: Any = None) -> None:
        self.message = message
        super().__init__(message)


def _described(response: Any, default: str) -> str:
    """Returns the message of a refusal."""
    try:
        body = response.json()
    except (AttributeError, ValueError):
        return default
    problem = (body.get("errors") or [body])[0] if isinstance(body, dict) else {}
    return problem.get("message") or problem.get("detail") or default


class APIException(PytweetException):
    """The server reports an error in a response with the status 200."""

    def __init__(self, response: Any = None, message: str = "No Error Message Provided") -> None:
        super().__init__(f"API returned an Exception: {message}")
        self.res = response
        self.message = message


class HTTPException(PytweetException):
    """The server refused a request. `res` is the response, and `json` its decoded body."""

    _default: str | None = None

    def __init__(self, response: Any = None, message: str | None = None) -> None:
        if message is None and self._default is not None:
            message = _described(response, self._default)
        status = getattr(response, "status_code", None)
        super().__init__(f"Request returned an Exception (status code: {status}): {message}")
        self.res = response
        self.message = message
        try:
            self.json = response.json()
        except (AttributeError, ValueError):
            self.json = None

    @property
    def status_code(self) -> int | None:
        """HTTP status of the response."""
        return getattr(self.res, "status_code", None)


class BadRequests(HTTPException):
    """The request is invalid (400)."""

    _default = "The request is invalid."


class Unauthorized(HTTPException):
    """The server rejected the keys or tokens (401), or one of them is missing."""

    _default = "Unauthorized to do that action!"

    def __init__(self, response: Any, message: str | None = None) -> None:
        super().__init__(response, message)


class Forbidden(HTTPException):
    """The caller may not do this (403)."""

    _default = "Forbidden to do that action."


class NotFound(HTTPException):
    """The object or the endpoint does not exist (404)."""

    _default = "Not Found!"


class TooManyRequests(HTTPException):
    """The rate limit is exhausted (429)."""

    _default = "Too many requests."


class NotFoundError(APIException):
    """A tweet or user does not exist: an error in a response with the status 200."""

    def __init__(self, response: Any = None, message: str | None = None) -> None:
        super().__init__(response, message or _described(response, "Not Found!"))


class UnKnownSpaceState(APIException):
    """The state of a Space is not one of `SpaceState`."""

    def __init__(self, given_state: Any) -> None:
        super().__init__(message=f"Unknown state passed: {given_state}")


class ConnectionException(HTTPException):
    """A stream ended with an error of the server."""

    _default = "The stream ended with an error."
