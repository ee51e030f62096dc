"""`chirrup.twitter` against the sandbox."""

import json
import pickle
import stat
import threading
import time
import urllib.request

import pytest
from chirrup import twitter as ptt
from chirrup.twitter.auth import MissingCredentialsError
from chirrup.twitter.oauth_dance import parse_oauth_tokens
from consent_page import pin
from test_twython import PICTURE


@pytest.fixture
def environment(sandbox, monkeypatch):
    environment = sandbox.environment()
    monkeypatch.setenv("CHIRRUP_BASE_URL", environment["CHIRRUP_BASE_URL"])
    return environment


@pytest.fixture
def oauth(environment):
    names = ("ACCESS_TOKEN", "ACCESS_TOKEN_SECRET", "CONSUMER_KEY", "CONSUMER_SECRET")
    return ptt.OAuth(*(environment[f"X_{name}"] for name in names))


@pytest.fixture
def bearer(environment):
    return ptt.OAuth2(bearer_token=environment["X_BEARER_TOKEN"])


def test_attributes_are_parts_of_the_route(oauth):
    tw, tw2 = ptt.Twitter(auth=oauth), ptt.Twitter2(auth=oauth)
    robin = tw2.users.by.username._username(_username="robin")["data"]["id"]
    assert tw2.users(id=robin) == tw2.users._id(_id=robin)
    assert tw2.users._id.tweets(_id=robin, exclude="retweets", max_results=5)["meta"]["result_count"] == 5
    status = tw.statuses.update(status="Using the tools")
    assert tw.statuses.show(id=status["id"])["text"] == "Using the tools"
    fields = {"tweet.fields": "author_id"}
    assert "author_id" in tw2.tweets(id=status["id"], params=fields)["data"]
    assert tw2.tweets(_json={"text": "As JSON"})["data"]["text"] == "As JSON"
    assert tw.statuses._("show")._(status["id"])()["id"] == status["id"]


def test_writes_of_api_v2_send_their_arguments_as_json(oauth):
    tw2 = ptt.Twitter2(auth=oauth)
    me, robin = tw2.users.me()["data"]["id"], tw2.users.by.username._name(_name="robin")["data"]["id"]
    muted = tw2.users._id.muting(_id=me, target_user_id=robin, _method="POST")
    assert muted["data"] == {"muting": True}
    assert [user["id"] for user in tw2.users._id.muting(_id=me)["data"]] == [robin]
    unmuted = tw2.users._id.muting._target(_id=me, _target=robin, _method="DELETE")
    assert unmuted["data"] == {"muting": False}


def test_responses_are_lists_and_dictionaries_with_headers(oauth):
    timeline = ptt.Twitter(auth=oauth).statuses.home_timeline(count=5)
    assert isinstance(timeline, list) and len(timeline) == 5
    assert timeline.rate_limit_limit >= timeline.rate_limit_remaining > 0
    assert timeline.rate_limit_reset > 0
    copy = pickle.loads(pickle.dumps(timeline))
    assert copy == timeline and copy.headers["x-rate-limit-limit"] == timeline.headers["X-Rate-Limit-Limit"]


def test_a_refusal_has_status_and_details(oauth):
    with pytest.raises(ptt.TwitterHTTPError) as caught:
        ptt.Twitter(auth=oauth).statuses.show(id=1)
    assert caught.value.e.code == 404
    assert caught.value.response_data["errors"][0]["code"] == 144
    assert "Twitter sent status 404 for URL: 1.1/statuses/show/1.json" in str(caught.value)


def test_retry_repeats_a_refused_call(oauth, sandbox, monkeypatch):
    monkeypatch.setattr(ptt.api.TwitterCall, "TWITTER_UNAVAILABLE_WAIT", 0)
    tw = ptt.Twitter(auth=oauth, retry=1)
    sandbox.add_fault(fault="response", status=502, times=1)
    assert tw.account.verify_credentials()["screen_name"] == "ada"
    sandbox.add_fault(fault="response", status=502, times=2)
    with pytest.raises(ptt.TwitterHTTPError):
        tw.account.verify_credentials()


def test_retry_does_not_repeat_a_write_that_may_have_taken_effect(oauth, sandbox):
    sandbox.add_fault(fault="response", status=502, times=1)
    before = len(sandbox.journal())
    with pytest.raises(ptt.TwitterHTTPError):
        ptt.Twitter(auth=oauth, retry=True).statuses.update(status="Once only")
    assert len(sandbox.journal()) - before == 1


def test_images_are_uploaded_and_described(oauth):
    upload, tw = ptt.Twitter(domain="upload.twitter.com", auth=oauth), ptt.Twitter(auth=oauth)
    media_id = upload.media.upload(media=PICTURE)["media_id_string"]
    upload.media.metadata.create(media_id=media_id, text="A dot")
    upload.media.metadata.create(_json={"media_id": media_id, "alt_text": {"text": "A dot"}})
    status = tw.statuses.update(status="Look", media_ids=media_id)
    assert status["extended_entities"]["media"][0]["id_str"] == media_id
    assert tw.statuses.update_with_media(**{"media[]": PICTURE, "status": "In one"})["entities"]["media"]


def test_oauth2_dance_and_the_route_of_the_token_agree(environment, tmp_path):
    key, secret = environment["X_CONSUMER_KEY"], environment["X_CONSUMER_SECRET"]
    token = ptt.oauth2_dance(key, secret, str(tmp_path / "bearer"))
    assert ptt.read_bearer_token_file(str(tmp_path / "bearer")) == token
    app = ptt.Twitter(api_version=None, format="", secure=True, auth=ptt.OAuth2(key, secret))
    assert json.loads(app.oauth2.token(grant_type="client_credentials"))["access_token"] == token
    assert ptt.Twitter2(auth=ptt.OAuth2(bearer_token=token)).tweets.search.recent(query="the")["data"]


def test_oauth_dance_returns_and_stores_the_tokens_of_the_user(environment, sandbox, monkeypatch, tmp_path):
    opened = []
    monkeypatch.setattr("webbrowser.open", lambda url: opened.append(url) or True)
    monkeypatch.setattr("builtins.input", lambda prompt: pin(opened[0], "robin"))
    key, secret, path = environment["X_CONSUMER_KEY"], environment["X_CONSUMER_SECRET"], str(tmp_path / "tokens")
    tokens = ptt.oauth_dance("Birds", key, secret, path)
    assert opened[0].startswith(f"{sandbox.url}/oauth/authorize?oauth_token=")
    assert ptt.read_token_file(path) == tokens
    user = ptt.Twitter(auth=ptt.OAuth(*tokens, key, secret)).account.verify_credentials()
    assert user["screen_name"] == "robin"
    assert parse_oauth_tokens("oauth_token_secret=b&oauth_token=a%2F") == ("a/", "b")


def test_only_the_owner_can_read_a_file_of_tokens(tmp_path):
    path = tmp_path / "tokens"
    ptt.write_token_file(str(path), "token", "secret")
    assert ptt.read_token_file(str(path)) == ("token", "secret")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_signature_of_oauth_is_valid(oauth, sandbox):
    url = f"{sandbox.url}/1.1/account/verify_credentials.json"
    query = oauth.encode_params(url, "GET", {"skip_status": "true", "note": "a b~c"})
    with urllib.request.urlopen(f"{url}?{query}") as response:
        assert json.load(response)["screen_name"] == "ada"


def test_missing_and_unknown_credentials_are_refused():
    with pytest.raises(MissingCredentialsError):
        ptt.OAuth2(consumer_key="key")
    with pytest.raises(MissingCredentialsError):
        ptt.Twitter(auth=ptt.UserPassAuth("ada", "secret")).account.verify_credentials()


def write_when_connected(sandbox, text):
    def write():
        while not sandbox.open_stream_count:
            time.sleep(0.01)
        sandbox.write_post("robin", text)

    threading.Thread(target=write).start()


def test_streams_of_both_versions_yield_messages(oauth, bearer, sandbox):
    write_when_connected(sandbox, "A bittern calls")
    stream = ptt.TwitterStream(auth=oauth).statuses.filter(track="bittern")
    assert next(stream)["text"] == "A bittern calls"
    stream.close()
    while sandbox.open_stream_count:
        time.sleep(0.01)
    ptt.Twitter2(auth=bearer).tweets.search.stream.rules(_json={"add": [{"value": "egret"}]})
    write_when_connected(sandbox, "An egret calls")
    stream = ptt.TwitterStream2(auth=bearer).tweets.search.stream()
    assert next(stream)["data"]["text"] == "An egret calls"
    stream.close()


def test_a_stream_without_messages_yields_what_its_settings_say(oauth):
    for settings, expected in (({"timeout": 0.1}, {"timeout": True}), ({"block": False}, None)):
        stream = ptt.TwitterStream(auth=oauth, **settings).statuses.filter(track="nothing of this kind")
        assert [next(stream), next(stream)] == [expected, expected]
        stream.close()


def test_a_refused_stream_is_an_error(environment):
    stream = ptt.TwitterStream(auth=ptt.OAuth("1-token", "secret", "key", "secret")).statuses.sample()
    with pytest.raises(ptt.TwitterHTTPError) as caught:
        next(stream)
    assert caught.value.e.code == 401


def test_another_domain_is_another_server(oauth, sandbox, monkeypatch):
    monkeypatch.setenv("CHIRRUP_BASE_URL", "http://127.0.0.1:9")
    domain = sandbox.url.removeprefix("http://")
    tw = ptt.Twitter(auth=oauth, domain=domain, secure=False)
    assert tw.account.verify_credentials()["screen_name"] == "ada"
