"""Python Twitter Tools over the core of Chirrup: replace `from twitter import *` by `from chirrup.twitter import *`.

Each attribute of a `Twitter` is a part of the route: `twitter.statuses.home_timeline(count=5)`.
"""

from .api import Twitter, Twitter2, TwitterError, TwitterHTTPError, TwitterResponse
from .auth import NoAuth, UserPassAuth
from .oauth import OAuth, read_token_file, write_token_file
from .oauth2 import OAuth2, read_bearer_token_file, write_bearer_token_file
from .oauth_dance import oauth2_dance, oauth_dance
from .stream import TwitterStream, TwitterStream2

__all__ = [
    "NoAuth",
    "OAuth",
    "OAuth2",
    "Twitter",
    "Twitter2",
    "TwitterError",
    "TwitterHTTPError",
    "TwitterResponse",
    "TwitterStream",
    "TwitterStream2",
    "UserPassAuth",
    "oauth2_dance",
    "oauth_dance",
    "read_bearer_token_file",
    "read_token_file",
    "write_bearer_token_file",
    "write_token_file",
]
