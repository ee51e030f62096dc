//! Users and friendships of v1.1.

use chirrup::model::UserId;
use chirrup_sandbox::Sandbox;

use crate::common::{client, sandbox_and_client};

/// Returns a sandbox without rate limits, for tests that repeat a call.
fn free() -> (Sandbox, chirrup::Client) {
    let sandbox = Sandbox::builder().users(60).posts(500).without_rate_limits().start().unwrap();
    let credentials = sandbox.credentials().unwrap();
    let client = client(&sandbox, credentials);
    (sandbox, client)
}

#[tokio::test]
async fn v1_users_are_shown_looked_up_and_searched() {
    let (_sandbox, client) = sandbox_and_client();
    let v1 = client.v1();
    let robin = v1.user_by_id().screen_name("robin").await.unwrap().data;
    assert_eq!((robin.id.get(), robin.name.as_deref()), (12, Some("Robin Wagtail")));
    assert!(robin.created_at.is_some() && robin.status.is_some() && robin.followers_count.is_some());
    assert!(v1.user_by_id().user_id(12).skip_status(true).await.unwrap().data.status.is_none());
    let three = v1.lookup_users().user_ids([12]).screen_names(["ada", "mika", "nobody_here"]).await.unwrap().data;
    assert_eq!(three.len(), 3, "missing users are left out");
    // Long lists are sent as a form.
    let names: Vec<_> = three.iter().map(|user| user.screen_name.clone().unwrap()).collect();
    let posted = client.route("users/lookup").arg("screen_name", names.join(",")).await.unwrap().data;
    assert_eq!(posted.as_array().unwrap().len(), 3);
    assert_eq!(v1.lookup_users().screen_names(["nobody_here"]).await.unwrap_err().problems()[0].code, Some(17));
    let birds = v1.find_users("Birds").count(3).await.unwrap().data;
    let more = v1.find_users("Birds").count(3).page(2).await.unwrap().data;
    assert!(birds.len() == 3 && birds.iter().all(|user| !more.contains(user)));
    let categories = v1.suggestions().lang("en").await.unwrap().data;
    let slug = categories[0].slug.clone().unwrap();
    let category = v1.suggestions_of(&slug).await.unwrap().data;
    assert_eq!(category.users.unwrap().len(), v1.suggested_members(&slug).await.unwrap().data.len());
    assert!(v1.contributees().await.unwrap().data.is_empty() && v1.contributors().await.unwrap().data.is_empty());
}

#[tokio::test]
async fn v1_user_lists_are_paged_by_cursor() {
    let (_sandbox, client) = free();
    let v1 = client.v1();
    let all = v1.follower_ids().screen_name("robin").await.unwrap().data.ids;
    assert!(all.len() > 10);
    let by_pages = v1.follower_ids().screen_name("robin").count(3).stringify_ids(true).items().collect().await.unwrap();
    assert_eq!(by_pages, all);
    let users = v1.follower_list().screen_name("robin").count(4).items().collect().await.unwrap();
    assert_eq!(users.iter().map(|user| user.id).collect::<Vec<_>>(), all);
    let page = v1.follower_list().user_id(12).count(4).await.unwrap();
    assert!(page.data.next_cursor_str.as_deref().is_some_and(|next| next != "0") && page.meta.next_token.is_some());
    let friends = v1.friend_ids().user_id(12).items().collect().await.unwrap();
    assert_eq!(v1.friend_list().user_id(12).count(200).await.unwrap().data.users.len(), friends.len());
    let mut pages = v1.friend_ids().user_id(12).count(5).pages();
    let (mut count, mut ids) = (0, 0);
    while let Some(page) = pages.next_page().await {
        count += 1;
        ids += page.unwrap().data.ids.len();
    }
    assert_eq!((ids, count), (friends.len(), friends.len().div_ceil(5)));
}

#[tokio::test]
async fn v1_friendships_blocks_and_mutes_are_created_and_destroyed() {
    let (sandbox, client) = free();
    let (v1, robin) = (client.v1(), client.with_credentials(sandbox.oauth1("robin").unwrap()).v1());
    let me = client.me().await.unwrap();
    v1.destroy_friendship().screen_name("robin").await.unwrap();
    let shown = v1.create_friendship().screen_name("robin").follow(true).await.unwrap().data;
    assert_eq!(shown.following, Some(true));
    let both = v1.friendship().source_id(me).target_screen_name("robin").await.unwrap().data.relationship;
    assert!(both.source.following == Some(true) && both.target.followed_by == Some(true));
    let changed = v1.update_friendship().screen_name("robin").retweets(false).device(true).await.unwrap().data;
    let source = changed.relationship.source;
    assert_eq!((source.want_retweets, source.notifications_enabled), (Some(false), Some(true)));
    assert_eq!(v1.no_retweet_ids().await.unwrap().data, [UserId::new(12)]);
    v1.create_mute().screen_name("robin").await.unwrap();
    let relation = &v1.relations().user_ids([12]).screen_names(["mika"]).await.unwrap().data;
    assert!(relation[0].connections.contains(&"muting".to_owned()) && relation.len() == 2);
    assert_eq!(v1.mute_ids().await.unwrap().data.ids, [UserId::new(12)]);
    assert_eq!(v1.mutes().await.unwrap().data.users.len(), 1);
    v1.destroy_mute().user_id(12).await.unwrap();
    assert_eq!(v1.destroy_mute().user_id(12).await.unwrap_err().problems()[0].code, Some(272));
    v1.create_block().user_id(12).await.unwrap();
    assert_eq!(v1.block_ids().stringify_ids(true).await.unwrap().data.ids, [UserId::new(12)]);
    assert_eq!(v1.blocks().items().collect().await.unwrap().len(), 1);
    let apart = robin.friendship().target_id(me).await.unwrap().data.relationship.source;
    assert_eq!((apart.blocked_by, apart.following, apart.followed_by), (Some(true), Some(false), Some(false)));
    v1.destroy_block().user_id(12).await.unwrap();
    assert!(v1.blocks().await.unwrap().data.users.is_empty());
    v1.report_spam().screen_name("robin").perform_block(false).await.unwrap();
    let seen = v1.friendship().target_id(12).await.unwrap().data.relationship.source;
    assert_eq!((seen.marked_spam, seen.blocking), (Some(true), Some(false)));
    client.user(12).report().await.unwrap();
    assert_eq!(v1.friendship().target_id(12).await.unwrap().data.relationship.source.blocking, Some(true));
}

#[tokio::test]
async fn following_a_protected_user_creates_a_request() {
    let (_sandbox, client) = free();
    let v1 = client.v1();
    let mut protected = None;
    for page in 1..=3 {
        let found = v1.find_users("a").count(20).page(page).await.unwrap().data;
        protected = protected.or(found.into_iter().find(|user| user.protected == Some(true)));
    }
    let protected = protected.expect("the sandbox has a protected user");
    v1.destroy_friendship().user_id(protected.id).await.unwrap();
    let asked = v1.create_friendship().user_id(protected.id).await.unwrap().data;
    assert_eq!((asked.following, asked.follow_request_sent), (Some(false), Some(true)));
    assert_eq!(v1.create_friendship().user_id(protected.id).await.unwrap_err().problems()[0].code, Some(160));
    assert_eq!(v1.outgoing_friendships().await.unwrap().data.ids, [protected.id]);
    assert!(v1.incoming_friendships().await.unwrap().data.ids.is_empty());
    let hidden = v1.user_timeline().user_id(protected.id).await.unwrap_err();
    assert_eq!(hidden.status_code(), Some(401));
    assert!(hidden.to_string().contains("Not authorized."), "{hidden}");
    let hidden = v1.follower_ids().user_id(protected.id).await.unwrap_err();
    assert_eq!(hidden.status_code(), Some(401));
}

#[tokio::test]
async fn handles_act_on_users_and_posts() {
    let (sandbox, client) = free();
    let robin = client.user(12);
    part!({
        robin.unfollow().await.unwrap();
        shows_async!("pytweet.user.follow", assert!(robin.follow().await.unwrap().data.following));
    });
    shows_async!(
        ["pytweet.user.mute", "pytweet.user.unmute"],
        assert!(robin.mute().await.unwrap().data.muting && !robin.unmute().await.unwrap().data.muting)
    );
    shows_async!(
        ["pytweet.user.block", "pytweet.user.unblock"],
        assert!(robin.block().await.unwrap().data.blocking && !robin.unblock().await.unwrap().data.blocking)
    );
    part!({
        robin.typing().await.unwrap();
    });
    let sent = robin.send("hello robin").await.unwrap().data.event;
    shows!(
        ["pytweet.user.send", "pytweet.user.send.text", "pytweet.dm"],
        assert_eq!((sent.text(), sent.recipient()), ("hello robin", Some(12.into())))
    );
    shows!(
        ["pytweet.dm.created_at", "pytweet.dm.event_type", "pytweet.message_event_type"],
        assert!(sent.created_at().is_some() && sent.kind.as_deref() == Some("message_create"))
    );
    part!({
        part!({
            assert!(
                !robin.followers().await.unwrap().data.is_empty() && !robin.following().await.unwrap().data.is_empty()
            );
            assert!(!robin.timeline().await.unwrap().data.is_empty());
        });
        part!({
            shows_async!("pytweet.user.fetch_pinned_tweet", assert!(robin.pinned_post().await.unwrap().is_none()));
            let pinned = sandbox.write_post("robin", "read this first").unwrap();
            sandbox.pin_post("robin", pinned).unwrap();
            shows_async!(
                "pytweet.user.fetch_pinned_tweet",
                assert!(robin.pinned_post().await.unwrap().unwrap().id == pinned)
            );
        });
    });
    let their = client.with_credentials(sandbox.oauth1("robin").unwrap());
    let post = client.create_post().text("an object").await.unwrap().data.id;
    part!({
        let answer = their.post(post).reply("it acts").await.unwrap().data.id;
        shows_async!(
            "pytweet.tweet.fetch_replied_user",
            assert!(client.post(answer).replied_user().await.unwrap().unwrap().username == "ada")
        );
        let mention = their.create_post().text("@ada hello").await.unwrap().data.id;
        shows_async!(
            "pytweet.tweet.fetch_replied_user",
            assert!(client.post(mention).replied_user().await.unwrap().unwrap().username == "ada")
        );
        assert!(client.post(post).replied_user().await.unwrap().is_none());
    });
    part!({
        part!({
            let answer = their.post(post).reply("it is acted upon").await.unwrap().data.id;
            client.post(answer).hide().await.unwrap();
            client.post(answer).unhide().await.unwrap();
            client.post(answer).like().await.unwrap();
            client.post(answer).repost().await.unwrap();
            assert_eq!(client.post(answer).likers().await.unwrap().data.len(), 1);
            assert_eq!(client.post(answer).reposters().await.unwrap().data.len(), 1);
            client.post(answer).undo_repost().await.unwrap();
            client.post(answer).unlike().await.unwrap();
        });
        shows_async!("pytweet.tweet.delete", assert!(client.post(post).delete().await.unwrap().data.deleted));
    });
    let got = their.message(sent.id.parse::<u64>().unwrap());
    shows_async!("pytweet.client.fetch_message", assert!(got.get().await.unwrap().data.event.text() == "hello robin"));
    shows_async!("pytweet.dm.mark_read", got.mark_read(client.me().await.unwrap()).await.unwrap());
    shows_async!("pytweet.dm.delete", {
        got.delete().await.unwrap();
        assert!(got.get().await.is_err());
    });
    assert!(
        client.message(sent.id.parse::<u64>().unwrap()).get().await.is_ok(),
        "it is deleted only for the user who deleted it"
    );
}
