"""What the packages that take the place of other libraries have in common."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import chirrup
import pytest
from chirrup import pytweet, tweepy
from chirrup.twython import Twython

KEYS = ("key", "secret", "7-token", "token-secret")


@pytest.fixture
def received(monkeypatch):
    """Starts a server in the place of X and returns the headers of each request that it receives."""
    requests = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            requests.append(self.headers)
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        monkeypatch.setenv("CHIRRUP_BASE_URL", f"http://127.0.0.1:{server.server_port}")
        yield requests
        server.shutdown()
        thread.join()


def send_with_chirrup(headers):
    chirrup.Client.from_env(retries=0).call("GET", "/2/tweets/20", headers=headers, auth="none")


def send_with_tweepy(headers):
    api = tweepy.API(tweepy.OAuth1UserHandler(*KEYS))
    api.request("GET", "statuses/show", headers=headers, parser=tweepy.parsers.RawParser())


def send_with_twython(headers):
    Twython(*KEYS, client_args={"headers": headers}).show_status(id=20)


def send_with_pytweet(headers):
    pytweet.Client("bearer").http.request("GET", "2", "/tweets/20", headers=headers)


@pytest.mark.parametrize("send", [send_with_chirrup, send_with_tweepy, send_with_twython, send_with_pytweet])
def test_headers_of_a_call_are_sent(received, send):
    send({"X-Report": "7"})
    send({"X-Report": "8"})
    assert [headers["X-Report"] for headers in received] == ["7", "8"]


@pytest.mark.parametrize("send", [send_with_tweepy, send_with_twython, send_with_pytweet])
def test_headers_of_the_core_are_not_replaced(received, send):
    send({"Authorization": "canary", "Content-Type": "canary", "X-Report": None})
    (headers,) = received
    assert "canary" not in str(headers) and "X-Report" not in headers


def test_a_call_with_a_header_of_the_core_is_refused(received):
    with pytest.raises(chirrup.ArgumentError, match="Authorization"):
        send_with_chirrup({"Authorization": "canary"})
    assert received == []
