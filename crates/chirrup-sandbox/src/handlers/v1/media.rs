//! Media uploads, in one request or in segments.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chirrup_api::v1::media::{CreateMediaMetadata, CreateSubtitles, DeleteSubtitles, MediaStatus, Upload};
use chirrup_model::MediaId;
use serde_json::{Value as Json, json};

use super::super::context::{HandlerEntry, HandlerResult, RequestContext};
use super::super::media::{UPLOAD, complete, own_upload, store_segment, store_whole, upload_state};
use crate::response::api_error::ApiError;
use crate::response::json::{id_of, str_of};
use crate::response::v1_errors::error;

pub(super) const HANDLERS: &[HandlerEntry] = &[
    (Upload::ENDPOINT, upload),
    (MediaStatus::ENDPOINT, media_status),
    (CreateMediaMetadata::ENDPOINT, create_media_metadata),
    (CreateSubtitles::ENDPOINT, create_subtitles),
    (DeleteSubtitles::ENDPOINT, delete_subtitles),
];

/// Maximum size of a video without a media category, in bytes (see "Media best practices").
const MAX_UNCATEGORIZED: u64 = 15 << 20;

/// Content of the uploaded file, as is or in Base64.
pub(super) fn file_bytes(ctx: &RequestContext<'_>, name: &str) -> Result<Bytes, ApiError> {
    if let Some(file) = ctx.call.file() {
        return Ok(file.clone());
    }
    let text = ctx.call.text("media_data").or(ctx.call.text(name)).unwrap_or_default();
    let text: String = text.split_whitespace().collect();
    STANDARD.decode(&text).map(Bytes::from).map_err(|_| error(400, 38, "media parameter is missing."))
}

/// Stores a file that was sent in one request and returns its media ID.
pub(super) fn store_file(ctx: &mut RequestContext<'_>, name: &str) -> Result<u64, ApiError> {
    let bytes = file_bytes(ctx, name)?;
    if bytes.is_empty() {
        return Err(error(400, 38, "media parameter is missing."));
    }
    let (id, _) = store_whole(ctx, &bytes)?;
    Ok(id.parse().unwrap_or_default())
}

/// The state of an upload in the form of API v1.1.
fn v1_state(state: &Json, upload: &Json) -> Json {
    let mut v1 = state.clone();
    let looked_at = &upload["looked_at"];
    match str_of(looked_at, "mime") {
        "" => {}
        mime if mime.starts_with("video/") => v1["video"] = json!({"video_type": mime}),
        mime => v1["image"] = json!({"image_type": mime, "w": looked_at["width"], "h": looked_at["height"]}),
    }
    v1["media_id"] = id_of(&state["id"]).into();
    v1["media_id_string"] = state["id"].clone();
    v1.as_object_mut().map(|v1| v1.remove("id"));
    v1
}

fn upload(ctx: &mut RequestContext<'_>) -> HandlerResult {
    match ctx.call.text("command") {
        Some("INIT") => init_upload(ctx),
        Some("APPEND") => {
            let (id, upload) = own_upload(ctx, "media_id").map_err(|_| media_not_found())?;
            let bytes = file_bytes(ctx, "media")?;
            if bytes.len() > 5 << 20 {
                return Err(error(413, 325, "Segments cannot be larger than 5 MB."));
            }
            store_segment(ctx, &id, upload, &bytes)?;
            ctx.headers.push(("x-mediaid", id));
            Ok((204, Json::Null.into()))
        }
        Some("FINALIZE") => {
            let (id, upload) = own_upload(ctx, "media_id").map_err(|_| media_not_found())?;
            let state = complete(ctx, &id, upload.clone())
                .map_err(|_| error(400, 324, "Segments do not add up to provided total file size."))?;
            ctx.headers.push(("x-mediaid", id));
            Ok((201, v1_state(&state, &upload).into()))
        }
        Some("STATUS") => media_status(ctx),
        Some(_) => Err(error(400, 214, "Bad request: the command is INIT, APPEND, FINALIZE or STATUS.")),
        None => {
            let (bytes, id) = (file_bytes(ctx, "media")?, store_file(ctx, "media")?);
            let upload = ctx.world.document(UPLOAD.name, &id.to_string())?.ok_or_else(media_not_found)?;
            let mut state = v1_state(&upload_state(ctx, &id.to_string(), &upload, bytes.len() as u64), &upload);
            if upload["looked_at"].is_null() {
                // Tests may upload any bytes.
                state["image"] = json!({"image_type": "image/png", "w": 640, "h": 480});
            }
            Ok((200, state.into()))
        }
    }
}

fn media_not_found() -> ApiError {
    error(400, 325, "A media id was not found.")
}

fn init_upload(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let (Some(size), Some(kind)) = (ctx.call.number("total_bytes"), ctx.call.text("media_type").map(str::to_owned))
    else {
        return Err(error(400, 38, "media_type and total_bytes are missing."));
    };
    let category = ctx.call.text("media_category").map(str::to_owned);
    let size = u64::try_from(size).unwrap_or_default();
    if category.is_none() && kind.starts_with("video/") && size > MAX_UNCATEGORIZED {
        return Err(error(400, 324, "File size exceeds 15728640 bytes."));
    }
    // Without a category, the media type decides.
    let category =
        category.unwrap_or_else(|| if kind.starts_with("video/") { "tweet_video" } else { "tweet_image" }.to_owned());
    let id = ctx.new_id();
    let upload = json!({"media_type": kind, "media_category": category, "total_bytes": size, "owner": me, "parts": {}});
    ctx.world.put_document(UPLOAD.name, &id, me, &upload)?;
    ctx.headers.push(("x-mediaid", id.clone()));
    Ok((
        202,
        json!({"media_id": id.parse::<u64>().unwrap_or_default(), "media_id_string": id, "expires_after_secs": 86_400})
            .into(),
    ))
}

fn media_status(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, upload) = own_upload(ctx, "media_id").map_err(|_| media_not_found())?;
    if upload["finished"].is_null() {
        return Err(media_not_found());
    }
    let size = upload["size"].as_u64().unwrap_or_default();
    Ok((200, v1_state(&upload_state(ctx, &id, &upload, size), &upload).into()))
}

/// The media in the parameter `media_id`, which must belong to the authenticated user.
fn own_media(ctx: &RequestContext<'_>) -> Result<(u64, Json), ApiError> {
    let id = ctx.param::<MediaId>("media_id").get();
    match ctx.world.media(id)? {
        Some(media) if ctx.world.owns_media(ctx.me()?, id)? => Ok((id, media)),
        _ => Err(media_not_found()),
    }
}

fn create_media_metadata(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, mut media) = own_media(ctx)?;
    let text = ctx.call.get("alt_text").map(|alt| alt["text"].clone()).unwrap_or_default();
    let text = text.as_str().unwrap_or_default();
    if text.chars().count() > 1_000 {
        return Err(error(400, 214, "Bad request: the alternative text has more than 1000 characters."));
    }
    media["alt_text"] = text.into();
    ctx.world.add_media(id, ctx.me()?, &media)?;
    Ok((200, Json::Null.into()))
}

fn change_subtitles(ctx: &mut RequestContext<'_>, add: bool) -> HandlerResult {
    let (id, mut media) = own_media(ctx)?;
    let given = ctx.call.get("subtitle_info").map(|info| info["subtitles"].clone()).unwrap_or_default();
    let mut all = media["subtitles"].as_array().cloned().unwrap_or_default();
    for subtitle in given.as_array().into_iter().flatten() {
        all.retain(|known| known["language_code"] != subtitle["language_code"]);
        if add {
            all.push(subtitle.clone());
        }
    }
    media["subtitles"] = all.into();
    ctx.world.add_media(id, ctx.me()?, &media)?;
    Ok((200, Json::Null.into()))
}

fn create_subtitles(ctx: &mut RequestContext<'_>) -> HandlerResult {
    change_subtitles(ctx, true)
}

fn delete_subtitles(ctx: &mut RequestContext<'_>) -> HandlerResult {
    change_subtitles(ctx, false)
}
