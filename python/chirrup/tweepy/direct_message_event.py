"""Events of direct messages of API v2."""

from __future__ import annotations

from ._record import Record, int_list
from .mixins import HashableID
from .tweet import references
from .utils import parse_datetime

#: All fields of a `DirectMessageEvent`.
DIRECT_MESSAGE_EVENT_FIELDS = [
    "attachments",
    "created_at",
    "dm_conversation_id",
    "event_type",
    "id",
    "participant_ids",
    "referenced_tweets",
    "sender_id",
    "text",
]
#: Alias of `DIRECT_MESSAGE_EVENT_FIELDS`.
DM_EVENT_FIELDS = DIRECT_MESSAGE_EVENT_FIELDS


class DirectMessageEvent(HashableID, Record):
    """Message, or arrival or departure of a participant. Fields that were not requested are `None`."""

    __slots__ = tuple(DIRECT_MESSAGE_EVENT_FIELDS)
    _REQUIRED = ("id", "event_type")
    _CONVERSIONS = {
        "id": int,
        "created_at": parse_datetime,
        "participant_ids": int_list,
        "referenced_tweets": references,
        "sender_id": int,
    }

    def __repr__(self) -> str:
        text = "" if self.text is None else f" text={self.text!r}"
        return f"<Direct Message Event id={self.id} event_type={self.event_type}{text}>"

    def __str__(self) -> str:
        return self.text or repr(self)
