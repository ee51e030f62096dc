"""Fixtures of pytest: a server per test session, and a world of its own per test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .sandbox import Clock, Faults, Journal, Sandbox
from .server import Server
from .webhook import Webhook


def pytest_addoption(parser: pytest.Parser) -> None:
    help_text = "options of `chirrup sandbox`, such as `--users 20 --posts 500`"
    parser.addini("chirrup_options", help_text, type="args", default=["--users", "20", "--posts", "200"])


@pytest.fixture(scope="session")
def chirrup_server(pytestconfig: pytest.Config) -> Iterator[Server]:
    """The program `chirrup sandbox`, which runs until the end of the tests."""
    with Server(pytestconfig.getini("chirrup_options")) as server:
        yield server


@pytest.fixture
def sandbox(chirrup_server: Server) -> Iterator[Sandbox]:
    """A world of its own for the test."""
    sandbox = Sandbox(chirrup_server)
    yield sandbox
    sandbox.remove()


@pytest.fixture
def clock(sandbox: Sandbox) -> Clock:
    """The clock of the test's world."""
    return sandbox.clock


@pytest.fixture
def faults(sandbox: Sandbox) -> Faults:
    """The faults of the test's world."""
    return sandbox.faults


@pytest.fixture
def journal(sandbox: Sandbox) -> Journal:
    """The request journal of the test's world."""
    return sandbox.journal


@pytest.fixture
def webhook(sandbox: Sandbox) -> Iterator[Webhook]:
    """A webhook that receives the events of the test's world, once it is registered with the API."""
    webhook = Webhook(sandbox.app["consumer_secret"])
    yield webhook
    webhook.close()
