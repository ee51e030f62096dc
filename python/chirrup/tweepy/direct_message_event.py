"""Events of direct messages of API v2."""

from __future__ import annotations

from typing import Any

from ._record import Record, as_is, int_list
from .mixins import HashableID
from .tweet import ReferencedTweet
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


def _references(references: list[dict[str, Any]]) -> list[ReferencedTweet]:
    return [ReferencedTweet(reference) for reference in references]


class DirectMessageEvent(HashableID, Record):
    """Message, or arrival or departure of a participant. Fields that were not requested are `None`."""

    __slots__ = tuple(DIRECT_MESSAGE_EVENT_FIELDS)
    _REQUIRED = {"id": int, "event_type": as_is}
    _OPTIONAL = {
        "attachments": as_is,
        "created_at": parse_datetime,
        "dm_conversation_id": as_is,
        "participant_ids": int_list,
        "referenced_tweets": _references,
        "sender_id": int,
        "text": as_is,
    }

    def __repr__(self) -> str:
        text = "" if self.text is None else f" text={self.text!r}"
        return f"<Direct Message Event id={self.id} event_type={self.event_type}{text}>"

    def __str__(self) -> str:
        return self.text or repr(self)
