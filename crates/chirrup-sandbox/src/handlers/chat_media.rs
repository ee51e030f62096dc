//! Encrypted media of chat conversations. The sandbox stores the bytes as they are sent, as X does.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chirrup_api::v2::chat::{AppendChatUpload, BeginChatUpload, DownloadChatMedia, FinishChatUpload};
use serde_json::{Value as Json, json};

use super::context::{HandlerEntry, HandlerResult, RequestContext};
use super::documents::{DocumentKind, data_response};
use super::media::{file_bytes, upload_expiry};
use super::own_chat::OwnChat;
use crate::random::random_token;
use crate::response::api_error::ApiError;
use crate::response::json::str_of;

pub(super) const HANDLERS: &[HandlerEntry] = &[
    (BeginChatUpload::ENDPOINT, begin_chat_upload),
    (AppendChatUpload::ENDPOINT, append_chat_upload),
    (FinishChatUpload::ENDPOINT, finish_chat_upload),
    (DownloadChatMedia::ENDPOINT, download_chat_media),
];

/// Uploads that are not complete, by session ID.
const UPLOAD: DocumentKind = DocumentKind::whole("chat_upload");
/// Complete files, by conversation and hash key.
const FILE: &str = "chat_file";

fn begin_chat_upload(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let own = OwnChat::find_by(ctx, "conversation_id")?;
    let (session, key) = (ctx.new_id(), random_token(16));
    let upload = json!({"chat": own.id, "key": key, "total_bytes": ctx.call.number("total_bytes"), "parts": {}});
    ctx.world.put_document(UPLOAD.name, &session, own.me, &upload)?;
    data_response(200, json!({"session_id": session, "media_hash_key": key, "conversation_id": own.id}))
}

/// The upload of the user in the path, of which the body names the conversation and the key.
fn own_upload(ctx: &RequestContext<'_>) -> Result<(String, Json), ApiError> {
    let id = ctx.text("id").to_owned();
    let upload = ctx.find_own_document(UPLOAD, ctx.me()?, "id", &id)?;
    for (parameter, field) in [("conversation_id", "chat"), ("media_hash_key", "key")] {
        let given = ctx.text(parameter);
        if upload[field] != given {
            return Err(ApiError::no_such_resource("upload", parameter, given));
        }
    }
    Ok((id, upload))
}

fn append_chat_upload(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, mut upload) = own_upload(ctx)?;
    let bytes = file_bytes(ctx)?;
    let index = ctx.call.number("segment_index").unwrap_or_default();
    upload["parts"][index.to_string()] = STANDARD.encode(&bytes).into();
    ctx.world.put_document(UPLOAD.name, &id, ctx.me()?, &upload)?;
    data_response(200, json!({"expires_at": upload_expiry(ctx.now)}))
}

fn finish_chat_upload(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, upload) = own_upload(ctx)?;
    let parts = upload["parts"].as_object().cloned().unwrap_or_default();
    let mut content = Vec::new();
    for index in 0..parts.len() {
        let part = parts.get(&index.to_string()).and_then(Json::as_str).unwrap_or_default();
        content.extend(STANDARD.decode(part).unwrap_or_default());
    }
    let wanted = ctx.text("num_parts");
    if parts.len().to_string() != wanted || u64::try_from(content.len()).ok() != upload["total_bytes"].as_u64() {
        let message =
            format!("{} of {} bytes have arrived: upload all segments first.", content.len(), upload["total_bytes"]);
        return Err(ApiError::invalid_param("num_parts", wanted, message));
    }
    let (chat, key) = (str_of(&upload, "chat"), str_of(&upload, "key"));
    let file = Json::String(STANDARD.encode(content));
    ctx.world.put_document(FILE, &format!("{chat}/{key}"), ctx.me()?, &file)?;
    ctx.world.remove_document(UPLOAD.name, &id)?;
    data_response(200, json!({"success": true}))
}

fn download_chat_media(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let own = OwnChat::find(ctx)?;
    let key = ctx.text("media_hash_key");
    let file = ctx.world.document(FILE, &format!("{}/{key}", own.id))?;
    let file = file.ok_or_else(|| ApiError::no_such_resource("media", "media_hash_key", key))?;
    let content = STANDARD.decode(file.as_str().unwrap_or_default()).unwrap_or_default();
    ctx.file_response("application/octet-stream", Bytes::from(content))
}
