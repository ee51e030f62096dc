//! Lists: lookup, changes, members, followers and pins.

use chirrup_api::v2::lists::{
    AddListMember, CreateList, DeleteList, FollowList, FollowedLists, GetList, ListFollowers, ListMembers,
    ListMemberships, ListPosts, OwnedLists, PinList, PinnedLists, RemoveListMember, UnfollowList, UnpinList,
    UpdateList,
};
use chirrup_model::{ListId, UserId};
use serde_json::{Value as Json, json};

use super::context::{HandlerEntry, HandlerResult, RequestContext};
use crate::response::api_error::{ApiError, resource_not_found};
use crate::world::{IdList, Relation};

pub(super) const HANDLERS: &[HandlerEntry] = &[
    (GetList::ENDPOINT, get_list),
    (CreateList::ENDPOINT, create_list),
    (UpdateList::ENDPOINT, update_list),
    (DeleteList::ENDPOINT, delete_list),
    (ListPosts::ENDPOINT, list_posts),
    (ListMembers::ENDPOINT, list_members),
    (AddListMember::ENDPOINT, add_list_member),
    (RemoveListMember::ENDPOINT, remove_list_member),
    (ListFollowers::ENDPOINT, list_followers),
    (OwnedLists::ENDPOINT, owned_lists),
    (ListMemberships::ENDPOINT, list_memberships),
    (FollowedLists::ENDPOINT, followed_lists),
    (FollowList::ENDPOINT, follow_list),
    (UnfollowList::ENDPOINT, unfollow_list),
    (PinnedLists::ENDPOINT, pinned_lists),
    (PinList::ENDPOINT, pin_list),
    (UnpinList::ENDPOINT, unpin_list),
];

impl RequestContext<'_> {
    /// Returns whether the list exists and the authenticated user may read it.
    pub(super) fn may_read_list(&self, id: u64) -> Result<bool, ApiError> {
        Ok(match self.world.list_owner(id)? {
            Some((owner, private)) => !private || self.identity.user == Some(owner),
            None => false,
        })
    }
}

/// Responds with the partial error of an unknown list.
fn list_not_found(ctx: &RequestContext<'_>, id: u64) -> HandlerResult {
    let mut response = ctx.response();
    response.errors.push(resource_not_found("list", "id", &id.to_string()));
    Ok((200, response.body(None, None).into()))
}

/// The list in the parameter `id`, which must belong to the authenticated user.
fn own_list(ctx: &RequestContext<'_>) -> Result<u64, ApiError> {
    let me = ctx.me()?;
    let id = ctx.param::<ListId>("id").get();
    match ctx.world.list_owner(id)? {
        Some((owner, _)) if owner == me => Ok(id),
        _ => Err(ApiError::forbidden("You are not allowed to change this List.")),
    }
}

fn get_list(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let id = ctx.param::<ListId>("id").get();
    if !ctx.may_read_list(id)? {
        return list_not_found(ctx, id);
    }
    let mut response = ctx.response();
    let data = response.lists(&[id])?.pop();
    Ok((200, response.body(data, None).into()))
}

fn create_list(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let name = ctx.text("name");
    let description = ctx.text("description");
    let private = ctx.is_set("private");
    let id = ctx.world.create_list(me, name, description, private, ctx.now)?;
    ctx.headers.push(("location", format!("https://api.twitter.com/2/lists/{id}")));
    Ok((201, json!({"data": {"id": id.to_string(), "name": name}}).into()))
}

fn update_list(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let id = own_list(ctx)?;
    let private = ctx.call.get("private").and_then(Json::as_bool);
    ctx.world.update_list(id, ctx.call.text("name"), ctx.call.text("description"), private)?;
    Ok((200, json!({"data": {"updated": true}}).into()))
}

fn delete_list(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let id = own_list(ctx)?;
    ctx.world.delete_list(id)?;
    Ok((200, json!({"data": {"deleted": true}}).into()))
}

fn list_posts(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let id = ctx.param::<ListId>("id").get();
    if !ctx.may_read_list(id)? {
        return list_not_found(ctx, id);
    }
    let members = ctx.world.list_ids(IdList::Members, id, i64::MAX, 5_000)?;
    super::timelines::merged_timeline(ctx, false, members.into_iter().map(|(user, _)| user).collect())
}

fn users_of_list(ctx: &RequestContext<'_>, list: IdList) -> HandlerResult {
    let id = ctx.param::<ListId>("id").get();
    if ctx.may_read_list(id)? { ctx.users_page(list, id) } else { list_not_found(ctx, id) }
}

fn list_members(ctx: &mut RequestContext<'_>) -> HandlerResult {
    users_of_list(ctx, IdList::Members)
}

fn list_followers(ctx: &mut RequestContext<'_>) -> HandlerResult {
    users_of_list(ctx, IdList::ListFollowers)
}

fn add_list_member(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, user) = (own_list(ctx)?, ctx.param::<UserId>("user_id").get());
    ctx.require_user("user_id", user)?;
    ctx.world.add_relation(Relation::Member, id, user)?;
    Ok((200, json!({"data": {"is_member": true}}).into()))
}

fn remove_list_member(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let id = own_list(ctx)?;
    ctx.world.remove_relation(Relation::Member, id, ctx.param::<UserId>("user_id").get())?;
    Ok((200, json!({"data": {"is_member": false}}).into()))
}

fn owned_lists(ctx: &mut RequestContext<'_>) -> HandlerResult {
    ctx.lists_page(IdList::OwnedLists, ctx.param::<ListId>("id").get())
}

fn list_memberships(ctx: &mut RequestContext<'_>) -> HandlerResult {
    ctx.lists_page(IdList::Memberships, ctx.param::<ListId>("id").get())
}

fn followed_lists(ctx: &mut RequestContext<'_>) -> HandlerResult {
    ctx.lists_page(IdList::FollowedLists, ctx.param::<ListId>("id").get())
}

fn pinned_lists(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me_in("id")?;
    ctx.lists_page(IdList::PinnedLists, me)
}

/// The list in the parameter `list_id`, which the authenticated user must be able to read.
fn target_list(ctx: &RequestContext<'_>) -> Result<u64, ApiError> {
    let id = ctx.param::<ListId>("list_id").get();
    if ctx.may_read_list(id)? {
        return Ok(id);
    }
    Err(ApiError::no_such_resource("list", "list_id", id))
}

fn follow_list(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me_in("id")?;
    ctx.world.add_relation(Relation::ListFollower, target_list(ctx)?, me)?;
    Ok((200, json!({"data": {"following": true}}).into()))
}

fn unfollow_list(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me_in("id")?;
    ctx.world.remove_relation(Relation::ListFollower, ctx.param::<ListId>("list_id").get(), me)?;
    Ok((200, json!({"data": {"following": false}}).into()))
}

fn pin_list(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me_in("id")?;
    ctx.world.add_relation(Relation::Pin, me, target_list(ctx)?)?;
    Ok((200, json!({"data": {"pinned": true}}).into()))
}

fn unpin_list(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me_in("id")?;
    ctx.world.remove_relation(Relation::Pin, me, ctx.param::<ListId>("list_id").get())?;
    Ok((200, json!({"data": {"pinned": false}}).into()))
}
