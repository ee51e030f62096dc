"""Logins in a terminal."""

from __future__ import annotations

import json
import webbrowser
from urllib.parse import parse_qsl

from .._dropins.urls import page_url
from .api import Twitter
from .oauth import OAuth, write_token_file
from .oauth2 import OAuth2, write_bearer_token_file


def oauth2_dance(consumer_key: str, consumer_secret: str, token_filename: str | None = None) -> str:
    """Returns the bearer token of an app, and writes it to a file if one is given."""
    auth = OAuth2(consumer_key=consumer_key, consumer_secret=consumer_secret)
    response = Twitter(auth=auth, format="", api_version="").oauth2.token(grant_type="client_credentials")
    token: str = json.loads(response)["access_token"]
    if token_filename:
        write_bearer_token_file(token_filename, token)
    return token


def get_oauth_pin(oauth_url: str, open_browser: bool = True) -> str:
    """Shows a user the page of the login, and returns the PIN that the user types."""
    is_open = open_browser and webbrowser.open(oauth_url)
    where = "In the browser that opens" if is_open else "On this page"
    print(f"{where}, authorize the app and copy the PIN:\n\n{oauth_url}\n")
    return input("Please enter the PIN: ").strip()


def oauth_dance(
    app_name: str,
    consumer_key: str,
    consumer_secret: str,
    token_filename: str | None = None,
    open_browser: bool = True,
) -> tuple[str, str]:
    """Lets a user authorize the app with a PIN. Returns token and secret, and writes them to a file if one is given."""
    print(f"To use {app_name}, log in to X.")
    app = Twitter(auth=OAuth("", "", consumer_key, consumer_secret), format="", api_version=None)
    token, secret = parse_oauth_tokens(app.oauth.request_token(oauth_callback="oob"))
    pin = get_oauth_pin(page_url(f"https://api.twitter.com/oauth/authorize?oauth_token={token}"), open_browser)
    user = Twitter(auth=OAuth(token, secret, consumer_key, consumer_secret), format="", api_version=None)
    token, secret = parse_oauth_tokens(user.oauth.access_token(oauth_verifier=pin))
    if token_filename:
        write_token_file(token_filename, token, secret)
        print(f"\nThe keys are in {token_filename}.")
    return token, secret


def parse_oauth_tokens(result: str) -> tuple[str, str]:
    """Returns token and secret of a response."""
    fields = dict(parse_qsl(result))
    return fields["oauth_token"], fields["oauth_token_secret"]
