//! Media: at once or in parts.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Value as Json, json};

use super::super::media::{UPLOAD, finished, keep_upload, own, part, state};
use super::super::{HandlerResult, RequestContext};
use super::no;
use crate::api_error::ApiError;

/// How large a video may be without a category.
const OLD_LIMIT: u64 = 15 << 20;

/// A file of a call: as it is, or as Base64.
pub(super) fn bytes_of(ctx: &RequestContext<'_>, name: &str) -> Result<Bytes, ApiError> {
    if let Some(file) = ctx.call.file() {
        return Ok(file.clone());
    }
    let text = ctx.call.text("media_data").or(ctx.call.text(name)).unwrap_or_default();
    let text: String = text.split_whitespace().collect();
    STANDARD.decode(&text).map(Bytes::from).map_err(|_| no(400, 38, "media parameter is missing."))
}

/// Keeps a file that was sent in one piece, and gives its id.
pub(super) fn keep_file(ctx: &mut RequestContext<'_>, name: &str) -> Result<u64, ApiError> {
    let (me, bytes) = (ctx.me()?, bytes_of(ctx, name)?);
    if bytes.is_empty() {
        return Err(no(400, 38, "media parameter is missing."));
    }
    let id = ctx.new_id();
    let upload = json!({"media_category": ctx.call.text("media_category"), "owner": me, "finished": ctx.now});
    keep_upload(ctx, &id, &upload, bytes.len() as u64)?;
    Ok(id.parse().unwrap_or_default())
}

/// What v2 tells of an upload, in the old form.
fn old(told: &Json) -> Json {
    let mut old = told.clone();
    old["media_id"] = told["id"].as_str().and_then(|id| id.parse::<u64>().ok()).into();
    old["media_id_string"] = told["id"].clone();
    old.as_object_mut().map(|old| old.remove("id"));
    old
}

pub(super) fn upload(ctx: &mut RequestContext<'_>) -> HandlerResult {
    match ctx.call.text("command") {
        Some("INIT") => begin(ctx),
        Some("APPEND") => {
            let (id, upload) = own(ctx, "media_id").map_err(|_| unknown())?;
            let bytes = bytes_of(ctx, "media")?;
            if bytes.len() > 5 << 20 {
                return Err(no(413, 325, "Segments cannot be larger than 5 MB."));
            }
            part(ctx, &id, upload, &bytes)?;
            Ok((204, Json::Null))
        }
        Some("FINALIZE") => {
            let (id, upload) = own(ctx, "media_id").map_err(|_| unknown())?;
            let told = finished(ctx, &id, upload)
                .map_err(|_| no(400, 324, "Segments do not add up to provided total file size."))?;
            Ok((201, old(&told)))
        }
        Some("STATUS") => status(ctx),
        Some(_) => Err(no(400, 214, "Bad request: the command is INIT, APPEND, FINALIZE or STATUS.")),
        None => {
            let (bytes, id) = (bytes_of(ctx, "media")?, keep_file(ctx, "media")?);
            let upload = ctx.world.thing(UPLOAD.name, &id.to_string())?.ok_or_else(unknown)?;
            let mut told = old(&state(ctx, &id.to_string(), &upload, bytes.len() as u64));
            told["image"] = json!({"image_type": "image/png", "w": 640, "h": 480});
            Ok((200, told))
        }
    }
}

fn unknown() -> ApiError {
    no(400, 325, "A media id was not found.")
}

fn begin(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let (Some(size), Some(kind)) = (ctx.call.number("total_bytes"), ctx.call.text("media_type").map(str::to_owned))
    else {
        return Err(no(400, 38, "media_type and total_bytes are missing."));
    };
    let category = ctx.call.text("media_category").map(str::to_owned);
    let size = u64::try_from(size).unwrap_or_default();
    if category.is_none() && kind.starts_with("video/") && size > OLD_LIMIT {
        return Err(no(400, 324, "File size exceeds 15728640 bytes."));
    }
    // Without a category, the media type tells what it is.
    let category =
        category.unwrap_or_else(|| if kind.starts_with("video/") { "tweet_video" } else { "tweet_image" }.to_owned());
    let id = ctx.new_id();
    let upload = json!({"media_type": kind, "media_category": category, "total_bytes": size, "owner": me, "parts": {}});
    ctx.world.put(UPLOAD.name, &id, me, &upload)?;
    Ok((
        202,
        json!({"media_id": id.parse::<u64>().unwrap_or_default(), "media_id_string": id, "expires_after_secs": 86_400}),
    ))
}

pub(super) fn status(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, upload) = own(ctx, "media_id").map_err(|_| unknown())?;
    if upload["finished"].is_null() {
        return Err(unknown());
    }
    let size = upload["size"].as_u64().unwrap_or_default();
    Ok((200, old(&state(ctx, &id, &upload, size))))
}

/// The caller's own medium.
fn own_medium(ctx: &RequestContext<'_>) -> Result<(u64, Json), ApiError> {
    let id: u64 = ctx.call.text("media_id").and_then(|id| id.parse().ok()).unwrap_or_default();
    match ctx.world.media(id)? {
        Some(medium) if ctx.world.owns_media(ctx.me()?, id)? => Ok((id, medium)),
        _ => Err(unknown()),
    }
}

pub(super) fn metadata(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, mut medium) = own_medium(ctx)?;
    let text = ctx.call.get("alt_text").map(|alt| alt["text"].clone()).unwrap_or_default();
    let text = text.as_str().unwrap_or_default();
    if text.chars().count() > 1_000 {
        return Err(no(400, 214, "Bad request: the alternative text has more than 1000 characters."));
    }
    medium["alt_text"] = text.into();
    ctx.world.add_media(id, ctx.me()?, &medium)?;
    Ok((200, Json::Null))
}

fn change_subtitles(ctx: &mut RequestContext<'_>, add: bool) -> HandlerResult {
    let (id, mut medium) = own_medium(ctx)?;
    let given = ctx.call.get("subtitle_info").map(|info| info["subtitles"].clone()).unwrap_or_default();
    let mut all = medium["subtitles"].as_array().cloned().unwrap_or_default();
    for one in given.as_array().into_iter().flatten() {
        all.retain(|known| known["language_code"] != one["language_code"]);
        if add {
            all.push(one.clone());
        }
    }
    medium["subtitles"] = all.into();
    ctx.world.add_media(id, ctx.me()?, &medium)?;
    Ok((200, Json::Null))
}

pub(super) fn add_subtitles(ctx: &mut RequestContext<'_>) -> HandlerResult {
    change_subtitles(ctx, true)
}

pub(super) fn delete_subtitles(ctx: &mut RequestContext<'_>) -> HandlerResult {
    change_subtitles(ctx, false)
}
