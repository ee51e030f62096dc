"""Media, and the parts of a message: hashtags, mentions, links and symbols."""

from __future__ import annotations

from typing import Any

from .enums import MediaType
from .payload import member


class Media:
    """Media file of a tweet."""

    def __init__(self, data: dict[str, Any]) -> None:
        self._payload = data

    url = member("url", "URL of a photo.")
    preview_image_url = member("preview_image_url", "URL of a still of a video.")
    media_key = member("media_key", "Media key.")
    type = member("type", "Kind of the media file.", MediaType)
    width = member("width", "Width in pixels.", int)
    height = member("height", "Height in pixels.", int)


class _Part:
    """Part of the text of a message."""

    def __init__(self, data: Any = dict[str, Any]) -> None:
        self._payload = data

    @property
    def points(self) -> tuple[int, int]:
        """Start and end in the text."""
        start, end = self._payload["indices"]
        return start, end


class Hashtags(_Part):
    """Hashtag of a message."""

    text = member("text", "Text of the hashtag.")


class Symbols(_Part):
    """Cashtag of a message."""

    text = member("text", "Text of the cashtag.")


class UserMentions(_Part):
    """Mention of a user in a message."""

    name = member("name", "Name of the user.")
    screen_name = member("screen_name", "Username of the user.")
    id = member("id", "ID of the user.", int)


class Urls(_Part):
    """Link of a message."""

    url = member("url", "Short URL.")
    display_url = member("display_url", "URL as it is shown.")
    expanded_url = member("expanded_url", "Complete URL.")
