"""A server with prepared responses: a page of posts, a user, and a stream of posts. Run by `run.py` as a process of its own."""

import json
import socketserver
import sys

import chirrup

SERVED = 20_000
"""Number of posts that are prepared for a stream, each with an ID of its own."""

EXPANSIONS = ["author_id", "referenced_tweets.id", "entities.mentions.username"]
FIELDS = ["author_id", "conversation_id", "created_at", "entities", "lang", "public_metrics", "referenced_tweets", "source"]
USER_FIELDS = ["created_at", "description", "public_metrics", "verified"]


def page() -> bytes:
    """Returns a page of 100 posts of the sandbox with fields and authors."""
    with chirrup.Sandbox(users=50, posts=2_000) as sandbox:
        client = chirrup.Client(base_url=sandbox.url, credentials=sandbox.credentials)
        params = {
            "query": "the",
            "max_results": 100,
            "expansions": EXPANSIONS,
            "tweet.fields": FIELDS,
            "user.fields": USER_FIELDS,
        }
        return client.call("GET", "/2/tweets/search/recent", params=params).content


def stream(page: bytes) -> list[bytes]:
    """Returns the chunks of a stream: a line per chunk, each a post of the page with a new ID."""
    parsed = json.loads(page)
    users = {user["id"]: user for user in parsed["includes"]["users"]}
    chunks = []
    for number in range(SERVED):
        post = dict(parsed["data"][number % len(parsed["data"])], id=str(1_900_000_000_000_000_000 + number))
        item = {
            "data": post,
            "includes": {"users": [users[post["author_id"]]]},
            "matching_rules": [{"id": "1900000000000000001", "tag": "birds"}],
        }
        line = json.dumps(item, ensure_ascii=False).encode() + b"\r\n"
        chunks.append(b"%x\r\n%s\r\n" % (len(line), line))
    return chunks


class Handler(socketserver.StreamRequestHandler):
    """Answers the requests of a connection."""

    wbufsize = 1 << 16
    page = b""
    stream: list[bytes] = []
    user = b'{"data":{"id":"12","name":"Ada","username":"ada"}}'

    def handle(self) -> None:
        while request := self.rfile.readline():
            while self.rfile.readline() not in (b"\r\n", b""):
                pass
            try:
                self.answer(request.split(b" ")[1])
            except ConnectionError:
                return

    def answer(self, path: bytes) -> None:
        head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=utf-8\r\n"
        if b"/stream" in path:
            self.wfile.write(head + b"transfer-encoding: chunked\r\n\r\n")
            for chunk in self.stream:
                self.wfile.write(chunk)
            # The client closes the connection when it has read enough.
            self.wfile.flush()
            self.rfile.read(1)
            return
        body = self.page if b"/search/" in path else self.user
        self.wfile.write(head + b"content-length: %d\r\n\r\n%s" % (len(body), body))
        self.wfile.flush()


class Server(socketserver.ThreadingTCPServer):
    """Server on a free port of the loopback address, with a thread per connection."""

    daemon_threads = True
    request_queue_size = 128


def main() -> None:
    Handler.page = page()
    Handler.stream = stream(Handler.page)
    with Server(("127.0.0.1", 0), Handler) as server:
        print(server.server_address[1], flush=True)
        server.serve_forever()


if __name__ == "__main__":
    sys.exit(main())
