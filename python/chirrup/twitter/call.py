"""The arguments of a call of Python Twitter Tools, as a request."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from .twitter_globals import POST_ACTIONS

POST_ACTIONS_RE = re.compile(f"({'|'.join(POST_ACTIONS)})" r"(/\d+)?$")


def method_for_uri(uri: str) -> str:
    """Returns the HTTP method that a route is called with by default."""
    return "POST" if POST_ACTIONS_RE.search(uri) else "GET"


def build_uri(orig_uriparts: Any, kwargs: dict[str, Any]) -> str:
    """Returns the path of a route, and removes from `kwargs` what became a part of the path.

    A part that begins with `_` is replaced by the argument of its name. The argument `id` is appended.
    """
    parts = [str(kwargs.pop(part, part)) if part.startswith("_") else part for part in orig_uriparts]
    if last := kwargs.pop("id", None):
        parts.append(str(last))
    return "/".join(parts)


@dataclass
class Request:
    """Request of a call: where it goes and what it sends."""

    method: str
    uri: str
    timeout: float | None
    arguments: dict[str, Any]
    """Arguments of the core: `params`, `form`, `json` and `files`."""
    values: dict[str, Any] = field(default_factory=dict)
    """Parameters, for messages."""

    @property
    def arg_data(self) -> str:
        """Parameters as a query, for messages."""
        return urlencode(self.values)


def read_arguments(uriparts: Any, kwargs: dict[str, Any]) -> Request:
    """Returns the request of a call with these keyword arguments."""
    values = dict(kwargs)
    values.update(values.pop("params", None) or {})
    uri = build_uri(uriparts, values)
    body = values.pop("_json", None)
    if "media/metadata/create" in uri and body is None:
        body = _alternative_text(values)
    forced = values.pop("_method", None)
    timeout = values.pop("_timeout", None)
    if query_id := values.pop("_id", None):
        values["id"] = query_id
    files = _files(values)
    method = (forced or ("POST" if body or files else method_for_uri(uri))).upper()
    is_v2 = uri.startswith("2/")
    # Of the parameters of a call with a JSON body, only those of the query are left.
    if body:
        arguments = {"json": body, "params": values}
    elif files:
        arguments = {"files": files, "form": values}
    elif method in ("GET", "DELETE"):
        arguments = {"params": values}
    else:
        arguments = {"json": values} if is_v2 else {"form": values}
    return Request(method, uri, timeout, {name: value for name, value in arguments.items() if value}, values)


def _alternative_text(values: dict[str, Any]) -> dict[str, Any] | None:
    """Returns the JSON body of a call for alternative text, whose arguments may be given one by one."""
    media_id = values.pop("media_id", None)
    text = values.pop("text", None)
    text = values.pop("alt_text", text)
    return {"media_id": str(media_id), "alt_text": {"text": text}} if media_id and text else None


def _files(values: dict[str, Any]) -> dict[str, bytes]:
    """Removes the images from the parameters and returns those that are sent as files."""
    is_base64 = values.pop("_base64", False)
    files: dict[str, bytes] = {}
    if "media" in values:
        files["media"] = _bytes(values.pop("media"))
    elif "media[]" in values:
        content = _bytes(values.pop("media[]"))
        files["media[]"] = base64.b64decode(content) if is_base64 else content
    for name in ("banner", "image"):
        if name in values:
            content = _bytes(values[name])
            values[name] = (content if is_base64 else base64.b64encode(content)).decode()
    return files


def _bytes(content: Any) -> bytes:
    return content.encode() if isinstance(content, str) else content
