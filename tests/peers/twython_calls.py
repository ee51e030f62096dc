"""Calls a sandbox with every method of Twython, unmodified.

Usage: twython_calls.py BASE_URL KEY SECRET TOKEN TOKEN_SECRET BEARER
"""

import io
import sys
import threading
import time

from twython import Twython, TwythonAuthError, TwythonError, TwythonRateLimitError, TwythonStreamer

BASE, KEY, SECRET, TOKEN, TOKEN_SECRET, BEARER = sys.argv[1:7]
PNG = b"\x89PNG\r\n\x1a\n and so on"
LISBON = "01a9a39529b27f36"
ROBIN = 12

calls = []


def at_sandbox(client):
    """Points a client at the sandbox, which also serves the paths of `upload.twitter.com`."""
    client.api_url = BASE + "/%s"
    original_request = client.request

    def request(endpoint, *args, **kwargs):
        if endpoint.startswith("https://upload.twitter.com/1.1/"):
            endpoint = endpoint.removeprefix("https://upload.twitter.com/1.1/").removesuffix(".json")
        return original_request(endpoint, *args, **kwargs)

    client.request = request
    return client


t = at_sandbox(Twython(KEY, SECRET, TOKEN, TOKEN_SECRET))
app = at_sandbox(Twython(KEY, access_token=BEARER))


def do(name, /, *args, client=t, **kwargs):
    result = getattr(client, name)(*args, **kwargs)
    calls.append(name)
    return result


def expect_error(kind, name, /, *args, **kwargs):
    try:
        getattr(t, name)(*args, **kwargs)
    except kind as error:
        calls.append(f"{name} (error)")
        return error
    raise AssertionError(f"{name} did not fail")


# Statuses.
first = do("update_status", status="the first of @ada #rust https://example.com/x")
assert first["entities"]["hashtags"][0]["text"] == "rust", first
assert do("show_status", id=first["id"])["id_str"] == first["id_str"]
assert "twython-hashtag" in t.html_for_tweet(first)
assert [s["id"] for s in do("lookup_status", id=[first["id"], 20])] == [first["id"], 20]
reply = do("update_status", status="a reply", in_reply_to_status_id=first["id"])
assert reply["in_reply_to_status_id"] == first["id"]
assert do("retweet", id=20)["retweeted_status"]["id"] == 20
assert any(s["user"]["screen_name"] == "ada" for s in do("get_retweets", id=20))
assert do("get_retweeters_ids", id=20)["ids"]
assert do("create_favorite", id=first["id"])["favorited"]
assert do("get_favorites")[0]["id"] == first["id"]
assert not do("destroy_favorite", id=first["id"])["favorited"]
assert do("get_home_timeline", count=5)
assert do("get_user_timeline", screen_name="robin", count=5)[0]["user"]["id"] == ROBIN
do("get_mentions_timeline")
do("retweeted_of_me")
assert do("get_oembed_tweet", id=20, omit_script=True)["html"].startswith("<blockquote")
with_picture = do("update_status_with_media", status="a picture", media=io.BytesIO(PNG))
assert with_picture["extended_entities"]["media"][0]["type"] == "photo"
assert do("destroy_status", id=reply["id"])["id"] == reply["id"]
assert expect_error(TwythonError, "show_status", id=reply["id"]).error_code == 404

# Search and cursors, by item and by page.
found = do("search", q="rust OR data", count=10)
assert len(found["statuses"]) == 10 and found["search_metadata"]["next_results"]
assert len({s["id"] for s, _ in zip(t.cursor(t.search, q="rust OR data", count=10), range(25))}) == 25
calls.append("cursor(search)")
for name, arguments, limit in [
    ("get_user_timeline", {"screen_name": "robin", "count": 5}, 12),
    ("get_home_timeline", {"count": 5}, 12),
    ("get_mentions_timeline", {"count": 5}, 12),
    ("get_favorites", {"screen_name": "robin", "count": 5}, 12),
    ("retweeted_of_me", {"count": 5}, 12),
    ("get_followers_ids", {"screen_name": "robin", "count": 5}, 12),
    ("get_friends_ids", {"screen_name": "robin", "count": 5}, 12),
    ("get_followers_list", {"screen_name": "robin", "count": 5}, 12),
    ("get_friends_list", {"screen_name": "robin", "count": 5}, 12),
    ("get_retweeters_ids", {"id": 20}, 5),
    ("get_incoming_friendship_ids", {}, 5),
    ("get_outgoing_friendship_ids", {}, 5),
    ("list_block_ids", {}, 5),
    ("list_blocks", {}, 5),
    ("list_mute_ids", {}, 5),
    ("list_mutes", {}, 5),
    ("get_list_memberships", {"screen_name": "robin"}, 5),
    ("show_owned_lists", {"screen_name": "ada"}, 5),
    ("get_list_subscriptions", {"screen_name": "ada"}, 5),
]:
    items = [item for item, _ in zip(t.cursor(getattr(t, name), **arguments), range(limit))]
    keys = [item["id"] if isinstance(item, dict) else item for item in items]
    assert len(keys) == len(set(keys)), (name, keys)
    calls.append(f"cursor({name})")
pages = [len(page) for page, _ in zip(t.cursor(t.get_user_timeline, return_pages=True, screen_name="robin", count=5), range(2))]
assert pages == [5, 5], pages
calls.append("cursor(return_pages)")

# Users.
assert do("verify_credentials")["screen_name"] == "ada"
assert do("show_user", screen_name="robin")["id"] == ROBIN
assert len(do("lookup_user", screen_name=["ada", "robin"])) == 2
assert do("search_users", q="Birds")
do("get_contributees", screen_name="ada")
do("get_contributors", screen_name="ada")
slug = do("get_user_suggestions")[0]["slug"]
assert do("get_user_suggestions_by_slug", slug=slug)["users"]
assert do("get_user_suggestions_statuses_by_slug", slug=slug)
assert do("get_followers_ids", screen_name="robin")["ids"] and do("get_friends_ids", screen_name="robin")["ids"]
assert do("get_followers_list", screen_name="robin")["users"] and do("get_friends_list", screen_name="robin")["users"]
do("get_incoming_friendship_ids")
do("get_outgoing_friendship_ids")
do("get_user_ids_of_blocked_retweets")
do("destroy_friendship", screen_name="robin")
assert do("create_friendship", screen_name="robin")["following"]
assert do("show_friendship", source_screen_name="ada", target_screen_name="robin")["relationship"]["source"]["following"]
assert do("update_friendship", screen_name="robin", retweets="false")["relationship"]["source"]["want_retweets"] is False
assert "following" in do("lookup_friendships", screen_name="robin")[0]["connections"]
assert do("create_mute", screen_name="robin")["muting"]
assert do("list_mutes")["users"] and do("list_mute_ids")["ids"] == [ROBIN]
assert not do("destroy_mute", screen_name="robin")["muting"]
assert do("create_block", screen_name="robin")["blocking"]
assert do("list_blocks")["users"] and do("list_block_ids")["ids"] == [ROBIN]
assert not do("destroy_block", screen_name="robin")["blocking"]
assert do("report_spam", screen_name="mika")["blocking"]

# Lists.
created = do("create_list", name="Gulls", mode="public", description="x")
by_id = {"list_id": created["id"]}
assert do("get_specific_list", slug="gulls", owner_screen_name="ada")["id"] == created["id"]
assert do("add_list_member", screen_name="robin", **by_id)["member_count"] == 1
assert do("create_list_members", screen_name="lena,tomas", **by_id)["member_count"] == 3
assert len(do("get_list_members", **by_id)["users"]) == 3
assert do("is_list_member", screen_name="robin", **by_id)["id"] == ROBIN
assert do("get_list_statuses", **by_id)
assert do("subscribe_to_list", **by_id)["following"]
assert do("get_list_subscribers", **by_id)["users"][0]["screen_name"] == "ada"
assert do("is_list_subscriber", screen_name="ada", **by_id)
assert do("get_list_subscriptions", screen_name="ada")["lists"]
assert do("get_list_memberships", screen_name="robin")["lists"]
assert do("show_lists", screen_name="ada") and do("show_owned_lists", screen_name="ada")["lists"]
do("unsubscribe_from_list", **by_id)
assert do("delete_list_members", screen_name="lena,tomas", **by_id)["member_count"] == 1
assert do("delete_list_member", screen_name="robin", **by_id)["member_count"] == 0
assert do("update_list", name="Terns", **by_id)["name"] == "Terns"
for name in ["get_list_members", "get_list_subscribers", "get_list_statuses"]:
    list(t.cursor(getattr(t, name), **by_id))
    calls.append(f"cursor({name})")
do("delete_list", **by_id)

# Direct messages.
event = {"type": "message_create", "message_create": {"target": {"recipient_id": "12"}, "message_data": {"text": "psst"}}}
message = do("send_direct_message", event=event)["event"]
assert do("get_direct_message", id=message["id"])["event"]["message_create"]["message_data"]["text"] == "psst"
assert do("get_direct_messages")["events"][0]["id"] == message["id"]
assert do("get_sent_messages")[0]["id_str"] == message["id"]
[item for item, _ in zip(t.cursor(t.get_sent_messages, count=2), range(4))]
calls.append("cursor(get_sent_messages)")
do("destroy_direct_message", id=message["id"])
old = t.post("direct_messages/new", params={"screen_name": "robin", "text": "a letter"})
assert t.get("direct_messages/show", params={"id": old["id"]})["text"] == "a letter"
t.get("direct_messages")
t.post("direct_messages/destroy", params={"id": old["id"]})
calls.extend(["direct_messages/new", "direct_messages/show", "direct_messages", "direct_messages/destroy"])

# Account.
assert do("get_account_settings")["screen_name"] == "ada"
assert do("update_account_settings", lang="ja")["language"] == "ja"
do("update_delivery_service", device="none")
assert do("update_profile", name="Ada F.")["name"] == "Ada F."
assert do("update_profile_colors", profile_link_color="FF0000")["profile_link_color"] == "FF0000"
assert "profile_images" in do("update_profile_image", image=io.BytesIO(PNG))["profile_image_url_https"]
do("update_profile_background_image", image=io.BytesIO(PNG))
# X answers with an empty body, which Twython does not accept.
no_body = expect_error(TwythonError, "update_profile_banner_image", banner=io.BytesIO(PNG))
assert "not valid JSON" in str(no_body), no_body
assert do("get_profile_banner_sizes", screen_name="ada")["sizes"]["web"]["w"] == 520
do("remove_profile_banner")
saved = do("create_saved_search", query="heron")
assert do("get_saved_searches")[0]["id"] == saved["id"]
assert do("show_saved_search", id=saved["id"])["query"] == "heron"
do("destroy_saved_search", id=saved["id"])

# Places, trends, help.
assert do("get_geo_info", place_id=LISBON)["name"] == "Lisbon"
assert do("reverse_geocode", lat=59.9, long=10.7)["result"]["places"][0]["name"] == "Oslo"
assert do("search_geo", query="Osaka")["result"]["places"]
token = do("get_similar_places", lat=38.7, long=-9.1, name="Lisbon")["result"]["token"]
assert do("create_place", name="Café", contained_within=LISBON, token=token, lat=38.7, long=-9.1)["place_type"] == "poi"
assert do("get_place_trends", id=1)[0]["trends"]
assert do("get_available_trends") and do("get_closest_trends", lat=60, long=11)[0]["name"] == "Oslo"
assert do("get_twitter_configuration")["short_url_length"] == 23
assert do("get_supported_languages") and do("get_privacy_policy")["privacy"] and do("get_tos")["tos"]
assert do("get_application_rate_limit_status", resources="search")["resources"]["search"]
assert t.get_lastfunction_header("x-rate-limit-limit") == "180"
assert t.get_lastfunction_header("x-no-such-header", "none") == "none"
calls.append("get_lastfunction_header")

# Media.
picture = do("upload_media", media=io.BytesIO(PNG))
assert do("update_status", status="with media", media_ids=[picture["media_id"]])["entities"]["media"]
video = do("upload_video", media=io.BytesIO(b"\0" * 2_500_000), media_type="video/mp4")
assert video["size"] == 2_500_000, video

# Generic requests, app-only authentication, and errors.
assert t.get("statuses/user_timeline", params={"screen_name": "robin"})
assert t.post("favorites/create", params={"id": 20})["favorited"]
assert t.request("users/show", params={"screen_name": "robin"})["id"] == ROBIN
assert t.construct_api_url("https://x.com/a", q="a b") == "https://x.com/a?q=a+b"
calls.extend(["get", "post", "request", "construct_api_url"])
assert do("search", client=app, q="rust")["statuses"]
assert isinstance(expect_error(TwythonError, "update_status", status="a" * 281), TwythonError)
wrong_secret = at_sandbox(Twython(KEY, SECRET, TOKEN, "wrong"))
try:
    wrong_secret.verify_credentials()
    raise AssertionError("a wrong secret was accepted")
except TwythonAuthError:
    calls.append("TwythonAuthError")
try:
    for _ in range(20):
        app.get_followers_ids(screen_name="robin")
    raise AssertionError("the rate limit was not enforced")
except TwythonRateLimitError as error:
    assert int(error.retry_after) > 0
    calls.append("TwythonRateLimitError")


# Streams.
class FirstPost(TwythonStreamer):
    post = None

    def on_success(self, data):
        FirstPost.post = data
        self.disconnect()

    def on_error(self, status, data, headers=None):
        raise AssertionError((status, data))


stream = FirstPost(KEY, SECRET, TOKEN, TOKEN_SECRET, chunk_size=64)
original_stream_request = stream._request
stream._request = lambda url, *args, **kwargs: original_stream_request(
    BASE + "/1.1/" + url.split("/1.1/")[1], *args, **kwargs)


def create_posts():
    # Twython delivers a line when the next one starts.
    for text in ["a wren over the pond", "another wren"]:
        time.sleep(0.4)
        t.update_status(status=text)


threading.Thread(target=create_posts).start()
stream.statuses.filter(track="wren")
assert "wren" in FirstPost.post["text"], FirstPost.post
calls.append("streamer.statuses.filter")

print(f"ok {len(calls)} calls, {len(set(calls))} of them different")
