//! Public keys of the encrypted chat.

use chirrup_api::v2::chat::{AddPublicKey, GetPublicKey, GetPublicKeys};
use serde_json::json;

use super::context::{HandlerEntry, HandlerResult, RequestContext};
use super::documents::{DocumentKind, data_response};
use crate::response::api_error::{ApiError, resource_not_found};
use crate::response::select::pick;

pub(super) const HANDLERS: &[HandlerEntry] = &[
    (GetPublicKey::ENDPOINT, public_key),
    (GetPublicKeys::ENDPOINT, public_keys),
    (AddPublicKey::ENDPOINT, add_public_key),
];

const KEY: DocumentKind = DocumentKind::whole("public_key");

/// Responds with the public keys of users.
fn keys_of(ctx: &RequestContext<'_>, users: &[&str]) -> HandlerResult {
    let (mut data, mut errors) = (Vec::new(), Vec::new());
    let fields: Vec<&str> =
        ["public_key", "public_key_version"].into_iter().chain(ctx.call.list("public_key.fields")).collect();
    for user in users {
        let known = user.parse().ok().map(|id| ctx.world.username(id)).transpose()?.flatten();
        if known.is_none() {
            errors.push(resource_not_found("user", "id", user));
        }
        data.extend(ctx.world.document(KEY.name, user)?.map(|key| pick(key, &fields)));
    }
    let mut response = ctx.response();
    response.errors = errors;
    Ok((200, response.list_body(data, None).into()))
}

fn public_key(ctx: &mut RequestContext<'_>) -> HandlerResult {
    keys_of(ctx, &[ctx.text("id")])
}

fn public_keys(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let users: Vec<&str> = ctx.call.list("ids").collect();
    keys_of(ctx, &users)
}

fn add_public_key(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me_in("id")?;
    let version = ctx.text("version").to_owned();
    let mut key = ctx.call.get("public_key").cloned().unwrap_or_default();
    if !key.is_object() {
        return Err(ApiError::invalid_param("public_key", "", "$.public_key: must be a JSON object"));
    }
    key["public_key_version"] = version.as_str().into();
    ctx.world.put_document(KEY.name, &me.to_string(), me, &key)?;
    data_response(201, json!({"public_key_version": version}))
}
