//! Lists: look-up, making, members, followers, pins.

use serde_json::{Value as Json, json};

use super::{HandlerResult, RequestContext};
use crate::api_error::{ApiError, resource_not_found};
use crate::world::{Listing, Relation};

impl RequestContext<'_> {
    /// Whether the caller may see a list.
    pub(super) fn may_see_list(&self, id: u64) -> Result<bool, ApiError> {
        Ok(match self.world.list_owner(id)? {
            Some((owner, private)) => !private || self.identity.user == Some(owner),
            None => false,
        })
    }
}

/// The answer where there is no such list.
fn nothing(ctx: &RequestContext<'_>, id: u64) -> HandlerResult {
    let mut scene = ctx.scene();
    scene.errors.push(resource_not_found("list", "id", &id.to_string()));
    Ok((200, scene.body(None, None)))
}

/// Refuses unless the list is the caller's.
fn own(ctx: &RequestContext<'_>, id: u64) -> Result<u64, ApiError> {
    let me = ctx.me()?;
    match ctx.world.list_owner(id)? {
        Some((owner, _)) if owner == me => Ok(me),
        _ => Err(ApiError::forbidden("You are not allowed to change this List.")),
    }
}

pub(super) fn one(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let id = ctx.id("id");
    if !ctx.may_see_list(id)? {
        return nothing(ctx, id);
    }
    let mut scene = ctx.scene();
    let data = scene.lists(&[id])?.pop();
    Ok((200, scene.body(data, None)))
}

pub(super) fn create(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let name = ctx.call.text("name").unwrap_or_default();
    let about = ctx.call.text("description").unwrap_or_default();
    let private = ctx.call.get("private").and_then(Json::as_bool).unwrap_or_default();
    let id = ctx.world.create_list(me, name, about, private, ctx.now)?;
    Ok((201, json!({"data": {"id": id.to_string(), "name": name}})))
}

pub(super) fn update(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let id = ctx.id("id");
    own(ctx, id)?;
    let private = ctx.call.get("private").and_then(Json::as_bool);
    ctx.world.update_list(id, ctx.call.text("name"), ctx.call.text("description"), private)?;
    Ok((200, json!({"data": {"updated": true}})))
}

pub(super) fn delete(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let id = ctx.id("id");
    own(ctx, id)?;
    ctx.world.delete_list(id)?;
    Ok((200, json!({"data": {"deleted": true}})))
}

pub(super) fn posts(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let id = ctx.id("id");
    if !ctx.may_see_list(id)? {
        return nothing(ctx, id);
    }
    let members = ctx.world.list(Listing::Members, id, i64::MAX, 5_000)?;
    super::timelines::merged(ctx, members.into_iter().map(|(user, _)| user).collect())
}

fn users(ctx: &RequestContext<'_>, listing: Listing) -> HandlerResult {
    let id = ctx.id("id");
    if ctx.may_see_list(id)? { ctx.users_page(listing, id) } else { nothing(ctx, id) }
}

pub(super) fn members(ctx: &mut RequestContext<'_>) -> HandlerResult {
    users(ctx, Listing::Members)
}

pub(super) fn followers(ctx: &mut RequestContext<'_>) -> HandlerResult {
    users(ctx, Listing::ListFollowers)
}

pub(super) fn add_member(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, user) = (ctx.id("id"), ctx.id("user_id"));
    own(ctx, id)?;
    if ctx.world.username(user)?.is_none() {
        return Err(ApiError::no_such_resource("user", "user_id", user));
    }
    ctx.world.relate(Relation::Member, id, user)?;
    Ok((200, json!({"data": {"is_member": true}})))
}

pub(super) fn remove_member(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let id = ctx.id("id");
    own(ctx, id)?;
    ctx.world.unrelate(Relation::Member, id, ctx.id("user_id"))?;
    Ok((200, json!({"data": {"is_member": false}})))
}

pub(super) fn owned(ctx: &mut RequestContext<'_>) -> HandlerResult {
    ctx.lists_page(Listing::OwnedLists, ctx.id("id"))
}

pub(super) fn memberships(ctx: &mut RequestContext<'_>) -> HandlerResult {
    ctx.lists_page(Listing::Memberships, ctx.id("id"))
}

pub(super) fn followed(ctx: &mut RequestContext<'_>) -> HandlerResult {
    ctx.lists_page(Listing::FollowedLists, ctx.id("id"))
}

pub(super) fn pinned(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.caller("id")?;
    ctx.lists_page(Listing::PinnedLists, me)
}

/// The list in the body or the path, which the caller must be able to see.
fn target(ctx: &RequestContext<'_>) -> Result<u64, ApiError> {
    let id = ctx.id("list_id");
    if ctx.may_see_list(id)? {
        return Ok(id);
    }
    Err(ApiError::no_such_resource("list", "list_id", id))
}

pub(super) fn follow(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.caller("id")?;
    ctx.world.relate(Relation::ListFollower, target(ctx)?, me)?;
    Ok((200, json!({"data": {"following": true}})))
}

pub(super) fn unfollow(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.caller("id")?;
    ctx.world.unrelate(Relation::ListFollower, ctx.id("list_id"), me)?;
    Ok((200, json!({"data": {"following": false}})))
}

pub(super) fn pin(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.caller("id")?;
    ctx.world.relate(Relation::Pin, me, target(ctx)?)?;
    Ok((200, json!({"data": {"pinned": true}})))
}

pub(super) fn unpin(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.caller("id")?;
    ctx.world.unrelate(Relation::Pin, me, ctx.id("list_id"))?;
    Ok((200, json!({"data": {"pinned": false}})))
}
