//! Lists of users.

use serde_json::Value as Json;

use super::super::{HandlerResult, RequestContext};
use super::show::slug;
use super::{no, page};
use crate::api_error::ApiError;
use crate::world::{Listing, Relation};

fn no_list() -> ApiError {
    no(404, 34, "Sorry, that page does not exist.")
}

/// The list that a call names, by its id, or by owner and name.
fn named(ctx: &RequestContext<'_>) -> Result<u64, ApiError> {
    let id = match ctx.call.text("list_id") {
        Some(id) => id.parse().unwrap_or_default(),
        None => {
            let wanted = ctx
                .call
                .text("slug")
                .ok_or_else(|| no(400, 112, "You must specify either a list ID or a slug and owner."))?;
            let owner = match ctx.named("owner_id", "owner_screen_name")? {
                Some(owner) => owner,
                None => ctx.me()?,
            };
            let mut found = None;
            for (id, _) in ctx.world.list(Listing::OwnedLists, owner, i64::MAX, 1_000)? {
                let name = ctx.world.list_json(id)?.unwrap_or_default();
                if slug(name["name"].as_str().unwrap_or_default()) == wanted {
                    found = Some(id);
                }
            }
            found.ok_or_else(no_list)?
        }
    };
    if ctx.may_see_list(id)? { Ok(id) } else { Err(no_list()) }
}

/// The caller's own list.
fn own(ctx: &RequestContext<'_>) -> Result<u64, ApiError> {
    let id = named(ctx)?;
    match ctx.world.list_owner(id)? {
        Some((owner, _)) if owner == ctx.me()? => Ok(id),
        _ => Err(no(403, 220, "Your credentials do not allow access to this resource.")),
    }
}

fn shown(ctx: &RequestContext<'_>, ids: &[u64]) -> Result<Vec<Json>, ApiError> {
    ids.iter().map(|id| ctx.list_json(*id)).collect()
}

pub(super) fn all(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let user = ctx.who()?;
    let of = |list| ctx.world.list(list, user, i64::MAX, 100);
    let (mut own, followed) = (of(Listing::OwnedLists)?, of(Listing::FollowedLists)?);
    if ctx.flag("reverse") == Some(true) {
        own.extend(followed);
    } else {
        own = followed.into_iter().chain(own).collect();
    }
    let mut visible = Vec::new();
    for (id, _) in own.into_iter().take(100) {
        if ctx.may_see_list(id)? && !visible.contains(&id) {
            visible.push(id);
        }
    }
    Ok((200, shown(ctx, &visible)?.into()))
}

pub(super) fn one(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let id = named(ctx)?;
    Ok((200, ctx.list_json(id)?))
}

pub(super) fn statuses(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let id = named(ctx)?;
    let members = ctx.world.list(Listing::Members, id, i64::MAX, 5_000)?;
    let authors: Vec<u64> = members.into_iter().map(|(user, _)| user).collect();
    let no_retweets = ctx.flag("include_rts") == Some(false);
    let rows = ctx.page_of(&authors, 20, |row| !(no_retweets && row.repost_of.is_some()))?;
    Ok((200, ctx.statuses(&rows)?))
}

fn lists_of(ctx: &RequestContext<'_>, list: Listing) -> HandlerResult {
    let user = ctx.who()?;
    let (ids, cursors) = ctx.cursored(list, user, 20)?;
    let mut visible = Vec::new();
    for id in ids {
        if ctx.may_see_list(id)? {
            visible.push(id);
        }
    }
    page("lists", shown(ctx, &visible)?, cursors)
}

pub(super) fn memberships(ctx: &mut RequestContext<'_>) -> HandlerResult {
    lists_of(ctx, Listing::Memberships)
}

pub(super) fn ownerships(ctx: &mut RequestContext<'_>) -> HandlerResult {
    lists_of(ctx, Listing::OwnedLists)
}

pub(super) fn subscriptions(ctx: &mut RequestContext<'_>) -> HandlerResult {
    lists_of(ctx, Listing::FollowedLists)
}

fn users_of(ctx: &RequestContext<'_>, list: Listing) -> HandlerResult {
    let id = named(ctx)?;
    let (ids, cursors) = ctx.cursored(list, id, 20)?;
    page("users", ctx.users(&ids)?, cursors)
}

pub(super) fn members(ctx: &mut RequestContext<'_>) -> HandlerResult {
    users_of(ctx, Listing::Members)
}

pub(super) fn subscribers(ctx: &mut RequestContext<'_>) -> HandlerResult {
    users_of(ctx, Listing::ListFollowers)
}

fn is_one(ctx: &RequestContext<'_>, kind: Relation) -> HandlerResult {
    let (id, user) = (named(ctx)?, ctx.whom()?);
    if !ctx.world.related(kind, id, user)? {
        return Err(no(404, 109, "The specified user is not in this list."));
    }
    Ok((200, ctx.user(user)?))
}

pub(super) fn member(ctx: &mut RequestContext<'_>) -> HandlerResult {
    is_one(ctx, Relation::Member)
}

pub(super) fn subscriber(ctx: &mut RequestContext<'_>) -> HandlerResult {
    is_one(ctx, Relation::ListFollower)
}

pub(super) fn create(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let text = |name: &str| ctx.call.text(name).unwrap_or_default().to_owned();
    let (name, about, private) = (text("name"), text("description"), text("mode") == "private");
    let id = ctx.world.create_list(me, &name, &about, private, ctx.now)?;
    Ok((200, ctx.list_json(id)?))
}

pub(super) fn update(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let id = own(ctx)?;
    let private = ctx.call.text("mode").map(|mode| mode == "private");
    ctx.world.update_list(id, ctx.call.text("name"), ctx.call.text("description"), private)?;
    Ok((200, ctx.list_json(id)?))
}

pub(super) fn destroy(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let id = own(ctx)?;
    let shown = ctx.list_json(id)?;
    ctx.world.delete_list(id)?;
    Ok((200, shown))
}

fn change(ctx: &RequestContext<'_>, on: bool) -> HandlerResult {
    let id = own(ctx)?;
    let users = ctx.several()?;
    if users.is_empty() {
        return Err(no(403, 108, "Cannot find specified user."));
    }
    for user in users {
        if on {
            ctx.world.relate(Relation::Member, id, user)?;
        } else {
            ctx.world.unrelate(Relation::Member, id, user)?;
        }
    }
    Ok((200, ctx.list_json(id)?))
}

pub(super) fn add(ctx: &mut RequestContext<'_>) -> HandlerResult {
    change(ctx, true)
}

pub(super) fn remove(ctx: &mut RequestContext<'_>) -> HandlerResult {
    change(ctx, false)
}

pub(super) fn subscribe(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (me, id) = (ctx.me()?, named(ctx)?);
    ctx.world.relate(Relation::ListFollower, id, me)?;
    Ok((200, ctx.list_json(id)?))
}

pub(super) fn unsubscribe(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (me, id) = (ctx.me()?, named(ctx)?);
    ctx.world.unrelate(Relation::ListFollower, id, me)?;
    Ok((200, ctx.list_json(id)?))
}
