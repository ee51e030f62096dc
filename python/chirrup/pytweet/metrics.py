"""The counts of users and tweets."""

from __future__ import annotations

from typing import Any


def _count(name: str, doc: str) -> Any:
    return property(lambda self: int(self._public.get(name, 0)), doc=doc)


def delegated(source: str, name: str, doc: str) -> Any:
    """Returns a property for one of the counts in an attribute."""
    return property(lambda self: getattr(getattr(self, source), name), doc=doc)


class UserPublicMetrics:
    """Counts of a user."""

    def __init__(self, data: dict[str, Any] = {}) -> None:  # noqa: B006, never changed
        self.original_payload = data
        self._public = data.get("public_metrics") or {}

    def __repr__(self) -> str:
        return (
            f"UserPublicMetrics(user={self.original_payload.get('username')} follower_count={self.follower_count} "
            f"following_count={self.following_count} tweet_count={self.tweet_count})"
        )

    follower_count = _count("followers_count", "Number of users who follow the user.")
    following_count = _count("following_count", "Number of users whom the user follows.")
    tweet_count = _count("tweet_count", "Number of tweets of the user.")
    listed_count = _count("listed_count", "Number of lists with the user.")


class TweetPublicMetrics:
    """Counts of a tweet."""

    def __init__(self, data: dict[str, Any] = {}) -> None:  # noqa: B006, never changed
        self.original_payload = data
        self._public = data.get("public_metrics") or {}

    def __repr__(self) -> str:
        return (
            f"TweetPublicMetrics(like_count={self.like_count} retweet_count={self.retweet_count} "
            f"reply_count={self.reply_count} quote_count={self.quote_count})"
        )

    like_count = _count("like_count", "Number of likes.")
    retweet_count = _count("retweet_count", "Number of retweets.")
    reply_count = _count("reply_count", "Number of replies.")
    quote_count = _count("quote_count", "Number of quotes.")
