"""Methods of the clients, made from one row for each endpoint.

A row says what a request contains. The methods of the synchronous and of the asynchronous client are made of it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from string import Formatter
from typing import Any

NOTHING = inspect.Parameter.empty


@dataclass
class Request:
    """Arguments of a client's `_make_request`. `{me}` in the route is the ID of the authenticated user."""

    method: str
    route: str
    params: dict[str, Any] = field(default_factory=dict)
    endpoint_parameters: tuple[str, ...] = ()
    json: dict[str, Any] | None = None
    data_type: Any = None
    user_auth: bool = False

    def arguments(self) -> dict[str, Any]:
        """Returns the keyword arguments of `_make_request`."""
        return {**vars(self)}


Prepare = Callable[..., Request]


@dataclass
class Row:
    """A method: what prepares its request, its signature without `self`, its documentation, and the data of its response."""

    prepare: Prepare
    signature: inspect.Signature
    documentation: str
    route: str
    data_type: Any


def _parameter(name: str, default: Any = NOTHING, kind: Any = inspect.Parameter.KEYWORD_ONLY) -> inspect.Parameter:
    return inspect.Parameter(name, kind, default=default)


def _signature(positional: list[str], user_auth: bool | None, has_params: bool) -> inspect.Signature:
    parameters = [_parameter(name, kind=inspect.Parameter.POSITIONAL_OR_KEYWORD) for name in positional]
    if user_auth is not None:
        parameters.append(_parameter("user_auth", user_auth))
    if has_params:
        parameters.append(_parameter("params", kind=inspect.Parameter.VAR_KEYWORD))
    return inspect.Signature(parameters)


def _documentation(summary: str, endpoint: str, params: tuple[str, ...]) -> str:
    text = f"{summary}\n\n`{endpoint}`"
    if params:
        text += "\n\nKeyword arguments: " + ", ".join(f"`{name.replace('.', '_')}`" for name in params) + "."
    return text


def endpoint(
    request: str,
    summary: str,
    data_type: Any = None,
    params: str = "",
    *,
    query: str = "",
    body: str | Mapping[str, Any] = "",
    user_auth: bool | None = None,
) -> Any:
    """Returns the row of an endpoint whose arguments are sent as they are.

    Args:
        request: HTTP method and route. Its placeholders, except for `{me}`, are the first arguments.
        summary: First line of the documentation.
        data_type: Class of the objects in the response.
        params: Names of the parameters of the query that are keyword arguments.
        query: Name of a required argument that is a parameter of the query.
        body: Name of a required argument that is the ID in the JSON body, or the constant body.
        user_auth: Default of the argument `user_auth`; None for a method without it.
    """
    method, route = request.split()
    in_route = [name for _, name, _, _ in Formatter().parse(route) if name and name != "me"]
    required = [name for name in (query, body) if isinstance(name, str) and name]
    names = tuple(([query] if query else []) + params.split())
    signature = _signature(in_route + required, user_auth, bool(params))

    def prepare(*args: Any, **kwargs: Any) -> Request:
        given = signature.bind(*args, **kwargs).arguments
        sent = dict(given.get("params", {}))
        if query:
            sent[query] = given[query]
        json: Any = {body: str(given[body])} if isinstance(body, str) and body else body or None
        filled = route.format(me="{me}", **{name: given[name] for name in in_route})
        auth = bool(given.get("user_auth", user_auth))
        return Request(method, filled, sent, names, json and dict(json), data_type, auth)

    shown = tuple(name for name in names if name != query)
    return Row(prepare, signature, _documentation(summary, request, shown), route, data_type)


def special(request: str, prepare: Prepare, params: str = "", data_type: Any = None) -> Any:
    """Returns the row of a function that prepares the request, and whose signature is that of the method."""
    documentation = _documentation(inspect.getdoc(prepare) or "", request, tuple(params.split()))
    return Row(prepare, inspect.signature(prepare), documentation, request.split()[1], data_type)


def _method(row: Row) -> Callable[..., Any]:
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        request = row.prepare(*args, **kwargs)
        if "{me}" in request.route:
            me = self._get_authenticating_user_id(oauth_1=request.user_auth)
            request.route = request.route.format(me=me)
        return self._make_request(**request.arguments())

    return method


def _coroutine_method(row: Row) -> Callable[..., Any]:
    async def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        request = row.prepare(*args, **kwargs)
        if "{me}" in request.route:
            me = await self._get_authenticating_user_id(oauth_1=request.user_auth)
            request.route = request.route.format(me=me)
        return await self._make_request(**request.arguments())

    return method


def install_methods(cls: type, rows: type, *, is_async: bool) -> None:
    """Gives a client a method for each row of a table."""
    own = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    for name, row in vars(rows).items():
        if not isinstance(row, Row):
            continue
        method = _coroutine_method(row) if is_async else _method(row)
        method.__name__, method.__qualname__, method.__module__ = name, f"{cls.__name__}.{name}", cls.__module__
        method.__doc__ = row.documentation
        plain = [each.replace(annotation=NOTHING) for each in row.signature.parameters.values()]
        method.__signature__ = inspect.Signature([own, *plain])  # type: ignore[attr-defined]
        setattr(cls, name, method)
