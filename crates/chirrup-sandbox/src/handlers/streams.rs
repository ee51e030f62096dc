//! Streams: selection of the posts that they deliver, and the time window with which they begin.

use chirrup_model::Timestamp;
use chirrup_query::{MatchMode, RuleIndex, parse};
use serde_json::{Value as Json, json};

use super::documents::str_of;
use super::{HandlerResult, RequestContext};
use crate::api_error::ApiError;
use crate::world::PostRow;

/// Maximum number of posts in a time window.
const MAX_POSTS: usize = 5_000;

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

/// Rules of an app, compiled for matching.
#[derive(Debug, Default)]
pub(crate) struct ParsedRules {
    rules: Vec<Json>,
    index: RuleIndex,
}

/// Compiles the rules of the app.
pub(crate) fn parsed_rules(ctx: &RequestContext<'_>) -> Result<ParsedRules, ApiError> {
    let valid = super::rules::all_rules(ctx)?.into_iter().filter_map(|rule| {
        let query = parse(rule["value"].as_str()?).ok()?;
        Some((rule, query))
    });
    let (rules, queries): (Vec<_>, Vec<_>) = valid.unzip();
    Ok(ParsedRules { rules, index: RuleIndex::new(queries) })
}

/// A share of all posts: one of `one_of`, divided into partitions.
#[derive(Debug, Clone, Copy)]
struct Sample {
    one_of: u64,
    partitions: u64,
    language: Option<&'static str>,
}

/// Share and partitions of the volume streams (see "Volume Streams").
fn sample(endpoint: &str) -> Option<Sample> {
    let (one_of, partitions, language) = match endpoint {
        "sample_stream" => (100, 1, None),
        "sample10_stream" => (10, 2, None),
        "firehose" => (1, 20, None),
        "firehose_en" => (1, 8, Some("en")),
        "firehose_ja" => (1, 2, Some("ja")),
        "firehose_ko" => (1, 2, Some("ko")),
        "firehose_pt" => (1, 2, Some("pt")),
        _ => return None,
    };
    Some(Sample { one_of, partitions, language })
}

/// Returns the line with which a stream delivers a post, if it does.
pub(crate) fn line(ctx: &RequestContext<'_>, row: &PostRow, rules: &ParsedRules) -> Result<Option<Json>, ApiError> {
    if ctx.call.endpoint.is_some_and(|meta| meta.is_v1()) {
        return super::v1::line(ctx, row);
    }
    let matching = match sample(ctx.endpoint_id()) {
        Some(Sample { one_of, partitions, language }) => {
            let delivered = language.is_none_or(|language| row.lang == language)
                && is_in_sample(row.id, ctx.call.number("partition"), one_of, partitions);
            delivered.then(|| json!({}))
        }
        None => matching_rules(ctx, row, rules)?,
    };
    let Some(matching) = matching else { return Ok(None) };
    let mut response = ctx.response();
    let data = response.posts(std::slice::from_ref(row))?.pop();
    let mut line = response.body(data, None);
    if let (Some(line), Json::Object(matching)) = (line.as_object_mut(), matching) {
        line.extend(matching);
    }
    Ok(Some(line))
}

/// The rules that a post matches, as a member of its line. A post without any is not delivered.
fn matching_rules(ctx: &RequestContext<'_>, row: &PostRow, rules: &ParsedRules) -> Result<Option<Json>, ApiError> {
    if ctx.endpoint_id() != "filtered_stream" {
        return Ok(None);
    }
    let subject = ctx.world.subject(row)?;
    let matched: Vec<Json> = rules
        .index
        .matches(&subject, MatchMode::Stream)
        .into_iter()
        .map(|number| &rules.rules[number])
        .map(|rule| json!({"id": rule["id"], "tag": str_of(rule, "tag")}))
        .collect();
    Ok((!matched.is_empty()).then(|| json!({"matching_rules": matched})))
}

/// Returns whether a key belongs to a sample and to this partition of it. Each key belongs to one partition.
pub(crate) fn is_in_sample(key: u64, partition: Option<i64>, one_of: u64, partitions: u64) -> bool {
    // The low bits of IDs are consecutive. These bits of the product are evenly distributed.
    let hash = key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
    let partition = partition.and_then(|n| u64::try_from(n).ok());
    hash.is_multiple_of(one_of) && partition.is_none_or(|n| n.checked_sub(1) == Some(hash / one_of % partitions))
}

/// Responds with the posts of a time window. A live stream begins with them.
pub(super) fn posts(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let rules = parsed_rules(ctx)?;
    if rules.rules.is_empty() && ctx.endpoint_id() == "filtered_stream" {
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
    for row in ctx.world.posts_between(from.first_snowflake(), below.first_snowflake(), MAX_POSTS)? {
        lines.extend(line(ctx, &row, &rules)?);
    }
    Ok((200, lines.into()))
}

/// Responds with the events of a time window, such as likes and compliance events.
pub(super) fn events(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (from, below) = time_window(ctx)?;
    let lines = ctx.hub.events_between(ctx.call, ctx.identity, from, below);
    Ok((200, lines.into()))
}
