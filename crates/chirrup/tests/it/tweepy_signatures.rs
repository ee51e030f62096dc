//! The methods of Tweepy's `AsyncClient` with all of their arguments: each of them is part of the request.

use std::collections::BTreeMap;

use crate::wire::Ground;

const SPACE: &str = "1ynKOZVRyOwxR";
const TOKEN: &str = "7140dibdnow9c7btw3w29grvxfcgvpb9n9coehpk7xz5i";
const FROM: &str = "2026-01-01T00:00:00Z";
const UNTIL: &str = "2026-01-02T00:00:00Z";

/// The arguments of a group, as they are sent.
fn arguments(group: &str) -> &'static [(&'static str, &'static str)] {
    match group {
        "posts" => &[
            ("expansions", "author_id,geo.place_id"),
            ("media.fields", "url"),
            ("place.fields", "name,geo"),
            ("poll.fields", "voting_status"),
            ("tweet.fields", "lang,source"),
            ("user.fields", "verified"),
        ],
        "users" => &[("expansions", "pinned_tweet_id"), ("tweet.fields", "lang"), ("user.fields", "verified,url")],
        "lists" => &[("expansions", "owner_id"), ("list.fields", "private"), ("user.fields", "verified")],
        "spaces" => &[("expansions", "creator_id"), ("space.fields", "title,lang"), ("user.fields", "verified")],
        "messages" => &[
            ("dm_event.fields", "sender_id,created_at"),
            ("event_types", "MessageCreate"),
            ("expansions", "sender_id"),
            ("media.fields", "url"),
            ("tweet.fields", "lang"),
            ("user.fields", "verified"),
        ],
        "size" => &[("max_results", "50")],
        "page" => &[("max_results", "50"), ("pagination_token", TOKEN)],
        "next" => &[("max_results", "50"), ("next_token", TOKEN)],
        "token" => &[("next_token", TOKEN)],
        "ids" => &[("since_id", "20"), ("until_id", "9223372036854775807")],
        "times" => &[("start_time", FROM), ("end_time", UNTIL)],
        "exclude" => &[("exclude", "replies,retweets")],
        "order" => &[("sort_order", "relevancy")],
        "granularity" => &[("granularity", "day")],
        "live" => &[("state", "live")],
        "nothing" => &[],
        other => panic!("{other} is not a group"),
    }
}

macro_rules! posts {
    ($call:expr) => {
        $call
            .expansions(["author_id", "geo.place_id"])
            .media_fields(["url"])
            .place_fields(["name", "geo"])
            .poll_fields(["voting_status"])
            .post_fields(["lang", "source"])
            .user_fields(["verified"])
    };
}

macro_rules! users {
    ($call:expr) => {
        $call.expansions(["pinned_tweet_id"]).post_fields(["lang"]).user_fields(["verified", "url"])
    };
}

macro_rules! lists {
    ($call:expr) => {
        $call.expansions(["owner_id"]).list_fields(["private"]).user_fields(["verified"])
    };
}

macro_rules! spaces {
    ($call:expr) => {
        $call.expansions(["creator_id"]).space_fields(["title", "lang"]).user_fields(["verified"])
    };
}

macro_rules! messages {
    ($call:expr) => {
        $call
            .dm_event_fields(["sender_id", "created_at"])
            .event_types(["MessageCreate"])
            .expansions(["sender_id"])
            .media_fields(["url"])
            .post_fields(["lang"])
            .user_fields(["verified"])
    };
}

macro_rules! size {
    ($call:expr) => {
        $call.max_results(50)
    };
}

macro_rules! page {
    ($call:expr) => {
        $call.max_results(50).page_token(TOKEN)
    };
}

macro_rules! next {
    ($call:expr) => {
        page!($call)
    };
}

macro_rules! token {
    ($call:expr) => {
        $call.page_token(TOKEN)
    };
}

macro_rules! ids {
    ($call:expr) => {
        $call.since_id(20).until_id("9223372036854775807")
    };
}

macro_rules! times {
    ($call:expr) => {
        $call.start_time(FROM).end_time(UNTIL)
    };
}

macro_rules! exclude {
    ($call:expr) => {
        $call.exclude(["replies", "retweets"])
    };
}

macro_rules! order {
    ($call:expr) => {
        $call.sort_order("relevancy")
    };
}

macro_rules! granularity {
    ($call:expr) => {
        $call.granularity("day")
    };
}

macro_rules! live {
    ($call:expr) => {
        $call.state("live")
    };
}

macro_rules! nothing {
    ($call:expr) => {
        $call
    };
}

#[tokio::test]
async fn every_argument_of_a_method_is_sent() {
    let g = Ground::new().await;
    let c = &g.client;
    let me = g.me.as_str();
    macro_rules! sends {
        ($($row:literal: $call:expr, [$($group:ident)+] => $path:expr, $own:expr;)+) => {$({
            let call = $call;
            $(let call = $group!(call);)+
            // The page token is made up, so the response does not matter.
            let _ = call.raw().await;
            let sent = g.wire.take();
            let own: &[(&str, &str)] = &$own;
            let groups = [$(stringify!($group)),+];
            let all = groups.into_iter().flat_map(arguments).chain(own);
            let all: BTreeMap<_, _> = all.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            shows!($row, {
                assert_eq!(sent.len(), 1, "{}: {sent:?}", $row);
                assert_eq!((sent[0].method.as_str(), sent[0].path.replace(me, "ME")), ("GET", $path.to_owned()));
                assert_eq!(sent[0].query, all, "{}", $row);
            });
        })+};
    }
    const Q: [(&str, &str); 1] = [("query", "rust")];
    sends! {
        "tweepy.get_bookmarks": c.bookmarks(), [posts page] => "/2/users/ME/bookmarks", [];
        "tweepy.get_liking_users": c.liking_users(20), [users page] => "/2/tweets/20/liking_users", [];
        "tweepy.get_liked_tweets": c.liked_posts(12), [posts page] => "/2/users/12/liked_tweets", [];
        "tweepy.get_quote_tweets": c.quotes(20), [posts page exclude] => "/2/tweets/20/quote_tweets", [];
        "tweepy.get_retweeters": c.reposters(20), [users page] => "/2/tweets/20/retweeted_by", [];
        "tweepy.search_all_tweets": c.search_all("rust"), [posts next ids order] => "/2/tweets/search/all", Q;
        "tweepy.search_all_tweets": c.search_all("rust"), [posts next times order] => "/2/tweets/search/all", Q;
        "tweepy.search_recent_tweets": c.search_recent("rust"), [posts next ids order] => "/2/tweets/search/recent", Q;
        "tweepy.search_recent_tweets": c.search_recent("rust"), [posts next times order] => "/2/tweets/search/recent", Q;
        "tweepy.get_users_mentions": c.mentions(12), [posts page ids] => "/2/users/12/mentions", [];
        "tweepy.get_users_mentions": c.mentions(12), [times] => "/2/users/12/mentions", [];
        "tweepy.get_home_timeline": c.home_timeline(), [posts page ids exclude]
            => "/2/users/ME/timelines/reverse_chronological", [];
        "tweepy.get_home_timeline": c.home_timeline(), [times] => "/2/users/ME/timelines/reverse_chronological", [];
        "tweepy.get_users_tweets": c.user_posts(12), [posts page ids exclude] => "/2/users/12/tweets", [];
        "tweepy.get_users_tweets": c.user_posts(12), [times] => "/2/users/12/tweets", [];
        "tweepy.get_all_tweets_count": c.count_all("rust"), [token ids granularity] => "/2/tweets/counts/all", Q;
        "tweepy.get_all_tweets_count": c.count_all("rust"), [token times] => "/2/tweets/counts/all", Q;
        "tweepy.get_recent_tweets_count": c.count_recent("rust"), [ids granularity] => "/2/tweets/counts/recent", Q;
        "tweepy.get_recent_tweets_count": c.count_recent("rust"), [times] => "/2/tweets/counts/recent", Q;
        "tweepy.get_tweet": c.get_post(20), [posts] => "/2/tweets/20", [];
        "tweepy.get_tweets": c.get_posts([20, 21]), [posts] => "/2/tweets", [("ids", "20,21")];
        "tweepy.get_blocked": c.blocking(), [users page] => "/2/users/ME/blocking", [];
        "tweepy.get_users_followers": c.followers(12), [users page] => "/2/users/12/followers", [];
        "tweepy.get_users_following": c.following(12), [users page] => "/2/users/12/following", [];
        "tweepy.get_muted": c.muting(), [users page] => "/2/users/ME/muting", [];
        "tweepy.get_user.id": c.get_user(12), [users] => "/2/users/12", [];
        "tweepy.get_user.username": c.get_user_by_name("robin"), [users] => "/2/users/by/username/robin", [];
        "tweepy.get_users.ids": c.get_users([12, 13]), [users] => "/2/users", [("ids", "12,13")];
        "tweepy.get_users.usernames": c.get_users_by_name(["robin", "ada"]), [users]
            => "/2/users/by", [("usernames", "robin,ada")];
        "tweepy.get_me": c.get_me(), [users] => "/2/users/me", [];
        "tweepy.search_spaces": c.search_spaces("rust"), [spaces size live] => "/2/spaces/search", Q;
        "tweepy.get_spaces.ids": c.get_spaces([SPACE]), [spaces] => "/2/spaces", [("ids", SPACE)];
        "tweepy.get_spaces.user_ids": c.spaces_of([12, 13]), [spaces]
            => "/2/spaces/by/creator_ids", [("user_ids", "12,13")];
        "tweepy.get_space": c.get_space(SPACE), [spaces] => format!("/2/spaces/{SPACE}"), [];
        "tweepy.get_space_buyers": c.space_buyers(SPACE), [users] => format!("/2/spaces/{SPACE}/buyers"), [];
        "tweepy.get_space_tweets": c.space_posts(SPACE), [posts] => format!("/2/spaces/{SPACE}/tweets"), [];
        "tweepy.get_direct_message_events": c.dm_events(), [messages page] => "/2/dm_events", [];
        "tweepy.get_direct_message_events.participant": c.dm_events_with(12), [messages page]
            => "/2/dm_conversations/with/12/dm_events", [];
        "tweepy.get_direct_message_events.conversation": c.dm_events_in("12-13"), [messages page]
            => "/2/dm_conversations/12-13/dm_events", [];
        "tweepy.get_list_tweets": c.list_posts(7), [posts page] => "/2/lists/7/tweets", [];
        "tweepy.get_list_followers": c.list_followers(7), [users page] => "/2/lists/7/followers", [];
        "tweepy.get_list_members": c.list_members(7), [users page] => "/2/lists/7/members", [];
        "tweepy.get_followed_lists": c.followed_lists(12), [lists page] => "/2/users/12/followed_lists", [];
        "tweepy.get_list": c.get_list(7), [lists] => "/2/lists/7", [];
        "tweepy.get_owned_lists": c.owned_lists(12), [lists page] => "/2/users/12/owned_lists", [];
        "tweepy.get_list_memberships": c.list_memberships(12), [lists page] => "/2/users/12/list_memberships", [];
        "tweepy.get_pinned_lists": c.pinned_lists(), [lists] => "/2/users/ME/pinned_lists", [];
        "tweepy.get_compliance_job": c.get_compliance_job("7"), [nothing] => "/2/compliance/jobs/7", [];
        "tweepy.get_compliance_jobs": c.compliance_jobs("users").status("complete"), [nothing]
            => "/2/compliance/jobs", [("status", "complete"), ("type", "users")];
    }
}

/// Sends a call as the user. Returns whether it was signed, and then whether it carried a token.
macro_rules! schemes {
    ($g:ident, $call:expr) => {{
        let _ = $call.as_user().raw().await;
        let user = $g.wire.take().pop().map(|sent| sent.header("authorization").starts_with("OAuth "));
        let _ = $call.as_app().raw().await;
        let app = $g.wire.take().pop().map(|sent| sent.header("authorization").starts_with("Bearer "));
        (user, app)
    }};
}

#[tokio::test]
async fn reads_take_the_credential_of_the_user_or_of_the_app() {
    let g = Ground::new().await;
    let c = g.wire.client(g.sandbox.app_only().and(g.sandbox.oauth1("ada").unwrap()));
    for (name, both) in [
        ("quotes", schemes!(g, c.quotes(20))),
        ("reposters", schemes!(g, c.reposters(20))),
        ("search_recent", schemes!(g, c.search_recent("rust"))),
        ("mentions", schemes!(g, c.mentions(12))),
        ("user_posts", schemes!(g, c.user_posts(12))),
        ("get_posts", schemes!(g, c.get_posts([20]))),
        ("followers", schemes!(g, c.followers(12))),
        ("following", schemes!(g, c.following(12))),
        ("get_user", schemes!(g, c.get_user(12))),
        ("get_users_by_name", schemes!(g, c.get_users_by_name(["robin"]))),
        ("list_posts", schemes!(g, c.list_posts(7))),
        ("list_members", schemes!(g, c.list_members(7))),
        ("owned_lists", schemes!(g, c.owned_lists(12))),
        ("get_list", schemes!(g, c.get_list(7))),
    ] {
        shows!("tweepy.user_auth", assert_eq!(both, (Some(true), Some(true)), "{name}"));
    }
}
