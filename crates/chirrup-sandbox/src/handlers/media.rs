//! Media: look-up, uploads, descriptions, subtitles. The sandbox keeps what is said about a file, not the file.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chirrup_auth::hex;
use chirrup_model::Timestamp;
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};

use super::things::{Kind, said};
use super::{Done, Room};
use crate::refusal::{Refusal, not_found};
use crate::select::pick;

pub(super) const UPLOAD: Kind = Kind::whole("upload");
/// How long an upload can be used, in seconds.
const EXPIRES: u64 = 86_400;
/// How long a video is processed.
const PROCESSING_MS: i64 = 2_000;

fn show(room: &Room<'_>, keys: &[&str], parameter: &str) -> Result<(Vec<Json>, Vec<Json>), Refusal> {
    let fields: Vec<&str> = ["media_key", "type"].into_iter().chain(room.call.list("media.fields")).collect();
    let (mut data, mut errors) = (Vec::new(), Vec::new());
    for key in keys {
        let id = key.split_once('_').and_then(|(_, id)| id.parse().ok()).unwrap_or_default();
        match room.world.media(id)?.filter(|medium| medium["media_key"] == **key) {
            Some(medium) => data.push(pick(medium, &fields)),
            None => errors.push(not_found("media", parameter, key)),
        }
    }
    Ok((data, errors))
}

pub(super) fn one(room: &mut Room<'_>) -> Done {
    let key = room.call.text("media_key").unwrap_or_default();
    let (mut data, errors) = show(room, &[key], "media_key")?;
    let mut scene = room.scene();
    scene.errors = errors;
    Ok((200, scene.body(data.pop(), None)))
}

pub(super) fn many(room: &mut Room<'_>) -> Done {
    let keys: Vec<&str> = room.call.list("media_keys").collect();
    let (data, errors) = show(room, &keys, "media_keys")?;
    let mut scene = room.scene();
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

fn bytes(room: &Room<'_>) -> Result<Bytes, Refusal> {
    if let Some(file) = room.call.file() {
        return Ok(file.clone());
    }
    let text = room.call.text("media").unwrap_or_default();
    STANDARD.decode(text).map(Bytes::from).map_err(|_| Refusal::invalid_one("media", "", "$.media: is not Base64"))
}

pub(super) fn begin(room: &mut Room<'_>) -> Done {
    let me = room.me()?;
    let mut upload = room.given(&["media_type", "media_category", "total_bytes", "shared"]);
    for name in ["media_type", "total_bytes"] {
        if upload[name].is_null() {
            return Err(Refusal::invalid_one(name, "", format!("$.{name}: is missing but it is required")));
        }
    }
    let id = room.new_id();
    upload["owner"] = me.into();
    upload["parts"] = json!({});
    room.world.put(UPLOAD.name, &id, me, &upload)?;
    let key = format!("{}_{id}", prefix(upload["media_category"].as_str().unwrap_or_default()));
    said(200, json!({"id": id, "media_key": key, "expires_after_secs": EXPIRES}))
}

/// The caller's own upload.
pub(super) fn own(room: &Room<'_>, parameter: &str) -> Result<(String, Json), Refusal> {
    let id = room.call.text(parameter).unwrap_or_default().to_owned();
    let me = room.me()?;
    match room.world.thing(UPLOAD.name, &id)?.filter(|upload| upload["owner"] == me) {
        Some(upload) => Ok((id, upload)),
        None => Err(Refusal::no_such_thing("media", parameter, &id)),
    }
}

/// Notes a part of an upload.
pub(super) fn part(room: &Room<'_>, id: &str, mut upload: Json, bytes: &[u8]) -> Result<(), Refusal> {
    let part = room.call.number("segment_index").unwrap_or_default();
    let digest = hex(&Sha256::digest(bytes));
    upload["parts"][part.to_string()] = json!({"size": bytes.len(), "sha256": digest});
    Ok(room.world.put(UPLOAD.name, id, room.me()?, &upload)?)
}

pub(super) fn append(room: &mut Room<'_>) -> Done {
    let (id, upload) = own(room, "id")?;
    part(room, &id, upload, &bytes(room)?)?;
    let expires = room.now.as_millis() / 1_000 + i64::try_from(EXPIRES).unwrap_or_default();
    said(200, json!({"expires_at": expires}))
}

pub(super) fn finish(room: &mut Room<'_>) -> Done {
    let (id, upload) = own(room, "id")?;
    said(200, finished(room, &id, upload)?)
}

/// Ends an upload in parts, and tells of it.
pub(super) fn finished(room: &Room<'_>, id: &str, mut upload: Json) -> Result<Json, Refusal> {
    let parts = upload["parts"].as_object().cloned().unwrap_or_default();
    let missing = (0..parts.len()).find(|part| !parts.contains_key(&part.to_string()));
    let size: u64 = parts.values().filter_map(|part| part["size"].as_u64()).sum();
    if missing.is_some() || Some(size) != upload["total_bytes"].as_u64() {
        let total = &upload["total_bytes"];
        let message = format!("{size} of {total} bytes have arrived: upload all segments before you finish.");
        return Err(Refusal::invalid_one("id", id, message));
    }
    if upload["finished"].is_null() {
        upload["finished"] = json!(room.now);
        upload["fate"] = room.world.thing("fate", "next")?.unwrap_or_default();
    }
    keep_upload(room, id, &upload, size)?;
    Ok(state(room, id, &upload, size))
}

/// Makes an upload a medium that posts can name.
pub(super) fn keep_upload(room: &Room<'_>, id: &str, upload: &Json, size: u64) -> Result<(), Refusal> {
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
    room.world.put(UPLOAD.name, id, room.me()?, &upload)?;
    Ok(room.world.add_media(id.parse().unwrap_or_default(), room.me()?, &medium)?)
}

/// What is told of a finished upload. Videos and moving pictures are processed for a while.
pub(super) fn state(room: &Room<'_>, id: &str, upload: &Json, size: u64) -> Json {
    let category = upload["media_category"].as_str().unwrap_or_default();
    let mut told = json!({
        "id": id, "media_key": format!("{}_{id}", prefix(category)), "expires_after_secs": EXPIRES, "size": size,
    });
    let finished: Option<Timestamp> = upload["finished"].as_str().and_then(|text| text.parse().ok());
    let Some(finished) = finished.filter(|_| prefix(category) != 3) else {
        return told;
    };
    let passed = room.now.as_millis() - finished.as_millis();
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

pub(super) fn status(room: &mut Room<'_>) -> Done {
    let (id, upload) = own(room, "media_id")?;
    if upload["finished"].is_null() {
        return Err(Refusal::invalid_one("media_id", &id, "This upload is not finished."));
    }
    let size = upload["size"].as_u64().unwrap_or_default();
    said(200, state(room, &id, &upload, size))
}

/// An upload in one piece.
pub(super) fn upload(room: &mut Room<'_>) -> Done {
    let (me, size) = (room.me()?, bytes(room)?.len());
    let id = room.new_id();
    let upload = json!({"media_category": room.call.text("media_category"), "owner": me, "finished": room.now});
    keep_upload(room, &id, &upload, size as u64)?;
    said(200, state(room, &id, &upload, size as u64))
}

/// The caller's own medium.
fn own_medium(room: &Room<'_>) -> Result<(u64, Json), Refusal> {
    let id = room.id("id");
    match room.world.media(id)? {
        Some(medium) if room.world.owns_media(room.me()?, id)? => Ok((id, medium)),
        _ => Err(Refusal::no_such("media", "id", id)),
    }
}

pub(super) fn set_metadata(room: &mut Room<'_>) -> Done {
    let (id, mut medium) = own_medium(room)?;
    let metadata = room.call.get("metadata").cloned().unwrap_or_default();
    if let Some(text) = metadata["alt_text"]["text"].as_str() {
        if text.chars().count() > 1_000 {
            let message = "$.metadata.alt_text.text: must have at most 1000 characters";
            return Err(Refusal::invalid_one("metadata", "", message));
        }
        medium["alt_text"] = text.into();
        room.world.add_media(id, room.me()?, &medium)?;
    }
    said(200, json!({"id": id.to_string(), "associated_metadata": metadata}))
}

pub(super) fn add_subtitles(room: &mut Room<'_>) -> Done {
    let (id, mut medium) = own_medium(room)?;
    let subtitles = room.call.get("subtitles").cloned().unwrap_or_default();
    let mut all = medium["subtitles"].as_array().cloned().unwrap_or_default();
    all.retain(|known| known["language_code"] != subtitles["language_code"]);
    all.push(subtitles);
    medium["subtitles"] = all.clone().into();
    room.world.add_media(id, room.me()?, &medium)?;
    let category = room.call.text("media_category");
    said(200, json!({"id": id.to_string(), "media_category": category, "associated_subtitles": all}))
}

pub(super) fn delete_subtitles(room: &mut Room<'_>) -> Done {
    let (id, mut medium) = own_medium(room)?;
    let language = room.call.text("language_code").unwrap_or_default();
    let mut all = medium["subtitles"].as_array().cloned().unwrap_or_default();
    let before = all.len();
    all.retain(|known| known["language_code"] != language);
    let deleted = all.len() < before;
    medium["subtitles"] = all.into();
    room.world.add_media(id, room.me()?, &medium)?;
    said(200, json!({"deleted": deleted}))
}
