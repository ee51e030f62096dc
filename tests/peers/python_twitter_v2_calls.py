"""Every public method of python-twitter-v2: `Api` and `StreamApi`."""

import io

from pytwitter import Api, StreamApi

import world as w
from calls import Report, public_methods

NO_REQUEST = {name: "a handler" for name in ["on_closed", "on_data", "on_keep_alive", "on_request_error", "on_tweet"]}


def rest():
    api = Api(consumer_key=w.KEY, consumer_secret=w.SECRET, access_token=w.TOKEN, access_secret=w.TOKEN_SECRET)
    app, user = Api(bearer_token=w.BEARER), Api(bearer_token=w.OAUTH2)

    def oauth1_login():
        one = Api(consumer_key=w.KEY, consumer_secret=w.SECRET, oauth_flow=True)
        one.generate_access_token(w.submit_consent(one.get_authorize_url(callback_uri=w.CALLBACK)))
        return one

    def oauth2_login():
        one = Api(client_id=w.KEY, oauth_flow=True, callback_uri=w.CALLBACK, scopes=["tweet.read", "users.read"])
        url, verifier, _ = one.get_oauth2_authorize_url()
        one.generate_oauth2_access_token(w.submit_consent(url), verifier)
        assert one.get_me().data.username == "ada"

    def append(method, media_id):
        return getattr(api if "v2" not in method else user, method)(media_id=media_id, segment_index=0, media=io.BytesIO(w.MP4))

    def init_v1():
        return api.upload_media_chunked_init(total_bytes=len(w.MP4), media_type="video/mp4").media_id_string

    def init_v2():
        made = user.upload_media_chunked_init_v2(total_bytes=len(w.MP4), media_type="video/mp4", media_category="tweet_video")
        return made.data.id

    def finalize_v2():
        media_id = init_v2()
        # The client sends no segment_index.
        w.send("POST", f"/2/media/upload/{media_id}/append", data={"segment_index": "0"}, files={"media": w.MP4})
        user.upload_media_chunked_finalize_v2(media_id)
        return media_id

    me, robin = w.ME, w.ROBIN
    calls = {
        "add_list_member": lambda: api.add_list_member(list_id=w.list_(), user_id=robin),
        "block_user": lambda: api.block_user(me, robin),
        "block_user_dm": lambda: user.block_user_dm(robin),
        "bookmark_tweet": lambda: user.bookmark_tweet(me, w.POST),
        "bookmark_tweet_remove": lambda: user.bookmark_tweet_remove(me, w.POST),
        "create_compliance_job": lambda: app.create_compliance_job("tweets"),
        "create_conversation": lambda: api.create_conversation("Group", {"text": w.text()}, [robin, w.LENA]),
        "create_list": lambda: api.create_list(name="by python-twitter-v2"),
        "create_message_to_conversation": lambda: api.create_message_to_conversation(w.CONVERSATION, text=w.text()),
        "create_message_to_participant": lambda: api.create_message_to_participant(robin, text=w.text()),
        "create_tweet": lambda: api.create_tweet(text=w.text()),
        "delete_list": lambda: api.delete_list(w.list_()),
        "delete_tweet": lambda: api.delete_tweet(w.post()),
        "follow_list": lambda: api.follow_list(user_id=me, list_id=w.list_()),
        "follow_user": lambda: api.follow_user(me, robin),
        "generate_access_token": oauth1_login,
        "generate_bearer_token": lambda: Api(consumer_key=w.KEY, consumer_secret=w.SECRET, application_only_auth=True),
        "generate_oauth2_access_token": oauth2_login,
        "get_authorize_url": oauth1_login,
        "get_blocking_users": lambda: api.get_blocking_users(me),
        "get_bookmark_tweets": lambda: user.get_bookmark_tweets(me),
        "get_buyers_by_space": lambda: user.get_buyers_by_space(w.own_space()),
        "get_compliance_job": lambda: app.get_compliance_job(w.job()),
        "get_compliance_jobs": lambda: app.get_compliance_jobs("tweets"),
        "get_dm_events": lambda: api.get_dm_events(),
        "get_dm_events_by_conversation": lambda: api.get_dm_events_by_conversation(w.CONVERSATION),
        "get_dm_events_by_participant": lambda: api.get_dm_events_by_participant(robin),
        "get_followers": lambda: api.get_followers(robin),
        "get_following": lambda: api.get_following(robin),
        "get_list": lambda: api.get_list(w.list_()),
        "get_list_followers": lambda: api.get_list_followers(w.list_()),
        "get_list_members": lambda: api.get_list_members(w.list_()),
        "get_list_tweets": lambda: api.get_list_tweets(w.list_()),
        "get_me": lambda: api.get_me(),
        "get_mentions": lambda: api.get_mentions(robin),
        "get_oauth2_authorize_url": oauth2_login,
        "get_space": lambda: app.get_space(w.space()["id"]),
        "get_spaces": lambda: app.get_spaces([w.space()["id"]]),
        "get_spaces_by_creator": lambda: app.get_spaces_by_creator([w.space()["creator_id"]]),
        "get_timelines": lambda: api.get_timelines(robin),
        "get_timelines_reverse_chronological": lambda: api.get_timelines_reverse_chronological(me),
        "get_trends_by_woeid": lambda: app.get_trends_by_woeid(1),
        "get_tweet": lambda: api.get_tweet(w.POST, tweet_fields=["created_at", "public_metrics"]),
        "get_tweet_liking_users": lambda: api.get_tweet_liking_users(w.post()),
        "get_tweet_quote_tweets": lambda: api.get_tweet_quote_tweets(w.POST),
        "get_tweet_retweeted_tweets": lambda: api.get_tweet_retweeted_tweets(w.POST),
        "get_tweet_retweeted_users": lambda: api.get_tweet_retweeted_users(w.POST),
        "get_tweets": lambda: api.get_tweets([w.POST]),
        "get_tweets_by_space": lambda: app.get_tweets_by_space(w.space()["id"]),
        "get_tweets_counts": lambda: app.get_tweets_counts("rust"),
        "get_uid_from_access_token_key": lambda: api.get_uid_from_access_token_key(w.TOKEN),
        "get_usage_tweets": lambda: app.get_usage_tweets(),
        "get_user": lambda: api.get_user(username="robin"),
        "get_user_followed_lists": lambda: api.get_user_followed_lists(me),
        "get_user_liked_tweets": lambda: api.get_user_liked_tweets(me),
        "get_user_memberships_lists": lambda: api.get_user_memberships_lists(robin),
        "get_user_muting": lambda: api.get_user_muting(me),
        "get_user_owned_lists": lambda: api.get_user_owned_lists(me),
        "get_user_pinned_lists": lambda: api.get_user_pinned_lists(me),
        "get_users": lambda: api.get_users(usernames=["ada", "robin"]),
        "hidden_reply": lambda: api.hidden_reply(w.reply_to_me(), hidden=True),
        "invalidate_access_token": lambda: invalidated(),
        "invalidate_bearer_token": lambda: api.invalidate_bearer_token(w.KEY, w.SECRET, "a token of no app"),
        "like_tweet": lambda: api.like_tweet(me, w.POST),
        "mute_user": lambda: api.mute_user(me, robin),
        "pin_list": lambda: api.pin_list(user_id=me, list_id=w.list_()),
        "remove_list_member": lambda: api.remove_list_member(list_id=w.list_(), user_id=robin),
        "remove_retweet_tweet": lambda: api.remove_retweet_tweet(me, w.reposted()),
        "retweet_tweet": lambda: api.retweet_tweet(me, w.POST),
        "search_spaces": lambda: app.search_spaces("Rust"),
        "search_tweets": lambda: app.search_tweets("rust"),
        "search_users": lambda: user.search_users("bird"),
        "unblock_user": lambda: api.unblock_user(me, robin),
        "unblock_user_dm": lambda: user.unblock_user_dm(robin),
        "unfollow_list": lambda: api.unfollow_list(user_id=me, list_id=w.list_()),
        "unfollow_user": lambda: api.unfollow_user(me, robin),
        "unlike_tweet": lambda: api.unlike_tweet(me, w.liked()),
        "unmute_user": lambda: api.unmute_user(me, robin),
        "unpin_list": lambda: api.unpin_list(user_id=me, list_id=w.list_()),
        "update_list": lambda: api.update_list(w.list_(), description="changed"),
        "upload_media_chunked_append": lambda: append("upload_media_chunked_append", init_v1()),
        "upload_media_chunked_append_v2": lambda: append("upload_media_chunked_append_v2", init_v2()),
        "upload_media_chunked_finalize": lambda: api.upload_media_chunked_finalize(w.video_upload()),
        "upload_media_chunked_finalize_v2": finalize_v2,
        "upload_media_chunked_init": init_v1,
        "upload_media_chunked_init_v2": init_v2,
        "upload_media_chunked_status": lambda: api.upload_media_chunked_status(w.finished_video()),
        "upload_media_chunked_status_v2": lambda: user.upload_media_chunked_status_v2(finalize_v2()),
        "upload_media_simple": lambda: api.upload_media_simple(media=io.BytesIO(w.PNG)),
        "upload_media_simple_v2": lambda: user.upload_media_simple_v2(media=io.BytesIO(w.PNG), media_category="tweet_image"),
    }

    def invalidated():
        one = oauth1_login()
        one.invalidate_access_token()

    refusals = {
        "block_user": "X has retired the endpoint",
        "unblock_user": "X has retired the endpoint",
        "invalidate_access_token": "a fault of the client: it sends no credentials",
        "upload_media_chunked_append_v2": "a fault of the client: it sends the file without the index of the segment",
        "invalidate_bearer_token": "the app has one token, which the other calls need",
    }
    Report("python-twitter-v2 Api", refusals, lambda error: type(error).__name__ == "PyTwitterError").call_all(
        public_methods(Api), calls
    )


def streams():
    def read(start):
        class Reader(StreamApi):
            def on_tweet(self, tweet):
                self.disconnect()

        with w.writing():
            getattr(Reader(bearer_token=w.BEARER), start)()

    api = StreamApi(bearer_token=w.BEARER)
    calls = {
        "generate_bearer_token": lambda: StreamApi(consumer_key=w.KEY, consumer_secret=w.SECRET),
        "manage_rules": lambda: api.manage_rules({"add": [{"value": "heron"}]}),
        "get_rules": lambda: api.get_rules(),
        "search_stream": lambda: read("search_stream"),
        "sample_stream": lambda: read("sample_stream"),
        "disconnect": lambda: read("sample_stream"),
    }
    methods = sorted(public_methods(StreamApi), key=lambda name: list(calls).index(name) if name in calls else -1)
    Report("python-twitter-v2 StreamApi").call_all(methods, calls, NO_REQUEST)


if __name__ == "__main__":
    rest()
    streams()
