"""Models of API v1.1: objects whose attributes are the members of the JSON, and which act through their `API`."""

from __future__ import annotations

from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any, ClassVar, TypeVar

from .mixins import HashableID

_M = TypeVar("_M", bound="Model")
Conversion = Callable[[Any, Any], Any]
"""Conversion of a member of the JSON: of the `API` and the value."""


def _time(api: Any, value: str) -> Any:
    return parsedate_to_datetime(value)


class Model:
    """Base class of models."""

    _CONVERSIONS: ClassVar[dict[str, Conversion]] = {}
    """Conversions of members, by name. Other members are attributes as they are."""
    _KEEPS_JSON: ClassVar[bool] = False
    """Whether the attribute `_json` is the JSON of the object."""
    _LIST_PATH: ClassVar[tuple[str, ...]] = ()
    """Members that lead to the list in a response which is an object."""

    def __init__(self, api: Any = None) -> None:
        self._api = api

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "_api"}

    def _fill(self: _M, json: dict[str, Any]) -> _M:
        """Sets the attributes to the members of an object."""
        if self._KEEPS_JSON:
            self._json = json
        for name, value in json.items():
            convert = self._CONVERSIONS.get(name)
            setattr(self, name, value if convert is None else convert(self._api, value))
        return self

    @classmethod
    def parse(cls, api: Any, json: Any) -> Any:
        """Creates a model of a JSON object."""
        raise NotImplementedError

    @classmethod
    def parse_list(cls, api: Any, json_list: Any) -> Any:
        """Creates a `ResultSet` of the models of a JSON list."""
        results = ResultSet()
        if isinstance(json_list, dict) and "id" in json_list and not cls._LIST_PATH:
            # The object that `lookup_statuses` returns with `map`.
            for id, each in json_list["id"].items():
                results.append(cls.parse(api, each or {"id": int(id)}))
            return results
        results.extend(cls.parse(api, each) for each in cls._list_of(json_list) if each)
        return results

    @classmethod
    def _list_of(cls, json_list: Any) -> Any:
        if isinstance(json_list, dict):
            for name in cls._LIST_PATH or ("results",):
                json_list = json_list[name]
        return json_list

    def __repr__(self) -> str:
        attributes = ", ".join(f"{name}={value!r}" for name, value in vars(self).items())
        return f"{type(self).__name__}({attributes})"


class ResultSet(list[Any]):
    """List of the models of a response."""

    def __init__(self, max_id: int | None = None, since_id: int | None = None) -> None:
        super().__init__()
        self._max_id = max_id
        self._since_id = since_id

    @property
    def max_id(self) -> int | None:
        """One less than the smallest ID: the parameter for older items."""
        return self._max_id or min((id - 1 for id in self.ids()), default=None)

    @property
    def since_id(self) -> int | None:
        """Largest ID: the parameter for newer items."""
        return self._since_id or max(self.ids(), default=None)

    def ids(self) -> list[int]:
        """Returns the IDs of the items that have one."""
        return [item.id for item in self if hasattr(item, "id")]


class _Object(Model):
    """Model that is created from one JSON object."""

    @classmethod
    def parse(cls, api: Any, json: Any) -> Any:
        return cls(api)._fill(json or {})


class BoundingBox(_Object):
    """Rectangle around a place."""

    def origin(self) -> tuple[float, float]:
        """Returns longitude and latitude of the southwest corner."""
        return tuple(self.coordinates[0][0])  # type: ignore[attr-defined]

    def corner(self) -> tuple[float, float]:
        """Returns longitude and latitude of the northeast corner."""
        return tuple(self.coordinates[0][2])  # type: ignore[attr-defined]


class DirectMessage(_Object):
    """Direct message."""

    _KEEPS_JSON = True
    _LIST_PATH = ("events",)
    id: Any

    @classmethod
    def parse(cls, api: Any, json: Any) -> Any:
        return super().parse(api, json.get("event", json))

    def delete(self) -> Any:
        """Deletes the message."""
        return self._api.delete_direct_message(self.id)


class Friendship(Model):
    """One side of the relation between two users."""

    _KEEPS_JSON = True

    @classmethod
    def parse(cls, api: Any, json: Any) -> Any:
        sides = json["relationship"]
        return cls(api)._fill(sides["source"]), cls(api)._fill(sides["target"])


class List(_Object):
    """List of users."""

    _KEEPS_JSON = True
    _LIST_PATH = ("lists",)
    _CONVERSIONS = {"user": lambda api, value: User.parse(api, value), "created_at": _time}
    id: Any

    def update(self, **kwargs: Any) -> Any:
        """Changes the list."""
        return self._api.update_list(list_id=self.id, **kwargs)

    def destroy(self) -> Any:
        """Deletes the list."""
        return self._api.destroy_list(list_id=self.id)

    def timeline(self, **kwargs: Any) -> Any:
        """Returns posts of the members."""
        return self._api.list_timeline(list_id=self.id, **kwargs)

    def add_member(self, id: Any) -> Any:
        """Adds a user to the list."""
        return self._api.add_list_member(list_id=self.id, user_id=id)

    def remove_member(self, id: Any) -> Any:
        """Removes a user from the list."""
        return self._api.remove_list_member(list_id=self.id, user_id=id)

    def members(self, **kwargs: Any) -> Any:
        """Returns the members."""
        return self._api.get_list_members(list_id=self.id, **kwargs)

    def subscribe(self) -> Any:
        """Subscribes you to the list."""
        return self._api.subscribe_list(list_id=self.id)

    def unsubscribe(self) -> Any:
        """Ends your subscription."""
        return self._api.unsubscribe_list(list_id=self.id)

    def subscribers(self, **kwargs: Any) -> Any:
        """Returns the subscribers."""
        return self._api.get_list_subscribers(list_id=self.id, **kwargs)


class Media(_Object):
    """Uploaded media file."""


class Place(_Object):
    """Place of a post."""

    _LIST_PATH = ("result", "places")
    _CONVERSIONS = {
        "bounding_box": lambda api, value: value and BoundingBox.parse(api, value),
        "contained_within": lambda api, value: Place.parse_list(api, value),
    }


_CONNECTIONS = {
    "is_following": "following",
    "is_followed_by": "followed_by",
    "is_muted": "muting",
    "is_blocked": "blocking",
    "is_following_requested": "following_requested",
    "no_relationship": "none",
}


class Relationship(_Object):
    """Your relation to a user."""

    def _fill(self: _M, json: dict[str, Any]) -> _M:
        connections = json.get("connections")
        if connections is not None:
            for name, connection in _CONNECTIONS.items():
                setattr(self, name, connection in connections)
        return super()._fill({name: value for name, value in json.items() if name != "connections"})


class SavedSearch(_Object):
    """Saved search."""

    _CONVERSIONS = {"created_at": _time}
    id: Any

    def destroy(self) -> Any:
        """Deletes the search."""
        return self._api.destroy_saved_search(self.id)


class SearchResults(ResultSet):
    """Posts that a search has found, with its metadata as attributes."""

    @classmethod
    def parse(cls, api: Any, json: Any) -> Any:
        """Creates the list of a response."""
        results = cls()
        for name in ("refresh_url", "completed_in", "query", "count", "next_results"):
            setattr(results, name, json["search_metadata"].get(name))
        status = _model(api, "status", Status)
        results.extend(status.parse(api, each) for each in json["statuses"])
        return results


def _model(api: Any, name: str, default: Any) -> Any:
    """Returns the model that the parser of an API has for a name."""
    factory = getattr(getattr(api, "parser", None), "model_factory", None)
    return getattr(factory, name, default)


class Status(_Object, HashableID):
    """Post of API v1.1."""

    _KEEPS_JSON = True
    _CONVERSIONS = {
        "created_at": _time,
        "retweeted_status": lambda api, value: Status.parse(api, value),
        "quoted_status": lambda api, value: Status.parse(api, value),
        "place": lambda api, value: value and Place.parse(api, value),
        "user": lambda api, value: _model(api, "user", User).parse(api, value),
    }

    def _fill(self: _M, json: dict[str, Any]) -> _M:
        super()._fill(json)
        attributes = vars(self)
        if "user" in json:
            attributes["author"] = attributes["user"]
        if "source" in json:
            attributes["source"], attributes["source_url"] = _source(json["source"] or "")
        return self

    def destroy(self) -> Any:
        """Deletes the post."""
        return self._api.destroy_status(self.id)

    def retweet(self) -> Any:
        """Reposts the post."""
        return self._api.retweet(self.id)

    def retweets(self) -> Any:
        """Returns the reposts of the post."""
        return self._api.get_retweets(self.id)

    def favorite(self) -> Any:
        """Likes the post."""
        return self._api.create_favorite(self.id)


def _source(html: str) -> tuple[str, str | None]:
    """Returns the name and the URL of an app from `<a href="URL" rel="nofollow">NAME</a>`."""
    if "<" not in html:
        return html, None
    name = html[html.find(">") + 1 : html.rfind("<")]
    return name, html.partition('"')[2].partition('"')[0]


class User(_Object, HashableID):
    """User of API v1.1."""

    _KEEPS_JSON = True
    _LIST_PATH = ("users",)
    _CONVERSIONS = {
        "created_at": _time,
        "status": lambda api, value: Status.parse(api, value),
        # X writes null for false.
        "following": lambda api, value: value is True,
    }

    def timeline(self, **kwargs: Any) -> Any:
        """Returns the posts of the user."""
        return self._api.user_timeline(user_id=self.id, **kwargs)

    def friends(self, **kwargs: Any) -> Any:
        """Returns the users that the user follows."""
        return self._api.get_friends(user_id=self.id, **kwargs)

    def followers(self, **kwargs: Any) -> Any:
        """Returns the followers of the user."""
        return self._api.get_followers(user_id=self.id, **kwargs)

    def follow(self) -> None:
        """Follows the user."""
        self._api.create_friendship(user_id=self.id)
        self.following = True

    def unfollow(self) -> None:
        """Unfollows the user."""
        self._api.destroy_friendship(user_id=self.id)
        self.following = False

    def list_memberships(self, *args: Any, **kwargs: Any) -> Any:
        """Returns the lists that have the user."""
        return self._api.get_list_memberships(*args, user_id=self.id, **kwargs)

    def list_ownerships(self, *args: Any, **kwargs: Any) -> Any:
        """Returns the lists of the user."""
        return self._api.get_list_ownerships(*args, user_id=self.id, **kwargs)

    def list_subscriptions(self, *args: Any, **kwargs: Any) -> Any:
        """Returns the lists to which the user has subscribed."""
        return self._api.get_list_subscriptions(*args, user_id=self.id, **kwargs)

    def lists(self, *args: Any, **kwargs: Any) -> Any:
        """Returns the lists and the subscriptions of the user."""
        return self._api.get_lists(*args, user_id=self.id, **kwargs)

    def follower_ids(self, *args: Any, **kwargs: Any) -> Any:
        """Returns the IDs of the followers of the user."""
        return self._api.get_follower_ids(*args, user_id=self.id, **kwargs)


class IDModel(Model):
    """List of IDs."""

    @classmethod
    def parse(cls, api: Any, json: Any) -> Any:
        return json if isinstance(json, list) else json["ids"]


class JSONModel(Model):
    """Any JSON, as it is."""

    @classmethod
    def parse(cls, api: Any, json: Any) -> Any:
        return json


class ModelFactory:
    """Models by the names of types. A subclass replaces some of them."""

    bounding_box = BoundingBox
    direct_message = DirectMessage
    friendship = Friendship
    list = List
    media = Media
    place = Place
    relationship = Relationship
    saved_search = SavedSearch
    search_results = SearchResults
    status = Status
    user = User

    ids = IDModel
    json = JSONModel
