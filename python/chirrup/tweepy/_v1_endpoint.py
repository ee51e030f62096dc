"""Methods of `API`, made from one row for each endpoint of API v1.1."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from string import Formatter
from typing import Any

from .utils import list_to_csv

_EMPTY = inspect.Parameter.empty


def pagination(mode: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorator of a method with pages, which `Cursor` reads in this mode."""

    def decorator(method: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(method)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            return method(*args, **kwargs)

        wrapper.pagination_mode = mode  # type: ignore[attr-defined]
        return wrapper

    return decorator


def payload(payload_type: str, **payload_kwargs: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorator of a method whose response is a model, or a list of models with `list=True`."""
    payload_list = payload_kwargs.get("list", False)

    def decorator(method: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(method)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            kwargs.update(payload_list=payload_list, payload_type=payload_type)
            return method(*args, **kwargs)

        wrapper.payload_list = payload_list  # type: ignore[attr-defined]
        wrapper.payload_type = payload_type  # type: ignore[attr-defined]
        return wrapper

    return decorator


class _Method:
    """Row of the table, which becomes a method when the class is created."""

    def __init__(self, make: Callable[[str, type], Callable[..., Any]]) -> None:
        self._make = make

    def __set_name__(self, owner: type, name: str) -> None:
        setattr(owner, name, self._make(name, owner))


def _signature(required: list[str], optional: list[str]) -> inspect.Signature:
    positional, keyword = inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY
    parameters = [inspect.Parameter(name, positional) for name in ("self", *required)]
    parameters += [inspect.Parameter(name, keyword, default=None) for name in optional]
    parameters.append(inspect.Parameter("kwargs", inspect.Parameter.VAR_KEYWORD))
    return inspect.Signature(parameters)


def endpoint(
    request: str,
    result: str | None = None,
    params: str = "",
    *,
    page: str | None = None,
    required: str = "",
    optional: str = "",
    csv: str = "",
    **options: Any,
) -> Any:
    """Returns the row of an endpoint.

    Args:
        request: HTTP method and path. The placeholders of the path are the first arguments.
        result: Name of the model of the response; with `[]` for a list.
        params: Names of the parameters.
        page: How pages are read.
        required: Names of parameters that are required, positional arguments.
        optional: Names of parameters that the signature shows with the default `None`.
        csv: Names of parameters whose values are lists.
        options: Further arguments of `API.request`.
    """
    method, path = request.split()
    in_path = [name for _, name, _, _ in Formatter().parse(path) if name]
    wanted = required.split()
    names = tuple(dict.fromkeys([*wanted, *params.split()]))
    signature = _signature(in_path + wanted, optional.split())

    def make(name: str, owner: type) -> Callable[..., Any]:
        def call(self: Any, *args: Any, **kwargs: Any) -> Any:
            given = signature.bind(self, *args, **kwargs).arguments
            sent = {**given.pop("kwargs", {}), **given}
            del sent["self"]
            where = path.format(**{each: sent.pop(each) for each in in_path})
            for each in csv.split():
                if not isinstance(sent.get(each, ""), str):
                    sent[each] = list_to_csv(sent[each])
            return self.request(method, where, endpoint_parameters=names, **sent, **options)

        call.__name__, call.__qualname__, call.__module__ = name, f"{owner.__name__}.{name}", owner.__module__
        call.__signature__ = signature  # type: ignore[attr-defined]
        shown = ", ".join(f"`{each}`" for each in params.split()) or "none"
        call.__doc__ = f"`{method} /1.1/{path}.json`\n\nParameters: {shown}."
        made: Callable[..., Any] = call
        if result is not None:
            made = payload(result.removesuffix("[]"), list=result.endswith("[]"))(made)
        return made if page is None else pagination(page)(made)

    return _Method(make)
