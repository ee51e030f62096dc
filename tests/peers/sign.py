"""Signs calls with oauthlib: a JSON object a line comes in, a signature a line goes out.

Usage: sign.py < calls > signatures
"""

import json
import sys
from urllib.parse import unquote

from oauthlib.oauth1 import Client

FORM = {"Content-Type": "application/x-www-form-urlencoded"}

for line in sys.stdin:
    call = json.loads(line)
    client = Client(
        call["consumer_key"],
        client_secret=call["consumer_secret"],
        resource_owner_key=call["token"],
        resource_owner_secret=call["token_secret"],
        nonce=call["nonce"],
        timestamp=call["timestamp"],
    )
    form = call["form"] or None
    _, headers, _ = client.sign(call["url"], call["method"], body=form, headers=FORM if form else None)
    header = headers["Authorization"]
    print(unquote(header.split('oauth_signature="')[1].split('"')[0]))
