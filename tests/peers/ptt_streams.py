"""The streams of Python Twitter Tools, unmodified, against a sandbox behind TLS, which they need.

Usage: ptt_streams.py TLS_HOST_AND_PORT BEARER

Whoever runs it writes posts all the time, falls silent after the line "hush", writes again after "talk", and ends the
streams after "end".
"""

import sys
import time

from twitter import OAuth2, TwitterStream
from twitter.stream import Hangup, HeartbeatTimeout, Timeout

HOST, BEARER = sys.argv[1:3]


def stream(**options):
    return TwitterStream(domain=HOST, auth=OAuth2(bearer_token=BEARER), verify_context=False, **options)


def say(word):
    print(word, flush=True)


# Item by item, until the stream ends.
items = stream().statuses.filter(track="heron")
for _ in range(3):
    assert "heron" in next(items)["text"]
say("end")
seen = list(items)
assert seen[-1] is Hangup, seen[-1]
say("ok iterate, filter, hangup")

# With a time after which nothing is an item, too.
items = stream(timeout=0.5).statuses.firehose()
assert next(items)["id_str"]
say("hush")
while next(items) is not Timeout:
    pass
assert next(items) is Timeout, "it goes on"
say("talk")
while "id_str" not in next(items):
    pass
say("ok timeout")

# Never blocking.
items = stream(block=False).statuses.firehose()
say("hush")
time.sleep(0.5)
found = set()
for item in items:
    found.add(item is None)
    if item is None:
        break
assert True in found
say("talk")
while next(items) is None:
    pass
say("ok never blocks")

# Silence is told from a break.
items = stream(heartbeat_timeout=1).statuses.firehose()
assert next(items)["id_str"]
say("hush")
seen = list(items)
assert seen[-1] is HeartbeatTimeout, seen[-1]
say("talk")
say("ok heartbeat")
