//! Webhooks, and links from the filtered stream to them.

use chirrup_api::v2::webhooks::{
    CreateStreamLink, CreateWebhook, DeleteStreamLink, DeleteWebhook, GetWebhooks, ReplayWebhook, StreamLinks,
    ValidateWebhook,
};
use chirrup_model::Timestamp;
use serde_json::{Value as Json, json};

use super::context::{HandlerEntry, HandlerResult, RequestContext};
use super::documents::{DocumentKind, data_response};
use crate::response::api_error::ApiError;
use crate::response::json::str_of;
use crate::streams::webhook_delivery::{CrcCheck, is_loopback_url};

pub(super) const HANDLERS: &[HandlerEntry] = &[
    (GetWebhooks::ENDPOINT, webhooks),
    (CreateWebhook::ENDPOINT, create_webhook),
    (ValidateWebhook::ENDPOINT, validate_webhook),
    (DeleteWebhook::ENDPOINT, delete_webhook),
    (ReplayWebhook::ENDPOINT, replay_webhook),
    (StreamLinks::ENDPOINT, stream_links),
    (CreateStreamLink::ENDPOINT, create_stream_link),
    (DeleteStreamLink::ENDPOINT, delete_stream_link),
];

pub(super) const WEBHOOK: DocumentKind = DocumentKind {
    name: "webhook",
    resource: "webhook",
    fields: Some("webhook_config.fields"),
    defaults: &["id", "url", "valid", "created_at"],
};
const LINK: DocumentKind = DocumentKind::whole("stream_link");

fn webhooks(ctx: &mut RequestContext<'_>) -> HandlerResult {
    ctx.documents_page(WEBHOOK, ctx.app_id(), 100, |_| true)
}

fn create_webhook(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let url = ctx.text("url").to_owned();
    let local = is_loopback_url(&url);
    if !local && !url.starts_with("https://") {
        return Err(ApiError::invalid_param("url", &url, "$.url: must begin with https://"));
    }
    let webhooks = ctx.world.documents_of(WEBHOOK.name, ctx.app_id(), i64::MAX, 100)?;
    if webhooks.iter().any(|webhook| webhook.json["url"] == url.as_str()) {
        return Err(ApiError::problem(400, "DuplicateUrlFailed", "A webhook with this URL already exists."));
    }
    let id = ctx.new_id();
    // The sandbox sends requests to this machine only, so it cannot check any other webhook.
    let webhook = json!({"id": id, "url": url, "valid": local, "created_at": ctx.now});
    ctx.world.put_document(WEBHOOK.name, &id, ctx.app_id(), &webhook)?;
    if local {
        request_crc_check(ctx, id, url, true)?;
    }
    data_response(200, webhook)
}

/// Requests a CRC check, which the server makes before it responds.
fn request_crc_check(ctx: &mut RequestContext<'_>, webhook: String, url: String, is_new: bool) -> Result<(), ApiError> {
    let secrets = ctx.world.app_secrets(ctx.identity.app)?;
    ctx.exclusive()?.hub.pending_crc_check = Some(CrcCheck { webhook, url, secrets, is_new });
    Ok(())
}

fn validate_webhook(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, webhook) = webhook_in_path(ctx)?;
    let url = str_of(&webhook, "url").to_owned();
    if !is_loopback_url(&url) {
        return Err(ApiError::not_implemented("The sandbox can only validate a webhook on this machine."));
    }
    request_crc_check(ctx, id, url, false)?;
    data_response(200, json!({"valid": true}))
}

/// ID and document of the webhook in the path.
pub(super) fn webhook_in_path(ctx: &RequestContext<'_>) -> Result<(String, Json), ApiError> {
    let id = ctx.text("webhook_id").to_owned();
    Ok((id.clone(), ctx.find_document(WEBHOOK, "webhook_id", &id)?))
}

fn delete_webhook(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, _) = webhook_in_path(ctx)?;
    ctx.world.remove_document(WEBHOOK.name, &id)?;
    ctx.world.remove_document(LINK.name, &id)?;
    data_response(200, json!({"deleted": true}))
}

fn replay_webhook(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, webhook) = webhook_in_path(ctx)?;
    let time = |name: &str| -> Result<Timestamp, ApiError> {
        let text = ctx.call.text(name).unwrap_or_default();
        let parts = (text.is_ascii() && text.len() == 12)
            .then(|| format!("{}-{}-{}T{}:{}:00Z", &text[..4], &text[4..6], &text[6..8], &text[8..10], &text[10..]));
        parts
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| ApiError::invalid_param(name, text, format!("$.{name}: must have the form YYYYMMDDhhmm")))
    };
    let (from, to) = (time("from_date")?, time("to_date")?);
    let (url, secrets) = (str_of(&webhook, "url"), ctx.world.app_secrets(ctx.identity.app)?);
    let now = ctx.now;
    let hub = &mut ctx.exclusive()?.hub;
    for body in hub.deliveries_between(&id, from, to) {
        hub.deliver(&id, url, secrets.clone(), body, now);
    }
    let job = ctx.new_id();
    data_response(200, json!({"job_id": job, "created_at": ctx.now}))
}

fn stream_links(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let links = ctx.world.documents_of(LINK.name, ctx.app_id(), i64::MAX, 100)?;
    let data: Vec<Json> = links.into_iter().map(|link| link.json).collect();
    data_response(200, data.into())
}

fn create_stream_link(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, _) = webhook_in_path(ctx)?;
    let application = ctx.app_id().to_string();
    let link = json!({
        "webhook_id": id, "application_id": application, "instance_id": id, "created_at": ctx.now, "fields": [],
    });
    ctx.world.put_document(LINK.name, &id, ctx.app_id(), &link)?;
    data_response(200, json!({"provisioned": true}))
}

fn delete_stream_link(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, _) = webhook_in_path(ctx)?;
    let deleted = ctx.world.remove_document(LINK.name, &id)?;
    data_response(200, json!({"deleted": deleted}))
}
