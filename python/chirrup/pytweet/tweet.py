"""Tweets."""

from __future__ import annotations

from typing import Any

from .attachments import Poll
from .entities import Media
from .enums import ReplySetting
from .expansions import USER_FIELD
from .message import Message
from .metrics import TweetPublicMetrics, delegated
from .payload import is_same, member
from .relations import RelationHide, RelationLike, RelationRetweet
from .user import User
from .utils import time_parse_todt


class EmbedsImages:
    """Image of a linked page."""

    def __init__(self, data: dict[str, Any]) -> None:
        self._payload = data

    def __repr__(self) -> str:
        return f"EmbedsImages(url={self.url} width={self.width} height={self.height})"

    def __str__(self) -> str:
        return str(self.url)

    width = member("width", "Width in pixels.", int)
    height = member("height", "Height in pixels.", int)
    url = member("url", "URL of the image.")


class Embed:
    """Link of a tweet, with what X knows of the linked page."""

    def __init__(self, data: dict[str, Any]) -> None:
        self._payload = data

    def __repr__(self) -> str:
        return f"Embed(title={self.title} description={self.description} url={self.url})"

    def __str__(self) -> str:
        return str(self.url)

    title = member("title", "Title of the page.")
    description = member("description", "Description of the page.")
    start = member("start", "Start of the link in the text.", int)
    end = member("end", "End of the link in the text.", int)
    url = member("url", "Short URL.")
    expanded_url = member("expanded_url", "Complete URL.")
    display_url = member("display_url", "URL as it is shown.")
    unwound_url = member("unwound_url", "URL after all redirects.")
    images = member("images", "Images of the page.", lambda images: [EmbedsImages(data) for data in images])
    status_code = member("status", "HTTP status of the page.", int)


class Tweet(Message):
    """Tweet, which can be liked, retweeted, answered, hidden and deleted."""

    def __init__(self, data: dict[str, Any], **kwargs: Any) -> None:
        self.original_payload = data
        self._payload: dict[str, Any] = data.get("data") or data
        self._includes: dict[str, Any] = data.get("includes") or {}
        self.tweet_metrics = TweetPublicMetrics(self._payload)
        super().__init__(self._payload.get("text"), self._payload["id"], 1)
        self.http_client: Any = kwargs.get("http_client")

    def __repr__(self) -> str:
        return f"Tweet(text={self.text} id={self.id} author={self.author})"

    def __str__(self) -> str:
        return str(self.text)

    def __eq__(self, other: object) -> bool:
        return is_same(Tweet, self, other)

    def __ne__(self, other: object) -> bool:
        return not is_same(Tweet, self, other)

    __hash__ = None  # type: ignore[assignment]

    def _add(self, action: str) -> Any:
        route = f"/users/{self.http_client.own_id}/{action}"
        return self.http_client.request("POST", "2", route, json={"tweet_id": str(self.id)}, auth=True)

    def _remove(self, action: str) -> Any:
        route = f"/users/{self.http_client.own_id}/{action}/{self.id}"
        return self.http_client.request("DELETE", "2", route, auth=True)

    def like(self) -> RelationLike:
        """Likes the tweet."""
        return RelationLike(self._add("likes"))

    def unlike(self) -> RelationLike:
        """Unlikes the tweet."""
        return RelationLike(self._remove("likes"))

    def retweet(self) -> RelationRetweet:
        """Retweets the tweet."""
        return RelationRetweet(self._add("retweets"))

    def unretweet(self) -> RelationRetweet:
        """Undoes the retweet of the tweet."""
        return RelationRetweet(self._remove("retweets"))

    def delete(self) -> None:
        """Deletes the tweet."""
        self.http_client.request("DELETE", "2", f"/tweets/{self.id}", auth=True)
        self.http_client.tweet_cache.pop(self.id, None)

    def reply(self, text: str) -> Message:
        """Replies to the tweet."""
        posted: Message = self.http_client.post_tweet(text, reply_tweet=self.id)
        return posted

    def _set_hidden(self, hidden: bool) -> RelationHide:
        route = f"/tweets/{self.id}/hidden"
        return RelationHide(self.http_client.request("PUT", "2", route, json={"hidden": hidden}, auth=True))

    def hide(self) -> RelationHide:
        """Hides the tweet, which replies to one of the client's."""
        return self._set_hidden(True)

    def unhide(self) -> RelationHide:
        """Shows the tweet again."""
        return self._set_hidden(False)

    def _fetch_users(self, relation: str, auth: bool = False) -> list[User]:
        route, params = f"/tweets/{self.id}/{relation}", {"user.fields": USER_FIELD}
        response = self.http_client.request("GET", "2", route, params=params, auth=auth)
        return [User(data, http_client=self.http_client) for data in (response or {}).get("data", ())]

    def fetch_retweeters(self) -> list[User]:
        """Returns users who retweeted the tweet."""
        return self._fetch_users("retweeted_by")

    def fetch_liking_users(self) -> list[User]:
        """Returns users who like the tweet, which is one of the client's."""
        # X shows them to the author of the tweet only.
        return self._fetch_users("liking_users", auth=True)

    def fetch_replied_user(self) -> User | None:
        """Returns the user to whom the tweet replies."""
        id = self._payload.get("in_reply_to_user_id")
        return self.http_client.fetch_user(int(id)) if id else None

    def _included(self, kind: str, member: str, ids: Any) -> list[dict[str, Any]]:
        return [each for each in self._includes.get(kind, ()) if each.get(member) in ids]

    @property
    def author(self) -> User | None:
        """User who wrote the tweet."""
        found = self._included("users", "id", (self._payload.get("author_id"),))
        return User(found[0], http_client=self.http_client) if found else None

    possibly_sensitive = member("possibly_sensitive", "Whether the tweet may be sensitive.")
    sensitive = possibly_sensitive
    created_at = member("created_at", "Time when the tweet was posted.", time_parse_todt)
    source = member("source", "Name of the app that posted the tweet.")
    raw_reply_setting = member("reply_settings", "Users who may reply, as a text.")
    reply_setting = member("reply_settings", "Users who may reply.", ReplySetting)
    lang = member("lang", "Language of the text.")
    conversation_id = member("conversation_id", "ID of the first tweet of the conversation.", int)

    @property
    def link(self) -> str:
        """URL of the tweet."""
        name = self.author._payload.get("username") if self.author else "i"
        return f"https://twitter.com/{name}/status/{self.id}"

    def _entities(self, name: str) -> list[dict[str, Any]]:
        return (self._payload.get("entities") or {}).get(name) or []

    @property
    def mentions(self) -> list[str] | None:
        """Usernames of the mentioned users."""
        return [mention["username"] for mention in self._entities("mentions")] or None

    @property
    def poll(self) -> Poll | None:
        """Poll of the tweet."""
        ids = (self._payload.get("attachments") or {}).get("poll_ids", ())
        for data in self._included("polls", "id", ids):
            status, end = data.get("voting_status"), data.get("end_datetime")
            poll = Poll(data.get("duration_minutes", 0), id=data["id"], voting_status=status, end_date=end)
            for option in data.get("options", ()):
                poll.add_option(**option)
            return poll
        return None

    @property
    def media(self) -> list[Media] | None:
        """Media of the tweet."""
        keys = (self._payload.get("attachments") or {}).get("media_keys", ())
        return [Media(data) for data in self._included("media", "media_key", keys)] or None

    @property
    def embeds(self) -> list[Embed] | None:
        """Links of the tweet."""
        return [Embed(data) for data in self._entities("urls")] or None

    like_count = delegated("tweet_metrics", "like_count", "Number of likes.")
    retweet_count = delegated("tweet_metrics", "retweet_count", "Number of retweets.")
    reply_count = delegated("tweet_metrics", "reply_count", "Number of replies.")
    quote_count = delegated("tweet_metrics", "quote_count", "Number of quotes.")
