//! Streams: the time window with which they begin. The hub delivers what follows.

use chirrup_api::v2::streams::{
    ActivityStream, FilteredStream, Firehose, FirehoseEn, FirehoseJa, FirehoseKo, FirehosePt, LabelsStream,
    LikesComplianceStream, LikesFirehose, LikesSample10Stream, PostsComplianceStream, Sample10Stream, SampleStream,
    UsersComplianceStream,
};
use chirrup_model::Timestamp;
use serde_json::json;

use super::context::{HandlerEntry, HandlerResult, RequestContext};
use crate::response::api_error::ApiError;
use crate::response::content::Content;
use crate::streams::catalog::{self, StreamContent};
use crate::streams::reader::StreamReader;
use crate::streams::rules::ParsedRules;

pub(super) const HANDLERS: &[HandlerEntry] = &[
    (FilteredStream::ENDPOINT, posts),
    (SampleStream::ENDPOINT, posts),
    (Sample10Stream::ENDPOINT, posts),
    (Firehose::ENDPOINT, posts),
    (FirehoseEn::ENDPOINT, posts),
    (FirehoseJa::ENDPOINT, posts),
    (FirehoseKo::ENDPOINT, posts),
    (FirehosePt::ENDPOINT, posts),
    (LikesFirehose::ENDPOINT, events),
    (LikesSample10Stream::ENDPOINT, events),
    (PostsComplianceStream::ENDPOINT, events),
    (UsersComplianceStream::ENDPOINT, events),
    (LikesComplianceStream::ENDPOINT, events),
    (LabelsStream::ENDPOINT, events),
    (ActivityStream::ENDPOINT, events),
];

/// Begin and end of the time window that a request asks for.
fn time_window(ctx: &RequestContext<'_>) -> Result<(Timestamp, Timestamp), ApiError> {
    let minutes = ctx.call.number("backfill_minutes").unwrap_or_default();
    let time = |name: &str| ctx.call.text(name).and_then(|text| text.parse().ok());
    let from = time("start_time").unwrap_or_else(|| ctx.now.plus_millis(-minutes * 60_000));
    if from < ctx.now.plus_millis(-86_400_000) {
        let message = "start_time must not be more than 24 hours in the past.";
        return Err(ApiError::invalid_param("start_time", ctx.text("start_time"), message));
    }
    // The IDs of a busy millisecond run ahead of the clock, so the window ends in the future.
    Ok((from, time("end_time").unwrap_or(ctx.now.plus_millis(60_000))))
}

/// Responds with the posts of a time window. A live stream begins with them.
fn posts(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let rules = ParsedRules::of_app(ctx.world, ctx.identity.app)?;
    let needs_rules = matches!(catalog::content(ctx.call), Some(StreamContent::MatchingPosts));
    if needs_rules && rules.is_empty() {
        let body = json!({
            "title": "ConnectionException",
            "detail": "You must define rules using the POST /2/tweets/search/stream/rules endpoint before connecting to \
                       filtered stream.",
            "connection_issue": "RuleConfigurationIssue",
            "type": "https://api.twitter.com/2/problems/streaming-connection",
        });
        return Err(ApiError { status: 409, body, before_routing: false });
    }
    let mut lines = Vec::new();
    let (from, below) = time_window(ctx)?;
    let reader = StreamReader { world: ctx.world, call: ctx.call, viewer: ctx.viewer(), rules: &rules };
    for row in ctx.world.posts_between(from.first_snowflake(), below.first_snowflake()) {
        lines.extend(reader.line(&row)?);
    }
    Ok((200, Content::Lines(lines)))
}

/// Responds with the events of a time window, such as likes and compliance events.
fn events(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (from, below) = time_window(ctx)?;
    let (call, identity) = (ctx.call, ctx.identity);
    let lines = ctx.exclusive()?.hub.events_between(call, identity, from, below);
    Ok((200, Content::Lines(lines.into_iter().map(Content::Json).collect())))
}
