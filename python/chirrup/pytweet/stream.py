"""Streams of tweets, whose events are functions of the client."""

from __future__ import annotations

import json
import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .. import errors as core
from .._dropins.connection import open_lines
from .._dropins.response import response_of
from .._dropins.urls import split_url
from .errors import ConnectionException, PytweetException
from .expansions import TWEET_PARAMETERS
from .tweet import Tweet

if TYPE_CHECKING:
    from .http import HTTPClient

_log = logging.getLogger(__name__)

_RULES = "/tweets/search/stream/rules"
_RECONNECT_WAIT = 5.0


@dataclass
class StreamRule:
    """Rule of a filtered stream."""

    value: str
    tag: str | None = None
    id: str | int | None = None


class StreamConnection:
    """Connection of a stream, which reconnects as often as it may."""

    def __init__(
        self,
        url: str,
        backfill_minutes: int = 0,
        reconnect_attempts: int = 0,
        http_client: HTTPClient | None = None,
    ) -> None:
        self.url = url
        self.backfill_minutes = backfill_minutes
        self.reconnect_attempts = reconnect_attempts
        self.http_client: Any = http_client
        self.session: Any = None
        self.errors = 0

    @property
    def closed(self) -> bool:
        """Whether the connection is closed."""
        return self.session is None

    def is_close(self) -> bool:
        """Returns whether the connection is closed."""
        return self.closed

    def close(self) -> None:
        """Closes the connection."""
        if self.closed:
            raise PytweetException("Attempt to close a stream that's already closed!")
        self.session.close()
        self.session = None

    def connect(self) -> None:
        """Opens the connection and delivers tweets until it is closed, or has failed too often."""
        while True:
            self._open()
            try:
                self._deliver()
            except (core.NetworkError, core.TimeoutError) as error:
                _log.warning("the stream failed: %s", error)
            except core.Error as error:
                self.session = None
                raise _refusal(error) from error
            if self.closed:
                break
            self.errors += 1
            if self.errors > self.reconnect_attempts:
                _log.error("Too many errors caught during streaming, closing stream!")
                self.close()
                break
            time.sleep(_RECONNECT_WAIT)
        self.http_client.dispatch("stream_disconnect", self)

    def _open(self) -> None:
        client, auth = self.http_client.core_client(False)
        params: dict[str, Any] = dict(TWEET_PARAMETERS)
        if self.backfill_minutes:
            params["backfill_minutes"] = int(self.backfill_minutes)
        self.session = open_lines(client, "GET", split_url(self.url)[1], params=params, auth=auth)

    def _deliver(self) -> None:
        """Delivers the tweets of one connection."""
        session = self.session
        is_open = False
        for line in session:
            if not is_open:
                is_open = True
                self.http_client.dispatch("stream_connect", self)
            if self.session is not session:
                return
            if line:
                self._dispatch(json.loads(line))

    def _dispatch(self, message: dict[str, Any]) -> None:
        if "data" not in message:
            problems = message.get("errors") or [{}]
            raise ConnectionException(None, problems[0].get("detail") or "The stream ended with an error.")
        self.errors = 0
        tweet = Tweet(message, http_client=self.http_client)
        self.http_client.tweet_cache[tweet.id] = tweet
        self.http_client.dispatch("stream", tweet, self)


def _refusal(error: core.Error) -> Exception:
    """Returns the exception for a stream that the server refused."""
    try:
        return ConnectionException(response_of(error))
    except core.Error:
        return PytweetException(str(error))


class Stream:
    """Filtered stream with its rules, or the sample of all tweets.

    Args:
        backfill_minutes: Minutes of a disconnection whose tweets are delivered afterwards.
        reconnect_attempts: Number of failures in a row after which the stream ends.
    """

    def __init__(self, backfill_minutes: int = 0, reconnect_attempts: int = 15) -> None:
        self.backfill_minutes = backfill_minutes
        self.reconnect_attempts = reconnect_attempts
        self.raw_rules: list[dict[str, str]] = []
        self.http_client: Any = None
        self.sample = False
        url = "https://api.twitter.com/2/tweets/search/stream"
        self.connection = StreamConnection(url, backfill_minutes, reconnect_attempts)

    @classmethod
    def sample_stream(cls, backfill_minutes: int = 0, reconnect_attempts: int = 15) -> Stream:
        """Returns a stream of a random sample of all tweets, which has no rules."""
        stream = cls(backfill_minutes, reconnect_attempts)
        stream.sample = True
        stream.connection.url = "https://api.twitter.com/2/tweets/sample/stream"
        return stream

    @property
    def rules(self) -> list[StreamRule] | None:
        """Rules that the stream will have; None for a sample."""
        return None if self.sample else [StreamRule(**rule) for rule in self.raw_rules]

    def add_rule(self, value: str, tag: str | None = None) -> Stream | None:
        """Adds a rule, which is set when the stream connects, and returns the stream."""
        if self.sample:
            return None
        self.raw_rules.append({"value": value, "tag": tag} if tag else {"value": value})
        return self

    def clear(self) -> None:
        """Deletes all rules on the server."""
        rules = None if self.sample else self.http_client.request("GET", "2", _RULES)
        if rules and rules.get("data"):
            ids = [str(rule["id"]) for rule in rules["data"]]
            self.http_client.request("POST", "2", _RULES, json={"delete": {"ids": ids}})

    def fetch_rules(self) -> list[StreamRule] | None:
        """Returns the rules on the server; None for a sample."""
        if self.sample:
            return None
        rules = self.http_client.request("GET", "2", _RULES)
        return [StreamRule(rule["value"], rule.get("tag"), rule["id"]) for rule in (rules or {}).get("data", ())]

    def set_rules(self, dry_run: bool) -> None:
        """Sets the rules on the server, after a trial if `dry_run`."""
        if self.sample or not self.raw_rules:
            return
        body = {"add": self.raw_rules}
        if dry_run:
            self.http_client.request("POST", "2", _RULES, params={"dry_run": True}, json=body)
        self.http_client.request("POST", "2", _RULES, json=body)

    def connect(self, *, dry_run: bool = False) -> None:
        """Replaces the rules on the server by those of this stream, and delivers tweets until the end."""
        self.clear()
        self.set_rules(dry_run)
        self.connection.connect()
