//! The methods of Tweepy's `AsyncClient`: the request that each of them makes here, and its response.

use chirrup::model::{DmConversationType, DmMedia, MediaId, NewDm};
use serde_json::json;

use crate::common;
use crate::wire::Ground;

const SPACE: &str = "1ynKOZVRyOwxR";

#[tokio::test]
async fn methods_of_posts_send_these_requests() {
    let g = Ground::new().await;
    let c = &g.client;
    g.shows(
        ["tweepy.create_tweet", "tweepy.create_tweet.text"],
        c.create_post().text("Hello"),
        r#"POST /2/tweets {"text":"Hello"}"#,
        ("/data/text", "Hello"),
    )
    .await;
    let post = g.sandbox.write_post("ada", "Hello again").unwrap();
    let id = post.to_string();
    let path = |rest: &str| format!("/2/tweets/{id}{rest}");
    let one = ("/data/id", id.as_str());
    g.shows("tweepy.get_tweet", c.get_post(id.as_str()), &format!("GET {}", path("")), one).await;
    let ids = format!("GET /2/tweets ids={id},20");
    g.shows("tweepy.get_tweets", c.get_posts([id.as_str(), "20"]), &ids, ("/data/1/id", "20")).await;
    part!({
        let reply = g.sandbox.write_reply("robin", "A reply", post).unwrap();
        let hide = |hidden: bool| format!(r#"PUT /2/tweets/{reply}/hidden {{"hidden":{hidden}}}"#);
        let hidden = "/data/hidden";
        g.shows("tweepy.hide_reply", c.hide_reply(reply, true), &hide(true), (hidden, "true")).await;
        g.shows("tweepy.unhide_reply", c.hide_reply(reply, false), &hide(false), (hidden, "false")).await;
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
        let quote = json!({"text": "A quote", "quote_tweet_id": id});
        let quote: String = common::id(&common::post(&g.sandbox, "/2/tweets", &quote), "/data/id");
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
async fn methods_of_users_send_these_requests() {
    let g = Ground::new().await;
    let c = &g.client;
    let mika = g.sandbox.user_id("mika").unwrap();
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
            ("/meta/result_count", "3"),
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
    let mika = g.sandbox.user_id("mika").unwrap().to_string();
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
    part!({
        g.shows(rows, call, &line, event).await;
        let call = c.create_dm_conversation(DmConversationType::Group, NewDm::default(), users);
        let refused = call.raw().await;
        let body = g.wire.only().json();
        shows!(
            "tweepy4.dm.group_body",
            assert!(body["message"] == serde_json::json!({}) && refused.is_err(), "{body}")
        );
    });

    let group = json!({"conversation_type": "Group", "message": {"text": "all"}, "participant_ids": users});
    common::post(&g.sandbox, "/2/dm_conversations", &group);
    for text in ["hi", "again"] {
        common::post(&g.sandbox, "/2/dm_conversations/with/12/messages", &json!({"text": text}));
    }
    part!({
        let rows = ["tweepy.get_direct_message_events", "tweepy.get_dm_events"];
        g.shows(rows, c.dm_events(), "GET /2/dm_events", ("/data/0/id", "*")).await;
        let line = "GET /2/dm_conversations/with/12/dm_events";
        let rows = ["tweepy.get_direct_message_events.participant", "tweepy.get_dm_events"];
        g.shows(rows, c.dm_events_with(12), line, ("/data/1/id", "*")).await;
        let line = format!("GET {path}/dm_events").replace(&g.me, "ME");
        let rows = ["tweepy.get_direct_message_events.conversation", "tweepy.get_dm_events"];
        g.shows(rows, c.dm_events_in(conversation.as_str()), &line, ("/data/1/id", "*")).await;
        let kinds = ["MessageCreate", "ParticipantsJoin", "ParticipantsLeave"];
        let line = "GET /2/dm_events event_types=MessageCreate,ParticipantsJoin,ParticipantsLeave";
        let row = "tweepy.get_direct_message_events.event_types";
        g.shows(row, c.dm_events().event_types(kinds), line, ("/data/0/event_type", "*")).await;
        let line = "GET /2/dm_events event_types=ParticipantsJoin";
        let joins = g
            .shows(
                row,
                c.dm_events().event_types(["ParticipantsJoin"]),
                line,
                ("/data/0/event_type", "ParticipantsJoin"),
            )
            .await;
        shows!("tweepy.get_direct_message_events.text", {
            assert!(
                joins["data"][0].get("text").is_none() && joins["data"][0]["event_type"] == "ParticipantsJoin",
                "{joins}"
            );
        });
    });
}
