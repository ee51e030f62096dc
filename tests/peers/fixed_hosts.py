"""Calls a sandbox with clients whose hosts are fixed. Nothing is redirected but by environment variables.

Usage: fixed_hosts.py KEY SECRET TOKEN TOKEN_SECRET BEARER
"""

import sys

import requests
import tweepy

KEY, SECRET, TOKEN, TOKEN_SECRET, BEARER = sys.argv[1:6]

client = tweepy.Client(BEARER, KEY, SECRET, TOKEN, TOKEN_SECRET)
api = tweepy.API(tweepy.OAuth1UserHandler(KEY, SECRET, TOKEN, TOKEN_SECRET))


def signed_calls_of_v2():
    assert client.get_me(user_auth=True).data.username == "ada"
    post = client.create_tweet(text="from api.twitter.com").data
    assert client.delete_tweet(post["id"]).data["deleted"]


def bearer_calls_of_v2():
    assert client.get_tweet(20).data.id == 20


def calls_of_v1():
    assert api.verify_credentials().screen_name == "ada"
    assert api.update_status("from 1.1").id
    assert api.simple_upload("bird.png", file=__import__("io").BytesIO(b"\x89PNG\r\n\x1a\n")).media_id


def app_login():
    handler = tweepy.OAuth2AppHandler(KEY, SECRET)
    assert tweepy.API(handler).get_status(20).id == 20


def short_link():
    text = client.create_tweet(text="see https://example.com/a").data["text"]
    response = requests.get(text.split(" ")[1], allow_redirects=False, timeout=10)
    assert response.headers["location"] == "https://example.com/a"


def other_hosts_are_refused():
    try:
        requests.get("https://example.com/", timeout=10)
        raise AssertionError("the request was not refused")
    except requests.exceptions.ProxyError as error:
        assert "example.com is not served here" in str(error), error


CALLS = [signed_calls_of_v2, bearer_calls_of_v2, calls_of_v1, app_login, short_link, other_hosts_are_refused]

if __name__ == "__main__":
    for call in CALLS:
        call()
        print("ok", call.__name__)
