//! Groups of encrypted chat: administrators, members, invites and requests to join.

use chirrup_api::v2::chat_groups::{
    AddChatAdmins, ApproveChatAdminRequest, DisableChatInvite, EnableChatInvite, GetChatAdminRequests, GetChatInvite,
    RejectChatAdminRequest, RejectChatJoinRequests, RemoveChatAdmins, RemoveChatMembers, RequestChatAdmin,
    RequestChatJoin, UpdateChatAdminSettings, UpdateChatGroup,
};
use chirrup_model::{Timestamp, UserId};
use serde_json::json;

use super::context::{HandlerEntry, HandlerResult, RequestContext};
use super::documents::{DocumentKind, data_response};
use super::own_chat::{CHAT, OwnChat, add_ids, contains, ids, remove_ids};
use crate::random::random_token;
use crate::response::api_error::ApiError;
use crate::response::json::str_of;

pub(super) const HANDLERS: &[HandlerEntry] = &[
    (UpdateChatGroup::ENDPOINT, update_chat_group),
    (UpdateChatAdminSettings::ENDPOINT, update_chat_admin_settings),
    (AddChatAdmins::ENDPOINT, add_chat_admins),
    (RemoveChatAdmins::ENDPOINT, remove_chat_admins),
    (RemoveChatMembers::ENDPOINT, remove_chat_members),
    (GetChatAdminRequests::ENDPOINT, get_chat_admin_requests),
    (RequestChatAdmin::ENDPOINT, request_chat_admin),
    (ApproveChatAdminRequest::ENDPOINT, approve_chat_admin_request),
    (RejectChatAdminRequest::ENDPOINT, reject_chat_admin_request),
    (EnableChatInvite::ENDPOINT, enable_chat_invite),
    (DisableChatInvite::ENDPOINT, disable_chat_invite),
    (GetChatInvite::ENDPOINT, get_chat_invite),
    (RequestChatJoin::ENDPOINT, request_chat_join),
    (RejectChatJoinRequests::ENDPOINT, reject_chat_join_requests),
];

const INVITE: DocumentKind = DocumentKind {
    name: "chat_group_invite",
    resource: "chat_group_invite",
    fields: Some("chat_group_invite.fields"),
    defaults: &["conversation_id", "token"],
};
const ADMIN_SETTINGS: [&str; 6] =
    ["add_member", "block_screen_capture", "edit_group_info", "edit_message_ttl", "send_message", "start_call"];
/// Length of the token of an invite.
const TOKEN_LENGTH: usize = 10;

fn update_chat_group(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let mut own = OwnChat::find_group(ctx)?;
    own.require_allowed("edit_group_info")?;
    for field in ctx.call.list("modified_fields") {
        match (ctx.call.get(field), own.chat.as_object_mut()) {
            (Some(value), Some(chat)) => drop(chat.insert(field.to_owned(), value.clone())),
            (None, Some(chat)) => drop(chat.remove(field)),
            (_, None) => {}
        }
        if field == "group_description" {
            own.chat["group_description_key_version"] = ctx.text("conversation_key_version").into();
        }
    }
    own.save(ctx)?;
    let mut data = json!({"updated": true});
    if ctx.call.get("conversation_participant_keys").is_some() {
        let version = ctx.text("conversation_key_version");
        let event = json!({"encoded_event": "key", "conversation_key_version": version});
        data["conversation_key_change_sequence_id"] = own.append_event(ctx, event)?.into();
    }
    data_response(200, data)
}

fn update_chat_admin_settings(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let mut own = OwnChat::find_group(ctx)?;
    own.require_admin()?;
    let changes = ctx.params_object(&ADMIN_SETTINGS);
    if changes == json!({}) {
        let message = format!("$: one of {} is required", ADMIN_SETTINGS.join(", "));
        return Err(ApiError::invalid_param("admin_settings", "", message));
    }
    for name in ADMIN_SETTINGS {
        if !changes[name].is_null() {
            own.chat["admin_settings"][name] = changes[name].clone();
        } else if own.chat["admin_settings"][name].is_null() {
            own.chat["admin_settings"][name] = false.into();
        }
    }
    own.save(ctx)?;
    data_response(200, json!({"updated": true}))
}

/// The users in the request, who must be members of the group.
fn given_members(ctx: &RequestContext<'_>, own: &OwnChat) -> Result<Vec<u64>, ApiError> {
    let users: Vec<u64> = ctx.call.list("user_ids").filter_map(|id| id.parse().ok()).collect();
    match users.iter().find(|user| !contains(&own.chat, "member_ids", **user)) {
        Some(user) => Err(ApiError::no_such_resource("member", "user_ids", user)),
        None => Ok(users),
    }
}

fn add_chat_admins(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let mut own = OwnChat::find_group(ctx)?;
    own.require_admin()?;
    let users = given_members(ctx, &own)?;
    add_ids(&mut own.chat, "admin_ids", &users);
    remove_ids(&mut own.chat, "admin_request_ids", &users);
    own.save(ctx)?;
    data_response(200, json!({"added": true}))
}

fn remove_chat_admins(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let mut own = OwnChat::find_group(ctx)?;
    own.require_admin()?;
    let users = given_members(ctx, &own)?;
    remove_ids(&mut own.chat, "admin_ids", &users);
    if ids(&own.chat, "admin_ids").is_empty() {
        return Err(ApiError::forbidden("A group must have an administrator."));
    }
    own.save(ctx)?;
    data_response(200, json!({"removed": true}))
}

/// Removes members. A member may remove itself; other removals are for administrators.
fn remove_chat_members(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let mut own = OwnChat::find_group(ctx)?;
    let users = given_members(ctx, &own)?;
    if users.iter().any(|user| *user != own.me) {
        own.require_admin()?;
    }
    if let Some(rotation) = ctx.call.get("group_key_rotation_data") {
        let event = json!({"encoded_event": "key", "conversation_key_version": rotation["conversation_key_version"]});
        own.append_event(ctx, event)?;
        for (sent, field) in [
            ("encrypted_title", "group_name"),
            ("encrypted_avatar", "group_avatar_url"),
            ("encrypted_description", "group_description"),
        ] {
            if !rotation[sent].is_null() {
                own.chat[field] = rotation[sent].clone();
            }
        }
    }
    own.save(ctx)?;
    for list in ["participant_ids", "member_ids", "admin_ids", "admin_request_ids"] {
        remove_ids(&mut own.chat, list, &users);
    }
    let members = ids(&own.chat, "member_ids");
    match members.first() {
        None => drop(ctx.world.remove_document(CHAT.name, &own.id)?),
        Some(first) => {
            // The oldest member takes over a group without an administrator.
            if ids(&own.chat, "admin_ids").is_empty() {
                add_ids(&mut own.chat, "admin_ids", &[*first]);
            }
            ctx.world.put_document(CHAT.name, &own.id, 0, &own.chat)?;
        }
    }
    data_response(200, json!({"removed": true}))
}

/// Responds with the members who asked. There are few, so all are on one page.
fn get_chat_admin_requests(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let own = OwnChat::find_group(ctx)?;
    own.require_admin()?;
    let requests = ids(&own.chat, "admin_request_ids");
    let mut response = ctx.response();
    let users = response.users(&requests)?;
    let meta = json!({"result_count": users.len(), "total_count": users.len()});
    Ok((200, response.objects_body(users, Some(meta))))
}

fn request_chat_admin(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let mut own = OwnChat::find_group(ctx)?;
    if contains(&own.chat, "admin_ids", own.me) {
        return Err(ApiError::forbidden("You are an administrator of this group already."));
    }
    let me = own.me;
    add_ids(&mut own.chat, "admin_request_ids", &[me]);
    own.save(ctx)?;
    data_response(200, json!({"requested": true}))
}

/// Answers the request of the member in the path to become an administrator.
fn answer_admin_request(ctx: &mut RequestContext<'_>, approve: bool) -> Result<(), ApiError> {
    let mut own = OwnChat::find_group(ctx)?;
    own.require_admin()?;
    let user = ctx.param::<UserId>("user_id").get();
    // A repeated approval changes nothing.
    let is_done = approve && contains(&own.chat, "admin_ids", user);
    if !is_done && !contains(&own.chat, "admin_request_ids", user) {
        return Err(ApiError::no_such_resource("admin request", "user_id", user));
    }
    remove_ids(&mut own.chat, "admin_request_ids", &[user]);
    if approve {
        add_ids(&mut own.chat, "admin_ids", &[user]);
    }
    own.save(ctx)
}

fn approve_chat_admin_request(ctx: &mut RequestContext<'_>) -> HandlerResult {
    answer_admin_request(ctx, true)?;
    data_response(200, json!({"approved": true}))
}

fn reject_chat_admin_request(ctx: &mut RequestContext<'_>) -> HandlerResult {
    answer_admin_request(ctx, false)?;
    data_response(200, json!({"rejected": true}))
}

/// Token of the invite link that the client built, or a new one.
fn invite_token(ctx: &RequestContext<'_>, group: &str) -> Result<String, ApiError> {
    let Some(url) = ctx.call.text("invite_url") else {
        if ctx.call.get("action_signatures").is_some() {
            let message = "$.invite_url: is required with action_signatures";
            return Err(ApiError::invalid_param("invite_url", "", message));
        }
        return Ok(random_token(TOKEN_LENGTH).chars().take(TOKEN_LENGTH).collect());
    };
    let token = url.strip_prefix("https://x.com/i/chat/group_join/").and_then(|rest| rest.strip_prefix(group));
    let token = token.and_then(|rest| rest.strip_prefix('/')).unwrap_or_default();
    let is_valid = token.len() == TOKEN_LENGTH
        && token.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    if is_valid {
        return Ok(token.to_owned());
    }
    let message = format!("$.invite_url: must be https://x.com/i/chat/group_join/{group}/ and a token");
    Err(ApiError::invalid_param("invite_url", url, message))
}

fn enable_chat_invite(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let mut own = OwnChat::find_group(ctx)?;
    own.require_admin()?;
    let token = invite_token(ctx, &own.id)?;
    let millis = |name: &str| ctx.call.text(name).and_then(|text| text.parse::<i64>().ok());
    let expires = match millis("validity_expiry_timestamp_msec") {
        Some(expires) => Some(Timestamp::from_millis(expires)),
        None => millis("validity_duration_msec").map(|duration| ctx.now.plus_millis(duration)),
    };
    let mut invite = json!({
        "invite_url": format!("https://x.com/i/chat/group_join/{}/{token}", own.id), "token": token,
        "admin_user_id": own.me.to_string(),
    });
    if let Some(expires) = expires {
        invite["expires_at"] = json!(expires);
    }
    for (parameter, field) in [
        ("decrypted_title", "group_name"),
        ("decrypted_avatar_url", "group_avatar_url"),
        ("welcome_message", "welcome_message"),
    ] {
        if let Some(value) = ctx.call.get(parameter) {
            invite[field] = value.clone();
        }
    }
    own.chat["invite"] = invite.clone();
    own.save(ctx)?;
    invite["conversation_id"] = own.id.into();
    data_response(200, invite)
}

fn disable_chat_invite(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let mut own = OwnChat::find_group(ctx)?;
    own.require_admin()?;
    let removed = own.chat.as_object_mut().and_then(|chat| chat.remove("invite"));
    own.save(ctx)?;
    data_response(200, json!({"disabled": removed.is_some()}))
}

/// The group in the path, whose present invite has the token in the request.
fn invited_group(ctx: &RequestContext<'_>) -> Result<OwnChat, ApiError> {
    let (me, id, token) = (ctx.me()?, ctx.text("id"), ctx.text("token"));
    let unknown = || ApiError::no_such_resource(INVITE.resource, "token", token);
    let chat = ctx.world.document(CHAT.name, id)?.ok_or_else(unknown)?;
    let invite = &chat["invite"];
    let expires: Option<Timestamp> = invite["expires_at"].as_str().and_then(|time| time.parse().ok());
    if invite["token"] != token || expires.is_some_and(|expires| ctx.now >= expires) {
        return Err(unknown());
    }
    Ok(OwnChat { me, id: id.to_owned(), chat })
}

fn get_chat_invite(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let group = invited_group(ctx)?;
    let mut invite = group.chat["invite"].clone();
    let join_state = if contains(&group.chat, "member_ids", group.me) {
        "member"
    } else if contains(&group.chat, "pending_member_ids", group.me) {
        "pending"
    } else {
        "not_requested"
    };
    invite["conversation_id"] = str_of(&group.chat, "id").into();
    invite["member_count"] = ids(&group.chat, "member_ids").len().into();
    invite["join_state"] = join_state.into();
    ctx.document_response(INVITE, "token", ctx.text("token"), Some(invite))
}

fn request_chat_join(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let mut group = invited_group(ctx)?;
    let me = group.me;
    if contains(&group.chat, "member_ids", me) {
        return Err(ApiError::forbidden("You are a member of this group already."));
    }
    add_ids(&mut group.chat, "pending_member_ids", &[me]);
    // A user who is not a member has no events in the group.
    ctx.world.put_document(CHAT.name, &group.id, 0, &group.chat)?;
    data_response(200, json!({"requested": true}))
}

fn reject_chat_join_requests(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let mut own = OwnChat::find_group(ctx)?;
    own.require_admin()?;
    let users: Vec<u64> = ctx.call.list("user_ids").filter_map(|id| id.parse().ok()).collect();
    let had_request = users.iter().any(|user| contains(&own.chat, "pending_member_ids", *user));
    remove_ids(&mut own.chat, "pending_member_ids", &users);
    own.save(ctx)?;
    data_response(200, json!({"rejected": had_request}))
}
