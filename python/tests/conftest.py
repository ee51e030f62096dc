"""A sandbox per module, and clients of it."""

import time

import chirrup
import pytest


@pytest.fixture(scope="module")
def sandbox():
    with chirrup.Sandbox(users=20, posts=200) as sandbox:
        yield sandbox


@pytest.fixture(autouse=True)
def closed_streams(request):
    """Waits until the sandbox has noticed that a test closed its streams, since the next test waits for its own."""
    sandbox = request.getfixturevalue("sandbox") if "sandbox" in request.fixturenames else None
    yield
    end = time.monotonic() + 10
    while sandbox is not None and sandbox.open_stream_count and time.monotonic() < end:
        time.sleep(0.01)


@pytest.fixture
def client(sandbox):
    return chirrup.Client(base_url=sandbox.url, credentials=sandbox.credentials)


@pytest.fixture
def async_client(sandbox):
    return chirrup.AsyncClient(base_url=sandbox.url, credentials=sandbox.credentials)
