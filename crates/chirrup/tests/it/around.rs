//! Communities, news, trends, usage, notes, compliance jobs, analytics, folders of bookmarks, searches of users.

use chirrup::ErrorKind;
use chirrup::model::{
    AnalyticsField, AnalyticsGranularity, CommunityField, JobField, JobStatus, JobType, NewsField, NoteField,
    PersonalizedTrendField, TrendField, UsageField,
};
use serde_json::json;

use crate::shared::{both, client};

#[tokio::test]
async fn communities_are_found() {
    let (_sandbox, client) = both();
    let found = client.search_communities("birds watching").community_fields([CommunityField::MemberCount]).await;
    let found = found.unwrap().data;
    assert_eq!((found.len(), found[0].name.as_deref(), found[0].member_count), (1, Some("Bird watching"), Some(2_034)));
    let one = client.get_community(found[0].id).community_fields([CommunityField::JoinPolicy]).await.unwrap().data;
    assert_eq!((one.join_policy.as_deref(), one.member_count), (Some("Open"), None));
    assert_eq!(client.get_community(1).await.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn news_are_found() {
    let (_sandbox, client) = both();
    let fields = [NewsField::Summary, NewsField::ClusterPostsResults];
    let found = client.search_news("storks").max_results(5).max_age_hours(48).news_fields(fields).await.unwrap().data;
    assert_eq!(found[0].cluster_posts_results.as_ref().unwrap()[0].post_id.get(), 20);
    let one = client.get_news(found[0].id).await.unwrap().data;
    assert_eq!((one.name, one.summary), (found[0].name.clone(), None));
}

#[tokio::test]
async fn trends_are_the_hashtags_of_the_world() {
    let (_sandbox, client) = both();
    let trends = client.trends(1).max_trends(3).trend_fields([TrendField::TrendName, TrendField::TweetCount]).await;
    let trends = trends.unwrap().data;
    assert!(trends.len() == 3 && trends.is_sorted_by(|a, b| a.post_count >= b.post_count));
    assert!(trends[0].trend_name.as_ref().unwrap().starts_with('#'));
    assert_eq!(client.trends(7).await.unwrap_err().kind(), ErrorKind::Invalid);
    let mine = client.personalized_trends().personalized_trend_fields([PersonalizedTrendField::Category]).await;
    assert!(mine.unwrap().data.iter().all(|trend| trend.category.is_some() && trend.trend_name.is_none()));
}

#[tokio::test]
async fn the_usage_is_told_by_day() {
    let (_sandbox, client) = both();
    let usage = client.usage().days(3).usage_fields([UsageField::DailyProjectUsage]).await.unwrap().data;
    assert_eq!(usage.daily_project_usage.unwrap().usage.unwrap().len(), 3);
    assert_eq!(usage.project_cap.as_deref(), Some("2000000"));
    assert!(usage.daily_client_app_usage.is_none());
}

#[tokio::test]
async fn the_specification_is_that_of_the_table() {
    let (sandbox, client) = both();
    let spec = client.openapi().await.unwrap().data;
    assert_eq!(spec["paths"]["/2/users/{id}"]["get"]["operationId"], "get_user");
    let nobody = chirrup::Client::builder().base_url(sandbox.url()).build().unwrap();
    assert!(nobody.openapi().await.is_ok(), "it needs no credential");
}

#[tokio::test]
async fn notes_are_written_listed_and_deleted() {
    let (_sandbox, client) = both();
    let info = |text: &str| {
        json!({
            "classification": "misinformed_or_potentially_misleading", "misleading_tags": ["other"],
            "text": text, "trustworthy_sources": true,
        })
    };
    let refused = client.create_note(info("no link"), 20, true).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Invalid);
    let note = client.create_note(info("see https://example.org"), 20, true).await.unwrap().data;
    let written =
        client.notes_written(true).max_results(5).note_fields([NoteField::Status, NoteField::TestResult]).await;
    let written = written.unwrap().data;
    assert_eq!((written.len(), written[0].id), (1, note.id));
    assert_eq!(written[0].info.as_ref().unwrap().post_id.unwrap().get(), 20);
    assert!(written[0].test_result.as_ref().unwrap().evaluation_outcome.is_some());
    assert!(client.notes_written(false).await.unwrap().data.is_empty());
    assert!(client.delete_note(note.id).await.unwrap().data.deleted);
    assert_eq!(client.delete_note(note.id).await.unwrap_err().kind(), ErrorKind::Invalid);
    let calm = client.evaluate_note("It was Tuesday. https://example.org", 20).await.unwrap().data;
    let angry = client.evaluate_note("The worst, most stupid claim. https://example.org", 20).await.unwrap().data;
    assert!(angry.claim_opinion_score < calm.claim_opinion_score);
    let posts = client.posts_eligible_for_notes(true).max_results(3).post_selection("feed_lang: en").await.unwrap();
    assert_eq!(posts.data.len(), 3);
}

#[tokio::test]
async fn compliance_jobs_are_made_and_listed() {
    let (_sandbox, client) = both();
    let job = client.create_compliance_job(JobType::Posts).name("mine").resumable(true).await.unwrap().data;
    assert_eq!((job.kind, job.status, job.resumable), (Some(JobType::Posts), Some(JobStatus::Created), Some(true)));
    assert!(job.upload_url.unwrap().contains("/upload?token="));
    let found = client.get_compliance_job(job.id).job_fields([JobField::Name]).await.unwrap().data;
    assert_eq!(found.name.as_deref(), Some("mine"));
    let list = client.compliance_jobs(JobType::Posts).status(JobStatus::Created).await.unwrap();
    assert_eq!((list.data.len(), list.meta.result_count), (1, Some(1)));
    assert!(client.compliance_jobs(JobType::Users).await.unwrap().data.is_empty());
    assert!(client.compliance_jobs(JobType::Posts).status(JobStatus::Failed).await.unwrap().data.is_empty());
}

#[tokio::test]
async fn own_posts_have_analytics() {
    let (sandbox, client_of_ada) = both();
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
async fn the_counts_of_all_time_come_in_pages() {
    let (_sandbox, client) = both();
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

#[tokio::test]
async fn bookmarks_have_folders() {
    let (sandbox, _) = both();
    let scopes = ["bookmark.read", "bookmark.write", "tweet.read", "users.read"];
    let ada = crate::shared::client(&sandbox, sandbox.oauth2("ada", &scopes).unwrap());
    let folder = ada.create_bookmark_folder("to read").await.unwrap().data;
    let folders = ada.bookmark_folders().max_results(10).await.unwrap().data;
    assert_eq!((folders.len(), folders[0].name.as_str(), folders[0].id), (1, "to read", folder.id));
    assert!(ada.bookmarks_in(folder.id).await.unwrap().data.is_empty());
    let robin = crate::shared::client(&sandbox, sandbox.oauth1("robin").unwrap());
    let misfit = robin.create_bookmark_folder("mine").await.unwrap_err();
    assert_eq!(misfit.kind(), ErrorKind::Credentials, "X takes a user's OAuth 2.0 token alone");
    assert_eq!(ada.bookmarks_in(7).await.unwrap_err().kind(), ErrorKind::Invalid);
}

#[tokio::test]
async fn users_are_found_by_words() {
    let (_sandbox, client) = both();
    let robin = client.search_users("robin").await.unwrap().data;
    assert!(robin.iter().any(|user| user.id.get() == 12));
    let all: Vec<_> = client.search_users("a").max_results(7).items().limit(20).collect().await.unwrap();
    assert_eq!(all.len(), 20);
    assert!(client.affiliates(12).await.unwrap().data.is_empty());
    assert_eq!(client.affiliates(1).await.unwrap_err().kind(), ErrorKind::Invalid);
}

#[tokio::test]
async fn what_is_retired_says_what_to_use_instead() {
    use chirrup::model::{InsightGranularity, InsightMetric};
    let (_sandbox, client) = both();
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
