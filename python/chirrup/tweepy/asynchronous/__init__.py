"""Interfaces for asyncio. No further package is needed."""

from .client import AsyncClient
from .pagination import AsyncPaginator
from .streaming import AsyncStream, AsyncStreamingClient

__all__ = ["AsyncClient", "AsyncPaginator", "AsyncStream", "AsyncStreamingClient"]
