"""The connection of a client to the API."""

from __future__ import annotations

import importlib
import logging
import time
from typing import TYPE_CHECKING, Any

from .. import errors as core
from .._dropins.connection import call, client_for, oauth1_settings
from .._dropins.response import HTTPResponse
from .._dropins.urls import split_url
from ..client import Client as CoreClient
from .attachments import CTA, CustomProfile, File, Geo, Poll, QuickReply
from .enums import ReplySetting, SpaceState
from .errors import NotFoundError, PytweetException, Unauthorized
from .expansions import SPACE_FIELD, TWEET_PARAMETERS, USER_FIELD
from .message import DirectMessage, Message
from .responses import check_error
from .space import Space
from .tweet import Tweet
from .user import User

if TYPE_CHECKING:
    from .stream import Stream

_log = logging.getLogger(__name__)
_CHUNK = 4 << 20


class HTTPClient:
    """Connection of a client to the API, with its credentials and caches."""

    def __init__(
        self,
        bearer_token: str | None,
        *,
        consumer_key: str | None,
        consumer_key_secret: str | None,
        access_token: str | None,
        access_token_secret: str | None,
        stream: Stream | None = None,
    ) -> None:
        self.credentials = {
            "bearer_token": bearer_token,
            "consumer_key": consumer_key,
            "consumer_key_secret": consumer_key_secret,
            "access_token": access_token,
            "access_token_secret": access_token_secret,
        }
        for name, value in self.credentials.items():
            if value is not None and not isinstance(value, str):
                raise Unauthorized(None, f"Wrong authorization passed for credential: {name}.")
            if not value:
                _log.warning("%s is missing; the methods that need it will fail", name)
        self.bearer_token = bearer_token
        self.consumer_key = consumer_key
        self.consumer_key_secret = consumer_key_secret
        self.access_token = access_token
        self.access_token_secret = access_token_secret
        self.base_url = "https://api.twitter.com/"
        self.upload_url = "https://upload.twitter.com/1.1/media/upload.json"
        self.message_cache: dict[int, DirectMessage] = {}
        self.tweet_cache: dict[int, Tweet] = {}
        self.events: dict[str, Any] = {}
        self.stream = stream
        if stream:
            stream.http_client = self
            stream.connection.http_client = self

    @property
    def own_id(self) -> str:
        """ID of the authenticated user, with which the access token begins."""
        if not self.access_token:
            raise PytweetException("access_token is a required credentials that is missing!")
        return self.access_token.partition("-")[0]

    def build_object(self, obj: str) -> Any:
        """Returns a class or function of the package by its name."""
        return getattr(importlib.import_module("chirrup.pytweet"), obj, None)

    def dispatch(self, event_name: str, *args: Any) -> None:
        """Calls the function that is registered for an event."""
        if event := self.events.get(event_name):
            event(*args)

    def core_client(self, auth: bool) -> tuple[CoreClient, str]:
        """Returns the client for calls as the user, or as the app, and the name of its credential."""
        if not auth:
            settings = {"bearer_token": self.bearer_token} if self.bearer_token else {}
            return client_for(split_url(self.base_url)[0], **settings), "app"
        for name, value in self.credentials.items():
            if value is None and name != "bearer_token":
                raise PytweetException(f"{name} is a required credentials that is missing!")
        keys = (self.consumer_key, self.consumer_key_secret, self.access_token, self.access_token_secret)
        return client_for(split_url(self.base_url)[0], **oauth1_settings(*keys)), "oauth1"

    def request(
        self,
        method: str,
        version: str,
        path: str,
        *,
        headers: dict[str, Any] = {},  # noqa: B006, never changed
        params: dict[str, Any] = {},  # noqa: B006, never changed
        json: dict[str, Any] = {},  # noqa: B006, never changed
        auth: bool = False,
        is_json: bool = True,
    ) -> Any:
        """Sends a request and returns its decoded response; a text if it is not JSON, and a list if it is empty."""
        response = self._send(method, f"{self.base_url}{version}{path}", auth, headers=headers, params=params, json=json or None)
        try:
            body = response.json()
        except ValueError:
            return response.text
        if body.get("meta", {}).get("result_count") == 0:
            return []
        return body if is_json else response

    def _send(self, method: str, url: str, auth: bool, **arguments: Any) -> HTTPResponse:
        client, kind = self.core_client(auth)
        _, path = split_url(url)
        try:
            response = call(client, method, path, auth=kind, **arguments)
        except core.Error as error:
            raise PytweetException(str(error)) from error
        check_error(response)
        return response

    def upload(self, file: File, command: str, *, media_id: Any = None) -> Any:
        """Sends a step of an upload: INIT, which returns the media ID, APPEND, FINALIZE, which waits, or STATUS."""
        command = command.upper()
        if command == "INIT":
            fields = {
                "command": command,
                "media_type": file.mimetype,
                "total_bytes": file.total_bytes,
                "media_category": file.media_category,
                "shared": file.dm_only,
            }
            return self._send("POST", self.upload_url, True, form=fields).json()["media_id"]
        if not media_id:
            raise ValueError("'media_id' is None! Please specified it.")
        fields = {"command": command, "media_id": media_id}
        if command == "APPEND":
            with open(file.path, "rb") as source:
                for index, part in enumerate(iter(lambda: source.read(_CHUNK), b"")):
                    step = {**fields, "segment_index": index}
                    self._send("POST", self.upload_url, True, form=step, files={"media": part})
        elif command == "FINALIZE":
            self._wait_for_processing(self._send("POST", self.upload_url, True, form=fields).json(), media_id)
        elif command == "STATUS":
            return self._send("GET", self.upload_url, True, params=fields).json()
        else:
            raise ValueError(f"{command} is not INIT, APPEND, FINALIZE or STATUS")
        return None

    def _wait_for_processing(self, response: dict[str, Any], media_id: Any) -> None:
        while processing := response.get("processing_info"):
            if processing["state"] == "succeeded":
                return
            if processing["state"] == "failed":
                raise PytweetException("Failed to finalize Media!")
            time.sleep(processing.get("check_after_secs") or 1)
            fields = {"command": "STATUS", "media_id": media_id}
            response = self._send("GET", self.upload_url, True, params=fields).json()

    def upload_whole(self, file: File) -> str:
        """Uploads a file and returns its media ID."""
        media_id = self.upload(file, "INIT")
        self.upload(file, "APPEND", media_id=media_id)
        self.upload(file, "FINALIZE", media_id=media_id)
        return str(media_id)

    def message_data(
        self, text: str, file: File | None, quick_reply: QuickReply | None, cta: CTA | None
    ) -> dict[str, Any]:
        """Returns the content of a direct message. A file is uploaded."""
        for value, kind in ((file, File), (quick_reply, QuickReply), (cta, CTA)):
            if value and not isinstance(value, kind):
                raise PytweetException(f"the attachment must be an instance of pytweet.{kind.__name__}")
        data: dict[str, Any] = {"text": text}
        if file:
            data["attachment"] = {"type": "media", "media": {"id": self.upload_whole(file)}}
        if quick_reply:
            data["quick_reply"] = {"type": quick_reply.type, "options": quick_reply.raw_options}
        if cta:
            data["ctas"] = cta.raw_buttons
        return data

    def tweets_of(self, response: Any) -> list[Tweet]:
        """Returns the tweets of a page."""
        if not response:
            return []
        includes = response.get("includes")
        pages = ({"data": data, "includes": includes} for data in response.get("data", ()))
        return [Tweet(page, http_client=self) for page in pages]

    def fetch_user(self, user_id: str | int) -> User | None:
        """Returns the user with this ID; None if there is none."""
        if not str(user_id).isdigit():
            raise ValueError("user_id must be an int, or a string of digits!")
        return self._fetch_user(f"/users/{user_id}")

    def fetch_user_byname(self, username: str) -> User | None:
        """Returns the user with this username; None if there is none."""
        return self._fetch_user(f"/users/by/username/{username.replace('@', '', 1)}")

    def _fetch_user(self, route: str) -> User | None:
        try:
            return User(self.request("GET", "2", route, params={"user.fields": USER_FIELD}), http_client=self)
        except NotFoundError:
            return None

    def fetch_tweet(self, tweet_id: str | int) -> Tweet | None:
        """Returns the tweet with this ID; None if there is none."""
        try:
            response = self.request("GET", "2", f"/tweets/{tweet_id}", params=TWEET_PARAMETERS, auth=True)
        except NotFoundError:
            return None
        return Tweet(response, http_client=self)

    def fetch_space(self, space_id: str) -> Space:
        """Returns the Space with this ID."""
        return Space(self.request("GET", "2", f"/spaces/{space_id}", params={"space.fields": SPACE_FIELD}))

    def fetch_space_bytitle(self, title: str, state: SpaceState = SpaceState.live) -> Space:
        """Returns the first Space with this title."""
        params = {"query": title, "state": state.value, "space.fields": SPACE_FIELD}
        response = self.request("GET", "2", "/spaces/search", params=params)
        return Space(response or {})

    def send_message(
        self,
        user_id: str | int,
        text: str,
        *,
        file: File | None = None,
        custom_profile: CustomProfile | None = None,
        quick_reply: QuickReply | None = None,
        cta: CTA | None = None,
    ) -> DirectMessage:
        """Sends a direct message to a user."""
        if custom_profile and not isinstance(custom_profile, CustomProfile):
            raise PytweetException("'custom_profile' argument must be an instance of pytweet.CustomProfile")
        data = self.message_data(str(text), file, quick_reply, cta)
        if custom_profile:
            data["custom_profile_id"] = str(custom_profile.id)
        create = {"target": {"recipient_id": str(user_id)}, "message_data": data}
        body = {"event": {"type": "message_create", "message_create": create}}
        response = self.request("POST", "1.1", "/direct_messages/events/new.json", json=body, auth=True)
        message = self._message_of(response)
        self.message_cache[message.id] = message
        return message

    def fetch_message(self, event_id: str | int) -> DirectMessage:
        """Returns the direct message with this ID."""
        params = {"id": str(event_id)}
        return self._message_of(
            self.request("GET", "1.1", "/direct_messages/events/show.json", params=params, auth=True)
        )

    def _message_of(self, response: dict[str, Any]) -> DirectMessage:
        target = response["event"]["message_create"]["target"]
        target["recipient"] = self.fetch_user(target["recipient_id"])
        return DirectMessage(response, http_client=self)

    def post_tweet(
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
        super_followers_only: bool | None = None,
    ) -> Message:
        """Posts a tweet."""
        if geo and not isinstance(geo, (Geo, str)):
            raise TypeError("'geo' must be an instance of pytweet.Geo or str")
        reply: dict[str, Any] = {}
        if reply_tweet:
            reply["in_reply_to_tweet_id"] = str(reply_tweet)
        if exclude_reply_users:
            reply["exclude_reply_user_ids"] = [str(id) for id in exclude_reply_users]
        body = {
            "text": text,
            "media": {"media_ids": [self.upload_whole(file)]} if file else None,
            "poll": _poll_body(poll) if poll is not None else None,
            "geo": {"place_id": geo.id if isinstance(geo, Geo) else geo} if geo else None,
            "quote_tweet_id": str(quote_tweet) if quote_tweet else None,
            "direct_message_deep_link": direct_message_deep_link,
            "reply_settings": reply_setting.value if isinstance(reply_setting, ReplySetting) else reply_setting,
            "reply": reply or None,
            "for_super_followers_only": True if super_followers_only else None,
        }
        body = {name: value for name, value in body.items() if value}
        data = self.request("POST", "2", "/tweets", json=body, auth=True)["data"]
        message = Message(data.get("text"), data["id"], 1)
        self.tweet_cache[message.id] = Tweet({"data": {**data, "author_id": self.own_id}}, http_client=self)
        return message


def _poll_body(poll: Poll) -> dict[str, Any]:
    return {"options": [option.label for option in poll.options], "duration_minutes": poll.duration}
