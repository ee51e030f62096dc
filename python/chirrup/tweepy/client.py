"""Client of API v2."""

from __future__ import annotations

import datetime
import logging
import time
import warnings
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from ._endpoint import install_methods
from ._response import is_requests_response, requests_response
from ._session import Session
from ._v2_methods import V2Methods
from ._version import USER_AGENT
from .auth import OAuth1UserHandler, OAuth2BearerHandler
from .errors import _refusal
from .media import Media
from .place import Place
from .poll import Poll
from .tweet import Tweet
from .user import User

log = logging.getLogger(__name__)

_D = TypeVar("_D")

_HOST = "https://api.twitter.com"
_INCLUDED = {"media": Media, "places": Place, "polls": Poll, "tweets": Tweet, "users": User}


if TYPE_CHECKING:

    class Response(NamedTuple, Generic[_D]):
        """Response of API v2: its data, included objects, partial errors and metadata."""

        data: _D
        includes: Any
        errors: Any
        meta: Any

else:

    class Response(NamedTuple):
        """Response of API v2: its data, included objects, partial errors and metadata."""

        data: Any
        includes: Any
        errors: Any
        meta: Any


def reset_time_of(headers: Any) -> int | None:
    """Returns the Unix time at which the next window of the rate limit begins."""
    return int(headers["x-rate-limit-reset"]) if "x-rate-limit-reset" in headers else None


def seconds_until(reset_time: int | None) -> int:
    """Returns the length of the wait for the next window: one second more than the difference of the clocks."""
    wait = 0 if reset_time is None else reset_time - int(time.time()) + 1
    if wait > 0:
        log.warning("the rate limit is exhausted: waiting for %d seconds", wait)
    return wait


class BaseClient:
    """Settings of a client, and the conversions of requests and responses."""

    session: Any

    def __init__(
        self,
        bearer_token: str | None = None,
        consumer_key: str | None = None,
        consumer_secret: str | None = None,
        access_token: str | None = None,
        access_token_secret: str | None = None,
        *,
        return_type: Any = Response,
        wait_on_rate_limit: bool = False,
    ) -> None:
        self.bearer_token = bearer_token
        self.consumer_key = consumer_key
        self.consumer_secret = consumer_secret
        self.access_token = access_token
        self.access_token_secret = access_token_secret
        self.return_type = return_type
        self.wait_on_rate_limit = wait_on_rate_limit
        self.user_agent = USER_AGENT
        self._user_ids: dict[str, Any] = {}
        self._open_session()

    def _open_session(self) -> None:
        self.session = Session()

    def _authorization(self, user_auth: bool) -> Any:
        """Returns the credentials of a request."""
        if not user_auth:
            return OAuth2BearerHandler(self.bearer_token)  # type: ignore[arg-type]
        keys = (self.consumer_key or "", self.consumer_secret or "", self.access_token, self.access_token_secret)
        return OAuth1UserHandler(*keys).apply_auth()

    def request(self, method: str, route: str, params: Any = None, json: Any = None, user_auth: bool = False) -> Any:
        """Sends a request of any route and returns the HTTP response of its success."""
        headers = {"User-Agent": self.user_agent}
        while True:
            log.debug("sending %s %s with the parameters %s and the body %s", method, route, params, json)
            response = self.session.request(
                method, _HOST + route, params=params, json=json, headers=headers, auth=self._authorization(user_auth)
            )
            status = response.status_code
            log.debug("received the status %s for %s %s", status, method, route)
            if 200 <= status < 300:
                return response
            reset_time = reset_time_of(response.headers) if status == 429 else None
            if status != 429 or not self.wait_on_rate_limit:
                raise _refusal(response, status, reset_time=reset_time)
            if (wait := seconds_until(reset_time)) > 0:
                time.sleep(wait)

    def _make_request(
        self,
        method: str,
        route: str,
        params: Any = {},  # noqa: B006
        endpoint_parameters: Any = (),
        json: Any = None,
        data_type: Any = None,
        user_auth: bool = False,
    ) -> Any:
        """Sends a request and returns its response in the form that the client was created for."""
        sent = self._process_params(params, endpoint_parameters)
        response = self.request(method, route, params=sent, json=json, user_auth=user_auth)
        if is_requests_response(self.return_type):
            return requests_response(self.return_type, response)
        body = response.json()
        return body if self.return_type is dict else self._construct_response(body, data_type=data_type)

    def _construct_response(self, response: Any, data_type: Any = None) -> Response[Any]:
        data = self._process_data(response.get("data"), data_type=data_type)
        includes = self._process_includes(response.get("includes", {}))
        return Response(data, includes, response.get("errors", []), response.get("meta", {}))

    def _process_data(self, data: Any, data_type: Any = None) -> Any:
        if data_type is None or data is None:
            return data
        return [data_type(each) for each in data] if isinstance(data, list) else data_type(data)

    def _process_includes(self, includes: Any) -> Any:
        for name, kind in _INCLUDED.items():
            if name in includes:
                includes[name] = [kind(each) for each in includes[name]]
        return includes

    def _process_params(self, params: Any, endpoint_parameters: Any) -> dict[str, Any]:
        """Returns the parameters of a query, with the names and values of X."""
        names = {name.replace(".", "_"): name for name in endpoint_parameters}
        sent: dict[str, Any] = {}
        for name, value in params.items():
            if name not in names:
                log.warning("unexpected parameter: %s", name)
            if value is not None:
                sent[names.get(name, name)] = _param(value)
        return sent


def _param(value: Any) -> Any:
    if isinstance(value, (list, tuple, set, frozenset)):
        return ",".join(map(str, value))
    if isinstance(value, datetime.datetime):
        utc = value if value.tzinfo is None else value.astimezone(datetime.timezone.utc)
        return utc.strftime("%Y-%m-%dT%H:%M:%SZ")
    return value


def user_id_of(client: BaseClient, oauth_1: bool) -> tuple[str, Any]:
    """Returns the access token of the authenticated user, and the user's ID if it is known.

    An OAuth 1.0a token begins with the ID.
    """
    token = client.access_token if oauth_1 else client.bearer_token
    if token is None:
        kind = "OAuth 1.0a User Context" if oauth_1 else "OAuth 2.0 Authorization Code Flow with PKCE"
        raise TypeError(f"an access token must be provided for {kind}")
    return token, token.partition("-")[0] if oauth_1 else client._user_ids.get(token)


class Client(V2Methods, BaseClient):
    """Client of API v2.

    Args:
        bearer_token: Bearer token of an app, or OAuth 2.0 access token of a user.
        consumer_key: OAuth 1.0a consumer key.
        consumer_secret: OAuth 1.0a consumer secret.
        access_token: OAuth 1.0a access token.
        access_token_secret: OAuth 1.0a access token secret.
        return_type: `Response`, `dict` or `requests.Response`.
        wait_on_rate_limit: Whether a call waits for the next window when a rate limit is exhausted.
    """

    def _get_authenticating_user_id(self, *, oauth_1: bool = False) -> Any:
        token, user_id = user_id_of(self, oauth_1)
        if user_id is None:
            user_id = self.request("GET", "/2/users/me").json()["data"]["id"]
            self._user_ids[token] = user_id
        return user_id

    def unfollow(self, target_user_id: Any, *, user_auth: bool = True) -> Any:
        """Former name of `unfollow_user`."""
        warnings.warn("Client.unfollow is deprecated: use Client.unfollow_user", DeprecationWarning, stacklevel=2)
        return self.unfollow_user(target_user_id, user_auth=user_auth)

    def follow(self, target_user_id: Any, *, user_auth: bool = True) -> Any:
        """Former name of `follow_user`."""
        warnings.warn("Client.follow is deprecated: use Client.follow_user", DeprecationWarning, stacklevel=2)
        return self.follow_user(target_user_id, user_auth=user_auth)


install_methods(Client, V2Methods, is_async=False)
