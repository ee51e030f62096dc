"""Client of API v2 for asyncio."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from .._endpoint import install_methods
from .._response import is_aiohttp_response
from .._session import AsyncSession
from .._v2_methods import AsyncV2Methods, V2Methods
from ..client import _HOST, BaseClient, reset_time_of, seconds_until, user_id_of
from ..errors import _refusal

log = logging.getLogger(__name__)


class AsyncBaseClient(BaseClient):
    """Settings of a client for asyncio, and its requests."""

    def _open_session(self) -> None:
        self.session = None
        self._own_session = AsyncSession()

    async def request(
        self, method: str, route: str, params: Any = None, json: Any = None, user_auth: bool = False
    ) -> Any:
        """Sends a request of any route and returns the HTTP response of its success."""
        headers = {"User-Agent": self.user_agent}
        while True:
            log.debug("sending %s %s with the parameters %s and the body %s", method, route, params, json)
            response = await self._own_session.request(
                method, _HOST + route, params=params, json=json, headers=headers, auth=self._authorization(user_auth)
            )
            log.debug("received the status %s for %s %s", response.status, method, route)
            if 200 <= response.status < 300:
                return response
            reset_time = reset_time_of(response.headers) if response.status == 429 else None
            if response.status != 429 or not self.wait_on_rate_limit:
                raise _refusal(response, response.status, response_json=await _body(response), reset_time=reset_time)
            if (wait := seconds_until(reset_time)) > 0:
                await asyncio.sleep(wait)

    async def _make_request(
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
        response = await self.request(method, route, params=sent, json=json, user_auth=user_auth)
        if is_aiohttp_response(self.return_type):
            return response
        body = await response.json()
        return body if self.return_type is dict else self._construct_response(body, data_type=data_type)


async def _body(response: Any) -> Any:
    try:
        return await response.json()
    except ValueError:
        return {}


class AsyncClient(AsyncV2Methods, AsyncBaseClient):
    """Client of API v2 for asyncio, whose methods are coroutines.

    Args:
        bearer_token: Bearer token of an app, or OAuth 2.0 access token of a user.
        consumer_key: OAuth 1.0a consumer key.
        consumer_secret: OAuth 1.0a consumer secret.
        access_token: OAuth 1.0a access token.
        access_token_secret: OAuth 1.0a access token secret.
        return_type: `Response`, `dict` or `aiohttp.ClientResponse`.
        wait_on_rate_limit: Whether a call waits for the next window when a rate limit is exhausted.
    """

    async def _get_authenticating_user_id(self, *, oauth_1: bool = False) -> Any:
        token, user_id = user_id_of(self, oauth_1)
        if user_id is None:
            response = await self.request("GET", "/2/users/me")
            user_id = (await response.json())["data"]["id"]
            self._user_ids[token] = user_id
        return user_id


install_methods(AsyncClient, V2Methods, is_async=True)
