//! Communities, news, trends, usage, notes, compliance jobs, analytics: what goes on around the posts.

use chirrup_model::Timestamp;
use serde_json::{Value as Json, json};

use super::documents::{Kind, mentions, said};
use super::{HandlerResult, RequestContext};
use crate::api_error::ApiError;
use crate::select::pick;

const COMMUNITY: Kind =
    Kind { name: "community", resource: "community", fields: Some("community.fields"), defaults: &["id", "name"] };
const NEWS: Kind = Kind { name: "news", resource: "news", fields: Some("news.fields"), defaults: &["id", "name"] };
const NOTE: Kind =
    Kind { name: "note", resource: "note", fields: Some("note.fields"), defaults: &["id", "info", "status"] };
const JOB: Kind = Kind::whole("compliance_job");

pub(super) fn community(ctx: &mut RequestContext<'_>) -> HandlerResult {
    ctx.one_thing(COMMUNITY, "id")
}

pub(super) fn search_communities(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let query = ctx.call.text("query").unwrap_or_default();
    ctx.things_page(COMMUNITY, 0, 10, |json| mentions(&format!("{} {}", json["name"], json["description"]), query))
}

pub(super) fn story(ctx: &mut RequestContext<'_>) -> HandlerResult {
    ctx.one_thing(NEWS, "id")
}

pub(super) fn search_news(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let query = ctx.call.text("query").unwrap_or_default();
    ctx.things_page(NEWS, 0, 10, |json| mentions(&format!("{} {}", json["name"], json["summary"]), query))
}

/// The fields that a call asks for, or all.
fn with_fields(ctx: &RequestContext<'_>, parameter: &str, items: Vec<Json>) -> Vec<Json> {
    let keys: Vec<&str> = ctx.call.list(parameter).collect();
    if keys.is_empty() {
        return items;
    }
    items.into_iter().map(|item| pick(item, &keys)).collect()
}

pub(super) fn trends(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let place = ctx.call.number("woeid").unwrap_or_default().to_string();
    let limit = ctx.call.number("max_trends").and_then(|n| usize::try_from(n).ok()).unwrap_or(20);
    if !["1", "23424977", "2459115", "44418", "1118370"].contains(&place.as_str()) {
        return Err(ApiError::no_such_resource("trend location", "woeid", &place));
    }
    let found = ctx.world.top_tags(limit)?;
    let items = found.iter().map(|(tag, count)| json!({"trend_name": format!("#{tag}"), "tweet_count": count}));
    said(200, with_fields(ctx, "trend.fields", items.collect()).into())
}

pub(super) fn personalized_trends(ctx: &mut RequestContext<'_>) -> HandlerResult {
    ctx.me()?;
    let found = ctx.world.top_tags(10)?;
    let items = found.iter().map(|(tag, count)| {
        json!({
            "trend_name": format!("#{tag}"), "category": "Technology", "post_count": format!("{count} posts"),
            "trending_since": "Trending now",
        })
    });
    said(200, with_fields(ctx, "personalized_trend.fields", items.collect()).into())
}

pub(super) fn usage(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let days = ctx.call.number("days").unwrap_or(7);
    let midnight = ctx.now.as_millis() - ctx.now.as_millis().rem_euclid(86_400_000);
    let day = |back: i64| json!({"date": Timestamp::from_millis(midnight - back * 86_400_000), "usage": "0"});
    let usage: Vec<Json> = (0..days).map(day).collect();
    let all = json!({
        "cap_reset_day": 1, "project_cap": "2000000", "project_id": "1", "project_usage": "0",
        "daily_project_usage": {"project_id": "1", "usage": usage},
        "daily_client_app_usage": [
            {"client_app_id": ctx.identity.app.to_string(), "usage": usage, "usage_result_count": days},
        ],
    });
    let mut keys = vec!["cap_reset_day", "project_cap", "project_id", "project_usage"];
    keys.extend(ctx.call.list("usage.fields"));
    said(200, pick(all, &keys))
}

/// The table of endpoints in the form of OpenAPI.
pub(super) fn openapi(_: &mut RequestContext<'_>) -> HandlerResult {
    let mut paths = json!({});
    for meta in chirrup_api::all().filter(|meta| meta.version() == "2") {
        let parameter = |p: &chirrup_api::Param| {
            let place = if p.location == chirrup_api::ParamLocation::Path { "path" } else { "query" };
            json!({"name": p.name, "in": place, "required": p.required, "description": p.doc.trim()})
        };
        let parameters: Vec<Json> =
            meta.params().filter(|p| p.location != chirrup_api::ParamLocation::Body).map(parameter).collect();
        paths[meta.path][meta.method.to_lowercase()] = json!({
            "operationId": meta.id, "summary": meta.doc.lines().next().unwrap_or_default().trim(),
            "deprecated": meta.retired.is_some(), "parameters": parameters,
            "responses": {"200": {"description": "The reply."}},
        });
    }
    let info = json!({"title": "X API v2, as the sandbox serves it", "version": "2.167"});
    Ok((200, json!({"openapi": "3.0.0", "info": info, "paths": paths})))
}

pub(super) fn write_note(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let post = ctx.id("post_id");
    if ctx.world.post(post)?.is_none() {
        return Err(ApiError::no_such_resource("tweet", "post_id", post));
    }
    let mut info = ctx.call.get("info").cloned().unwrap_or_default();
    if !info["text"].as_str().is_some_and(|text| text.contains("http://") || text.contains("https://")) {
        return Err(ApiError::invalid_param("info", &info.to_string(), "$.info.text: must hold a link"));
    }
    info["post_id"] = post.to_string().into();
    let id = ctx.new_id();
    let test = json!({"evaluation_outcome": [{"evaluator_type": "UrlValidity", "evaluator_score_bucket": "High"}]});
    let note = json!({
        "id": id, "info": info, "status": "needs_more_ratings", "scoring_status": {"has_access": false},
        "test_result": test, "test_mode": ctx.call.get("test_mode"),
    });
    ctx.world.put(NOTE.name, &id, me, &note)?;
    said(201, json!({"id": id}))
}

pub(super) fn delete_note(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let id = ctx.call.text("id").unwrap_or_default();
    let mine = ctx.world.things(NOTE.name, me, i64::MAX, 1_000)?.iter().any(|note| note.json["id"] == id);
    if !mine {
        return Err(ApiError::no_such_resource("note", "id", id));
    }
    ctx.world.remove(NOTE.name, id)?;
    said(200, json!({"deleted": true}))
}

pub(super) fn evaluate_note(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let opinions = ["terrible", "awful", "stupid", "best", "worst", "disgusting", "amazing"];
    let text = ctx.call.text("note_text").unwrap_or_default().to_lowercase();
    let found = opinions.iter().filter(|word| text.contains(**word)).count();
    said(200, json!({"claim_opinion_score": -(found as f64) * 0.5}))
}

pub(super) fn notes_written(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let test = ctx.call.get("test_mode").cloned();
    ctx.things_page(NOTE, ctx.me()?, 10, |note| test.as_ref() == Some(&note["test_mode"]))
}

pub(super) fn eligible_posts(ctx: &mut RequestContext<'_>) -> HandlerResult {
    super::timelines::merged(ctx, vec![12])
}

pub(super) fn make_job(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let app = ctx.app();
    let id = ctx.new_id();
    let base = "https://storage.example/compliance";
    let mut job = ctx.given(&["type", "name", "resumable"]);
    if job["resumable"].is_null() {
        job["resumable"] = false.into();
    }
    for (name, value) in [
        ("id", Json::from(id.as_str())),
        ("status", "created".into()),
        ("created_at", json!(ctx.now)),
        ("upload_url", format!("{base}/{id}/submission").into()),
        ("upload_expires_at", json!(ctx.now.plus_millis(900_000))),
        ("download_url", format!("{base}/{id}/results").into()),
        ("download_expires_at", json!(ctx.now.plus_millis(7 * 86_400_000))),
    ] {
        job[name] = value;
    }
    ctx.world.put(JOB.name, &id, app, &job)?;
    said(200, job)
}

pub(super) fn job(ctx: &mut RequestContext<'_>) -> HandlerResult {
    ctx.one_thing(JOB, "id")
}

pub(super) fn jobs(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let kind = ctx.call.text("type").unwrap_or_default();
    let status = ctx.call.text("status");
    ctx.things_page(JOB, ctx.app(), 100, |job| {
        job["type"] == kind && status.is_none_or(|status| job["status"] == status)
    })
}

/// Counts of the caller's own posts, as the world has them.
pub(super) fn post_analytics(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let mut items = Vec::new();
    for id in ctx.call.list("ids") {
        let Some(post) = ctx.world.post(id.parse().unwrap_or_default())?.filter(|post| post.author == me) else {
            continue;
        };
        let [likes, replies, reposts, quotes, bookmarks, impressions] = post.counts;
        items.push(json!({
            "id": id, "timestamp": ctx.call.text("end_time"), "likes": likes, "replies": replies, "retweets": reposts,
            "quote_tweets": quotes, "bookmarks": bookmarks, "impressions": impressions,
            "engagements": likes + replies + reposts + quotes + bookmarks,
        }));
    }
    said(200, with_fields(ctx, "analytics.fields", items).into())
}

pub(super) fn media_analytics(ctx: &mut RequestContext<'_>) -> HandlerResult {
    ctx.me()?;
    let time = ctx.call.text("end_time");
    let items = ctx.call.list("media_keys").map(|key| {
        json!({
            "media_key": key, "timestamp": time, "video_views": 0, "playback_start": 0, "playback25": 0,
            "playback50": 0, "playback75": 0, "playback_complete": 0, "watch_time_ms": 0,
        })
    });
    said(200, with_fields(ctx, "media_analytics.fields", items.collect()).into())
}
