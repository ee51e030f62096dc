"""Spaces of API v2."""

from __future__ import annotations

from ._record import Record
from .mixins import HashableID
from .utils import parse_datetime

#: Fields of a `Space` that every caller may read.
PUBLIC_SPACE_FIELDS = [
    "created_at",
    "creator_id",
    "ended_at",
    "host_ids",
    "id",
    "invited_user_ids",
    "is_ticketed",
    "lang",
    "participant_count",
    "scheduled_start",
    "speaker_ids",
    "started_at",
    "state",
    "title",
    "topic_ids",
    "updated_at",
]

#: All fields of a `Space`. The last one is for its creator.
SPACE_FIELDS = [*PUBLIC_SPACE_FIELDS, "subscriber_count"]


class Space(HashableID, Record):
    """Space of API v2. `SPACE_FIELDS` are its attributes; those not requested are `None`, or an empty list."""

    __slots__ = tuple(SPACE_FIELDS)
    _REQUIRED = ("id", "state")
    _CONVERSIONS = {
        "created_at": parse_datetime,
        "creator_id": int,
        "ended_at": parse_datetime,
        "scheduled_start": parse_datetime,
        "started_at": parse_datetime,
        "updated_at": parse_datetime,
    }
    _LISTS = ("host_ids", "invited_user_ids", "speaker_ids", "topic_ids")

    def __repr__(self) -> str:
        return f"<Space id={self.id} state={self.state}>"
