"""Places of API v2."""

from __future__ import annotations

from ._record import Record
from .mixins import HashableID

#: All fields of a `Place`.
PLACE_FIELDS = ["contained_within", "country", "country_code", "full_name", "geo", "id", "name", "place_type"]


class Place(HashableID, Record):
    """Place of API v2. `PLACE_FIELDS` are its attributes; those that were not requested are `None`."""

    __slots__ = tuple(PLACE_FIELDS)
    _REQUIRED = ("full_name", "id")
    _LISTS = ("contained_within",)

    def __repr__(self) -> str:
        return f"<Place id={self.id} full_name={self.full_name}>"

    def __str__(self) -> str:
        return str(self.full_name)
