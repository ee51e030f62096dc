//! Users: look-up, timelines, follows, handles.

use chirrup::ErrorKind;
use chirrup::model::{Exclude, Expansion, PostField, UserExpansion, UserField, UserId};

use crate::common::{client, sandbox_and_client};

#[tokio::test]
async fn users_are_found_by_id_and_username() {
    let (_sandbox, client) = sandbox_and_client();
    let robin = client.get_user(12).await.unwrap().data;
    assert_eq!((robin.username.as_str(), robin.created_at), ("robin", None));
    let full = client
        .get_user_by_name("Robin")
        .user_fields([UserField::CreatedAt, UserField::PublicMetrics, UserField::Description])
        .expansions([UserExpansion::MostRecentPostId])
        .await
        .unwrap();
    assert_eq!(full.data.id, UserId::new(12));
    assert!(full.data.created_at.is_some() && full.data.public_metrics.unwrap().post_count > 0);
    assert!(full.post(full.data.most_recent_post_id.unwrap()).is_some());
    let several = client.get_users_by_name(["ada", "nobody_here", "robin"]).await.unwrap();
    assert_eq!(several.data.iter().map(|u| u.username.as_str()).collect::<Vec<_>>(), ["ada", "robin"]);
    assert_eq!(several.errors[0].parameter.as_deref(), Some("usernames"));
    let by_id = client.get_users([several.data[0].id, UserId::new(1)]).await.unwrap();
    assert_eq!((by_id.data.len(), by_id.errors.len()), (1, 1));
    assert_eq!(client.get_user(1).await.unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(client.get_user_by_name("nobody_here").await.unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(client.get_me().await.unwrap().data.username, "ada");
}

#[tokio::test]
async fn follows_affect_the_home_timeline() {
    let (sandbox, client) = sandbox_and_client();
    part!({
        let followed = client.user(sandbox.user_id("lena").unwrap()).follow().await.unwrap().data;
        shows!("pytweet.relation.follow", {
            assert_eq!((followed.following, followed.pending_follow), (true, Some(false)));
        });
    });
    let stranger = client.get_users_by_name(["ada", "mika", "lena", "tomas", "yuki"]).await.unwrap().data;
    let followed: Vec<_> = client.user(stranger[0].id).following().max_results(1000).items().collect().await.unwrap();
    for user in followed {
        assert!(!client.user(user.id).unfollow().await.unwrap().data.following);
    }
    let other = stranger[1].id;
    let followed = client.user(other).follow().await.unwrap().data;
    assert_eq!((followed.following, followed.pending_follow), (true, Some(false)));
    let latest = client.followers(other).max_results(1).await.unwrap();
    assert_eq!(latest.data[0].username, "ada", "the latest follower comes first");
    let status = client.get_user(other).user_fields([UserField::ConnectionStatus]).await.unwrap().data;
    assert!(status.connection_status.contains(&"following".to_owned()));
    let writer = client.with_credentials(sandbox.oauth1("mika").unwrap());
    let id = writer.create_post().text("News for my followers @ada").await.unwrap().data.id;
    let home = client.home_timeline().expansions([Expansion::AuthorId]).await.unwrap();
    assert_eq!(home.data[0].id, id);
    assert!(home.data.iter().all(|p| [other, stranger[0].id].contains(&p.author_id.unwrap())));
    assert_eq!(client.user(stranger[0].id).mentions().await.unwrap().data[0].id, id);
    let own = client.follow(stranger[0].id).await.unwrap_err();
    assert_eq!(own.kind(), ErrorKind::Forbidden);
}

#[tokio::test]
async fn users_can_be_muted_and_blocked() {
    let (_sandbox, client) = sandbox_and_client();
    let robin = client.user(12);
    assert!(robin.mute().await.unwrap().data.muting);
    assert!(client.user(client.get_user_by_name("mika").await.unwrap().data.id).mute().await.unwrap().data.muting);
    let names: Vec<_> = client.muting().await.unwrap().data.into_iter().map(|user| user.username).collect();
    assert_eq!(names, ["mika", "robin"], "the latest first");
    assert!(!robin.unmute().await.unwrap().data.muting);
    assert_eq!(client.muting().await.unwrap().data.len(), 1);

    robin.follow().await.unwrap();
    assert!(robin.block().await.unwrap().data.blocking);
    assert_eq!(client.blocking().await.unwrap().data[0].username, "robin");
    let status = client.get_user(12).user_fields([UserField::ConnectionStatus]).await.unwrap().data;
    assert!(status.connection_status.is_empty(), "a block ends the follow");
    assert!(!robin.unblock().await.unwrap().data.blocking);
    assert!(client.blocking().await.unwrap().data.is_empty());
    assert_eq!(client.mute(1).await.unwrap_err().kind(), ErrorKind::Invalid);
}

#[tokio::test]
async fn bookmarks_and_likes_keep_their_order() {
    let (_sandbox, client) = sandbox_and_client();
    let me = client.me().await.unwrap();
    let mut ids = Vec::new();
    for text in ["one", "two", "three", "four", "five", "six"] {
        ids.push(client.create_post().text(text).await.unwrap().data.id);
    }
    for id in [ids[2], ids[0], ids[1]] {
        assert!(client.post(id).bookmark().await.unwrap().data.bookmarked);
    }
    let listed = |posts: Vec<chirrup::model::Post>| posts.into_iter().map(|post| post.id).collect::<Vec<_>>();
    assert_eq!(listed(client.bookmarks().await.unwrap().data)[..3], [ids[1], ids[0], ids[2]]);
    assert!(!client.post(ids[0]).remove_bookmark().await.unwrap().data.bookmarked);
    let left = listed(client.bookmarks().max_results(1).items().collect().await.unwrap());
    assert_eq!((&left[..2], left.contains(&ids[0])), (&[ids[1], ids[2]][..], false));

    for id in [ids[5], ids[3], ids[4]] {
        client.post(id).like().await.unwrap();
    }
    let liked = client.user(me).liked_posts().max_results(5).items().collect().await.unwrap();
    assert_eq!(listed(liked)[..3], [ids[4], ids[3], ids[5]]);
    assert_eq!(client.liked_posts(1).await.unwrap().errors.len(), 1);
}

#[tokio::test]
async fn timelines_exclude_replies_and_reposts_on_request() {
    let (_sandbox, client) = sandbox_and_client();
    part!({
        let all = client.user_posts(12).max_results(100).post_fields([PostField::ReferencedPosts]);
        let posts = all.clone().items().collect().await.unwrap();
        assert!(posts.iter().any(|p| p.replied_to().is_some()) && posts.iter().any(|p| p.reposted().is_some()));
        let own = all.exclude([Exclude::Replies, Exclude::Reposts]).items().collect().await.unwrap();
        assert!(!own.is_empty() && own.len() < posts.len());
        shows!(
            ["tweepy.param.exclude", "pytweet.user.fetch_timelines.exclude"],
            assert!(own.iter().all(|p| p.replied_to().is_none() && p.reposted().is_none()))
        );
    });
    assert_eq!(client.user_posts(1).await.unwrap().errors.len(), 1, "no such user");
}

#[tokio::test]
async fn extreme_ids_and_times_are_accepted() {
    let (_sandbox, client) = sandbox_and_client();
    assert!(client.user_posts(12).since_id("9999999999999999999").await.unwrap().data.is_empty());
    assert!(!client.user_posts(12).until_id("9999999999999999999").await.unwrap().data.is_empty());
    assert!(!client.user_posts(12).end_time("9000-01-01T00:00:00Z").await.unwrap().data.is_empty());
    assert!(client.user_posts(12).start_time("9000-01-01T00:00:00Z").await.unwrap().data.is_empty());
    assert_eq!(client.get_post("9999999999999999999").await.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn each_token_acts_as_its_user() {
    let (sandbox, client) = sandbox_and_client();
    for name in ["ada", "robin"] {
        for credentials in [sandbox.oauth1(name).unwrap(), sandbox.oauth2(name, &["tweet.read", "users.read"]).unwrap()]
        {
            let me = client.with_credentials(credentials).get_me().await.unwrap().data;
            assert_eq!(me.username, name);
        }
    }
}

#[tokio::test]
async fn the_callers_id_is_requested_once() {
    let (sandbox, _) = sandbox_and_client();
    let client = crate::common::client(&sandbox, sandbox.oauth2("ada", &["tweet.read", "users.read"]).unwrap());
    for _ in 0..3 {
        client.home_timeline().await.unwrap();
    }
    let lookups = || sandbox.journal().iter().filter(|event| event.path == "/2/users/me").count();
    shows!("tweepy.user_id_cache", assert_eq!(lookups(), 1, "one look-up for three timelines"));
    let before = lookups();
    part!({
        let signed = client.with_credentials(sandbox.oauth1("robin").unwrap());
        signed.home_timeline().await.unwrap();
        shows!(
            "tweepy.user_id_cache.oauth1",
            assert_eq!(lookups(), before, "an OAuth 1.0a token contains the user ID")
        );
    });
}

#[tokio::test]
async fn a_thousand_ids_are_requested_in_batches() {
    let sandbox = chirrup_sandbox::Sandbox::builder().users(60).posts(1_500).start().unwrap();
    let client = client(&sandbox, sandbox.credentials().unwrap());
    let known: Vec<u64> =
        client.search_users("a").items().collect().await.unwrap().iter().map(|u| u.id.get()).collect();
    let asked: Vec<u64> =
        (0..1_000).map(|n| if n % 100 < known.len() { known[n % 100] } else { 5_000 + n as u64 }).collect();
    assert_eq!(client.get_users(asked.clone()).await.unwrap_err().kind(), chirrup::ErrorKind::Argument);
    let response = client.get_users(asked.clone()).batched().await.unwrap();
    let expected: Vec<u64> = asked.iter().copied().filter(|id| known.contains(id)).collect();
    assert_eq!(response.data.iter().map(|user| user.id.get()).collect::<Vec<_>>(), expected);
    assert_eq!(response.errors.len(), 1_000 - expected.len());
    let limit = response.limit().unwrap();
    assert_eq!(limit.limit - limit.remaining, 10, "ten calls");
    assert_eq!(client.get_users([12]).batched().await.unwrap().data.len(), 1);
}

#[tokio::test]
async fn users_are_searched_by_text() {
    let (_sandbox, client) = sandbox_and_client();
    let robin = client.search_users("robin").await.unwrap().data;
    assert!(robin.iter().any(|user| user.id.get() == 12));
    let all: Vec<_> = client.search_users("a").max_results(7).items().limit(20).collect().await.unwrap();
    assert_eq!(all.len(), 20);
    assert!(client.affiliates(12).await.unwrap().data.is_empty());
    assert_eq!(client.affiliates(1).await.unwrap_err().kind(), ErrorKind::Invalid);
}
