//! Sources of broadcasts, in both forms. No encoder connects to the sandbox, so it treats every source as active.

use chirrup_api::v2::broadcast_sources::{
    BroadcastSources, CreateBroadcastSource, DeleteBroadcastSource, GetBroadcastSource, GetRecommendedRegion,
    UpdateBroadcastSource,
};
use chirrup_api::v2::user_broadcasts::{
    CreateUserBroadcastSource, DeleteUserBroadcastSource, GetUserBroadcastSource, ListUserBroadcastSources,
    UpdateUserBroadcastSource,
};
use serde_json::{Value as Json, json};

use super::context::{HandlerEntry, HandlerResult, RequestContext};
use super::documents::{DocumentKind, data_response};
use crate::random::random_token;
use crate::response::api_error::ApiError;

pub(super) const HANDLERS: &[HandlerEntry] = &[
    (GetRecommendedRegion::ENDPOINT, recommended_region),
    (BroadcastSources::ENDPOINT, broadcast_sources),
    (GetBroadcastSource::ENDPOINT, get_broadcast_source),
    (CreateBroadcastSource::ENDPOINT, create_broadcast_source),
    (UpdateBroadcastSource::ENDPOINT, update_broadcast_source),
    (DeleteBroadcastSource::ENDPOINT, delete_broadcast_source),
    (ListUserBroadcastSources::ENDPOINT, user_broadcast_sources),
    (GetUserBroadcastSource::ENDPOINT, get_user_broadcast_source),
    (CreateUserBroadcastSource::ENDPOINT, create_user_broadcast_source),
    (UpdateUserBroadcastSource::ENDPOINT, update_user_broadcast_source),
    (DeleteUserBroadcastSource::ENDPOINT, delete_user_broadcast_source),
];

pub(super) const SOURCE: DocumentKind = DocumentKind { resource: "source", ..DocumentKind::whole("broadcast_source") };

/// Maximum number of sources in a response.
const MAX_LISTED: usize = 100;

/// Region without a `region` parameter.
const DEFAULT_REGION: &str = "us-east-1";

/// The ingest location that serves a region (see "Create a Source").
fn ingest_location(region: &str) -> &'static str {
    if region.starts_with("us-west-") { "us-west-2" } else { DEFAULT_REGION }
}

fn sources(ctx: &RequestContext<'_>, owner: u64) -> Result<Vec<Json>, ApiError> {
    let documents = ctx.world.documents_of(SOURCE.name, owner, i64::MAX, MAX_LISTED)?;
    Ok(documents.into_iter().map(|document| document.json).collect())
}

fn create(ctx: &mut RequestContext<'_>, owner: u64) -> Result<Json, ApiError> {
    let id = ctx.new_id();
    let region = ingest_location(ctx.call.text("region").unwrap_or(DEFAULT_REGION));
    let source = json!({
        "id": id, "name": ctx.text("name"), "region": region, "stream_key": random_token(16),
        "rtmp_url": "rtmp://ingest.example:80/x", "rtmps_url": "rtmps://ingest.example:443/x",
        "is_stream_active": true, "created_at_ms": ctx.now.as_millis().to_string(),
    });
    ctx.world.put_document(SOURCE.name, &id, owner, &source)?;
    Ok(source)
}

fn own(ctx: &RequestContext<'_>, owner: u64, parameter: &str) -> Result<Json, ApiError> {
    ctx.find_own_document(SOURCE, owner, parameter, ctx.text(parameter))
}

fn rename(ctx: &RequestContext<'_>, owner: u64, parameter: &str) -> Result<Json, ApiError> {
    let mut source = own(ctx, owner, parameter)?;
    source["name"] = ctx.text("name").into();
    ctx.world.put_document(SOURCE.name, ctx.text(parameter), owner, &source)?;
    Ok(source)
}

fn delete(ctx: &RequestContext<'_>, owner: u64, parameter: &str) -> Result<(), ApiError> {
    own(ctx, owner, parameter)?;
    ctx.world.remove_document(SOURCE.name, ctx.text(parameter))?;
    Ok(())
}

fn recommended_region(ctx: &mut RequestContext<'_>) -> HandlerResult {
    ctx.me()?;
    Ok((200, json!({"region": DEFAULT_REGION}).into()))
}

fn broadcast_sources(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let data = sources(ctx, ctx.me()?)?;
    let meta = json!({"result_count": data.len()});
    Ok((200, ctx.response().list_body(data, Some(meta)).into()))
}

fn create_broadcast_source(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    data_response(201, create(ctx, me)?)
}

fn get_broadcast_source(ctx: &mut RequestContext<'_>) -> HandlerResult {
    data_response(200, own(ctx, ctx.me()?, "id")?)
}

fn update_broadcast_source(ctx: &mut RequestContext<'_>) -> HandlerResult {
    data_response(200, rename(ctx, ctx.me()?, "id")?)
}

fn delete_broadcast_source(ctx: &mut RequestContext<'_>) -> HandlerResult {
    delete(ctx, ctx.me()?, "id")?;
    data_response(200, json!({"deleted": true}))
}

/// Converts a source to the older form, which has other names.
fn older_form(ctx: &RequestContext<'_>, source: &Json) -> Json {
    let created: Option<i64> = source["created_at_ms"].as_str().and_then(|text| text.parse().ok());
    json!({
        "id": source["id"], "name": source["name"], "rtmp_region": source["region"],
        "rtmp_stream_key": source["stream_key"], "rtmp_url": source["rtmp_url"], "rtmps_url": source["rtmps_url"],
        "is_stream_active": source["is_stream_active"], "is360": false, "creation_time": created,
        "owner_id": ctx.identity.user,
        "creation_origin": {"value": 1, "name": "api", "original_name": "Api"},
        "video_service": {"value": 1, "name": "rtmp", "original_name": "Rtmp"},
    })
}

fn older_response(ctx: &RequestContext<'_>, source: &Json) -> HandlerResult {
    data_response(200, json!({"source": older_form(ctx, source)}))
}

fn user_broadcast_sources(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let sources: Vec<Json> = sources(ctx, ctx.me_in("id")?)?.iter().map(|source| older_form(ctx, source)).collect();
    data_response(200, json!({"sources": sources}))
}

fn create_user_broadcast_source(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me_in("id")?;
    let source = create(ctx, me)?;
    older_response(ctx, &source)
}

fn get_user_broadcast_source(ctx: &mut RequestContext<'_>) -> HandlerResult {
    older_response(ctx, &own(ctx, ctx.me_in("id")?, "source_id")?)
}

fn update_user_broadcast_source(ctx: &mut RequestContext<'_>) -> HandlerResult {
    older_response(ctx, &rename(ctx, ctx.me_in("id")?, "source_id")?)
}

fn delete_user_broadcast_source(ctx: &mut RequestContext<'_>) -> HandlerResult {
    delete(ctx, ctx.me_in("id")?, "source_id")?;
    data_response(200, json!({}))
}
