"""Users."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from .attachments import CTA, CustomProfile, File, QuickReply
from .expansions import TWEET_PARAMETERS, USER_FIELD
from .message import DirectMessage
from .metrics import UserPublicMetrics, delegated
from .payload import is_same, member
from .relations import RelationFollow
from .utils import time_parse_todt

if TYPE_CHECKING:
    from .http import HTTPClient


class User:
    """User, who can be followed, muted, blocked, written to and read."""

    def __init__(self, data: dict[str, Any], http_client: HTTPClient | None = None) -> None:
        self.original_payload = data
        self._payload: dict[str, Any] = data.get("data") or data
        self.http_client: Any = http_client
        self._metrics = UserPublicMetrics(self._payload)

    def __str__(self) -> str:
        return self.username

    def __repr__(self) -> str:
        return f"User(name={self.name} username={self.username} id={self.id})"

    def __eq__(self, other: object) -> bool:
        return is_same(User, self, other)

    def __ne__(self, other: object) -> bool:
        return not is_same(User, self, other)

    __hash__ = None  # type: ignore[assignment]

    def send(
        self,
        text: str,
        *,
        file: File | None = None,
        custom_profile: CustomProfile | None = None,
        quick_reply: QuickReply | None = None,
        cta: CTA | None = None,
    ) -> DirectMessage:
        """Sends a direct message to the user."""
        attachments = {"file": file, "custom_profile": custom_profile, "quick_reply": quick_reply, "cta": cta}
        message: DirectMessage = self.http_client.send_message(self.id, text, **attachments)
        return message

    def _add(self, relation: str) -> Any:
        route = f"/users/{self.http_client.own_id}/{relation}"
        return self.http_client.request("POST", "2", route, json={"target_user_id": str(self.id)}, auth=True)

    def _remove(self, relation: str) -> Any:
        route = f"/users/{self.http_client.own_id}/{relation}/{self.id}"
        return self.http_client.request("DELETE", "2", route, auth=True)

    def follow(self) -> RelationFollow:
        """Follows the user."""
        return RelationFollow(self._add("following"))

    def unfollow(self) -> RelationFollow:
        """Unfollows the user."""
        return RelationFollow(self._remove("following"))

    def block(self) -> None:
        """Blocks the user."""
        self._add("blocking")

    def unblock(self) -> None:
        """Unblocks the user."""
        self._remove("blocking")

    def mute(self) -> None:
        """Mutes the user."""
        self._add("muting")

    def unmute(self) -> None:
        """Unmutes the user."""
        self._remove("muting")

    def trigger_typing(self) -> None:
        """Shows the user that a direct message is being written."""
        params = {"recipient_id": str(self.id)}
        self.http_client.request("POST", "1.1", "/direct_messages/indicate_typing.json", params=params, auth=True)

    def report(self, block: bool = True) -> None:
        """Reports the user as a spam account, and blocks the user unless told otherwise."""
        params = {"user_id": str(self.id), "perform_block": block}
        self.http_client.request("POST", "1.1", "/users/report_spam.json", params=params, auth=True)

    def _fetch_users(self, relation: str) -> list[User]:
        route, params = f"/users/{self.id}/{relation}", {"user.fields": USER_FIELD}
        response = self.http_client.request("GET", "2", route, params=params)
        return [User(data, http_client=self.http_client) for data in (response or {}).get("data", ())]

    def fetch_followers(self) -> list[User]:
        """Returns the first 100 users who follow the user."""
        return self._fetch_users("followers")

    def fetch_following(self) -> list[User]:
        """Returns the first 100 users whom the user follows."""
        return self._fetch_users("following")

    def fetch_pinned_tweet(self) -> Any:
        """Returns the tweet that the user has pinned."""
        id = self._payload.get("pinned_tweet_id")
        return self.http_client.fetch_tweet(int(id)) if id else None

    def fetch_timelines(
        self,
        max_results: int = 10,
        *,
        start_time: datetime.datetime | None = None,
        end_time: datetime.datetime | None = None,
        since_id: str | int | None = None,
        until_id: str | int | None = None,
        mentioned: bool = False,
        exclude: str | None = None,
    ) -> list[Any]:
        """Returns tweets of the user, or those that mention the user.

        Args:
            max_results: Maximum number of tweets, 5 to 100.
            start_time: Time of the oldest tweet.
            end_time: Time of the newest tweet.
            since_id: ID before the oldest tweet.
            until_id: ID after the newest tweet.
            mentioned: Whether to return the tweets that mention the user.
            exclude: Kinds that are left out: `retweets`, `replies` or `retweets,replies`.
        """
        for time in (start_time, end_time):
            if time is not None and not isinstance(time, datetime.datetime):
                raise ValueError("start_time or end_time must be a datetime object!")
        route = f"/users/{self.id}/{'mentions' if mentioned else 'tweets'}"
        limits = {"since_id": since_id, "until_id": until_id, "exclude": exclude}
        params = {
            **TWEET_PARAMETERS,
            "max_results": max_results,
            "start_time": start_time,
            "end_time": end_time,
            **{name: str(value) for name, value in limits.items() if value},
        }
        response = self.http_client.request("GET", "2", route, params=params)
        tweets: list[Any] = self.http_client.tweets_of(response)
        return tweets

    name = member("name", "Name of the user.")
    id = member("id", "ID of the user.", int)
    bio = member("description", "Description of the user.", default="")
    description = member("description", "Description of the user.")
    link = member("url", "Link of the user's profile.", default="")
    verified = member("verified", "Whether the user is verified.")
    protected = member("protected", "Whether only followers see the user's tweets.")
    private = member("protected", "Whether only followers see the user's tweets.")
    profile_url = member("profile_image_url", "URL of the user's picture.", default="")
    location = member("location", "Place that the user names.", default="")
    created_at = member("created_at", "Time when the account was created.", time_parse_todt)

    @property
    def username(self) -> str:
        """Username with an `@`."""
        return "@" + str(self._payload.get("username"))

    @property
    def profile_link(self) -> str:
        """URL of the user's profile."""
        return f"https://twitter.com/{self._payload.get('username')}"

    follower_count = delegated("_metrics", "follower_count", "Number of users who follow the user.")
    following_count = delegated("_metrics", "following_count", "Number of users whom the user follows.")
    tweet_count = delegated("_metrics", "tweet_count", "Number of tweets of the user.")
    listed_count = delegated("_metrics", "listed_count", "Number of lists with the user.")
