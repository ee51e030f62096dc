"""The errors of Twython."""

from __future__ import annotations

from typing import Any

from .endpoints import TWITTER_HTTP_STATUS_CODE


class TwythonError(Exception):
    """Error of a call, with the HTTP status of the response as `error_code`."""

    def __init__(self, msg: Any, error_code: int | None = None, retry_after: Any = None) -> None:
        self.error_code = error_code
        if error_code in TWITTER_HTTP_STATUS_CODE:
            msg = f"Twitter API returned a {error_code} ({TWITTER_HTTP_STATUS_CODE[error_code][0]}), {msg}"
        super().__init__(msg)

    @property
    def msg(self) -> Any:
        """Message of the error."""
        return self.args[0]


class TwythonAuthError(TwythonError):
    """The server rejected the keys or tokens, or the client has none that the endpoint accepts."""


class TwythonRateLimitError(TwythonError):
    """The rate limit is exhausted. `retry_after` is the time of the reset, in seconds since 1970."""

    def __init__(self, msg: Any, error_code: int | None, retry_after: Any = None) -> None:
        if isinstance(retry_after, int):
            msg = f"{msg} (Retry after {retry_after} seconds)"
        super().__init__(msg, error_code=error_code)
        self.retry_after = retry_after


class TwythonStreamError(TwythonError):
    """A stream sent something that is not valid."""
