"""Credentials of a `Twitter`, and calls without any."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from .._dropins.connection import Credential, client_for
from ..client import Client


class MissingCredentialsError(Exception):
    """A key, a secret or a token is missing."""


class Auth:
    """Base class of the credentials."""

    def encode_params(self, base_url: str, method: str, params: Mapping[str, Any]) -> str:
        """Returns the parameters of a request as a query, with a signature if the credentials need one."""
        raise NotImplementedError

    def generate_headers(self) -> dict[Any, Any]:
        """Returns the headers that authenticate a request."""
        raise NotImplementedError

    def _client(self, base_url: str | None) -> tuple[Client, Credential]:
        """Returns the client with these credentials, and the name of the one that calls use."""
        raise MissingCredentialsError(
            f"{type(self).__name__} is not a kind of credentials of this package: use OAuth, OAuth2 or NoAuth"
        )


class UserPassAuth(Auth):
    """Name and password of a user. X turned this off: a call with it fails."""

    def __init__(self, username: str, password: str) -> None:
        self.username = username
        self.password = password

    def encode_params(self, base_url: str, method: str, params: Mapping[str, Any]) -> str:
        return urlencode(params)

    def generate_headers(self) -> dict[Any, Any]:
        raise MissingCredentialsError("X does not accept the password of a user: use OAuth or OAuth2")

    def _client(self, base_url: str | None) -> tuple[Client, Credential]:
        raise MissingCredentialsError("X does not accept the password of a user: use OAuth or OAuth2")


class NoAuth(Auth):
    """No credentials."""

    def __init__(self) -> None:
        pass

    def encode_params(self, base_url: str, method: str, params: Mapping[str, Any]) -> str:
        return urlencode(params)

    def generate_headers(self) -> dict[Any, Any]:
        return {}

    def _client(self, base_url: str | None) -> tuple[Client, Credential]:
        return client_for(base_url), "none"
