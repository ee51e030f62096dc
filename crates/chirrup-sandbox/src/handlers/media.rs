//! Media: look-up, uploads, descriptions, subtitles. The sandbox keeps what is said about a file, not the file.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chirrup_auth::hex;
use chirrup_model::Timestamp;
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};

use super::documents::{Kind, said};
use super::{HandlerResult, RequestContext};
use crate::api_error::{ApiError, resource_not_found};
use crate::select::pick;

pub(super) const UPLOAD: Kind = Kind::whole("upload");
/// How long an upload can be used, in seconds.
const EXPIRES: u64 = 86_400;
/// How long a video is processed.
const PROCESSING_MS: i64 = 2_000;

fn show(ctx: &RequestContext<'_>, keys: &[&str], parameter: &str) -> Result<(Vec<Json>, Vec<Json>), ApiError> {
    let fields: Vec<&str> = ["media_key", "type"].into_iter().chain(ctx.call.list("media.fields")).collect();
    let (mut data, mut errors) = (Vec::new(), Vec::new());
    for key in keys {
        let id = key.split_once('_').and_then(|(_, id)| id.parse().ok()).unwrap_or_default();
        match ctx.world.media(id)?.filter(|medium| medium["media_key"] == **key) {
            Some(medium) => data.push(pick(medium, &fields)),
            None => errors.push(resource_not_found("media", parameter, key)),
        }
    }
    Ok((data, errors))
}

pub(super) fn one(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let key = ctx.call.text("media_key").unwrap_or_default();
    let (mut data, errors) = show(ctx, &[key], "media_key")?;
    let mut scene = ctx.scene();
    scene.errors = errors;
    Ok((200, scene.body(data.pop(), None)))
}

pub(super) fn many(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let keys: Vec<&str> = ctx.call.list("media_keys").collect();
    let (data, errors) = show(ctx, &keys, "media_keys")?;
    let mut scene = ctx.scene();
    scene.errors = errors;
    Ok((200, scene.list_body(data, None)))
}

/// The number by which media keys begin.
fn prefix(category: &str) -> u8 {
    match category {
        _ if category.ends_with("video") => 7,
        _ if category.ends_with("gif") => 16,
        _ => 3,
    }
}

fn bytes(ctx: &RequestContext<'_>) -> Result<Bytes, ApiError> {
    if let Some(file) = ctx.call.file() {
        return Ok(file.clone());
    }
    let text = ctx.call.text("media").unwrap_or_default();
    STANDARD.decode(text).map(Bytes::from).map_err(|_| ApiError::invalid_param("media", "", "$.media: is not Base64"))
}

pub(super) fn begin(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let mut upload = ctx.given(&["media_type", "media_category", "total_bytes", "shared"]);
    for name in ["media_type", "total_bytes"] {
        if upload[name].is_null() {
            return Err(ApiError::invalid_param(name, "", format!("$.{name}: is missing but it is required")));
        }
    }
    let id = ctx.new_id();
    upload["owner"] = me.into();
    upload["parts"] = json!({});
    ctx.world.put(UPLOAD.name, &id, me, &upload)?;
    let key = format!("{}_{id}", prefix(upload["media_category"].as_str().unwrap_or_default()));
    said(200, json!({"id": id, "media_key": key, "expires_after_secs": EXPIRES}))
}

/// The caller's own upload.
pub(super) fn own(ctx: &RequestContext<'_>, parameter: &str) -> Result<(String, Json), ApiError> {
    let id = ctx.call.text(parameter).unwrap_or_default().to_owned();
    let me = ctx.me()?;
    match ctx.world.thing(UPLOAD.name, &id)?.filter(|upload| upload["owner"] == me) {
        Some(upload) => Ok((id, upload)),
        None => Err(ApiError::no_such_resource("media", parameter, &id)),
    }
}

/// Notes a part of an upload.
pub(super) fn part(ctx: &RequestContext<'_>, id: &str, mut upload: Json, bytes: &[u8]) -> Result<(), ApiError> {
    let part = ctx.call.number("segment_index").unwrap_or_default();
    let digest = hex(&Sha256::digest(bytes));
    upload["parts"][part.to_string()] = json!({"size": bytes.len(), "sha256": digest});
    Ok(ctx.world.put(UPLOAD.name, id, ctx.me()?, &upload)?)
}

pub(super) fn append(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, upload) = own(ctx, "id")?;
    part(ctx, &id, upload, &bytes(ctx)?)?;
    let expires = ctx.now.as_millis() / 1_000 + i64::try_from(EXPIRES).unwrap_or_default();
    said(200, json!({"expires_at": expires}))
}

pub(super) fn finish(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, upload) = own(ctx, "id")?;
    said(200, finished(ctx, &id, upload)?)
}

/// Ends an upload in parts, and tells of it.
pub(super) fn finished(ctx: &RequestContext<'_>, id: &str, mut upload: Json) -> Result<Json, ApiError> {
    let parts = upload["parts"].as_object().cloned().unwrap_or_default();
    let missing = (0..parts.len()).find(|part| !parts.contains_key(&part.to_string()));
    let size: u64 = parts.values().filter_map(|part| part["size"].as_u64()).sum();
    if missing.is_some() || Some(size) != upload["total_bytes"].as_u64() {
        let total = &upload["total_bytes"];
        let message = format!("{size} of {total} bytes have arrived: upload all segments before you finish.");
        return Err(ApiError::invalid_param("id", id, message));
    }
    if upload["finished"].is_null() {
        upload["finished"] = json!(ctx.now);
        upload["fate"] = ctx.world.thing("fate", "next")?.unwrap_or_default();
    }
    keep_upload(ctx, id, &upload, size)?;
    Ok(state(ctx, id, &upload, size))
}

/// Makes an upload a medium that posts can name.
pub(super) fn keep_upload(ctx: &RequestContext<'_>, id: &str, upload: &Json, size: u64) -> Result<(), ApiError> {
    let prefix = prefix(upload["media_category"].as_str().unwrap_or_default());
    let kind = match prefix {
        7 => "video",
        16 => "animated_gif",
        _ => "photo",
    };
    let url = format!("https://pbs.twimg.com/media/{id}.jpg");
    let place = if kind == "photo" { "url" } else { "preview_image_url" };
    let medium = json!({"media_key": format!("{prefix}_{id}"), "type": kind, place: url, "width": 640, "height": 480});
    let mut upload = upload.clone();
    upload["size"] = size.into();
    ctx.world.put(UPLOAD.name, id, ctx.me()?, &upload)?;
    Ok(ctx.world.add_media(id.parse().unwrap_or_default(), ctx.me()?, &medium)?)
}

/// What is told of a finished upload. Videos and moving pictures are processed for a while.
pub(super) fn state(ctx: &RequestContext<'_>, id: &str, upload: &Json, size: u64) -> Json {
    let category = upload["media_category"].as_str().unwrap_or_default();
    let mut told = json!({
        "id": id, "media_key": format!("{}_{id}", prefix(category)), "expires_after_secs": EXPIRES, "size": size,
    });
    let finished: Option<Timestamp> = upload["finished"].as_str().and_then(|text| text.parse().ok());
    let Some(finished) = finished.filter(|_| prefix(category) != 3) else {
        return told;
    };
    let passed = ctx.now.as_millis() - finished.as_millis();
    told["processing_info"] = match upload["fate"].as_str() {
        Some("failed") if passed >= PROCESSING_MS => json!({
            "state": "failed", "progress_percent": 100,
            "error": {"code": 1, "name": "InvalidMedia", "message": "Unsupported video format"},
        }),
        Some("stuck") if passed >= PROCESSING_MS / 2 => {
            json!({"state": "in_progress", "check_after_secs": 5, "progress_percent": 99})
        }
        _ => progress(passed),
    };
    told
}

/// Where a processing stands that goes well.
fn progress(passed: i64) -> Json {
    match passed {
        0 => json!({"state": "pending", "check_after_secs": 1}),
        _ if passed < PROCESSING_MS => {
            json!({"state": "in_progress", "check_after_secs": 1, "progress_percent": passed * 100 / PROCESSING_MS})
        }
        _ => json!({"state": "succeeded", "progress_percent": 100}),
    }
}

pub(super) fn status(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, upload) = own(ctx, "media_id")?;
    if upload["finished"].is_null() {
        return Err(ApiError::invalid_param("media_id", &id, "This upload is not finished."));
    }
    let size = upload["size"].as_u64().unwrap_or_default();
    said(200, state(ctx, &id, &upload, size))
}

/// An upload in one piece.
pub(super) fn upload(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (me, size) = (ctx.me()?, bytes(ctx)?.len());
    let id = ctx.new_id();
    let upload = json!({"media_category": ctx.call.text("media_category"), "owner": me, "finished": ctx.now});
    keep_upload(ctx, &id, &upload, size as u64)?;
    said(200, state(ctx, &id, &upload, size as u64))
}

/// The caller's own medium.
fn own_medium(ctx: &RequestContext<'_>) -> Result<(u64, Json), ApiError> {
    let id = ctx.id("id");
    match ctx.world.media(id)? {
        Some(medium) if ctx.world.owns_media(ctx.me()?, id)? => Ok((id, medium)),
        _ => Err(ApiError::no_such_resource("media", "id", id)),
    }
}

pub(super) fn set_metadata(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, mut medium) = own_medium(ctx)?;
    let metadata = ctx.call.get("metadata").cloned().unwrap_or_default();
    if let Some(text) = metadata["alt_text"]["text"].as_str() {
        if text.chars().count() > 1_000 {
            let message = "$.metadata.alt_text.text: must have at most 1000 characters";
            return Err(ApiError::invalid_param("metadata", "", message));
        }
        medium["alt_text"] = text.into();
        ctx.world.add_media(id, ctx.me()?, &medium)?;
    }
    said(200, json!({"id": id.to_string(), "associated_metadata": metadata}))
}

pub(super) fn add_subtitles(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, mut medium) = own_medium(ctx)?;
    let subtitles = ctx.call.get("subtitles").cloned().unwrap_or_default();
    let mut all = medium["subtitles"].as_array().cloned().unwrap_or_default();
    all.retain(|known| known["language_code"] != subtitles["language_code"]);
    all.push(subtitles);
    medium["subtitles"] = all.clone().into();
    ctx.world.add_media(id, ctx.me()?, &medium)?;
    let category = ctx.call.text("media_category");
    said(200, json!({"id": id.to_string(), "media_category": category, "associated_subtitles": all}))
}

pub(super) fn delete_subtitles(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, mut medium) = own_medium(ctx)?;
    let language = ctx.call.text("language_code").unwrap_or_default();
    let mut all = medium["subtitles"].as_array().cloned().unwrap_or_default();
    let before = all.len();
    all.retain(|known| known["language_code"] != language);
    let deleted = all.len() < before;
    medium["subtitles"] = all.into();
    ctx.world.add_media(id, ctx.me()?, &medium)?;
    said(200, json!({"deleted": deleted}))
}
