//! Rate limits of the sandbox.

use std::time::Duration;

use chirrup::ErrorKind;
use chirrup::model::{DmConversationType, UserId};

use crate::common::{client, sandbox_and_client};

#[tokio::test]
async fn a_window_counts_down_and_resets() {
    let (sandbox, _) = sandbox_and_client();
    let client = client(&sandbox, sandbox.oauth1("ada").unwrap());
    let first = client.get_me().await.unwrap().limit().unwrap();
    assert_eq!((first.limit, first.remaining), (75, 74));
    for left in (0..74).rev() {
        let limit = client.get_me().await.unwrap().limit().unwrap();
        assert_eq!((limit.remaining, limit.reset), (left, first.reset));
    }
    let error = client.get_me().await.unwrap_err();
    shows!(
        ["pytweet.error.too_many_requests", "twython.error.rate_limit"],
        assert_eq!(error.kind(), ErrorKind::RateLimited)
    );
    part!({
        let wait = error.retry_after().unwrap();
        shows!(
            "twython.error.rate_limit",
            assert!(wait <= Duration::from_secs(900) && wait > Duration::from_secs(800), "{wait:?}")
        );
    });
    assert!(client.get_user(12).await.is_ok(), "another endpoint has its own window");
    let robin = client.with_credentials(sandbox.oauth1("robin").unwrap());
    assert!(robin.get_me().await.is_ok(), "another user has their own window");
}

#[tokio::test]
async fn dm_endpoints_share_one_window_for_writes_and_one_for_reads() {
    let (_sandbox, client) = sandbox_and_client();
    let left = |response: Option<chirrup::RateLimit>| response.unwrap().remaining;
    let first = client.send_dm(12).text("one").await.unwrap();
    let conversation = first.data.dm_conversation_id.clone();
    part!({
        let second = client.send_dm_to(&conversation).text("two").await.unwrap();
        let mika = client.get_user_by_name("mika").await.unwrap().data.id;
        let message = chirrup::model::NewDm::text("three");
        let third =
            client.create_dm_conversation(DmConversationType::Group, message, [UserId::new(12), mika]).await.unwrap();
        shows!(
            "tweepy4.dm.rate_write",
            assert_eq!([left(first.limit()), left(second.limit()), left(third.limit())], [14, 13, 12])
        );
    });
    part!({
        let reads = [
            left(client.dm_events().await.unwrap().limit()),
            left(client.dm_events_with(12).await.unwrap().limit()),
            left(client.dm_events_in(&conversation).await.unwrap().limit()),
        ];
        shows!("tweepy4.dm.rate_read", assert_eq!(reads, [14, 13, 12]));
    });
    let known: Vec<_> = client.rate_limits().into_iter().map(|bucket| bucket.endpoint).collect();
    assert!(known.contains(&"send_dm".to_owned()) && !known.contains(&"send_dm_to".to_owned()), "{known:?}");
}

#[tokio::test]
async fn advancing_the_clock_resets_a_window() {
    let (sandbox, _) = sandbox_and_client();
    let client = client(&sandbox, sandbox.oauth1("ada").unwrap());
    while client.get_me().await.is_ok() {}
    sandbox.clock().advance(Duration::from_secs(901));
    assert_eq!(client.get_me().await.unwrap().limit().unwrap().remaining, 74);
}

#[tokio::test]
async fn daily_limits_have_their_own_headers() {
    let (_sandbox, client) = sandbox_and_client();
    let response = client.create_post().text("counted").await.unwrap();
    assert_eq!(response.headers()["x-app-limit-24hour-limit"], "10000");
    assert_eq!(response.headers()["x-app-limit-24hour-remaining"], "9999");
}
