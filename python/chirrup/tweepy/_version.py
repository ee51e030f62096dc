"""Version of Tweepy whose names and signatures this package has."""

from platform import python_version

__version__ = "4.17.0"

USER_AGENT = f"Python/{python_version()} Chirrup Tweepy/{__version__}"
"""Default of the header `User-Agent`."""
