"""Logs in at a sandbox with unmodified third-party clients, by every flow that they support.

Usage: login.py BASE_URL KEY SECRET
"""

import re
import sys
from urllib.parse import parse_qs, urlsplit

import requests
import tweepy
from oauthlib.oauth2 import BackendApplicationClient
from requests_oauthlib import OAuth1Session, OAuth2Session

BASE, KEY, SECRET = sys.argv[1:4]
CALLBACK = "http://127.0.0.1:8080/callback"


def submit_form(url, user="robin", decision="authorize"):
    """Does what a user does in a browser: opens the page and submits the form. Returns the redirect or the page."""
    page = requests.get(url)
    page.raise_for_status()
    fields = dict(re.findall(r'<input type=hidden name=(\w+) value="([^"]*)">', page.text))
    fields = {name: value.replace("&amp;", "&") for name, value in fields.items()}
    fields.update(user=user, decision=decision)
    response = requests.post(url.split("?")[0], data=fields, allow_redirects=False)
    return response.headers.get("location") or response.text


def oauth1_with_callback():
    session = OAuth1Session(KEY, client_secret=SECRET, callback_uri=CALLBACK)
    session.fetch_request_token(f"{BASE}/oauth/request_token")
    session.parse_authorization_response(submit_form(session.authorization_url(f"{BASE}/oauth/authorize")))
    keys = session.fetch_access_token(f"{BASE}/oauth/access_token")
    assert keys["screen_name"] == "robin" and keys["oauth_token"].startswith("12-"), keys
    me = session.get(f"{BASE}/2/users/me").json()
    assert me["data"]["username"] == "robin", me
    assert session.post(f"{BASE}/2/tweets", json={"text": "from requests-oauthlib"}).status_code == 201
    assert session.post(f"{BASE}/1.1/oauth/invalidate_token.json").status_code == 200
    assert session.get(f"{BASE}/2/users/me").status_code == 401


def oauth1_with_pin():
    session = OAuth1Session(KEY, client_secret=SECRET, callback_uri="oob")
    session.fetch_request_token(f"{BASE}/oauth/request_token")
    page = submit_form(session.authorization_url(f"{BASE}/oauth/authenticate"))
    pin = re.search(r"<code>(\d{7})</code>", page).group(1)
    keys = session.fetch_access_token(f"{BASE}/oauth/access_token", verifier=pin)
    assert keys["user_id"] == "12", keys


def oauth2_with_pkce():
    scope = ["tweet.read", "users.read", "offline.access"]
    session = OAuth2Session(KEY, redirect_uri=CALLBACK, scope=scope, pkce="S256")
    url, _ = session.authorization_url(f"{BASE}/i/oauth2/authorize")
    token = session.fetch_token(
        f"{BASE}/2/oauth2/token", authorization_response=submit_form(url), include_client_id=True
    )
    assert token["expires_in"] == 7200 and token["refresh_token"], token
    assert session.get(f"{BASE}/2/users/me").json()["data"]["username"] == "robin"
    refreshed = session.refresh_token(f"{BASE}/2/oauth2/token", client_id=KEY)
    assert refreshed["access_token"] != token["access_token"]
    assert session.get(f"{BASE}/2/users/me").status_code == 200


def app_only():
    session = OAuth2Session(client=BackendApplicationClient(client_id=KEY))
    session.fetch_token(f"{BASE}/oauth2/token", client_id=KEY, client_secret=SECRET)
    assert session.get(f"{BASE}/2/tweets/20").json()["data"]["id"] == "20"


def tweepy_oauth1_user_handler():
    class Handler(tweepy.OAuth1UserHandler):
        def _get_oauth_url(self, endpoint):
            return f"{BASE}/oauth/{endpoint}"

    handler = Handler(KEY, SECRET, callback=CALLBACK)
    query = parse_qs(urlsplit(submit_form(handler.get_authorization_url())).query)
    token, secret = handler.get_access_token(query["oauth_verifier"][0])
    assert token.startswith("12-") and secret


FLOWS = [oauth1_with_callback, oauth1_with_pin, oauth2_with_pkce, app_only, tweepy_oauth1_user_handler]

if __name__ == "__main__":
    for flow in FLOWS:
        flow()
        print("ok", flow.__name__)
