//! News and trends.

use chirrup::ErrorKind;
use chirrup::model::{NewsField, PersonalizedTrendField, TrendField};

use crate::common::sandbox_and_client;

#[tokio::test]
async fn news_stories_are_searched_and_looked_up() {
    let (_sandbox, client) = sandbox_and_client();
    let fields = [NewsField::Summary, NewsField::ClusterPostsResults];
    let found = client.search_news("storks").max_results(5).max_age_hours(48).news_fields(fields).await.unwrap().data;
    assert_eq!(found[0].cluster_posts_results.as_ref().unwrap()[0].post_id.get(), 20);
    let one = client.get_news(found[0].id).await.unwrap().data;
    assert_eq!((one.name, one.summary), (found[0].name.clone(), None));
}

#[tokio::test]
async fn trends_are_the_hashtags_of_the_sandbox() {
    let (_sandbox, client) = sandbox_and_client();
    let trends = client.trends(1).max_trends(3).trend_fields([TrendField::TrendName, TrendField::TweetCount]).await;
    let trends = trends.unwrap().data;
    assert!(trends.len() == 3 && trends.is_sorted_by(|a, b| a.post_count >= b.post_count));
    assert!(trends[0].trend_name.as_ref().unwrap().starts_with('#'));
    assert_eq!(client.trends(7).await.unwrap_err().kind(), ErrorKind::Invalid);
    let mine = client.personalized_trends().personalized_trend_fields([PersonalizedTrendField::Category]).await;
    assert!(mine.unwrap().data.iter().all(|trend| trend.category.is_some() && trend.trend_name.is_none()));
}
