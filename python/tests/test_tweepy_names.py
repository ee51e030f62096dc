"""Compares the public names and signatures of `chirrup.tweepy` with those of an installed Tweepy."""

import importlib
import inspect
import pkgutil

import chirrup.tweepy
import pytest

tweepy = pytest.importorskip("tweepy", reason="Tweepy is not installed, so that its names are not compared")
pytest.importorskip("tweepy.asynchronous", reason="tweepy[async] is not installed")

MODULES = ["", *(f".{each.name.removeprefix('tweepy.')}" for each in pkgutil.walk_packages(tweepy.__path__, "tweepy."))]

# Each difference that is meant, with its reason.
EXPLAINED = {
    "asynchronous.AsyncClient.create_tweet": "it also has community_id, as in Client",
    "asynchronous.client.AsyncClient.create_tweet": "it also has community_id, as in Client",
    "auth.WARNING_MESSAGE": "the text of a log message",
}


def is_of(module, value):
    """Whether a value belongs to a module of Tweepy: a package has those of its modules too."""
    home = getattr(value, "__module__", module.__name__)
    return home == module.__name__ or (hasattr(module, "__path__") and home.partition(".")[0] == "tweepy")


def public_members(cls):
    """Public members that Tweepy's classes define, without those of the classes of other packages."""
    for base in reversed(cls.__mro__):
        if base.__module__.partition(".")[0] == "tweepy":
            yield from (name for name in vars(base) if not name.startswith("_") or name == "__init__")


def shape(function):
    """Names, kinds and defaults of parameters."""
    parameters = inspect.signature(function).parameters.values()
    return [(each.name, each.kind, default(each.default)) for each in parameters]


def default(value):
    if isinstance(value, type):
        return value.__name__
    return repr(value)


def compare(path, theirs, ours):
    """Yields the differences between two values."""
    if inspect.isclass(theirs):
        if not inspect.isclass(ours):
            yield path, "is not a class"
            return
        for name in dict.fromkeys(public_members(theirs)):
            if not hasattr(ours, name):
                yield f"{path}.{name}", "is missing"
            elif name == "__init__" or inspect.isfunction(getattr(theirs, name)):
                yield from compare(f"{path}.{name}", getattr(theirs, name), getattr(ours, name))
        bases = {base.__name__ for base in theirs.__mro__ if base.__module__.partition(".")[0] == "tweepy"}
        if missing := bases - {base.__name__ for base in ours.__mro__}:
            yield path, f"does not derive from {missing}"
    elif callable(theirs):
        if not callable(ours):
            yield path, "cannot be called"
        elif shape(theirs) != shape(ours):
            yield path, f"has the signature {inspect.signature(ours)} instead of {inspect.signature(theirs)}"
        elif inspect.iscoroutinefunction(theirs) != inspect.iscoroutinefunction(ours):
            yield path, "is not a coroutine function in both"
    elif type(theirs).__name__ != type(ours).__name__ or isinstance(theirs, list) and sorted(theirs) != sorted(ours):
        yield path, f"is {ours!r} instead of {theirs!r}"


def differences():
    for module in MODULES:
        theirs = importlib.import_module(f"tweepy{module}")
        try:
            ours = importlib.import_module(f"chirrup.tweepy{module}")
        except ModuleNotFoundError:
            yield module, "is missing"
            continue
        for name, value in vars(theirs).items():
            if name.startswith("_") or inspect.ismodule(value) or not is_of(theirs, value):
                continue
            path = f"{module}.{name}".lstrip(".")
            if not hasattr(ours, name):
                yield path, "is missing"
            else:
                yield from compare(path, value, getattr(ours, name))


def test_every_name_and_signature_of_tweepy_is_here():
    found = dict(differences())
    assert {path: why for path, why in found.items() if path not in EXPLAINED} == {}
    assert set(EXPLAINED) - set(found) == set(), "differences that are no longer there"
