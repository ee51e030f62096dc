"""Streams with Python Twitter Tools, unmodified, from a sandbox behind a TLS proxy, as the library requires TLS.

Usage: ptt_streams.py TLS_HOST_AND_PORT BEARER

The caller creates posts continuously and reacts to lines of the output: "pause" stops posts and keep-alives, "resume"
starts them again, and "end" closes all streams.
"""

import sys
import time

from twitter import OAuth2, TwitterStream
from twitter.stream import Hangup, HeartbeatTimeout, Timeout

HOST, BEARER = sys.argv[1:3]


def stream(**options):
    return TwitterStream(domain=HOST, auth=OAuth2(bearer_token=BEARER), verify_context=False, **options)


def signal(word):
    print(word, flush=True)


# Iterates over items until the stream ends.
items = stream().statuses.filter(track="heron")
for _ in range(3):
    assert "heron" in next(items)["text"]
signal("end")
seen = list(items)
assert seen[-1] is Hangup, seen[-1]
signal("ok iterate, filter, hangup")

# Yields a Timeout after a time without items.
items = stream(timeout=0.5).statuses.firehose()
assert next(items)["id_str"]
signal("pause")
while next(items) is not Timeout:
    pass
assert next(items) is Timeout, "a timeout does not end the stream"
signal("resume")
while "id_str" not in next(items):
    pass
signal("ok timeout")

# Yields None instead of blocking.
items = stream(block=False).statuses.firehose()
signal("pause")
time.sleep(0.5)
found = set()
for item in items:
    found.add(item is None)
    if item is None:
        break
assert True in found
signal("resume")
while next(items) is None:
    pass
signal("ok never blocks")

# Ends the stream if keep-alives are missing.
items = stream(heartbeat_timeout=1).statuses.firehose()
assert next(items)["id_str"]
signal("pause")
seen = list(items)
assert seen[-1] is HeartbeatTimeout, seen[-1]
signal("resume")
signal("ok heartbeat")
