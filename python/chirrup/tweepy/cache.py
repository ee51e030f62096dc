"""Caches of the responses of API v1.1."""

from __future__ import annotations

import datetime
import hashlib
import os
import pickle
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

try:
    import fcntl
except ImportError:  # Windows, where other processes are not excluded.
    fcntl = None  # type: ignore[assignment]

Entry = tuple[float, Any]
"""Unix time at which a value was stored, and the value."""


def _is_expired(entry: Entry, timeout: float) -> bool:
    return timeout > 0 and time.time() - entry[0] >= timeout


class Cache:
    """Base class of caches. An entry is valid for `timeout` seconds; 0 is without end."""

    def __init__(self, timeout: float = 60) -> None:
        self.timeout = timeout

    def store(self, key: str, value: Any) -> None:
        """Stores a value."""
        raise NotImplementedError

    def get(self, key: str, timeout: float | None = None) -> Any:
        """Returns a value that is not older than a timeout, which by default is that of the cache; else `None`."""
        raise NotImplementedError

    def count(self) -> int:
        """Returns the number of entries."""
        raise NotImplementedError

    def cleanup(self) -> None:
        """Deletes the entries that are too old."""
        raise NotImplementedError

    def flush(self) -> None:
        """Deletes all entries."""
        raise NotImplementedError


class MemoryCache(Cache):
    """Cache in the memory of the process."""

    def __init__(self, timeout: float = 60) -> None:
        super().__init__(timeout)
        self._entries: dict[str, Entry] = {}
        self.lock = threading.Lock()

    def __getstate__(self) -> dict[str, Any]:
        return {"entries": self._entries, "timeout": self.timeout}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.lock = threading.Lock()
        self._entries = state["entries"]
        self.timeout = state["timeout"]

    def store(self, key: str, value: Any) -> None:
        with self.lock:
            self._entries[key] = (time.time(), value)

    def get(self, key: str, timeout: float | None = None) -> Any:
        with self.lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            if _is_expired(entry, self.timeout if timeout is None else timeout):
                del self._entries[key]
                return None
            return entry[1]

    def count(self) -> int:
        return len(self._entries)

    def cleanup(self) -> None:
        with self.lock:
            kept = {key: entry for key, entry in self._entries.items() if not _is_expired(entry, self.timeout)}
            self._entries = kept

    def flush(self) -> None:
        with self.lock:
            self._entries.clear()


class FileCache(Cache):
    """Cache with a file for each entry, which processes can share. The folder must be yours: files are unpickled."""

    cache_locks: ClassVar[dict[str, threading.Lock]] = {}
    """Lock of each folder, for the threads of this process."""

    def __init__(self, cache_dir: str, timeout: float = 60) -> None:
        super().__init__(timeout)
        os.makedirs(cache_dir, exist_ok=True)
        self.cache_dir = cache_dir
        self.lock = self.cache_locks.setdefault(cache_dir, threading.Lock())

    def _path(self, key: str) -> str:
        name = hashlib.md5(key.encode(), usedforsecurity=False).hexdigest()
        return os.path.join(self.cache_dir, name)

    @contextmanager
    def _locked(self, path: str) -> Iterator[None]:
        """Keeps other threads and processes from a file."""
        with self.lock, open(f"{path}.lock", "w") as lock:
            if fcntl is not None:
                fcntl.lockf(lock, fcntl.LOCK_EX)
            yield

    def store(self, key: str, value: Any) -> None:
        path = self._path(key)
        with self._locked(path), open(path, "wb") as file:
            pickle.dump((time.time(), value), file)

    def get(self, key: str, timeout: float | None = None) -> Any:
        return self._get(self._path(key), self.timeout if timeout is None else timeout)

    def _get(self, path: str, timeout: float) -> Any:
        if not os.path.exists(path):
            return None
        with self._locked(path):
            try:
                with open(path, "rb") as file:
                    entry = pickle.load(file)
            except FileNotFoundError:  # Another process has deleted it.
                return None
            if _is_expired(entry, timeout):
                self._delete(path)
                return None
            return entry[1]

    def _delete(self, path: str) -> None:
        for name in (path, f"{path}.lock"):
            if os.path.exists(name):
                os.remove(name)

    def _paths(self) -> list[str]:
        names = [name for name in os.listdir(self.cache_dir) if not name.endswith(".lock")]
        return [os.path.join(self.cache_dir, name) for name in names]

    def count(self) -> int:
        return len(self._paths())

    def cleanup(self) -> None:
        for path in self._paths():
            self._get(path, self.timeout)

    def flush(self) -> None:
        for path in self._paths():
            self._delete(path)


class MemCacheCache(Cache):
    """Cache in memcached, which deletes old entries itself. `client` is a client of memcached."""

    def __init__(self, client: Any, timeout: float = 60) -> None:
        super().__init__(timeout)
        self.client = client

    def store(self, key: str, value: Any) -> None:
        self.client.set(key, value, time=self.timeout)

    def get(self, key: str, timeout: float | None = None) -> Any:
        return self.client.get(key)


class RedisCache(Cache):
    """Cache in Redis. `client` is a client of Redis."""

    def __init__(
        self, client: Any, timeout: float = 60, keys_container: str = "tweepy:keys", pre_identifier: str = "tweepy:"
    ) -> None:
        super().__init__(timeout)
        self.client = client
        self.keys_container = keys_container
        self.pre_identifier = pre_identifier

    def store(self, key: str, value: Any) -> None:
        key = self.pre_identifier + key
        pipe = self.client.pipeline()
        pipe.set(key, pickle.dumps((time.time(), value)))
        pipe.expire(key, self.timeout)
        pipe.sadd(self.keys_container, key)
        pipe.execute()

    def get(self, key: str, timeout: float | None = None) -> Any:
        key = self.pre_identifier + key
        stored = self.client.get(key)
        if not stored:
            return None
        entry = pickle.loads(stored)
        if _is_expired(entry, self.timeout if timeout is None else timeout):
            self.delete_entry(key)
            return None
        return entry[1]

    def count(self) -> int:
        return len(self.client.smembers(self.keys_container))

    def delete_entry(self, key: str) -> None:
        """Deletes an entry, by its key in Redis."""
        pipe = self.client.pipeline()
        pipe.srem(self.keys_container, key)
        pipe.delete(key)
        pipe.execute()

    def cleanup(self) -> None:
        for key in self.client.smembers(self.keys_container):
            stored = self.client.get(key)
            if stored and _is_expired(pickle.loads(stored), self.timeout):
                self.delete_entry(key)

    def flush(self) -> None:
        for key in self.client.smembers(self.keys_container):
            self.delete_entry(key)


class MongodbCache(Cache):
    """Cache in MongoDB, which deletes old entries itself. `db` is a database of pymongo."""

    def __init__(self, db: Any, timeout: float = 3600, collection: str = "tweepy_cache") -> None:
        super().__init__(timeout)
        self.col = db[collection]
        self._create_index()

    def _create_index(self) -> None:
        self.col.create_index("created", expireAfterSeconds=self.timeout)

    def store(self, key: str, value: Any) -> None:
        entry = {"_id": key, "created": datetime.datetime.now(datetime.timezone.utc), "value": pickle.dumps(value)}
        self.col.replace_one({"_id": key}, entry, upsert=True)

    def get(self, key: str, timeout: float | None = None) -> Any:
        if timeout:
            raise NotImplementedError("the database deletes old entries itself")
        found = self.col.find_one({"_id": key})
        return pickle.loads(found["value"]) if found else None

    def count(self) -> int:
        return int(self.col.count_documents({}))

    def delete_entry(self, key: str) -> Any:
        """Deletes an entry."""
        return self.col.delete_one({"_id": key})

    def cleanup(self) -> None:
        """Does nothing: the database deletes old entries itself."""

    def flush(self) -> None:
        self.col.drop()
        self._create_index()
