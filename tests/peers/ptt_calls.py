"""Calls a sandbox with Python Twitter Tools, unmodified. Streams are in `ptt_streams.py`.

Usage: ptt_calls.py BASE_URL KEY SECRET TOKEN TOKEN_SECRET BEARER
"""

import base64
import json
import sys

from twitter import OAuth, OAuth2, Twitter, TwitterHTTPError

BASE, KEY, SECRET, TOKEN, TOKEN_SECRET, BEARER = sys.argv[1:7]
HOST = BASE.split("://")[1]
PNG = b"\x89PNG\r\n\x1a\n and so on"
LISBON = "01a9a39529b27f36"

user = OAuth(TOKEN, TOKEN_SECRET, KEY, SECRET)
t = Twitter(auth=user, domain=HOST, secure=False)
t2 = Twitter(auth=OAuth2(bearer_token=BEARER), domain=HOST, secure=False, api_version="2", format="")
t2u = Twitter(auth=user, domain=HOST, secure=False, api_version="2", format="")
count = 0


def ok(value):
    global count
    count += 1
    assert value is not None
    return value


def parse(text):
    """Parses a response body, which the library returns as text if no format is set."""
    return json.loads(ok(text))


# Statuses.
first = ok(t.statuses.update(status="the first #rust"))
assert first["entities"]["hashtags"][0]["text"] == "rust"
assert ok(t.statuses.show(id=first["id"]))["id"] == first["id"]
assert ok(t.statuses.show(id=first["id"], tweet_mode="extended"))["full_text"] == "the first #rust"
assert ok(t.statuses.home_timeline(count=5)) and ok(t.statuses.user_timeline(screen_name="robin"))
ok(t.statuses.mentions_timeline())
ok(t.statuses.retweets_of_me())
assert len(ok(t.statuses.lookup(_id=f"{first['id']},20"))) == 2
assert ok(t.statuses.retweet(id=20))["retweeted_status"]["id"] == 20
assert ok(t.statuses.retweets(id=20)) and ok(t.statuses.retweeters.ids(_id=20))["ids"]
assert ok(t.statuses.unretweet(id=20))["id"] == 20
assert ok(t.favorites.create(_id=20))["favorited"] and ok(t.favorites.list())
assert not ok(t.favorites.destroy(_id=20))["favorited"]
assert ok(t.statuses.oembed(_id=20, _method="GET"))["html"]
assert ok(t.search.tweets(q="rust"))["statuses"]
assert ok(t.search.tweets(q="rust", tweet_mode="extended"))["statuses"][0]["full_text"]
reply = ok(t.statuses.update(status="a reply", in_reply_to_status_id=first["id"]))
ok(t.statuses.destroy(id=reply["id"]))
headers = t.statuses.user_timeline(screen_name="robin").headers
assert headers.get("x-rate-limit-limit") == "900"

# Users.
assert ok(t.users.show(screen_name="robin"))["id"] == 12
assert len(ok(t.users.lookup(screen_name="ada,robin"))) == 2
assert ok(t.users.search(q="Birds"))
slug = ok(t.users.suggestions())[0]["slug"]
assert ok(t.users.suggestions._slug(_slug=slug))["users"]
assert ok(t.followers.ids(screen_name="robin"))["ids"] and ok(t.followers.list(screen_name="robin"))["users"]
assert ok(t.friends.ids(screen_name="robin"))["ids"] and ok(t.friends.list(screen_name="robin"))["users"]
ok(t.friendships.incoming())
ok(t.friendships.outgoing())
ok(t.friendships.no_retweets.ids())
ok(t.friendships.destroy(screen_name="robin"))
assert ok(t.friendships.create(screen_name="robin"))["following"]
assert ok(t.friendships.show(source_screen_name="ada", target_screen_name="robin"))["relationship"]
ok(t.friendships.update(screen_name="robin", retweets="true"))
assert ok(t.friendships.lookup(screen_name="robin", _method="GET"))
assert ok(t.mutes.users.create(screen_name="robin"))["muting"]
assert ok(t.mutes.users.ids())["ids"] == [12] and ok(t.mutes.users.list())["users"]
ok(t.mutes.users.destroy(screen_name="robin"))
assert ok(t.blocks.create(screen_name="robin"))["blocking"]
assert ok(t.blocks.ids())["ids"] == [12] and ok(t.blocks.list())["users"]
ok(t.blocks.destroy(screen_name="robin"))
ok(t.users.report_spam(screen_name="mika", _method="POST"))

# Lists.
created = ok(t.lists.create(name="Gulls"))
assert ok(t.lists.show(list_id=created["id"]))["name"] == "Gulls"
ok(t.lists.members.create(list_id=created["id"], screen_name="robin"))
ok(t.lists.members.create_all(list_id=created["id"], screen_name="lena,tomas"))
assert len(ok(t.lists.members(list_id=created["id"]))["users"]) == 3
assert ok(t.lists.members.show(list_id=created["id"], screen_name="robin"))["id"] == 12
assert ok(t.lists.statuses(list_id=created["id"]))
ok(t.lists.subscribers.create(list_id=created["id"]))
assert ok(t.lists.subscribers(list_id=created["id"]))["users"]
assert ok(t.lists.subscriptions(screen_name="ada"))["lists"]
ok(t.lists.subscribers.destroy(list_id=created["id"]))
assert ok(t.lists.memberships(screen_name="robin"))["lists"] and ok(t.lists.ownerships(screen_name="ada"))["lists"]
assert ok(t.lists.list(screen_name="ada"))
ok(t.lists.members.destroy_all(list_id=created["id"], screen_name="lena,tomas"))
ok(t.lists.members.destroy(list_id=created["id"], screen_name="robin"))
ok(t.lists.update(list_id=created["id"], name="Terns"))
assert ok(t.collections.show(_id=f"custom-{created['id']}"))["response"]
ok(t.lists.destroy(list_id=created["id"]))

# Direct messages.
event = {
    "event": {
        "type": "message_create",
        "message_create": {"target": {"recipient_id": "12"}, "message_data": {"text": "psst"}},
    }
}
sent = ok(t.direct_messages.events.new(_json=event))["event"]
assert ok(t.direct_messages.events.show(_id=sent["id"]))["event"]["id"] == sent["id"]
assert ok(t.direct_messages.events.list())["events"]
ok(t.direct_messages.indicate_typing(recipient_id=12, _method="POST"))
ok(t.direct_messages.mark_read(last_read_event_id=sent["id"], recipient_id=12, _method="POST"))
welcome = {"welcome_message": {"name": "x", "message_data": {"text": "hello"}}}
hello = ok(t.direct_messages.welcome_messages.new(_json=welcome))["welcome_message"]
assert ok(t.direct_messages.welcome_messages.show(_id=hello["id"]))["welcome_message"]
assert ok(t.direct_messages.welcome_messages.list())["welcome_messages"]
rule = {"welcome_message_rule": {"welcome_message_id": hello["id"]}}
created_rule = ok(t.direct_messages.welcome_messages.rules.new(_json=rule))["welcome_message_rule"]
assert ok(t.direct_messages.welcome_messages.rules.list())["welcome_message_rules"]
ok(t.direct_messages.welcome_messages.rules.destroy(_id=created_rule["id"], _method="DELETE"))
ok(t.direct_messages.welcome_messages.destroy(_id=hello["id"], _method="DELETE"))
ok(t.direct_messages.events.destroy(_id=sent["id"], _method="DELETE"))
message = ok(t.direct_messages.new(screen_name="robin", text="a letter"))
assert ok(t.direct_messages.sent())[0]["id"] == message["id"]
ok(t.direct_messages())
ok(t.direct_messages.destroy(_id=message["id"]))

# The account, places, trends, help.
assert ok(t.account.verify_credentials())["screen_name"] == "ada"
assert ok(t.account.settings())["screen_name"] == "ada"
assert ok(t.account.settings(lang="ja", _method="POST"))["language"] == "ja"
assert ok(t.account.update_profile(name="Ada F."))["name"] == "Ada F."
ok(t.account.update_profile_colors(profile_link_color="FF0000"))
assert ok(t.account.update_profile_image(image=PNG, _method="POST"))["profile_image_url_https"]
ok(t.account.update_profile_banner(banner=PNG, _method="POST"))
assert ok(t.users.profile_banner(screen_name="ada"))["sizes"]
ok(t.account.remove_profile_banner(_method="POST"))
saved = ok(t.saved_searches.create(query="heron"))
assert ok(t.saved_searches.list()) and ok(t.saved_searches.show(id=saved["id"]))["query"] == "heron"
ok(t.saved_searches.destroy(id=saved["id"]))
assert ok(t.geo.id._place_id(_place_id=LISBON))["name"] == "Lisbon"
assert ok(t.geo.search(query="Osaka"))["result"] and ok(t.geo.reverse_geocode(lat=59.9, long=10.7))["result"]
assert ok(t.geo.similar_places(lat=38.7, long=-9.1, name="Lisbon"))["result"]
assert ok(t.trends.place(_id=1))[0]["trends"] and ok(t.trends.available()) and ok(t.trends.closest(lat=60, long=11))
assert ok(t.help.configuration()) and ok(t.help.languages()) and ok(t.help.privacy()) and ok(t.help.tos())
assert ok(t.application.rate_limit_status())["resources"]

# Media: as bytes and as Base64, with both forms of alternative text.
picture = ok(t.media.upload(media=PNG))["media_id_string"]
ok(t.media.metadata.create(media_id=picture, text="a heron"))
ok(t.media.metadata.create(_json={"media_id": picture, "alt_text": {"text": "a heron"}}))
assert ok(t.statuses.update(status="described", media_ids=picture))["extended_entities"]
encoded = {"media[]": base64.b64encode(PNG), "status": "PTT *", "_base64": True}
assert ok(t.statuses.update_with_media(**encoded))["extended_entities"]

# API v2.
assert parse(t2.tweets.search.recent(query="rust"))["data"]
assert parse(t2.users.by.username._username(_username="robin"))["data"]["id"] == "12"
assert parse(t2.users._id.tweets(_id=12))["data"] and parse(t2.users(id=12))["data"]
view = {"tweet.fields": "created_at,author_id", "expansions": "author_id"}
assert parse(t2.tweets(id=20, **view))["includes"]
me = parse(t2u.users.me())["data"]["id"]
muted = parse(t2u.users._id.muting(_id=me, _method="POST", _json={"target_user_id": "12"}))
assert muted["data"]["muting"] and parse(t2u.users._id.muting(_id=me))["data"]
assert parse(t2u.tweets(_method="POST", _json={"text": "by v2"}))["data"]["id"]
parse(t2.tweets.search.stream.rules())
added = parse(t2.tweets.search.stream.rules(_method="POST", _json={"add": [{"value": "heron"}]}))
assert added["meta"]["summary"]["created"] == 1
token = Twitter(auth=OAuth2(consumer_key=KEY, consumer_secret=SECRET), domain=HOST, secure=False, api_version=None, format="")
assert "access_token" in parse(token.oauth2.token(grant_type="client_credentials"))

# Errors, and the timeout of a single call.
for invalid_call in [
    lambda: t.statuses.show(id=7),
    lambda: Twitter(auth=OAuth(TOKEN, "x", KEY, SECRET), domain=HOST, secure=False).account.verify_credentials(),
]:
    try:
        invalid_call()
        raise AssertionError("the call was not rejected")
    except TwitterHTTPError as error:
        assert error.e.code in (401, 404), error
        count += 1
assert ok(t.statuses.show(id=20, _timeout=10))["id"] == 20

print(f"ok {count} calls")
