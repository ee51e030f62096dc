"""A sandbox per module, and clients of it."""

import chirrup
import pytest


@pytest.fixture(scope="module")
def sandbox():
    with chirrup.Sandbox(users=20, posts=200) as sandbox:
        yield sandbox


@pytest.fixture
def client(sandbox):
    return chirrup.Client(base_url=sandbox.url, credentials=sandbox.credentials)


@pytest.fixture
def async_client(sandbox):
    return chirrup.AsyncClient(base_url=sandbox.url, credentials=sandbox.credentials)
