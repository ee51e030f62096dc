"""The endpoints of the streams, as attributes of a `TwythonStreamer`."""

from __future__ import annotations

from typing import Any


def _url(streamer: Any, host: str, path: str) -> str:
    return f"https://{host}.twitter.com/{streamer.api_version}/{path}.json"


class TwythonStreamerTypes:
    """Streams by kind: `statuses`, and the streams of one user and of many users, which X has turned off."""

    def __init__(self, streamer: Any) -> None:
        self.streamer = streamer
        self.statuses = TwythonStreamerTypesStatuses(streamer)

    def user(self, **params: Any) -> None:
        """Streams `user`: the events of the authenticated user."""
        self.streamer._request(_url(self.streamer, "userstream", "user"), params=params)

    def site(self, **params: Any) -> None:
        """Streams `site`: the events of many users."""
        self.streamer._request(_url(self.streamer, "sitestream", "site"), params=params)


class TwythonStreamerTypesStatuses:
    """Streams of statuses. Each method blocks until the stream is disconnected."""

    def __init__(self, streamer: Any) -> None:
        self.streamer = streamer
        self.params: dict[str, Any] | None = None

    def filter(self, **params: Any) -> None:
        """Streams `statuses/filter`: what matches `track`, `follow` or `locations`."""
        self.streamer._request(_url(self.streamer, "stream", "statuses/filter"), "POST", params=params)

    def sample(self, **params: Any) -> None:
        """Streams `statuses/sample`: a random sample of all statuses."""
        self.streamer._request(_url(self.streamer, "stream", "statuses/sample"), params=params)

    def firehose(self, **params: Any) -> None:
        """Streams `statuses/firehose`: all statuses."""
        self.streamer._request(_url(self.streamer, "stream", "statuses/firehose"), params=params)

    def set_dynamic_filter(self, **params: Any) -> None:
        """Sets the parameters of `dynamic_filter`."""
        self.params = params

    def dynamic_filter(self) -> None:
        """Streams `statuses/filter` with the parameters that `set_dynamic_filter` has set."""
        self.filter(**(self.params or {}))
