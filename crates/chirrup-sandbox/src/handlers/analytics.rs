//! Analytics of posts and media.

use chirrup_api::v2::media::GetMediaAnalytics;
use chirrup_api::v2::posts::PostAnalytics;
use serde_json::json;

use super::context::{HandlerEntry, HandlerResult, RequestContext};
use super::documents::data_response;
use crate::world::PostCounts;

pub(super) const HANDLERS: &[HandlerEntry] =
    &[(PostAnalytics::ENDPOINT, post_analytics), (GetMediaAnalytics::ENDPOINT, media_analytics)];

/// Metrics of posts of the authenticated user.
fn post_analytics(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let mut items = Vec::new();
    for id in ctx.call.list("ids") {
        let post = id.parse().ok().map(|id| ctx.world.post(id)).transpose()?.flatten();
        let Some(post) = post.filter(|post| post.author == me) else {
            continue;
        };
        let PostCounts { likes, replies, reposts, quotes, bookmarks, impressions } = post.counts;
        items.push(json!({
            "id": id, "timestamp": ctx.call.text("end_time"), "likes": likes, "replies": replies, "retweets": reposts,
            "quote_tweets": quotes, "bookmarks": bookmarks, "impressions": impressions,
            "engagements": likes + replies + reposts + quotes + bookmarks,
        }));
    }
    data_response(200, ctx.select_fields("analytics.fields", items).into())
}

fn media_analytics(ctx: &mut RequestContext<'_>) -> HandlerResult {
    ctx.me()?;
    let time = ctx.call.text("end_time");
    let items = ctx.call.list("media_keys").map(|key| {
        json!({
            "media_key": key, "timestamp": time, "video_views": 0, "playback_start": 0, "playback25": 0,
            "playback50": 0, "playback75": 0, "playback_complete": 0, "watch_time_ms": 0,
        })
    });
    data_response(200, ctx.select_fields("media_analytics.fields", items.collect()).into())
}
