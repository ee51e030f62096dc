"""What the stream clients of both kinds share: rules, messages, and the rules for reconnects."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import chirrup

from .._dropins.response import HTTPResponse, response_of
from ._session import network_failure
from .tweet import Tweet

RULES_ROUTE = "/2/tweets/search/stream/rules"
PARAMETERS = (
    "backfill_minutes",
    "expansions",
    "media.fields",
    "place.fields",
    "poll.fields",
    "tweet.fields",
    "user.fields",
)
"""Parameters of a stream."""


class StreamRule(NamedTuple):
    """Rule of the filtered stream: its text, its label, and the ID that X gives it."""

    value: str | None = None
    tag: str | None = None
    id: str | None = None


class StreamResponse(NamedTuple):
    """Message of a stream: a post, included objects, partial errors and the rules that match."""

    data: Any
    includes: Any
    errors: Any
    matching_rules: Any


def _rule(json: dict[str, Any]) -> StreamRule:
    return StreamRule(json["value"], json.get("tag"), json["id"])


class RuleResponses:
    """Makes rules of the data of a response."""

    def _process_data(self, data: Any, data_type: Any = None) -> Any:
        if data_type is not StreamRule or data is None:
            return super()._process_data(data, data_type=data_type)  # type: ignore[misc]
        return [_rule(each) for each in data] if isinstance(data, list) else _rule(data)


def added(rules: Any) -> dict[str, Any]:
    """Returns the body that adds rules."""
    rules = [rules] if isinstance(rules, StreamRule) else rules
    return {"add": [{"value": value, **({} if tag is None else {"tag": tag})} for value, tag, _ in rules]}


def deleted(ids: Any) -> dict[str, Any]:
    """Returns the body that deletes rules, by ID or as rules."""
    ids = [ids] if isinstance(ids, (int, str, StreamRule)) else ids
    return {"delete": {"ids": [str(id.id if isinstance(id, StreamRule) else id) for id in ids]}}


def events_of(client: Any, raw_data: str | bytes) -> Iterator[tuple[str, Any]]:
    """Yields the callbacks of a message, each with its argument."""
    message = json.loads(raw_data)
    tweet, includes, errors, matching_rules = None, {}, [], []
    if "data" in message:
        tweet = Tweet(message["data"])
        yield "on_tweet", tweet
    if "includes" in message:
        includes = client._process_includes(message["includes"])
        yield "on_includes", includes
    if "errors" in message:
        errors = message["errors"]
        yield "on_errors", errors
    if "matching_rules" in message:
        matching_rules = [StreamRule(id=rule["id"], tag=rule.get("tag")) for rule in message["matching_rules"]]
        yield "on_matching_rules", matching_rules
    yield "on_response", StreamResponse(tweet, includes, errors, matching_rules)


class StreamFailure(Exception):
    """The connection of a stream was refused with a response, or failed without one."""

    def __init__(self, error: chirrup.Error, response: HTTPResponse | None) -> None:
        super().__init__(str(error))
        self.response = response


def stream_failure(error: chirrup.Error) -> Exception:
    """Returns the failure of a stream after which it is opened again, or the exception that ends it."""
    if isinstance(error, (chirrup.NetworkError, chirrup.TimeoutError)):
        return StreamFailure(error, None)
    try:
        return StreamFailure(error, response_of(error))
    except chirrup.Error:
        return network_failure(error)


class Backoff:
    """Waits between the attempts to connect, as X recommends them for streams."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Begins again after a success."""
        self.error_count = 0
        self._network_wait = 0.0
        self._http_wait = 5.0

    def after_network_error(self) -> float:
        """Returns the next wait after a failure of the network."""
        wait = self._network_wait
        self._network_wait = min(wait + 0.25, 16)
        return wait

    def after_status(self, status: int) -> float:
        """Returns the next wait after a refusal."""
        self.error_count += 1
        wait = max(self._http_wait, 60) if status in (420, 429) else self._http_wait
        self._http_wait = min(wait * 2, 320)
        return wait
