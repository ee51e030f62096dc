"""Times of the API, and links that open a form of X."""

from __future__ import annotations

import datetime
from typing import Any
from urllib.parse import quote


def time_parse_todt(date: Any) -> datetime.datetime:
    """Returns a time of the API as a datetime in UTC without a time zone, in whole seconds."""
    parsed = datetime.datetime.fromisoformat(str(date).replace("Z", "+00:00"))
    if parsed.tzinfo is not None:
        parsed = parsed.astimezone(datetime.timezone.utc).replace(tzinfo=None)
    return parsed.replace(microsecond=0)


def time_of_stamp(timestamp: Any) -> datetime.datetime:
    """Returns a timestamp of API v1.1 in milliseconds as a datetime in local time."""
    return datetime.datetime.fromtimestamp(int(str(timestamp)[:10]))


def compose_tweet(text: str | None = None) -> str:
    """Returns a link that opens the form for a tweet, with this text."""
    return "https://twitter.com/intent/tweet" + (f"?text={quote(text)}" if text else "")


def compose_user_action(user_id: str, action: str, text: str | None = None) -> str:
    """Returns a link to follow a user, or to write a direct message with this text: "follow" or "dm"."""
    if action.lower() == "follow":
        return f"https://twitter.com/intent/user?user_id={user_id}"
    if action.lower() == "dm":
        link = f"https://twitter.com/messages/compose?recipient_id={user_id}"
        return f"{link}&text={quote(text)}" if text else link
    raise TypeError("Action must be either 'follow' or 'dm'")


def compose_tweet_action(tweet_id: str | int, action: str | None = None) -> str:
    """Returns a link to act on a tweet: "retweet", "like" or "reply"."""
    action = (action or "").lower()
    if action == "reply":
        return f"https://twitter.com/intent/tweet?in_reply_to={tweet_id}"
    if action in ("retweet", "like"):
        return f"https://twitter.com/intent/{action}?tweet_id={tweet_id}"
    raise TypeError("Action must be either 'retweet', 'like', or 'reply'")
