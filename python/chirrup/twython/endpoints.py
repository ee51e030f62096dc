"""The methods of `Twython`, one per endpoint of API v1.1, from a table."""

from __future__ import annotations

import json
import os
import string
import warnings
from collections.abc import Callable
from time import sleep
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import quote

from .advisory import TwythonDeprecationWarning

UPLOAD_URL = "https://upload.twitter.com/1.1/media/upload.json"
_CHUNK = 1 << 20

# Name, HTTP method and path of each method. A fourth column is how `cursor` walks its pages: by ID or by cursor, with
# the member that has the items and the member that has the address of the next page.
_ENDPOINTS = """
get_mentions_timeline           GET  statuses/mentions_timeline     id
get_user_timeline               GET  statuses/user_timeline         id
get_home_timeline               GET  statuses/home_timeline         id
retweeted_of_me                 GET  statuses/retweets_of_me        id
get_retweets                    GET  statuses/retweets/{id}
show_status                     GET  statuses/show/{id}
lookup_status                   POST statuses/lookup
destroy_status                  POST statuses/destroy/{id}
update_status                   POST statuses/update
retweet                         POST statuses/retweet/{id}
update_status_with_media        POST statuses/update_with_media
get_oembed_tweet                GET  statuses/oembed
get_retweeters_ids              GET  statuses/retweeters/ids        cursor:ids
search                          GET  search/tweets                  id:statuses:search_metadata
get_direct_messages             GET  direct_messages/events/list    id
get_sent_messages               GET  direct_messages/sent           id
get_direct_message              GET  direct_messages/events/show
destroy_direct_message          DELETE direct_messages/events/destroy
get_user_ids_of_blocked_retweets GET friendships/no_retweets/ids
get_friends_ids                 GET  friends/ids                    cursor:ids
get_followers_ids               GET  followers/ids                  cursor:ids
lookup_friendships              GET  friendships/lookup
get_incoming_friendship_ids     GET  friendships/incoming           cursor:ids
get_outgoing_friendship_ids     GET  friendships/outgoing           cursor:ids
create_friendship               POST friendships/create
destroy_friendship              POST friendships/destroy
update_friendship               POST friendships/update
show_friendship                 GET  friendships/show
get_friends_list                GET  friends/list                   cursor:users
get_followers_list              GET  followers/list                 cursor:users
get_account_settings            GET  account/settings
verify_credentials              GET  account/verify_credentials
update_account_settings         POST account/settings
update_delivery_service         POST account/update_delivery_device
update_profile                  POST account/update_profile
update_profile_banner_image     POST account/update_profile_banner
update_profile_colors           POST account/update_profile_colors
update_profile_image            POST account/update_profile_image
list_blocks                     GET  blocks/list                    cursor:users
list_block_ids                  GET  blocks/ids                     cursor:ids
create_block                    POST blocks/create
destroy_block                   POST blocks/destroy
lookup_user                     GET  users/lookup
show_user                       GET  users/show
search_users                    GET  users/search
get_contributees                GET  users/contributees
get_contributors                GET  users/contributors
remove_profile_banner           POST account/remove_profile_banner
update_profile_background_image POST account/update_profile_background_image
get_profile_banner_sizes        GET  users/profile_banner
list_mutes                      GET  mutes/users/list               cursor:users
list_mute_ids                   GET  mutes/users/ids                cursor:ids
create_mute                     POST mutes/users/create
destroy_mute                    POST mutes/users/destroy
get_user_suggestions_by_slug    GET  users/suggestions/{slug}
get_user_suggestions            GET  users/suggestions
get_user_suggestions_statuses_by_slug GET users/suggestions/{slug}/members
get_favorites                   GET  favorites/list                 id
destroy_favorite                POST favorites/destroy
create_favorite                 POST favorites/create
show_lists                      GET  lists/list
get_list_statuses               GET  lists/statuses                 id
delete_list_member              POST lists/members/destroy
get_list_memberships            GET  lists/memberships              cursor:lists
get_list_subscribers            GET  lists/subscribers              cursor:users
subscribe_to_list               POST lists/subscribers/create
is_list_subscriber              GET  lists/subscribers/show
unsubscribe_from_list           POST lists/subscribers/destroy
create_list_members             POST lists/members/create_all
is_list_member                  GET  lists/members/show
get_list_members                GET  lists/members                  cursor:users
add_list_member                 POST lists/members/create
delete_list                     POST lists/destroy
update_list                     POST lists/update
create_list                     POST lists/create
get_specific_list               GET  lists/show
get_list_subscriptions          GET  lists/subscriptions            cursor:lists
delete_list_members             POST lists/members/destroy_all
show_owned_lists                GET  lists/ownerships               cursor:lists
get_saved_searches              GET  saved_searches/list
show_saved_search               GET  saved_searches/show/{id}
create_saved_search             POST saved_searches/create
destroy_saved_search            POST saved_searches/destroy/{id}
get_geo_info                    GET  geo/id/{place_id}
reverse_geocode                 GET  geo/reverse_geocode
search_geo                      GET  geo/search
get_similar_places              GET  geo/similar_places
create_place                    POST geo/place
get_place_trends                GET  trends/place
get_available_trends            GET  trends/available
get_closest_trends              GET  trends/closest
report_spam                     POST users/report_spam
invalidate_token                POST oauth2/invalidate_token
get_twitter_configuration       GET  help/configuration
get_supported_languages         GET  help/languages
get_privacy_policy              GET  help/privacy
get_tos                         GET  help/tos
get_application_rate_limit_status GET application/rate_limit_status
"""

_DEPRECATED = {
    "update_status_with_media": "upload_media",
    "update_profile_colors": "update_profile(profile_link_color=…)",
}


class EndpointsMixin:
    """Methods for the endpoints. A parameter of the path is a keyword argument, as in `retweet(id=20)`."""

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Callable[..., Any]: ...

    def upload_media(self, **params: Any) -> Any:
        """Uploads an image or video in one request, and returns its media ID; with `command`, one step of an upload."""
        if params.get("command") == "STATUS":
            return self.get(UPLOAD_URL, params=params)
        return self.post(UPLOAD_URL, params=params)

    def create_metadata(self, **params: Any) -> Any:
        """Adds metadata such as the alternative text to uploaded media: `media_id` and `alt_text={"text": "…"}`."""
        url = "https://upload.twitter.com/1.1/media/metadata/create.json"
        return self.post(url, params=json.dumps(params))

    def upload_video(
        self,
        media: BinaryIO,
        media_type: str,
        media_category: str | None = None,
        size: int | None = None,
        check_progress: bool = False,
    ) -> Any:
        """Uploads a file in parts of 1 MiB, and returns the response of the last step.

        With `check_progress`, it waits until X has processed the file.
        """
        if not size:
            size = media.seek(0, os.SEEK_END)
            media.seek(0)
        start = {"command": "INIT", "media_type": media_type, "total_bytes": size, "media_category": media_category}
        media_id = self.post(UPLOAD_URL, params=start)["media_id"]
        index = 0
        while part := media.read(_CHUNK):
            step = {"command": "APPEND", "media_id": media_id, "segment_index": index}
            self.post(UPLOAD_URL, params={**step, "media": _Part(part)})
            index += 1
        response = self.post(UPLOAD_URL, params={"command": "FINALIZE", "media_id": media_id})
        while check_progress and (processing := response.get("processing_info") or {}):
            if processing.get("state") not in ("pending", "in_progress"):
                break
            sleep(processing.get("check_after_secs") or 1)
            response = self.get(UPLOAD_URL, params={"command": "STATUS", "media_id": media_id})
        return response

    def send_direct_message(self, **params: Any) -> Any:
        """Sends a direct message: `event={"type": "message_create", "message_create": {…}}`."""
        return self.post("direct_messages/events/new", params=params, json_encoded=True)


class _Part:
    """Part of a file as an open file."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def read(self) -> bytes:
        return self._content


def _method(name: str, verb: str, path: str) -> Callable[..., Any]:
    in_path = [field for _, field, _, _ in string.Formatter().parse(path) if field]

    def method(self: Any, **params: Any) -> Any:
        if name in _DEPRECATED:
            message = f"Twython.{name} is deprecated: use Twython.{_DEPRECATED[name]}"
            warnings.warn(message, TwythonDeprecationWarning, stacklevel=2)
        values = {field: quote(str(params.pop(field, None)), safe="") for field in in_path}
        return self.request(path.format(**values), verb, params=params)

    method.__name__ = name
    method.__qualname__ = f"EndpointsMixin.{name}"
    method.__doc__ = f"Sends `{verb} {path}` of API v1.1 with the keyword arguments as its parameters."
    return method


def _add_methods() -> None:
    for line in _ENDPOINTS.strip().splitlines():
        name, verb, path, *pages = line.split()
        method = _method(name, verb, path)
        for attribute, value in zip(("iter_mode", "iter_key", "iter_metadata"), pages[0].split(":") if pages else ()):
            setattr(method, attribute, value)
        setattr(EndpointsMixin, name, method)


_add_methods()

TWITTER_HTTP_STATUS_CODE = {
    200: ("OK", "The request succeeded."),
    304: ("Not Modified", "There is nothing new to return."),
    400: ("Bad Request", "The request is invalid; the message of the error says why."),
    401: ("Unauthorized", "Keys or tokens are missing or wrong."),
    403: ("Forbidden", "The server understood the request and refuses it; the message of the error says why."),
    404: ("Not Found", "The address or the object, such as a user, does not exist."),
    406: ("Not Acceptable", "The search does not have this format."),
    410: ("Gone", "The endpoint was turned off."),
    422: ("Unprocessable Entity", "The image of a banner cannot be processed."),
    429: ("Too Many Requests", "The rate limit of the app for this endpoint is exhausted."),
    500: ("Internal Server Error", "The server failed."),
    502: ("Bad Gateway", "The service is down or being upgraded."),
    503: ("Service Unavailable", "The servers are overloaded: try again later."),
    504: ("Gateway Timeout", "The servers could not complete the request: try again later."),
}
"""Name and meaning of the HTTP statuses of the API."""
