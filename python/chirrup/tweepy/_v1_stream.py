"""What the streams of API v1.1 of both kinds share."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from typing import Any

from .auth import OAuth1UserHandler
from .errors import TweepyException
from .models import Status

log = logging.getLogger(__name__)

TIMEOUT = 90
"""Seconds without data after which a connection counts as broken."""

_MESSAGES = {
    "delete": "on_delete",
    "disconnect": "on_disconnect_message",
    "limit": "on_limit",
    "scrub_geo": "on_scrub_geo",
    "status_withheld": "on_status_withheld",
    "user_withheld": "on_user_withheld",
    "warning": "on_warning",
}
"""Callbacks of messages, by the member that a message has."""


class UserKeys:
    """OAuth 1.0a keys of an app and a user, for a stream that derives from this class and from one of connections."""

    def __init__(
        self, consumer_key: str, consumer_secret: str, access_token: str, access_token_secret: str, **kwargs: Any
    ) -> None:
        self.consumer_key = consumer_key
        self.consumer_secret = consumer_secret
        self.access_token = access_token
        self.access_token_secret = access_token_secret
        super().__init__(**kwargs)

    def _authorization(self) -> Any:
        keys = (self.consumer_key, self.consumer_secret, self.access_token, self.access_token_secret)
        return OAuth1UserHandler(*keys).apply_auth()


def url_of(endpoint: str) -> str:
    """Returns the URL of a stream."""
    return f"https://stream.twitter.com/1.1/{endpoint}.json"


def fields_of(
    *,
    follow: Iterable[Any] | None = None,
    track: Iterable[str] | None = None,
    locations: Any = None,
    filter_level: str | None = None,
    languages: Iterable[str] | None = None,
    stall_warnings: bool = False,
) -> dict[str, Any]:
    """Returns the fields of a request for a stream."""
    if locations and len(locations) % 4:
        raise TweepyException("locations: expected four coordinates for each box")
    lists = {
        "follow": follow,
        "track": track,
        "locations": locations and [f"{each:.4f}" for each in locations],
        "language": languages,
    }
    fields: dict[str, Any] = {name: ",".join(map(str, values)) for name, values in lists.items() if values}
    if filter_level:
        fields["filter_level"] = filter_level
    if stall_warnings:
        fields["stall_warnings"] = "true"
    return fields


def event_of(raw_data: str | bytes) -> tuple[str, tuple[Any, ...]] | None:
    """Returns the callback of a message, with its arguments; `None` if the message is of an unknown type."""
    message = json.loads(raw_data)
    if "in_reply_to_status_id" in message:
        return "on_status", (Status.parse(None, message),)
    for name, callback in _MESSAGES.items():
        if name not in message:
            continue
        content = message[name]
        if name == "delete":
            return callback, (content["status"]["id"], content["status"]["user_id"])
        return callback, (content["track"] if name == "limit" else content,)
    log.error("received a message of an unknown type: %s", raw_data)
    return None
