//! Usage of the project, by day.

use chirrup::model::UsageField;

use crate::common::sandbox_and_client;

#[tokio::test]
async fn usage_is_reported_by_day() {
    let (_sandbox, client) = sandbox_and_client();
    let usage = client.usage().days(3).usage_fields([UsageField::DailyProjectUsage]).await.unwrap().data;
    assert_eq!(usage.daily_project_usage.unwrap().usage.unwrap().len(), 3);
    assert_eq!(usage.project_cap.as_deref(), Some("2000000"));
    assert!(usage.daily_client_app_usage.is_none());
}
