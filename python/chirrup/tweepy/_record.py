"""Objects of API v2, each described by the names and conversions of its fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from .mixins import DataMapping

Conversion = Callable[[Any], Any]


def as_is(value: Any) -> Any:
    """Returns a value without a conversion."""
    return value


def int_list(values: list[str]) -> list[int]:
    """Converts IDs to integers."""
    return [int(value) for value in values]


class Record(DataMapping):
    """Object whose attributes are converted from `data` when it is created."""

    __slots__ = ("data",)
    _REQUIRED: ClassVar[dict[str, Conversion]] = {}
    """Fields that every object has; without one, the object cannot be created."""
    _OPTIONAL: ClassVar[dict[str, Conversion]] = {}
    """Fields that are `None` if the response does not contain them."""
    _LISTS: ClassVar[tuple[str, ...]] = ()
    """Fields that are an empty list if the response does not contain them."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        for name, convert in self._REQUIRED.items():
            setattr(self, name, convert(data[name]))
        for name, convert in self._OPTIONAL.items():
            value = data.get(name)
            setattr(self, name, None if value is None else convert(value))
        for name in self._LISTS:
            setattr(self, name, data.get(name, []))
