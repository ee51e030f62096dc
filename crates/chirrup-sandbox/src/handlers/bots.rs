//! Bot accounts. A bot is a user without a password, which an app controls through a token.

use chirrup_api::v2::bots::{CreateBot, DeleteBot, GetBots, RevokeBotToken, RotateBotToken, UpdateBot};
use chirrup_model::UserId;
use serde_json::{Value as Json, json};

use super::context::{HandlerEntry, HandlerResult, RequestContext};
use super::documents::{DocumentKind, data_response};
use crate::random::random_token;
use crate::response::api_error::ApiError;
use crate::response::json::{id_of, str_of};

pub(super) const HANDLERS: &[HandlerEntry] = &[
    (GetBots::ENDPOINT, get_bots),
    (CreateBot::ENDPOINT, create_bot),
    (UpdateBot::ENDPOINT, update_bot),
    (DeleteBot::ENDPOINT, delete_bot),
    (RotateBotToken::ENDPOINT, rotate_bot_token),
    (RevokeBotToken::ENDPOINT, revoke_bot_token),
];

/// Documents with the owner and the direct message permission of a bot.
const BOT: DocumentKind = DocumentKind::whole("bot");
/// Scopes that a token of a bot can have (see "Manage bot accounts with the Chat API").
const SCOPES: [&str; 5] = ["dm.read", "dm.write", "tweet.read", "users.read", "media.write"];
/// Number of bots that a project can have by default.
const MAX_BOTS: usize = 1;
/// Lifetime of a token in milliseconds. X publishes none; the sandbox takes 30 days.
const TOKEN_MS: i64 = 30 * 86_400_000;

/// IDs of the bots of the app, the oldest first.
fn own_bots(ctx: &RequestContext<'_>) -> Result<Vec<u64>, ApiError> {
    let bots = ctx.world.documents_of(BOT.name, ctx.app_id(), i64::MAX, MAX_BOTS)?;
    Ok(bots.iter().rev().filter_map(|bot| id_of(&bot.json["id"])).collect())
}

/// ID and document of the bot in the path, which must belong to the app.
fn own_bot(ctx: &RequestContext<'_>) -> Result<(u64, Json), ApiError> {
    let id = ctx.param::<UserId>("id").get();
    let bot = ctx.find_own_document(BOT, ctx.app_id(), "id", &id.to_string())?;
    Ok((id, bot))
}

fn get_bots(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let bots = own_bots(ctx)?;
    let mut response = ctx.response();
    let users = response.users(&bots)?;
    let meta = json!({"result_count": users.len(), "max_bots": MAX_BOTS});
    Ok((200, response.objects_body(users, Some(meta))))
}

/// Replaces the tokens of a bot and describes the bot with its new token.
fn mint_token(ctx: &RequestContext<'_>, bot: u64) -> Result<Json, ApiError> {
    let mut scopes: Vec<&str> = ctx.call.list("scopes").collect();
    if let Some(scope) = scopes.iter().find(|scope| !SCOPES.contains(scope)) {
        let message = format!("$.scopes: must be a subset of [{}]", SCOPES.join(","));
        return Err(ApiError::invalid_param("scopes", scope, message));
    }
    if scopes.is_empty() {
        scopes = SCOPES.to_vec();
    }
    let (app, expires) = (ctx.identity.app, ctx.now.plus_millis(TOKEN_MS));
    let token = format!("xcbot_{}", random_token(48));
    ctx.world.revoke_access_tokens(app, bot)?;
    ctx.world.add_access_token(&token, app, bot, &scopes.join(" "), expires)?;
    let user = ctx.world.user(bot)?.unwrap_or_default();
    Ok(json!({
        "id": bot.to_string(), "username": user["username"], "name": user["name"], "token": token, "scopes": scopes,
        "token_expires_at_ms": expires.as_millis(),
    }))
}

/// Refuses a handle that belongs to another user than this bot.
fn require_free_handle(ctx: &RequestContext<'_>, handle: &str, bot: Option<u64>) -> Result<(), ApiError> {
    match ctx.world.user_id(handle)? {
        Some(user) if Some(user) != bot => {
            Err(ApiError::invalid_param("handle", handle, "$.handle: is already in use"))
        }
        _ => Ok(()),
    }
}

fn set_display_name(ctx: &RequestContext<'_>, bot: u64) -> Result<(), ApiError> {
    let name = ctx.call.text("display_name").map(str::to_owned);
    Ok(ctx.world.update_profile(bot, &[name, None, None, None])?)
}

/// Creates a bot. A handle of an existing bot of the app returns that bot with a new token, so that a retry is safe.
fn create_bot(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let handle = ctx.text("handle");
    let bots = own_bots(ctx)?;
    if let Some(bot) = ctx.world.user_id(handle)?.filter(|user| bots.contains(user)) {
        let data = mint_token(ctx, bot)?;
        set_display_name(ctx, bot)?;
        return data_response(201, data);
    }
    require_free_handle(ctx, handle, None)?;
    if bots.len() >= MAX_BOTS {
        return Err(ApiError::forbidden(&format!("Your project already has {MAX_BOTS} of {MAX_BOTS} bots.")));
    }
    let name = ctx.call.text("display_name").unwrap_or(handle);
    let bot = ctx.world.create_user(handle, name, ctx.now)?;
    let document = json!({"id": bot.to_string(), "dm_permission": "everyone"});
    ctx.world.put_document(BOT.name, &bot.to_string(), ctx.app_id(), &document)?;
    data_response(201, mint_token(ctx, bot)?)
}

fn update_bot(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, mut bot) = own_bot(ctx)?;
    if ["handle", "display_name", "dm_permission"].iter().all(|name| ctx.call.get(name).is_none()) {
        let message = "$: one of handle, display_name and dm_permission is required";
        return Err(ApiError::invalid_param("handle", "", message));
    }
    if let Some(handle) = ctx.call.text("handle") {
        require_free_handle(ctx, handle, Some(id))?;
        ctx.world.rename_user(id, handle)?;
    }
    set_display_name(ctx, id)?;
    if let Some(permission) = ctx.call.get("dm_permission") {
        bot["dm_permission"] = permission.clone();
        ctx.world.put_document(BOT.name, &id.to_string(), ctx.app_id(), &bot)?;
    }
    data_response(200, json!({"updated": true}))
}

fn delete_bot(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, _) = own_bot(ctx)?;
    ctx.world.delete_user(id)?;
    ctx.world.remove_document(BOT.name, &id.to_string())?;
    data_response(200, json!({"deleted": true}))
}

fn rotate_bot_token(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, _) = own_bot(ctx)?;
    data_response(200, mint_token(ctx, id)?)
}

fn revoke_bot_token(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, _) = own_bot(ctx)?;
    ctx.world.revoke_access_tokens(ctx.identity.app, id)?;
    data_response(200, json!({"revoked": true}))
}

/// Returns whether a user accepts direct messages of the sender. A bot decides by its permission; others accept all.
pub(super) fn accepts_dms(ctx: &RequestContext<'_>, user: u64, sender: u64) -> Result<bool, ApiError> {
    let Some(bot) = ctx.world.document(BOT.name, &user.to_string())? else { return Ok(true) };
    Ok(match str_of(&bot, "dm_permission") {
        "no_one" => false,
        "premium" => ctx.world.user(sender)?.unwrap_or_default()["verified"] == true,
        _ => true,
    })
}
