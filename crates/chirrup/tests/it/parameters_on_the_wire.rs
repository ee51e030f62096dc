//! Form of parameters in requests: times, and lists that are too long for a query.

use std::time::{Duration, SystemTime};

use chirrup::model::{Dialect, Timestamp, UserId};

use crate::common::sandbox_and_client;
use crate::wire::Ground;

#[tokio::test]
async fn times_are_sent_in_whole_seconds() {
    let g = Ground::new().await;
    part!({
        let time = Timestamp::from_millis(1_700_000_000_123);
        let system = SystemTime::UNIX_EPOCH + Duration::from_millis(1_700_000_060_999);
        g.client.search_all("rust").start_time(time).end_time(system).await.unwrap();
        let sent = g.wire.only();
        shows!(["tweepy.param.datetime", "seed.more.whole_seconds"], {
            assert_eq!(sent.query["start_time"], "2023-11-14T22:13:20Z");
            assert_eq!(sent.query["end_time"], "2023-11-14T22:14:20Z");
        });
    });
    for (text, line) in [
        ("2023-11-14T22:13:20Z", "start_time=2023-11-14T22:13:20Z"),
        ("2023-11-15T00:13:20.5+02:00", "start_time=2023-11-14T22:13:20Z"),
    ] {
        part!({
            g.client.user_posts(12).start_time(text).await.unwrap();
            shows!(
                ["tweepy.param.datetime", "seed.more.whole_seconds"],
                assert_eq!(g.wire.only().line(), format!("GET /2/users/12/tweets {line}"))
            );
        });
    }
    for (early, first) in [("2010-11-05T23:59:59Z", "2010-11-06T00:00:00Z"), ("2010-11-06T00:00:00Z", "")] {
        part!({
            let (from, until) = (g.client.user_posts(12).start_time(early), g.client.user_posts(12).end_time(early));
            let (from, until) = (from.raw().await, until.raw().await.unwrap_err());
            shows!("seed.more.whole_seconds", {
                assert!(until.message().contains("must be on or after 2010-11-06T00:00:01Z"), "{until}");
                match from {
                    Ok(response) => assert!(response.status.is_success() && first.is_empty()),
                    Err(error) => assert!(!first.is_empty() && error.message().contains(first), "{error}"),
                }
            });
        });
    }
}

#[tokio::test]
async fn a_long_lookup_of_v1_is_sent_as_a_form() {
    let (sandbox, client) = sandbox_and_client();
    let last = |sandbox: &chirrup_sandbox::Sandbox| sandbox.journal().pop().map(|entry| (entry.method, entry.path));
    let short = client.v1().lookup_users().user_ids([12_u64]).await.unwrap();
    assert_eq!(short.data[0].screen_name.as_deref(), Some("robin"));
    assert_eq!(last(&sandbox), Some(("GET".to_owned(), "/1.1/users/lookup.json".to_owned())));

    let many: Vec<UserId> =
        (0..99).map(|n| UserId::new(1_585_823_814_058_971_140 + n)).chain([UserId::new(12)]).collect();
    let long = client.v1().lookup_users().user_ids(&many).include_entities(false).await.unwrap();
    assert_eq!(long.data.len(), 1);
    assert_eq!(last(&sandbox), Some(("POST".to_owned(), "/1.1/users/lookup.json".to_owned())));
    let posts: Vec<u64> = (0..99).map(|n| 1_585_823_814_058_971_140 + n).chain([20]).collect();
    let long = client.v1().lookup(posts).await.unwrap();
    assert_eq!(long.data.len(), 1);
    assert_eq!(last(&sandbox), Some(("POST".to_owned(), "/1.1/statuses/lookup.json".to_owned())));

    client.v1().lookup_users_by_form().screen_names(["robin", "ada"]).await.unwrap();
    let sent = client.v1().lookup_by_form([20_u64]);
    assert_eq!(&sent.call().to_http(Dialect::Tweet).unwrap().body[..], b"id=20");
    assert_eq!(sent.await.unwrap().data.len(), 1);
    assert_eq!(sandbox.journal().iter().filter(|entry| entry.method == "POST").count(), 4);
    let none = client.call("POST", "friendships/lookup").form("screen_name", "robin").await.unwrap_err();
    assert_eq!(none.status_code(), Some(404), "X has no such route");
}

#[tokio::test]
async fn a_post_in_a_community_returns_the_community() {
    let (_sandbox, client) = sandbox_and_client();
    let community = client.search_communities("birds watching").await.unwrap().data[0].id;
    let made = client.create_post().text("for all of us").community_id(community).await.unwrap().data;
    assert_eq!(made.community_id, Some(community));
    assert_eq!(client.create_post().text("for everyone").await.unwrap().data.community_id, None);
}
