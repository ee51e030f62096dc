"""Arguments for the methods of X's own SDKs, which are generated from one specification and share the names of methods.

`xdk_calls.py` imports it. For `xdk_calls.cjs` it reads a line of JSON for each call, and writes the arguments as a line. It
causes the events of a stream until it reads another line.
"""

import base64
import contextlib
import json
import sys
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import world as w

MONTH = {"start_time": "2026-10-01T00:00:00Z", "end_time": "2026-10-02T00:00:00Z", "granularity": "total"}
PNG, MP4 = base64.b64encode(w.PNG).decode(), base64.b64encode(w.MP4).decode()


class Hook(BaseHTTPRequestHandler):
    """Answers the CRC checks of webhooks."""

    def do_GET(self):
        import hashlib
        import hmac

        token = parse_qs(urlsplit(self.path).query)["crc_token"][0]
        digest = hmac.new(w.SECRET.encode(), token.encode(), hashlib.sha256).digest()
        body = json.dumps({"response_token": "sha256=" + base64.b64encode(digest).decode()}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


SERVER = HTTPServer(("127.0.0.1", 0), Hook)
threading.Thread(target=SERVER.serve_forever, daemon=True).start()


def hook_url():
    return f"http://127.0.0.1:{SERVER.server_port}/{uuid.uuid4()}"


def webhook():
    """Returns a webhook. An app has few of them, so the others are deleted."""
    for one in w.send("GET", "/2/webhooks", app_only=True).get("data", []):
        w.send("DELETE", f"/2/webhooks/{one['id']}", app_only=True)
    made = w.send("POST", "/2/webhooks", app_only=True, json={"url": hook_url()})
    return (made.get("data") or made)["id"]


def linked():
    made = webhook()
    w.send("POST", f"/2/tweets/search/webhooks/{made}", app_only=True)
    return made


def subscribed():
    made = webhook()
    w.send("POST", f"/2/account_activity/webhooks/{made}/subscriptions/all")
    return made


def folder():
    return w.send("POST", f"/2/users/{w.ME}/bookmarks/folders", json={"name": w.text()[:25]}, by_scope=True)["data"]["id"]


def initialized():
    body = {"media_type": "video/mp4", "total_bytes": len(w.MP4), "media_category": "tweet_video"}
    return w.send("POST", "/2/media/upload/initialize", json=body)["data"]["id"]


def appended():
    made = initialized()
    w.send("POST", f"/2/media/upload/{made}/append", json={"media": MP4, "segment_index": 0})
    return made


def finalized():
    made = appended()
    w.send("POST", f"/2/media/upload/{made}/finalize")
    return made


def subscription():
    body = {"event_type": "post.create", "filter": {"user_id": w.ME}}
    for one in w.send("GET", "/2/activity/subscriptions", app_only=True).get("data", []):
        w.send("DELETE", f"/2/activity/subscriptions/{one['subscription_id']}", app_only=True)
    made = w.send("POST", "/2/activity/subscriptions", app_only=True, json=body)["data"]
    made = made[0] if isinstance(made, list) else made
    return made.get("subscription", made)["subscription_id"]


def schedule():
    return {"scheduled_start_ms": "4102444800000", "scheduled_end_ms": "4102445800000", "source_id": "camera", "title": "a walk"}


def scheduled(name="broadcast_id"):
    return w.send("POST", "/2/broadcasts/scheduled", json=schedule())["data"][name]


def rescheduled():
    made = w.send("POST", "/2/broadcasts/scheduled", json=schedule())["data"]
    body = {**schedule(), "scheduled_broadcast_id": made["scheduled_broadcast_id"]}
    return {"id": made["broadcast_id"], "body": body}


def broadcast():
    made = scheduled()
    w.send("POST", f"/2/broadcasts/scheduled/{made}/live")
    return made


def draft():
    content = {"blocks": [{"text": "An article", "type": "unstyled"}], "entities": []}
    return {"title": "A title", "content_state": content}


def article():
    return w.send("POST", "/2/articles/draft", json=draft())["data"]["id"]


def signatures():
    event = {"signature": "c2ln", "signature_version": "4", "public_key_version": "1", "signing_public_key": "cHVi"}
    return [{"message_id": str(uuid.uuid4()), "encoded_message_event_detail": "ZGV0YWls", "message_event_signature": event}]


def new_group():
    made = w.send("POST", "/2/chat/conversations/group/initialize")["data"]["conversation_id"]
    keys = [{"user_id": w.ROBIN, "encrypted_conversation_key": "c2VjcmV0"}]
    return {
        "conversation_id": made, "conversation_key_version": "1", "conversation_participant_keys": keys,
        "group_members": [w.ROBIN, w.LENA], "action_signatures": signatures(),
    }


def group():
    body = new_group()
    w.send("POST", "/2/chat/conversations/group", json=body)
    return body["conversation_id"]


def chat_message():
    return {"message_id": str(uuid.uuid4()), "encoded_message_create_event": "aGVsbG8="}


def sent_chat_message():
    chat = group()
    w.send("POST", f"/2/chat/conversations/{chat}/messages", json=chat_message())
    event = w.send("GET", f"/2/chat/conversations/{chat}/events")["data"][0]
    return chat, event.get("id") or event["sequence_id"]


def deleted_messages():
    chat, event = sent_chat_message()
    body = {"action_signatures": signatures(), "delete_message_action": "delete_for_all", "sequence_ids": [event]}
    return {"id": chat, "body": body}


def read_messages():
    chat, event = sent_chat_message()
    return {"id": chat, "body": {"seen_until_sequence_id": event}}


def chat_upload():
    chat = group()
    made = w.send("POST", "/2/chat/media/upload/initialize", json={"conversation_id": chat, "total_bytes": len(w.PNG)})["data"]
    return chat, made["session_id"], made["media_hash_key"]


def chat_part():
    chat, session, key = chat_upload()
    return {"id": session, "body": {"conversation_id": chat, "media_hash_key": key, "segment_index": 0, "media": PNG}}


def chat_upload_end():
    part = chat_part()
    w.send("POST", f"/2/chat/media/upload/{part['id']}/append", json=part["body"])
    body = {"conversation_id": part["body"]["conversation_id"], "media_hash_key": part["body"]["media_hash_key"], "num_parts": "1"}
    return {"id": part["id"], "body": body}


def chat_media():
    end = chat_upload_end()
    w.send("POST", f"/2/chat/media/upload/{end['id']}/finalize", json=end["body"])
    return {"id": end["body"]["conversation_id"], "media_hash_key": end["body"]["media_hash_key"]}


def public_key():
    return {"public_key": {"public_key": "cHVi", "signing_public_key": "c2ln"}, "version": str(time.time_ns()), "generate_version": False}


def with_public_key():
    w.send("POST", f"/2/users/{w.ME}/public_keys", json=public_key())
    return w.ME


def note():
    info = {
        "classification": "misinformed_or_potentially_misleading", "misleading_tags": ["other"],
        "text": "see https://example.org", "trustworthy_sources": True,
    }
    return {"info": info, "post_id": w.post(), "test_mode": True}


def written_note():
    return w.send("POST", "/2/notes", json=note())["data"]["id"]


def subtitles():
    languages = {"id": w.media(), "language_code": "EN", "display_name": "English"}
    return {"id": finalized(), "media_category": "TweetVideo", "subtitles": languages}


def with_subtitles():
    body = subtitles()
    w.send("POST", "/2/media/subtitles", json=body)
    return {"id": body["id"], "media_category": "TweetVideo", "language_code": "EN"}


def message_media():
    """Returns the parts of the path of a picture in a direct message."""
    media = w.media("dm_image")
    body = {"text": w.text(), "attachments": [{"media_id": media}]}
    event = w.send("POST", f"/2/dm_conversations/with/{w.ROBIN}/messages", json=body)["data"]["dm_event_id"]
    return {"dm_id": event, "media_id": media, "resource_id": "picture.jpg"}


def connection():
    """Returns the UUID of a stream that is connected."""
    import requests

    stream = requests.get(w.BASE + "/2/tweets/sample/stream", headers={"Authorization": f"Bearer {w.BEARER}"}, stream=True)
    connection.streams = [*getattr(connection, "streams", []), stream]
    time.sleep(0.3)
    query = "connection.fields=id,endpoint_name"
    return w.send("GET", f"/2/connections?{query}", app_only=True)["data"][0]["id"]


def with_body(**body):
    return {"body": body}


# Arguments of the methods for which a value by the name of the parameter is not enough.
CALLS = {
    "account_activity.create_subscription": lambda: {"webhook_id": webhook(), "body": {}},
    "account_activity.delete_subscription": lambda: {"webhook_id": subscribed(), "user_id": w.ME},
    "account_activity.get_subscriptions": lambda: {"webhook_id": subscribed()},
    "account_activity.validate_subscription": lambda: {"webhook_id": subscribed()},
    "activity.create_subscription": lambda: (subscription(), with_body(event_type="follow.follow", filter={"user_id": w.ME}))[1],
    "activity.delete_subscription": lambda: {"subscription_id": subscription()},
    "activity.delete_subscriptions_by_ids": lambda: {"ids": [subscription()]},
    "activity.update_subscription": lambda: {"subscription_id": subscription(), "body": {"tag": "changed"}},
    "articles.article_create_draft": lambda: {"body": draft()},
    "articles.article_publish": lambda: {"article_id": article()},
    "broadcasts.create_scheduled_broadcast": lambda: {"body": schedule()},
    "broadcasts.delete_scheduled_broadcast": lambda: {"id": scheduled()},
    "broadcasts.get_scheduled_broadcast": lambda: {"id": scheduled()},
    "broadcasts.go_live_scheduled_broadcast": lambda: {"id": scheduled()},
    "broadcasts.send_broadcast_chat": lambda: {"id": broadcast(), "body": {"text": "hello"}},
    "broadcasts.update_scheduled_broadcast": rescheduled,
    "chat.add_conversation_keys": lambda: {
        "id": group(), "body": {
            "conversation_key_version": "2", "action_signatures": signatures(),
            "conversation_participant_keys": [{"user_id": w.ROBIN, "encrypted_conversation_key": "c2VjcmV0"}],
        },
    },
    "chat.add_group_members": lambda: {"id": group(), "body": {"user_ids": [w.user("mika")], "action_signatures": signatures()}},
    "chat.add_user_public_key": lambda: {"id": w.ME, "body": public_key()},
    "chat.create_conversation": lambda: {"body": new_group()},
    "chat.delete_messages": deleted_messages,
    "chat.get_conversation": lambda: {"id": group()},
    "chat.get_conversation_events": lambda: {"id": sent_chat_message()[0]},
    "chat.mark_conversation_read": read_messages,
    "chat.media_download": chat_media,
    "chat.media_upload_append": chat_part,
    "chat.media_upload_finalize": chat_upload_end,
    "chat.media_upload_initialize": lambda: with_body(conversation_id=group(), total_bytes=1000),
    "chat.send_message": lambda: {"id": group(), "body": chat_message()},
    "chat.send_typing_indicator": lambda: {"id": group()},
    "community_notes.create": lambda: {"body": note()},
    "community_notes.delete": lambda: {"id": written_note()},
    "community_notes.evaluate": lambda: with_body(note_text="see https://example.org", post_id=w.POST),
    "compliance.create_jobs": lambda: with_body(type="tweets"),
    "connections.delete_by_endpoint": lambda: {"endpoint_id": "sample_stream"},
    "connections.delete_by_uuids": lambda: with_body(uuids=[connection()]),
    "direct_messages.create_by_conversation_id": lambda: {"dm_conversation_id": w.CONVERSATION, "body": {"text": w.text()}},
    "direct_messages.create_by_participant_id": lambda: {"participant_id": w.ROBIN, "body": {"text": w.text()}},
    "direct_messages.create_conversation": lambda: with_body(
        conversation_type="Group", participant_ids=[w.ROBIN, w.LENA], message={"text": w.text()}
    ),
    "direct_messages.delete_events": lambda: {"event_id": w.message()},
    "direct_messages.dm_conversations_media_download": message_media,
    "direct_messages.get_events_by_conversation_id": lambda: {"id": w.CONVERSATION},
    "direct_messages.get_events_by_id": lambda: {"event_id": w.message()},
    "direct_messages.get_events_by_participant_id": lambda: {"participant_id": w.ROBIN},
    "lists.add_member": lambda: {"id": w.list_(), "body": {"user_id": w.ROBIN}},
    "lists.create": lambda: with_body(name=w.text()[:25]),
    "lists.update": lambda: {"id": w.list_(), "body": {"description": "changed"}},
    "media.append_upload": lambda: {"id": initialized(), "body": {"media": MP4, "segment_index": 0}},
    "media.create_metadata": lambda: with_body(id=w.media(), metadata={"alt_text": {"text": "a picture"}}),
    "media.create_subtitles": lambda: {"body": subtitles()},
    "media.delete_subtitles": lambda: {"body": with_subtitles()},
    "media.finalize_upload": lambda: {"id": appended()},
    "media.get_analytics": lambda: {"media_keys": [f"3_{w.media()}"], **MONTH},
    "media.get_upload_status": lambda: {"media_id": finalized()},
    "media.initialize_upload": lambda: with_body(media_type="video/mp4", total_bytes=len(w.MP4), media_category="tweet_video"),
    "media.upload": lambda: with_body(media=PNG, media_category="tweet_image"),
    "posts.create": lambda: with_body(text=w.text()),
    "posts.delete": lambda: {"id": w.post()},
    "posts.get_analytics": lambda: {"ids": [w.post()], **MONTH},
    "posts.get_by_ids": lambda: {"ids": [w.POST, "999"]},
    "posts.get_liking_users": lambda: {"id": w.post()},
    "posts.hide_reply": lambda: {"tweet_id": w.reply_to_me(), "body": {"hidden": True}},
    "spaces.get_buyers": lambda: {"id": w.own_space()},
    "spaces.get_by_creator_ids": lambda: {"user_ids": [w.ME]},
    "stream.update_rules": lambda: with_body(add=[{"value": f"heron {w.text()[-6:]}"}]),
    "users.create_bookmark": lambda: {"id": w.ME, "body": {"tweet_id": w.POST}},
    "users.create_bookmark_folder": lambda: {"id": w.ME, "body": {"name": w.text()[:25]}},
    "users.follow_list": lambda: {"id": w.ME, "body": {"list_id": w.list_()}},
    "users.follow_user": lambda: {"id": w.ME, "body": {"target_user_id": w.ROBIN}},
    "users.get_bookmarks_by_folder_id": lambda: {"id": w.ME, "folder_id": folder()},
    "users.get_me": lambda: {"user_fields": ["public_metrics", "most_recent_post_id"]},
    "users.get_public_key": lambda: {"id": with_public_key()},
    "users.get_public_keys": lambda: {"ids": [with_public_key()]},
    "users.like_post": lambda: {"id": w.ME, "body": {"tweet_id": w.POST}},
    "users.mute_user": lambda: {"id": w.ME, "body": {"target_user_id": w.ROBIN}},
    "users.pin_list": lambda: {"id": w.ME, "body": {"list_id": w.list_()}},
    "users.repost_post": lambda: {"id": w.ME, "body": {"tweet_id": w.post()}},
    "users.unlike_post": lambda: {"id": w.ME, "tweet_id": w.liked()},
    "users.unrepost_post": lambda: {"id": w.ME, "source_tweet_id": w.reposted()},
    "users.block_dms": lambda: {"id": w.LENA},
    "users.unblock_dms": lambda: {"id": w.LENA},
    "webhooks.create": lambda: with_body(url=hook_url()),
    "webhooks.create_stream_link": lambda: {"webhook_id": webhook()},
    "webhooks.create_webhook_replay_job": lambda: with_body(
        webhook_id=webhook(), from_date="202601010000", to_date="202601020000"
    ),
    "webhooks.delete": lambda: {"webhook_id": webhook()},
    "webhooks.delete_stream_link": lambda: {"webhook_id": linked()},
    "webhooks.validate": lambda: {"webhook_id": webhook()},
}
IDS = {
    "lists": w.list_, "spaces": lambda: w.space()["id"], "communities": w.community, "news": w.news, "compliance": w.job,
    "posts": lambda: w.POST,
}
VALUES = {
    "id": lambda area: IDS.get(area, lambda: w.ME)(),
    "ids": lambda area: [IDS.get(area, lambda: w.ME)()],
    "query": lambda _: "rust", "type": lambda _: "tweets", "username": lambda _: "robin", "usernames": lambda _: ["ada", "robin"],
    "woeid": lambda _: 1, "test_mode": lambda _: True, "partition": lambda _: 1, "list_id": lambda _: w.list_(),
    "user_id": lambda _: w.ROBIN, "tweet_id": lambda _: w.POST, "target_user_id": lambda _: w.ROBIN,
    "source_user_id": lambda _: w.ME, "media_key": lambda _: f"3_{w.media()}", "media_keys": lambda _: [f"3_{w.media()}"],
}


def arguments(name, params):
    """Returns the arguments of a method, of which `params` are required. The name is that of the Python SDK."""
    if name in CALLS:
        return CALLS[name]()
    return {param: VALUES[param](name.split(".")[0]) for param in params}


LANGUAGES = {
    "en": "Good morning, what a lovely day for a long walk", "ja": "おはようございます、今日はいい天気ですね",
    "ko": "좋은 아침입니다 오늘은 날씨가 좋네요", "pt": "Bom dia, você já não está em casa hoje",
}


def act(stopped):
    """Does what the streams report, until it is stopped: posts in each language that has a stream, likes and deletions."""
    number = 0
    while not stopped.wait(0.02):
        number += 1
        for words in LANGUAGES.values():
            made = w.send("POST", "/2/tweets", json={"text": f"{words} https://example.com/{number}/{time.time_ns()}"})["data"]["id"]
        w.send("POST", f"/2/users/{w.ME}/likes", json={"tweet_id": made})
        w.send("DELETE", f"/2/users/{w.ME}/likes/{made}")
        w.send("DELETE", f"/2/tweets/{made}")
        w.send("POST", "/1.1/account/update_profile.json", data={"description": f"number {number}"})


@contextlib.contextmanager
def activity(name):
    """Prepares a stream, and causes its events meanwhile."""
    if name == "stream.posts":
        rules = {"add": [{"value": "\"good morning\""}]}
        w.send("POST", "/2/tweets/search/stream/rules", app_only=True, json=rules)
    if name == "stream.activity":
        subscription()
    stopped = threading.Event()
    threading.Thread(target=act, args=[stopped], daemon=True).start()
    try:
        yield
    finally:
        stopped.set()


def is_stream(name):
    return name.startswith("stream.") and "rule" not in name


# Streams whose events no request causes. Their methods work if the stream opens.
SILENT = {"stream.users_compliance", "stream.labels_compliance"}


def main():
    for line in sys.stdin:
        request = json.loads(line)
        with activity(request["name"]) if is_stream(request["name"]) else contextlib.nullcontext():
            try:
                answer = {"arguments": arguments(request["name"], request["params"]), "silent": request["name"] in SILENT}
            except Exception as error:
                answer = {"error": repr(error)}
            print(json.dumps(answer), flush=True)
            if is_stream(request["name"]):
                sys.stdin.readline()


if __name__ == "__main__":
    main()
