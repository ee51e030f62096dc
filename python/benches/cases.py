"""The measured programs: each does the same work with `chirrup` and with Tweepy.

Usage: python cases.py CASE PORT. Prints the number of units and the seconds of CPU time of this process, as JSON.
"""

import asyncio
import json
import resource
import sys
import time
from collections.abc import Callable, Coroutine
from typing import Any

STREAMED = 20_000
PAGES = 200
AT_ONCE = 64
TURNS = 64
FIELDS = ["author_id", "conversation_id", "created_at", "entities", "lang", "public_metrics", "referenced_tweets", "source"]


def rss() -> int:
    """Returns the memory of this process in bytes."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


def use(posts: Any) -> None:
    """Reads what a program looks at first."""
    for post in posts:
        _ = post.id, post.text


def chirrup_client(port: int, name: str = "Client") -> Any:
    import chirrup

    return getattr(chirrup, name)(bearer_token="token", base_url=f"http://127.0.0.1:{port}")


def tweepy_hosts(port: int) -> Any:
    """Returns Tweepy, whose requests go to the server instead of X."""
    import aiohttp
    import requests
    import tweepy

    def local(url: str) -> str:
        return url.replace("https://api.twitter.com", f"http://127.0.0.1:{port}")

    send, send_async = requests.Session.request, aiohttp.ClientSession.request
    requests.Session.request = lambda self, method, url, **options: send(self, method, local(url), **options)
    aiohttp.ClientSession.request = lambda self, method, url, **options: send_async(self, method, local(url), **options)
    return tweepy


def chirrup_stream(port: int) -> int:
    with chirrup_client(port).filtered_stream() as stream:
        for count, item in enumerate(stream, 1):
            _ = item.data.id, item.data.text
            if count == STREAMED:
                return count
    return 0


async def chirrup_async_stream(port: int) -> int:
    count = 0
    async with chirrup_client(port, "AsyncClient").filtered_stream() as stream:
        async for item in stream:
            _ = item.data.id, item.data.text
            count += 1
            if count == STREAMED:
                break
    return count


def tweepy_stream(port: int) -> int:
    tweepy = tweepy_hosts(port)
    count = 0

    class Reader(tweepy.StreamingClient):
        def on_response(self, response: Any) -> None:
            nonlocal count
            use([response.data])
            count += 1
            if count == STREAMED:
                self.disconnect()

    Reader("token").filter()
    return count


async def tweepy_async_stream(port: int) -> int:
    tweepy = tweepy_hosts(port)
    from tweepy.asynchronous import AsyncStreamingClient

    del tweepy
    count = 0

    class Reader(AsyncStreamingClient):
        async def on_response(self, response: Any) -> None:
            nonlocal count
            use([response.data])
            count += 1
            if count == STREAMED:
                self.disconnect()

    await Reader("token").filter()
    return count


def chirrup_pages(port: int) -> int:
    client = chirrup_client(port)
    for _ in range(PAGES):
        use(client.search_recent("the", max_results=100, post_fields=FIELDS, expansions=["author_id"]))
    return PAGES


def tweepy_pages(port: int) -> int:
    client = tweepy_hosts(port).Client("token")
    for _ in range(PAGES):
        use(client.search_recent_tweets("the", max_results=100, tweet_fields=FIELDS, expansions=["author_id"]).data)
    return PAGES


async def in_turns(call: Callable[[], Any], turns: int = TURNS) -> int:
    """Calls this many at once, again and again."""
    for _ in range(turns):
        for response in await asyncio.gather(*(call() for _ in range(AT_ONCE))):
            _ = response.data.username
    return turns * AT_ONCE


async def chirrup_calls(port: int) -> int:
    client = chirrup_client(port, "AsyncClient")
    return await in_turns(lambda: client.get_user(12))


async def tweepy_calls(port: int) -> int:
    tweepy_hosts(port)
    from tweepy.asynchronous import AsyncClient

    client = AsyncClient("token")
    return await in_turns(lambda: client.get_user(id=12))


def chirrup_leak(port: int) -> int:
    """Returns how much the memory grows, in bytes, over 10⁶ posts of streams and 10⁶ calls, half of them with asyncio.

    What waits to be read comes and goes, so that the lowest of several values counts.
    """
    client, async_client = chirrup_client(port), chirrup_client(port, "AsyncClient")

    def round_of_work() -> None:
        posts = chirrup_stream(port)
        calls = asyncio.run(in_turns(lambda: async_client.get_user(12), posts // 2 // AT_ONCE))
        for _ in range(posts - calls):
            _ = client.get_user(12).data.username

    def lowest(rounds: int) -> int:
        values = []
        for _ in range(rounds):
            round_of_work()
            values.append(rss())
        return min(values)

    before = lowest(10)
    lowest(1_000_000 // STREAMED - 10)
    return lowest(10) - before


def main() -> None:
    case: Callable[[int], Any] = globals()[sys.argv[1]]
    port = int(sys.argv[2])
    warm = globals()["tweepy_hosts" if "tweepy" in sys.argv[1] else "chirrup_client"]
    if "tweepy" not in sys.argv[1]:
        warm(port)
    else:
        import tweepy.asynchronous

        _ = tweepy
    start = time.process_time()
    result = case(port)
    if isinstance(result, Coroutine):
        result = asyncio.run(result)
    print(json.dumps({"units": result, "seconds": time.process_time() - start}))


if __name__ == "__main__":
    main()
