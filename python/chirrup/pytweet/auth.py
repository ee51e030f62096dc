"""Logins by OAuth 1.0a."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from .._dropins.connection import call, client_for, oauth1_settings
from .._dropins.urls import page_url
from .errors import PytweetException
from .responses import check_error

if TYPE_CHECKING:
    from .client import Client


class OauthSession:
    """Keys of an app and tokens of a user, and the login that obtains the tokens."""

    def __init__(self, consumer_key: str | None, consumer_secret: str | None, callback: str | None = None) -> None:
        self.is_with_oauth_flow = False
        self.consumer_key = consumer_key
        self.consumer_key_secret = consumer_secret
        self.access_token: str | None = None
        self.access_token_secret: str | None = None
        self.callback = callback
        self._request_secrets: dict[str, str] = {}

    @staticmethod
    def invalidate_access_token(client: Client) -> None:
        """Invalidates the access token of a client."""
        client.http.request("POST", "1.1", "/oauth/invalidate_token", auth=True)

    @classmethod
    def with_oauth_flow(cls, client: Client, *, callback: str = "https://twitter.com") -> OauthSession:
        """Returns a session for the login of a user with the app of a client.

        `generate_oauth_url` begins the login, and `post_oauth_token` completes it.
        """
        session = cls(client.http.consumer_key, client.http.consumer_key_secret, callback)
        session.is_with_oauth_flow = True
        return session

    def generate_oauth_url(self, auth_access_type: str = "write") -> str:
        """Returns the URL where a user authorizes the app for "read", "write" or "direct_messages"."""
        access = auth_access_type.lower()
        if access not in ("read", "write", "direct_messages"):
            raise ValueError(f"{auth_access_type} is not read, write or direct_messages")
        fields = {"oauth_callback": self.callback or "oob"}
        if access == "read":
            fields["x_auth_access_type"] = access
        tokens = dict(self._request("/oauth/request_token", "", "", fields))
        self._request_secrets[tokens["oauth_token"]] = tokens["oauth_token_secret"]
        return page_url(f"https://api.twitter.com/oauth/authorize?oauth_token={tokens['oauth_token']}")

    def post_oauth_token(self, oauth_token: str, oauth_verifier: str) -> tuple[str, ...]:
        """Completes a login. Returns `oauth_token=…`, `oauth_token_secret=…`, `user_id=…` and `screen_name=…`."""
        secret = self._request_secrets.get(oauth_token, "")
        pairs = self._request("/oauth/access_token", oauth_token, secret, {"oauth_verifier": oauth_verifier})
        return tuple(f"{name}={value}" for name, value in pairs)

    def _request(self, path: str, token: str, secret: str, fields: dict[str, str]) -> list[tuple[str, str]]:
        client = client_for(**oauth1_settings(self.consumer_key, self.consumer_key_secret, token, secret))
        response = call(client, "POST", path, form=fields, auth="oauth1")
        check_error(response)
        pairs = parse_qsl(response.text)
        if "oauth_token" not in dict(pairs):
            raise PytweetException("the response contains no token")
        return pairs

    @property
    def oauth1(self) -> dict[str, Any]:
        """Keys and tokens, as the arguments of a `chirrup.Client`."""
        return oauth1_settings(
            self.consumer_key, self.consumer_key_secret, self.access_token, self.access_token_secret
        )

    def set_access_token(self, key: str, secret: str) -> None:
        """Sets the token of a user."""
        self.access_token = key
        self.access_token_secret = secret

    def set_consumer_key(self, consumer_key: str, consumer_secret: str) -> None:
        """Sets the key of the app."""
        self.consumer_key = consumer_key
        self.consumer_key_secret = consumer_secret
