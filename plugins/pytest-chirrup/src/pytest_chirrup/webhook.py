"""A webhook of the test: it answers the challenges of the sandbox and collects the events."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


class Webhook:
    """An HTTP server on the loopback address that receives events of the sandbox."""

    def __init__(self, consumer_secret: str) -> None:
        self._events: queue.Queue[dict[str, Any]] = queue.Queue()
        events = self._events

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                token = parse_qs(urlsplit(self.path).query).get("crc_token", [""])[0]
                digest = hmac.new(consumer_secret.encode(), token.encode(), hashlib.sha256).digest()
                self._respond({"response_token": f"sha256={base64.b64encode(digest).decode()}"})

            def do_POST(self) -> None:
                events.put(json.loads(self.rfile.read(int(self.headers["content-length"]))))
                self._respond({})

            def _respond(self, body: dict[str, Any]) -> None:
                content = json.dumps(body).encode()
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/webhook"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def wait(self, timeout: float = 10) -> dict[str, Any]:
        """Returns the next event, and waits for it.

        Raises TimeoutError if none arrives within `timeout` seconds.
        """
        try:
            return self._events.get(timeout=timeout)
        except queue.Empty:
            raise TimeoutError(f"no event arrived at {self.url} within {timeout} seconds") from None

    def close(self) -> None:
        """Stops the server."""
        self._server.shutdown()
        self._server.server_close()
