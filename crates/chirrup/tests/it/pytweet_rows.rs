//! Methods and objects of PyTweet: the request that each of them makes here, and its effect.

use chirrup::ErrorKind;
use chirrup::model::{NewMedia, NewPoll, NewReply, PlaceId, PostField, ReplySettings};

use crate::wire::{Ground, Sent};

#[tokio::test]
async fn the_client_fetches_users_posts_spaces_and_places() {
    let g = Ground::new().await;
    let (c, v1) = (&g.client, g.client.v1());
    part!({
        let post =
            c.get_post(20).post_fields(["created_at", "lang"]).expansions(["author_id", "attachments.media_keys"]);
        for (row, call, line, found) in [
            (
                "pytweet.client.fetch_user",
                c.get_user(12).call().clone(),
                "GET /2/users/12",
                ("/data/username", "robin"),
            ),
            (
                "pytweet.client.fetch_user_by_name",
                c.get_user_by_name("robin").call().clone(),
                "GET /2/users/by/username/robin",
                ("/data/id", "12"),
            ),
            (
                "pytweet.client.fetch_tweet",
                post.call().clone(),
                "GET /2/tweets/20 expansions=author_id,attachments.media_keys tweet.fields=created_at,lang",
                ("/includes/users/0/username", "robin"),
            ),
            (
                "pytweet.client.fetch_space",
                c.get_space("1ynKOZVRyOwxR").call().clone(),
                "GET /2/spaces/1ynKOZVRyOwxR",
                ("/data/id", "1ynKOZVRyOwxR"),
            ),
            (
                "pytweet.client.fetch_space_by_title",
                c.search_spaces("Rust for people").call().clone(),
                "GET /2/spaces/search query=Rust for people",
                ("/data/0/id", "*"),
            ),
            (
                "pytweet.client.fetch_space_by_title.state",
                c.search_spaces("Rust for people").state("live").call().clone(),
                "GET /2/spaces/search query=Rust for people state=live",
                ("/data/0/state", "live"),
            ),
            (
                "pytweet.client.fetch_space_by_title.state",
                c.search_spaces("birds").state("scheduled").call().clone(),
                "GET /2/spaces/search query=birds state=scheduled",
                ("/data/0/state", "scheduled"),
            ),
            (
                "pytweet.client.search_geo.query",
                v1.search_geo().query("Osaka & so").call().clone(),
                "GET /1.1/geo/search.json query=Osaka & so",
                ("/query/type", "*"),
            ),
            (
                "pytweet.client.search_geo.lat",
                v1.search_geo().lat(59.9).long(10.7).call().clone(),
                "GET /1.1/geo/search.json lat=59.9 long=10.7",
                ("/result/places/0/name", "Oslo"),
            ),
            (
                "pytweet.client.search_geo.long",
                v1.search_geo().lat(59.9).long(10.7).call().clone(),
                "GET /1.1/geo/search.json lat=59.9 long=10.7",
                ("/result/places/0/name", "Oslo"),
            ),
            (
                "pytweet.client.search_geo.lat",
                v1.search_geo().query("Osaka").lat(59.9).call().clone(),
                "GET /1.1/geo/search.json lat=59.9 query=Osaka",
                ("/result/places/0/name", "Osaka"),
            ),
            (
                "pytweet.client.search_geo.long",
                v1.search_geo().query("Osaka").long(10.7).call().clone(),
                "GET /1.1/geo/search.json long=10.7 query=Osaka",
                ("/result/places/0/name", "Osaka"),
            ),
            (
                "pytweet.client.search_geo.ip",
                v1.search_geo().ip("203.0.113.7").call().clone(),
                "GET /1.1/geo/search.json ip=203.0.113.7",
                ("/result/places/0/name", "*"),
            ),
            (
                "pytweet.client.search_geo.granularity",
                v1.search_geo().query("Osaka").granularity("city").call().clone(),
                "GET /1.1/geo/search.json granularity=city query=Osaka",
                ("/result/places/0/place_type", "city"),
            ),
            (
                "pytweet.client.search_geo.max_results",
                v1.search_geo().ip("203.0.113.7").max_results(1).call().clone(),
                "GET /1.1/geo/search.json ip=203.0.113.7 max_results=1",
                ("/result/places/0/name", "*"),
            ),
        ] {
            g.sends(row, call, line, found).await;
        }
        let one = v1.search_geo().ip("203.0.113.7").max_results(1).await.unwrap().data.result.unwrap().places.len();
        shows!("pytweet.client.search_geo.max_results", assert_eq!(one, 1));
    });
    part!({
        let osaka = v1.search_geo().query("Osaka").await.unwrap().data.result.unwrap().places.remove(0);
        shows!(["pytweet.client.search_geo", "pytweet.geo", "pytweet.geo.country_code"], {
            assert_eq!((osaka.name.as_deref(), osaka.country_code.as_deref()), (Some("Osaka"), Some("JP")));
            assert_eq!((osaka.full_name.as_deref(), osaka.place_type.as_deref()), (Some("Osaka, Japan"), Some("city")));
            assert!(osaka.id.is_some() && osaka.country.as_deref() == Some("Japan") && osaka.centroid.is_some());
        });
    });
    part!({
        let far = v1.search_geo().lat(100.0).long(2.0).await.unwrap_err();
        shows!(
            "seed.more.geo_out_of_range",
            assert_eq!((far.status_code(), far.problems()[0].code), (Some(400), Some(3)))
        );
    });
    part!({
        let full = c.get_user(12).user_fields(["created_at"]).await.unwrap();
        let bare = c.get_user(12).await.unwrap().data;
        shows!(["pytweet.user", "pytweet.user.username", "pytweet.user.created_at"], {
            assert_eq!((full.data.username.as_str(), bare.created_at), ("robin", None));
            assert_eq!(full.data.created_at.unwrap().to_string(), full.json()["data"]["created_at"].as_str().unwrap());
        });
    });
}

#[tokio::test]
async fn users_act() {
    let g = Ground::new().await;
    let c = &g.client;
    let robin = c.user(12);
    let body = r#"{"target_user_id":"12"}"#;
    let post = |path: &str| format!("POST /2/users/ME/{path} {body}");
    let delete = |path: &str| format!("DELETE /2/users/ME/{path}/12");
    for (row, call, line, found) in [
        ("pytweet.user.unfollow", robin.unfollow().call().clone(), delete("following"), ("/data/following", "false")),
        ("pytweet.user.follow", robin.follow().call().clone(), post("following"), ("/data/following", "true")),
        (
            "pytweet.relation.follow",
            robin.follow().call().clone(),
            post("following"),
            ("/data/pending_follow", "false"),
        ),
        ("pytweet.user.mute", robin.mute().call().clone(), post("muting"), ("/data/muting", "true")),
        ("pytweet.user.unmute", robin.unmute().call().clone(), delete("muting"), ("/data/muting", "false")),
        ("pytweet.user.block", robin.block().call().clone(), post("blocking"), ("/data/blocking", "true")),
        ("pytweet.user.unblock", robin.unblock().call().clone(), delete("blocking"), ("/data/blocking", "false")),
        (
            "pytweet.user.trigger_typing",
            robin.typing().call().clone(),
            "POST /1.1/direct_messages/indicate_typing.json recipient_id=12".to_owned(),
            ("", ""),
        ),
        (
            "pytweet.user.report",
            robin.report().call().clone(),
            "POST /1.1/users/report_spam.json perform_block=true user_id=12".to_owned(),
            ("/id", "12"),
        ),
        (
            "pytweet.user.report.block",
            robin.report().perform_block(false).call().clone(),
            "POST /1.1/users/report_spam.json perform_block=false user_id=12".to_owned(),
            ("/id", "12"),
        ),
        (
            "pytweet.user.fetch_followers",
            robin.followers().call().clone(),
            "GET /2/users/12/followers".to_owned(),
            ("/data/0/id", "*"),
        ),
        (
            "pytweet.user.fetch_following",
            robin.following().call().clone(),
            "GET /2/users/12/following".to_owned(),
            ("/data/0/id", "*"),
        ),
        (
            "pytweet.user.fetch_timelines",
            robin.timeline().call().clone(),
            "GET /2/users/12/tweets".to_owned(),
            ("/data/0/id", "*"),
        ),
        (
            "pytweet.user.fetch_timelines.mentioned",
            robin.mentions().call().clone(),
            "GET /2/users/12/mentions".to_owned(),
            ("/data/0/id", "*"),
        ),
        (
            "pytweet.user.fetch_timelines.max_results",
            robin.timeline().max_results(7).call().clone(),
            "GET /2/users/12/tweets max_results=7".to_owned(),
            ("/meta/result_count", "7"),
        ),
        (
            "pytweet.user.fetch_timelines.exclude",
            robin.timeline().exclude(["replies", "retweets"]).call().clone(),
            "GET /2/users/12/tweets exclude=replies,retweets".to_owned(),
            ("/data/0/id", "*"),
        ),
    ] {
        g.sends(row, call, &line, found).await;
    }
    // By default, a report also blocks, and a timeline has ten posts.
    robin.unblock().await.unwrap();
    robin.report().await.unwrap();
    let blocked = c.blocking().await.unwrap().data;
    shows!("pytweet.user.report.block", assert!(blocked.iter().any(|user| user.id.get() == 12)));
    part!({
        robin.unblock().await.unwrap();
        robin.report().perform_block(false).await.unwrap();
        let blocked = c.blocking().await.unwrap().data;
        shows!("pytweet.user.report.block", assert!(blocked.is_empty()));
    });
    part!({
        let count = robin.timeline().await.unwrap().data.len();
        shows!(["pytweet.user.fetch_timelines.max_results", "seed.more.page_size_default"], assert_eq!(count, 10));
    });
    part!({
        let none = c.user_posts(12).since_id("9223372036854775807").await.unwrap().data;
        shows!("pytweet.user.fetch_timelines", assert!(none.is_empty()));
    });
    for (size, found) in [
        (10, c.search_recent(crate::common::BROAD_QUERY).await.unwrap().data.len()),
        (10, c.search_all(crate::common::BROAD_QUERY).await.unwrap().data.len()),
        (100, c.home_timeline().await.unwrap().data.len()),
    ] {
        shows!("seed.more.page_size_default", assert_eq!(found, size));
    }
}

#[tokio::test]
async fn posts_act() {
    let g = Ground::new().await;
    let c = &g.client;
    let own = g.sandbox.write_post("ada", "What do you think?").unwrap();
    let reply = g.sandbox.write_reply("robin", "Nothing.", own).unwrap();
    g.replace(&reply.to_string(), "REPLY");
    g.replace(&own.to_string(), "OWN");
    let p = c.post(20);
    let id = r#"{"tweet_id":"20"}"#;
    part!({
        for (row, call, line, found) in [
            (
                "pytweet.tweet.like",
                p.like().call().clone(),
                format!("POST /2/users/ME/likes {id}"),
                ("/data/liked", "true"),
            ),
            (
                "pytweet.tweet.fetch_liking_users",
                p.likers().call().clone(),
                "GET /2/tweets/20/liking_users".to_owned(),
                ("/data/0/id", "ME"),
            ),
            (
                "pytweet.tweet.unlike",
                p.unlike().call().clone(),
                "DELETE /2/users/ME/likes/20".to_owned(),
                ("/data/liked", "false"),
            ),
            (
                "pytweet.tweet.retweet",
                p.repost().call().clone(),
                format!("POST /2/users/ME/retweets {id}"),
                ("/data/retweeted", "true"),
            ),
            (
                "pytweet.tweet.fetch_retweeters",
                p.reposters().call().clone(),
                "GET /2/tweets/20/retweeted_by".to_owned(),
                ("/data/0/id", "ME"),
            ),
            (
                "pytweet.tweet.unretweet",
                p.undo_repost().call().clone(),
                "DELETE /2/users/ME/retweets/20".to_owned(),
                ("/data/retweeted", "false"),
            ),
            (
                "pytweet.tweet.hide",
                c.post(reply).hide().call().clone(),
                r#"PUT /2/tweets/REPLY/hidden {"hidden":true}"#.to_owned(),
                ("/data/hidden", "true"),
            ),
            (
                "pytweet.tweet.unhide",
                c.post(reply).unhide().call().clone(),
                r#"PUT /2/tweets/REPLY/hidden {"hidden":false}"#.to_owned(),
                ("/data/hidden", "false"),
            ),
            (
                "pytweet.tweet.reply",
                p.reply("indeed").call().clone(),
                r#"POST /2/tweets {"reply":{"in_reply_to_tweet_id":"20"},"text":"indeed"}"#.to_owned(),
                ("/data/id", "*"),
            ),
            (
                "pytweet.tweet.delete",
                c.post(own).delete().call().clone(),
                "DELETE /2/tweets/OWN".to_owned(),
                ("/data/deleted", "true"),
            ),
        ] {
            g.sends(row, call, &line, found).await;
        }
        shows_async!("pytweet.relation.like", {
            assert!(p.like().await.unwrap().data.liked && !p.unlike().await.unwrap().data.liked);
        });
    });
    shows_async!("pytweet.relation.retweet", {
        assert!(p.repost().await.unwrap().data.reposted && !p.undo_repost().await.unwrap().data.reposted);
    });
    shows_async!("pytweet.relation.hide", {
        let own = g.sandbox.write_post("ada", "And now?").unwrap();
        let reply = g.sandbox.write_reply("robin", "Still nothing.", own).unwrap();
        let (hidden, shown) = (c.post(reply).hide().await.unwrap().data, c.post(reply).unhide().await.unwrap().data);
        assert!(hidden.hidden && !shown.hidden);
    });
    part!({
        let foreign = c.post(20).delete().await.unwrap_err();
        shows!("pytweet.tweet.delete", assert_eq!(foreign.kind(), ErrorKind::Forbidden));
    });
}

#[tokio::test]
async fn arguments_of_a_post_are_parts_of_the_body() {
    let g = Ground::new().await;
    let c = &g.client;
    part!({
        let post = || c.create_post().text("x");
        let place: PlaceId = "01a9a39529b27f36".parse().unwrap();
        for (rows, call, body) in [
            (["pytweet.client.tweet", "pytweet.client.tweet.text"], post(), r#"{"text":"x"}"#),
            (
                ["pytweet.client.tweet.file", "pytweet.client.tweet.file"],
                post().media(NewMedia::new([1_u64])),
                r#"{"media":{"media_ids":["1"]},"text":"x"}"#,
            ),
            (
                ["pytweet.client.tweet.poll", "pytweet.poll"],
                post().poll(NewPoll::new(["a"], 60).option("b")),
                r#"{"poll":{"duration_minutes":60,"options":["a","b"]},"text":"x"}"#,
            ),
            (
                ["pytweet.client.tweet.geo", "pytweet.geo"],
                post().geo(place),
                r#"{"geo":{"place_id":"01a9a39529b27f36"},"text":"x"}"#,
            ),
            (
                ["pytweet.client.tweet.quote_tweet", "pytweet.client.tweet.quote_tweet"],
                post().quote(20),
                r#"{"quote_tweet_id":"20","text":"x"}"#,
            ),
            (
                ["pytweet.client.tweet.direct_message_deep_link", "pytweet.client.tweet.direct_message_deep_link"],
                post().direct_message_deep_link("https://x.com/messages/compose?recipient_id=12"),
                r#"{"direct_message_deep_link":"https://x.com/messages/compose?recipient_id=12","text":"x"}"#,
            ),
            (
                ["pytweet.client.tweet.reply_setting", "pytweet.reply_setting"],
                post().reply_settings(ReplySettings::MentionedUsers),
                r#"{"reply_settings":"mentionedUsers","text":"x"}"#,
            ),
            (
                ["pytweet.client.tweet.reply_setting", "pytweet.reply_setting"],
                post().reply_settings("following"),
                r#"{"reply_settings":"following","text":"x"}"#,
            ),
            (
                ["pytweet.client.tweet.reply_tweet", "pytweet.client.tweet.reply_tweet"],
                post().reply(20),
                r#"{"reply":{"in_reply_to_tweet_id":"20"},"text":"x"}"#,
            ),
            (
                ["pytweet.client.tweet.exclude_reply_users", "pytweet.client.tweet.exclude_reply_users"],
                post().reply(NewReply::to(20).exclude([12.into()])),
                r#"{"reply":{"exclude_reply_user_ids":["12"],"in_reply_to_tweet_id":"20"},"text":"x"}"#,
            ),
            (
                ["pytweet.client.tweet.super_followers_only", "pytweet.client.tweet.super_followers_only"],
                post().for_super_followers_only(true),
                r#"{"for_super_followers_only":true,"text":"x"}"#,
            ),
        ] {
            part!({
                let answer = call.raw().await;
                let sent: Vec<_> = g.wire.take().iter().map(Sent::line).collect();
                shows!(rows, {
                    assert_eq!(sent, [format!("POST /2/tweets {body}")]);
                    assert!(answer.is_ok() || answer.unwrap_err().message().contains("duplicate"), "{body}");
                });
            });
        }
    });
    part!({
        let id = c.create_post().text("hello @robin #rust").await.unwrap().data.id;
        let fields = [PostField::CreatedAt, PostField::ReplySettings, PostField::Entities, PostField::AuthorId];
        let full = c.get_post(id).post_fields(fields).expansions(["author_id"]).await.unwrap();
        shows!(["pytweet.tweet", "pytweet.tweet.created_at"], {
            assert_eq!((full.data.id, full.data.text.as_str()), (id, "hello @robin #rust"));
            assert_eq!(full.data.created_at.unwrap().to_string(), full.json()["data"]["created_at"].as_str().unwrap());
        });
        shows!(
            "pytweet.tweet.mentions",
            assert_eq!(full.data.entities.as_ref().unwrap().mentions[0].username, "robin")
        );
        shows!(
            ["pytweet.tweet.reply_setting", "pytweet.reply_setting"],
            assert_eq!(full.data.reply_settings.as_deref(), Some("everyone"))
        );
    });
    part!({
        let polled = c.create_post().text("Tea?").poll(NewPoll::new(["a", "b"], 60)).await.unwrap().data.id;
        let get = || c.get_post(polled).expansions(["attachments.poll_ids"]).poll_fields(["voting_status"]);
        let (one, two) = (get().await.unwrap(), get().await.unwrap());
        shows!(["pytweet.poll.eq", "pytweet.poll.voting_status"], {
            assert_eq!(one.includes.polls[0], two.includes.polls[0]);
            assert_eq!(one.includes.polls[0].voting_status.as_deref(), Some("open"));
        });
    });
}
