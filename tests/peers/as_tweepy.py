"""Lets programs that import Tweepy use `chirrup.tweepy`."""

import importlib
import pkgutil
import sys

import chirrup.tweepy


def as_tweepy():
    """Lets `import tweepy` import `chirrup.tweepy`, with all its modules."""
    sys.modules["tweepy"] = chirrup.tweepy
    for module in pkgutil.walk_packages(chirrup.tweepy.__path__, "chirrup.tweepy."):
        sys.modules[module.name.removeprefix("chirrup.")] = importlib.import_module(module.name)
