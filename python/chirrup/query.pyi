"""The language of searches and stream rules: parse, check, explain and match. Nothing here uses the network."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from typing_extensions import TypeAlias

from ._native import Object, Response

_Post: TypeAlias = Object | Response[Object] | Mapping[str, Any]
_Includes: TypeAlias = Object | Mapping[str, Any]

class Query:
    """Parsed query of a search or stream rule. `str()` returns its text."""

    def __init__(self, text: str) -> None: ...
    def explain(self) -> str:
        """Describes the matching posts in English."""

    def normalize(self) -> Query:
        """Returns an equivalent query without redundant groups, repeated terms and double negations."""

    def matches(
        self, post: _Post, includes: _Includes | None = None, *, mode: Literal["search", "stream"] = "search"
    ) -> bool:
        """Returns whether a post matches by the rules of searches or of streams."""

class Diagnostic:
    """Error or warning about a query."""

    @property
    def severity(self) -> Literal["error", "warning"]: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def message(self) -> str: ...
    @property
    def suggestion(self) -> str | None: ...

class Report:
    """Result of the check of a query. `str()` shows its errors and warnings below the query."""

    @property
    def ok(self) -> bool: ...
    @property
    def diagnostics(self) -> list[Diagnostic]: ...
    @property
    def query(self) -> Query | None: ...

class RuleIndex:
    """Index of many rules, which tests a post against all of them at once."""

    def __init__(self, rules: Iterable[str]) -> None: ...
    def matches(
        self, post: _Post, includes: _Includes | None = None, *, mode: Literal["search", "stream"] = "stream"
    ) -> list[int]:
        """Returns the positions of all rules that a post matches, in ascending order."""

def parse(text: str) -> Query:
    """Parses a query. Raises `ArgumentError` with the position of a mistake."""

def explain(text: str) -> str:
    """Describes the posts that a query matches in English."""

def check(text: str, product: Literal["recent", "all", "stream"] = "recent", *, enterprise: bool = False) -> Report:
    """Checks a query before X does."""
