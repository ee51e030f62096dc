"""Users of API v2."""

from __future__ import annotations

from ._record import Record, as_is
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
    _REQUIRED = {"id": int, "name": as_is, "username": as_is}
    _OPTIONAL = {
        "created_at": parse_datetime,
        "description": as_is,
        "entities": as_is,
        "location": as_is,
        "pinned_tweet_id": int,
        "profile_image_url": as_is,
        "protected": as_is,
        "public_metrics": as_is,
        "url": as_is,
        "verified": as_is,
        "verified_type": as_is,
        "withheld": as_is,
    }

    def __repr__(self) -> str:
        return f"<User id={self.id} name={self.name} username={self.username}>"

    def __str__(self) -> str:
        return str(self.username)
