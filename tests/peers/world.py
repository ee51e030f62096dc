"""What the calls of the clients are about: posts, users, lists and more in a sandbox, made when they are needed.

The sandbox is found by the environment variables that `chirrup sandbox` prints.
"""

import base64
import contextlib
import os
import struct
import threading
import zlib

import requests
from requests_oauthlib import OAuth1

BASE = os.environ["CHIRRUP_BASE_URL"]
KEY, SECRET = os.environ["X_CONSUMER_KEY"], os.environ["X_CONSUMER_SECRET"]
TOKEN, TOKEN_SECRET = os.environ["X_ACCESS_TOKEN"], os.environ["X_ACCESS_TOKEN_SECRET"]
BEARER, OAUTH2 = os.environ["X_BEARER_TOKEN"], os.environ["X_OAUTH2_ACCESS_TOKEN"]
ROBIN, POST, PLACE = "12", "20", "01a9a39529b27f36"
CALLBACK = "http://127.0.0.1:8080/callback"


def png(width=64, height=32):
    """Returns a PNG image of one color."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + b"\x40\x80\xc0" * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


PNG = png()
MP4 = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0" * 64


def send(method, path, app_only=False, by_scope=False, **options):
    """Sends a request without any of the clients under test, and returns the parsed response."""
    if app_only or by_scope:
        auth = {"headers": {"Authorization": f"Bearer {BEARER if app_only else OAUTH2}"}}
    else:
        auth = {"auth": OAuth1(KEY, SECRET, TOKEN, TOKEN_SECRET)}
    response = requests.request(method, BASE + path, timeout=30, **auth, **options)
    response.raise_for_status()
    return response.json() if response.text else None


ME = send("GET", "/2/users/me")["data"]["id"]
count = 0


def text():
    """Returns a text that no post has."""
    global count
    count += 1
    return f"a text of its own, number {count} of {os.getpid()}"


def post():
    return send("POST", "/2/tweets", json={"text": text()})["data"]["id"]


@contextlib.contextmanager
def writing():
    """Writes posts with the word `heron` all the time, enough for a stream with one of 100 posts."""
    stopped = threading.Event()

    def write():
        while not stopped.wait(0.01):
            send("POST", "/2/tweets", json={"text": f"{text()} heron"})

    threading.Thread(target=write, daemon=True).start()
    try:
        yield
    finally:
        stopped.set()


def reposted():
    """Returns a post of another user that the user has reposted."""
    send("POST", f"/2/users/{ME}/retweets", json={"tweet_id": POST})
    return POST


def liked():
    send("POST", f"/2/users/{ME}/likes", json={"tweet_id": POST})
    return POST


def reply_to_me():
    """Returns a reply of another user to a post of the user, which the user may hide."""
    fields = "in_reply_to_user_id,conversation_id,referenced_tweets"
    mentions = send("GET", f"/2/users/{ME}/mentions?max_results=100&expansions=referenced_tweets.id&tweet.fields={fields}")
    included = mentions["includes"]
    posts = included.get("tweets") or included["posts"]
    mine = {post["id"] for post in posts if post["conversation_id"] == post["id"]}
    for reply in mentions["data"]:
        if reply.get("in_reply_to_user_id") == ME and reply["conversation_id"] in mine:
            return reply["id"]
    raise LookupError("no reply to the user")


def list_():
    made = send("POST", "/2/lists", json={"name": text()[:25]})["data"]["id"]
    send("POST", f"/2/lists/{made}/members", json={"user_id": ROBIN})
    send("POST", f"/2/users/{ME}/pinned_lists", json={"list_id": made})
    return made


def saved_search():
    return send("POST", "/1.1/saved_searches/create.json", data={"query": text()})["id_str"]


def message():
    sent = send("POST", f"/2/dm_conversations/with/{ROBIN}/messages", json={"text": text()})
    return sent["data"]["dm_event_id"]


def user(name):
    return send("GET", f"/2/users/by/username/{name}")["data"]["id"]


LENA = user("lena")
CONVERSATION = f"{ROBIN}-{ME}"


def media(category="tweet_image"):
    data = {"media_data": base64.b64encode(PNG).decode(), "media_category": category}
    return send("POST", "/1.1/media/upload.json", data=data)["media_id_string"]


def video_upload():
    """Returns an upload of a video with all of its parts."""
    query = {"command": "INIT", "total_bytes": str(len(MP4)), "media_type": "video/mp4"}
    media_id = send("POST", "/1.1/media/upload.json", data=query)["media_id_string"]
    query = {"command": "APPEND", "media_id": media_id, "segment_index": "0"}
    send("POST", "/1.1/media/upload.json", data=query, files={"media": MP4})
    return media_id


def finished_video():
    media_id = video_upload()
    send("POST", "/1.1/media/upload.json", data={"command": "FINALIZE", "media_id": media_id})
    return media_id


def job():
    return send("POST", "/2/compliance/jobs", app_only=True, json={"type": "tweets"})["data"]["id"]


def own_space():
    """Returns a Space of the user, who alone may see who bought tickets for it."""
    return send("GET", f"/2/spaces/by/creator_ids?user_ids={ME}", app_only=True)["data"][0]["id"]


def space():
    return send("GET", "/2/spaces/search?query=a&space.fields=creator_id", app_only=True)["data"][0]


def community():
    return send("GET", "/2/communities/search?query=Rust", app_only=False)["data"][0]["id"]


def news():
    return send("GET", "/2/news/search?query=a", app_only=True)["data"][0]["id"]


def submit_consent(url):
    """Authorizes an app on the login page of the sandbox as `ada`, as a browser would, and returns the redirect URL or page."""
    import re
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    page = requests.get(BASE + path, timeout=30).text
    hidden = re.findall(r'<input type=hidden name=([^ >]+) value="([^"]*)"', page)
    form = {name: value.replace("&amp;", "&") for name, value in hidden} | {"user": "ada", "decision": "authorize"}
    answer = requests.post(BASE + parts.path, data=form, allow_redirects=False, timeout=30)
    return answer.headers.get("location") or answer.text
