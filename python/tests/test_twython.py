"""`chirrup.twython` against the sandbox."""

import io
import threading
import time

import pytest
from chirrup.twython import Twython, TwythonAuthError, TwythonError, TwythonRateLimitError, TwythonStreamer
from consent_page import callback_parameters

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360f8cf500f0003860180344c3ae60000000049454e44ae426082"
)


@pytest.fixture
def keys(sandbox, monkeypatch):
    environment = sandbox.environment()
    monkeypatch.setenv("CHIRRUP_BASE_URL", environment["CHIRRUP_BASE_URL"])
    names = ("CONSUMER_KEY", "CONSUMER_SECRET", "ACCESS_TOKEN", "ACCESS_TOKEN_SECRET")
    return [environment[f"X_{name}"] for name in names]


@pytest.fixture
def twitter(keys):
    return Twython(*keys)


def test_calls_return_decoded_responses_and_keep_the_headers(twitter):
    status = twitter.update_status(status="A heron, at last #birds")
    assert twitter.show_status(id=status["id"])["text"] == "A heron, at last #birds"
    assert int(twitter.get_lastfunction_header("x-rate-limit-remaining")) > 0
    assert 'class="twython-hashtag">#birds</a>' in Twython.html_for_tweet(status)
    assert twitter.destroy_status(id=status["id"])["id"] == status["id"]


def test_a_refusal_is_an_error_with_its_status(twitter, keys):
    with pytest.raises(TwythonError) as caught:
        twitter.show_status(id=1)
    assert (caught.value.error_code, str(caught.value)) == (
        404,
        "Twitter API returned a 404 (Not Found), No status found with that ID.",
    )
    with pytest.raises(TwythonAuthError) as caught:
        Twython(keys[0], keys[1], "1-token", "secret").verify_credentials()
    assert caught.value.error_code == 401


def test_an_exhausted_rate_limit_is_an_error_of_its_own(twitter, sandbox):
    sandbox.add_fault(fault="response", status=429, times=1)
    with pytest.raises(TwythonRateLimitError) as caught:
        twitter.get_account_settings()
    assert caught.value.error_code == 429


def test_a_failed_call_is_not_repeated(twitter, sandbox):
    sandbox.add_fault(fault="response", status=503, times=1)
    before = len(sandbox.journal())
    with pytest.raises(TwythonError) as caught:
        twitter.update_status(status="Once only")
    assert (caught.value.error_code, len(sandbox.journal()) - before) == (503, 1)


def test_a_cursor_walks_all_pages_by_cursor_and_by_id(twitter, sandbox):
    followers = list(twitter.cursor(twitter.get_followers_ids, count=5))
    assert len(followers) == len(set(followers)) == twitter.show_user(screen_name="ada")["followers_count"] > 5
    posts = list(twitter.cursor(twitter.search, q="the", count=20))
    pages = list(twitter.cursor(twitter.search, return_pages=True, q="the", count=20))
    assert len(posts) == len({post["id"] for post in posts}) > 20
    assert sum(map(len, pages)) == len(posts)


def test_images_and_videos_are_uploaded(twitter):
    media = twitter.upload_media(media=io.BytesIO(PICTURE))
    twitter.create_metadata(media_id=media["media_id_string"], alt_text={"text": "A dot"})
    parts = twitter.upload_video(io.BytesIO(PICTURE), "image/png", check_progress=True)
    for text, uploaded in (("Look", media), ("Look again", parts)):
        status = twitter.update_status(status=text, media_ids=[uploaded["media_id"]])
        assert status["entities"]["media"][0]["id"] == uploaded["media_id"]


def test_a_message_is_sent_as_json(twitter, sandbox):
    message = {"target": {"recipient_id": str(sandbox.user_id("robin"))}, "message_data": {"text": "Hello"}}
    event = twitter.send_direct_message(event={"type": "message_create", "message_create": message})["event"]
    found = twitter.get_direct_message(id=event["id"])["event"]["message_create"]["message_data"]["text"]
    assert found == "Hello"


def test_a_login_returns_the_tokens_of_the_user(keys, sandbox):
    tokens = Twython(keys[0], keys[1]).get_authentication_tokens(callback_url="http://127.0.0.1:8080/callback")
    assert tokens["auth_url"].startswith(f"{sandbox.url}/oauth/authenticate?oauth_token={tokens['oauth_token']}")
    pending = Twython(keys[0], keys[1], tokens["oauth_token"], tokens["oauth_token_secret"])
    user = pending.get_authorized_tokens(callback_parameters(tokens["auth_url"], "robin")["oauth_verifier"])
    assert user["screen_name"] == "robin"
    robin = Twython(keys[0], keys[1], user["oauth_token"], user["oauth_token_secret"])
    assert robin.verify_credentials()["screen_name"] == "robin"
    with pytest.raises(TwythonError):
        pending.get_authorized_tokens("0000000")


def test_a_bearer_token_is_obtained_and_used(keys):
    app = Twython(keys[0], keys[1], oauth_version=2)
    token = app.obtain_access_token()
    assert Twython(access_token=token).search(q="the")["statuses"]
    with pytest.raises(TwythonAuthError):
        Twython("key", "secret", oauth_version=2).obtain_access_token()
    with pytest.raises(TwythonError):
        app.get_authentication_tokens()


def test_unverified_connections_are_refused(keys):
    with pytest.raises(TwythonError, match="verify"):
        Twython(*keys, client_args={"verify": False}).verify_credentials()


class Collector(TwythonStreamer):
    """Streamer that keeps what it is called with."""

    def __init__(self, *keys, **settings):
        super().__init__(*keys, **settings)
        self.seen = []

    def on_success(self, data):
        self.seen.append(data)
        self.disconnect()

    def on_error(self, status_code, data):
        self.seen.append(status_code)
        self.disconnect()


def test_a_stream_delivers_statuses_until_it_is_disconnected(keys, sandbox):
    streamer = Collector(*keys)
    thread = threading.Thread(target=streamer.statuses.filter, kwargs={"track": "bittern"})
    thread.start()
    while not sandbox.open_stream_count:
        time.sleep(0.01)
    sandbox.write_post("robin", "A bittern in the reed")
    thread.join()
    assert [status["text"] for status in streamer.seen] == ["A bittern in the reed"]


def test_a_refused_stream_calls_on_error_with_the_status(keys):
    streamer = Collector("key", "secret", "1-token", "secret")
    streamer.statuses.sample()
    assert streamer.seen == [401]
