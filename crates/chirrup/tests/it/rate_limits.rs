//! Rate limits of the sandbox.

use std::time::Duration;

use chirrup::model::{DmConversationId, DmConversationType, NewDm, UserId};
use chirrup::{ErrorKind, RawResponse};

use crate::common::{client, sandbox_and_client};

#[tokio::test]
async fn a_window_counts_down_and_resets() {
    let (sandbox, _) = sandbox_and_client();
    let client = client(&sandbox, sandbox.oauth1("ada").unwrap());
    let first = client.get_me().await.unwrap();
    part!({
        let first = first.limit().unwrap();
        assert_eq!((first.limit, first.remaining), (75, 74));
    });
    for left in (0..74).rev() {
        let limit = client.get_me().await.unwrap().limit();
        assert_eq!(limit.map(|limit| (limit.remaining, limit.reset)), first.limit().map(|limit| (left, limit.reset)));
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
    let (sandbox, client) = sandbox_and_client();
    let left = |response: &RawResponse| response.limit().unwrap().remaining;
    let conversation: DmConversationId = format!("12-{}", sandbox.user_id("ada").unwrap()).parse().unwrap();
    part!({
        let first = client.send_dm(12).text("one").raw().await.unwrap();
        let second = client.send_dm_to(&conversation).text("two").raw().await.unwrap();
        let users = [UserId::new(12), sandbox.user_id("mika").unwrap()];
        let third = client.create_dm_conversation(DmConversationType::Group, NewDm::text("three"), users);
        let third = third.raw().await.unwrap();
        shows!("tweepy4.dm.rate_write", assert_eq!([left(&first), left(&second), left(&third)], [14, 13, 12]));
    });
    part!({
        let reads = [
            left(&client.dm_events().raw().await.unwrap()),
            left(&client.dm_events_with(12).raw().await.unwrap()),
            left(&client.dm_events_in(&conversation).raw().await.unwrap()),
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
