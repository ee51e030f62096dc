"""Signs requests with oauthlib: reads one JSON object per line, prints one signature per line.

Usage: sign.py < requests > signatures
"""

import json
import sys
from urllib.parse import unquote

from oauthlib.oauth1 import Client

FORM = {"Content-Type": "application/x-www-form-urlencoded"}

for line in sys.stdin:
    request = json.loads(line)
    client = Client(
        request["consumer_key"],
        client_secret=request["consumer_secret"],
        resource_owner_key=request["token"],
        resource_owner_secret=request["token_secret"],
        nonce=request["nonce"],
        timestamp=request["timestamp"],
    )
    form = request["form"] or None
    _, headers, _ = client.sign(request["url"], request["method"], body=form, headers=FORM if form else None)
    header = headers["Authorization"]
    print(unquote(header.split('oauth_signature="')[1].split('"')[0]))
