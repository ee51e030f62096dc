//! The methods and arguments of Tweepy's `AsyncClient`: the request that each of them makes here, and its response.

use chirrup::ErrorKind;
use chirrup::model::{DmConversationType, DmMedia, MediaId, NewDm, NewMedia, NewPoll, NewReply, PlaceId, Timestamp};

use crate::wire::{Ground, Sent};
use crate::{part, shows};

const SPACE: &str = "1ynKOZVRyOwxR";

#[tokio::test]
async fn methods_of_posts_send_these_requests() {
    let g = Ground::new().await;
    let c = &g.client;
    let made = g
        .shows(
            ["tweepy.create_tweet", "tweepy.create_tweet.text"],
            c.create_post().text("Hello"),
            r#"POST /2/tweets {"text":"Hello"}"#,
            ("/data/text", "Hello"),
        )
        .await;
    let id = made["data"]["id"].as_str().unwrap().to_owned();
    let robin = g.wire.client(g.sandbox.oauth1("robin").unwrap());
    g.wire.take();
    let path = |rest: &str| format!("/2/tweets/{id}{rest}");
    let one = ("/data/id", id.as_str());
    g.shows("tweepy.get_tweet", c.get_post(id.as_str()), &format!("GET {}", path("")), one).await;
    let ids = format!("GET /2/tweets ids={id},20");
    g.shows("tweepy.get_tweets", c.get_posts([id.as_str(), "20"]), &ids, ("/data/1/id", "20")).await;
    part!({
        let reply = robin.create_post().text("A reply").reply(id.as_str()).await.unwrap().data.id.to_string();
        g.wire.take();
        let hide = |hidden: bool| format!(r#"PUT /2/tweets/{reply}/hidden {{"hidden":{hidden}}}"#);
        let hidden = "/data/hidden";
        g.shows("tweepy.hide_reply", c.hide_reply(reply.as_str(), true), &hide(true), (hidden, "true")).await;
        g.shows("tweepy.unhide_reply", c.hide_reply(reply.as_str(), false), &hide(false), (hidden, "false")).await;
    });
    let first = ("/data/0/id", "ME");
    for (row, call, line, found) in [
        (
            "tweepy.like",
            c.like(20).call().clone(),
            r#"POST /2/users/ME/likes {"tweet_id":"20"}"#,
            ("/data/liked", "true"),
        ),
        ("tweepy.get_liking_users", c.liking_users(20).call().clone(), "GET /2/tweets/20/liking_users", first),
        (
            "tweepy.get_liked_tweets",
            c.liked_posts(g.me.as_str()).call().clone(),
            "GET /2/users/ME/liked_tweets",
            ("/data/0/id", "20"),
        ),
        ("tweepy.unlike", c.unlike(20).call().clone(), "DELETE /2/users/ME/likes/20", ("/data/liked", "false")),
        ("tweepy.noop.unlike", c.unlike(20).call().clone(), "DELETE /2/users/ME/likes/20", ("/data/liked", "false")),
        (
            "tweepy.retweet",
            c.repost(20).call().clone(),
            r#"POST /2/users/ME/retweets {"tweet_id":"20"}"#,
            ("/data/retweeted", "true"),
        ),
        ("tweepy.get_retweeters", c.reposters(20).call().clone(), "GET /2/tweets/20/retweeted_by", first),
        (
            "tweepy.unretweet",
            c.undo_repost(20).call().clone(),
            "DELETE /2/users/ME/retweets/20",
            ("/data/retweeted", "false"),
        ),
        (
            "tweepy.noop.unlike",
            c.undo_repost(20).call().clone(),
            "DELETE /2/users/ME/retweets/20",
            ("/data/retweeted", "false"),
        ),
        (
            "tweepy.bookmark",
            c.bookmark(20).call().clone(),
            r#"POST /2/users/ME/bookmarks {"tweet_id":"20"}"#,
            ("/data/bookmarked", "true"),
        ),
        ("tweepy.get_bookmarks", c.bookmarks().call().clone(), "GET /2/users/ME/bookmarks", ("/data/0/id", "20")),
        (
            "tweepy.remove_bookmark",
            c.remove_bookmark(20).call().clone(),
            "DELETE /2/users/ME/bookmarks/20",
            ("/data/bookmarked", "false"),
        ),
        (
            "tweepy.search_recent_tweets",
            c.search_recent("rust").call().clone(),
            "GET /2/tweets/search/recent query=rust",
            ("/data/0/id", "*"),
        ),
        (
            "tweepy.search_all_tweets",
            c.search_all("rust").call().clone(),
            "GET /2/tweets/search/all query=rust",
            ("/data/0/id", "*"),
        ),
        (
            "tweepy.get_recent_tweets_count",
            c.count_recent("rust").call().clone(),
            "GET /2/tweets/counts/recent query=rust",
            ("/meta/total_tweet_count", "*"),
        ),
        (
            "tweepy.get_all_tweets_count",
            c.count_all("rust").call().clone(),
            "GET /2/tweets/counts/all query=rust",
            ("/meta/total_tweet_count", "*"),
        ),
        ("tweepy.get_users_tweets", c.user_posts(12).call().clone(), "GET /2/users/12/tweets", ("/data/0/id", "*")),
        ("tweepy.get_users_mentions", c.mentions(12).call().clone(), "GET /2/users/12/mentions", ("/data/0/id", "*")),
        (
            "tweepy.get_home_timeline",
            c.home_timeline().call().clone(),
            "GET /2/users/ME/timelines/reverse_chronological",
            ("/data/0/id", "*"),
        ),
    ] {
        g.sends(row, call, line, found).await;
    }
    part!({
        let quote = c.create_post().text("A quote").quote(id.as_str()).await.unwrap().data.id.to_string();
        g.wire.take();
        let quotes = format!("GET {}", path("/quote_tweets"));
        g.shows("tweepy.get_quote_tweets", c.quotes(id.as_str()), &quotes, ("/data/0/id", &quote)).await;
    });
    g.shows(
        "tweepy.delete_tweet",
        c.delete_post(id.as_str()),
        &format!("DELETE {}", path("")),
        ("/data/deleted", "true"),
    )
    .await;
}

#[tokio::test]
async fn arguments_of_create_tweet_are_parts_of_the_body() {
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
        ("tweepy.create_tweet.place_id", post().geo(place), r#"{"geo":{"place_id":"01a9a39529b27f36"},"text":"x"}"#),
        ("tweepy.create_tweet.media_ids", c.create_post().media([1_u64, 2]), r#"{"media":{"media_ids":["1","2"]}}"#),
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
        let answer = call.raw().await;
        let sent: Vec<_> = g.wire.take().iter().map(Sent::line).collect();
        shows!(row, {
            assert_eq!(sent, [format!("POST /2/tweets {body}")]);
            // The same text a second time is a duplicate; all else is accepted.
            assert!(answer.is_ok() || answer.unwrap_err().message().contains("duplicate"), "{body}");
        });
    }
}

#[tokio::test]
async fn methods_of_users_send_these_requests() {
    let g = Ground::new().await;
    let c = &g.client;
    let mika = c.get_user_by_name("mika").await.unwrap().data.id;
    g.wire.take();
    let (robin, first) = (("/data/id", "12"), ("/data/0/id", "12"));
    let body = r#"{"target_user_id":"12"}"#;
    for (row, call, line, found) in [
        ("tweepy.get_user.id", c.get_user(12).call().clone(), "GET /2/users/12".to_owned(), robin),
        (
            "tweepy.get_user.username",
            c.get_user_by_name("robin").call().clone(),
            "GET /2/users/by/username/robin".to_owned(),
            robin,
        ),
        (
            "tweepy.get_users.ids",
            c.get_users([12.into(), mika]).call().clone(),
            format!("GET /2/users ids=12,{mika}"),
            first,
        ),
        (
            "tweepy.get_users.usernames",
            c.get_users_by_name(["robin", "mika"]).call().clone(),
            "GET /2/users/by usernames=robin,mika".to_owned(),
            first,
        ),
        ("tweepy.get_me", c.get_me().call().clone(), "GET /2/users/me".to_owned(), ("/data/id", "ME")),
        (
            "tweepy.unfollow_user",
            c.unfollow(12).call().clone(),
            "DELETE /2/users/ME/following/12".to_owned(),
            ("/data/following", "false"),
        ),
        (
            "tweepy.noop.unlike",
            c.unfollow(12).call().clone(),
            "DELETE /2/users/ME/following/12".to_owned(),
            ("/data/following", "false"),
        ),
        (
            "tweepy.follow_user",
            c.follow(12).call().clone(),
            format!("POST /2/users/ME/following {body}"),
            ("/data/following", "true"),
        ),
        (
            "tweepy.get_users_followers",
            c.followers(12).call().clone(),
            "GET /2/users/12/followers".to_owned(),
            ("/data/0/id", "*"),
        ),
        (
            "tweepy.get_users_following",
            c.following(g.me.as_str()).call().clone(),
            "GET /2/users/ME/following".to_owned(),
            first,
        ),
        ("tweepy.mute", c.mute(12).call().clone(), format!("POST /2/users/ME/muting {body}"), ("/data/muting", "true")),
        ("tweepy.get_muted", c.muting().call().clone(), "GET /2/users/ME/muting".to_owned(), first),
        (
            "tweepy.unmute",
            c.unmute(12).call().clone(),
            "DELETE /2/users/ME/muting/12".to_owned(),
            ("/data/muting", "false"),
        ),
        (
            "tweepy.noop.unlike",
            c.unmute(12).call().clone(),
            "DELETE /2/users/ME/muting/12".to_owned(),
            ("/data/muting", "false"),
        ),
        (
            "tweepy.block",
            c.block(12).call().clone(),
            format!("POST /2/users/ME/blocking {body}"),
            ("/data/blocking", "true"),
        ),
        ("tweepy.get_blocked", c.blocking().call().clone(), "GET /2/users/ME/blocking".to_owned(), first),
        (
            "tweepy.unblock",
            c.unblock(12).call().clone(),
            "DELETE /2/users/ME/blocking/12".to_owned(),
            ("/data/blocking", "false"),
        ),
        (
            "tweepy.noop.unlike",
            c.unblock(12).call().clone(),
            "DELETE /2/users/ME/blocking/12".to_owned(),
            ("/data/blocking", "false"),
        ),
    ] {
        g.sends(row, call, &line, found).await;
    }
}

#[tokio::test]
async fn methods_of_lists_send_these_requests() {
    let g = Ground::new().await;
    let c = &g.client;
    let call = c.create_list("Birds").description("all").private(false);
    let rows = ["tweepy.create_list", "tweepy.create_list.description"];
    let line = r#"POST /2/lists {"description":"all","name":"Birds","private":false}"#;
    let made = g.shows(rows, call, line, ("/data/name", "Birds")).await;
    let id = made["data"]["id"].as_str().unwrap().to_owned();
    let l = id.as_str();
    let private = r#"POST /2/lists {"name":"Mine","private":true}"#;
    g.shows("tweepy.create_list.private", c.create_list("Mine").private(true), private, ("/data/name", "Mine")).await;
    for (row, call, line, found) in [
        ("tweepy.get_list", c.get_list(l).call().clone(), "GET /2/lists/LIST", ("/data/name", "Birds")),
        (
            "tweepy.update_list",
            c.update_list(l).name("Terns").call().clone(),
            r#"PUT /2/lists/LIST {"name":"Terns"}"#,
            ("/data/updated", "true"),
        ),
        (
            "tweepy.update_list.fields",
            c.update_list(l).name("Terns").call().clone(),
            r#"PUT /2/lists/LIST {"name":"Terns"}"#,
            ("/data/updated", "true"),
        ),
        (
            "tweepy.update_list.fields",
            c.update_list(l).description("d").call().clone(),
            r#"PUT /2/lists/LIST {"description":"d"}"#,
            ("/data/updated", "true"),
        ),
        (
            "tweepy.update_list.fields",
            c.update_list(l).private(false).call().clone(),
            r#"PUT /2/lists/LIST {"private":false}"#,
            ("/data/updated", "true"),
        ),
        (
            "tweepy.add_list_member",
            c.add_list_member(l, 12).call().clone(),
            r#"POST /2/lists/LIST/members {"user_id":"12"}"#,
            ("/data/is_member", "true"),
        ),
        (
            "tweepy.get_list_members",
            c.list_members(l).call().clone(),
            "GET /2/lists/LIST/members",
            ("/data/0/id", "12"),
        ),
        (
            "tweepy.get_list_memberships",
            c.list_memberships(12).call().clone(),
            "GET /2/users/12/list_memberships",
            ("/data/0/id", l),
        ),
        ("tweepy.get_list_tweets", c.list_posts(l).call().clone(), "GET /2/lists/LIST/tweets", ("/data/0/id", "*")),
        (
            "tweepy.remove_list_member",
            c.remove_list_member(l, 12).call().clone(),
            "DELETE /2/lists/LIST/members/12",
            ("/data/is_member", "false"),
        ),
        (
            "tweepy.get_owned_lists",
            c.owned_lists(g.me.as_str()).call().clone(),
            "GET /2/users/ME/owned_lists",
            ("/data/1/id", l),
        ),
        (
            "tweepy.follow_list",
            c.follow_list(l).call().clone(),
            r#"POST /2/users/ME/followed_lists {"list_id":"LIST"}"#,
            ("/data/following", "true"),
        ),
        (
            "tweepy.get_list_followers",
            c.list_followers(l).call().clone(),
            "GET /2/lists/LIST/followers",
            ("/data/0/id", "ME"),
        ),
        (
            "tweepy.get_followed_lists",
            c.followed_lists(g.me.as_str()).call().clone(),
            "GET /2/users/ME/followed_lists",
            ("/data/0/id", l),
        ),
        (
            "tweepy.unfollow_list",
            c.unfollow_list(l).call().clone(),
            "DELETE /2/users/ME/followed_lists/LIST",
            ("/data/following", "false"),
        ),
        (
            "tweepy.pin_list",
            c.pin_list(l).call().clone(),
            r#"POST /2/users/ME/pinned_lists {"list_id":"LIST"}"#,
            ("/data/pinned", "true"),
        ),
        ("tweepy.get_pinned_lists", c.pinned_lists().call().clone(), "GET /2/users/ME/pinned_lists", ("/data/0/id", l)),
        (
            "tweepy.unpin_list",
            c.unpin_list(l).call().clone(),
            "DELETE /2/users/ME/pinned_lists/LIST",
            ("/data/pinned", "false"),
        ),
        ("tweepy.delete_list", c.delete_list(l).call().clone(), "DELETE /2/lists/LIST", ("/data/deleted", "true")),
    ] {
        g.sends(row, call, &line.replace("LIST", l), found).await;
    }
}

#[tokio::test]
async fn methods_of_spaces_and_compliance_send_these_requests() {
    let g = Ground::new().await;
    let c = &g.client;
    let ids = format!("GET /2/spaces ids={SPACE}");
    let get = |rest: &str| format!("GET /2/spaces/{SPACE}{rest}");
    let (one, any) = (("/data/id", SPACE), ("/data/0/id", "*"));
    for (row, call, line, found) in [
        (
            "tweepy.search_spaces",
            c.search_spaces("birds").call().clone(),
            "GET /2/spaces/search query=birds".to_owned(),
            any,
        ),
        (
            "tweepy.search_spaces.state",
            c.search_spaces("birds").state("live").call().clone(),
            "GET /2/spaces/search query=birds state=live".to_owned(),
            ("/meta/result_count", "*"),
        ),
        (
            "tweepy.search_spaces.state",
            c.search_spaces("birds").state("scheduled").call().clone(),
            "GET /2/spaces/search query=birds state=scheduled".to_owned(),
            any,
        ),
        ("tweepy.get_spaces.ids", c.get_spaces([SPACE]).call().clone(), ids, ("/data/0/id", SPACE)),
        (
            "tweepy.get_spaces.user_ids",
            c.spaces_of([12]).call().clone(),
            "GET /2/spaces/by/creator_ids user_ids=12".to_owned(),
            any,
        ),
        ("tweepy.get_space", c.get_space(SPACE).call().clone(), get(""), one),
        (
            "tweepy.get_space_buyers",
            c.space_buyers("1DXxyRYNejbKM").call().clone(),
            "GET /2/spaces/1DXxyRYNejbKM/buyers".to_owned(),
            ("/meta/result_count", "0"),
        ),
        ("tweepy.get_space_tweets", c.space_posts(SPACE).call().clone(), get("/tweets"), any),
    ] {
        g.sends(row, call, &line, found).await;
    }
    let rows =
        ["tweepy.create_compliance_job", "tweepy.create_compliance_job.name", "tweepy.create_compliance_job.resumable"];
    let call = c.create_compliance_job("tweets").name("mine").resumable(true);
    let line = r#"POST /2/compliance/jobs {"name":"mine","resumable":true,"type":"tweets"}"#;
    let job = g.shows(rows, call, line, ("/data/name", "mine")).await;
    shows!("tweepy.create_compliance_job.resumable", assert_eq!(job["data"]["resumable"], true));
    let id = job["data"]["id"].as_str().unwrap();
    for (row, call, line, found) in [
        (
            "tweepy.get_compliance_job",
            c.get_compliance_job(id).call().clone(),
            format!("GET /2/compliance/jobs/{id}"),
            ("/data/id", id),
        ),
        (
            "tweepy.get_compliance_jobs",
            c.compliance_jobs("tweets").call().clone(),
            "GET /2/compliance/jobs type=tweets".to_owned(),
            ("/data/0/id", id),
        ),
        (
            "tweepy.get_compliance_jobs",
            c.compliance_jobs("users").call().clone(),
            "GET /2/compliance/jobs type=users".to_owned(),
            ("/meta/result_count", "0"),
        ),
        (
            "tweepy.get_compliance_jobs.status",
            c.compliance_jobs("tweets").status("created").call().clone(),
            "GET /2/compliance/jobs status=created type=tweets".to_owned(),
            ("/data/0/id", id),
        ),
        (
            "tweepy.get_compliance_jobs.status",
            c.compliance_jobs("tweets").status("failed").call().clone(),
            "GET /2/compliance/jobs status=failed type=tweets".to_owned(),
            ("/meta/result_count", "0"),
        ),
    ] {
        g.sends(row, call, &line, found).await;
    }
}

#[tokio::test]
async fn methods_of_direct_messages_send_these_requests() {
    let g = Ground::new().await;
    let c = &g.client;
    let mika = c.get_user_by_name("mika").await.unwrap().data.id.to_string();
    g.wire.take();
    let event = ("/data/dm_event_id", "*");
    let sent = g
        .shows(
            ["tweepy.create_direct_message.participant", "tweepy.create_direct_message.text", "tweepy.create_dm"],
            c.send_dm(12).text("hi"),
            r#"POST /2/dm_conversations/with/12/messages {"text":"hi"}"#,
            event,
        )
        .await;
    // The conversation of two users has the ID of both.
    let conversation = format!("12-{}", g.me);
    shows!("tweepy.create_dm", assert_eq!(sent["data"]["dm_conversation_id"], conversation.as_str()));
    let (path, media) = (format!("/2/dm_conversations/{conversation}"), DmMedia::from(MediaId::new(2)));
    let line = format!(r#"POST {path}/messages {{"text":"again"}}"#).replace(&g.me, "ME");
    let call = c.send_dm_to(conversation.as_str()).text("again");
    g.shows(["tweepy.create_direct_message.conversation", "tweepy.create_dm"], call, &line, event).await;
    let line = r#"POST /2/dm_conversations/with/12/messages {"attachments":[{"media_id":"2"}]}"#;
    let rows = ["tweepy.create_direct_message.media_id", "tweepy4.dm.create_body"];
    g.shows(rows, c.send_dm(12).attachments(media), line, event).await;
    let line = format!(
        r#"POST /2/dm_conversations {{"conversation_type":"Group","message":{{"text":"all"}},"participant_ids":["12","{mika}"]}}"#
    );
    let users = ["12", mika.as_str()];
    let call = c.create_dm_conversation(DmConversationType::Group, NewDm::text("all"), users);
    let rows = ["tweepy.create_direct_message_conversation", "tweepy.create_dm_conversation", "tweepy4.dm.group_body"];
    g.shows(rows, call, &line, event).await;
    let call = c.create_dm_conversation(DmConversationType::Group, NewDm::default(), users);
    let refused = call.raw().await;
    let body = g.wire.only().json();
    shows!("tweepy4.dm.group_body", assert!(body["message"] == serde_json::json!({}) && refused.is_err(), "{body}"));

    let rows = ["tweepy.get_direct_message_events", "tweepy.get_dm_events"];
    g.shows(rows, c.dm_events(), "GET /2/dm_events", ("/data/0/id", "*")).await;
    let line = "GET /2/dm_conversations/with/12/dm_events";
    let rows = ["tweepy.get_direct_message_events.participant", "tweepy.get_dm_events"];
    g.shows(rows, c.dm_events_with(12), line, ("/data/1/text", "again")).await;
    let line = format!("GET {path}/dm_events").replace(&g.me, "ME");
    let rows = ["tweepy.get_direct_message_events.conversation", "tweepy.get_dm_events"];
    g.shows(rows, c.dm_events_in(conversation.as_str()), &line, ("/data/1/text", "again")).await;
    let kinds = ["MessageCreate", "ParticipantsJoin", "ParticipantsLeave"];
    let line = "GET /2/dm_events event_types=MessageCreate,ParticipantsJoin,ParticipantsLeave";
    let row = "tweepy.get_direct_message_events.event_types";
    g.shows(row, c.dm_events().event_types(kinds), line, ("/data/0/event_type", "*")).await;
    let line = "GET /2/dm_events event_types=ParticipantsJoin";
    let joins = g
        .shows(row, c.dm_events().event_types(["ParticipantsJoin"]), line, ("/data/0/event_type", "ParticipantsJoin"))
        .await;
    shows!("tweepy.get_direct_message_events.text", {
        assert!(
            joins["data"][0].get("text").is_none() && joins["data"][0]["event_type"] == "ParticipantsJoin",
            "{joins}"
        );
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
    let page = g.shows("tweepy.param.pagination_token", call, &line, ("/meta/previous_token", "*")).await;
    let ids: Vec<_> = first.data.iter().map(|post| post.id.to_string()).collect();
    shows!("tweepy.param.pagination_token", assert!(ids.iter().all(|id| !page.to_string().contains(id.as_str()))));
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
    let since = c.user_posts(12).since_id(oldest.id).await.unwrap().data;
    shows!(["tweepy.param.since_id", "pytweet.user.fetch_timelines.since_id"], assert_eq!(ids(&since), ids(&all[..7])));
    let until = c.user_posts(12).until_id(newest.id).max_results(5).await.unwrap().data;
    shows!(
        ["tweepy.param.until_id", "pytweet.user.fetch_timelines.until_id"],
        assert_eq!(ids(&until), ids(&all[3..8]))
    );
    let start = oldest.created_at.unwrap();
    let from = c.user_posts(12).start_time(start).max_results(100).await.unwrap().data;
    let from_it = all.iter().filter(|post| post.created_at.unwrap() >= start).count();
    shows!(
        ["tweepy.param.start_time", "pytweet.user.fetch_timelines.start_time"],
        assert_eq!(ids(&from), ids(&all[..from_it]))
    );
    let end = newest.created_at.unwrap();
    let before = c.user_posts(12).end_time(end).max_results(100).await.unwrap().data;
    shows!("pytweet.user.fetch_timelines.end_time", {
        assert!(!before.is_empty() && before.iter().all(|post| post.id <= newest.id), "{before:?}");
    });
    let day = all.iter().find(|post| post.created_at.unwrap() <= g.sandbox.clock().now().plus_millis(-60_000)).unwrap();
    let end = day.created_at.unwrap();
    let exclusive = c.search_recent("from:robin").end_time(end).post_fields(["created_at"]).await.unwrap().data;
    shows!(["tweepy.param.end_time", "seed.more.end_time_inclusive"], {
        assert!(!exclusive.is_empty() && exclusive.iter().all(|post| post.created_at.unwrap() < end));
    });
    let inclusive = c.user_posts(12).end_time(end).max_results(100).await.unwrap().data;
    let until_it = all.iter().position(|post| post.created_at.unwrap() <= end).unwrap();
    shows!(
        ["tweepy.param.end_time", "seed.more.end_time_inclusive", "pytweet.user.fetch_timelines.end_time"],
        assert_eq!(ids(&inclusive), ids(&all[until_it..]), "a timeline includes the second of its end")
    );
    let counted = c.count_recent("from:robin").end_time(end).await.unwrap().meta.total_post_count;
    let older = c.search_recent("from:robin").end_time(end).items().collect().await.unwrap().len() as u64;
    shows!("seed.more.end_time_inclusive", assert_eq!((counted, older > 0), (Some(older), true)));
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
        let sent = g.wire.take();
        shows!(row, {
            let error = refused.expect_err(row);
            assert!(error.kind() == ErrorKind::Argument && sent.is_empty(), "{row}: {error}");
        });
    }
}
