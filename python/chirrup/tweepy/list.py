"""Lists of API v2."""

from __future__ import annotations

from ._record import Record
from .mixins import HashableID
from .utils import parse_datetime

#: All fields of a `List`.
LIST_FIELDS = [
    "created_at",
    "description",
    "follower_count",
    "id",
    "member_count",
    "name",
    "owner_id",
    "private",
]


class List(HashableID, Record):
    """List of API v2, whose IDs are strings. `LIST_FIELDS` are its attributes; those not requested are `None`."""

    __slots__ = tuple(LIST_FIELDS)
    _REQUIRED = ("id", "name")
    _CONVERSIONS = {"created_at": parse_datetime}

    def __repr__(self) -> str:
        return f"<List id={self.id} name={self.name}>"

    def __str__(self) -> str:
        return str(self.name)
