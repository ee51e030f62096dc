//! Streams: which posts they deliver, and the window of the past with which they begin.

use chirrup_model::Timestamp;
use chirrup_query::{MatchMode, RuleIndex, parse};
use serde_json::{Value as Json, json};

use super::{HandlerResult, RequestContext};
use crate::api_error::ApiError;
use crate::world::PostRow;

/// How many posts a stream delivers at most.
const MOST: usize = 5_000;

/// The window that a call names: its begin, and its end.
fn window(ctx: &RequestContext<'_>) -> Result<(Timestamp, Timestamp), ApiError> {
    let minutes = ctx.call.number("backfill_minutes").unwrap_or_default();
    let time = |name: &str| ctx.call.text(name).and_then(|text| text.parse().ok());
    let from = time("start_time").unwrap_or_else(|| ctx.now.plus_millis(-minutes * 60_000));
    if from < ctx.now.plus_millis(-86_400_000) {
        let message = "start_time must not be more than 24 hours in the past.";
        return Err(ApiError::invalid_param("start_time", ctx.call.text("start_time").unwrap_or_default(), message));
    }
    // What was written within this very millisecond belongs to the past, too.
    Ok((from, time("end_time").unwrap_or(ctx.now.plus_millis(60_000))))
}

/// The rules of an app, ready to be held against posts.
#[derive(Debug, Default)]
pub(crate) struct ParsedRules {
    rules: Vec<Json>,
    index: RuleIndex,
}

/// The rules of the app that calls.
pub(crate) fn parsed_rules(ctx: &RequestContext<'_>) -> Result<ParsedRules, ApiError> {
    let sound = super::webhooks::all_rules(ctx)?.into_iter().filter_map(|rule| {
        let query = parse(rule["value"].as_str()?).ok()?;
        Some((rule, query))
    });
    let (rules, queries): (Vec<_>, Vec<_>) = sound.unzip();
    Ok(ParsedRules { rules, index: RuleIndex::new(queries) })
}

/// The line by which a post is delivered, if it is.
pub(crate) fn line(ctx: &RequestContext<'_>, row: &PostRow, rules: &ParsedRules) -> Result<Option<Json>, ApiError> {
    if ctx.call.endpoint.is_some_and(|meta| meta.is_v1()) {
        return super::v1::line(ctx, row);
    }
    let more = match ctx.call.endpoint.map_or("", |meta| meta.id) {
        "filtered_stream" => matched(ctx, row, rules)?,
        "sample_stream" => share(ctx, row, 100, 1, None),
        "sample10_stream" => share(ctx, row, 10, 2, None),
        "firehose_en" => share(ctx, row, 1, 8, Some("en")),
        "firehose_ja" => share(ctx, row, 1, 2, Some("ja")),
        "firehose_ko" => share(ctx, row, 1, 2, Some("ko")),
        "firehose_pt" => share(ctx, row, 1, 2, Some("pt")),
        "firehose" => share(ctx, row, 1, 20, None),
        _ => None,
    };
    let Some(more) = more else { return Ok(None) };
    let mut scene = ctx.scene();
    let data = scene.posts(std::slice::from_ref(row))?.pop();
    let mut line = scene.body(data, None);
    if let (Some(line), Json::Object(more)) = (line.as_object_mut(), more) {
        line.extend(more);
    }
    Ok(Some(line))
}

/// The rules that a post matches, if it does any.
fn matched(ctx: &RequestContext<'_>, row: &PostRow, rules: &ParsedRules) -> Result<Option<Json>, ApiError> {
    let subject = ctx.world.subject(row)?;
    let matched: Vec<Json> = rules
        .index
        .matches(&subject, MatchMode::Stream)
        .into_iter()
        .map(|number| &rules.rules[number])
        .map(|rule| json!({"id": rule["id"], "tag": rule["tag"].as_str().unwrap_or_default()}))
        .collect();
    Ok((!matched.is_empty()).then(|| json!({"matching_rules": matched})))
}

/// Whether something is one of so many, and in this partition of them. Each is in one.
pub(crate) fn is_in(key: u64, partition: Option<i64>, one_of: u64, partitions: u64) -> bool {
    // The low bits of ids count up; these are spread well enough over the rest.
    let spread = key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
    let partition = partition.and_then(|n| u64::try_from(n).ok());
    spread.is_multiple_of(one_of) && partition.is_none_or(|n| spread / one_of % partitions == n - 1)
}

/// Every so many posts, of a language.
fn share(
    ctx: &RequestContext<'_>,
    row: &PostRow,
    one_of: u64,
    partitions: u64,
    language: Option<&str>,
) -> Option<Json> {
    let right = language.is_none_or(|language| row.lang == language);
    (right && is_in(row.id, ctx.call.number("partition"), one_of, partitions)).then(|| json!({}))
}

/// A window of the past: what a stream begins with, or all of it.
pub(super) fn past(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let rules = parsed_rules(ctx)?;
    if rules.rules.is_empty() && ctx.call.endpoint.is_some_and(|meta| meta.id == "filtered_stream") {
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
    let (from, below) = window(ctx)?;
    for row in ctx.world.posts_between(from.first_snowflake(), below.first_snowflake(), MOST)? {
        lines.extend(line(ctx, &row, &rules)?);
    }
    Ok((200, lines.into()))
}

/// The same of what happened and is no post.
pub(super) fn happened(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (from, below) = window(ctx)?;
    let lines = ctx.hub.events_between(ctx.call, ctx.identity, from, below);
    Ok((200, lines.into()))
}
