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
    """Object whose attributes are converted from `data` when it is created.

    The fields of a class are its `__slots__`. Those that the response does not contain are `None`.
    """

    __slots__ = ("data",)
    _REQUIRED: ClassVar[tuple[str, ...]] = ()
    """Fields without which an object cannot be created."""
    _LISTS: ClassVar[tuple[str, ...]] = ()
    """Fields that are an empty list if the response does not contain them."""
    _CONVERSIONS: ClassVar[dict[str, Conversion]] = {}
    """Conversions of the fields that do not stay as they are."""
    _rest: ClassVar[tuple[tuple[str, Conversion], ...]] = ()

    def __init_subclass__(cls) -> None:
        # A class of a program may derive from one with fields.
        if "_REQUIRED" not in vars(cls):
            return
        rest = (name for name in cls.__slots__ if name not in cls._REQUIRED and name not in cls._LISTS)
        cls._rest = tuple((name, cls._CONVERSIONS.get(name, as_is)) for name in rest)

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        for name in self._REQUIRED:
            setattr(self, name, self._CONVERSIONS.get(name, as_is)(data[name]))
        for name, convert in self._rest:
            value = data.get(name)
            setattr(self, name, None if value is None else convert(value))
        for name in self._LISTS:
            setattr(self, name, data.get(name, []))
