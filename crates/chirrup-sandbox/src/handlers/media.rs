//! Media: lookup, uploads, metadata and subtitles. The sandbox stores the metadata of a file, not its content.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chirrup_api::v2::media::{
    AddSubtitles, AppendUpload, BeginUpload, DeleteSubtitles, FinishUpload, GetMedia, GetMediaByKey, SetMediaMetadata,
    UploadMedia, UploadStatus,
};
use chirrup_auth::hex;
use chirrup_model::{MediaId, Timestamp};
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};

use super::context::{HandlerEntry, HandlerResult, RequestContext};
use super::documents::{DocumentKind, data_response};
use super::media_type::{measures_at_end, media_type};
use crate::response::api_error::{ApiError, resource_not_found};
use crate::response::json::str_of;
use crate::response::select::pick;

pub(super) const HANDLERS: &[HandlerEntry] = &[
    (GetMediaByKey::ENDPOINT, get_media_by_key),
    (GetMedia::ENDPOINT, get_media),
    (SetMediaMetadata::ENDPOINT, set_media_metadata),
    (AddSubtitles::ENDPOINT, add_subtitles),
    (DeleteSubtitles::ENDPOINT, delete_subtitles),
    (UploadMedia::ENDPOINT, upload_media),
    (BeginUpload::ENDPOINT, begin_upload),
    (AppendUpload::ENDPOINT, append_upload),
    (FinishUpload::ENDPOINT, finish_upload),
    (UploadStatus::ENDPOINT, upload_status),
];

pub(super) const UPLOAD: DocumentKind = DocumentKind::whole("upload");
/// Time until an upload expires, in seconds.
const EXPIRES_AFTER_SECS: u64 = 86_400;
/// Time that the processing of a video takes.
const PROCESSING_MS: i64 = 2_000;

/// Media objects of these keys, and partial errors.
fn media_by_key(ctx: &RequestContext<'_>, keys: &[&str], parameter: &str) -> Result<(Vec<Json>, Vec<Json>), ApiError> {
    let fields: Vec<&str> = ["media_key", "type"].into_iter().chain(ctx.call.list("media.fields")).collect();
    let (mut data, mut errors) = (Vec::new(), Vec::new());
    for key in keys {
        let id = key.split_once('_').and_then(|(_, id)| id.parse().ok()).unwrap_or_default();
        match ctx.world.media(id)?.filter(|media| media["media_key"] == **key) {
            Some(media) => data.push(pick(media, &fields)),
            None => errors.push(resource_not_found("media", parameter, key)),
        }
    }
    Ok((data, errors))
}

fn get_media_by_key(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let key = ctx.text("media_key");
    let (mut data, errors) = media_by_key(ctx, &[key], "media_key")?;
    let mut response = ctx.response();
    response.errors = errors;
    Ok((200, response.body(data.pop(), None).into()))
}

fn get_media(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let keys: Vec<&str> = ctx.call.list("media_keys").collect();
    let (data, errors) = media_by_key(ctx, &keys, "media_keys")?;
    let mut response = ctx.response();
    response.errors = errors;
    Ok((200, response.list_body(data, None).into()))
}

/// Number with which a media key begins: 3 for images, 7 for videos, 16 for GIFs.
fn key_prefix(category: &str) -> u8 {
    match category {
        _ if category.ends_with("video") => 7,
        _ if category.ends_with("gif") => 16,
        _ => 3,
    }
}

/// Content of the uploaded file, as is or in Base64.
pub(super) fn file_bytes(ctx: &RequestContext<'_>) -> Result<Bytes, ApiError> {
    if let Some(file) = ctx.call.file() {
        return Ok(file.clone());
    }
    let text = ctx.text("media");
    STANDARD.decode(text).map(Bytes::from).map_err(|_| ApiError::invalid_param("media", "", "$.media: is not Base64"))
}

fn begin_upload(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let mut upload = ctx.params_object(&["media_type", "media_category", "total_bytes", "shared"]);
    for name in ["media_type", "total_bytes"] {
        if upload[name].is_null() {
            return Err(ApiError::invalid_param(name, "", format!("$.{name}: is missing but it is required")));
        }
    }
    let id = ctx.new_id();
    upload["owner"] = me.into();
    upload["parts"] = json!({});
    ctx.world.put_document(UPLOAD.name, &id, me, &upload)?;
    let key = format!("{}_{id}", key_prefix(str_of(&upload, "media_category")));
    data_response(200, json!({"id": id, "media_key": key, "expires_after_secs": EXPIRES_AFTER_SECS}))
}

/// The upload that a parameter names, which must belong to the authenticated user.
pub(super) fn own_upload(ctx: &RequestContext<'_>, parameter: &str) -> Result<(String, Json), ApiError> {
    let id = ctx.call.text(parameter).unwrap_or_default().to_owned();
    let me = ctx.me()?;
    match ctx.world.document(UPLOAD.name, &id)?.filter(|upload| upload["owner"] == me) {
        Some(upload) => Ok((id, upload)),
        None => Err(ApiError::no_such_resource("media", parameter, &id)),
    }
}

/// Stores size and digest of a segment of an upload.
pub(super) fn store_segment(
    ctx: &RequestContext<'_>,
    id: &str,
    mut upload: Json,
    bytes: &[u8],
) -> Result<(), ApiError> {
    let index = ctx.call.number("segment_index").unwrap_or_default();
    let digest = hex(&Sha256::digest(bytes));
    upload["parts"][index.to_string()] = json!({"size": bytes.len(), "sha256": digest});
    if let Some(found) = if index == 0 { media_type(bytes) } else { measures_at_end(bytes) } {
        upload["looked_at"] = found.to_json();
    }
    Ok(ctx.world.put_document(UPLOAD.name, id, ctx.me()?, &upload)?)
}

fn append_upload(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, upload) = own_upload(ctx, "id")?;
    store_segment(ctx, &id, upload, &file_bytes(ctx)?)?;
    data_response(200, json!({"expires_at": upload_expiry(ctx.now)}))
}

/// Time at which an upload that receives a segment now expires, in seconds.
pub(super) fn upload_expiry(now: Timestamp) -> i64 {
    now.as_millis() / 1_000 + i64::try_from(EXPIRES_AFTER_SECS).unwrap_or_default()
}

fn finish_upload(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, upload) = own_upload(ctx, "id")?;
    data_response(200, complete(ctx, &id, upload)?)
}

/// Completes an upload in segments and returns its state.
pub(super) fn complete(ctx: &RequestContext<'_>, id: &str, mut upload: Json) -> Result<Json, ApiError> {
    let parts = upload["parts"].as_object().cloned().unwrap_or_default();
    let missing = (0..parts.len()).find(|index| !parts.contains_key(&index.to_string()));
    let size: u64 = parts.values().filter_map(|part| part["size"].as_u64()).sum();
    if missing.is_some() || Some(size) != upload["total_bytes"].as_u64() {
        let total = &upload["total_bytes"];
        let message = format!("{size} of {total} bytes have arrived: upload all segments before you finish.");
        return Err(ApiError::invalid_param("id", id, message));
    }
    if upload["finished"].is_null() {
        upload["finished"] = json!(ctx.now);
        upload["outcome"] = ctx.world.document("processing_outcome", "next")?.unwrap_or_default();
    }
    store_media(ctx, id, &upload, size)?;
    Ok(upload_state(ctx, id, &upload, size))
}

/// Stores a completed upload as media that posts can refer to.
pub(super) fn store_media(ctx: &RequestContext<'_>, id: &str, upload: &Json, size: u64) -> Result<(), ApiError> {
    let prefix = key_prefix(str_of(upload, "media_category"));
    let kind = match prefix {
        7 => "video",
        16 => "animated_gif",
        _ => "photo",
    };
    let looked_at = &upload["looked_at"];
    let extension = match str_of(looked_at, "mime") {
        "image/png" => "png",
        _ => "jpg",
    };
    let url = format!("https://pbs.twimg.com/media/{id}.{extension}");
    let url_field = if kind == "photo" { "url" } else { "preview_image_url" };
    let measure = |name: &str, default: u64| looked_at[name].as_u64().unwrap_or(default);
    let mut media = json!({
        "media_key": format!("{prefix}_{id}"), "type": kind, url_field: url, "width": measure("width", 640),
        "height": measure("height", 480),
    });
    if kind != "photo" {
        let url = format!("https://video.twimg.com/{id}.mp4");
        media["variants"] = json!([{"bit_rate": 832_000, "content_type": "video/mp4", "url": url}]);
    }
    if kind == "video" {
        media["duration_ms"] = measure("duration_ms", 10_000).into();
        media["public_metrics"] = json!({"view_count": 0});
    }
    let mut upload = upload.clone();
    upload["size"] = size.into();
    ctx.world.put_document(UPLOAD.name, id, ctx.me()?, &upload)?;
    Ok(ctx.world.add_media(id.parse().unwrap_or_default(), ctx.me()?, &media)?)
}

/// State of a completed upload. Videos and GIFs take some time to process.
pub(super) fn upload_state(ctx: &RequestContext<'_>, id: &str, upload: &Json, size: u64) -> Json {
    let category = str_of(upload, "media_category");
    let mut state = json!({
        "id": id, "media_key": format!("{}_{id}", key_prefix(category)), "expires_after_secs": EXPIRES_AFTER_SECS, "size": size,
    });
    let finished: Option<Timestamp> = upload["finished"].as_str().and_then(|text| text.parse().ok());
    let Some(finished) = finished.filter(|_| key_prefix(category) != 3) else {
        return state;
    };
    let passed = ctx.now.as_millis() - finished.as_millis();
    state["processing_info"] = match upload["outcome"].as_str() {
        Some("failed") if passed >= PROCESSING_MS => json!({
            "state": "failed", "progress_percent": 100,
            "error": {"code": 1, "name": "InvalidMedia", "message": "Unsupported video format"},
        }),
        Some("stuck") if passed >= PROCESSING_MS / 2 => {
            json!({"state": "in_progress", "check_after_secs": 5, "progress_percent": 99})
        }
        _ => progress(passed),
    };
    state
}

/// Processing information of a video that will succeed.
fn progress(passed: i64) -> Json {
    match passed {
        0 => json!({"state": "pending", "check_after_secs": 1}),
        _ if passed < PROCESSING_MS => {
            json!({"state": "in_progress", "check_after_secs": 1, "progress_percent": passed * 100 / PROCESSING_MS})
        }
        _ => json!({"state": "succeeded", "progress_percent": 100}),
    }
}

fn upload_status(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, upload) = own_upload(ctx, "media_id")?;
    if upload["finished"].is_null() {
        return Err(ApiError::invalid_param("media_id", &id, "This upload is not finished."));
    }
    let size = upload["size"].as_u64().unwrap_or_default();
    data_response(200, upload_state(ctx, &id, &upload, size))
}

/// Stores a file that was sent in one request. Returns its media ID and the upload.
pub(super) fn store_whole(ctx: &mut RequestContext<'_>, bytes: &[u8]) -> Result<(String, Json), ApiError> {
    let id = ctx.new_id();
    let category = ctx.call.text("media_category");
    let mut upload = json!({"media_category": category, "owner": ctx.me()?, "finished": ctx.now});
    if let Some(found) = media_type(bytes) {
        upload["looked_at"] = found.to_json();
    }
    store_media(ctx, &id, &upload, bytes.len() as u64)?;
    Ok((id, upload))
}

/// Uploads a file in one request.
fn upload_media(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let bytes = file_bytes(ctx)?;
    let (id, upload) = store_whole(ctx, &bytes)?;
    data_response(200, upload_state(ctx, &id, &upload, bytes.len() as u64))
}

/// The media in the parameter `id`, which must belong to the authenticated user.
fn own_media(ctx: &RequestContext<'_>) -> Result<(u64, Json), ApiError> {
    let id = ctx.param::<MediaId>("id").get();
    match ctx.world.media(id)? {
        Some(media) if ctx.world.owns_media(ctx.me()?, id)? => Ok((id, media)),
        _ => Err(ApiError::no_such_resource("media", "id", id)),
    }
}

fn set_media_metadata(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, mut media) = own_media(ctx)?;
    let metadata = ctx.call.get("metadata").cloned().unwrap_or_default();
    if let Some(text) = metadata["alt_text"]["text"].as_str() {
        if text.chars().count() > 1_000 {
            let message = "$.metadata.alt_text.text: must have at most 1000 characters";
            return Err(ApiError::invalid_param("metadata", "", message));
        }
        media["alt_text"] = text.into();
        ctx.world.add_media(id, ctx.me()?, &media)?;
    }
    data_response(200, json!({"id": id.to_string(), "associated_metadata": metadata}))
}

fn add_subtitles(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, mut media) = own_media(ctx)?;
    let subtitles = ctx.call.get("subtitles").cloned().unwrap_or_default();
    let mut all = media["subtitles"].as_array().cloned().unwrap_or_default();
    all.retain(|known| known["language_code"] != subtitles["language_code"]);
    all.push(subtitles.clone());
    media["subtitles"] = all.into();
    ctx.world.add_media(id, ctx.me()?, &media)?;
    let category = ctx.call.text("media_category");
    data_response(200, json!({"id": id.to_string(), "media_category": category, "associated_subtitles": subtitles}))
}

fn delete_subtitles(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, mut media) = own_media(ctx)?;
    let language = ctx.text("language_code");
    let mut all = media["subtitles"].as_array().cloned().unwrap_or_default();
    let before = all.len();
    all.retain(|known| known["language_code"] != language);
    let deleted = all.len() < before;
    media["subtitles"] = all.into();
    ctx.world.add_media(id, ctx.me()?, &media)?;
    data_response(200, json!({"deleted": deleted}))
}
