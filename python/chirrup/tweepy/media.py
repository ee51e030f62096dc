"""Media of API v2."""

from __future__ import annotations

from ._record import Record

#: All fields of a `Media`.
MEDIA_FIELDS = [
    "alt_text",
    "duration_ms",
    "height",
    "media_key",
    "non_public_metrics",
    "organic_metrics",
    "preview_image_url",
    "promoted_metrics",
    "public_metrics",
    "type",
    "url",
    "variants",
    "width",
]


class Media(Record):
    """Photo, video or GIF of API v2. `MEDIA_FIELDS` are its attributes; those that were not requested are `None`."""

    __slots__ = tuple(MEDIA_FIELDS)
    _REQUIRED = ("media_key", "type")

    def __eq__(self, other: object) -> bool:
        return self.media_key == other.media_key if isinstance(other, type(self)) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.media_key)

    def __repr__(self) -> str:
        return f"<Media media_key={self.media_key} type={self.type}>"
