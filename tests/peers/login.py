"""Third-party clients, unmodified, log in at a sandbox by every flow that they have.

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
BACK = "http://127.0.0.1:8080/callback"


def decide(url, user="robin", decision="authorize"):
    """What a browser does: shows the page, and sends the decision."""
    page = requests.get(url)
    page.raise_for_status()
    fields = dict(re.findall(r'<input type=hidden name=(\w+) value="([^"]*)">', page.text))
    fields = {name: value.replace("&amp;", "&") for name, value in fields.items()}
    fields.update(user=user, decision=decision)
    answer = requests.post(url.split("?")[0], data=fields, allow_redirects=False)
    return answer.headers.get("location") or answer.text


def oauth1_with_a_callback():
    session = OAuth1Session(KEY, client_secret=SECRET, callback_uri=BACK)
    session.fetch_request_token(f"{BASE}/oauth/request_token")
    session.parse_authorization_response(decide(session.authorization_url(f"{BASE}/oauth/authorize")))
    keys = session.fetch_access_token(f"{BASE}/oauth/access_token")
    assert keys["screen_name"] == "robin" and keys["oauth_token"].startswith("12-"), keys
    me = session.get(f"{BASE}/2/users/me").json()
    assert me["data"]["username"] == "robin", me
    assert session.post(f"{BASE}/2/tweets", json={"text": "from requests-oauthlib"}).status_code == 201
    assert session.post(f"{BASE}/1.1/oauth/invalidate_token.json").status_code == 200
    assert session.get(f"{BASE}/2/users/me").status_code == 401


def oauth1_with_a_pin():
    session = OAuth1Session(KEY, client_secret=SECRET, callback_uri="oob")
    session.fetch_request_token(f"{BASE}/oauth/request_token")
    page = decide(session.authorization_url(f"{BASE}/oauth/authenticate"))
    pin = re.search(r"<code>(\d{7})</code>", page).group(1)
    keys = session.fetch_access_token(f"{BASE}/oauth/access_token", verifier=pin)
    assert keys["user_id"] == "12", keys


def oauth2_with_pkce():
    scope = ["tweet.read", "users.read", "offline.access"]
    session = OAuth2Session(KEY, redirect_uri=BACK, scope=scope, pkce="S256")
    url, _ = session.authorization_url(f"{BASE}/i/oauth2/authorize")
    token = session.fetch_token(
        f"{BASE}/2/oauth2/token", authorization_response=decide(url), include_client_id=True
    )
    assert token["expires_in"] == 7200 and token["refresh_token"], token
    assert session.get(f"{BASE}/2/users/me").json()["data"]["username"] == "robin"
    fresh = session.refresh_token(f"{BASE}/2/oauth2/token", client_id=KEY)
    assert fresh["access_token"] != token["access_token"]
    assert session.get(f"{BASE}/2/users/me").status_code == 200


def app_only():
    session = OAuth2Session(client=BackendApplicationClient(client_id=KEY))
    session.fetch_token(f"{BASE}/oauth2/token", client_id=KEY, client_secret=SECRET)
    assert session.get(f"{BASE}/2/tweets/20").json()["data"]["id"] == "20"


def tweepy_by_its_own_handlers():
    class Handler(tweepy.OAuth1UserHandler):
        def _get_oauth_url(self, endpoint):
            return f"{BASE}/oauth/{endpoint}"

    handler = Handler(KEY, SECRET, callback=BACK)
    answer = parse_qs(urlsplit(decide(handler.get_authorization_url())).query)
    token, secret = handler.get_access_token(answer["oauth_verifier"][0])
    assert token.startswith("12-") and secret


FLOWS = [oauth1_with_a_callback, oauth1_with_a_pin, oauth2_with_pkce, app_only, tweepy_by_its_own_handlers]

if __name__ == "__main__":
    for flow in FLOWS:
        flow()
        print("ok", flow.__name__)
