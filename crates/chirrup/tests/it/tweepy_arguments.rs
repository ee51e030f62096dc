//! The arguments of Tweepy's `AsyncClient`: their names in a request, their effect and their limits.

use chirrup::ErrorKind;
use chirrup::model::{NewMedia, NewPoll, NewReply, PlaceId, Timestamp};

use crate::wire::{Ground, Sent};

const SPACE: &str = "1ynKOZVRyOwxR";

#[tokio::test]
async fn arguments_of_create_tweet_are_parts_of_the_body() {
    part!({
        let g = Ground::new().await;
        let c = &g.client;
        let post = || c.create_post().text("x");
        let place: PlaceId = "01a9a39529b27f36".parse().unwrap();
        let link = "https://x.com/messages/compose?recipient_id=12";
        let cases = [
            (
                "tweepy.create_tweet.direct_message_deep_link",
                post().direct_message_deep_link(link),
                r#"{"direct_message_deep_link":"https://x.com/messages/compose?recipient_id=12","text":"x"}"#,
            ),
            (
                "tweepy.create_tweet.for_super_followers_only",
                post().for_super_followers_only(true),
                r#"{"for_super_followers_only":true,"text":"x"}"#,
            ),
            (
                "tweepy.create_tweet.place_id",
                post().geo(place),
                r#"{"geo":{"place_id":"01a9a39529b27f36"},"text":"x"}"#,
            ),
            (
                "tweepy.create_tweet.media_ids",
                c.create_post().media([1_u64, 2]),
                r#"{"media":{"media_ids":["1","2"]}}"#,
            ),
            (
                "tweepy.create_tweet.media_tagged_user_ids",
                c.create_post().media(NewMedia::new([1_u64]).tag([12.into()])),
                r#"{"media":{"media_ids":["1"],"tagged_user_ids":["12"]}}"#,
            ),
            (
                "tweepy.create_tweet.poll_options",
                post().poll(NewPoll::new(["a", "b"], 60)),
                r#"{"poll":{"duration_minutes":60,"options":["a","b"]},"text":"x"}"#,
            ),
            (
                "tweepy.create_tweet.poll_duration_minutes",
                post().poll(NewPoll::new(["a", "b"], 1_440)),
                r#"{"poll":{"duration_minutes":1440,"options":["a","b"]},"text":"x"}"#,
            ),
            ("tweepy.create_tweet.quote_tweet_id", post().quote(20), r#"{"quote_tweet_id":"20","text":"x"}"#),
            (
                "tweepy.create_tweet.in_reply_to_tweet_id",
                post().reply(20),
                r#"{"reply":{"in_reply_to_tweet_id":"20"},"text":"x"}"#,
            ),
            (
                "tweepy.create_tweet.exclude_reply_user_ids",
                post().reply(NewReply::to(20).exclude([12.into()])),
                r#"{"reply":{"exclude_reply_user_ids":["12"],"in_reply_to_tweet_id":"20"},"text":"x"}"#,
            ),
            (
                "tweepy.create_tweet.reply_settings",
                post().reply_settings("mentionedUsers"),
                r#"{"reply_settings":"mentionedUsers","text":"x"}"#,
            ),
            (
                "tweepy.create_tweet.reply_settings",
                post().reply_settings("following"),
                r#"{"reply_settings":"following","text":"x"}"#,
            ),
            ("tweepy.create_tweet", post(), r#"{"text":"x"}"#),
            ("tweepy.param.none", post(), r#"{"text":"x"}"#),
        ];
        for (row, call, body) in cases {
            part!({
                let answer = call.raw().await;
                let sent: Vec<_> = g.wire.take().iter().map(Sent::line).collect();
                shows!(row, {
                    assert_eq!(sent, [format!("POST /2/tweets {body}")]);
                    // The same text a second time is a duplicate; all else is accepted.
                    assert!(answer.is_ok() || answer.unwrap_err().message().contains("duplicate"), "{body}");
                });
            });
        }
    });
}

#[tokio::test]
async fn shared_arguments_are_named_as_x_names_them() {
    let g = Ground::new().await;
    let c = &g.client;
    let now: Timestamp = g.sandbox.clock().now();
    let second = Timestamp::from_secs(now.as_secs() - 86_400);
    let (search, any) = (|| c.search_recent("rust"), ("/meta/result_count", "*"));
    let timeline = || c.user_posts(12);
    let base = "GET /2/tweets/search/recent";
    let posts = "GET /2/users/12/tweets";
    for (row, call, line) in [
        (
            "tweepy.param.expansions",
            search().expansions(["author_id", "geo.place_id"]).call().clone(),
            format!("{base} expansions=author_id,geo.place_id query=rust"),
        ),
        (
            "tweepy.param.tweet_fields",
            search().post_fields(["created_at", "lang"]).call().clone(),
            format!("{base} query=rust tweet.fields=created_at,lang"),
        ),
        (
            "tweepy.param.user_fields",
            search().user_fields(["verified"]).call().clone(),
            format!("{base} query=rust user.fields=verified"),
        ),
        (
            "tweepy.param.media_fields",
            search().media_fields(["url"]).call().clone(),
            format!("{base} media.fields=url query=rust"),
        ),
        (
            "tweepy.param.place_fields",
            search().place_fields(["country_code"]).call().clone(),
            format!("{base} place.fields=country_code query=rust"),
        ),
        (
            "tweepy.param.poll_fields",
            search().poll_fields(["duration_minutes"]).call().clone(),
            format!("{base} poll.fields=duration_minutes query=rust"),
        ),
        (
            "tweepy.param.list_fields",
            c.owned_lists(12).list_fields(["private"]).call().clone(),
            "GET /2/users/12/owned_lists list.fields=private".to_owned(),
        ),
        (
            "tweepy.param.space_fields",
            c.search_spaces("x").space_fields(["title"]).call().clone(),
            "GET /2/spaces/search query=x space.fields=title".to_owned(),
        ),
        (
            "tweepy.param.dm_event_fields",
            c.dm_events().dm_event_fields(["sender_id"]).call().clone(),
            "GET /2/dm_events dm_event.fields=sender_id".to_owned(),
        ),
        (
            "tweepy4.params.map",
            c.dm_events().dm_event_fields(["sender_id"]).call().clone(),
            "GET /2/dm_events dm_event.fields=sender_id".to_owned(),
        ),
        (
            "tweepy.param.max_results",
            search().max_results(11).call().clone(),
            format!("{base} max_results=11 query=rust"),
        ),
        ("tweepy.param.since_id", timeline().since_id(20).call().clone(), format!("{posts} since_id=20")),
        (
            "tweepy.param.until_id",
            timeline().until_id("9223372036854775807").call().clone(),
            format!("{posts} until_id=9223372036854775807"),
        ),
        ("tweepy.param.ids", timeline().since_id("20").call().clone(), format!("{posts} since_id=20")),
        (
            "tweepy.param.start_time",
            search().start_time(second).call().clone(),
            format!("{base} query=rust start_time={}", second.to_whole_seconds()),
        ),
        (
            "tweepy.param.end_time",
            search().end_time(second).call().clone(),
            format!("{base} end_time={} query=rust", second.to_whole_seconds()),
        ),
        (
            "tweepy.param.sort_order",
            search().sort_order("relevancy").call().clone(),
            format!("{base} query=rust sort_order=relevancy"),
        ),
        (
            "tweepy.param.exclude",
            timeline().exclude(["replies", "retweets"]).call().clone(),
            format!("{posts} exclude=replies,retweets"),
        ),
        (
            "tweepy.param.lists",
            timeline().exclude(["replies", "retweets"]).call().clone(),
            format!("{posts} exclude=replies,retweets"),
        ),
        ("tweepy.param.none", search().call().clone(), format!("{base} query=rust")),
    ] {
        g.sends(row, call, &line, any).await;
    }
    for granularity in ["minute", "hour", "day"] {
        let line = format!("GET /2/tweets/counts/recent granularity={granularity} query=rust");
        let found = ("/meta/total_tweet_count", "*");
        g.shows("tweepy.param.granularity", c.count_recent("rust").granularity(granularity), &line, found).await;
    }
    let first = timeline().max_results(5).await.unwrap();
    let token = first.meta.next_token.clone().unwrap();
    let found = search().max_results(10).await.unwrap().meta.next_token.unwrap();
    g.wire.take();
    let line = format!("{posts} max_results=5 pagination_token={token}");
    let call = timeline().max_results(5).page_token(token.as_str());
    part!({
        let page = g.shows("tweepy.param.pagination_token", call, &line, ("/meta/previous_token", "*")).await;
        let ids: Vec<_> = first.data.iter().map(|post| post.id.to_string()).collect();
        shows!("tweepy.param.pagination_token", assert!(ids.iter().all(|id| !page.to_string().contains(id.as_str()))));
    });
    let line = format!("{base} next_token={found} query=rust");
    g.shows("tweepy.param.next_token", search().page_token(found.as_str()), &line, any).await;
    let bodies = [c.like(20).call().clone(), c.like("20").call().clone()];
    for call in bodies {
        g.sends("tweepy.param.ids", call, r#"POST /2/users/ME/likes {"tweet_id":"20"}"#, ("/data/liked", "true")).await;
    }
}

#[tokio::test]
async fn ranges_of_ids_and_times_select_posts() {
    let g = Ground::new().await;
    let c = &g.client;
    let all = c.user_posts(12).post_fields(["created_at"]).max_results(100).await.unwrap().data;
    let (newest, oldest) = (&all[2], &all[7]);
    let ids = |posts: &[chirrup::model::Post]| posts.iter().map(|post| post.id).collect::<Vec<_>>();
    part!({
        let since = c.user_posts(12).since_id(oldest.id).await.unwrap().data;
        shows!(
            ["tweepy.param.since_id", "pytweet.user.fetch_timelines.since_id"],
            assert_eq!(ids(&since), ids(&all[..7]))
        );
    });
    part!({
        let until = c.user_posts(12).until_id(newest.id).max_results(5).await.unwrap().data;
        shows!(
            ["tweepy.param.until_id", "pytweet.user.fetch_timelines.until_id"],
            assert_eq!(ids(&until), ids(&all[3..8]))
        );
    });
    part!({
        let start = oldest.created_at.unwrap();
        let from = c.user_posts(12).start_time(start).max_results(100).await.unwrap().data;
        let from_it = all.iter().filter(|post| post.created_at.unwrap() >= start).count();
        shows!(
            ["tweepy.param.start_time", "pytweet.user.fetch_timelines.start_time"],
            assert_eq!(ids(&from), ids(&all[..from_it]))
        );
    });
    let end = newest.created_at.unwrap();
    part!({
        let before = c.user_posts(12).end_time(end).max_results(100).await.unwrap().data;
        shows!("pytweet.user.fetch_timelines.end_time", {
            assert!(!before.is_empty() && before.iter().all(|post| post.id <= newest.id), "{before:?}");
        });
    });
    let day = all.iter().find(|post| post.created_at.unwrap() <= g.sandbox.clock().now().plus_millis(-60_000)).unwrap();
    let end = day.created_at.unwrap();
    part!({
        let exclusive = c.search_recent("from:robin").end_time(end).post_fields(["created_at"]).await.unwrap().data;
        shows!(["tweepy.param.end_time", "seed.more.end_time_inclusive"], {
            assert!(!exclusive.is_empty() && exclusive.iter().all(|post| post.created_at.unwrap() < end));
        });
    });
    part!({
        let inclusive = c.user_posts(12).end_time(end).max_results(100).await.unwrap().data;
        let until_it = all.iter().position(|post| post.created_at.unwrap() <= end).unwrap();
        shows!(
            ["tweepy.param.end_time", "seed.more.end_time_inclusive", "pytweet.user.fetch_timelines.end_time"],
            assert_eq!(ids(&inclusive), ids(&all[until_it..]), "a timeline includes the second of its end")
        );
    });
    part!({
        let counted = c.count_recent("from:robin").end_time(end).await.unwrap().meta.total_post_count;
        let older = c.search_recent("from:robin").end_time(end).items().collect().await.unwrap().len() as u64;
        shows!("seed.more.end_time_inclusive", assert_eq!((counted, older > 0), (Some(older), true)));
    });
}

#[tokio::test]
async fn page_sizes_out_of_bounds_are_refused_without_a_request() {
    let g = Ground::new().await;
    let c = &g.client;
    macro_rules! bounds {
        ($($row:literal, $call:expr, $min:literal..=$max:literal;)+) => {$(
            for size in [$min - 1, $max + 1] {
                let refused = $call.max_results(size).raw().await;
                let sent = g.wire.take();
                shows!($row, {
                    let error = refused.expect_err($row);
                    assert!(error.kind() == ErrorKind::Argument && sent.is_empty(), "{size}: {error}");
                });
            }
            for size in [$min, $max] {
                let response = $call.max_results(size).raw().await;
                let sent = g.wire.take();
                shows!($row, {
                    assert!(response.is_ok() && sent[0].query["max_results"] == size.to_string(), "{size}");
                });
            }
        )+};
    }
    part!({
        bounds! {
            "tweepy.get_bookmarks", c.bookmarks(), 1..=100;
            "tweepy.get_liking_users", c.liking_users(20), 1..=100;
            "tweepy.get_liked_tweets", c.liked_posts(12), 5..=100;
            "tweepy.get_quote_tweets", c.quotes(20), 10..=100;
            "tweepy.get_retweeters", c.reposters(20), 1..=100;
            "tweepy.search_all_tweets", c.search_all("rust"), 10..=500;
            "tweepy.search_recent_tweets", c.search_recent("rust"), 10..=100;
            "tweepy.get_users_mentions", c.mentions(12), 5..=100;
            "tweepy.get_home_timeline", c.home_timeline(), 1..=100;
            "tweepy.get_users_tweets", c.user_posts(12), 5..=100;
            "tweepy.get_blocked", c.blocking(), 1..=1000;
            "tweepy.get_users_followers", c.followers(12), 1..=1000;
            "tweepy.get_users_following", c.following(12), 1..=1000;
            "tweepy.get_muted", c.muting(), 1..=1000;
            "tweepy.search_spaces", c.search_spaces("x"), 1..=100;
            "tweepy.get_list_followers", c.list_followers(1), 1..=100;
            "tweepy.get_followed_lists", c.followed_lists(12), 1..=100;
            "tweepy.get_owned_lists", c.owned_lists(12), 1..=100;
            "tweepy.get_list_memberships", c.list_memberships(12), 1..=100;
            "tweepy.get_list_members", c.list_members(1), 1..=100;
            "tweepy.get_list_tweets", c.list_posts(1), 1..=100;
            "tweepy.get_direct_message_events", c.dm_events(), 1..=100;
        }
        let too_many = || (1..=101_u64).collect::<Vec<_>>();
        for (row, refused) in [
            ("tweepy.get_tweets", c.get_posts(too_many()).raw().await),
            ("tweepy.get_users.ids", c.get_users(too_many()).raw().await),
            ("tweepy.get_users.usernames", c.get_users_by_name(vec!["a"; 101]).raw().await),
            ("tweepy.get_spaces.ids", c.get_spaces(vec![SPACE; 101]).raw().await),
            ("tweepy.get_spaces.user_ids", c.spaces_of(too_many()).raw().await),
            ("tweepy.search_recent_tweets", c.search_recent("a".repeat(4_097)).raw().await),
            ("tweepy.search_all_tweets", c.search_all("a".repeat(4_097)).raw().await),
            ("tweepy.create_direct_message.text", c.send_dm(12).text("a".repeat(10_001)).raw().await),
        ] {
            part!({
                let sent = g.wire.take();
                shows!(row, {
                    let error = refused.expect_err(row);
                    assert!(error.kind() == ErrorKind::Argument && sent.is_empty(), "{row}: {error}");
                });
            });
        }
    });
}
