"""Streams of API v2."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from math import inf
from threading import Thread
from typing import Any

import chirrup

from .._dropins.connection import client_for, network_settings, open_lines
from .._dropins.response import HTTPResponse
from .._dropins.urls import split_url
from ._session import Session, credentials_of, network_failure
from ._stream_rules import (
    PARAMETERS,
    RULES_ROUTE,
    Backoff,
    RuleResponses,
    StreamFailure,
    StreamResponse,
    StreamRule,
    added,
    deleted,
    events_of,
    stream_failure,
)
from ._v1_stream import TIMEOUT, UserKeys, event_of, fields_of, url_of
from ._version import USER_AGENT
from .auth import OAuth2BearerHandler
from .client import BaseClient, Response
from .errors import TweepyException

__all__ = ["BaseStream", "Stream", "StreamResponse", "StreamRule", "StreamingClient"]

log = logging.getLogger(__name__)

_STEP = 0.5
"""Longest wait in seconds before `running` is read again."""


class BaseStream:
    """Connection to a stream that is opened again when it breaks.

    Args:
        chunk_size: Has no effect: each post is delivered as soon as it is complete.
        daemon: Whether a thread of the stream is a daemon.
        max_retries: Maximum number of refused attempts to connect, one after the other.
        proxy: URL of a proxy.
        verify: Path of the certificates to trust, for a server with its own.
    """

    session: Any

    def __init__(
        self,
        *,
        chunk_size: int = 512,
        daemon: bool = False,
        max_retries: float = inf,
        proxy: str | None = None,
        verify: bool | str = True,
    ) -> None:
        self.chunk_size = chunk_size
        self.daemon = daemon
        self.max_retries = max_retries
        self.proxies = {"https": proxy} if proxy else {}
        self.verify = verify
        self.running = False
        self.session = Session()
        self.thread: Thread | None = None
        self.user_agent = USER_AGENT

    def _connect(
        self,
        method: str,
        url: str,
        auth: Any = None,
        params: Any = None,
        headers: Any = None,
        body: Any = None,
        timeout: float = 21,
    ) -> None:
        """Reads a stream until `running` is false or it has failed too often."""
        self.running = True
        backoff = Backoff()
        try:
            client, path = self._client(url, auth)
            sent_headers = {"User-Agent": self.user_agent, **(headers or {})}
            while self.running and backoff.error_count <= self.max_retries:
                try:
                    with open_lines(client, method, path, sent_headers, params=params, form=body) as lines:
                        self._read(self._lines(lines, url, timeout), backoff, url)
                except StreamFailure as failure:
                    self._after(failure, backoff)
        except Exception as exception:
            self.on_exception(exception)
        finally:
            self.running = False
            self.on_disconnect()

    def _client(self, url: str, auth: Any) -> tuple[chirrup.Client, str]:
        """Returns the client of a stream, and its path."""
        base_url, path = split_url(url)
        try:
            settings = network_settings(self.proxies, verify=self.verify)
            return client_for(base_url, **credentials_of(auth), **settings), path
        except chirrup.Error as error:
            raise network_failure(error) from error

    def _lines(self, lines: Any, url: str, timeout: float) -> Iterator[bytes]:
        """Yields the lines of a connection while `running` is true."""
        silent_since = time.monotonic()
        while self.running:
            try:
                line = lines.next(_STEP)
            except StopIteration:
                return
            except chirrup.Error as error:
                raise stream_failure(error) from error
            if line is not None:
                silent_since = time.monotonic()
                yield line
            elif time.monotonic() - silent_since > timeout:
                raise stream_failure(chirrup.TimeoutError(f"no data for {timeout} seconds"))

    def _read(self, lines: Iterator[bytes], backoff: Backoff, url: str) -> None:
        """Delivers the lines of a connection. The first, empty one says that the server has accepted it."""
        is_connected = False
        for line in lines:
            if not is_connected:
                is_connected = True
                backoff.reset()
                self.on_connect()
                if not line or not self.running:
                    continue
            if line:
                self.on_data(line)
            else:
                self.on_keep_alive()
        if self.running:
            self.on_closed(HTTPResponse(200, "OK", {}, b"", url))

    def _after(self, failure: StreamFailure, backoff: Backoff) -> None:
        """Reports a failure and waits before the next attempt."""
        if failure.response is None:
            self.on_connection_error()
            wait = backoff.after_network_error()
        else:
            self.on_request_error(failure.response.status_code)
            wait = backoff.after_status(failure.response.status_code)
        if self.running:
            log.error("the stream failed, and is opened again in %s seconds: %s", wait, failure)
        end = time.monotonic() + wait
        while self.running and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, _STEP))

    def _threaded_connect(self, *args: Any, **kwargs: Any) -> Thread:
        thread = Thread(target=self._connect, name="Chirrup stream", args=args, kwargs=kwargs, daemon=self.daemon)
        self.thread = thread
        thread.start()
        return thread

    def _start(self, threaded: bool, method: str, *args: Any, **kwargs: Any) -> Thread | None:
        """Reads a stream in this thread, or in one of its own."""
        if self.running:
            raise TweepyException("the stream is connected already")
        if threaded:
            return self._threaded_connect(method, *args, **kwargs)
        self._connect(method, *args, **kwargs)
        return None

    def disconnect(self) -> None:
        """Ends the stream."""
        self.running = False

    def on_data(self, raw_data: Any) -> None:
        """Called with the JSON of each message."""
        raise NotImplementedError

    def on_closed(self, response: Any) -> None:
        """Called when X has closed the connection."""
        log.error("X closed the stream")

    def on_connect(self) -> None:
        """Called when X has accepted the connection."""
        log.info("the stream is connected")

    def on_connection_error(self) -> None:
        """Called when the connection broke, or no data arrived in time."""
        log.error("the connection of the stream broke")

    def on_disconnect(self) -> None:
        """Called when the stream has ended."""
        log.info("the stream has ended")

    def on_exception(self, exception: Exception) -> None:
        """Called with an exception that ends the stream."""
        log.exception("an exception ended the stream")

    def on_keep_alive(self) -> None:
        """Called for each keep-alive."""
        log.debug("received a keep-alive")

    def on_request_error(self, status_code: int) -> None:
        """Called when X has refused the connection."""
        log.error("X refused the stream with the status %d", status_code)


class StreamingClient(RuleResponses, BaseClient, BaseStream):
    """Filtered and sampled streams of API v2. Override `on_tweet`, `on_response` or other callbacks.

    Args:
        bearer_token: Bearer token of an app.
        return_type: `Response`, `dict` or `requests.Response`, for the methods of rules.
        wait_on_rate_limit: Whether these methods wait when a rate limit is exhausted.
        kwargs: Arguments of `BaseStream`.
    """

    def __init__(
        self, bearer_token: str, *, return_type: Any = Response, wait_on_rate_limit: bool = False, **kwargs: Any
    ) -> None:
        BaseClient.__init__(self, bearer_token, return_type=return_type, wait_on_rate_limit=wait_on_rate_limit)
        BaseStream.__init__(self, **kwargs)

    def _connect(self, method: str, endpoint: str, **kwargs: Any) -> None:  # type: ignore[override]
        url = f"https://api.twitter.com/2/tweets/{endpoint}/stream"
        super()._connect(method, url, auth=OAuth2BearerHandler(self.bearer_token or ""), **kwargs)

    def add_rules(self, add: Any, **params: Any) -> Any:
        """Adds one rule or several. The keyword argument is `dry_run`."""
        return self._change_rules(added(add), params)

    def delete_rules(self, ids: Any, **params: Any) -> Any:
        """Deletes one rule or several, by ID or as rules. The keyword argument is `dry_run`."""
        return self._change_rules(deleted(ids), params)

    def _change_rules(self, body: Any, params: Any) -> Any:
        return self._make_request("POST", RULES_ROUTE, params, ("dry_run",), body, StreamRule)

    def get_rules(self, **params: Any) -> Any:
        """Returns the rules. The keyword argument is `ids`."""
        return self._make_request("GET", RULES_ROUTE, params, ("ids",), data_type=StreamRule)

    def filter(self, *, threaded: bool = False, **params: Any) -> Thread | None:
        """Reads the posts that match the rules. Returns the thread if it is `threaded`."""
        return self._start(threaded, "GET", "search", params=self._process_params(params, PARAMETERS))

    def sample(self, *, threaded: bool = False, **params: Any) -> Thread | None:
        """Reads about one percent of all posts. Returns the thread if it is `threaded`."""
        return self._start(threaded, "GET", "sample", params=self._process_params(params, PARAMETERS))

    def on_data(self, raw_data: Any) -> None:
        """Called with the JSON of each message; calls the other callbacks."""
        for name, value in events_of(self, raw_data):
            getattr(self, name)(value)

    def on_tweet(self, tweet: Any) -> None:
        """Called with each post."""

    def on_includes(self, includes: Any) -> None:
        """Called with the included objects of a message."""

    def on_errors(self, errors: Any) -> None:
        """Called with the errors of a message."""
        log.error("received errors: %s", errors)

    def on_matching_rules(self, matching_rules: Any) -> None:
        """Called with the rules that a post matches."""

    def on_response(self, response: Any) -> None:
        """Called with each message as a `StreamResponse`."""
        log.debug("received a message: %s", response)


class Stream(UserKeys, BaseStream):
    """Streams of API v1.1, which Tweepy had until version 4.14. Override `on_status` or other callbacks.

    Args:
        consumer_key: OAuth 1.0a consumer key.
        consumer_secret: OAuth 1.0a consumer secret.
        access_token: OAuth 1.0a access token.
        access_token_secret: OAuth 1.0a access token secret.
        kwargs: Arguments of `BaseStream`.
    """

    def _connect(self, method: str, endpoint: str, **kwargs: Any) -> None:  # type: ignore[override]
        super()._connect(method, url_of(endpoint), auth=self._authorization(), timeout=TIMEOUT, **kwargs)

    def filter(
        self,
        *,
        follow: Any = None,
        track: Any = None,
        locations: Any = None,
        filter_level: str | None = None,
        languages: Any = None,
        stall_warnings: bool = False,
        threaded: bool = False,
    ) -> Thread | None:
        """Reads the posts of users, with words, or from places. Returns the thread if it is `threaded`."""
        body = fields_of(
            follow=follow,
            track=track,
            locations=locations,
            filter_level=filter_level,
            languages=languages,
            stall_warnings=stall_warnings,
        )
        return self._start(threaded, "POST", "statuses/filter", body=body)

    def sample(self, *, languages: Any = None, stall_warnings: bool = False, threaded: bool = False) -> Thread | None:
        """Reads about one percent of all posts. Returns the thread if it is `threaded`."""
        params = fields_of(languages=languages, stall_warnings=stall_warnings)
        return self._start(threaded, "GET", "statuses/sample", params=params)

    def on_data(self, raw_data: Any) -> None:
        """Called with the JSON of each message; calls another callback."""
        if event := event_of(raw_data):
            name, arguments = event
            getattr(self, name)(*arguments)

    def on_status(self, status: Any) -> None:
        """Called with each post."""
        log.debug("received the post %d", status.id)

    def on_delete(self, status_id: int, user_id: int) -> None:
        """Called when a post was deleted."""
        log.debug("the post %d was deleted", status_id)

    def on_disconnect_message(self, message: Any) -> None:
        """Called with the reason for which X is about to close the connection."""
        log.warning("received a disconnect message: %s", message)

    def on_limit(self, track: int) -> None:
        """Called with the number of posts that X left out since the connection began."""
        log.debug("X left out %d posts", track)

    def on_scrub_geo(self, notice: Any) -> None:
        """Called when the places of a user's posts have to be removed."""
        log.debug("received a notice about places: %s", notice)

    def on_status_withheld(self, notice: Any) -> None:
        """Called when a post is withheld in some countries."""
        log.debug("received a notice about a withheld post: %s", notice)

    def on_user_withheld(self, notice: Any) -> None:
        """Called when a user is withheld in some countries."""
        log.debug("received a notice about a withheld user: %s", notice)

    def on_warning(self, warning: Any) -> None:
        """Called when the program is too slow for the stream."""
        log.warning("received a warning: %s", warning)
