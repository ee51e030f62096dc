//! Lists.

use chirrup_api::v1::lists::{
    ChangeList, CreateMember, CreateMembers, CreateSubscriber, DestroyList, DestroyMember, DestroyMembers,
    DestroySubscriber, IsMember, IsSubscriber, ListStatuses, Lists, Members, Memberships, NewList, Ownerships,
    ShowList, Subscribers, Subscriptions,
};
use serde_json::Value as Json;

use super::super::context::{HandlerEntry, HandlerResult, RequestContext};
use super::context::page;
use crate::response::api_error::ApiError;
use crate::response::v1_errors::{error, page_not_found};
use crate::world::{IdList, Relation};

pub(super) const HANDLERS: &[HandlerEntry] = &[
    (Lists::ENDPOINT, lists),
    (ShowList::ENDPOINT, list),
    (ListStatuses::ENDPOINT, list_statuses),
    (Memberships::ENDPOINT, memberships),
    (Ownerships::ENDPOINT, ownerships),
    (Subscriptions::ENDPOINT, subscriptions),
    (Members::ENDPOINT, members),
    (IsMember::ENDPOINT, member),
    (Subscribers::ENDPOINT, subscribers),
    (IsSubscriber::ENDPOINT, subscriber),
    (NewList::ENDPOINT, new_list),
    (ChangeList::ENDPOINT, change_list),
    (DestroyList::ENDPOINT, destroy_list),
    (CreateMember::ENDPOINT, add_members),
    (CreateMembers::ENDPOINT, add_members),
    (DestroyMember::ENDPOINT, remove_members),
    (DestroyMembers::ENDPOINT, remove_members),
    (CreateSubscriber::ENDPOINT, create_subscriber),
    (DestroySubscriber::ENDPOINT, destroy_subscriber),
];

/// The list that the request names by its ID, or by owner and slug.
fn list_param(ctx: &RequestContext<'_>) -> Result<u64, ApiError> {
    let id = match ctx.call.text("list_id") {
        Some(id) => id.parse().map_err(|_| page_not_found())?,
        None => {
            let wanted = ctx
                .call
                .text("slug")
                .ok_or_else(|| error(400, 112, "You must specify either a list ID or a slug and owner."))?;
            let owner = match ctx.user_param("owner_id", "owner_screen_name")? {
                Some(owner) => owner,
                None => ctx.me()?,
            };
            ctx.world.list_with_slug(owner, wanted)?.ok_or_else(page_not_found)?
        }
    };
    if ctx.may_read_list(id)? { Ok(id) } else { Err(page_not_found()) }
}

/// The list that the request names, which must belong to the authenticated user.
fn own_list(ctx: &RequestContext<'_>) -> Result<u64, ApiError> {
    let id = list_param(ctx)?;
    match ctx.world.list_owner(id)? {
        Some((owner, _)) if owner == ctx.me()? => Ok(id),
        _ => Err(error(403, 220, "Your credentials do not allow access to this resource.")),
    }
}

fn lists_json(ctx: &RequestContext<'_>, ids: &[u64]) -> Result<Vec<Json>, ApiError> {
    ids.iter().map(|id| ctx.objects().list(*id)).collect()
}

fn lists(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let user = ctx.user_or_me()?;
    let of = |list| ctx.world.list_ids(list, user, i64::MAX, 100);
    let (mut lists, followed) = (of(IdList::OwnedLists)?, of(IdList::FollowedLists)?);
    if ctx.flag("reverse") == Some(true) {
        lists.extend(followed);
    } else {
        lists = followed.into_iter().chain(lists).collect();
    }
    let mut visible = Vec::new();
    for (id, _) in lists.into_iter().take(100) {
        if ctx.may_read_list(id)? && !visible.contains(&id) {
            visible.push(id);
        }
    }
    Ok((200, lists_json(ctx, &visible)?.into()))
}

fn list(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let id = list_param(ctx)?;
    Ok((200, ctx.objects().list(id)?.into()))
}

fn list_statuses(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let id = list_param(ctx)?;
    let members = ctx.world.list_ids(IdList::Members, id, i64::MAX, 5_000)?;
    let authors: Vec<u64> = members.into_iter().map(|(user, _)| user).collect();
    let no_retweets = ctx.flag("include_rts") == Some(false);
    let rows = ctx.authors_page(&authors, 20, |row| !(no_retweets && row.repost_of.is_some()))?;
    Ok((200, ctx.statuses_json(&rows)?.into()))
}

fn lists_of(ctx: &RequestContext<'_>, list: IdList) -> HandlerResult {
    let user = ctx.user_or_me()?;
    let (ids, mut cursors) = ctx.cursor_page(list, user, 20)?;
    // X has it for users and IDs alone.
    cursors.as_object_mut().map(|cursors| cursors.remove("total_count"));
    let mut visible = Vec::new();
    for id in ids {
        if ctx.may_read_list(id)? {
            visible.push(id);
        }
    }
    page("lists", lists_json(ctx, &visible)?, cursors)
}

fn memberships(ctx: &mut RequestContext<'_>) -> HandlerResult {
    lists_of(ctx, IdList::Memberships)
}

fn ownerships(ctx: &mut RequestContext<'_>) -> HandlerResult {
    lists_of(ctx, IdList::OwnedLists)
}

fn subscriptions(ctx: &mut RequestContext<'_>) -> HandlerResult {
    lists_of(ctx, IdList::FollowedLists)
}

fn users_of_list(ctx: &RequestContext<'_>, list: IdList) -> HandlerResult {
    let id = list_param(ctx)?;
    let (ids, cursors) = ctx.cursor_page(list, id, 20)?;
    page("users", ctx.users_json(&ids)?, cursors)
}

fn members(ctx: &mut RequestContext<'_>) -> HandlerResult {
    users_of_list(ctx, IdList::Members)
}

fn subscribers(ctx: &mut RequestContext<'_>) -> HandlerResult {
    users_of_list(ctx, IdList::ListFollowers)
}

/// Responds with the user if the user is on the list, or follows it.
fn user_on_list(ctx: &RequestContext<'_>, kind: Relation) -> HandlerResult {
    let (id, user) = (list_param(ctx)?, ctx.required_user()?);
    if !ctx.world.has_relation(kind, id, user)? {
        return Err(error(404, 109, "The specified user is not in this list."));
    }
    Ok((200, ctx.objects().user(user)?.into()))
}

fn member(ctx: &mut RequestContext<'_>) -> HandlerResult {
    user_on_list(ctx, Relation::Member)
}

fn subscriber(ctx: &mut RequestContext<'_>) -> HandlerResult {
    user_on_list(ctx, Relation::ListFollower)
}

fn new_list(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let text = |name: &str| ctx.call.text(name).unwrap_or_default().to_owned();
    let (name, description, private) = (text("name"), text("description"), text("mode") == "private");
    let id = ctx.world.create_list(me, &name, &description, private, ctx.now)?;
    Ok((200, ctx.objects().list(id)?.into()))
}

fn change_list(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let id = own_list(ctx)?;
    let private = ctx.call.text("mode").map(|mode| mode == "private");
    ctx.world.update_list(id, ctx.call.text("name"), ctx.call.text("description"), private)?;
    Ok((200, ctx.objects().list(id)?.into()))
}

fn destroy_list(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let id = own_list(ctx)?;
    let list = ctx.objects().list(id)?;
    ctx.world.delete_list(id)?;
    Ok((200, list.into()))
}

/// Adds users to a list, or removes them.
fn change_members(ctx: &RequestContext<'_>, add: bool) -> HandlerResult {
    let id = own_list(ctx)?;
    let users = ctx.users_param()?;
    if users.is_empty() {
        return Err(error(403, 108, "Cannot find specified user."));
    }
    for user in users {
        if add {
            ctx.world.add_relation(Relation::Member, id, user)?;
        } else {
            ctx.world.remove_relation(Relation::Member, id, user)?;
        }
    }
    Ok((200, ctx.objects().list(id)?.into()))
}

fn add_members(ctx: &mut RequestContext<'_>) -> HandlerResult {
    change_members(ctx, true)
}

fn remove_members(ctx: &mut RequestContext<'_>) -> HandlerResult {
    change_members(ctx, false)
}

fn create_subscriber(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (me, id) = (ctx.me()?, list_param(ctx)?);
    ctx.world.add_relation(Relation::ListFollower, id, me)?;
    Ok((200, ctx.objects().list(id)?.into()))
}

fn destroy_subscriber(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (me, id) = (ctx.me()?, list_param(ctx)?);
    ctx.world.remove_relation(Relation::ListFollower, id, me)?;
    Ok((200, ctx.objects().list(id)?.into()))
}
