"""`chirrup.pytweet` against the sandbox."""

import datetime
import threading
import time

import pytest
from chirrup import pytweet
from consent_page import callback_parameters
from test_twython import PICTURE


@pytest.fixture
def arguments(sandbox, monkeypatch):
    environment = sandbox.environment()
    monkeypatch.setenv("CHIRRUP_BASE_URL", environment["CHIRRUP_BASE_URL"])
    return {
        "bearer_token": environment["X_BEARER_TOKEN"],
        "consumer_key": environment["X_CONSUMER_KEY"],
        "consumer_key_secret": environment["X_CONSUMER_SECRET"],
        "access_token": environment["X_ACCESS_TOKEN"],
        "access_token_secret": environment["X_ACCESS_TOKEN_SECRET"],
    }


@pytest.fixture
def twitter(arguments):
    return pytweet.Client(**arguments)


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "dot.png"
    path.write_bytes(PICTURE)
    return pytweet.File(str(path))


def test_users_act(twitter):
    robin = twitter.fetch_user_by_name("@robin")
    assert (robin.username, robin.name) == ("@robin", "Robin Wagtail")
    assert robin == twitter.fetch_user(robin.id) and robin != twitter.account
    assert robin.unfollow().following is False and robin.follow().following is True
    for act in (robin.mute, robin.unmute, robin.block, robin.unblock, robin.trigger_typing):
        assert act() is None
    robin.report(block=False)
    robin.follow()
    assert twitter.account in robin.fetch_followers()
    assert robin.follower_count > 0 and isinstance(robin.created_at, datetime.datetime)
    assert twitter.fetch_user(1) is None
    with pytest.raises(ValueError):
        robin == "robin"  # noqa: B015


def test_tweets_act(twitter):
    tweet = next(t for t in twitter.fetch_user_by_name("robin").fetch_timelines(20) if not t.text.startswith("RT"))
    assert tweet.author.username == "@robin" and tweet.link == f"https://twitter.com/robin/status/{tweet.id}"
    assert tweet.like().liked and not tweet.unlike().liked
    assert tweet.retweet().retweeted and not tweet.unretweet().retweeted
    reply = twitter.fetch_tweet(tweet.reply("Nice, @robin!").id)
    assert reply.fetch_replied_user() == tweet.author and reply.mentions == ["robin"]
    reply.delete()
    assert twitter.fetch_tweet(reply.id) is None and twitter.get_tweet(reply.id) is None


def test_a_tweet_carries_a_poll_or_a_file(twitter, picture):
    poll = pytweet.Poll(duration=60).add_option(label="Heron").add_option(label="Wren")
    posted = twitter.tweet("Which one?", poll=poll, reply_setting=pytweet.ReplySetting.following)
    assert twitter.get_tweet(posted.id).text == posted.text == "Which one?"
    found = twitter.fetch_tweet(posted.id)
    assert [option.label for option in found.poll.options] == ["Heron", "Wren"]
    assert found.poll.voting_status and found.reply_setting is pytweet.ReplySetting.following
    media = twitter.fetch_tweet(twitter.tweet("Look!", file=picture).id).media
    assert [each.type for each in media] == [pytweet.MediaType.photo]


def test_messages_carry_buttons_and_replies(twitter):
    quick_reply = pytweet.QuickReply().add_option(label="Yes", description="I like birds", metadata="yes")
    cta = pytweet.CTA().add_button(label="Read more", url="https://example.com/birds")
    sent = twitter.fetch_user_by_name("robin").send("Do you like #birds?", quick_reply=quick_reply, cta=cta)
    assert twitter.get_message(sent.id) is sent and twitter.fetch_message(sent.id).text == sent.text
    assert sent.recipient.username == "@robin" and sent.event_type is pytweet.MessageEventTypeEnum.MESSAGE_CREATE
    assert sent.quick_reply.options == quick_reply.options
    sent.delete()
    assert twitter.get_message(sent.id) is None


def test_welcome_messages_have_rules(twitter):
    message = twitter.create_welcome_message("greeting", "Hello there!")
    rule = message.set_rule()
    assert rule.welcome_message_id == message.id
    assert twitter.fetch_welcome_message_rules(rule.id).id == rule.id
    assert twitter.fetch_welcome_message(message.id).text == "Hello there!"
    assert message.update("Welcome!").text == "Welcome!"
    rule.delete()
    message.delete()


def test_profiles_are_created(twitter, picture):
    assert twitter.create_custom_profile("Bird", picture).name == "Bird"


def test_refusals_are_exceptions_by_status(twitter, sandbox):
    with pytest.raises(pytweet.NotFound) as caught:
        twitter.http.request("GET", "2", "/nothing/here")
    assert caught.value.status_code == 404
    with pytest.raises(pytweet.Unauthorized):
        pytweet.Client("bad").fetch_user(12)
    with pytest.raises(pytweet.PytweetException, match="missing"):
        pytweet.Client("bad").tweet("Hello")
    sandbox.add_fault(fault="response", status=429, times=1)
    with pytest.raises(pytweet.TooManyRequests):
        twitter.fetch_user(12)


def test_a_stream_calls_the_functions_of_its_events(arguments, sandbox):
    stream = pytweet.Stream().add_rule("bittern", "birds")
    twitter = pytweet.Client(**arguments, stream=stream)
    events = []

    @twitter.event
    def on_stream_connect(connection):
        events.append(("connect", connection.closed))

    @twitter.event
    def on_stream_disconnect(connection):
        events.append(("disconnect", connection.closed))

    @twitter.event
    def on_stream(tweet, connection):
        events.append((tweet.text, tweet.like().liked))
        connection.close()

    def write():
        while not sandbox.open_stream_count:
            time.sleep(0.01)
        sandbox.write_post("robin", "A bittern calls")

    threading.Thread(target=write).start()
    twitter.stream()
    assert events == [("connect", False), ("A bittern calls", True), ("disconnect", True)]
    assert [(rule.value, rule.tag) for rule in stream.fetch_rules()] == [("bittern", "birds")]


def test_a_login_returns_the_tokens_of_the_user(arguments, twitter, sandbox):
    session = pytweet.OauthSession.with_oauth_flow(twitter, callback="http://127.0.0.1:8080/callback")
    url = session.generate_oauth_url()
    assert url.startswith(f"{sandbox.url}/oauth/authorize?oauth_token=")
    parameters = callback_parameters(url, "robin")
    pairs = session.post_oauth_token(parameters["oauth_token"], parameters["oauth_verifier"])
    tokens = dict(pair.split("=") for pair in pairs)
    names = {"access_token": tokens["oauth_token"], "access_token_secret": tokens["oauth_token_secret"]}
    robin = pytweet.Client(**{**arguments, **names})
    assert robin.account.username == "@robin"
    pytweet.OauthSession.invalidate_access_token(robin)
    with pytest.raises(pytweet.Unauthorized):
        robin.tweet("Hello")
