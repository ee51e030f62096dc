"""Streams of the sandbox: items, events, and raw lines."""

import asyncio
import threading

import chirrup
import pytest


def write_posts(sandbox, count):
    for number in range(count):
        sandbox.write_post("robin", f"number {number} of the stream")


@pytest.fixture
def rule(client):
    client.update_rules(add_rules=[{"value": "number", "tag": "numbers"}])
    yield
    rules = client.rules().data
    client.update_rules(delete_rules={"ids": [rule.id for rule in rules]})


def test_a_stream_delivers_items_and_events(client, sandbox, rule):
    kinds = []
    with client.filtered_stream(expansions=["author_id"]) as stream:
        for event in stream.events():
            kinds.append(event.kind)
            if event.kind == "live":
                write_posts(sandbox, 3)
            if event.kind == "item":
                break
        item = event.item
        assert item.data.text == "number 0 of the stream" and item.author(item.data).username == "robin"
        assert item.matching_rules[0].tag == "numbers"
        assert [next(stream).data.text[7] for _ in range(2)] == ["1", "2"]
        assert stream.stats()["items"] == 3
    assert kinds[:2] == ["connecting", "live"]


async def test_a_stream_is_an_async_iterator(async_client, sandbox, rule):
    async with async_client.filtered_stream() as stream:
        texts = []
        async for event in stream.events():
            if event.kind == "live":
                threading.Thread(target=write_posts, args=(sandbox, 5)).start()
            if event.kind == "item":
                texts.append(event.item.data.text)
            if len(texts) == 5:
                break
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(stream.__anext__(), 0.2)
        write_posts(sandbox, 1)
        assert (await stream.__anext__()).data.text == "number 0 of the stream"
    assert len(set(texts)) == 5


def test_lines_are_those_of_one_connection(client, sandbox, rule):
    with client.lines("GET", "/2/tweets/search/stream") as lines:
        assert lines.next(timeout=60) == b""
        assert lines.next(timeout=0.3) is None
        write_posts(sandbox, 2)
        assert b"number 0" in next(line for line in lines if line)
        assert b"number 1" in lines.next(timeout=60)
    with pytest.raises(chirrup.Error):
        next(client.lines("GET", "/2/tweets/search/stream", auth="none"))


async def test_lines_are_an_async_iterator(async_client, sandbox, rule):
    stream = async_client.lines("GET", "/2/tweets/search/stream")
    assert await stream.__anext__() == b""
    waiting = asyncio.ensure_future(stream.__anext__())
    write_posts(sandbox, 1)
    assert b"number 0" in await waiting
    stream.close()


async def test_a_stream_that_was_never_read_is_not_opened_to_be_closed(client, async_client, sandbox, rule):
    requests = len(sandbox.journal())
    with client.filtered_stream() as stream:
        assert stream.stats()["connections"] == 0
    assert list(stream) == [] and list(stream.events()) == []
    stopped = client.filtered_stream()
    stopped.stop()
    assert next(stopped, None) is None
    async with async_client.filtered_stream() as stream:
        pass
    assert [item async for item in stream] == []
    lines = client.lines("GET", "/2/tweets/search/stream")
    lines.close()
    assert next(lines, None) is None
    assert len(sandbox.journal()) == requests
