//! Trends: the most frequent hashtags of the world.

use chirrup_api::v2::trends::{PersonalizedTrends, Trends};
use serde_json::json;

use super::context::{HandlerEntry, HandlerResult, RequestContext};
use super::documents::data_response;
use crate::response::api_error::ApiError;

pub(super) const HANDLERS: &[HandlerEntry] =
    &[(Trends::ENDPOINT, trends), (PersonalizedTrends::ENDPOINT, personalized_trends)];

/// Where On Earth IDs with trends: worldwide, United States, New York, London, Tokyo.
const WOEIDS: [&str; 5] = ["1", "23424977", "2459115", "44418", "1118370"];

fn trends(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let place = ctx.call.number("woeid").unwrap_or_default().to_string();
    let limit = ctx.size("max_trends", 20);
    if !WOEIDS.contains(&place.as_str()) {
        return Err(ApiError::no_such_resource("trend location", "woeid", &place));
    }
    let found = ctx.world.top_hashtags(limit)?;
    let items = found.iter().map(|(tag, count)| json!({"trend_name": format!("#{tag}"), "tweet_count": count}));
    data_response(200, ctx.select_fields("trend.fields", items.collect()).into())
}

fn personalized_trends(ctx: &mut RequestContext<'_>) -> HandlerResult {
    ctx.me()?;
    let found = ctx.world.top_hashtags(10)?;
    let items = found.iter().map(|(tag, count)| {
        json!({
            "trend_name": format!("#{tag}"), "category": "Technology", "post_count": format!("{count} posts"),
            "trending_since": "Trending now",
        })
    });
    data_response(200, ctx.select_fields("personalized_trend.fields", items.collect()).into())
}
