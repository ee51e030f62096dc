"""Behavior that the objects of responses share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


class EqualityComparableID:
    """Objects of one class are equal if their IDs are."""

    __slots__ = ()
    id: Any

    def __eq__(self, other: object) -> bool:
        return self.id == other.id if isinstance(other, type(self)) else NotImplemented


class HashableID(EqualityComparableID):
    """Objects that are also hashed by their ID."""

    __slots__ = ()

    def __hash__(self) -> int:
        return hash(self.id)


class DataMapping(Mapping[str, Any]):
    """Object whose attributes are items too, and whose `data` is the JSON of the response."""

    __slots__ = ()
    data: dict[str, Any]

    def __contains__(self, item: object) -> bool:
        return item in self.data

    def __getattr__(self, name: str) -> Any:
        # `data` itself is missing while an object is copied or unpickled.
        if name == "data" or name not in self.data:
            raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")
        return self.data[name]

    def __getitem__(self, key: str) -> Any:
        try:
            return getattr(self, key)
        except AttributeError:
            raise KeyError(key) from None

    def __iter__(self) -> Iterator[Any]:
        return iter(self.data)

    def __len__(self) -> int:
        return len(self.data)
