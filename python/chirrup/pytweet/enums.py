"""The enumerations of PyTweet."""

from enum import Enum


class RelationsTypeEnum(Enum):
    """Result of an action on a user or a tweet."""

    PENDING = 0
    ACCEPT = 1
    LIKED = 2
    RETWEETED = 3
    HIDE = 4
    NULL = None


class MessageTypeEnum(Enum):
    """Kind of a message."""

    DIRECT_MESSAGE = 0
    MESSAGE_TWEET = 1
    MESSAGE_WELCOME_MESSAGE = 2
    MESSAGE_WELCOME_MESSAGE_RULE = 3
    NULL = None


class MessageEventTypeEnum(Enum):
    """Kind of an event of direct messages."""

    MESSAGE_CREATE = "message_create"
    MESSAGE_DELETE = "message_delete"
    NULL = None


class ButtonType(Enum):
    """Kind of a button of a direct message."""

    web_url = "web_url"


class SpaceState(Enum):
    """State of a Space."""

    live = "live"
    scheduled = "scheduled"


class ReplySetting(Enum):
    """Users who may reply to a tweet."""

    everyone = "everyone"
    mention_users = "mentionedUsers"
    following = "following"


class MediaType(Enum):
    """Kind of a media file."""

    photo = "photo"
    video = "video"
    gif = "animated_gif"
