"""The client of PyTweet."""

from __future__ import annotations

from asyncio import iscoroutinefunction
from collections.abc import Callable
from typing import Any

from .attachments import CTA, CustomProfile, File, Geo, Poll, QuickReply
from .enums import ReplySetting, SpaceState
from .errors import PytweetException, UnKnownSpaceState
from .http import HTTPClient
from .message import DirectMessage, Message, WelcomeMessage, WelcomeMessageRule, rule_of, welcome_of
from .space import Space
from .stream import Stream
from .tweet import Tweet
from .user import User

_WELCOME = "/direct_messages/welcome_messages"


class Client:
    """Client whose objects remember it, so that they can act.

    Args:
        bearer_token: Bearer token of the app, for what does not need a user.
        consumer_key: Key of the app.
        consumer_key_secret: Secret of the app.
        access_token: Access token of the user who acts.
        access_token_secret: Secret of the access token.
        stream: Stream that `stream()` opens.
    """

    def __init__(
        self,
        bearer_token: str | None,
        *,
        consumer_key: str | None = None,
        consumer_key_secret: str | None = None,
        access_token: str | None = None,
        access_token_secret: str | None = None,
        stream: Stream | None = None,
    ) -> None:
        self.http = HTTPClient(
            bearer_token,
            consumer_key=consumer_key,
            consumer_key_secret=consumer_key_secret,
            access_token=access_token,
            access_token_secret=access_token_secret,
            stream=stream,
        )
        self._account_user: User | None = None

    def __repr__(self) -> str:
        return "Client(bearer_token=SECRET consumer_key=SECRET access_token=SECRET)"

    @property
    def account(self) -> User | None:
        """User to whom the access token belongs."""
        if self._account_user is None and self.http.access_token:
            self._account_user = self.fetch_user(self.http.own_id)
        return self._account_user

    def event(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Registers a function for the event of its name: `on_stream`, `on_stream_connect`, `on_stream_disconnect`."""
        if iscoroutinefunction(func):
            raise TypeError("Event must be a synchronous function!")
        self.http.events[func.__name__.removeprefix("on_")] = func
        return func

    def fetch_user(self, user_id: str | int | None = None) -> User | None:
        """Returns the user with this ID; None if there is none."""
        return self.http.fetch_user(user_id)  # type: ignore[arg-type]

    def fetch_user_by_name(self, username: str) -> User | None:
        """Returns the user with this username; None if there is none."""
        return self.http.fetch_user_byname(username)

    def fetch_tweet(self, tweet_id: str | int | None = None) -> Tweet | None:
        """Returns the tweet with this ID; None if there is none."""
        return self.http.fetch_tweet(tweet_id)  # type: ignore[arg-type]

    def fetch_message(self, event_id: str | int | None = None) -> DirectMessage:
        """Returns the direct message with this ID."""
        return self.http.fetch_message(event_id)  # type: ignore[arg-type]

    def tweet(
        self,
        text: str | None = None,
        *,
        file: File | None = None,
        poll: Poll | None = None,
        geo: Geo | str | None = None,
        quote_tweet: str | int | None = None,
        direct_message_deep_link: str | None = None,
        reply_setting: ReplySetting | str | None = None,
        reply_tweet: str | int | None = None,
        exclude_reply_users: list[str | int] | None = None,
        super_followers_only: bool = False,
    ) -> Message:
        """Posts a tweet.

        Args:
            text: Text of the tweet.
            file: File that is uploaded with it.
            poll: Poll of the tweet.
            geo: Place, or its ID.
            quote_tweet: ID of the quoted tweet.
            direct_message_deep_link: Link that opens a direct message.
            reply_setting: Users who may reply.
            reply_tweet: ID of the tweet to which this one replies.
            exclude_reply_users: IDs of users who are not mentioned in the reply.
            super_followers_only: Whether only super followers see the tweet.
        """
        return self.http.post_tweet(
            text,
            file=file,
            poll=poll,
            geo=geo,
            quote_tweet=quote_tweet,
            direct_message_deep_link=direct_message_deep_link,
            reply_setting=reply_setting,
            reply_tweet=reply_tweet,
            exclude_reply_users=exclude_reply_users,
            super_followers_only=super_followers_only,
        )

    def create_welcome_message(
        self,
        name: str | None = None,
        text: str | None = None,
        *,
        file: File | None = None,
        quick_reply: QuickReply | None = None,
        cta: CTA | None = None,
    ) -> WelcomeMessage:
        """Creates a welcome message, which `set_rule` shows to all users."""
        data = self.http.message_data(str(text), file, quick_reply, cta)
        body = {"welcome_message": {"name": str(name), "message_data": data}}
        return welcome_of(self.http.request("POST", "1.1", f"{_WELCOME}/new.json", json=body, auth=True), self.http)

    def fetch_welcome_message(self, welcome_message_id: str | int) -> WelcomeMessage:
        """Returns the welcome message with this ID."""
        params = {"id": str(welcome_message_id)}
        return welcome_of(self.http.request("GET", "1.1", f"{_WELCOME}/show.json", params=params, auth=True), self.http)

    def fetch_welcome_message_rules(self, welcome_message_rules_id: str | int) -> WelcomeMessageRule:
        """Returns the rule of welcome messages with this ID."""
        params = {"id": str(welcome_message_rules_id)}
        response = self.http.request("GET", "1.1", f"{_WELCOME}/rules/show.json", params=params, auth=True)
        return rule_of(response["welcome_message_rule"], self.http)

    def fetch_space(self, space_id: str | int) -> Space:
        """Returns the Space with this ID."""
        return self.http.fetch_space(str(space_id))

    def fetch_space_by_title(self, title: str, state: SpaceState = SpaceState.live) -> Space:
        """Returns the first Space with this title in this state."""
        if state not in (SpaceState.live, SpaceState.scheduled):
            raise UnKnownSpaceState(given_state=state)
        return self.http.fetch_space_bytitle(title, state)

    def search_geo(
        self,
        query: str,
        *,
        lat: int | None = None,
        long: int | None = None,
        ip: str | int | None = None,
        granularity: str = "neighborhood",
        max_results: str | int | None = None,
    ) -> list[Geo]:
        """Returns places by a text, a position or an IP address."""
        params = {
            "query": query,
            "lat": lat,
            "long": long,
            "ip": ip,
            "granularity": granularity,
            "max_results": max_results,
        }
        response = self.http.request("GET", "1.1", "/geo/search.json", params=params, auth=True)
        return [Geo(data) for data in response["result"]["places"]]

    def get_message(self, event_id: str | int | None = None) -> DirectMessage | None:
        """Returns a direct message that this client has sent, without a request; None for others."""
        if not str(event_id).isdigit():
            raise ValueError("event_id must be an integer or a string of digits.")
        return self.http.message_cache.get(int(event_id))  # type: ignore[arg-type]

    def get_tweet(self, tweet_id: str | int | None = None) -> Tweet | None:
        """Returns a tweet that this client has posted or streamed, without a request; None for others."""
        if not str(tweet_id).isdigit():
            raise ValueError("tweet_id must be an integer or a string of digits.")
        return self.http.tweet_cache.get(int(tweet_id))  # type: ignore[arg-type]

    def create_custom_profile(self, name: str, file: File) -> CustomProfile:
        """Creates a name and a picture under which direct messages are sent."""
        if not isinstance(file, File):
            raise PytweetException("'file' argument must be an instance of pytweet.File")
        media_id = self.http.upload_whole(file)
        body = {"custom_profile": {"name": name, "avatar": {"media": {"id": media_id}}}}
        response = self.http.request("POST", "1.1", "/custom_profiles/new.json", json=body, auth=True)
        profile = response["custom_profile"]
        return CustomProfile(profile["name"], profile["id"], profile["created_timestamp"], profile["avatar"])

    def register_webhook_url(self, url: str, env_label: str) -> Any:
        """Registers the URL of a webhook in an environment of API v1.1."""
        route = f"/account_activity/all/{env_label}/webhooks.json"
        return self.http.request("POST", "1.1", route, params={"url": url}, auth=True)

    def stream(self, *, dry_run: bool = False) -> None:
        """Opens the stream and calls the functions of its events until it ends. Ctrl-C ends it."""
        if not self.http.stream:
            raise TypeError("'stream' argument is missing in client!")
        try:
            self.http.stream.connect(dry_run=dry_run)
        except KeyboardInterrupt:
            print("\nKeyboardInterrupt: Exit stream.")
