//! Streams of historical windows.

use chirrup::model::{Expansion, PostField, Timestamp};
use chirrup::{ErrorKind, Response, StreamBatch};
use chirrup_sandbox::Sandbox;
use serde_json::json;

use crate::common::{client, sandbox_and_client};

#[tokio::test]
async fn the_filtered_stream_returns_matching_posts_with_their_rules() {
    let (sandbox, client) = sandbox_and_client();
    let start = sandbox.clock().now().plus_millis(-80_000_000);
    let none = client.filtered_stream().start_time(start).await.unwrap_err();
    assert_eq!(none.kind(), ErrorKind::Conflict, "there are no rules");
    let rules = json!([{"value": crate::common::BROAD_QUERY, "tag": "mine"}, {"value": "rust lang:en", "tag": "rust"}]);
    client.update_rules().add_rules(rules).await.unwrap();
    let response = client
        .filtered_stream()
        .start_time(start)
        .post_fields([PostField::Lang])
        .expansions([Expansion::AuthorId])
        .await
        .unwrap();
    let lines = &response.data.0;
    assert!(lines.len() > 3, "{}", lines.len());
    assert!(lines.is_sorted_by(|a, b| a.data.as_ref().unwrap().id < b.data.as_ref().unwrap().id));
    for line in lines {
        let post = line.data.as_ref().unwrap();
        let rust = line.matching_rules.iter().any(|rule| rule.tag.as_deref() == Some("rust"));
        assert!(!rust || (post.lang.as_deref() == Some("en") && post.text.to_lowercase().contains("rust")));
        assert!(!line.matching_rules.is_empty() && line.includes.author_of(post).is_some());
    }
    let old = client.filtered_stream().start_time("2026-01-01T00:00:00Z").await.unwrap_err();
    assert_eq!(old.kind(), ErrorKind::Invalid);
}

#[tokio::test]
async fn samples_and_partitions_are_subsets_of_the_firehose() {
    let sandbox = Sandbox::builder().users(60).posts(100).without_rate_limits().start().unwrap();
    let client = client(&sandbox, sandbox.app_only());
    let start: Timestamp = sandbox.clock().now().plus_millis(-600_000);
    let count = |response: Response<StreamBatch<chirrup::model::Post>>| response.data.0.len();
    let load = sandbox.generate_posts(2_000).unwrap();
    while count(client.firehose(1).start_time(start).await.unwrap()) < 60 {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    drop(load);
    let (mut whole, mut english, mut tenth) = (0, 0, 0);
    for partition in 1..=20 {
        whole += count(client.firehose(partition).start_time(start).await.unwrap());
    }
    for partition in 1..=8 {
        english += count(client.firehose_en(partition).start_time(start).await.unwrap());
    }
    for partition in 1..=2 {
        tenth += count(client.sample10_stream(partition).start_time(start).await.unwrap());
        let others = [
            count(client.firehose_ja(partition).start_time(start).await.unwrap()),
            count(client.firehose_ko(partition).start_time(start).await.unwrap()),
            count(client.firehose_pt(partition).start_time(start).await.unwrap()),
        ];
        assert!(others.into_iter().all(|n| n < whole));
    }
    assert!(whole > english && english > 0 && (whole / 30..whole / 3).contains(&tenth), "{whole} {english} {tenth}");
    assert_eq!(client.firehose(21).await.unwrap_err().kind(), ErrorKind::Argument);
}
