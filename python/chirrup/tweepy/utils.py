"""Conversions of values."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any


def list_to_csv(item_list: Iterable[Any] | None) -> str | None:
    """Joins values by commas; `None` if there are none."""
    return ",".join(map(str, item_list)) if item_list else None


def parse_datetime(datetime_string: str) -> datetime.datetime:
    """Returns a time of API v2 as an aware `datetime` in UTC."""
    try:
        time = datetime.datetime.fromisoformat(datetime_string.replace("Z", "+00:00"))
    except ValueError:  # Python 3.10 accepts only fractions of three or six digits.
        time = datetime.datetime.strptime(datetime_string, "%Y-%m-%dT%H:%M:%S.%f%z")
    return time.astimezone(datetime.timezone.utc)
