"""Types of objects for annotations, such as `models.Post`. While a program runs, each of them is `chirrup.Object`."""

from __future__ import annotations

from ._native import Object


def __getattr__(name: str) -> type[Object]:
    if name.startswith("_"):
        raise AttributeError(f"module 'chirrup.models' has no attribute '{name}'")
    return Object
