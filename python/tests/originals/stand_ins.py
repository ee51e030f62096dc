"""Stand-ins for the modules `responses` and `requests`, with which Twython's own tests replace the network.

A server on this machine takes the place of X: what a test registers is what the server responds, and what arrives at
the server is what the test sees. The requests go over real sockets.
"""

from __future__ import annotations

import functools
import sys
import threading
import types
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

ORIGIN = "https://api.twitter.com"


@dataclass
class Request:
    """Request as the test sees it."""

    method: str
    url: str
    headers: dict[str, bytes]
    body: bytes


@dataclass
class Call:
    """Request that arrived."""

    request: Request


@dataclass
class World:
    """What the tests have registered, and what has arrived."""

    registered: dict[tuple[str, str], tuple[int, bytes, dict[str, str]]] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)

    def clear(self) -> None:
        self.registered.clear()
        self.calls.clear()


WORLD = World()


class Handler(BaseHTTPRequestHandler):
    """Responds with what is registered for method and path."""

    def respond(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        if self.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            # A form may encode a space as `%20` or as `+`; requests chooses the latter.
            body = urlencode(parse_qsl(body.decode())).encode()
        headers = {name.title(): value.encode() for name, value in self.headers.items()}
        WORLD.calls.append(Call(Request(self.command, f"{ORIGIN}{self.path}", headers, body)))
        path = urlsplit(self.path).path
        status, content, extra = WORLD.registered.get((self.command, path), (404, b"{}", {}))
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **extra}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_DELETE = respond

    def log_message(self, *arguments: Any) -> None:
        pass


def add(
    method: str,
    url: str,
    body: bytes = b"",
    match_querystring: bool = False,
    status: int = 200,
    adding_headers: dict[str, str] | None = None,
    stream: bool = False,
    content_type: str = "application/json",
) -> None:
    """Registers a response."""
    WORLD.registered[method, urlsplit(url).path] = (status, body, adding_headers or {})


def activate(test: Any) -> Any:
    """Lets a test begin with nothing registered."""

    @functools.wraps(test)
    def run(*args: Any, **kwargs: Any) -> Any:
        WORLD.clear()
        return test(*args, **kwargs)

    return run


class Session:
    """Class that one of the tests replaces a method of."""

    def get(self) -> None:
        """Method that is replaced."""


def install() -> str:
    """Makes the stand-ins importable and returns the base URL of the server."""
    responses: Any = types.ModuleType("responses")
    responses.GET, responses.POST, responses.DELETE = "GET", "POST", "DELETE"
    responses.add, responses.activate, responses.calls = add, activate, WORLD.calls
    requests: Any = types.ModuleType("requests")
    requests.RequestException, requests.Session = type("RequestException", (Exception,), {}), Session
    sys.modules.update(responses=responses, requests=requests)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"
