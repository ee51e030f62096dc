"""What a tweet or a direct message can carry: files, polls, places, buttons and replies to choose from."""

from __future__ import annotations

import datetime
import mimetypes
import os
from dataclasses import dataclass
from typing import Any

from .entities import Media
from .enums import ButtonType
from .payload import is_same, member
from .utils import time_of_stamp, time_parse_todt


@dataclass
class Button:
    """Button of a direct message."""

    label: str
    type: ButtonType | str
    url: str
    tco_url: str | None = None


@dataclass
class Option:
    """Reply to choose from."""

    label: str
    description: str | None
    metadata: str | None


@dataclass
class PollOption:
    """Option of a poll."""

    label: str
    position: int = 0
    votes: int = 0


class Poll:
    """Poll of a tweet, which is open for a number of minutes."""

    def __init__(self, duration: int, **kwargs: Any) -> None:
        self._id = kwargs.get("id")
        self._voting_status = kwargs.get("voting_status")
        self._end_date = kwargs.get("end_date")
        self._duration = duration
        self._options: list[PollOption] = []

    def __repr__(self) -> str:
        return f"Poll(id={self.id} voting_status={self.voting_status} duration={self.duration})"

    def __eq__(self, other: object) -> bool:
        return is_same(Poll, self, other)

    def __ne__(self, other: object) -> bool:
        return not is_same(Poll, self, other)

    def __len__(self) -> int:
        return len(self._options)

    def add_option(self, *, label: str, **kwargs: Any) -> Poll:
        """Adds an option and returns the poll."""
        self._options.append(PollOption(label, kwargs.get("position") or 0, kwargs.get("votes") or 0))
        return self

    @property
    def id(self) -> int | None:
        """ID of the poll."""
        return int(self._id) if self._id else None

    @property
    def options(self) -> list[PollOption]:
        """Options of the poll."""
        return self._options

    @property
    def raw_options(self) -> list[dict[str, Any]]:
        """Options of the poll as dictionaries."""
        return [vars(option) for option in self._options]

    @property
    def voting_status(self) -> bool:
        """Whether the poll is open."""
        return self._voting_status == "open"

    @property
    def duration(self) -> int | None:
        """Minutes that the poll is open."""
        return int(self._duration) if self._duration else None

    @property
    def end_date(self) -> datetime.datetime | None:
        """Time when the poll closes."""
        return time_parse_todt(self._end_date) if self._end_date else None


class QuickReply:
    """Replies to choose from in a direct message."""

    def __init__(self, type: str = "options") -> None:
        self.type = "options"
        self._options: list[Option] = []

    def add_option(self, *, label: str, description: str | None = None, metadata: str | None = None) -> QuickReply:
        """Adds a reply and returns the object."""
        self._options.append(Option(label, description, metadata))
        return self

    @property
    def options(self) -> list[Option]:
        """Replies to choose from."""
        return self._options

    @property
    def raw_options(self) -> list[dict[str, Any]]:
        """Replies to choose from as dictionaries."""
        return [vars(option) for option in self._options]


class CTA:
    """Buttons of a direct message."""

    def __init__(self) -> None:
        self._buttons: list[Button] = []

    def add_button(
        self, *, label: str, url: str, type: ButtonType | str = ButtonType.web_url, tco_url: str | None = None
    ) -> CTA:
        """Adds a button and returns the object."""
        self._buttons.append(Button(label, type, url, tco_url))
        return self

    @property
    def buttons(self) -> list[Button]:
        """Buttons of the message."""
        return self._buttons

    @property
    def raw_buttons(self) -> list[dict[str, Any]]:
        """Buttons of the message as dictionaries."""
        kinds = [each.type.value if isinstance(each.type, ButtonType) else each.type for each in self._buttons]
        return [{"type": kind, "label": each.label, "url": each.url} for kind, each in zip(kinds, self._buttons)]


class Geo:
    """Place."""

    def __init__(self, data: dict[str, Any]) -> None:
        self._payload = data
        self._bounding_box = data.get("bounding_box") or {}

    def __repr__(self) -> str:
        return f"Geo(name={self.name} fullname={self.fullname} country={self.country} id={self.id})"

    name = member("name", "Name of the place.")
    id = member("id", "ID of the place.")
    fullname = member("full_name", "Name of the place with its region.")
    type = member("place_type", "Kind of the place, such as city.")
    country = member("country", "Country of the place.")
    country_code = member("country_code", "Code of the country.")
    centroid = member("centroid", "Center of the place.")

    @property
    def bounding_box_type(self) -> str | None:
        """Type of the area."""
        return self._bounding_box.get("type")

    @property
    def coordinates(self) -> list[Any] | None:
        """Corners of the area."""
        return self._bounding_box.get("coordinates")


class File:
    """File on this machine that is uploaded with a message.

    Args:
        path_to_filename: Path of the file.
        dm_only: Whether the file is for direct messages only.
    """

    def __init__(self, path_to_filename: str, *, dm_only: bool = False) -> None:
        self._path = path_to_filename
        self._total_bytes = os.path.getsize(path_to_filename)
        self._mimetype = mimetypes.guess_type(path_to_filename)[0]
        self.dm_only = dm_only

    def __repr__(self) -> str:
        return f"File(filename={self.filename})"

    @property
    def path(self) -> str:
        """Path of the file."""
        return self._path

    @property
    def mimetype(self) -> str | None:
        """Media type, from the name of the file."""
        return self._mimetype

    @property
    def filename(self) -> str:
        """Name of the file without its folder."""
        return os.path.basename(self._path)

    @property
    def total_bytes(self) -> int:
        """Size in bytes."""
        return self._total_bytes

    @property
    def media_category(self) -> str | None:
        """Category of the upload, such as `TWEET_IMAGE` or `dm_video`."""
        mimetype = self._mimetype or ""
        kind = "gif" if "gif" in mimetype else mimetype.split("/")[0]
        if kind not in ("gif", "image", "video"):
            return None
        return f"dm_{kind}" if self.dm_only else f"TWEET_{kind.upper()}"


class CustomProfile:
    """Name and picture under which a direct message is sent."""

    def __init__(self, name: str, id: str | int, timestamp: str | int, media: dict[str, Any]) -> None:
        self._name = name
        self._id = id
        self._timestamp = timestamp
        self._media = Media(media)

    def __repr__(self) -> str:
        return f"CustomProfile(name={self.name} id={self.id})"

    @property
    def name(self) -> str:
        """Name of the sender."""
        return self._name

    @property
    def id(self) -> int:
        """ID of the profile."""
        return int(self._id)

    @property
    def created_at(self) -> datetime.datetime:
        """Time when the profile was created."""
        return time_of_stamp(self._timestamp)

    @property
    def media(self) -> Media:
        """Picture of the sender."""
        return self._media
