"""Streams of API v2 for asyncio."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from math import inf
from typing import Any

import chirrup

from ..._dropins.connection import async_client_for, network_settings, open_lines
from ..._dropins.response import HTTPResponse
from ..._dropins.urls import split_url
from .._response import AsyncHTTPResponse
from .._session import credentials_of
from .._stream_rules import (
    PARAMETERS,
    RULES_ROUTE,
    Backoff,
    RuleResponses,
    StreamFailure,
    StreamRule,
    added,
    deleted,
    events_of,
    stream_failure,
)
from .._v1_stream import TIMEOUT, UserKeys, event_of, fields_of, url_of
from .._version import USER_AGENT
from ..auth import OAuth2BearerHandler
from ..client import Response
from ..errors import TweepyException
from .client import AsyncBaseClient

log = logging.getLogger(__name__)


class AsyncBaseStream:
    """Connection to a stream that is opened again when it breaks.

    Args:
        max_retries: Maximum number of refused attempts to connect, one after the other.
        proxy: URL of a proxy.
    """

    session: Any

    def __init__(self, *, max_retries: float = inf, proxy: str | None = None) -> None:
        self.max_retries = max_retries
        self.proxy = proxy
        self.session = None
        self.task: asyncio.Task[None] | None = None
        self.user_agent = USER_AGENT

    async def _connect(
        self, method: str, url: str, auth: Any = None, params: Any = None, body: Any = None, timeout: float = 21
    ) -> None:
        """Reads a stream until its task is canceled or it has failed too often."""
        backoff = Backoff()
        try:
            base_url, path = split_url(url)
            settings = network_settings({"https": self.proxy} if self.proxy else None)
            client = async_client_for(base_url, **credentials_of(auth), **settings)
            headers = {"User-Agent": self.user_agent}
            while backoff.error_count <= self.max_retries:
                lines = open_lines(client, method, path, headers, params=params, form=body)
                try:
                    await self._read(_lines(lines, url, timeout), backoff, url)
                except StreamFailure as failure:
                    await self._after(failure, backoff)
                finally:
                    lines.close()
        except asyncio.CancelledError:
            return
        except Exception as exception:
            await self.on_exception(exception)
        finally:
            await self.on_disconnect()

    async def _read(self, lines: AsyncIterator[bytes], backoff: Backoff, url: str) -> None:
        """Delivers the lines of a connection. The first, empty one says that the server has accepted it."""
        is_connected = False
        async for line in lines:
            if not is_connected:
                is_connected = True
                backoff.reset()
                await self.on_connect()
                if not line:
                    continue
            if line:
                await self.on_data(line)
            else:
                await self.on_keep_alive()
        await self.on_closed(AsyncHTTPResponse(HTTPResponse(200, "OK", {}, b"", url)))

    async def _after(self, failure: StreamFailure, backoff: Backoff) -> None:
        """Reports a failure and waits before the next attempt."""
        if failure.response is None:
            await self.on_connection_error()
            wait = backoff.after_network_error()
        else:
            await self.on_request_error(failure.response.status_code)
            wait = backoff.after_status(failure.response.status_code)
        log.error("the stream failed, and is opened again in %s seconds: %s", wait, failure)
        await asyncio.sleep(wait)

    def _start(self, method: str, *args: Any, **kwargs: Any) -> asyncio.Task[None]:
        """Reads a stream in a task."""
        if self.task is not None and not self.task.done():
            raise TweepyException("the stream is connected already")
        self.task = asyncio.create_task(self._connect(method, *args, **kwargs))
        return self.task

    def disconnect(self) -> None:
        """Ends the stream."""
        if self.task is not None:
            self.task.cancel()

    async def on_data(self, raw_data: Any) -> None:
        """Called with the JSON of each message."""
        raise NotImplementedError

    async def on_closed(self, resp: Any) -> None:
        """Called when X has closed the connection."""
        log.error("X closed the stream")

    async def on_connect(self) -> None:
        """Called when X has accepted the connection."""
        log.info("the stream is connected")

    async def on_connection_error(self) -> None:
        """Called when the connection broke, or no data arrived in time."""
        log.error("the connection of the stream broke")

    async def on_disconnect(self) -> None:
        """Called when the stream has ended."""
        log.info("the stream has ended")

    async def on_exception(self, exception: Exception) -> None:
        """Called with an exception that ends the stream."""
        log.exception("an exception ended the stream")

    async def on_keep_alive(self) -> None:
        """Called for each keep-alive."""
        log.debug("received a keep-alive")

    async def on_request_error(self, status_code: int) -> None:
        """Called when X has refused the connection."""
        log.error("X refused the stream with the status %d", status_code)


async def _lines(lines: Any, url: str, timeout: float) -> AsyncIterator[bytes]:
    """Yields the lines of a connection."""
    while True:
        try:
            yield await asyncio.wait_for(lines.__anext__(), timeout)
        except StopAsyncIteration:
            return
        except chirrup.Error as error:
            raise stream_failure(error) from error
        except asyncio.TimeoutError:
            raise stream_failure(chirrup.TimeoutError(f"no data for {timeout} seconds")) from None


class AsyncStreamingClient(RuleResponses, AsyncBaseClient, AsyncBaseStream):
    """Filtered and sampled streams of API v2 for asyncio. Override `on_tweet`, `on_response` or other callbacks.

    Args:
        bearer_token: Bearer token of an app.
        return_type: `Response`, `dict` or `aiohttp.ClientResponse`, for the methods of rules.
        wait_on_rate_limit: Whether these methods wait when a rate limit is exhausted.
        kwargs: Arguments of `AsyncBaseStream`.
    """

    def __init__(
        self, bearer_token: str, *, return_type: Any = Response, wait_on_rate_limit: bool = False, **kwargs: Any
    ) -> None:
        AsyncBaseClient.__init__(self, bearer_token, return_type=return_type, wait_on_rate_limit=wait_on_rate_limit)
        AsyncBaseStream.__init__(self, **kwargs)

    async def _connect(self, method: str, endpoint: str, **kwargs: Any) -> None:  # type: ignore[override]
        url = f"https://api.twitter.com/2/tweets/{endpoint}/stream"
        await super()._connect(method, url, auth=OAuth2BearerHandler(self.bearer_token or ""), **kwargs)

    async def add_rules(self, add: Any, **params: Any) -> Any:
        """Adds one rule or several. The keyword argument is `dry_run`."""
        return await self._change_rules(added(add), params)

    async def delete_rules(self, ids: Any, **params: Any) -> Any:
        """Deletes one rule or several, by ID or as rules. The keyword argument is `dry_run`."""
        return await self._change_rules(deleted(ids), params)

    async def _change_rules(self, body: Any, params: Any) -> Any:
        return await self._make_request("POST", RULES_ROUTE, params, ("dry_run",), body, StreamRule)

    async def get_rules(self, **params: Any) -> Any:
        """Returns the rules. The keyword argument is `ids`."""
        return await self._make_request("GET", RULES_ROUTE, params, ("ids",), data_type=StreamRule)

    def filter(self, **params: Any) -> asyncio.Task[None]:
        """Reads the posts that match the rules, in the task that is returned."""
        return self._start("GET", "search", params=self._process_params(params, PARAMETERS))

    def sample(self, **params: Any) -> asyncio.Task[None]:
        """Reads about one percent of all posts, in the task that is returned."""
        return self._start("GET", "sample", params=self._process_params(params, PARAMETERS))

    async def on_data(self, raw_data: Any) -> None:
        """Called with the JSON of each message; calls the other callbacks."""
        for name, value in events_of(self, raw_data):
            await getattr(self, name)(value)

    async def on_tweet(self, tweet: Any) -> None:
        """Called with each post."""

    async def on_includes(self, includes: Any) -> None:
        """Called with the included objects of a message."""

    async def on_errors(self, errors: Any) -> None:
        """Called with the errors of a message."""
        log.error("received errors: %s", errors)

    async def on_matching_rules(self, matching_rules: Any) -> None:
        """Called with the rules that a post matches."""

    async def on_response(self, response: Any) -> None:
        """Called with each message as a `StreamResponse`."""
        log.debug("received a message: %s", response)


class AsyncStream(UserKeys, AsyncBaseStream):
    """Streams of API v1.1 for asyncio, which Tweepy had until version 4.14. Override `on_status` or other callbacks.

    Args:
        consumer_key: OAuth 1.0a consumer key.
        consumer_secret: OAuth 1.0a consumer secret.
        access_token: OAuth 1.0a access token.
        access_token_secret: OAuth 1.0a access token secret.
        kwargs: Arguments of `AsyncBaseStream`.
    """

    async def _connect(self, method: str, endpoint: str, **kwargs: Any) -> None:  # type: ignore[override]
        await super()._connect(method, url_of(endpoint), auth=self._authorization(), timeout=TIMEOUT, **kwargs)

    def filter(
        self,
        *,
        follow: Any = None,
        track: Any = None,
        locations: Any = None,
        filter_level: str | None = None,
        languages: Any = None,
        stall_warnings: bool = False,
    ) -> asyncio.Task[None]:
        """Reads the posts of users, with words, or from places, in the task that is returned."""
        body = fields_of(
            follow=follow,
            track=track,
            locations=locations,
            filter_level=filter_level,
            languages=languages,
            stall_warnings=stall_warnings,
        )
        return self._start("POST", "statuses/filter", body=body)

    def sample(self, *, languages: Any = None, stall_warnings: bool = False) -> asyncio.Task[None]:
        """Reads about one percent of all posts, in the task that is returned."""
        params = fields_of(languages=languages, stall_warnings=stall_warnings)
        return self._start("GET", "statuses/sample", params=params)

    async def on_data(self, raw_data: Any) -> None:
        """Called with the JSON of each message; calls another callback."""
        if event := event_of(raw_data):
            name, arguments = event
            await getattr(self, name)(*arguments)

    async def on_status(self, status: Any) -> None:
        """Called with each post."""
        log.debug("received the post %d", status.id)

    async def on_delete(self, status_id: int, user_id: int) -> None:
        """Called when a post was deleted."""
        log.debug("the post %d was deleted", status_id)

    async def on_disconnect_message(self, message: Any) -> None:
        """Called with the reason for which X is about to close the connection."""
        log.warning("received a disconnect message: %s", message)

    async def on_limit(self, track: int) -> None:
        """Called with the number of posts that X left out since the connection began."""
        log.debug("X left out %d posts", track)

    async def on_scrub_geo(self, notice: Any) -> None:
        """Called when the places of a user's posts have to be removed."""
        log.debug("received a notice about places: %s", notice)

    async def on_status_withheld(self, notice: Any) -> None:
        """Called when a post is withheld in some countries."""
        log.debug("received a notice about a withheld post: %s", notice)

    async def on_user_withheld(self, notice: Any) -> None:
        """Called when a user is withheld in some countries."""
        log.debug("received a notice about a withheld user: %s", notice)

    async def on_warning(self, warning: Any) -> None:
        """Called when the program is too slow for the stream."""
        log.warning("received a warning: %s", warning)
