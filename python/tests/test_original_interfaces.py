"""The packages that replace other libraries have their names, arguments and defaults.

The originals are compared where they are installed:
`pip install "tweepy[async]==4.17.0" twython==3.9.1 twitter==1.19.6 PyTweet==1.3.6 python-dateutil`.
"""

import enum
import importlib
import importlib.util
import inspect
import pkgutil
import types

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

# Each difference that is meant, with its reason.
EXPLAINED = {
    "tweepy.asynchronous.AsyncClient.create_tweet": "it also has community_id, as in Client",
    "tweepy.asynchronous.client.AsyncClient.create_tweet": "it also has community_id, as in Client",
    "tweepy.auth.WARNING_MESSAGE": "the text of a log message",
    "twitter.stream.HttpChunkDecoder": "a part of how the original reads sockets",
    "twitter.stream.JsonDecoder": "a part of how the original reads sockets",
    "twitter.stream.SockReader": "a part of how the original reads sockets",
    "twitter.stream.handle_stream_response": "a part of how the original reads sockets",
}


def is_of(library, value, module):
    """Whether a value belongs to a module of the library: a package has those of its modules too.

    A constant names no module. Only those of Tweepy are a part of its interface.
    """
    home = getattr(value, "__module__", None) or (module.__name__ if library == "tweepy" else "")
    return home == module.__name__ or (hasattr(module, "__path__") and home.partition(".")[0] == library)


def public_members(library, cls):
    """Public members that the classes of the library define, without those of the classes of other packages."""
    own = [base for base in reversed(cls.__mro__) if base.__module__.partition(".")[0] == library]
    names = (name for base in own for name in vars(base) if not name.startswith("_") or name == "__init__")
    return [] if issubclass(cls, enum.Enum) else dict.fromkeys(names)


def described_default(default):
    if isinstance(default, enum.Enum):
        return default.name
    # Some defaults are a class or a type by mistake, or to stand for an absent argument.
    if isinstance(default, (type, types.GenericAlias)) or type(default).__module__ == "typing":
        return "required" if default is inspect.Parameter.empty else "a type"
    return default


def arguments_of(function):
    parameters = inspect.signature(function).parameters.values()
    return [(each.name, each.kind.name, described_default(each.default)) for each in parameters]


def compare(library, path, theirs, ours):
    """Yields the differences between two values."""
    if inspect.isclass(theirs):
        if not inspect.isclass(ours):
            yield path, "is not a class"
            return
        for name in public_members(library, theirs):
            if not hasattr(ours, name):
                yield f"{path}.{name}", "is missing"
                continue
            own, other = getattr(ours, name), getattr(theirs, name)
            if isinstance(own, property) != isinstance(other, property):
                yield f"{path}.{name}", "is a property in one of both"
            elif name == "__init__" or inspect.isfunction(other):
                yield from compare(library, f"{path}.{name}", other, own)
        bases = {base.__name__ for base in theirs.__mro__ if base.__module__.partition(".")[0] == library}
        if missing := bases - {base.__name__ for base in ours.__mro__}:
            yield path, f"does not derive from {missing}"
    elif inspect.isroutine(theirs):
        if not callable(ours):
            yield path, "cannot be called"
        elif arguments_of(theirs) != arguments_of(ours):
            yield path, f"has the arguments {arguments_of(ours)} instead of {arguments_of(theirs)}"
        elif inspect.iscoroutinefunction(theirs) != inspect.iscoroutinefunction(ours):
            yield path, "is not a coroutine function in both"
    elif type(theirs).__name__ != type(ours).__name__ or isinstance(theirs, list) and sorted(theirs) != sorted(ours):
        yield path, f"is {ours!r} instead of {theirs!r}"


def modules_of(library):
    package = importlib.import_module(library)
    names = {library, *(module.name for module in pkgutil.walk_packages(package.__path__, f"{library}."))}
    return sorted(names - LEFT_OUT_MODULES)


def differences(library):
    for module in modules_of(library):
        theirs = importlib.import_module(module)
        try:
            ours = importlib.import_module(f"chirrup.{module}")
        except ModuleNotFoundError:
            yield module, "is missing"
            continue
        for name, value in vars(theirs).items():
            if name.startswith("_") or inspect.ismodule(value) or not is_of(library, value, theirs):
                continue
            if not hasattr(ours, name):
                yield f"{module}.{name}", "is missing"
            else:
                yield from compare(library, f"{module}.{name}", value, getattr(ours, name))


@pytest.mark.parametrize("library", ["tweepy", "twython", "twitter", "pytweet"])
def test_names_arguments_and_defaults_are_those_of_the_original(library):
    needed = "tweepy.asynchronous" if library == "tweepy" else library
    pytest.importorskip(needed, reason=f"{library} is not installed: its interface is not compared")
    assert len(modules_of(library)) >= 5
    found = dict(differences(library))
    assert {path: why for path, why in found.items() if path not in EXPLAINED} == {}
    explained = {path for path in EXPLAINED if path.partition(".")[0] == library}
    assert explained - set(found) == set(), "differences that are no longer there"
