"""Messages: direct messages, and welcome messages with their rules."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from .attachments import CTA, File, QuickReply
from .entities import Hashtags, Symbols, Urls, UserMentions
from .enums import MessageEventTypeEnum, MessageTypeEnum
from .utils import time_of_stamp

if TYPE_CHECKING:
    from .http import HTTPClient
    from .user import User


class Message:
    """Message with a text and an ID."""

    def __init__(self, text: str | None, id: str | int, type: int) -> None:
        self._text = text
        self._id = id
        self._type = type

    def __repr__(self) -> str:
        return f"Message(text={self.text} id={self.id})"

    @property
    def text(self) -> str | None:
        """Text of the message."""
        return self._text

    @property
    def id(self) -> int:
        """ID of the message."""
        return int(self._id)

    @property
    def type(self) -> MessageTypeEnum:
        """Kind of the message."""
        return MessageTypeEnum(self._type)


class DirectMessage(Message):
    """Direct message."""

    def __init__(self, data: dict[str, Any], *, http_client: HTTPClient) -> None:
        self.original_payload = data
        self._payload: dict[str, Any] = data["event"]
        self.message_create: dict[str, Any] = self._payload["message_create"]
        self.message_data: dict[str, Any] = self.message_create["message_data"]
        self.entities: dict[str, Any] = self.message_data.get("entities") or {}
        self.quick_reply_data = self.message_data.get("quick_reply")
        self.cta_data = self.message_data.get("ctas")
        super().__init__(self.message_data.get("text"), self._payload["id"], 0)
        self.http_client = http_client
        self.timestamp = int(self._payload.get("created_timestamp", 0)) // 1000

    def __repr__(self) -> str:
        return f"DirectMessage(text={self.text} id={self.id} recipient={self.recipient})"

    def delete(self) -> None:
        """Deletes the message."""
        route = "/direct_messages/events/destroy.json"
        self.http_client.request("DELETE", "1.1", route, params={"id": str(self.id)}, auth=True)
        self.http_client.message_cache.pop(self.id, None)

    def mark_read(self) -> None:
        """Marks the message, and those before it, as read."""
        params = {"last_read_event_id": str(self.id), "recipient_id": str(self.message_create.get("sender_id"))}
        self.http_client.request("POST", "1.1", "/direct_messages/mark_read.json", params=params, auth=True)

    @property
    def event_type(self) -> MessageEventTypeEnum:
        """Kind of the event."""
        return MessageEventTypeEnum(self._payload.get("type"))

    @property
    def recipient(self) -> User | None:
        """User who received the message."""
        recipient: User | None = self.message_create["target"].get("recipient")
        return recipient

    @property
    def created_at(self) -> datetime.datetime:
        """Time when the message was sent."""
        return datetime.datetime.fromtimestamp(self.timestamp)

    def _parts(self, name: str, kind: Any) -> list[Any]:
        return [kind(data) for data in self.entities.get(name) or ()]

    @property
    def hashtags(self) -> list[Hashtags]:
        """Hashtags of the message."""
        return self._parts("hashtags", Hashtags)

    @property
    def symbols(self) -> list[Symbols]:
        """Cashtags of the message."""
        return self._parts("symbols", Symbols)

    @property
    def mentions(self) -> list[UserMentions]:
        """Mentions of the message."""
        return self._parts("user_mentions", UserMentions)

    @property
    def urls(self) -> list[Urls]:
        """Links of the message."""
        return self._parts("urls", Urls)

    @property
    def quick_reply(self) -> QuickReply | None:
        """Replies to choose from."""
        options = (self.quick_reply_data or {}).get("options")
        if not options:
            return None
        replies = QuickReply()
        for option in options:
            replies.add_option(**option)
        return replies

    @property
    def cta(self) -> CTA | None:
        """Buttons of the message."""
        if not self.cta_data:
            return None
        buttons = CTA()
        for button in self.cta_data:
            buttons.add_button(**button)
        return buttons


class WelcomeMessage(Message):
    """Message that a user sees before the first direct message."""

    def __init__(
        self,
        name: str | None = None,
        *,
        text: str | None,
        id: str | int,
        timestamp: str | int,
        http_client: HTTPClient,
    ) -> None:
        super().__init__(text, id, 2)
        self._name = name
        self._timestamp = timestamp
        self.http_client = http_client

    def __repr__(self) -> str:
        return f"WelcomeMessage(text={self.text} id={self.id})"

    def __str__(self) -> str:
        return str(self.text)

    def set_rule(self) -> WelcomeMessageRule:
        """Shows this message to all users, and returns the rule for it."""
        body = {"welcome_message_rule": {"welcome_message_id": str(self.id)}}
        route = "/direct_messages/welcome_messages/rules/new.json"
        rule = self.http_client.request("POST", "1.1", route, json=body, auth=True)["welcome_message_rule"]
        return rule_of(rule, self.http_client)

    def update(
        self,
        text: str | None = None,
        *,
        file: File | None = None,
        quick_reply: QuickReply | None = None,
        cta: CTA | None = None,
    ) -> WelcomeMessage:
        """Replaces the content of the message, and returns the message as it is now."""
        route = "/direct_messages/welcome_messages/update.json"
        body = {"message_data": self.http_client.message_data(str(text), file, quick_reply, cta)}
        response = self.http_client.request("PUT", "1.1", route, params={"id": str(self.id)}, json=body, auth=True)
        return welcome_of(response, self.http_client)

    def delete(self) -> None:
        """Deletes the message."""
        route = "/direct_messages/welcome_messages/destroy.json"
        self.http_client.request("DELETE", "1.1", route, params={"id": str(self.id)}, auth=True)

    @property
    def created_at(self) -> datetime.datetime:
        """Time when the message was created."""
        return time_of_stamp(self._timestamp)

    @property
    def name(self) -> str | None:
        """Name of the message, which no user sees."""
        return self._name


class WelcomeMessageRule(Message):
    """Rule that shows a welcome message."""

    def __init__(
        self, id: str | int, welcome_message_id: str | int, timestamp: str | int, *, http_client: HTTPClient
    ) -> None:
        super().__init__(None, id=id, type=3)
        self._welcome_message_id = welcome_message_id
        self._timestamp = timestamp
        self.http_client = http_client

    def __repr__(self) -> str:
        return f"WelcomeMessageRule(id={self.id} welcome_message_id={self.welcome_message_id})"

    def delete(self) -> None:
        """Deletes the rule."""
        route = "/direct_messages/welcome_messages/rules/destroy.json"
        self.http_client.request("DELETE", "1.1", route, params={"id": str(self.id)}, auth=True)

    @property
    def created_at(self) -> datetime.datetime:
        """Time when the rule was created."""
        return time_of_stamp(self._timestamp)

    @property
    def welcome_message_id(self) -> int:
        """ID of the welcome message."""
        return int(self._welcome_message_id)


def welcome_of(response: dict[str, Any], http_client: HTTPClient) -> WelcomeMessage:
    """Returns the welcome message of a response."""
    message = response["welcome_message"]
    name = response.get("name") or message.get("name")
    return WelcomeMessage(
        name,
        text=message["message_data"].get("text"),
        id=message["id"],
        timestamp=message["created_timestamp"],
        http_client=http_client,
    )


def rule_of(rule: dict[str, Any], http_client: HTTPClient) -> WelcomeMessageRule:
    """Returns the rule of a response."""
    return WelcomeMessageRule(
        rule["id"], rule["welcome_message_id"], rule["created_timestamp"], http_client=http_client
    )
