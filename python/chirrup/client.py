"""The clients. Their methods come from the endpoint table of the native module when this module is imported."""

from __future__ import annotations

import os
from typing import Any

from ._native import NativeClient, endpoint_methods

_VARIABLES = {
    "bearer_token": "BEARER_TOKEN",
    "consumer_key": "CONSUMER_KEY",
    "consumer_secret": "CONSUMER_SECRET",
    "access_token": "ACCESS_TOKEN",
    "access_token_secret": "ACCESS_TOKEN_SECRET",
    "oauth2_access_token": "OAUTH2_ACCESS_TOKEN",
}


class _Client(NativeClient):
    """What both clients have."""

    @classmethod
    def from_env(cls, **settings: Any) -> Any:
        """Creates a client with the credentials in the environment.

        The variables are `X_BEARER_TOKEN`, `X_CONSUMER_KEY`, `X_CONSUMER_SECRET`, `X_ACCESS_TOKEN`,
        `X_ACCESS_TOKEN_SECRET` and `X_OAUTH2_ACCESS_TOKEN`, or with `TWITTER_` in place of `X_`, and
        `CHIRRUP_BASE_URL` for another server. Keyword arguments are those of the class and win.
        """
        for name, variable in _VARIABLES.items():
            value = os.environ.get(f"X_{variable}") or os.environ.get(f"TWITTER_{variable}")
            if value:
                settings.setdefault(name, value)
        if base_url := os.environ.get("CHIRRUP_BASE_URL"):
            settings.setdefault("base_url", base_url)
        return cls(**settings)


class Client(_Client):
    """Client of the X API whose methods wait for the response.

    Each endpoint of API v2 is a method; `client.v1` has those of API v1.1. Required parameters are positional, all others
    are keyword arguments. Each method has `estimate`, which takes the same arguments and returns the maximum cost in
    dollars without sending the call.

    Args:
        bearer_token: Bearer token of the app.
        consumer_key: OAuth 1.0a consumer key; give all four keys together.
        consumer_secret: OAuth 1.0a consumer secret.
        access_token: OAuth 1.0a access token of a user.
        access_token_secret: OAuth 1.0a access token secret of a user.
        oauth2_access_token: OAuth 2.0 access token of a user.
        credentials: Credentials of a sandbox, in place of the above.
        base_url: Base URL of the API. The default is https://api.x.com.
        timeout: Timeout of one attempt in seconds. The default is 60.
        retry: Maximum number of attempts of a call, or False for one attempt. A write is repeated only if the server
            surely did not process it.
        on_rate_limit: Behavior when a rate limit window is used up: "fail" (the default), "wait", "ignore", or the
            maximum number of seconds to wait.
        budget: Maximum to spend in dollars; a dictionary sets it per "run", "day" and "month". A call that could exceed
            it is not sent.
    """

    @property
    def v1(self) -> "V1":
        """Methods of API v1.1."""
        return V1(self)


class AsyncClient(_Client):
    """Client of the X API for asyncio: its methods return futures. Settings and methods are those of `Client`."""

    @property
    def v1(self) -> "AsyncV1":
        """Methods of API v1.1."""
        return AsyncV1(self)


class V1:
    """Methods of API v1.1 of a `Client`."""

    def __init__(self, client: Client) -> None:
        self._client = client


class AsyncV1:
    """Methods of API v1.1 of an `AsyncClient`."""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client


for _class, _is_v1, _is_async in (
    (Client, False, False),
    (AsyncClient, False, True),
    (V1, True, False),
    (AsyncV1, True, True),
):
    for _name, _method in endpoint_methods(_is_v1, _is_async):
        setattr(_class, _name, _method)
