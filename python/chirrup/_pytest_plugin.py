"""Plugin of pytest: a sandbox, and clients of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from . import AsyncClient, Client, Sandbox


@pytest.fixture
def chirrup_sandbox() -> Iterator[Sandbox]:
    """The X API on this machine, with 20 users and 200 posts, for one test."""
    with Sandbox(users=20, posts=200) as sandbox:
        yield sandbox


@pytest.fixture
def chirrup_client(chirrup_sandbox: Sandbox) -> Client:
    """Client of the sandbox, which acts as the user `ada`."""
    return Client(base_url=chirrup_sandbox.url, credentials=chirrup_sandbox.credentials)


@pytest.fixture
def chirrup_async_client(chirrup_sandbox: Sandbox) -> AsyncClient:
    """Client of the sandbox for asyncio, which acts as the user `ada`."""
    return AsyncClient(base_url=chirrup_sandbox.url, credentials=chirrup_sandbox.credentials)
