"""Webhooks: the ASGI application behind real servers, with deliveries of the sandbox."""

import asyncio
import base64
import contextlib
import hashlib
import hmac
import http.client
import json
import threading
import time

import chirrup
import pytest
from chirrup.webhooks import Receiver

SECRET = "consumer secret"


def signature(body, secret=SECRET):
    return "sha256=" + base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


@contextlib.contextmanager
def uvicorn_serves(app):
    """Serves an application with uvicorn and yields its port."""
    uvicorn = pytest.importorskip("uvicorn")
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()


@contextlib.contextmanager
def hypercorn_serves(app):
    """Serves an application with hypercorn and yields its port."""
    asyncio_server = pytest.importorskip("hypercorn.asyncio")
    import socket

    from hypercorn.config import Config

    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    config = Config()
    config.bind = [f"fd://{listener.detach()}"]
    config.errorlog = None
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()
    serve = asyncio_server.serve(app, config, shutdown_trigger=stop.wait)
    thread = threading.Thread(target=lambda: loop.run_until_complete(serve), daemon=True)
    thread.start()
    try:
        yield port
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


def send(port, method, path="/", body=None, headers=None):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request(method, path, body, headers or {})
    response = connection.getresponse()
    return response.status, response.read()


def deliver(port, event, secret=SECRET):
    body = json.dumps(event).encode()
    return send(port, "POST", body=body, headers={"x-twitter-webhooks-signature": signature(body, secret)})[0]


def wait_for(condition):
    end = time.monotonic() + 10
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    assert condition()


@pytest.mark.parametrize("serves", [uvicorn_serves, hypercorn_serves])
def test_an_asgi_server_receives_signed_events(serves):
    receiver = Receiver(SECRET)
    seen = []

    @receiver.on_activity("follow.follow")
    async def followed(event):
        seen.append(("follow", event.payload.source.id))

    @receiver.on_account("follow_events")
    def account(events):
        seen.append((events.kind, events.user, events.events[0].type))

    @receiver.on_post("birds")
    def post(item):
        seen.append((item.data.id, item.data.text, item.matching_rules[0].tag))

    receiver.on_post("other")(seen.append)
    receiver.on_other(lambda event: seen.append(event.json()))

    with serves(receiver) as port:
        status, content = send(port, "GET", "/?crc_token=abc%3D")
        assert status == 200 and json.loads(content) == {"response_token": signature(b"abc=")}
        follow = {"data": {"event_type": "follow.follow", "event_uuid": "1", "payload": {"source": {"id": "12"}}}}
        assert deliver(port, follow, "another secret") == 401
        assert send(port, "POST", body=b"{}")[0] == 401
        assert [deliver(port, follow), deliver(port, follow)] == [200, 200]
        assert deliver(port, {"for_user_id": "12", "follow_events": [{"type": "follow"}]}) == 200
        assert deliver(port, {"data": {"id": "5", "text": "A heron"}, "matching_rules": [{"id": "1", "tag": "birds"}]}) == 200
        assert deliver(port, {"data": {"event_type": "mute.mute", "event_uuid": "2"}}) == 200
        assert deliver(port, {"new": "form"}) == 200
        assert send(port, "GET", "/?crc_token=%7B%22")[0] == 400 and send(port, "PUT")[0] == 405
        wait_for(lambda: len(seen) == 4)
    expected = [("follow", 12), ("follow_events", 12, "follow"), (5, "A heron", "birds"), {"new": "form"}]
    assert sorted(seen, key=str) == sorted(expected, key=str)


def test_a_body_that_is_too_large_is_refused():
    with uvicorn_serves(Receiver(SECRET)) as port:
        body = b'"' + b"a" * (4 << 20) + b'"'
        assert send(port, "POST", body=body, headers={"x-twitter-webhooks-signature": signature(body)})[0] == 413


def test_errors_of_handlers_are_reported(caplog):
    receiver = Receiver(SECRET)

    @receiver.on_other
    async def fails(event):
        raise ValueError("no such bird")

    with uvicorn_serves(receiver) as port:
        assert deliver(port, {"a": 1}) == 200
        wait_for(lambda: "no such bird" in caplog.text)
        errors = []
        receiver.on_error(errors.append)
        assert deliver(port, {"a": 2}) == 200
        wait_for(lambda: len(errors) == 1)
    assert isinstance(errors[0], ValueError)


def test_the_sandbox_delivers_to_a_receiver(sandbox):
    secret = sandbox.environment()["X_CONSUMER_SECRET"]
    receiver = Receiver("an old secret", secret)
    with pytest.raises(chirrup.Error), uvicorn_serves(receiver) as port:
        client = chirrup.Client(base_url=sandbox.url, credentials=sandbox.credentials)
        client.create_webhook(f"http://127.0.0.1:{port}/webhook")
    receiver = Receiver(secret)
    seen = []
    receiver.on_activity("post.create")(seen.append)
    with uvicorn_serves(receiver) as port:
        webhook = client.create_webhook(f"http://127.0.0.1:{port}/webhook").data
        user = sandbox.user_id("robin")
        client.create_activity_subscription("post.create", {"user_id": str(user)}, webhook_id=webhook.id)
        post = sandbox.write_post("robin", "A heron at the pond")
        wait_for(lambda: seen)
    assert (seen[0].event_type, seen[0].payload.id, seen[0].payload.text) == ("post.create", post, "A heron at the pond")


def test_a_receiver_requires_a_secret():
    with pytest.raises(ValueError, match="consumer secret"):
        Receiver()
