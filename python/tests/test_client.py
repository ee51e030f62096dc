"""Calls to the sandbox, with both clients."""

import asyncio
import inspect
import pickle
from datetime import datetime, timezone
from decimal import Decimal

import chirrup
import chirrup.text
import pytest


def test_a_page_has_values_of_python(client):
    page = client.search_recent("the", post_fields=["created_at", "public_metrics"], expansions="author_id", max_results=10)
    assert len(page) == page.meta.result_count and page.status == 200 and page.cost > 0
    post = page.data[0]
    assert isinstance(post.id, int) and post.created_at.tzinfo is timezone.utc
    assert post.public_metrics.repost_count == post.public_metrics["retweet_count"]
    assert page.author(post).id == post.author_id
    assert post.lang is None
    with pytest.raises(AttributeError, match="public_metrics"):
        post.langg
    assert page.json()["data"][0]["id"] == str(post.id)
    assert pickle.loads(pickle.dumps(post)) == post and hash(post) == hash(post.id)


def test_arguments_are_values_of_python(client):
    post = client.create_post(text="from Python", reply_settings="following").data
    found = client.get_posts([post, post.id, str(post.id)]).data
    assert {each.id for each in found} == {post.id}
    since = datetime(2020, 1, 1, tzinfo=timezone.utc)
    with pytest.raises(chirrup.InvalidError):
        client.search_recent("the", start_time=since)
    with pytest.raises(chirrup.ArgumentError, match="between 10 and 100"):
        client.search_recent("the", max_results=5)
    with pytest.raises(TypeError, match="Did you mean 'post_fields'"):
        client.get_post(post, post_field=["lang"])
    with pytest.raises(TypeError, match="missing required arguments: 'query'"):
        client.search_recent()


def test_errors_tell_what_failed_and_what_to_do(client):
    with pytest.raises(chirrup.NotFoundError) as caught:
        client.get_post(1)
    error = caught.value
    assert (error.kind, error.endpoint, error.status) == ("not_found", "get_post", 200)
    assert error.hint and error.problems[0].parameter == "id"
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_every_kind_of_error_has_a_class():
    from chirrup import _native

    classes = {each.kind: each for each in chirrup.Error.__subclasses__()}
    assert set(classes) == set(_native.error_kinds())
    assert all(each.__name__ in chirrup.__all__ and each.__doc__ for each in classes.values())


def test_methods_come_from_the_table(client):
    assert "query" in inspect.signature(client.search_recent).parameters
    assert "GET /2/tweets/search/recent" in client.search_recent.__doc__
    methods = [name for name in dir(client) if hasattr(getattr(client, name), "estimate")]
    assert len(methods) > 200
    assert client.create_post.estimate(text="hello") == Decimal("0.015")
    assert client.v1.verify_credentials().data.screen_name == "ada"


async def test_the_async_client_has_the_same_methods(async_client):
    me, page = await asyncio.gather(async_client.get_me(), async_client.search_recent("the"))
    assert me.data.username == "ada" and len(page) == 10
    with pytest.raises(chirrup.NotFoundError):
        await async_client.get_post(1)


async def test_a_canceled_call_ends(async_client, sandbox):
    sandbox.add_fault(fault="delay_response", seconds=5, endpoint="get_me", times=1)
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(async_client.get_me(), 0.2)
    assert (await async_client.get_me()).data.username == "ada"
    sandbox.clear_faults()


def test_the_sandbox_has_a_clock_faults_and_a_journal(client, sandbox):
    before = sandbox.now
    sandbox.advance(900)
    assert (sandbox.now - before).total_seconds() >= 900
    sandbox.add_fault(fault="response", status=503, times=1)
    assert client.get_me().attempts == 2
    last = sandbox.journal()[-1]
    assert last["endpoint"] == "get_me" and last["status"] == 200
    assert sandbox.bill > 0


def test_a_budget_is_kept(sandbox):
    client = chirrup.Client(base_url=sandbox.url, credentials=sandbox.credentials, budget="0.01")
    with pytest.raises(chirrup.BudgetError):
        client.create_post(text="too expensive")


def test_an_argument_of_another_type_is_refused(client):
    for refused in (lambda: client.search_recent(b"the"), lambda: client.get_user(b"12"), lambda: client.get_users(b"12")):
        with pytest.raises(TypeError, match="not bytes"):
            refused()
    with pytest.raises(TypeError, match="expected an int, not str"):
        client.search_recent("the", max_results="20")
    with pytest.raises(chirrup.ArgumentError, match="too large"):
        client.search_recent("the", max_results=10**30)


def test_a_number_that_cannot_be_a_count_is_refused(client, sandbox):
    settings = {"base_url": sandbox.url, "credentials": sandbox.credentials}
    for refused in (
        lambda: client.search_recent.items("the", limit=-1),
        lambda: client.filtered_stream().configure(attempts=-1),
        lambda: client.upload(b"GIF89a", concurrency=-1),
        lambda: chirrup.Client(**settings, retries=-1),
        lambda: chirrup.Client(**settings, max_body=-1),
        lambda: chirrup.Sandbox(users=-1),
        lambda: chirrup.Sandbox(port=65_536),
        lambda: chirrup.text.truncate("heron", limit=-1),
    ):
        with pytest.raises(chirrup.ArgumentError, match="negative or too large"):
            refused()


def test_a_timeout_of_zero_is_refused_before_a_request(client, sandbox):
    requests = len(sandbox.journal())
    with pytest.raises(chirrup.ArgumentError, match="timeout"):
        client.get_me(timeout=0)
    for name in ("timeout", "connect_timeout", "read_timeout"):
        with pytest.raises(chirrup.Error, match="timeout is zero"):
            chirrup.Client(base_url=sandbox.url, credentials=sandbox.credentials, **{name: 0})
    assert len(sandbox.journal()) == requests
