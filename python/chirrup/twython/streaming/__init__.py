"""Streams of API v1.1."""

from .api import TwythonStreamer

__all__ = ["TwythonStreamer"]
