"""Every public method of X's own Python SDK, which validates each reply against the specification."""

import inspect
import itertools
import threading

from xdk import Client
from xdk.oauth1_auth import OAuth1

import world as w
from calls import Report

MONTH = ("2026-10-01T00:00:00Z", "2026-10-02T00:00:00Z")


def main():
    app = Client(bearer_token=w.BEARER)
    user = Client(access_token=w.OAUTH2)
    signed = Client(auth=OAuth1(api_key=w.KEY, api_secret=w.SECRET, callback=w.CALLBACK, access_token=w.TOKEN, access_token_secret=w.TOKEN_SECRET))
    me, robin = w.ME, w.ROBIN

    def folder():
        name = {"name": w.text()[:25]}
        return user.users.create_bookmark_folder(id=me, body=name).data.id

    def upload():
        made = user.media.initialize_upload(body={"media_type": "video/mp4", "total_bytes": len(w.MP4), "media_category": "tweet_video"})
        return made.data.id

    def appended():
        import base64

        media_id = upload()
        user.media.append_upload(id=media_id, body={"media": base64.b64encode(w.MP4).decode(), "segment_index": 0})
        return media_id

    def finalized():
        media_id = appended()
        user.media.finalize_upload(id=media_id)
        return media_id

    def picture():
        import base64

        return user.media.upload(body={"media": base64.b64encode(w.PNG).decode(), "media_category": "tweet_image"})

    def rule():
        added = app.stream.update_rules(body={"add": [{"value": f"heron {w.text()[-6:]}"}]})
        return added

    def subscription():
        body = {"event_type": "profile.update.bio", "filter": {"user_id": me}}
        made = app.activity.create_subscription(body=body)
        made = made.data[0] if isinstance(made.data, list) else made.data
        made = made.model_dump() if hasattr(made, "model_dump") else made
        made = made.get("subscription") or made
        return made.get("subscription_id") or made.get("id")

    def scheduled():
        made = user.broadcasts.create_scheduled_broadcast(body={"title": "a walk", "scheduled_start_ms": 4102444800000})
        made = made.model_dump()
        return (made.get("data") or made).get("id")

    def article():
        content = {"blocks": [{"text": "An article", "type": "unstyled"}], "entities": []}
        made = user.articles.article_create_draft(body={"title": "A title", "content_state": content})
        return made.data.id

    bodies = {
        "lists.add_member": lambda: signed.lists.add_member(id=w.list_(), body={"user_id": robin}),
        "lists.create": lambda: signed.lists.create(body={"name": w.text()[:25]}),
        "lists.update": lambda: signed.lists.update(id=w.list_(), body={"description": "changed"}),
        "posts.create": lambda: signed.posts.create(body={"text": w.text()}),
        "posts.hide_reply": lambda: signed.posts.hide_reply(tweet_id=w.reply_to_me(), body={"hidden": True}),
        "users.create_bookmark": lambda: user.users.create_bookmark(id=me, body={"tweet_id": w.POST}),
        "users.create_bookmark_folder": folder,
        "users.get_bookmarks_by_folder_id": lambda: user.users.get_bookmarks_by_folder_id(id=me, folder_id=folder()),
        "users.follow_list": lambda: signed.users.follow_list(id=me, body={"list_id": w.list_()}),
        "users.follow_user": lambda: signed.users.follow_user(id=me, body={"target_user_id": robin}),
        "users.like_post": lambda: signed.users.like_post(id=me, body={"tweet_id": w.POST}),
        "users.mute_user": lambda: signed.users.mute_user(id=me, body={"target_user_id": robin}),
        "users.pin_list": lambda: signed.users.pin_list(id=me, body={"list_id": w.list_()}),
        "users.repost_post": lambda: signed.users.repost_post(id=me, body={"tweet_id": w.post()}),
        "users.unrepost_post": lambda: signed.users.unrepost_post(id=me, source_tweet_id=w.reposted()),
        "users.unlike_post": lambda: signed.users.unlike_post(id=me, tweet_id=w.liked()),
        "compliance.create_jobs": lambda: app.compliance.create_jobs(body={"type": "tweets"}),
        "direct_messages.create_by_conversation_id": lambda: signed.direct_messages.create_by_conversation_id(
            dm_conversation_id=w.CONVERSATION, body={"text": w.text()}
        ),
        "direct_messages.create_by_participant_id": lambda: signed.direct_messages.create_by_participant_id(
            participant_id=robin, body={"text": w.text()}
        ),
        "direct_messages.create_conversation": lambda: signed.direct_messages.create_conversation(
            body={"conversation_type": "Group", "participant_ids": [robin, w.LENA], "message": {"text": w.text()}}
        ),
        "direct_messages.get_events_by_conversation_id": lambda: signed.direct_messages.get_events_by_conversation_id(id=w.CONVERSATION),
        "direct_messages.get_events_by_participant_id": lambda: signed.direct_messages.get_events_by_participant_id(participant_id=robin),
        "direct_messages.get_events_by_id": lambda: signed.direct_messages.get_events_by_id(event_id=w.message()),
        "direct_messages.delete_events": lambda: signed.direct_messages.delete_events(event_id=w.message()),
        "media.initialize_upload": upload,
        "media.append_upload": appended,
        "media.finalize_upload": finalized,
        "media.get_upload_status": lambda: user.media.get_upload_status(media_id=finalized()),
        "media.upload": picture,
        "media.create_metadata": lambda: user.media.create_metadata(body={"id": w.media(), "metadata": {"alt_text": {"text": "a picture"}}}),
        "stream.update_rules": rule,
        "activity.create_subscription": subscription,
        "activity.update_subscription": lambda: app.activity.update_subscription(subscription_id=subscription(), body={"tag": "changed"}),
        "activity.delete_subscription": lambda: app.activity.delete_subscription(subscription_id=subscription()),
        "activity.delete_subscriptions_by_ids": lambda: app.activity.delete_subscriptions_by_ids(ids=[subscription()]),
        "broadcasts.create_scheduled_broadcast": scheduled,
        "broadcasts.get_scheduled_broadcast": lambda: user.broadcasts.get_scheduled_broadcast(id=scheduled()),
        "broadcasts.delete_scheduled_broadcast": lambda: user.broadcasts.delete_scheduled_broadcast(id=scheduled()),
        "broadcasts.update_scheduled_broadcast": lambda: user.broadcasts.update_scheduled_broadcast(id=scheduled(), body={"title": "changed"}),
        "articles.article_create_draft": article,
        "articles.article_publish": lambda: user.articles.article_publish(article_id=article()),
        "spaces.get_buyers": lambda: user.spaces.get_buyers(id=w.own_space()),
        "spaces.get_by_creator_ids": lambda: app.spaces.get_by_creator_ids(user_ids=[w.ME]),
        "posts.get_by_ids": lambda: signed.posts.get_by_ids(ids=[w.POST, "999"]),
        "posts.get_analytics": lambda: signed.posts.get_analytics(ids=[w.post()], start_time=MONTH[0], end_time=MONTH[1], granularity="total"),
        "media.get_analytics": lambda: signed.media.get_analytics(media_keys=[f"3_{w.media()}"], start_time=MONTH[0], end_time=MONTH[1], granularity="total"),
        "users.get_me": lambda: signed.users.get_me(user_fields=["public_metrics", "most_recent_post_id"]),
        "connections.delete_by_endpoint": lambda: app.connections.delete_by_endpoint(endpoint_id="sample_stream"),
    }
    # By the name of a parameter, for all methods without an entry of their own.
    values = {
        "ids": lambda name: [w.POST] if name.startswith(("posts", "media")) else [w.space()["id"]] if name.startswith("spaces") else [me],
        "id": lambda name: {
            "lists": w.list_, "spaces": lambda: w.space()["id"], "communities": w.community, "news": w.news, "compliance": w.job,
            "posts": w.post if "delete" in name else lambda: w.POST, "chat": lambda: w.CONVERSATION,
        }.get(name.split(".")[0], lambda: me)(),
        "query": lambda name: "rust", "type": lambda name: "tweets", "username": lambda name: "robin", "usernames": lambda name: ["ada", "robin"],
        "woeid": lambda name: 1, "test_mode": lambda name: True, "partition": lambda name: 1, "list_id": lambda name: w.list_(),
        "user_id": lambda name: robin, "tweet_id": lambda name: w.POST, "target_user_id": lambda name: robin,
        "source_user_id": lambda name: me, "media_key": lambda name: f"3_{w.media()}", "media_keys": lambda name: [f"3_{w.media()}"],
    }
    dummies = [
        "account_activity", "webhooks", "chat", "community_notes", "broadcasts", "media.create_subtitles", "media.delete_subtitles",
        "connections.delete_by_uuids", "direct_messages.dm_conversations_media_download", "users.get_public_key", "activity",
    ]
    refusals = {
        "users.get_public_key": "no key was registered", "connections.delete_by_uuids": "no stream is connected",
    }

    def is_refusal(error):
        return getattr(getattr(error, "response", None), "status_code", 0) in (400, 403, 404) or "invalid" in str(error).lower()

    report = Report("xdk for Python", refusals, is_refusal)

    def first(result):
        if not inspect.isgenerator(result):
            return result
        return list(itertools.islice(result, 1))

    def stream(method, args):
        def write():
            for _ in range(5):
                w.post()

        threading.Timer(1, write).start()
        return next(iter(method(**args)))

    def by_names(name, clients):
        def run():
            error = None
            for client in clients:
                area, method = name.split(".")
                method = getattr(getattr(client, area), method)
                params = inspect.signature(method).parameters.values()
                args = {p.name: values[p.name](name) for p in params if p.default is p.empty and p.kind is not p.VAR_KEYWORD}
                try:
                    return stream(method, args) if area == "stream" and "rule" not in name else first(method(**args))
                except Exception as why:
                    error = why
                    needs_other = isinstance(why, ValueError) and "Authentication required" in str(why)
                    denied = "401" in str(why) or "403" in str(why)
                    if not needs_other and not denied:
                        raise
            raise error

        return run

    for area, part in vars(app).items():
        if not type(part).__name__.endswith("Client"):
            continue
        for method, _ in inspect.getmembers(type(part), inspect.isfunction):
            if method.startswith("_"):
                continue
            name = f"{area}.{method}"
            if name.startswith(tuple(dummies)):
                refusals.setdefault(name, "the body or the ID of the call is a dummy")
            missing = [
                p for p in inspect.signature(getattr(part, method)).parameters.values()
                if p.default is p.empty and p.name not in values and p.kind is not p.VAR_KEYWORD
            ]
            if name in bodies:
                report.call(name, bodies[name])
            elif missing and name in refusals:
                for p in missing:
                    values.setdefault(p.name, lambda name: {} if p.name == "body" else "1")
                report.call(name, by_names(name, [signed, app, user]))
            elif missing:
                report.line(name, "not called", f"no value for {', '.join(p.name for p in missing)}")
            else:
                report.call(name, by_names(name, [signed, app, user]))


if __name__ == "__main__":
    main()
