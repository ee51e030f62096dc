"""The client of API v1.1, with the interface of Twython."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from typing import Any, Callable
from urllib.parse import parse_qsl, quote_plus, urlencode, urlsplit

from .. import errors
from .._dropins.connection import call, client_for, network_settings, oauth1_settings, request_app_token
from .._dropins.response import HTTPResponse
from .._dropins.urls import page_url, split_url
from ..client import Client
from .advisory import TwythonDeprecationWarning
from .endpoints import EndpointsMixin
from .exceptions import TwythonAuthError, TwythonError, TwythonRateLimitError
from .helpers import _transparent_params
from .html import html_for_tweet

warnings.simplefilter("always", TwythonDeprecationWarning)

_METHODS = ("get", "post", "put", "delete", "patch", "head", "options")


class Twython(EndpointsMixin):
    """Client of API v1.1 whose methods return the decoded response.

    Args:
        app_key: Key of the app.
        app_secret: Secret of the app.
        oauth_token: Access token of a user, for OAuth 1.0a.
        oauth_token_secret: Secret of the access token.
        access_token: Bearer token of the app, for OAuth 2.0.
        token_type: Type of the bearer token. Only "bearer" exists.
        oauth_version: 1, or 2 to obtain a bearer token.
        api_version: Version of the API.
        client_args: Settings of the connection, such as `headers`, `proxies` and `timeout`.
        auth_endpoint: Page of the login: "authenticate" or "authorize".
    """

    def __init__(
        self,
        app_key: str | None = None,
        app_secret: str | None = None,
        oauth_token: str | None = None,
        oauth_token_secret: str | None = None,
        access_token: str | None = None,
        token_type: str = "bearer",
        oauth_version: int = 1,
        api_version: str = "1.1",
        client_args: dict[str, Any] | None = None,
        auth_endpoint: str = "authenticate",
    ) -> None:
        self.api_version = api_version
        self.api_url = "https://api.twitter.com/%s"
        self.app_key = app_key
        self.app_secret = app_secret
        self.oauth_token = oauth_token
        self.oauth_token_secret = oauth_token_secret
        self.access_token = access_token
        self.oauth_version = 2 if access_token else oauth_version
        token_path = "oauth2/token" if self.oauth_version == 2 else "oauth/request_token"
        self.request_token_url = self.api_url % token_path
        self.access_token_url = self.api_url % "oauth/access_token"
        self.authenticate_url = self.api_url % f"oauth/{auth_endpoint}"
        self.client_args = client_args or {}
        self._last_call: dict[str, Any] | None = None

    def __repr__(self) -> str:
        return f"<Twython: {self.app_key}>"

    def _network_settings(self) -> dict[str, Any]:
        arguments = self.client_args
        return network_settings(arguments.get("proxies"), arguments.get("timeout"), arguments.get("verify", True))

    def _client(self, base_url: str | None) -> tuple[Client, str]:
        """Returns the client for a base URL, and the name of its credential."""
        settings = self._network_settings()
        if self.access_token:
            return client_for(base_url, bearer_token=self.access_token, **settings), "app"
        if self.oauth_version == 1 and self.app_key is not None and self.app_secret is not None:
            keys = oauth1_settings(self.app_key, self.app_secret, self.oauth_token, self.oauth_token_secret)
            return client_for(base_url, **keys, **settings), "oauth1"
        return client_for(base_url, **settings), "none"

    def _request(
        self, url: str, method: str = "GET", params: Any = None, api_call: str | None = None, json_encoded: bool = False
    ) -> Any:
        method = method.lower()
        if method not in _METHODS:
            raise AttributeError(f"{method} is not an HTTP method")
        response = self._send(url, method, _arguments(method, params or {}, json_encoded))
        self._last_call = {
            "api_call": api_call,
            "api_error": None,
            "cookies": {},
            "headers": response.headers,
            "status_code": response.status_code,
            "url": response.url,
            "content": response.text,
        }
        if response.status_code > 304:
            message = self._get_error_message(response)
            self._last_call["api_error"] = message
            raise _refusal(response.status_code, message, response.headers.get("x-rate-limit-reset"))
        if response.status_code == 204 or not response.content:
            return response.content
        try:
            return response.json()
        except ValueError:
            raise TwythonError("Response was not valid JSON. Unable to decode.") from None

    def _send(self, url: str, method: str, arguments: dict[str, Any]) -> HTTPResponse:
        base_url, path = split_url(url)
        try:
            client, auth = self._client(base_url)
            return call(client, method, path, self.client_args.get("headers"), auth=auth, **arguments)
        except (errors.Error, TypeError) as error:
            raise TwythonError(str(error)) from error

    def _get_error_message(self, response: HTTPResponse) -> str:
        """Returns the first message of a refusal."""
        default = "An error occurred processing your request."
        try:
            problems = response.json()["errors"]
        except (ValueError, KeyError, TypeError):
            return default
        try:
            return str(problems[0]["message"])
        except (IndexError, KeyError):
            return default
        except TypeError:
            return str(problems)

    def request(
        self,
        endpoint: str,
        method: str = "GET",
        params: Any = None,
        version: str = "1.1",
        json_encoded: bool = False,
    ) -> Any:
        """Sends a call of any route and returns the decoded response.

        Args:
            endpoint: Name such as `search/tweets`, or a whole URL.
            method: HTTP method.
            params: Parameters, or the JSON body if `json_encoded`.
            version: Version of the API.
            json_encoded: Whether the parameters are sent as a JSON body.
        """
        if endpoint.startswith("http://"):
            raise TwythonError("api.twitter.com is restricted to SSL/TLS traffic.")
        is_url = endpoint.startswith("https://")
        url = endpoint if is_url else f"{self.api_url % version}/{endpoint}.json"
        return self._request(url, method=method, params=params, api_call=url, json_encoded=json_encoded)

    def get(self, endpoint: str, params: Any = None, version: str = "1.1") -> Any:
        """Sends a GET; see `request`."""
        return self.request(endpoint, params=params, version=version)

    def post(self, endpoint: str, params: Any = None, version: str = "1.1", json_encoded: bool = False) -> Any:
        """Sends a POST; see `request`."""
        return self.request(endpoint, "POST", params=params, version=version, json_encoded=json_encoded)

    def delete(self, endpoint: str, params: Any = None, version: str = "1.1", json_encoded: bool = False) -> Any:
        """Sends a DELETE; see `request`."""
        return self.request(endpoint, "DELETE", params=params, version=version, json_encoded=json_encoded)

    def get_lastfunction_header(self, header: str, default_return_value: Any = None) -> Any:
        """Returns a header of the last response, such as `x-rate-limit-remaining`."""
        if self._last_call is None:
            raise TwythonError("This function must be called after an API call. It delivers header information.")
        return self._last_call["headers"].get(header, default_return_value)

    def get_authentication_tokens(
        self, callback_url: str | None = None, force_login: bool = False, screen_name: str = ""
    ) -> dict[str, str]:
        """Begins a login, and returns its tokens and the URL `auth_url` where the user authorizes the app."""
        self._require_oauth_version(1, "1.0")
        tokens = self._tokens(self.request_token_url, {"oauth_callback": callback_url} if callback_url else {})
        query: dict[str, Any] = {"oauth_token": tokens["oauth_token"]}
        if force_login:
            query.update(force_login=force_login, screen_name=screen_name)
        if callback_url and tokens.get("oauth_callback_confirmed") != "true":
            query["oauth_callback"] = callback_url
        tokens["auth_url"] = f"{page_url(self.authenticate_url)}?{urlencode(query)}"
        return tokens

    def get_authorized_tokens(self, oauth_verifier: str) -> dict[str, str]:
        """Completes a login with the verifier from the callback or the PIN, and returns the user's tokens."""
        self._require_oauth_version(1, "1.0")
        return self._tokens(self.access_token_url, {"oauth_verifier": oauth_verifier})

    def obtain_access_token(self) -> str:
        """Returns the bearer token of the app."""
        self._require_oauth_version(2, "2.0")
        try:
            base_url, settings = split_url(self.request_token_url)[0], self._network_settings()
            response = request_app_token(self.app_key, self.app_secret, base_url, **settings)
            return str(response.json()["access_token"])
        except (KeyError, TypeError, ValueError, errors.Error):
            raise TwythonAuthError("Unable to obtain OAuth 2 access token.") from None

    def _require_oauth_version(self, version: int, name: str) -> None:
        if self.oauth_version != version:
            raise TwythonError(f"This method can only be called when your OAuth version is {name}.")

    def _tokens(self, url: str, fields: dict[str, str]) -> dict[str, str]:
        response = self._send(url, "post", {"form": fields})
        if response.status_code == 401:
            raise TwythonAuthError(response.text, error_code=401)
        if response.status_code != 200:
            raise TwythonError(response.text, error_code=response.status_code)
        tokens = dict(parse_qsl(response.text))
        if "oauth_token" not in tokens:
            raise TwythonError("Unable to decode the tokens.")
        return tokens

    @staticmethod
    def construct_api_url(api_url: str, **params: Any) -> str:
        """Returns a URL with encoded parameters. Nothing is sent."""
        values, _ = _transparent_params(params)
        pairs = (f"{Twython.encode(name)}={quote_plus(Twython.encode(value))}" for name, value in values.items())
        return f"{api_url}?{'&'.join(pairs)}"

    def search_gen(self, search_query: str, **params: Any) -> Iterator[Any]:
        """Returns the results of a search. Deprecated in favor of `cursor`."""
        message = "Twython.search_gen is deprecated: use Twython.cursor(Twython.search, q=…)"
        warnings.warn(message, TwythonDeprecationWarning, stacklevel=2)
        return self.cursor(self.search, q=search_query, **params)

    def cursor(self, function: Callable[..., Any], return_pages: bool = False, **params: Any) -> Iterator[Any]:
        """Returns the items of all pages, or the pages, of a method such as `twitter.search`."""
        if not callable(function):
            raise TypeError("cursor() takes a method of Twython as its first argument, not the result of its call")
        if not hasattr(function, "iter_mode"):
            raise TwythonError(f'Unable to create generator for Twython method "{function.__name__}"')
        page: dict[str, Any] | None = params
        while page is not None:
            content = function(**page)
            if not content:
                return
            key = getattr(function, "iter_key", None)
            results = content if key is None else content.get(key)
            if return_pages:
                yield results
            else:
                yield from results
            try:
                page = _next_page(function, content, page)
            except (KeyError, AttributeError, TypeError, ValueError):
                raise TwythonError("Unable to generate next page of search results: unexpected structure.") from None

    @staticmethod
    def unicode2utf8(text: Any) -> Any:
        """Returns the text as it is: Python 3 has no other kind."""
        return text

    @staticmethod
    def encode(text: Any) -> str:
        """Returns a value as text."""
        return str(text)

    html_for_tweet = staticmethod(html_for_tweet)


def _arguments(method: str, params: Any, json_encoded: bool) -> dict[str, Any]:
    """Returns the arguments of a call for the parameters of a request."""
    if json_encoded:
        return {"json": params}
    if not isinstance(params, dict):
        # A text is a body that is JSON already.
        return {"json": json.loads(params)}
    values, files = _transparent_params(params)
    if method in ("get", "delete", "head", "options"):
        return {"params": values}
    # A value of bytes, such as an image in Base64, is text on the wire.
    fields = {name: value.decode("latin-1") if isinstance(value, bytes) else value for name, value in values.items()}
    return {"form": fields, "files": files} if files else {"form": fields}


def _refusal(status: int, message: str, retry_after: str | None) -> TwythonError:
    """Returns the error for a response."""
    kind: type[TwythonError] = TwythonError
    if status == 429:
        kind = TwythonRateLimitError
    elif status == 401 or "Bad Authentication data" in message:
        kind = TwythonAuthError
    return kind(message, error_code=status, retry_after=retry_after)


def _next_page(function: Any, content: Any, params: dict[str, Any]) -> dict[str, Any] | None:
    """Returns the parameters of the page after `content`; `None` after the last one."""
    if function.iter_mode == "cursor":
        following = content["next_cursor_str"]
        return None if following == "0" else {**params, "cursor": following}
    if hasattr(function, "iter_metadata"):
        metadata = content.get(function.iter_metadata)
        return dict(parse_qsl(urlsplit(metadata["next_results"]).query)) if "next_results" in metadata else None
    return {**params, "max_id": str(int(content[-1]["id_str"]) - 1)}
