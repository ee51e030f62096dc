"""Methods of `API`: one row for each endpoint of API v1.1 whose arguments are sent as they are."""

from __future__ import annotations

from typing import Any

from ._v1_endpoint import endpoint

_LIST = "list_id slug owner_screen_name owner_id"
_MEMBER = "list_id slug user_id screen_name owner_screen_name owner_id"
_MEMBERS = f"{_LIST} count cursor include_entities skip_status"
_OF_USER = "user_id screen_name count cursor"
_FOLLOWS = f"{_OF_USER} skip_status include_user_entities"
_IDS = f"{_OF_USER} stringify_ids"
_BLOCK = "screen_name user_id include_entities skip_status"
_TIMELINE = "count since_id max_id trim_user include_entities"
_OEMBED = (
    "maxwidth hide_media hide_thread omit_script align related lang theme link_color widget_type dnt"
)
_SETTINGS = "sleep_time_enabled start_sleep_time end_sleep_time time_zone trend_location_woeid lang"


class V1Methods:
    """Rows of the methods."""

    # Timelines
    home_timeline: Any = endpoint(
        "GET statuses/home_timeline", "status[]", f"{_TIMELINE} exclude_replies", page="id"
    )
    mentions_timeline: Any = endpoint("GET statuses/mentions_timeline", "status[]", _TIMELINE, page="id")
    user_timeline: Any = endpoint(
        "GET statuses/user_timeline",
        "status[]",
        "user_id screen_name since_id count max_id trim_user exclude_replies include_rts",
        page="id",
    )

    # Posts
    get_favorites: Any = endpoint(
        "GET favorites/list", "status[]", "user_id screen_name count since_id max_id include_entities", page="id"
    )
    lookup_statuses: Any = endpoint(
        "GET statuses/lookup",
        "status[]",
        "include_entities trim_user map include_ext_alt_text include_card_uri",
        required="id",
        csv="id",
    )
    get_oembed: Any = endpoint("GET statuses/oembed", "json", _OEMBED, required="url", require_auth=False)
    get_retweeter_ids: Any = endpoint(
        "GET statuses/retweeters/ids", "ids", "count cursor stringify_ids", required="id", page="cursor"
    )
    get_retweets: Any = endpoint("GET statuses/retweets/{id}", "status[]", "count trim_user")
    get_retweets_of_me: Any = endpoint(
        "GET statuses/retweets_of_me", "status[]", f"{_TIMELINE} include_user_entities", page="id"
    )
    get_status: Any = endpoint(
        "GET statuses/show",
        "status",
        "trim_user include_my_retweet include_entities include_ext_alt_text include_card_uri",
        required="id",
    )
    create_favorite: Any = endpoint("POST favorites/create", "status", "include_entities", required="id")
    destroy_favorite: Any = endpoint("POST favorites/destroy", "status", "include_entities", required="id")
    destroy_status: Any = endpoint("POST statuses/destroy/{id}", "status", "trim_user")
    retweet: Any = endpoint("POST statuses/retweet/{id}", "status", "trim_user")
    unretweet: Any = endpoint("POST statuses/unretweet/{id}", "status", "trim_user")
    update_status: Any = endpoint(
        "POST statuses/update",
        "status",
        "in_reply_to_status_id auto_populate_reply_metadata exclude_reply_user_ids attachment_url media_ids "
        "possibly_sensitive lat long place_id display_coordinates trim_user card_uri",
        required="status",
        csv="media_ids",
    )
    search_tweets: Any = endpoint(
        "GET search/tweets",
        "search_results",
        "geocode lang locale result_type count until since_id max_id include_entities",
        required="q",
        page="id",
    )

    # Lists
    get_lists: Any = endpoint("GET lists/list", "list[]", "user_id screen_name reverse")
    get_list_members: Any = endpoint("GET lists/members", "user[]", _MEMBERS, page="cursor")
    get_list_member: Any = endpoint("GET lists/members/show", "user", f"{_MEMBER} include_entities skip_status")
    get_list_memberships: Any = endpoint(
        "GET lists/memberships", "list[]", f"{_OF_USER} filter_to_owned_lists", page="cursor"
    )
    get_list_ownerships: Any = endpoint("GET lists/ownerships", "list[]", _OF_USER, page="cursor")
    get_list: Any = endpoint("GET lists/show", "list", _LIST)
    list_timeline: Any = endpoint(
        "GET lists/statuses", "status[]", f"{_LIST} since_id max_id count include_entities include_rts", page="id"
    )
    get_list_subscribers: Any = endpoint("GET lists/subscribers", "user[]", _MEMBERS, page="cursor")
    get_list_subscriber: Any = endpoint(
        "GET lists/subscribers/show", "user", f"{_MEMBER} include_entities skip_status"
    )
    get_list_subscriptions: Any = endpoint("GET lists/subscriptions", "list[]", _OF_USER, page="cursor")
    create_list: Any = endpoint("POST lists/create", "list", "mode description", required="name")
    destroy_list: Any = endpoint("POST lists/destroy", "list", _LIST)
    add_list_member: Any = endpoint("POST lists/members/create", "list", _MEMBER)
    add_list_members: Any = endpoint("POST lists/members/create_all", "list", _MEMBER, csv="user_id screen_name")
    remove_list_member: Any = endpoint("POST lists/members/destroy", "list", _MEMBER)
    remove_list_members: Any = endpoint("POST lists/members/destroy_all", "list", _MEMBER, csv="user_id screen_name")
    subscribe_list: Any = endpoint("POST lists/subscribers/create", "list", _LIST)
    unsubscribe_list: Any = endpoint("POST lists/subscribers/destroy", "list", _LIST)
    update_list: Any = endpoint("POST lists/update", "list", f"{_LIST} name mode description")

    # Users
    get_follower_ids: Any = endpoint("GET followers/ids", "ids", _IDS, page="cursor")
    get_followers: Any = endpoint("GET followers/list", "user[]", _FOLLOWS, page="cursor")
    get_friend_ids: Any = endpoint("GET friends/ids", "ids", _IDS, page="cursor")
    get_friends: Any = endpoint("GET friends/list", "user[]", _FOLLOWS, page="cursor")
    incoming_friendships: Any = endpoint("GET friendships/incoming", "ids", "cursor stringify_ids", page="cursor")
    lookup_friendships: Any = endpoint(
        "GET friendships/lookup",
        "relationship[]",
        "screen_name user_id",
        optional="screen_name user_id",
        csv="screen_name user_id",
    )
    no_retweets_friendships: Any = endpoint("GET friendships/no_retweets/ids", "ids", "stringify_ids")
    outgoing_friendships: Any = endpoint("GET friendships/outgoing", "ids", "cursor stringify_ids", page="cursor")
    get_friendship: Any = endpoint(
        "GET friendships/show", "friendship", "source_id source_screen_name target_id target_screen_name"
    )
    lookup_users: Any = endpoint(
        "POST users/lookup",
        "user[]",
        "screen_name user_id include_entities tweet_mode",
        optional="screen_name user_id",
        csv="screen_name user_id",
    )
    search_users: Any = endpoint("GET users/search", "user[]", "page count include_entities", required="q", page="page")
    get_user: Any = endpoint("GET users/show", "user", "user_id screen_name include_entities")
    create_friendship: Any = endpoint("POST friendships/create", "user", "screen_name user_id follow")
    destroy_friendship: Any = endpoint("POST friendships/destroy", "user", "screen_name user_id")
    update_friendship: Any = endpoint("POST friendships/update", "friendship", "screen_name user_id device retweets")
    get_blocked_ids: Any = endpoint("GET blocks/ids", "ids", "stringify_ids cursor", page="cursor")
    get_blocks: Any = endpoint("GET blocks/list", "user[]", "include_entities skip_status cursor", page="cursor")
    get_muted_ids: Any = endpoint("GET mutes/users/ids", "ids", "stringify_ids cursor", page="cursor")
    get_mutes: Any = endpoint("GET mutes/users/list", "user[]", "cursor include_entities skip_status", page="cursor")
    create_block: Any = endpoint("POST blocks/create", "user", _BLOCK)
    destroy_block: Any = endpoint("POST blocks/destroy", "user", _BLOCK)
    create_mute: Any = endpoint("POST mutes/users/create", "user", "screen_name user_id")
    destroy_mute: Any = endpoint("POST mutes/users/destroy", "user", "screen_name user_id")
    report_spam: Any = endpoint("POST users/report_spam", "user", "screen_name user_id perform_block")

    # Account
    get_settings: Any = endpoint("GET account/settings", "json", use_cache=False)
    set_settings: Any = endpoint("POST account/settings", "json", _SETTINGS, use_cache=False)
    get_saved_searches: Any = endpoint("GET saved_searches/list", "saved_search[]")
    get_saved_search: Any = endpoint("GET saved_searches/show/{id}", "saved_search")
    create_saved_search: Any = endpoint("POST saved_searches/create", "saved_search", required="query")
    destroy_saved_search: Any = endpoint("POST saved_searches/destroy/{id}", "saved_search")
    get_profile_banner: Any = endpoint("GET users/profile_banner", "json", "user_id screen_name")
    remove_profile_banner: Any = endpoint("POST account/remove_profile_banner")
    update_profile: Any = endpoint(
        "POST account/update_profile",
        "user",
        "name url location description profile_link_color include_entities skip_status",
    )

    # Direct messages
    delete_direct_message: Any = endpoint("DELETE direct_messages/events/destroy", required="id")
    get_direct_messages: Any = endpoint(
        "GET direct_messages/events/list", "direct_message[]", "count cursor", page="dm_cursor"
    )
    get_direct_message: Any = endpoint("GET direct_messages/events/show", "direct_message", required="id")
    indicate_direct_message_typing: Any = endpoint("POST direct_messages/indicate_typing", required="recipient_id")
    mark_direct_message_read: Any = endpoint(
        "POST direct_messages/mark_read", required="last_read_event_id recipient_id"
    )

    # Trends, places and others
    available_trends: Any = endpoint("GET trends/available", "json")
    closest_trends: Any = endpoint("GET trends/closest", "json", required="lat long")
    get_place_trends: Any = endpoint("GET trends/place", "json", "exclude", required="id")
    geo_id: Any = endpoint("GET geo/id/{place_id}", "place")
    reverse_geocode: Any = endpoint(
        "GET geo/reverse_geocode", "place[]", "accuracy granularity max_results", required="lat long"
    )
    search_geo: Any = endpoint("GET geo/search", "place[]", "lat long query ip granularity max_results")
    supported_languages: Any = endpoint("GET help/languages", "json")
    rate_limit_status: Any = endpoint("GET application/rate_limit_status", "json", "resources", use_cache=False)
