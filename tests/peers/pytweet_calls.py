"""Every public method of PyTweet: the client and the objects that it returns."""

import tempfile
import threading
import time

import pytweet

import world as w
from calls import Report, public_methods


def main():
    def client(**options):
        return pytweet.Client(
            w.BEARER, consumer_key=w.KEY, consumer_key_secret=w.SECRET, access_token=w.TOKEN, access_token_secret=w.TOKEN_SECRET,
            **options,
        )

    c = client()
    picture = tempfile.NamedTemporaryFile(suffix=".png")
    picture.write(w.PNG)
    picture.flush()

    def own():
        return c.fetch_tweet(int(w.post()))

    def post():
        return c.fetch_tweet(int(w.POST))

    def robin():
        return c.fetch_user(int(w.ROBIN))

    def message():
        return robin().send(w.text())

    def rule():
        for one in w.send("GET", "/1.1/direct_messages/welcome_messages/rules/list.json").get("welcome_message_rules", []):
            w.send("DELETE", f"/1.1/direct_messages/welcome_messages/rules/destroy.json?id={one['id']}")
        return welcome().set_rule()

    def welcome():
        return c.create_welcome_message(name="a welcome", text="hello")

    def profile():
        return c.create_custom_profile("a profile", pytweet.File(picture.name, dm_only=True))

    def connect():
        stream = pytweet.Stream(reconnect_attempts=1)
        stream.add_rule("heron")
        made = client(stream=stream)
        seen = threading.Event()

        @made.event
        def on_stream(tweet, connection):
            seen.set()
            connection.close()

        def write():
            time.sleep(1)
            for _ in range(5):
                w.send("POST", "/2/tweets", json={"text": f"{w.text()} heron"})

        threading.Thread(target=write, daemon=True).start()
        made.stream()
        assert seen.is_set()

    calls = {
        "create_custom_profile": profile,
        "create_welcome_message": welcome,
        "event": lambda: c.event(lambda: None),
        "fetch_message": lambda: c.fetch_message(int(w.message())),
        "fetch_space": lambda: c.fetch_space(w.space()["id"]).title,
        "fetch_space_by_title": lambda: c.fetch_space_by_title("Rust"),
        "fetch_tweet": lambda: (post().created_at, post().text, post().author.username),
        "fetch_user": lambda: (robin().created_at, robin().follower_count),
        "fetch_user_by_name": lambda: c.fetch_user_by_name("robin").id,
        "fetch_welcome_message": lambda: c.fetch_welcome_message(welcome().id),
        "fetch_welcome_message_rules": lambda: c.fetch_welcome_message_rules(rule().id),
        "get_message": lambda: c.get_message(1),
        "get_tweet": lambda: c.get_tweet(1),
        "register_webhook_url": lambda: c.register_webhook_url("https://127.0.0.1:9/hook", "test"),
        "search_geo": lambda: c.search_geo("Lisbon"),
        "stream": connect,
        "tweet": lambda: c.tweet(w.text()),
        "Tweet.delete": lambda: own().delete(),
        "Tweet.fetch_liking_users": lambda: post().fetch_liking_users(),
        "Tweet.fetch_replied_user": lambda: c.fetch_tweet(int(w.reply_to_me())).fetch_replied_user(),
        "Tweet.fetch_retweeters": lambda: post().fetch_retweeters(),
        "Tweet.hide": lambda: c.fetch_tweet(int(w.reply_to_me())).hide(),
        "Tweet.like": lambda: own().like(),
        "Tweet.reply": lambda: own().reply(w.text()),
        "Tweet.retweet": lambda: own().retweet(),
        "Tweet.unhide": lambda: c.fetch_tweet(int(w.reply_to_me())).unhide(),
        "Tweet.unlike": lambda: c.fetch_tweet(int(w.liked())).unlike(),
        "Tweet.unretweet": lambda: c.fetch_tweet(int(w.reposted())).unretweet(),
        "User.block": lambda: robin().block(),
        "User.fetch_followers": lambda: robin().fetch_followers(),
        "User.fetch_following": lambda: robin().fetch_following(),
        "User.fetch_pinned_tweet": lambda: robin().fetch_pinned_tweet(),
        "User.fetch_timelines": lambda: robin().fetch_timelines(),
        "User.follow": lambda: robin().follow(),
        "User.mute": lambda: robin().mute(),
        "User.report": lambda: c.fetch_user_by_name("mika").report(),
        "User.send": message,
        "User.trigger_typing": lambda: robin().trigger_typing(),
        "User.unblock": lambda: robin().unblock(),
        "User.unfollow": lambda: robin().unfollow(),
        "User.unmute": lambda: robin().unmute(),
        "DirectMessage.delete": lambda: c.fetch_message(int(w.message())).delete(),
        "DirectMessage.mark_read": lambda: c.fetch_message(int(w.message())).mark_read(),
        "WelcomeMessage.delete": lambda: welcome().delete(),
        "WelcomeMessage.set_rule": rule,
        "WelcomeMessage.update": lambda: welcome().update(text="changed"),
        "WelcomeMessageRule.delete": lambda: rule().delete(),
        "Stream.add_rule": connect,
        "Stream.connect": connect,
        "Stream.sample_stream": lambda: pytweet.Stream.sample_stream(),
        "StreamConnection.close": connect,
        "StreamConnection.connect": connect,
    }
    others = {
        "Stream.clear": "a list in memory", "Stream.fetch_rules": "sent by Client.stream", "Stream.set_rules": "sent by Client.stream",
        "StreamConnection.is_close": "a flag", "Space.is_ticketed": "a flag",
    }
    methods = list(public_methods(pytweet.Client))
    for kind in ["Tweet", "User", "DirectMessage", "WelcomeMessage", "WelcomeMessageRule", "Space", "Stream", "StreamConnection"]:
        methods += [f"{kind}.{name}" for name in public_methods(getattr(pytweet, kind))]
    faults = {
        "create_custom_profile": "a fault of PyTweet, which needs a media type that X does not send",
        "Tweet.fetch_liking_users": "X answers users only: PyTweet sends the token of the app",
        "Tweet.fetch_replied_user": "a fault of the client: the call has a wrong argument",
        "User.report": "PyTweet sends the token of the app",
        "DirectMessage.mark_read": "a fault of the client: the message has no author",
        "WelcomeMessage.update": "a fault of the client: the body lacks message_data",
        "WelcomeMessageRule.delete": "a fault of the client: it takes the ID of the new rule from the order of the fields",
        "fetch_welcome_message_rules": "a fault of the client: the path is wrong",
    }
    Report("PyTweet", faults, lambda error: True).call_all(methods, calls, others)


if __name__ == "__main__":
    main()
