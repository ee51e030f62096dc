"""Test clients of the X (Twitter) API against Chirrup's sandbox."""

from .sandbox import Clock, ControlError, Faults, Journal, Sandbox
from .server import SandboxNotFound, Server, find_program
from .webhook import Webhook

__all__ = [
    "Clock",
    "ControlError",
    "Faults",
    "Journal",
    "Sandbox",
    "SandboxNotFound",
    "Server",
    "Webhook",
    "find_program",
]
