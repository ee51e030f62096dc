"""Values of Python as parameters of a call."""

from __future__ import annotations

from typing import Any


def _transparent_params(_params: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Splits parameters into values and open files. A value of a type that has no form in a URL is left out."""
    values: dict[str, Any] = {}
    files: dict[str, Any] = {}
    for name, value in _params.items():
        if callable(getattr(value, "read", None)):
            files[name] = value
        elif isinstance(value, bool):
            values[name] = "true" if value else "false"
        elif isinstance(value, (str, bytes, int, float)):
            values[name] = value
        elif isinstance(value, list):
            values[name] = ",".join(map(str, value))
    return values, files
