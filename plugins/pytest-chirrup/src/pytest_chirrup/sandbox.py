"""A world of the sandbox, and what a test controls in it."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
import uuid
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from .server import Server


class ControlError(RuntimeError):
    """The control API refused a request."""


class Sandbox:
    """A world of its own in a running sandbox: users, posts, rate limits, clock, faults and journal."""

    def __init__(self, server: Server, world: str | None = None) -> None:
        self._server = server
        self.world = world or f"test-{uuid.uuid4().hex}"
        #: Base URL for clients of this world.
        self.url = f"{server.url}/_worlds/{self.world}"
        self.clock = Clock(self)
        self.faults = Faults(self)
        self.journal = Journal(self)

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """Sends a request to the control API and returns the JSON of the response."""
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_chirrup/{path}", data=content, method=method)
        request.add_header("authorization", f"Bearer {self._server.control_token}")
        request.add_header("content-type", "application/json")
        try:
            with urllib.request.urlopen(request) as response:
                text = response.read()
        except urllib.error.HTTPError as error:
            raise ControlError(f"{method} {path}: {error.code}: {error.read().decode()}") from None
        return json.loads(text) if text else None

    def reset(self) -> None:
        """Sets the world to its state at the start."""
        self.control("POST", "reset")

    def remove(self) -> None:
        """Removes the world from the server."""
        self.control("DELETE", f"worlds/{self.world}")

    def user(self, username: str) -> dict[str, Any]:
        """Returns a user with its tokens: `access_token`, `access_token_secret` and `oauth2_access_token`."""
        return self.control("GET", f"users?username={username}")["users"][0]

    def token(self, username: str) -> str:
        """Returns an OAuth 2.0 access token of a user with all scopes."""
        return self.user(username)["tokens"]["oauth2_access_token"]

    @property
    def app(self) -> dict[str, Any]:
        """Keys of the world's app: `consumer_key`, `consumer_secret` and `bearer_token`."""
        return self.control("GET", "apps")["apps"][0]

    def act(self, username: str, method: str, path: str, body: Any = None) -> Any:
        """Calls the API as a user, without credentials, rate limits and costs."""
        return self.control(method, f"as/{username}{path}", body)

    def subscribe(self, url: str, username: str) -> str:
        """Registers a webhook for the account activity of a user. Returns its ID."""
        webhook = self.act(username, "POST", "/2/webhooks", {"url": url})["data"]["id"]
        self.act(username, "POST", f"/2/account_activity/webhooks/{webhook}/subscriptions/all")
        return webhook

    @property
    def bill(self) -> dict[str, Any]:
        """Costs of all calls: `total` and `by_endpoint`."""
        return self.control("GET", "bill")


class Clock:
    """The clock of a world."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._control = sandbox.control

    @property
    def now(self) -> datetime:
        """The time of the world."""
        return datetime.fromisoformat(self._control("GET", "clock")["now"].replace("Z", "+00:00"))

    def advance(self, *, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Moves the clock forward."""
        self._control("POST", "clock/advance", {"seconds": hours * 3600 + minutes * 60 + seconds})

    def freeze(self) -> None:
        """Stops the clock."""
        self._control("PUT", "clock", {"frozen": True})

    def resume(self) -> None:
        """Lets the clock run again."""
        self._control("PUT", "clock", {"frozen": False})


class Faults:
    """Faults that the sandbox injects into the requests of clients."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._control = sandbox.control

    def add(self, fault: str, *, endpoint: str | None = None, times: int | None = None, **settings: Any) -> None:
        """Adds a rule, such as `add("response", status=503, endpoint="create_post", times=1)`."""
        rule = {"fault": fault, "endpoint": endpoint, "times": times, **settings}
        self._control("POST", "faults", {name: value for name, value in rule.items() if value is not None})

    def respond(self, status: int, *, endpoint: str | None = None, times: int = 1) -> None:
        """Answers the next requests with an error, without processing them."""
        self.add("response", status=status, endpoint=endpoint, times=times)

    def lose_answer(self, *, endpoint: str | None = None, times: int = 1) -> None:
        """Processes the next requests, and closes the connection without an answer."""
        self.add("close_after_processing", endpoint=endpoint, times=times)

    def clear(self) -> None:
        """Removes all rules."""
        self._control("DELETE", "faults")


class Journal:
    """The requests that the sandbox received."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._control = sandbox.control

    def entries(self, **filters: Any) -> list[dict[str, Any]]:
        """Returns the requests, oldest first. Filters are those of the control API, such as `endpoint="create_post"`."""
        return self._control("GET", f"journal?{urlencode(filters)}")["entries"]

    def wait(self, timeout: float = 10, **filters: Any) -> dict[str, Any]:
        """Returns the first request that the filters select, and waits for it."""
        return self._control("GET", f"journal/wait?{urlencode({**filters, 'timeout_ms': int(timeout * 1000)})}")

    def __iter__(self):
        return iter(self.entries())

    def __len__(self) -> int:
        return len(self.entries())
