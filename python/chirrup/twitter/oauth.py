"""OAuth 1.0a: the credentials of a user, and the file that stores them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from collections.abc import Iterable, Mapping
from secrets import token_hex
from time import time
from typing import Any
from urllib.parse import quote, urlencode

from .._dropins.connection import Credential, client_for, oauth1_settings
from ..client import Client
from .auth import Auth, MissingCredentialsError


def write_private_lines(filename: str, *lines: str) -> None:
    """Writes a file with secrets, which only its owner can read."""
    with open(os.open(filename, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.writelines(f"{line}\n" for line in lines)


def write_token_file(filename: str, oauth_token: str, oauth_token_secret: str) -> None:
    """Writes the token and the secret of a user to a file, one per line."""
    write_private_lines(filename, oauth_token, oauth_token_secret)


def read_token_file(filename: str) -> tuple[str, str]:
    """Reads the token and the secret of a user from a file."""
    with open(filename) as file:
        return file.readline().strip(), file.readline().strip()


def urlencode_noplus(query: Iterable[tuple[Any, Any]]) -> str:
    """Encodes parameters as OAuth 1.0a requires it: a space is `%20`."""
    return urlencode(list(query), safe="~", quote_via=quote)


class OAuth(Auth):
    """Credentials of a user: the token of the user and the key of the app, each with its secret.

    Before a login is complete, token and secret are empty texts.
    """

    def __init__(self, token: str, token_secret: str, consumer_key: str, consumer_secret: str) -> None:
        if token_secret is None or consumer_secret is None:
            raise MissingCredentialsError("token_secret and consumer_secret must be texts, not None")
        self.token = token
        self.token_secret = token_secret
        self.consumer_key = consumer_key
        self.consumer_secret = consumer_secret

    def encode_params(self, base_url: str, method: str, params: Mapping[str, Any]) -> str:
        signed = {
            **params,
            "oauth_consumer_key": self.consumer_key,
            "oauth_nonce": token_hex(16),
            "oauth_signature_method": "HMAC-SHA1",
            "oauth_timestamp": str(int(time())),
            "oauth_version": "1.0",
        }
        if self.token:
            signed["oauth_token"] = self.token
        query = urlencode_noplus(sorted(signed.items()))
        message = "&".join(quote(part, safe="~") for part in (method.upper(), base_url, query))
        key = "&".join(quote(secret, safe="~") for secret in (self.consumer_secret, self.token_secret))
        signature = base64.b64encode(hmac.digest(key.encode(), message.encode(), hashlib.sha1))
        return f"{query}&oauth_signature={quote(signature, safe='~')}"

    def generate_headers(self) -> dict[Any, Any]:
        return {}

    def _client(self, base_url: str | None) -> tuple[Client, Credential]:
        keys = oauth1_settings(self.consumer_key, self.consumer_secret, self.token, self.token_secret)
        return client_for(base_url, **keys), "oauth1"
