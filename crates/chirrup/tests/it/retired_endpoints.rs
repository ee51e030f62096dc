//! Retired endpoints of API v2.

use crate::common::sandbox_and_client;

#[tokio::test]
async fn errors_of_retired_endpoints_name_the_replacement() {
    use chirrup::model::{InsightGranularity, InsightMetric};
    let (_sandbox, client) = sandbox_and_client();
    let (day, metrics) = (InsightGranularity::Daily, [InsightMetric::Likes]);
    let refused = [
        client.insights_28hr([20], &day, &metrics).await.unwrap_err(),
        client
            .insights_historical([20], "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", day, metrics)
            .await
            .unwrap_err(),
        client.handle_availability("ada").await.unwrap_err(),
        client.replay_account_activity(1, "202601010000", "202601020000").await.unwrap_err(),
        client.notes().await.unwrap_err(),
        client.chat_messages("1-2").await.unwrap_err(),
    ];
    assert!(refused.iter().all(|refused| refused.status_code() == Some(410)));
    assert!(refused[0].message().contains("use `post_analytics`"), "{}", refused[0]);
    assert!(client.evaluate_note_text("It was Tuesday. https://example.org", 20).await.is_ok());
}
