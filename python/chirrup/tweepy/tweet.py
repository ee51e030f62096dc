"""Posts of API v2."""

from __future__ import annotations

import warnings
from typing import Any

from ._record import Record, int_list
from .mixins import HashableID
from .utils import parse_datetime

#: Fields of a `Tweet` that every caller may read.
PUBLIC_TWEET_FIELDS = [
    "attachments",
    "author_id",
    "context_annotations",
    "conversation_id",
    "created_at",
    "edit_controls",
    "edit_history_tweet_ids",
    "entities",
    "geo",
    "id",
    "in_reply_to_user_id",
    "lang",
    "possibly_sensitive",
    "public_metrics",
    "referenced_tweets",
    "reply_settings",
    "source",
    "text",
    "withheld",
]

#: All fields of a `Tweet`. The last three are for its author.
TWEET_FIELDS = [*PUBLIC_TWEET_FIELDS, "non_public_metrics", "organic_metrics", "promoted_metrics"]


class ReferencedTweet(HashableID, Record):
    """Reference of a post to another one: its ID and, in a post, its type."""

    __slots__ = ("id", "type")
    _REQUIRED = ("id",)
    _CONVERSIONS = {"id": int}

    def __repr__(self) -> str:
        kind = "" if self.type is None else f" type={self.type}"
        return f"<ReferencedTweet id={self.id}{kind}>"


def _edit_controls(controls: dict[str, Any]) -> dict[str, Any]:
    # The same dictionary is in `data`; a second object may have been created from it.
    if isinstance(controls["editable_until"], str):
        controls["edits_remaining"] = int(controls["edits_remaining"])
        controls["editable_until"] = parse_datetime(controls["editable_until"])
    return controls


def references(found: list[dict[str, Any]]) -> list[ReferencedTweet]:
    """Converts the references of a post or a message."""
    return [ReferencedTweet(reference) for reference in found]


class Tweet(HashableID, Record):
    """Post of API v2. `TWEET_FIELDS` are its attributes; those that were not requested are `None`."""

    __slots__ = tuple(TWEET_FIELDS)
    _REQUIRED = ("id", "text")
    _CONVERSIONS = {
        "id": int,
        "author_id": int,
        "conversation_id": int,
        "created_at": parse_datetime,
        "edit_controls": _edit_controls,
        "edit_history_tweet_ids": int_list,
        "in_reply_to_user_id": int,
        "referenced_tweets": references,
    }
    _LISTS = ("context_annotations",)

    def __init__(self, data: dict[str, Any]) -> None:
        super().__init__(data)
        if "edit_history_tweet_ids" not in data:
            # As in Tweepy, the attribute does not exist then.
            delattr(self, "edit_history_tweet_ids")
            warnings.warn("the post has no field edit_history_tweet_ids", RuntimeWarning, stacklevel=2)

    def __len__(self) -> int:
        return len(self.text)

    def __repr__(self) -> str:
        return f"<Tweet id={self.id} text={self.text!r}>"

    def __str__(self) -> str:
        return str(self.text)
