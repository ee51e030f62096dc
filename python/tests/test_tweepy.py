"""Tweepy programs with one changed import, against a sandbox."""

import asyncio
import copy
import datetime
import pickle
import threading
import time

import chirrup
import chirrup.tweepy as tweepy
import pytest
from chirrup.tweepy import asynchronous


def keys_of(sandbox):
    """Arguments of a client: a bearer token and the four keys of OAuth 1.0a."""
    environment = sandbox.environment()
    names = ("BEARER_TOKEN", "CONSUMER_KEY", "CONSUMER_SECRET", "ACCESS_TOKEN", "ACCESS_TOKEN_SECRET")
    return [environment[f"X_{name}"] for name in names]


@pytest.fixture
def keys(sandbox, monkeypatch):
    monkeypatch.setenv("CHIRRUP_BASE_URL", sandbox.url)
    sandbox.clear_faults()
    return keys_of(sandbox)


@pytest.fixture
def client(keys):
    return tweepy.Client(*keys)


@pytest.fixture
def api(keys):
    return tweepy.API(tweepy.OAuth1UserHandler(*keys[1:]))


def test_a_search_returns_posts_with_their_authors(client):
    found = client.search_recent_tweets(
        "the", tweet_fields=["created_at"], expansions=["author_id"], user_fields="verified", max_results=10
    )
    authors = {user.id: user for user in found.includes["users"]}
    post = found.data[0]
    assert post.created_at.tzinfo is datetime.timezone.utc and isinstance(post.id, int)
    assert authors[post.author_id].username == authors[post.author_id]["username"]
    assert post.text == str(post) == post["text"] == post.data["text"] and post.lang is None
    assert found.meta["result_count"] == len(found.data) and found.errors == []


def test_objects_are_copied_and_pickled(client):
    post = client.get_tweet(20).data
    assert copy.copy(post) == post == pickle.loads(pickle.dumps(post)) and {post: 1}[copy.deepcopy(post)] == 1
    with pytest.raises(AttributeError):
        post.nothing
    with pytest.raises(KeyError):
        post["nothing"]


def test_writes_act_for_the_user(client, sandbox):
    post = client.create_tweet(text="Hello from Tweepy", in_reply_to_tweet_id=20).data
    me = client.get_me().data
    assert client.get_tweet(post["id"], tweet_fields=["author_id"], user_auth=True).data.author_id == me.id
    assert client.like(post["id"]).data == {"liked": True}
    assert sandbox.journal()[-1]["path"].startswith(f"/2/users/{me.id}/likes")
    assert client.delete_tweet(post["id"]).data == {"deleted": True}


def test_return_types(keys):
    assert tweepy.Client(keys[0], return_type=dict).get_tweet(20)["data"]["id"] == "20"
    requests = pytest.importorskip("requests", reason="requests is not installed")
    response = tweepy.Client(keys[0], return_type=requests.Response).get_tweet(20)
    assert isinstance(response, requests.Response) and response.json()["data"]["id"] == "20" and response.ok


def test_a_paginator_reads_all_pages(client):
    pages = list(tweepy.Paginator(client.get_users_followers, 12, max_results=5, limit=2))
    assert [len(page.data) for page in pages] == [5, 5]
    posts = list(tweepy.Paginator(client.search_recent_tweets, "the", max_results=10).flatten(limit=25))
    assert len({post.id for post in posts}) == 25


def test_refusals_are_exceptions_of_tweepy(client, api, keys):
    with pytest.raises(tweepy.NotFound) as refusal:
        client.request("GET", "/2/nothing")
    assert refusal.value.response.status_code == 404 and str(refusal.value).startswith("404 Not Found")
    with pytest.raises(tweepy.BadRequest) as refusal:
        client.search_recent_tweets("", max_results=10)
    assert refusal.value.api_messages and refusal.value.response.json()["errors"]
    with pytest.raises(tweepy.NotFound) as refusal:
        api.get_status(999)
    assert refusal.value.api_codes == [144] and refusal.value.api_errors[0]["code"] == 144
    with pytest.raises(tweepy.Unauthorized):
        tweepy.Client("wrong").get_tweet(20)
    with pytest.raises(tweepy.Unauthorized):
        tweepy.Client().get_tweet(20)
    with pytest.raises(tweepy.TweepyException, match="handler"):
        tweepy.api.home_timeline()
    with pytest.raises(TypeError):
        client.get_user()
    with pytest.raises(TypeError):
        client.get_tweet()


def test_a_failure_of_the_network_is_an_exception_of_tweepy_and_of_requests(monkeypatch):
    monkeypatch.setenv("CHIRRUP_BASE_URL", "http://127.0.0.1:9")
    with pytest.raises(tweepy.TweepyException) as failure:
        tweepy.Client("token").get_tweet(20)
    assert isinstance(failure.value, ConnectionError) and isinstance(failure.value.__cause__, chirrup.NetworkError)
    requests = pytest.importorskip("requests", reason="requests is not installed")
    with pytest.raises(requests.exceptions.ConnectionError):
        tweepy.Client("token").get_tweet(20)


class Waited(Exception):
    """Raised in place of a wait, with its length."""


def wait_instead(seconds):
    raise Waited(seconds)


@pytest.mark.parametrize("is_known", [False, True], ids=["refused by the server", "known by the client"])
def test_a_rate_limit_is_reported_with_its_reset(monkeypatch, is_known):
    with chirrup.Sandbox(users=2, posts=2) as sandbox:
        monkeypatch.setenv("CHIRRUP_BASE_URL", sandbox.url)
        keys = keys_of(sandbox)
        client = tweepy.Client(*keys)
        names = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
        other = chirrup.Client(base_url=sandbox.url, **dict(zip(names, keys[1:])))
        with pytest.raises((tweepy.TooManyRequests, chirrup.RateLimitedError)):
            while True:
                (client if is_known else other).get_me()
        count = len(sandbox.journal())
        with pytest.raises(tweepy.TooManyRequests) as refusal:
            client.get_me()
        assert 0 < refusal.value.reset_time - time.time() <= 901 and refusal.value.response.status_code == 429
        assert (len(sandbox.journal()) == count) is is_known
        monkeypatch.setattr(time, "sleep", wait_instead)
        client.wait_on_rate_limit = True
        with pytest.raises(Waited) as wait:
            client.get_me()
        assert 0 < wait.value.args[0] <= 902


def test_a_write_with_an_unknown_outcome_is_not_repeated(keys, sandbox):
    api = tweepy.API(tweepy.OAuth1UserHandler(*keys[1:]), retry_count=3)
    sandbox.add_fault(fault="response", status=500, times=2)
    with pytest.raises(tweepy.TwitterServerError):
        api.update_status("once")
    assert [each["path"] for each in sandbox.journal()].count("/1.1/statuses/update.json") == 1
    sandbox.clear_faults()
    sandbox.add_fault(fault="response", status=503, times=2)
    assert api.get_status(20).id == 20


def test_models_of_v1_act(api):
    status = api.update_status("A post of API v1.1", trim_user=False)
    assert status.user.screen_name == status.author.screen_name == "ada" and status.created_at.tzinfo is not None
    assert status.favorite().favorited
    status.destroy()
    with pytest.raises(tweepy.NotFound):
        api.get_status(status.id)
    robin = api.get_user(screen_name="robin")
    robin.follow()
    source, target = api.get_friendship(source_screen_name="ada", target_screen_name="robin")
    assert source.following and target.followed_by
    assert [user.screen_name for user in api.lookup_users(screen_name=["robin"])] == ["robin"]


def test_a_cursor_reads_all_pages(api):
    items = list(tweepy.Cursor(api.user_timeline, screen_name="robin", count=3, tweet_mode="extended").items(7))
    assert len({status.id for status in items}) == len(items) > 3 and items[0].full_text
    pages = tweepy.Cursor(api.get_follower_ids, screen_name="robin", count=5).pages(2)
    assert [len(page) for page in pages] == [5, 5]
    with pytest.raises(tweepy.TweepyException):
        tweepy.Cursor(api.get_status)


def test_an_image_is_uploaded(api, tmp_path):
    image = tmp_path / "image.png"
    image.write_bytes(PNG)
    media = api.media_upload(str(image))
    with image.open("rb") as file:
        in_chunks = api.media_upload("image.png", file=file, chunked=True, media_category="tweet_image")
    status = api.update_status("With images", media_ids=[media.media_id, in_chunks.media_id])
    assert len(status.extended_entities["media"]) == 2


@pytest.mark.parametrize("kind", ["memory", "file"])
def test_a_cache_answers_reads(keys, sandbox, kind, tmp_path):
    cache = tweepy.MemoryCache(60) if kind == "memory" else tweepy.FileCache(str(tmp_path / "cache"), 60)
    api = tweepy.API(tweepy.OAuth1UserHandler(*keys[1:]), cache=cache)
    first = api.get_status(20)
    count = len(sandbox.journal())
    again = api.get_status(20)
    assert again == first and api.cached_result and len(sandbox.journal()) == count and cache.count() == 1
    assert again.retweets() == again.retweets()
    cache.flush()
    assert cache.count() == 0 and api.get_status(20) == first and not api.cached_result


def test_an_async_client_has_the_same_methods(keys, sandbox):
    async def main():
        client = asynchronous.AsyncClient(*keys)
        me, found = await asyncio.gather(client.get_me(), client.search_recent_tweets("the", max_results=10))
        posts = [each async for each in asynchronous.AsyncPaginator(client.get_users_tweets, 12).flatten(limit=3)]
        with pytest.raises(tweepy.NotFound) as refusal:
            await client.request("GET", "/2/nothing")
        return me.data.username, len(found.data), len(posts), refusal.value.response.status

    assert asyncio.run(main()) == ("ada", 10, 3, 404)


def test_a_stream_calls_its_callbacks(keys, sandbox):
    calls = []

    class Reader(tweepy.StreamingClient):
        def on_connect(self):
            calls.append("on_connect")

        def on_tweet(self, tweet):
            calls.append(tweet.text)

        def on_response(self, response):
            calls.append(response.matching_rules[0].tag)
            self.disconnect()

        def on_disconnect(self):
            calls.append("on_disconnect")

    reader = Reader(keys[0])
    rule = reader.add_rules(tweepy.StreamRule("heron", tag="birds")).data[0]
    thread = reader.filter(threaded=True, tweet_fields=["created_at"])
    assert isinstance(thread, threading.Thread)
    with pytest.raises(tweepy.TweepyException):
        reader.filter()
    wait_until(lambda: sandbox.open_stream_count == 1)
    sandbox.write_post("robin", "a heron")
    thread.join(20)
    assert calls == ["on_connect", "a heron", "birds", "on_disconnect"] and not reader.running
    assert [each.id for each in reader.get_rules().data] == [rule.id]
    reader.delete_rules(rule)
    assert reader.get_rules().data is None


def test_a_refused_stream_reports_its_status(keys):
    statuses = []

    class Reader(tweepy.StreamingClient):
        def on_request_error(self, status_code):
            statuses.append(status_code)
            self.disconnect()

    Reader("wrong").sample()
    assert statuses == [401]


def test_an_exception_in_a_callback_ends_the_stream(keys, sandbox):
    seen = []

    class Reader(tweepy.StreamingClient):
        def on_tweet(self, tweet):
            raise LookupError(tweet.text)

        def on_exception(self, exception):
            seen.append(exception)

    reader = Reader(keys[0])
    reader.add_rules(tweepy.StreamRule("heron"))
    thread = reader.filter(threaded=True)
    wait_until(lambda: sandbox.open_stream_count == 1)
    sandbox.write_post("robin", "another heron")
    thread.join(20)
    assert [str(each) for each in seen] == ["another heron"]


def test_an_async_stream_calls_its_callbacks(keys, sandbox):
    texts = []

    class Reader(asynchronous.AsyncStreamingClient):
        async def on_tweet(self, tweet):
            texts.append(tweet.text)
            self.disconnect()

    async def main():
        reader = Reader(keys[0])
        await reader.add_rules(tweepy.StreamRule("heron"))
        task = reader.filter()
        while sandbox.open_stream_count == 0:
            await asyncio.sleep(0.01)
        sandbox.write_post("robin", "a third heron")
        await asyncio.wait_for(task, 20)

    asyncio.run(main())
    assert texts == ["a third heron"]


def test_streams_of_v1_call_their_callbacks(keys, sandbox):
    texts = []

    class Reader(tweepy.Stream):
        def on_status(self, status):
            texts.append(status.text)
            self.disconnect()

    class AsyncReader(asynchronous.AsyncStream):
        async def on_status(self, status):
            texts.append(status.text)
            self.disconnect()

    with pytest.raises(tweepy.TweepyException, match="four"):
        Reader(*keys[1:]).filter(locations=[1.0, 2.0])
    thread = Reader(*keys[1:]).filter(track=["kestrel"], threaded=True)
    wait_until(lambda: sandbox.open_stream_count == 1)
    sandbox.write_post("robin", "a kestrel")
    thread.join(20)

    async def main():
        task = AsyncReader(*keys[1:]).filter(track=["kestrel"])
        while sandbox.open_stream_count == 0:
            await asyncio.sleep(0.01)
        sandbox.write_post("robin", "a second kestrel")
        await asyncio.wait_for(task, 20)

    wait_until(lambda: sandbox.open_stream_count == 0)
    asyncio.run(main())
    assert texts == ["a kestrel", "a second kestrel"]


def test_a_user_logs_in_by_oauth_1(keys):
    handler = tweepy.OAuth1UserHandler(keys[1], keys[2], callback="oob")
    url = handler.get_authorization_url(signin_with_twitter=True)
    assert "/oauth/authenticate?oauth_token=" in url and handler.request_token["oauth_token_secret"]
    with pytest.raises(tweepy.TweepyException):
        handler.get_access_token("0000000")


def test_an_app_logs_in_by_its_secret(keys):
    handler = tweepy.OAuth2AppHandler(keys[1], keys[2])
    assert tweepy.API(handler).get_status(20).id == 20
    with pytest.raises(tweepy.TweepyException):
        tweepy.OAuth2AppHandler(keys[1], "wrong")


def test_a_user_logs_in_by_oauth_2(keys):
    handler = tweepy.OAuth2UserHandler(
        client_id=keys[1], redirect_uri="http://127.0.0.1/callback", scope=["tweet.read", "users.read"]
    )
    url = handler.get_authorization_url()
    assert "code_challenge_method=S256" in url and "scope=tweet.read+users.read" in url
    with pytest.raises(tweepy.TweepyException, match="state"):
        handler.fetch_token("http://127.0.0.1/callback?state=other&code=1")
    with pytest.raises(tweepy.TweepyException, match="authorize"):
        handler.fetch_token(f"http://127.0.0.1/callback?state={handler.state}&error=access_denied")
    with pytest.raises(tweepy.TweepyException):
        handler.fetch_token(f"http://127.0.0.1/callback?state={handler.state}&code=wrong")


def wait_until(is_true):
    end = time.monotonic() + 20
    while not is_true():
        assert time.monotonic() < end
        time.sleep(0.01)


def _png():
    import struct
    import zlib

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 64, 32, 8, 2, 0, 0, 0)
    rows = (b"\0" + b"\x40\x80\xc0" * 64) * 32
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    )


PNG = _png()
