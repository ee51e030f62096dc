//! Analytics and counts of posts.

use chirrup::model::{AnalyticsField, AnalyticsGranularity};

use crate::common::{client, sandbox_and_client};

#[tokio::test]
async fn own_posts_have_analytics() {
    let (sandbox, client_of_ada) = sandbox_and_client();
    let post = client_of_ada.create_post().text("count me").await.unwrap().data.id;
    client(&sandbox, sandbox.oauth1("robin").unwrap()).like(post).await.unwrap();
    let (start, end) = ("2026-01-01T00:00:00Z", "2026-12-31T00:00:00Z");
    let counts = client_of_ada
        .post_analytics([post, 20.into()], start, end)
        .granularity(AnalyticsGranularity::Total)
        .analytics_fields([AnalyticsField::Id, AnalyticsField::Likes])
        .await
        .unwrap();
    assert_eq!(counts.data.len(), 1, "the other post is another's");
    assert_eq!((counts.data[0].id, counts.data[0].likes, counts.data[0].replies), (Some(post), Some(1), None));
}

#[tokio::test]
async fn full_archive_counts_are_paginated() {
    let (_sandbox, client) = sandbox_and_client();
    let all = client.count_all("rust").await.unwrap();
    assert!(all.meta.total_post_count.unwrap() > 0);
    let recent = client.count_recent("rust").await.unwrap();
    assert!(all.meta.total_post_count >= recent.meta.total_post_count);
    let long =
        client.count_all("rust").start_time("2026-01-01T00:00:00Z").granularity(chirrup::model::Granularity::Day);
    let buckets: Vec<_> = long.clone().items().collect().await.unwrap();
    assert!(long.await.unwrap().meta.next_token.is_some());
    assert!(buckets.len() > 100, "{}", buckets.len());
}
