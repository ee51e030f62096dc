"""Properties that read a member of the JSON object behind an object."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def member(name: str, doc: str, convert: Callable[[Any], Any] | None = None, default: Any = None) -> Any:
    """Returns a property for a member of `_payload`. An absent member is the default."""

    def read(self: Any) -> Any:
        value = self._payload.get(name)
        if value is None:
            return default
        return convert(value) if convert else value

    return property(read, doc=doc)


def is_same(kind: type[Any], one: Any, other: Any) -> bool:
    """Returns whether two objects have the same ID. A comparison with another type is an error, as in PyTweet."""
    if not isinstance(other, kind):
        raise ValueError(f"a {kind.__name__} can only be compared with a {kind.__name__}")
    return bool(one.id == other.id)
