"""Requests of API v2 whose arguments are not sent as they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ._endpoint import Request
from .direct_message_event import DirectMessageEvent
from .space import Space
from .user import User

USER = "expansions tweet.fields user.fields"
SPACE = "expansions space.fields user.fields"
DM_EVENTS = "dm_event.fields event_types expansions max_results media.fields pagination_token tweet.fields user.fields"


def _given(**values: Any) -> dict[str, Any]:
    """Returns the values that are not `None`."""
    return {name: value for name, value in values.items() if value is not None}


def _strings(ids: Iterable[Any] | None) -> list[str] | None:
    return None if ids is None else [str(id) for id in ids]


def _string(id: Any) -> str | None:
    return None if id is None else str(id)


def _only_one(first: Any, second: Any, names: str, *, is_required: bool = True) -> None:
    """Raises a `TypeError` unless one of two arguments is given."""
    if first is not None and second is not None:
        raise TypeError(f"expected {names}, not both")
    if is_required and first is None and second is None:
        raise TypeError(f"{names} is required")


def _message(media_id: Any, text: str | None) -> dict[str, Any]:
    attachments = None if media_id is None else [{"media_id": str(media_id)}]
    return _given(attachments=attachments, text=text)


def create_tweet(
    *,
    direct_message_deep_link: Any = None,
    for_super_followers_only: Any = None,
    place_id: Any = None,
    media_ids: Any = None,
    media_tagged_user_ids: Any = None,
    poll_duration_minutes: Any = None,
    poll_options: Any = None,
    quote_tweet_id: Any = None,
    exclude_reply_user_ids: Any = None,
    in_reply_to_tweet_id: Any = None,
    reply_settings: Any = None,
    text: Any = None,
    user_auth: bool = True,
    community_id: Any = None,
) -> Request:
    """Creates a post."""
    media = poll = reply = None
    if media_ids is not None:
        media = _given(media_ids=_strings(media_ids), tagged_user_ids=_strings(media_tagged_user_ids))
    if poll_options is not None:
        poll = _given(options=poll_options, duration_minutes=poll_duration_minutes)
    if in_reply_to_tweet_id is not None:
        excluded = _strings(exclude_reply_user_ids)
        reply = _given(in_reply_to_tweet_id=str(in_reply_to_tweet_id), exclude_reply_user_ids=excluded)
    json = _given(
        direct_message_deep_link=direct_message_deep_link,
        community_id=community_id,
        for_super_followers_only=for_super_followers_only,
        geo=None if place_id is None else {"place_id": place_id},
        media=media,
        poll=poll,
        quote_tweet_id=_string(quote_tweet_id),
        reply=reply,
        reply_settings=reply_settings,
        text=text,
    )
    return Request("POST", "/2/tweets", json=json, user_auth=user_auth)


def get_user(*, id: Any = None, username: Any = None, user_auth: bool = False, **params: Any) -> Request:
    """Returns a user, by ID or by username."""
    _only_one(id, username, "id or username")
    route = f"/2/users/{id}" if id is not None else f"/2/users/by/username/{username}"
    return Request("GET", route, params, tuple(USER.split()), data_type=User, user_auth=user_auth)


def get_users(*, ids: Any = None, usernames: Any = None, user_auth: bool = False, **params: Any) -> Request:
    """Returns up to 100 users, by IDs or by usernames."""
    _only_one(ids, usernames, "ids or usernames")
    route = "/2/users" if ids is not None else "/2/users/by"
    params |= _given(ids=ids, usernames=usernames)
    names = ("ids", "usernames", *USER.split())
    return Request("GET", route, params, names, data_type=User, user_auth=user_auth)


def get_spaces(*, ids: Any = None, user_ids: Any = None, **params: Any) -> Request:
    """Returns up to 100 Spaces, by their IDs or by those of their creators."""
    _only_one(ids, user_ids, "ids or user_ids")
    route = "/2/spaces" if ids is not None else "/2/spaces/by/creator_ids"
    params |= _given(ids=ids, user_ids=user_ids)
    return Request("GET", route, params, ("ids", "user_ids", *SPACE.split()), data_type=Space)


def get_direct_message_events(
    *, dm_conversation_id: Any = None, participant_id: Any = None, user_auth: bool = True, **params: Any
) -> Request:
    """Returns events of all your conversations, of one of them, or of that with a user."""
    _only_one(dm_conversation_id, participant_id, "dm_conversation_id or participant_id", is_required=False)
    route = "/2/dm_events"
    if dm_conversation_id is not None:
        route = f"/2/dm_conversations/{dm_conversation_id}/dm_events"
    elif participant_id is not None:
        route = f"/2/dm_conversations/with/{participant_id}/dm_events"
    names = tuple(DM_EVENTS.split())
    return Request("GET", route, params, names, data_type=DirectMessageEvent, user_auth=user_auth)


def create_direct_message(
    *,
    dm_conversation_id: Any = None,
    participant_id: Any = None,
    media_id: Any = None,
    text: Any = None,
    user_auth: bool = True,
) -> Request:
    """Sends a message to a conversation, or to a user."""
    _only_one(dm_conversation_id, participant_id, "dm_conversation_id or participant_id")
    place = dm_conversation_id if dm_conversation_id is not None else f"with/{participant_id}"
    json = _message(media_id, text)
    return Request("POST", f"/2/dm_conversations/{place}/messages", json=json, user_auth=user_auth)


def create_direct_message_conversation(
    *, media_id: Any = None, text: Any = None, participant_ids: Any, user_auth: bool = True
) -> Request:
    """Creates a conversation of a group and sends its first message."""
    json = {
        "conversation_type": "Group",
        "message": _message(media_id, text),
        "participant_ids": _strings(participant_ids),
    }
    return Request("POST", "/2/dm_conversations", json=json, user_auth=user_auth)


def update_list(
    id: Any, *, description: Any = None, name: Any = None, private: Any = None, user_auth: bool = True
) -> Request:
    """Changes the name, the description or the privacy of a list."""
    json = _given(description=description, name=name, private=private)
    return Request("PUT", f"/2/lists/{id}", json=json, user_auth=user_auth)


def create_list(name: Any, *, description: Any = None, private: Any = None, user_auth: bool = True) -> Request:
    """Creates a list."""
    json = {"name": name, **_given(description=description, private=private)}
    return Request("POST", "/2/lists", json=json, user_auth=user_auth)


def create_compliance_job(type: Any, *, name: Any = None, resumable: Any = None) -> Request:
    """Creates a compliance job."""
    return Request("POST", "/2/compliance/jobs", json={"type": type, **_given(name=name, resumable=resumable)})
