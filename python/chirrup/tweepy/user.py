"""Users of API v2."""

from __future__ import annotations

from ._record import Record
from .mixins import HashableID
from .utils import parse_datetime

#: All fields of a `User`.
USER_FIELDS = [
    "created_at",
    "description",
    "entities",
    "id",
    "location",
    "name",
    "pinned_tweet_id",
    "profile_image_url",
    "protected",
    "public_metrics",
    "url",
    "username",
    "verified",
    "verified_type",
    "withheld",
]


class User(HashableID, Record):
    """User of API v2. `USER_FIELDS` are its attributes; those that were not requested are `None`."""

    __slots__ = tuple(USER_FIELDS)
    _REQUIRED = ("id", "name", "username")
    _CONVERSIONS = {"id": int, "created_at": parse_datetime, "pinned_tweet_id": int}

    def __repr__(self) -> str:
        return f"<User id={self.id} name={self.name} username={self.username}>"

    def __str__(self) -> str:
        return str(self.username)
