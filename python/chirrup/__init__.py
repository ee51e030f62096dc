"""The X (Twitter) API for Python: every endpoint of API v2 and v1.1 as a method, sync and async, over a compiled core.

>>> import chirrup
>>> with chirrup.Sandbox() as sandbox:
...     client = chirrup.Client(base_url=sandbox.url, credentials=sandbox.credentials)
...     page = client.search_recent("the", expansions=["author_id"])
...     for post in page:
...         print(page.author(post).username, post.text)
"""

from . import query, text
from ._native import Credentials, Headers, LineStream, List, Object, RawResponse, Response, Sandbox, Stream, StreamEvent
from .client import AsyncClient, Client
from .errors import (
    ArgumentError,
    BlockingError,
    BudgetError,
    ClosedError,
    ConfigurationError,
    ConflictError,
    CredentialsError,
    DecodeError,
    Error,
    ForbiddenError,
    InvalidError,
    LoginError,
    MediaError,
    NetworkError,
    NoCreditsError,
    NotFoundError,
    RateLimitedError,
    RefusedError,
    ServerError,
    StorageError,
    TimeoutError,
    UnauthorizedError,
    UnknownOutcomeError,
    UsageCappedError,
)

__all__ = [
    "ArgumentError",
    "AsyncClient",
    "BlockingError",
    "BudgetError",
    "Client",
    "ClosedError",
    "ConfigurationError",
    "ConflictError",
    "Credentials",
    "CredentialsError",
    "DecodeError",
    "Error",
    "ForbiddenError",
    "Headers",
    "InvalidError",
    "LineStream",
    "List",
    "LoginError",
    "MediaError",
    "NetworkError",
    "NoCreditsError",
    "NotFoundError",
    "Object",
    "RateLimitedError",
    "RawResponse",
    "RefusedError",
    "Response",
    "Sandbox",
    "ServerError",
    "StorageError",
    "Stream",
    "StreamEvent",
    "TimeoutError",
    "UnauthorizedError",
    "UnknownOutcomeError",
    "UsageCappedError",
    "query",
    "text",
]
