"""Tweepy's names and signatures over this package's core: `import chirrup.tweepy as tweepy` runs a Tweepy program.

The differences from Tweepy are listed in the documentation of the project, on the page about Python.
"""

from ._version import __version__
from .api import API
from .auth import (
    AppAuthHandler,
    OAuth1UserHandler,
    OAuth2AppHandler,
    OAuth2BearerHandler,
    OAuth2UserHandler,
    OAuthHandler,
)
from .cache import Cache, FileCache, MemoryCache
from .client import Client, Response
from .cursor import Cursor
from .direct_message_event import DIRECT_MESSAGE_EVENT_FIELDS, DM_EVENT_FIELDS, DirectMessageEvent
from .errors import (
    BadRequest,
    Forbidden,
    HTTPException,
    NotFound,
    TooManyRequests,
    TweepyException,
    TwitterServerError,
    Unauthorized,
)
from .list import LIST_FIELDS, List
from .media import MEDIA_FIELDS, Media
from .pagination import Paginator
from .place import PLACE_FIELDS, Place
from .poll import POLL_FIELDS, Poll
from .space import PUBLIC_SPACE_FIELDS, SPACE_FIELDS, Space
from .streaming import Stream, StreamingClient, StreamResponse, StreamRule
from .tweet import PUBLIC_TWEET_FIELDS, TWEET_FIELDS, ReferencedTweet, Tweet
from .user import USER_FIELDS, User

#: An `API` without authentication.
api = API()

__all__ = [
    "API",
    "AppAuthHandler",
    "BadRequest",
    "Cache",
    "Client",
    "Cursor",
    "DIRECT_MESSAGE_EVENT_FIELDS",
    "DM_EVENT_FIELDS",
    "DirectMessageEvent",
    "FileCache",
    "Forbidden",
    "HTTPException",
    "LIST_FIELDS",
    "List",
    "MEDIA_FIELDS",
    "Media",
    "MemoryCache",
    "NotFound",
    "OAuth1UserHandler",
    "OAuth2AppHandler",
    "OAuth2BearerHandler",
    "OAuth2UserHandler",
    "OAuthHandler",
    "PLACE_FIELDS",
    "POLL_FIELDS",
    "PUBLIC_SPACE_FIELDS",
    "PUBLIC_TWEET_FIELDS",
    "Paginator",
    "Place",
    "Poll",
    "ReferencedTweet",
    "Response",
    "SPACE_FIELDS",
    "Space",
    "Stream",
    "StreamResponse",
    "StreamRule",
    "StreamingClient",
    "TWEET_FIELDS",
    "TooManyRequests",
    "TweepyException",
    "Tweet",
    "TwitterServerError",
    "USER_FIELDS",
    "Unauthorized",
    "User",
    "__version__",
    "api",
]
