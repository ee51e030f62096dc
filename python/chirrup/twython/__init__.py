"""Twython over the core of Chirrup: replace `from twython import Twython` by `from chirrup.twython import Twython`."""

__version__ = "3.9.1"
"""Version of Twython whose interface this package has."""

from .api import Twython
from .exceptions import TwythonAuthError, TwythonError, TwythonRateLimitError, TwythonStreamError
from .streaming import TwythonStreamer

__all__ = [
    "Twython",
    "TwythonAuthError",
    "TwythonError",
    "TwythonRateLimitError",
    "TwythonStreamError",
    "TwythonStreamer",
]
