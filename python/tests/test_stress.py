"""Threads with event loops of their own, and threads without, that use clients and streams at the same time.

`CHIRRUP_STRESS_SECONDS=600 python -m pytest python/tests/test_stress.py` runs longer. A deadlock shows the stack of each thread.
"""

import asyncio
import faulthandler
import gc
import os
import threading
import time

import chirrup
import pytest

THREADS = 16
SECONDS = float(os.environ.get("CHIRRUP_STRESS_SECONDS", "3"))


@pytest.fixture
def busy():
    """A sandbox without rate limits."""
    with chirrup.Sandbox(users=20, posts=200, rate_limits=False) as sandbox:
        faulthandler.dump_traceback_later(SECONDS + 120, exit=True)
        yield sandbox
        faulthandler.cancel_dump_traceback_later()


def calls_of(client, number):
    """Calls of different kinds, some of which fail."""
    yield client.get_me()
    yield client.search_recent("the", max_results=10)
    yield client.get_users([2244994945])
    yield client.create_post(text=f"{threading.get_ident()} {number}")


async def loop_of_calls(client, end):
    """Calls at once, canceled calls, items of pages, and a stream; returns the number of outcomes."""
    done = 0
    while time.monotonic() < end:
        outcomes = await asyncio.gather(*calls_of(client, done), return_exceptions=True)
        assert all(isinstance(each, (chirrup.Response, chirrup.Error)) for each in outcomes), outcomes
        canceled = client.search_recent("the")
        await asyncio.sleep(0)
        canceled.cancel()
        async for _ in client.search_recent.items("the", limit=15):
            pass
        done += len(outcomes)
    return done


def thread_of_calls(client, end):
    done = 0
    while time.monotonic() < end:
        for call in (client.get_me, lambda: client.search_recent("the"), lambda: client.get_post(1)):
            try:
                call()
            except chirrup.Error:
                pass
            done += 1
    return done


def test_threads_and_event_loops_share_the_package(busy):
    end = time.monotonic() + SECONDS
    shared = chirrup.Client(base_url=busy.url, credentials=busy.credentials, retries=0)
    counts, errors = [], []

    def run(number):
        try:
            if number % 2:
                counts.append(thread_of_calls(shared, end))
            else:
                client = chirrup.AsyncClient(base_url=busy.url, credentials=busy.credentials, retries=0)
                counts.append(asyncio.run(loop_of_calls(client, end)))
        except BaseException as error:
            errors.append(error)

    shared.update_rules(add=[{"value": "heron"}])
    stream = shared.filtered_stream()
    read = []
    reader = threading.Thread(target=lambda: read.extend(item.data.text for item in stream))
    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in (reader, *threads):
        thread.start()
    # The stream is stopped once it has delivered a post, which it cannot before it is connected.
    while any(thread.is_alive() for thread in threads) or not read:
        busy.write_post("robin", f"The heron of {time.monotonic()}")
        time.sleep(0.01)
        gc.collect(0)
    stream.stop()
    for thread in (reader, *threads):
        thread.join()
    assert errors == [] and len(counts) == THREADS and min(counts) > 0
