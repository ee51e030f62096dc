"""Interface of API v1.1."""

from __future__ import annotations

import logging
import time
from typing import Any
from urllib.parse import urlencode

import chirrup

from ._session import Session
from ._v1_endpoint import pagination, payload
from ._v1_media import V1Media
from ._v1_methods import V1Methods
from ._version import USER_AGENT
from .errors import TweepyException, _refusal
from .models import Model
from .parsers import ModelParser, Parser

__all__ = ["API", "pagination", "payload"]

log = logging.getLogger(__name__)

_COMMON_PARAMETERS = ("include_ext_edit_control", "tweet_mode")
_MAY_BE_DONE = frozenset({500, 502, 504})
"""Statuses after which a write may have taken effect."""


class _Attempts:
    """Decides whether a request is sent again after a response, and how long to wait before."""

    def __init__(self, api: API, is_read: bool) -> None:
        self._api = api
        self._is_read = is_read
        self._done = 0
        self._remaining: int | None = None
        self.reset_time: int | None = None

    def wait_for_window(self) -> None:
        """Waits for the next window if the current one is known to be used up."""
        is_exhausted = self._remaining is not None and self._remaining < 1
        if not (self._api.wait_on_rate_limit and self.reset_time is not None and is_exhausted):
            return
        wait = self.reset_time - int(time.time())
        if wait > 0:
            log.warning("the rate limit is exhausted: waiting for %d seconds", wait)
            time.sleep(wait + 1)

    def is_last(self, response: Any) -> bool:
        """Whether the request ends with this response. If not, the wait is over when the method returns."""
        status, headers, api = response.status_code, response.headers, self._api
        if 200 <= status < 300:
            return True
        if (remaining := headers.get("x-rate-limit-remaining")) is not None:
            self._remaining = int(remaining)
        if (reset := headers.get("x-rate-limit-reset")) is not None:
            self.reset_time = int(reset)
        delay = api.retry_delay
        if status in (420, 429) and api.wait_on_rate_limit:
            if self._remaining == 0 and self.reset_time is not None:
                return False
            delay = float(headers.get("retry-after", delay))
        elif not self._is_read and status in _MAY_BE_DONE:
            return True
        elif api.retry_errors and status not in api.retry_errors:
            return True
        self._done += 1
        if self._done > api.retry_count:
            return True
        time.sleep(delay)
        return False


class API(V1Media, V1Methods):
    """Methods of API v1.1.

    Args:
        auth: Authentication handler.
        cache: Cache for the responses of reads.
        host: Host of the API.
        parser: Parser of responses. The default is a `ModelParser`.
        proxy: URL of a proxy.
        retry_count: Maximum number of times a request is repeated. The default is 0.
        retry_delay: Seconds before each repetition.
        retry_errors: Statuses after which a request is repeated. The default is all.
        timeout: Timeout of a request in seconds.
        upload_host: Host of uploads.
        user_agent: Header `User-Agent`.
        wait_on_rate_limit: Whether a request waits for the next window when a rate limit is exhausted.
    """

    def __init__(
        self,
        auth: Any = None,
        *,
        cache: Any = None,
        host: str = "api.twitter.com",
        parser: Any = None,
        proxy: str | None = None,
        retry_count: int = 0,
        retry_delay: float = 0,
        retry_errors: Any = None,
        timeout: float = 60,
        upload_host: str = "upload.twitter.com",
        user_agent: str | None = None,
        wait_on_rate_limit: bool = False,
    ) -> None:
        self.auth = auth
        self.cache = cache
        self.host = host
        self.parser = ModelParser() if parser is None else parser
        if not isinstance(self.parser, Parser):
            raise TypeError(f"parser: expected an instance of Parser, not {type(self.parser)}")
        self.proxy = {} if proxy is None else {"https": proxy}
        self.retry_count = retry_count
        self.retry_delay = retry_delay
        self.retry_errors = retry_errors
        self.timeout = timeout
        self.upload_host = upload_host
        self.user_agent = USER_AGENT if user_agent is None else user_agent
        self.wait_on_rate_limit = wait_on_rate_limit
        self.session = Session()

    def request(
        self,
        method: str,
        endpoint: str,
        *,
        endpoint_parameters: Any = (),
        params: Any = None,
        headers: Any = None,
        json_payload: Any = None,
        parser: Any = None,
        payload_list: bool = False,
        payload_type: str | None = None,
        post_data: Any = None,
        files: Any = None,
        require_auth: bool = True,
        return_cursors: bool = False,
        upload_api: bool = False,
        use_cache: bool = True,
        **kwargs: Any,
    ) -> Any:
        """Sends a request of any path, such as `statuses/show`, and returns what the parser makes of its response."""
        if require_auth and not self.auth:
            raise TweepyException("the method needs an authentication handler")
        params = self._params(params, kwargs, (*endpoint_parameters, *_COMMON_PARAMETERS))
        path = f"/1.1/{endpoint}.json"
        key = f"{path}?{urlencode(params)}"
        is_cached = bool(use_cache and self.cache and method == "GET")
        self.cached_result = False
        if is_cached and (found := self.cache.get(key)):
            self._adopt(found)
            self.cached_result = True
            return found

        response = self._send(
            method,
            f"https://{self.upload_host if upload_api else self.host}{path}",
            params=params,
            headers={**(headers or {}), "User-Agent": self.user_agent},
            data=post_data,
            files=files,
            json=json_payload,
        )
        result = (parser or self.parser).parse(
            response.text,
            api=self,
            payload_list=payload_list,
            payload_type=payload_type,
            return_cursors=return_cursors or "cursor" in params or "next" in params,
        )
        if is_cached and result:
            self.cache.store(key, result)
        return result

    def _params(self, params: Any, kwargs: dict[str, Any], known: tuple[str, ...]) -> dict[str, Any]:
        """Returns the parameters of a request, as strings."""
        sent = dict(params or {})
        for name, value in kwargs.items():
            if value is None:
                continue
            if name not in known:
                log.warning("unexpected parameter: %s", name)
            sent[name] = str(value)
        return sent

    def _adopt(self, result: Any) -> None:
        """Lets the models of a cache act through this object."""
        for each in result if isinstance(result, list) else [result]:
            if isinstance(each, Model):
                each._api = self

    def _send(self, method: str, url: str, **content: Any) -> Any:
        """Sends a request, again if need be, and returns the response of its success."""
        attempts = _Attempts(self, method == "GET")
        while True:
            attempts.wait_for_window()
            auth = self.auth.apply_auth() if self.auth else None
            try:
                response = self.session.request(
                    method, url, timeout=self.timeout, auth=auth, proxies=self.proxy, **content
                )
            except (chirrup.Error, OSError) as error:
                raise TweepyException(f"could not send the request: {error}") from error
            if attempts.is_last(response):
                break
        self.last_response = response
        if not 200 <= response.status_code < 300:
            raise _refusal(response, response.status_code, reset_time=attempts.reset_time)
        return response
