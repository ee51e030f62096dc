"""The clients. Their methods come from the endpoint table of the native module when this module is imported."""

from __future__ import annotations

from typing import Any

from . import _native
from ._native import NativeClient, endpoint_methods

class _Client(NativeClient):
    """What both clients have."""

    def call(self, method: str, path: str, **options: Any) -> Any:
        """Sends a call of any route and returns its `RawResponse`.

        Args:
            method: HTTP method.
            path: Path such as `/2/users/me`, or a whole URL.
            params: Parameters of the query: a mapping or pairs. Lists are joined by commas.
            json: Value for a JSON body.
            form: Fields of a form body: a mapping or pairs.
            files: Files by name, each as bytes, an open file, or a tuple of name, content and type.
            auth: "app", "user", "oauth1", "oauth2" or "none", or the ID and the secret of an app, for its token.
                By default the credential that the route accepts.
            headers: Headers of the request, in addition to those of the client.
            timeout: Timeout of one attempt in seconds.
            raise_for_status: Whether a refusal is raised, which is the default, or returned.
        """
        return _native.call(self, method, path, **options)

    def lines(self, method: str, path: str, **options: Any) -> Any:
        """Opens a stream of any route over one connection, without reconnects: an iterator of raw lines.

        The first line, which is empty, says that the server has accepted the connection. Each further empty line is a
        keep-alive. The options are those of `call`.
        """
        return _native.lines(self, method, path, **options)

    def upload(self, source: Any, **options: Any) -> Any:
        """Uploads an image, a GIF or a video, waits until X has processed it, and returns its `Uploaded`.

        Args:
            source: Path of a file, which is read in parts, or bytes, or an open file.
            alt_text: Alternative text, which describes the image to people who cannot see it.
            for_dm: Whether the file is for a direct message instead of a post.
            use_v1: Whether to upload by API v1.1.
            media_type: Media type such as `video/mp4`, for files whose first bytes do not reveal it.
            concurrency: Number of parts that are sent concurrently: 1 to 16, default 3.
            processing_timeout: Limit of the time in seconds that X may take to process the file, default 900.
            on_progress: Function that is called with an `UploadProgress`, on a thread of the package.
        """
        return _native.upload(self, source, **options)

    def spending_report(self) -> Any:
        """Returns what was spent in this month, as a list of `EndpointSpending`: one for each day and endpoint."""
        return _native.spending_report(self)


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
        oauth2_token: OAuth 2.0 access token of a user.
        credentials: Credentials of a sandbox, in place of the above.
        base_url: Base URL of the API. The default is https://api.x.com.
        timeout: Timeout of one attempt in seconds. The default is 60.
        retries: Maximum number of times a call is repeated after a transient failure; 0 for none. A write is repeated
            only if the server surely did not process it.
        wait_on_rate_limit: Whether a call waits for the next window when a rate limit is used up, or the longest wait in
            seconds. By default the call fails.
        proxy: URL of an HTTP or SOCKS proxy.
        user_agent: Name of the program, for the header `User-Agent`.
        headers: Headers of every request, as a dictionary.
        connect_timeout: Limit for a new connection in seconds.
        read_timeout: Longest silence of the server within a response, in seconds.
        max_body: Maximum size of a response in bytes.
        extra_root_certificates: Certificates in PEM format that are trusted in addition to those of the system.
        budget: Maximum to spend in dollars; a dictionary sets it per "run", "day" and "month". A call that could exceed
            it is not sent. With a `level`, the default is one dollar per run.
        ledger: Folder in which the costs are recorded, for all programs that use it; True for that of the user, which the
            program `chirrup` uses too. By default they are kept in memory.
        level: What the program may do, for programs that others control, such as agents: "look" reads single pages,
            "write" also writes, "spend" also reads streams and the full archive. A call beyond it is not sent. By default
            everything is allowed.
        allow: Kinds of writes that the level allows: "post", "reply", "quote", "delete", "like", "repost", "follow",
            "message" (which reads direct messages, too), "rules" and "media". The default is post, reply and quote.
        accounts: Usernames that the client may write as. The default is that of the credentials.
        per_hour: Maximum number of writes in any hour, without uploads. The default is 10 with a level.
    """

    _is_async = False

    @property
    def v1(self) -> "V1":
        """Methods of API v1.1."""
        return V1(self)


class AsyncClient(_Client):
    """Client of the X API for asyncio: its methods return futures. Settings and methods are those of `Client`."""

    _is_async = True

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
