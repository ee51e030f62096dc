"""Spaces."""

from __future__ import annotations

from typing import Any

from .enums import SpaceState
from .payload import member
from .utils import time_parse_todt


def _ids(ids: list[Any]) -> list[int]:
    return [int(id) for id in ids]


class Space:
    """Space: a live audio conversation."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.original_payload = data
        found = data.get("data") or {}
        self._payload: dict[str, Any] = found[0] if isinstance(found, list) else found

    def __repr__(self) -> str:
        return f"Space(name={self.title} id={self.id} state={self.state})"

    title = member("title", "Title of the Space.")
    raw_state = member("state", "State of the Space as a text.")
    state = member("state", "State of the Space.", SpaceState)
    id = member("id", "ID of the Space.")
    lang = member("lang", "Language of the Space.")
    creator_id = member("creator_id", "ID of the user who created the Space.")
    created_at = member("created_at", "Time when the Space was created.", time_parse_todt)
    hosts_id = member("host_ids", "IDs of the hosts.", _ids)
    invited_users = member("invited_user_ids", "IDs of the invited users.", _ids)
    started_at = member("started_at", "Time when the Space started.", time_parse_todt)
    updated_at = member("updated_at", "Time of the last change.", time_parse_todt)

    def is_ticketed(self) -> bool | None:
        """Returns whether the Space has tickets."""
        return self._payload.get("is_ticketed")
