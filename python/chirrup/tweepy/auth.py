"""Authentication handlers."""

from __future__ import annotations

import base64
import hashlib
import logging
import secrets
import warnings
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from .._dropins.connection import oauth1_settings
from .._dropins.urls import page_url
from ._session import Session
from ._version import USER_AGENT
from .errors import TweepyException, _refusal

log = logging.getLogger(__name__)

_HOST = "https://api.twitter.com"


def _exchange(method: str, path: str, auth: Any, fields: dict[str, str]) -> Any:
    """Sends a request for a token and returns the response of its success."""
    headers = {"User-Agent": USER_AGENT}
    response = Session().request(method, _HOST + path, data=fields, auth=auth, headers=headers)
    if not response.ok:
        raise _refusal(response, response.status_code)
    return response


class _OAuth1Keys:
    """OAuth 1.0a keys of one request, which also sign a request of the library `requests`."""

    def __init__(self, *keys: Any) -> None:
        self._keys = tuple(key.decode() if isinstance(key, bytes) else key or "" for key in keys)

    def kind(self) -> str:
        return "oauth1"

    def settings(self) -> dict[str, str]:
        return oauth1_settings(*self._keys)

    def __call__(self, request: Any) -> Any:
        try:
            from requests_oauthlib import OAuth1  # type: ignore[import-untyped, unused-ignore]
        except ImportError:
            raise TweepyException("requests_oauthlib is not installed, which signs requests of the library requests")
        key, secret, token, token_secret = self._keys
        return OAuth1(key, secret, token or None, token_secret or None)(request)


class _BasicAuth:
    """ID and secret of an app."""

    def __init__(self, username: str, password: str) -> None:
        self._pair = (username, password)

    def kind(self) -> tuple[str, str]:
        return self._pair

    def settings(self) -> dict[str, str]:
        return {}


class OAuth1UserHandler:
    """Authenticates a user by OAuth 1.0a."""

    def __init__(
        self,
        consumer_key: str | bytes,
        consumer_secret: str | bytes,
        access_token: str | None = None,
        access_token_secret: str | None = None,
        callback: str | None = None,
    ) -> None:
        for name, value in (("consumer_key", consumer_key), ("consumer_secret", consumer_secret)):
            if not isinstance(value, (str, bytes)):
                raise TypeError(f"{name}: expected a string or bytes, not {type(value).__name__}")
        self.consumer_key = consumer_key
        self.consumer_secret = consumer_secret
        self.access_token = access_token
        self.access_token_secret = access_token_secret
        self.callback = callback
        self.username: str | None = None
        self.request_token: dict[str, str] = {}

    def apply_auth(self) -> Any:
        """Returns the keys for the next request."""
        return _OAuth1Keys(self.consumer_key, self.consumer_secret, self.access_token, self.access_token_secret)

    def _exchange(self, path: str, token: dict[str, str], fields: dict[str, str]) -> dict[str, str]:
        keys = (token.get("oauth_token"), token.get("oauth_token_secret"))
        auth = _OAuth1Keys(self.consumer_key, self.consumer_secret, *keys)
        try:
            return dict(parse_qsl(_exchange("POST", path, auth, fields).text))
        except Exception as error:
            raise TweepyException(error) from error

    def get_authorization_url(self, signin_with_twitter: bool = False, access_type: str | None = None) -> str:
        """Obtains a request token and returns the URL where the user authorizes the app."""
        fields = {"oauth_callback": self.callback or "oob"}
        if access_type:
            if signin_with_twitter:
                log.warning("X may ignore access_type together with signin_with_twitter")
            fields["x_auth_access_type"] = access_type
        self.request_token = self._exchange("/oauth/request_token", {}, fields)
        page = "authenticate" if signin_with_twitter else "authorize"
        query = urlencode({"oauth_token": self.request_token.get("oauth_token", "")})
        return page_url(f"{_HOST}/oauth/{page}?{query}")

    def get_access_token(self, verifier: str | None = None) -> tuple[str, str]:
        """Exchanges the verifier, or the PIN, for the access token and its secret."""
        fields = {} if verifier is None else {"oauth_verifier": verifier}
        token = self._exchange("/oauth/access_token", self.request_token, fields)
        try:
            self.access_token, self.access_token_secret = token["oauth_token"], token["oauth_token_secret"]
        except KeyError as error:
            raise TweepyException(f"the response contains no {error}") from error
        return self.access_token, self.access_token_secret

    def set_access_token(self, key: str, secret: str) -> None:
        """Sets the access token, which is also an argument of the class."""
        self.access_token = key
        self.access_token_secret = secret


class OAuthHandler(OAuth1UserHandler):
    """Former name of `OAuth1UserHandler`."""

    def __init__(
        self,
        consumer_key: str | bytes,
        consumer_secret: str | bytes,
        access_token: str | None = None,
        access_token_secret: str | None = None,
        callback: str | None = None,
    ) -> None:
        warnings.warn("OAuthHandler is deprecated: use OAuth1UserHandler", DeprecationWarning, stacklevel=2)
        super().__init__(consumer_key, consumer_secret, access_token, access_token_secret, callback)


class OAuth2BearerHandler:
    """Authenticates by a bearer token."""

    def __init__(self, bearer_token: str) -> None:
        self.bearer_token = bearer_token

    def __call__(self, request: Any) -> Any:
        request.headers["Authorization"] = f"Bearer {self.bearer_token}"
        return request

    def apply_auth(self) -> Any:
        """Returns the credentials for the next request."""
        return self

    def kind(self) -> None:
        # The token may be that of an app or of a user: the core takes the kind that the endpoint accepts.
        return None

    def settings(self) -> dict[str, str]:
        token = self.bearer_token
        return {} if token is None else {"bearer_token": token, "oauth2_token": token}


class OAuth2AppHandler:
    """Authenticates an app by its key and secret, which it exchanges for a bearer token."""

    def __init__(self, consumer_key: str, consumer_secret: str) -> None:
        self.consumer_key = consumer_key
        self.consumer_secret = consumer_secret
        auth = _BasicAuth(consumer_key, consumer_secret)
        token = _exchange("POST", "/oauth2/token", auth, {"grant_type": "client_credentials"}).json()
        if token.get("token_type") != "bearer":
            raise TweepyException(f"the server returned a token of type {token.get('token_type')} instead of bearer")
        self._bearer_token: str = token["access_token"]

    def apply_auth(self) -> Any:
        """Returns the credentials for the next request."""
        return OAuth2BearerHandler(self._bearer_token)


class AppAuthHandler(OAuth2AppHandler):
    """Former name of `OAuth2AppHandler`."""

    def __init__(self, consumer_key: str, consumer_secret: str) -> None:
        warnings.warn("AppAuthHandler is deprecated: use OAuth2AppHandler", DeprecationWarning, stacklevel=2)
        super().__init__(consumer_key, consumer_secret)


class OAuth2UserHandler:
    """Authenticates a user by OAuth 2.0 with PKCE. A `client_secret` is for a confidential client."""

    def __init__(
        self, *, client_id: str, redirect_uri: str, scope: Iterable[str] | str, client_secret: str | None = None
    ) -> None:
        self.client_id = client_id
        self.redirect_uri = redirect_uri
        self.scope = scope
        self.auth = None if client_secret is None else _BasicAuth(client_id, client_secret)
        self.state: str | None = None
        self.token: dict[str, Any] = {}
        self._verifier = ""

    def get_authorization_url(self) -> str:
        """Returns the URL where the user authorizes the app."""
        self._verifier, self.state = secrets.token_urlsafe(96), secrets.token_urlsafe(24)
        digest = hashlib.sha256(self._verifier.encode()).digest()
        fields = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": self.scope if isinstance(self.scope, str) else " ".join(self.scope),
            "state": self.state,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        return page_url(f"https://twitter.com/i/oauth2/authorize?{urlencode(fields)}")

    def _obtain(self, fields: dict[str, str]) -> dict[str, Any]:
        """Obtains a token from X, and keeps it."""
        if self.auth is None:
            fields["client_id"] = self.client_id
        self.token = _exchange("POST", "/2/oauth2/token", self.auth, fields).json()
        return self.token

    def fetch_token(self, authorization_response: str) -> dict[str, Any]:
        """Exchanges the URL to which X has redirected the user for a token."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(authorization_response).query).items()}
        if query.get("state") != self.state:
            raise TweepyException("the authorization response belongs to another login: its state differs")
        if "code" not in query:
            raise TweepyException(f"the user did not authorize the app: {query.get('error', 'no code')[:60]}")
        return self._obtain(
            {
                "grant_type": "authorization_code",
                "code": query["code"],
                "redirect_uri": self.redirect_uri,
                "code_verifier": self._verifier,
            }
        )

    def refresh_token(self, token_url: str | None = None, refresh_token: str | None = None) -> dict[str, Any]:
        """Exchanges a refresh token for a new token. The server is that of the login, whatever the URL."""
        refresh_token = refresh_token or self.token.get("refresh_token")
        if not refresh_token:
            raise TweepyException("the handler has no refresh token: request the scope offline.access")
        return self._obtain({"grant_type": "refresh_token", "refresh_token": refresh_token})
