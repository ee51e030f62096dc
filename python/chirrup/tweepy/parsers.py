"""Parsers of the responses of API v1.1."""

from __future__ import annotations

import json as json_module
from typing import Any

from .errors import TweepyException
from .models import ModelFactory


class Parser:
    """Base class of parsers."""

    def parse(self, payload: Any, *args: Any, **kwargs: Any) -> Any:
        """Returns the result of a response; with cursors, a tuple of both."""
        raise NotImplementedError


class RawParser(Parser):
    """Returns the text of a response."""

    def __init__(self) -> None:
        pass

    def parse(self, payload: Any, *args: Any, **kwargs: Any) -> Any:
        """Returns the text as it is."""
        return payload


def _cursors(json: Any) -> Any:
    """Returns the cursors of a page; `None` for other responses."""
    if not isinstance(json, dict):
        return None
    if "next" in json:
        return json["next"]
    if "next_cursor" not in json:
        return None
    return (json["previous_cursor"], json["next_cursor"]) if "previous_cursor" in json else json["next_cursor"]


class JSONParser(Parser):
    """Returns the JSON of a response."""

    payload_format = "json"

    def parse(self, payload: Any, *, return_cursors: bool = False, **kwargs: Any) -> Any:
        """Returns the JSON; a tuple of JSON and cursors if these are asked for and present."""
        if not payload:
            return None
        try:
            json = json_module.loads(payload)
        except ValueError as error:
            raise TweepyException(f"the response is not JSON: {error}") from error
        cursors = _cursors(json) if return_cursors else None
        return json if cursors is None else (json, cursors)


class ModelParser(JSONParser):
    """Returns a model of a response. A subclass of `ModelFactory` has models of your own."""

    def __init__(self, model_factory: Any = None) -> None:
        self.model_factory = model_factory or ModelFactory

    def parse(  # type: ignore[override]
        self,
        payload: Any,
        *,
        api: Any = None,
        payload_list: bool = False,
        payload_type: str | None = None,
        return_cursors: bool = False,
    ) -> Any:
        """Returns the model of a type, or a list of models; with cursors, a tuple of both."""
        if payload_type is None:
            return None
        model = getattr(self.model_factory, payload_type, None)
        if model is None:
            raise TweepyException(f"there is no model for the type {payload_type}")
        parsed = super().parse(payload, return_cursors=return_cursors)
        json, cursors = parsed if isinstance(parsed, tuple) else (parsed, None)
        try:
            result = model.parse_list(api, json) if payload_list else model.parse(api, json)
        except KeyError as error:
            raise TweepyException(f"the response has no member {error}: {json}") from None
        return (result, cursors) if cursors else result
