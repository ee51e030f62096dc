"""The results of actions."""

from __future__ import annotations

from typing import Any

from .enums import RelationsTypeEnum
from .payload import member


class Relations:
    """Result of an action."""

    def __init__(self, type: int | None) -> None:
        self.type = RelationsTypeEnum(type)


class _Result(Relations):
    """Result of an action with the response of the server."""

    _member = ""
    _types: tuple[int | None, int | None] = (None, None)

    def __init__(self, data: dict[str, Any]) -> None:
        self.original_payload = data
        self._payload = data.get("data") or {}
        no, yes = self._types
        super().__init__(yes if self._payload.get(self._member) else no)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._member}={self._payload.get(self._member)})"


class RelationFollow(_Result):
    """Result of following or unfollowing a user."""

    _member = "following"
    _types = (0, 1)

    pending = member("pending_follow", "Whether the user, who is protected, has to accept.", default=False)
    following = member("following", "Whether the user is followed now.", default=False)


class RelationLike(_Result):
    """Result of liking or unliking a tweet."""

    _member = "liked"
    _types = (None, 2)

    liked = member("liked", "Whether the tweet is liked now.")


class RelationRetweet(_Result):
    """Result of retweeting a tweet or undoing it."""

    _member = "retweeted"
    _types = (None, 3)

    retweeted = member("retweeted", "Whether the tweet is retweeted now.")


class RelationHide(_Result):
    """Result of hiding or showing a reply."""

    _member = "hidden"
    _types = (None, 4)

    hidden = member("hidden", "Whether the reply is hidden now.")
