"""The clients. Their methods are in `_endpoints.pyi`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from os import PathLike
from typing import IO, Any, Literal

from typing_extensions import Self, TypeAlias

from ._endpoints import AsyncEndpoints, AsyncV1Endpoints, Endpoints, V1Endpoints
from ._native import (
    Credentials,
    EndpointSpending,
    LineStream,
    NativeClient,
    RawResponse,
    Uploaded,
    UploadProgress,
)

_Seconds: TypeAlias = float | timedelta
_Dollars: TypeAlias = Decimal | float | str
_Fields: TypeAlias = Mapping[str, Any] | Iterable[tuple[str, Any]]
_Headers: TypeAlias = Mapping[str, str]
_Content: TypeAlias = bytes | IO[Any]
_Source: TypeAlias = str | PathLike[str] | bytes | IO[Any]
_OnProgress: TypeAlias = Callable[[UploadProgress], object]
_Verb: TypeAlias = Literal[
    "post", "reply", "quote", "delete", "like", "repost", "follow", "message", "rules", "media"
]

class _Client(NativeClient):
    def __init__(
        self,
        *,
        bearer_token: str | None = None,
        consumer_key: str | None = None,
        consumer_secret: str | None = None,
        access_token: str | None = None,
        access_token_secret: str | None = None,
        oauth2_token: str | None = None,
        credentials: Credentials | None = None,
        base_url: str | None = None,
        timeout: _Seconds | None = None,
        retries: int | None = None,
        wait_on_rate_limit: bool | _Seconds | None = None,
        proxy: str | None = None,
        user_agent: str | None = None,
        headers: dict[str, str] | None = None,
        connect_timeout: _Seconds | None = None,
        read_timeout: _Seconds | None = None,
        max_body: int | None = None,
        extra_root_certificates: bytes | None = None,
        budget: _Dollars | Mapping[str, _Dollars] | None = None,
        ledger: str | PathLike[str] | bool | None = None,
        level: Literal["look", "write", "spend"] | None = None,
        allow: Sequence[_Verb] | None = None,
        accounts: Sequence[str] | None = None,
        per_hour: int | None = None,
    ) -> None: ...
    @classmethod
    def from_env(cls, **settings: Any) -> Self: ...
    def lines(
        self,
        method: str,
        path: str,
        *,
        params: _Fields | None = None,
        json: Any = None,
        form: _Fields | None = None,
        auth: str | tuple[str, str] | None = None,
        headers: _Headers | None = None,
        timeout: _Seconds | None = None,
    ) -> LineStream: ...

class Client(_Client, Endpoints):
    @property
    def v1(self) -> V1: ...
    def call(
        self,
        method: str,
        path: str,
        *,
        params: _Fields | None = None,
        json: Any = None,
        form: _Fields | None = None,
        files: dict[str, _Content | tuple[str, _Content, str]] | None = None,
        auth: str | tuple[str, str] | None = None,
        headers: _Headers | None = None,
        timeout: _Seconds | None = None,
        raise_for_status: bool = True,
    ) -> RawResponse: ...
    def upload(
        self,
        source: _Source,
        *,
        alt_text: str | None = None,
        for_dm: bool = False,
        use_v1: bool = False,
        media_type: str | None = None,
        concurrency: int | None = None,
        processing_timeout: _Seconds | None = None,
        on_progress: _OnProgress | None = None,
    ) -> Uploaded: ...
    def spending_report(self) -> list[EndpointSpending]: ...

class AsyncClient(_Client, AsyncEndpoints):
    @property
    def v1(self) -> AsyncV1: ...
    async def call(
        self,
        method: str,
        path: str,
        *,
        params: _Fields | None = None,
        json: Any = None,
        form: _Fields | None = None,
        files: dict[str, _Content | tuple[str, _Content, str]] | None = None,
        auth: str | tuple[str, str] | None = None,
        headers: _Headers | None = None,
        timeout: _Seconds | None = None,
        raise_for_status: bool = True,
    ) -> RawResponse: ...
    async def upload(
        self,
        source: _Source,
        *,
        alt_text: str | None = None,
        for_dm: bool = False,
        use_v1: bool = False,
        media_type: str | None = None,
        concurrency: int | None = None,
        processing_timeout: _Seconds | None = None,
        on_progress: _OnProgress | None = None,
    ) -> Uploaded: ...
    async def spending_report(self) -> list[EndpointSpending]: ...

class V1(V1Endpoints):
    def __init__(self, client: Client) -> None: ...

class AsyncV1(AsyncV1Endpoints):
    def __init__(self, client: AsyncClient) -> None: ...
