"""PyTweet over the core of Chirrup: replace `import pytweet` by `from chirrup import pytweet`.

Its objects act: `client.fetch_user_by_name("robin").follow()`.
"""

import logging
from typing import NamedTuple

from .attachments import CTA, Button, CustomProfile, File, Geo, Option, Poll, PollOption, QuickReply
from .auth import OauthSession
from .client import Client
from .entities import Hashtags, Media, Symbols, Urls, UserMentions
from .enums import (
    ButtonType,
    MediaType,
    MessageEventTypeEnum,
    MessageTypeEnum,
    RelationsTypeEnum,
    ReplySetting,
    SpaceState,
)
from .errors import (
    APIException,
    BadRequests,
    ConnectionException,
    Forbidden,
    HTTPException,
    NotFound,
    NotFoundError,
    PytweetException,
    TooManyRequests,
    Unauthorized,
    UnKnownSpaceState,
)
from .expansions import (
    MEDIA_FIELD,
    PLACE_FIELD,
    POLL_FIELD,
    SPACE_FIELD,
    TWEET_EXPANSION,
    TWEET_FIELD,
    USER_FIELD,
)
from .http import HTTPClient
from .message import DirectMessage, Message, WelcomeMessage, WelcomeMessageRule
from .metrics import TweetPublicMetrics, UserPublicMetrics
from .relations import RelationFollow, RelationHide, RelationLike, RelationRetweet, Relations
from .responses import check_error
from .space import Space
from .stream import Stream, StreamConnection, StreamRule
from .tweet import Embed, EmbedsImages, Tweet
from .user import User
from .utils import compose_tweet, compose_tweet_action, compose_user_action, time_parse_todt

__version__ = "1.3.6"
"""Version of PyTweet whose interface this package has."""


class VersionInfo(NamedTuple):
    """Parts of a version."""

    major: int
    minor: int
    micro: int
    releaselevel: str
    serial: int


version_info = VersionInfo(1, 3, 6, "final", 0)

logging.getLogger(__name__).addHandler(logging.NullHandler())

__all__ = [
    "APIException",
    "BadRequests",
    "Button",
    "ButtonType",
    "CTA",
    "Client",
    "ConnectionException",
    "CustomProfile",
    "DirectMessage",
    "Embed",
    "EmbedsImages",
    "File",
    "Forbidden",
    "Geo",
    "HTTPClient",
    "HTTPException",
    "Hashtags",
    "MEDIA_FIELD",
    "Media",
    "MediaType",
    "Message",
    "MessageEventTypeEnum",
    "MessageTypeEnum",
    "NotFound",
    "NotFoundError",
    "OauthSession",
    "Option",
    "PLACE_FIELD",
    "POLL_FIELD",
    "Poll",
    "PollOption",
    "PytweetException",
    "QuickReply",
    "RelationFollow",
    "RelationHide",
    "RelationLike",
    "RelationRetweet",
    "Relations",
    "RelationsTypeEnum",
    "ReplySetting",
    "SPACE_FIELD",
    "Space",
    "SpaceState",
    "Stream",
    "StreamConnection",
    "StreamRule",
    "Symbols",
    "TWEET_EXPANSION",
    "TWEET_FIELD",
    "TooManyRequests",
    "Tweet",
    "TweetPublicMetrics",
    "USER_FIELD",
    "UnKnownSpaceState",
    "Unauthorized",
    "Urls",
    "User",
    "UserMentions",
    "UserPublicMetrics",
    "VersionInfo",
    "WelcomeMessage",
    "WelcomeMessageRule",
    "check_error",
    "compose_tweet",
    "compose_tweet_action",
    "compose_user_action",
    "time_parse_todt",
    "version_info",
]
