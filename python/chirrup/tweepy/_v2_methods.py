"""Methods of `Client` and `AsyncClient`: one row for each endpoint of API v2."""

from __future__ import annotations

from typing import Any

from . import _v2_requests as prepare
from ._endpoint import endpoint, special
from ._v2_requests import DM_EVENTS, SPACE, USER
from .direct_message_event import DirectMessageEvent
from .list import List
from .space import Space
from .tweet import Tweet
from .user import User

_TWEET = "expansions media.fields place.fields poll.fields tweet.fields user.fields"
_TWEETS = "expansions max_results media.fields pagination_token place.fields poll.fields tweet.fields user.fields"
_SEARCH = (
    "end_time expansions max_results media.fields next_token place.fields poll.fields query since_id sort_order "
    "start_time tweet.fields until_id user.fields"
)
_MENTIONS = (
    "end_time expansions max_results media.fields pagination_token place.fields poll.fields since_id start_time "
    "tweet.fields until_id user.fields"
)
_TIMELINE = f"exclude {_MENTIONS}"
_COUNTS = "end_time granularity query since_id start_time until_id"
_USERS = "expansions max_results pagination_token tweet.fields user.fields"
_LIST = "expansions list.fields user.fields"
_LISTS = "expansions list.fields max_results pagination_token user.fields"


class V2Methods:
    """Rows of the methods."""

    # Bookmarks
    remove_bookmark: Any = endpoint("DELETE /2/users/{me}/bookmarks/{tweet_id}", "Removes a bookmark.")
    get_bookmarks: Any = endpoint("GET /2/users/{me}/bookmarks", "Returns your bookmarks.", Tweet, _TWEETS)
    bookmark: Any = endpoint("POST /2/users/{me}/bookmarks", "Bookmarks a post.", body="tweet_id")

    # Replies
    hide_reply: Any = endpoint("PUT /2/tweets/{id}/hidden", "Hides a reply.", body={"hidden": True}, user_auth=True)
    unhide_reply: Any = endpoint(
        "PUT /2/tweets/{id}/hidden", "Shows a hidden reply.", body={"hidden": False}, user_auth=True
    )

    # Likes
    unlike: Any = endpoint("DELETE /2/users/{me}/likes/{tweet_id}", "Removes a like.", user_auth=True)
    get_liking_users: Any = endpoint(
        "GET /2/tweets/{id}/liking_users", "Returns the users who like a post.", User, _TWEETS, user_auth=False
    )
    get_liked_tweets: Any = endpoint(
        "GET /2/users/{id}/liked_tweets", "Returns the posts that a user likes.", Tweet, _TWEETS, user_auth=False
    )
    like: Any = endpoint("POST /2/users/{me}/likes", "Likes a post.", body="tweet_id", user_auth=True)

    # Posts
    delete_tweet: Any = endpoint("DELETE /2/tweets/{id}", "Deletes a post.", user_auth=True)
    create_tweet: Any = special("POST /2/tweets", prepare.create_tweet)
    get_quote_tweets: Any = endpoint(
        "GET /2/tweets/{id}/quote_tweets", "Returns the quotes of a post.", Tweet, f"exclude {_TWEETS}", user_auth=False
    )
    unretweet: Any = endpoint("DELETE /2/users/{me}/retweets/{source_tweet_id}", "Removes a repost.", user_auth=True)
    get_retweeters: Any = endpoint(
        "GET /2/tweets/{id}/retweeted_by", "Returns the users who have reposted a post.", User, _TWEETS, user_auth=False
    )
    retweet: Any = endpoint("POST /2/users/{me}/retweets", "Reposts a post.", body="tweet_id", user_auth=True)
    search_all_tweets: Any = endpoint(
        "GET /2/tweets/search/all", "Searches all posts.", Tweet, _SEARCH, query="query"
    )
    search_recent_tweets: Any = endpoint(
        "GET /2/tweets/search/recent",
        "Searches the posts of the last seven days.",
        Tweet,
        _SEARCH,
        query="query",
        user_auth=False,
    )
    get_users_mentions: Any = endpoint(
        "GET /2/users/{id}/mentions", "Returns posts that mention a user.", Tweet, _MENTIONS, user_auth=False
    )
    get_home_timeline: Any = endpoint(
        "GET /2/users/{me}/timelines/reverse_chronological",
        "Returns posts of the users you follow, latest first.",
        Tweet,
        _TIMELINE,
        user_auth=True,
    )
    get_users_tweets: Any = endpoint(
        "GET /2/users/{id}/tweets", "Returns the posts of a user, latest first.", Tweet, _TIMELINE, user_auth=False
    )
    get_all_tweets_count: Any = endpoint(
        "GET /2/tweets/counts/all", "Counts all matching posts.", None, f"{_COUNTS} next_token", query="query"
    )
    get_recent_tweets_count: Any = endpoint(
        "GET /2/tweets/counts/recent", "Counts matching posts of the last seven days.", None, _COUNTS, query="query"
    )
    get_tweet: Any = endpoint("GET /2/tweets/{id}", "Returns a post.", Tweet, _TWEET, user_auth=False)
    get_tweets: Any = endpoint("GET /2/tweets", "Returns up to 100 posts.", Tweet, _TWEET, query="ids", user_auth=False)

    # Users
    get_blocked: Any = endpoint(
        "GET /2/users/{me}/blocking", "Returns the users you block.", User, _USERS, user_auth=True
    )
    unfollow_user: Any = endpoint(
        "DELETE /2/users/{me}/following/{target_user_id}", "Unfollows a user.", user_auth=True
    )
    get_users_followers: Any = endpoint(
        "GET /2/users/{id}/followers", "Returns the followers of a user.", User, _USERS, user_auth=False
    )
    get_users_following: Any = endpoint(
        "GET /2/users/{id}/following", "Returns the users that a user follows.", User, _USERS, user_auth=False
    )
    follow_user: Any = endpoint(
        "POST /2/users/{me}/following", "Follows a user.", body="target_user_id", user_auth=True
    )
    unmute: Any = endpoint("DELETE /2/users/{me}/muting/{target_user_id}", "Unmutes a user.", user_auth=True)
    get_muted: Any = endpoint("GET /2/users/{me}/muting", "Returns the users you mute.", User, _USERS, user_auth=True)
    mute: Any = endpoint("POST /2/users/{me}/muting", "Mutes a user.", body="target_user_id", user_auth=True)
    get_user: Any = special("GET /2/users/{id}", prepare.get_user, USER, User)
    get_users: Any = special("GET /2/users", prepare.get_users, USER, User)
    get_me: Any = endpoint("GET /2/users/me", "Returns the authenticated user.", User, USER, user_auth=True)

    # Spaces
    search_spaces: Any = endpoint(
        "GET /2/spaces/search", "Searches Spaces.", Space, f"{SPACE} max_results state", query="query"
    )
    get_spaces: Any = special("GET /2/spaces", prepare.get_spaces, SPACE, Space)
    get_space: Any = endpoint("GET /2/spaces/{id}", "Returns a Space.", Space, SPACE)
    get_space_buyers: Any = endpoint(
        "GET /2/spaces/{id}/buyers", "Returns the users who have bought a ticket of a Space.", User, _TWEET
    )
    get_space_tweets: Any = endpoint("GET /2/spaces/{id}/tweets", "Returns the posts in a Space.", Tweet, _TWEET)

    # Direct messages
    get_direct_message_events: Any = special(
        "GET /2/dm_events", prepare.get_direct_message_events, DM_EVENTS, DirectMessageEvent
    )
    get_dm_events: Any = get_direct_message_events
    create_direct_message: Any = special(
        "POST /2/dm_conversations/{dm_conversation_id}/messages", prepare.create_direct_message
    )
    create_dm: Any = create_direct_message
    create_direct_message_conversation: Any = special(
        "POST /2/dm_conversations", prepare.create_direct_message_conversation
    )
    create_dm_conversation: Any = create_direct_message_conversation

    # Lists
    get_list_tweets: Any = endpoint(
        "GET /2/lists/{id}/tweets", "Returns posts of the members of a list.", Tweet, _TWEETS, user_auth=False
    )
    unfollow_list: Any = endpoint("DELETE /2/users/{me}/followed_lists/{list_id}", "Unfollows a list.", user_auth=True)
    get_list_followers: Any = endpoint(
        "GET /2/lists/{id}/followers", "Returns the followers of a list.", User, _USERS, user_auth=False
    )
    get_followed_lists: Any = endpoint(
        "GET /2/users/{id}/followed_lists", "Returns the lists that a user follows.", List, _LISTS, user_auth=False
    )
    follow_list: Any = endpoint(
        "POST /2/users/{me}/followed_lists", "Follows a list.", body="list_id", user_auth=True
    )
    get_list: Any = endpoint("GET /2/lists/{id}", "Returns a list.", List, _LIST, user_auth=False)
    get_owned_lists: Any = endpoint(
        "GET /2/users/{id}/owned_lists", "Returns the lists of a user.", List, _LISTS, user_auth=False
    )
    remove_list_member: Any = endpoint(
        "DELETE /2/lists/{id}/members/{user_id}", "Removes a user from a list.", user_auth=True
    )
    get_list_members: Any = endpoint(
        "GET /2/lists/{id}/members", "Returns the members of a list.", User, _USERS, user_auth=False
    )
    get_list_memberships: Any = endpoint(
        "GET /2/users/{id}/list_memberships", "Returns the lists that have a user.", List, _LISTS, user_auth=False
    )
    add_list_member: Any = endpoint(
        "POST /2/lists/{id}/members", "Adds a user to a list.", body="user_id", user_auth=True
    )
    delete_list: Any = endpoint("DELETE /2/lists/{id}", "Deletes a list.", user_auth=True)
    update_list: Any = special("PUT /2/lists/{id}", prepare.update_list)
    create_list: Any = special("POST /2/lists", prepare.create_list)
    unpin_list: Any = endpoint("DELETE /2/users/{me}/pinned_lists/{list_id}", "Unpins a list.", user_auth=True)
    get_pinned_lists: Any = endpoint(
        "GET /2/users/{me}/pinned_lists", "Returns your pinned lists.", List, _LIST, user_auth=True
    )
    pin_list: Any = endpoint("POST /2/users/{me}/pinned_lists", "Pins a list.", body="list_id", user_auth=True)

    # Compliance
    get_compliance_jobs: Any = endpoint(
        "GET /2/compliance/jobs", "Returns your compliance jobs of a type.", None, "status", query="type"
    )
    get_compliance_job: Any = endpoint("GET /2/compliance/jobs/{id}", "Returns a compliance job.")
    create_compliance_job: Any = special("POST /2/compliance/jobs", prepare.create_compliance_job)


class AsyncV2Methods(V2Methods):
    """The same rows, for a client whose methods are coroutines."""
