"""Errors of calls: one class for each kind, all of them subclasses of `Error`."""

from __future__ import annotations

import builtins
from typing import Any, ClassVar

from ._native import Object, RawResponse


class Error(Exception):
    """Error of a call: what failed and why, the hint for the next step, and the response of the server."""

    kind: ClassVar[str] = ""
    """Kind of the error for programs, such as `rate_limited`."""

    def __init__(
        self,
        message: str = "",
        *,
        hint: str | None = None,
        endpoint: str | None = None,
        status: int | None = None,
        retry_after: float | None = None,
        attempts: int = 0,
        diagnosis: str | None = None,
        problems: list[Object] | None = None,
        response: RawResponse | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        """What failed and why, without the hint."""
        self.hint = hint
        """Next step."""
        self.endpoint = endpoint
        """Name of the endpoint, or method and path."""
        self.status = status
        """HTTP status of the response, if there was one."""
        self.retry_after = retry_after
        """Seconds until the same call can succeed, by the clock of the server."""
        self.attempts = attempts
        """Number of times the call was sent."""
        self.diagnosis = diagnosis
        """Cause of a refusal that X leaves unexplained, if it is known."""
        self.problems = problems or []
        """Problems that the server reported."""
        self.response = response
        """Response of the server as it is, if there was one."""

    def __str__(self) -> str:
        return f"{self.message} (hint: {self.hint})" if self.hint else self.message

    def __reduce__(self) -> tuple[Any, ...]:
        # The response cannot be sent to another process.
        return type(self), (self.message,), {**self.__dict__, "response": None}


class ArgumentError(Error, ValueError):
    """An argument is invalid; nothing was sent."""

    kind = "argument"


class CredentialsError(Error):
    """The client has no credential that the endpoint accepts; nothing was sent."""

    kind = "credentials"


class ConfigurationError(Error):
    """The configuration of the client or an environment variable is invalid; nothing was sent."""

    kind = "configuration"


class StorageError(Error):
    """A file, a keyring or another store could not be read, written or locked."""

    kind = "storage"


class MediaError(Error):
    """A media file is invalid, or X could not process it."""

    kind = "media"


class ClosedError(Error):
    """A stream or another source of events has ended."""

    kind = "closed"


class BlockingError(Error):
    """A call waited inside an async runtime of the core; nothing was sent."""

    kind = "blocking"


class LoginError(Error):
    """The login failed, without a token."""

    kind = "login"


class UnauthorizedError(Error):
    """The server rejected the credential (401, or 400 with code 215 in API v1.1)."""

    kind = "unauthorized"


class ForbiddenError(Error):
    """The authenticated caller may not do this (403)."""

    kind = "forbidden"


class NotFoundError(Error):
    """The object does not exist (404, or a 200 with such a problem)."""

    kind = "not_found"


class InvalidError(Error):
    """The server rejected the request as invalid (400)."""

    kind = "invalid"


class ConflictError(Error):
    """The request conflicts with the state on the server (409)."""

    kind = "conflict"


class RateLimitedError(Error):
    """The rate limit is exhausted (429)."""

    kind = "rate_limited"


class UsageCappedError(Error):
    """The daily or monthly usage cap is reached. A wait of minutes does not help."""

    kind = "usage_capped"


class NoCreditsError(Error):
    """The account has no credits left (402)."""

    kind = "no_credits"


class BudgetError(Error):
    """The call would exceed the budget; nothing was sent."""

    kind = "budget"


class NotAllowedError(Error):
    """The permissions that the client was created with do not allow the call; nothing was sent."""

    kind = "not_allowed"


class RefusedError(Error):
    """The server refused the request for another reason."""

    kind = "refused"


class ServerError(Error):
    """The server failed to process the request (5xx)."""

    kind = "server"


class NetworkError(Error, ConnectionError):
    """The connection to the server failed. A read can be repeated."""

    kind = "network"


class TimeoutError(Error, builtins.TimeoutError):
    """The response did not arrive in time. A read can be repeated."""

    kind = "timeout"


class UnknownOutcomeError(Error):
    """A write was sent without a response: it may have taken effect."""

    kind = "unknown_outcome"


class DecodeError(Error):
    """The response cannot be decoded."""

    kind = "decode"


_BY_KIND: dict[str, type[Error]] = {each.kind: each for each in Error.__subclasses__()}


def from_native(kind: str, message: str, details: dict[str, Any]) -> Error:
    """Returns the error of a kind. A kind that this version does not know is the base class."""
    return _BY_KIND.get(kind, Error)(message, **details)
