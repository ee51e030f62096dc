"""Every public method of Tweepy: Client, AsyncClient, API, streams and logins."""

import asyncio
import io
import tempfile
from urllib.parse import parse_qs, urlsplit

import tweepy
import tweepy.asynchronous

import world as w
from calls import Report, public_methods


def is_refusal(error):
    return isinstance(error, (tweepy.Forbidden, tweepy.BadRequest, tweepy.Unauthorized))


def calls_of_v2(c):
    """Calls of a `Client` or an `AsyncClient`, which have the same methods."""
    tweet = {"user_auth": True}
    return {
        "add_list_member": lambda: c.add_list_member(w.list_(), w.ROBIN),
        "bookmark": lambda: c.bookmark(w.POST),
        "create_compliance_job": lambda: c.create_compliance_job("tweets"),
        "create_direct_message": lambda: c.create_direct_message(participant_id=w.ROBIN, text=w.text()),
        "create_direct_message_conversation": lambda: c.create_direct_message_conversation(
            participant_ids=[w.ROBIN, w.LENA], text=w.text()
        ),
        "create_dm": lambda: c.create_dm(dm_conversation_id=w.CONVERSATION, text=w.text()),
        "create_dm_conversation": lambda: c.create_dm_conversation(participant_ids=[w.ROBIN, w.LENA], text=w.text()),
        "create_list": lambda: c.create_list("made by Tweepy", private=True),
        "create_tweet": lambda: c.create_tweet(text=w.text(), media_ids=[w.media()], in_reply_to_tweet_id=w.POST),
        "delete_list": lambda: c.delete_list(w.list_()),
        "delete_tweet": lambda: c.delete_tweet(w.post()),
        "follow": lambda: c.follow(w.ROBIN),
        "follow_list": lambda: c.follow_list(w.list_()),
        "follow_user": lambda: c.follow_user(w.ROBIN),
        "get_all_tweets_count": lambda: c.get_all_tweets_count("rust", start_time="2006-03-21T20:50:14Z"),
        "get_blocked": lambda: c.get_blocked(),
        "get_bookmarks": lambda: c.get_bookmarks(),
        "get_compliance_job": lambda: c.get_compliance_job(w.job()),
        "get_compliance_jobs": lambda: c.get_compliance_jobs("tweets"),
        "get_direct_message_events": lambda: c.get_direct_message_events(),
        "get_dm_events": lambda: c.get_dm_events(participant_id=w.ROBIN),
        "get_followed_lists": lambda: c.get_followed_lists(w.ME),
        "get_home_timeline": lambda: c.get_home_timeline(),
        "get_liked_tweets": lambda: c.get_liked_tweets(w.ME, **tweet),
        "get_liking_users": lambda: c.get_liking_users(w.POST, **tweet),
        "get_list": lambda: c.get_list(w.list_()),
        "get_list_followers": lambda: c.get_list_followers(w.list_()),
        "get_list_members": lambda: c.get_list_members(w.list_()),
        "get_list_memberships": lambda: c.get_list_memberships(w.ROBIN),
        "get_list_tweets": lambda: c.get_list_tweets(w.list_()),
        "get_me": lambda: c.get_me(),
        "get_muted": lambda: c.get_muted(),
        "get_owned_lists": lambda: c.get_owned_lists(w.ME),
        "get_pinned_lists": lambda: c.get_pinned_lists(),
        "get_quote_tweets": lambda: c.get_quote_tweets(w.POST),
        "get_recent_tweets_count": lambda: c.get_recent_tweets_count("rust", granularity="day"),
        "get_retweeters": lambda: c.get_retweeters(w.POST),
        "get_space": lambda: c.get_space(w.space()["id"], space_fields=["title", "host_ids"]),
        "get_space_buyers": lambda: c.get_space_buyers(w.own_space()),
        "get_space_tweets": lambda: c.get_space_tweets(w.space()["id"]),
        "get_spaces": lambda: c.get_spaces(user_ids=[w.space()["creator_id"]]),
        "get_tweet": lambda: c.get_tweet(w.POST, expansions=["author_id"], tweet_fields=["created_at"]),
        "get_tweets": lambda: c.get_tweets([w.POST, "999"]),
        "get_user": lambda: c.get_user(username="robin", user_fields=["public_metrics"]),
        "get_users": lambda: c.get_users(usernames=["ada", "robin"]),
        "get_users_followers": lambda: c.get_users_followers(w.ROBIN),
        "get_users_following": lambda: c.get_users_following(w.ROBIN),
        "get_users_mentions": lambda: c.get_users_mentions(w.ROBIN),
        "get_users_tweets": lambda: c.get_users_tweets(w.ROBIN),
        "hide_reply": lambda: c.hide_reply(w.reply_to_me()),
        "like": lambda: c.like(w.POST),
        "mute": lambda: c.mute(w.ROBIN),
        "pin_list": lambda: c.pin_list(w.list_()),
        "remove_bookmark": lambda: c.remove_bookmark(w.POST),
        "remove_list_member": lambda: c.remove_list_member(w.list_(), w.ROBIN),
        "request": lambda: c.request("GET", "/2/users/me", user_auth=True),
        "retweet": lambda: c.retweet(w.POST),
        "search_all_tweets": lambda: c.search_all_tweets("rust"),
        "search_recent_tweets": lambda: c.search_recent_tweets("rust", max_results=100),
        "search_spaces": lambda: c.search_spaces("Rust"),
        "unfollow": lambda: c.unfollow(w.ROBIN),
        "unfollow_list": lambda: c.unfollow_list(w.list_()),
        "unfollow_user": lambda: c.unfollow_user(w.ROBIN),
        "unhide_reply": lambda: c.unhide_reply(w.reply_to_me()),
        "unlike": lambda: c.unlike(w.liked()),
        "unmute": lambda: c.unmute(w.ROBIN),
        "unpin_list": lambda: c.unpin_list(w.list_()),
        "unretweet": lambda: c.unretweet(w.reposted()),
        "update_list": lambda: c.update_list(w.list_(), description="changed"),
    }


# Bookmarks and buyers need a user token of OAuth 2.0 (scopes), compliance jobs the token of the app.
OAUTH2 = ["bookmark", "get_space_buyers", "get_bookmarks", "remove_bookmark"]


def v2():
    args = (w.BEARER, w.KEY, w.SECRET, w.TOKEN, w.TOKEN_SECRET)
    report = Report("tweepy.Client", is_refusal=is_refusal)
    calls = calls_of_v2(tweepy.Client(*args))
    calls |= {name: calls_of_v2(tweepy.Client(w.OAUTH2))[name] for name in OAUTH2}
    report.call_all(public_methods(tweepy.Client), calls)

    class ByEnvironment(tweepy.asynchronous.AsyncClient):
        """The client with a session that heeds HTTPS_PROXY, which aiohttp ignores by default."""

        async def request(self, *args, **kwargs):
            import aiohttp

            async with aiohttp.ClientSession(trust_env=True) as self.session:
                return await super().request(*args, **kwargs)

    report = Report("tweepy.AsyncClient", is_refusal=is_refusal)
    calls = calls_of_v2(ByEnvironment(*args, return_type=tweepy.Response))
    calls |= {name: calls_of_v2(ByEnvironment(w.OAUTH2))[name] for name in OAUTH2}
    calls["request"] = lambda: ByEnvironment(w.BEARER).request("GET", "/2/users/12", params={})
    methods = public_methods(tweepy.asynchronous.AsyncClient)
    report.call_all(methods, {name: call for name, call in calls.items() if name in methods})


def v1():
    api = tweepy.API(tweepy.OAuth1UserHandler(w.KEY, w.SECRET, w.TOKEN, w.TOKEN_SECRET))
    picture = tempfile.NamedTemporaryFile(suffix=".png")
    picture.write(w.PNG)
    picture.flush()
    video = tempfile.NamedTemporaryFile(suffix=".mp4")
    video.write(w.MP4)
    video.flush()

    def file():
        return io.BytesIO(w.PNG)

    def append():
        media_id = api.chunked_upload_init(len(w.MP4), "video/mp4").media_id
        api.chunked_upload_append(media_id, ("a.mp4", io.BytesIO(w.MP4)), 0)

    robin, of_list = {"screen_name": "robin"}, lambda: {"list_id": w.list_()}
    calls = {
        "add_list_member": lambda: api.add_list_member(**of_list(), **robin),
        "add_list_members": lambda: api.add_list_members(list_id=w.list_(), screen_name=["robin", "lena"]),
        "available_trends": lambda: api.available_trends(),
        "chunked_upload": lambda: api.chunked_upload(video.name, file_type="video/mp4", wait_for_async_finalize=False),
        "chunked_upload_append": append,
        "chunked_upload_finalize": lambda: api.chunked_upload_finalize(w.video_upload()),
        "chunked_upload_init": lambda: api.chunked_upload_init(100, "video/mp4"),
        "closest_trends": lambda: api.closest_trends(59.9, 10.7),
        "create_block": lambda: api.create_block(**robin),
        "create_favorite": lambda: api.create_favorite(w.post()),
        "create_friendship": lambda: api.create_friendship(**robin),
        "create_list": lambda: api.create_list("Tweepy"),
        "create_media_metadata": lambda: api.create_media_metadata(int(w.media()), "a picture"),
        "create_mute": lambda: api.create_mute(**robin),
        "create_saved_search": lambda: api.create_saved_search(w.text()),
        "delete_direct_message": lambda: api.delete_direct_message(w.message()),
        "destroy_block": lambda: api.destroy_block(**robin),
        "destroy_favorite": lambda: api.destroy_favorite(w.liked()),
        "destroy_friendship": lambda: api.destroy_friendship(**robin),
        "destroy_list": lambda: api.destroy_list(**of_list()),
        "destroy_mute": lambda: api.destroy_mute(**robin),
        "destroy_saved_search": lambda: api.destroy_saved_search(w.saved_search()),
        "destroy_status": lambda: api.destroy_status(w.post()),
        "geo_id": lambda: api.geo_id(w.PLACE),
        "get_blocked_ids": lambda: api.get_blocked_ids(),
        "get_blocks": lambda: api.get_blocks(),
        "get_direct_message": lambda: api.get_direct_message(w.message()),
        "get_direct_messages": lambda: api.get_direct_messages(),
        "get_favorites": lambda: api.get_favorites(),
        "get_follower_ids": lambda: api.get_follower_ids(),
        "get_followers": lambda: api.get_followers(),
        "get_friend_ids": lambda: api.get_friend_ids(),
        "get_friends": lambda: api.get_friends(),
        "get_friendship": lambda: api.get_friendship(source_screen_name="ada", target_screen_name="robin"),
        "get_list": lambda: api.get_list(**of_list()),
        "get_list_member": lambda: api.get_list_member(**of_list(), **robin),
        "get_list_members": lambda: api.get_list_members(**of_list()),
        "get_list_memberships": lambda: api.get_list_memberships(**robin),
        "get_list_ownerships": lambda: api.get_list_ownerships(),
        "get_list_subscriber": lambda: api.get_list_subscriber(list_id=api.subscribe_list(**of_list()).id, screen_name="ada"),
        "get_list_subscribers": lambda: api.get_list_subscribers(**of_list()),
        "get_list_subscriptions": lambda: api.get_list_subscriptions(),
        "get_lists": lambda: api.get_lists(),
        "get_media_upload_status": lambda: api.get_media_upload_status(w.finished_video()),
        "get_muted_ids": lambda: api.get_muted_ids(),
        "get_mutes": lambda: api.get_mutes(),
        "get_oembed": lambda: api.get_oembed("https://twitter.com/robin/status/20"),
        "get_place_trends": lambda: api.get_place_trends(1),
        "get_profile_banner": lambda: (api.update_profile_banner("a.png", file=file()), api.get_profile_banner(user_id=w.ME)),
        "get_retweeter_ids": lambda: api.get_retweeter_ids(w.POST),
        "get_retweets": lambda: api.get_retweets(w.POST),
        "get_retweets_of_me": lambda: api.get_retweets_of_me(),
        "get_saved_search": lambda: api.get_saved_search(w.saved_search()),
        "get_saved_searches": lambda: api.get_saved_searches(),
        "get_settings": lambda: api.get_settings(),
        "get_status": lambda: api.get_status(w.POST, tweet_mode="extended").full_text,
        "get_user": lambda: api.get_user(**robin),
        "home_timeline": lambda: api.home_timeline(count=200),
        "incoming_friendships": lambda: api.incoming_friendships(),
        "indicate_direct_message_typing": lambda: api.indicate_direct_message_typing(w.ROBIN),
        "list_timeline": lambda: api.list_timeline(**of_list()),
        "lookup_friendships": lambda: api.lookup_friendships(screen_name=["robin"]),
        "lookup_statuses": lambda: api.lookup_statuses([w.POST, "999"], map=True),
        "lookup_users": lambda: api.lookup_users(screen_name=["ada", "robin"]),
        "mark_direct_message_read": lambda: api.mark_direct_message_read(w.message(), w.ROBIN),
        "media_upload": lambda: api.media_upload(picture.name),
        "mentions_timeline": lambda: api.mentions_timeline(),
        "no_retweets_friendships": lambda: api.no_retweets_friendships(),
        "outgoing_friendships": lambda: api.outgoing_friendships(),
        "rate_limit_status": lambda: api.rate_limit_status(),
        "remove_list_member": lambda: api.remove_list_member(**of_list(), **robin),
        "remove_list_members": lambda: api.remove_list_members(list_id=w.list_(), screen_name=["robin"]),
        "remove_profile_banner": lambda: api.remove_profile_banner(),
        "report_spam": lambda: api.report_spam(screen_name="mika"),
        "request": lambda: api.request("GET", "account/verify_credentials"),
        "retweet": lambda: api.retweet(w.post()),
        "reverse_geocode": lambda: api.reverse_geocode(38.7, -9.15),
        "search_geo": lambda: api.search_geo(query="Lisbon"),
        "search_tweets": lambda: api.search_tweets("rust"),
        "search_users": lambda: api.search_users("birds"),
        "send_direct_message": lambda: api.send_direct_message(w.ROBIN, w.text()),
        "set_settings": lambda: api.set_settings(lang="en"),
        "simple_upload": lambda: api.simple_upload("a.png", file=file()),
        "subscribe_list": lambda: api.subscribe_list(**of_list()),
        "supported_languages": lambda: api.supported_languages(),
        "unretweet": lambda: api.unretweet(w.reposted()),
        "unsubscribe_list": lambda: api.unsubscribe_list(list_id=api.subscribe_list(**of_list()).id),
        "update_friendship": lambda: api.update_friendship(screen_name="robin", retweets=True),
        "update_list": lambda: api.update_list(**of_list(), description="changed"),
        "update_profile": lambda: api.update_profile(description="changed", profile_link_color="000000"),
        "update_profile_banner": lambda: api.update_profile_banner("a.png", file=file()),
        "update_profile_image": lambda: api.update_profile_image(picture.name),
        "update_status": lambda: api.update_status(w.text(), auto_populate_reply_metadata=True, in_reply_to_status_id=20),
        "update_status_with_media": lambda: api.update_status_with_media(w.text(), "a.png", file=file()),
        "user_timeline": lambda: api.user_timeline(**robin),
        "verify_credentials": lambda: api.verify_credentials(),
    }
    others = {"parser": "an attribute", "session": "an attribute"}
    report = Report("tweepy.API", is_refusal=is_refusal)
    report.call_all([name for name in public_methods(tweepy.API) if name not in others], calls)


def streams():
    """Both streaming clients: each method that sends a request, and each handler that an event reaches."""
    handlers = {name: "a handler" for name in public_methods(tweepy.StreamingClient) if name.startswith("on_")}

    class Reader(tweepy.StreamingClient):
        def on_tweet(self, tweet):
            self.disconnect()

    def read(start):
        with w.writing():
            getattr(Reader(w.BEARER, max_retries=1), start)()

    rules = tweepy.StreamingClient(w.BEARER)
    calls = {
        "add_rules": lambda: (rules.add_rules(tweepy.StreamRule("heron"), dry_run=True), rules.add_rules(tweepy.StreamRule("heron"))),
        "get_rules": lambda: rules.get_rules(),
        "filter": lambda: read("filter"),
        "sample": lambda: read("sample"),
        "delete_rules": lambda: rules.delete_rules([rule.id for rule in rules.get_rules().data]),
        "disconnect": lambda: read("sample"),
        "request": lambda: rules.request("GET", "/2/tweets/20"),
    }
    methods = sorted(public_methods(tweepy.StreamingClient), key=lambda name: list(calls).index(name) if name in calls else -1)
    Report("tweepy.StreamingClient").call_all(methods, calls, handlers)

    class AsyncReader(tweepy.asynchronous.AsyncStreamingClient):
        async def on_tweet(self, tweet):
            self.disconnect()

    def reader():
        import aiohttp

        made = AsyncReader(w.BEARER, max_retries=1)
        # aiohttp ignores HTTPS_PROXY by default.
        made.session = aiohttp.ClientSession(trust_env=True)
        return made

    def asynchronously(use):
        async def run():
            one = reader()
            try:
                return await use(one)
            finally:
                await one.session.close()

        return lambda: asyncio.run(run())

    def read_async(start):
        async def use(one):
            with w.writing():
                await getattr(one, start)()

        return asynchronously(use)

    async def add(one):
        await one.add_rules(tweepy.StreamRule("heron"), dry_run="true")
        return await one.add_rules(tweepy.StreamRule("heron"))

    async def delete(one):
        return await one.delete_rules([rule.id for rule in (await one.get_rules()).data])

    calls = {
        "add_rules": asynchronously(add),
        "get_rules": asynchronously(lambda one: one.get_rules()),
        "filter": read_async("filter"),
        "sample": read_async("sample"),
        "delete_rules": asynchronously(delete),
        "disconnect": read_async("sample"),
        "request": asynchronously(lambda one: one.request("GET", "/2/tweets/20")),
    }
    methods = public_methods(tweepy.asynchronous.AsyncStreamingClient)
    handlers = {name: "a handler" for name in methods if name.startswith("on_")}
    methods = sorted(methods, key=lambda name: list(calls).index(name) if name in calls else -1)
    Report("tweepy.AsyncStreamingClient").call_all(methods, calls, handlers)


def logins():
    report = Report("tweepy logins")

    def oauth1():
        handler = tweepy.OAuth1UserHandler(w.KEY, w.SECRET, callback=w.CALLBACK)
        query = parse_qs(urlsplit(w.submit_consent(handler.get_authorization_url())).query)
        token, secret = handler.get_access_token(query["oauth_verifier"][0])
        assert tweepy.API(tweepy.OAuth1UserHandler(w.KEY, w.SECRET, token, secret)).verify_credentials().screen_name == "ada"

    def pin():
        handler = tweepy.OAuth1UserHandler(w.KEY, w.SECRET, callback="oob")
        import re

        verifier = re.search(r"\b(\d{7})\b", w.submit_consent(handler.get_authorization_url())).group(1)
        assert handler.get_access_token(verifier)

    def oauth2(secret):
        def run():
            scopes = ["tweet.read", "users.read", "offline.access"]
            handler = tweepy.OAuth2UserHandler(client_id=w.KEY, redirect_uri=w.CALLBACK, scope=scopes, client_secret=secret)
            url = handler.get_authorization_url()
            token = handler.fetch_token(w.submit_consent(url))
            assert tweepy.Client(token["access_token"]).get_me(user_auth=False).data.username == "ada"

        return run

    def app():
        assert tweepy.API(tweepy.OAuth2AppHandler(w.KEY, w.SECRET)).get_status(20).id == 20

    def bearer():
        assert tweepy.API(tweepy.OAuth2BearerHandler(w.BEARER)).get_status(20).id == 20

    calls = {
        "OAuth1UserHandler with a callback": oauth1,
        "OAuth1UserHandler with a PIN": pin,
        "OAuth2UserHandler, public client": oauth2(None),
        "OAuth2UserHandler, confidential client": oauth2(w.SECRET),
        "OAuth2AppHandler": app,
        "OAuth2BearerHandler": bearer,
    }
    report.call_all(list(calls), calls)


if __name__ == "__main__":
    logins()
    v2()
    v1()
    streams()
