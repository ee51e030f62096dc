"""OAuth 2.0: the bearer token of an app, and the file that stores it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from .._dropins.connection import Credential, client_for
from ..client import Client
from .auth import Auth, MissingCredentialsError
from .oauth import write_private_lines


def write_bearer_token_file(filename: str, oauth2_bearer_token: str) -> None:
    """Writes a bearer token to a file."""
    write_private_lines(filename, oauth2_bearer_token)


def read_bearer_token_file(filename: str) -> str:
    """Reads a bearer token from a file."""
    with open(filename) as file:
        return file.readline().strip()


class OAuth2(Auth):
    """Credentials of an app: its bearer token, or its key and secret to obtain the token."""

    def __init__(
        self, consumer_key: str | None = None, consumer_secret: str | None = None, bearer_token: str | None = None
    ) -> None:
        if not (bearer_token or (consumer_key and consumer_secret)):
            raise MissingCredentialsError("give a bearer_token, or both consumer_key and consumer_secret")
        self.bearer_token = bearer_token
        self.consumer_key = consumer_key
        self.consumer_secret = consumer_secret

    def encode_params(self, base_url: str, method: str, params: Mapping[str, Any]) -> str:
        return urlencode(params)

    def generate_headers(self) -> dict[Any, Any]:
        if self.bearer_token:
            return {"Authorization": f"Bearer {self.bearer_token}".encode()}
        pair = f"{quote(self.consumer_key or '')}:{quote(self.consumer_secret or '')}"
        return {
            "Content-Type": b"application/x-www-form-urlencoded;charset=UTF-8",
            "Authorization": b"Basic " + b64encode(pair.encode()),
        }

    def _client(self, base_url: str | None) -> tuple[Client, Credential]:
        if not self.bearer_token:
            return client_for(base_url), (self.consumer_key or "", self.consumer_secret or "")
        return client_for(base_url, bearer_token=self.bearer_token), "app"
