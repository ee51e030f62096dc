"""Polls of API v2."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ._record import Record
from .mixins import HashableID
from .utils import parse_datetime

#: All fields of a `Poll`.
POLL_FIELDS = ["duration_minutes", "end_datetime", "id", "options", "voting_status"]


class Poll(HashableID, Record):
    """Poll of API v2, an iterable of its options. Fields that were not requested are `None`."""

    __slots__ = tuple(POLL_FIELDS)
    _REQUIRED = ("id", "options")
    _CONVERSIONS = {"end_datetime": parse_datetime}

    def __iter__(self) -> Iterator[Any]:
        return iter(self.options)

    def __len__(self) -> int:
        return len(self.options)

    def __repr__(self) -> str:
        return f"<Poll id={self.id} options={self.options}>"
