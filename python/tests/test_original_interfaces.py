"""The packages that replace other libraries have their names, arguments and defaults.

The originals are compared where they are installed:
`pip install twython==3.9.1 twitter==1.19.6 PyTweet==1.3.6 python-dateutil`.
"""

import enum
import importlib
import importlib.util
import inspect
import pkgutil
import types
from functools import cache

import pytest

# Modules that are programs, or that the standard library replaces.
LEFT_OUT_MODULES = {
    "twitter.ansi",
    "twitter.archiver",
    "twitter.cmdline",
    "twitter.follow",
    "twitter.ircbot",
    "twitter.logger",
    "twitter.stream_example",
    "twitter.timezones",
    "pytweet.__main__",
    "pytweet.ratelimithandler",
}

# Names that are parts of how the originals read sockets.
LEFT_OUT = {
    "twitter.stream.HttpChunkDecoder",
    "twitter.stream.JsonDecoder",
    "twitter.stream.SockReader",
    "twitter.stream.handle_stream_response",
}

# What a class inherits from `requests` is not a part of the interface.
INHERITED = ("requests", "requests_oauthlib")


def described_default(default):
    if isinstance(default, enum.Enum):
        return default.name
    if default is inspect.Parameter.empty:
        return "required"
    # Some defaults are a class or a type by mistake, or to stand for an absent argument.
    is_type = isinstance(default, (type, types.GenericAlias)) or type(default).__module__ == "typing"
    return "a type" if is_type else default


def arguments_of(function):
    parameters = inspect.signature(function).parameters.values()
    return [(each.name, each.kind.name, described_default(each.default)) for each in parameters]


def own_members(kind):
    for name, value in inspect.getmembers(kind):
        defined = next((base for base in kind.__mro__ if name in vars(base)), object)
        is_public = not name.startswith("_") or name == "__init__"
        if is_public and defined.__module__.split(".")[0] not in INHERITED and not issubclass(kind, enum.Enum):
            yield name, value


def differences_of_class(path, original, ours):
    for name, value in own_members(original):
        if not hasattr(ours, name):
            yield f"{path}.{name} is missing"
            continue
        found = getattr(ours, name)
        if inspect.isfunction(value) and arguments_of(value) != arguments_of(found):
            yield f"{path}.{name}: {arguments_of(value)} became {arguments_of(found)}"
        if isinstance(value, property) != isinstance(found, property):
            yield f"{path}.{name}: a property became a method, or a method a property"


def differences_of_module(original, ours):
    for name, value in vars(original).items():
        path = f"{original.__name__}.{name}"
        is_own = getattr(value, "__module__", None) == original.__name__
        if name.startswith("_") or not is_own or path in LEFT_OUT:
            continue
        if not hasattr(ours, name):
            yield f"{path} is missing"
        elif inspect.isclass(value):
            yield from differences_of_class(path, value, getattr(ours, name))
        elif inspect.isfunction(value) and arguments_of(value) != arguments_of(getattr(ours, name)):
            yield f"{path}: {arguments_of(value)} became {arguments_of(getattr(ours, name))}"


def is_exported(library, name, value):
    return not name.startswith("_") and str(getattr(value, "__module__", "")).startswith(f"{library}.")


@cache
def modules_of(library):
    if importlib.util.find_spec(library) is None:
        return None
    package = importlib.import_module(library)
    names = {library, *(module.name for module in pkgutil.walk_packages(package.__path__, f"{library}."))}
    return sorted(names - LEFT_OUT_MODULES)


@pytest.mark.parametrize("library", ["twython", "twitter", "pytweet"])
def test_names_arguments_and_defaults_are_those_of_the_original(library):
    modules = modules_of(library)
    if modules is None:
        pytest.skip(f"{library} is not installed: its interface is not compared")
    differences, compared = [], 0
    for name in modules:
        original, ours = importlib.import_module(name), importlib.import_module(f"chirrup.{name}")
        differences.extend(differences_of_module(original, ours))
        compared += 1
        if name == library:
            exported = {each for each, value in vars(original).items() if is_exported(library, each, value)}
            differences.extend(f"{library}.{each} is missing" for each in sorted(exported) if not hasattr(ours, each))
    assert compared >= 5
    assert not differences, "\n".join(differences)
