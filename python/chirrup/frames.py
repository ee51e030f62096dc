"""Tables of posts, users and other objects for pandas, Polars and Arrow, none of which the package requires.

>>> import chirrup
>>> from chirrup import frames
>>> with chirrup.Sandbox() as sandbox:
...     client = chirrup.Client(base_url=sandbox.url, credentials=sandbox.credentials)
...     table = frames.Table(client.search_recent.items("the", limit=500, post_fields=["created_at", "public_metrics"]))

A page, a list of a response and a table have the C interface of Arrow: `polars.DataFrame(page)` and `pyarrow.table(page)` read them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from importlib import import_module
from os import PathLike
from pathlib import Path
from typing import Any

from ._native import Object, Response, Table

__all__ = ["Table", "read_archive", "to_arrow", "to_pandas", "to_polars"]

_ARCHIVED = ("posts", "users", "media", "places", "polls")


def to_pandas(items: Iterable[Object | Response[Object]]) -> Any:
    """Returns the objects as a `DataFrame` of pandas."""
    table = Table(items)
    return import_module("pandas").DataFrame({name: table[name] for name in table.keys()})


def to_polars(items: Iterable[Object | Response[Object]]) -> Any:
    """Returns the objects as a `DataFrame` of Polars."""
    return import_module("polars").DataFrame(Table(items))


def to_arrow(items: Iterable[Object | Response[Object]]) -> Any:
    """Returns the objects as a `Table` of pyarrow."""
    return import_module("pyarrow").table(Table(items))


def read_archive(path: str | PathLike[str], kind: str = "posts") -> Iterator[Object]:
    """Yields the objects of an archive, as `chirrup collect` writes it: "posts", "users", "media", "places" or "polls"."""
    if kind not in _ARCHIVED:
        raise ValueError(f"read_archive: `{kind}` is not a kind of objects: expected {', '.join(_ARCHIVED)}")
    with closing(sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode=ro", uri=True)) as database:
        for (json,) in database.execute(f"SELECT json FROM {kind}"):
            yield Object(json)
