"""Permissions of a client: what they do not allow is not sent."""

from decimal import Decimal

import chirrup
import pytest


def limited(sandbox, **settings):
    return chirrup.Client(base_url=sandbox.url, credentials=sandbox.credentials, **settings)


def test_the_level_look_reads_only(sandbox):
    client = limited(sandbox, level="look")
    assert client.search_recent("the").data
    for call in (
        lambda: client.create_post(text="hello"),
        lambda: client.like(20),
        lambda: client.search_all("the"),
        lambda: client.call("POST", "/2/tweets", json={"text": "hello"}),
        lambda: client.v1.update("hello"),
    ):
        with pytest.raises(chirrup.NotAllowedError) as caught:
            call()
        assert "nothing was sent" in caught.value.hint
    with pytest.raises(chirrup.NotAllowedError):
        next(iter(client.filtered_stream()))
    # For the like, the client has read its own ID.
    assert {event["path"] for event in sandbox.journal()} == {"/2/tweets/search/recent", "/2/users/me"}


def test_writes_have_verbs_and_a_limit_per_hour(sandbox):
    client = limited(sandbox, level="write", allow=["like"], per_hour=1)
    with pytest.raises(chirrup.NotAllowedError, match="`post` is not among the allowed ones: like"):
        client.create_post(text="hello")
    assert client.writes_left == 1
    client.like(20)
    with pytest.raises(chirrup.RateLimitedError) as caught:
        client.unlike(20)
    assert client.writes_left == 0 and caught.value.retry_after > 3_500


async def test_accounts_are_checked(sandbox):
    other = chirrup.AsyncClient(
        base_url=sandbox.url, credentials=sandbox.credentials, level="write", accounts=["robin"]
    )
    with pytest.raises(chirrup.NotAllowedError, match="@ada"):
        await other.create_post(text="hello")
    own = limited(sandbox, level="write", accounts=["@ada"])
    assert own.create_post(text="hello").data.id


def test_a_level_has_a_budget(sandbox):
    assert limited(sandbox, level="look").budget_left == Decimal("1")
    assert limited(sandbox, level="look", budget="0.50").budget_left == Decimal("0.5")
    plain = limited(sandbox)
    assert plain.budget_left is None and plain.writes_left is None


def test_settings_are_checked(sandbox):
    with pytest.raises(chirrup.ArgumentError, match="expected one of look, write, spend"):
        limited(sandbox, level="admin")
    with pytest.raises(chirrup.ArgumentError, match="expected one of post, reply"):
        limited(sandbox, level="write", allow=["tweet"])
    with pytest.raises(chirrup.ArgumentError, match="without a level") as caught:
        limited(sandbox, per_hour=3)
    assert "level=" in caught.value.hint
