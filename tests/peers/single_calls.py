"""Makes calls with Twython or Python Twitter Tools, unmodified, one for each line of the input.

Usage: single_calls.py BASE_URL KEY SECRET TOKEN TOKEN_SECRET BEARER

A line is a Python expression over `t` (Twython), `p` and `p2` (Python Twitter Tools, API v1.1 and v2 with the keys of a
user) and `b2` (API v2 with a bearer token). The answer "sent" follows once the response has been read; whether the response
is an error does not matter.
"""

import sys

from twitter import OAuth, OAuth2, Twitter, TwitterHTTPError
from twython import Twython, TwythonError

BASE, KEY, SECRET, TOKEN, TOKEN_SECRET, BEARER = sys.argv[1:7]
HOST = BASE.split("://")[1]

t = Twython(KEY, SECRET, TOKEN, TOKEN_SECRET)
t.api_url = BASE + "/%s"
user = OAuth(TOKEN, TOKEN_SECRET, KEY, SECRET)
p = Twitter(auth=user, domain=HOST, secure=False)
p2 = Twitter(auth=user, domain=HOST, secure=False, api_version="2", format="")
b2 = Twitter(auth=OAuth2(bearer_token=BEARER), domain=HOST, secure=False, api_version="2", format="")

for line in sys.stdin:
    try:
        eval(line)
    except (TwythonError, TwitterHTTPError):
        pass
    print("sent", flush=True)
