//! Users, and how they stand to each other.

use serde_json::{Value as Json, json};

use super::super::{HandlerResult, RequestContext};
use super::{no, no_user, page};
use crate::api_error::ApiError;
use crate::world::{Listing, Relation};

pub(super) fn one(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let user = ctx.whom()?;
    Ok((200, ctx.user(user)?))
}

pub(super) fn many(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let users = ctx.several()?;
    if users.is_empty() {
        return Err(no(404, 17, "No user matches for specified terms."));
    }
    Ok((200, ctx.users(&users)?.into()))
}

pub(super) fn search(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let words = ctx.call.text("q").unwrap_or_default().to_owned();
    let size = ctx.count(20);
    let number = ctx.call.number("page").and_then(|n| usize::try_from(n).ok()).unwrap_or(1).max(1);
    let found = ctx.world.users_with(&words, 0, size * number)?;
    let users: Vec<u64> = found.into_iter().skip(size * (number - 1)).collect();
    Ok((200, ctx.users(&users)?.into()))
}

/// Users are suggested by what they write about.
fn suggested(ctx: &RequestContext<'_>, slug: &str, count: usize) -> Result<Vec<u64>, ApiError> {
    let Ok(query) = chirrup_query::parse(&format!("#{slug}")) else {
        return Err(no(404, 34, "Sorry, that page does not exist."));
    };
    let found = ctx.world.search(&query, 0, i64::MAX as u64, 100)?;
    let mut users: Vec<u64> = Vec::new();
    for row in found.posts {
        if !users.contains(&row.author) && users.len() < count {
            users.push(row.author);
        }
    }
    if users.is_empty() { Err(no(404, 34, "Sorry, that page does not exist.")) } else { Ok(users) }
}

pub(super) fn suggestions(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let tags = ctx.world.top_tags(5)?;
    let list = tags.into_iter().map(|(tag, count)| json!({"name": tag, "slug": tag, "size": count.min(20)}));
    Ok((200, list.collect::<Vec<_>>().into()))
}

pub(super) fn suggestions_of(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let slug = ctx.call.text("slug").unwrap_or_default().to_owned();
    let users = suggested(ctx, &slug, 20)?;
    let users = ctx.users(&users)?;
    Ok((200, json!({"name": slug, "slug": slug, "size": users.len(), "users": users})))
}

pub(super) fn suggested_members(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let slug = ctx.call.text("slug").unwrap_or_default().to_owned();
    let users = suggested(ctx, &slug, 20)?;
    Ok((200, ctx.users(&users)?.into()))
}

/// Nobody writes for anybody in the sandbox.
pub(super) fn nobody(ctx: &mut RequestContext<'_>) -> HandlerResult {
    ctx.who()?;
    Ok((200, json!([])))
}

pub(super) fn banner(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let user = ctx.who()?;
    let profile = ctx.world.thing("profile", &user.to_string())?.unwrap_or_default();
    let Some(url) = profile["profile_banner_url"].as_str() else {
        return Err(no(404, 34, "Sorry, that page does not exist."));
    };
    let size = |name: &str, w: u32, h: u32| (name.to_owned(), json!({"w": w, "h": h, "url": format!("{url}/{name}")}));
    let sizes: serde_json::Map<String, Json> = [
        size("web", 520, 260),
        size("web_retina", 1040, 520),
        size("mobile", 320, 160),
        size("ipad", 626, 313),
        size("1500x500", 1500, 500),
    ]
    .into_iter()
    .collect();
    Ok((200, json!({"sizes": sizes})))
}

/// A page of users of a list.
fn listed(ctx: &RequestContext<'_>, list: Listing, of: u64) -> HandlerResult {
    let (ids, cursors) = ctx.cursored(list, of, 20)?;
    page("users", ctx.users(&ids)?, cursors)
}

/// Ids as the call wants them: as numbers or as texts.
fn shown_ids(ctx: &RequestContext<'_>, ids: impl IntoIterator<Item = u64>) -> Vec<Json> {
    let texts = ctx.flag("stringify_ids") == Some(true);
    ids.into_iter().map(|id| if texts { id.to_string().into() } else { id.into() }).collect()
}

/// A page of ids.
pub(super) fn ids(ctx: &RequestContext<'_>, ids: Vec<u64>, cursors: Json) -> HandlerResult {
    page("ids", shown_ids(ctx, ids), cursors)
}

fn listed_ids(ctx: &RequestContext<'_>, list: Listing, of: u64) -> HandlerResult {
    let (found, cursors) = ctx.cursored(list, of, 5_000)?;
    ids(ctx, found, cursors)
}

pub(super) fn followers(ctx: &mut RequestContext<'_>) -> HandlerResult {
    listed(ctx, Listing::Followers, ctx.who()?)
}

pub(super) fn follower_ids(ctx: &mut RequestContext<'_>) -> HandlerResult {
    listed_ids(ctx, Listing::Followers, ctx.who()?)
}

pub(super) fn friends(ctx: &mut RequestContext<'_>) -> HandlerResult {
    listed(ctx, Listing::Following, ctx.who()?)
}

pub(super) fn friend_ids(ctx: &mut RequestContext<'_>) -> HandlerResult {
    listed_ids(ctx, Listing::Following, ctx.who()?)
}

pub(super) fn blocks(ctx: &mut RequestContext<'_>) -> HandlerResult {
    listed(ctx, Listing::Blocking, ctx.me()?)
}

pub(super) fn block_ids(ctx: &mut RequestContext<'_>) -> HandlerResult {
    listed_ids(ctx, Listing::Blocking, ctx.me()?)
}

pub(super) fn mutes(ctx: &mut RequestContext<'_>) -> HandlerResult {
    listed(ctx, Listing::Muting, ctx.me()?)
}

pub(super) fn mute_ids(ctx: &mut RequestContext<'_>) -> HandlerResult {
    listed_ids(ctx, Listing::Muting, ctx.me()?)
}

pub(super) fn incoming(ctx: &mut RequestContext<'_>) -> HandlerResult {
    listed_ids(ctx, Listing::AskedBy, ctx.me()?)
}

pub(super) fn outgoing(ctx: &mut RequestContext<'_>) -> HandlerResult {
    listed_ids(ctx, Listing::Asked, ctx.me()?)
}

pub(super) fn no_retweets(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let found = ctx.world.list(Listing::NoReposts, me, i64::MAX, 5_000)?;
    Ok((200, shown_ids(ctx, found.into_iter().map(|(id, _)| id)).into()))
}

/// Sets or ends a relation to another user, and shows them.
fn relate(ctx: &mut RequestContext<'_>, kind: Relation, on: bool) -> HandlerResult {
    let (me, other) = (ctx.me()?, ctx.whom()?);
    if on {
        ctx.world.relate(kind, me, other)?;
    } else {
        ctx.world.unrelate(kind, me, other)?;
    }
    Ok((200, ctx.user(other)?))
}

pub(super) fn block(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (me, other) = (ctx.me()?, ctx.whom()?);
    ctx.world.unfollow(me, other)?;
    ctx.world.unfollow(other, me)?;
    relate(ctx, Relation::Blocking, true)
}

pub(super) fn unblock(ctx: &mut RequestContext<'_>) -> HandlerResult {
    relate(ctx, Relation::Blocking, false)
}

pub(super) fn mute(ctx: &mut RequestContext<'_>) -> HandlerResult {
    if ctx.me()? == ctx.whom()? {
        return Err(no(403, 271, "You can't mute yourself."));
    }
    relate(ctx, Relation::Muting, true)
}

pub(super) fn unmute(ctx: &mut RequestContext<'_>) -> HandlerResult {
    if !ctx.world.related(Relation::Muting, ctx.me()?, ctx.whom()?)? {
        return Err(no(403, 272, "You are not muting the specified user."));
    }
    relate(ctx, Relation::Muting, false)
}

pub(super) fn report(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (me, other) = (ctx.me()?, ctx.whom()?);
    ctx.world.relate(Relation::Reported, me, other)?;
    if ctx.flag("perform_block") != Some(false) {
        return block(ctx);
    }
    Ok((200, ctx.user(other)?))
}

pub(super) fn follow(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (me, other) = (ctx.me()?, ctx.whom()?);
    if me == other {
        return Err(no(403, 158, "You can't follow yourself."));
    }
    if ctx.world.is_protected(other)? && !ctx.world.follows(me, other)? {
        if ctx.world.related(Relation::Asked, me, other)? {
            return Err(no(403, 160, "You've already requested to follow this user."));
        }
        ctx.world.relate(Relation::Asked, me, other)?;
        return Ok((200, ctx.user(other)?));
    }
    ctx.world.follow(me, other)?;
    Ok((200, ctx.user(other)?))
}

pub(super) fn unfollow(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (me, other) = (ctx.me()?, ctx.whom()?);
    ctx.world.unfollow(me, other)?;
    ctx.world.unrelate(Relation::Asked, me, other)?;
    Ok((200, ctx.user(other)?))
}

fn end(ctx: &RequestContext<'_>, one: u64, other: u64) -> Result<Json, ApiError> {
    let name = ctx.world.username(one)?.unwrap_or_default();
    Ok(json!({
        "id": one, "id_str": one.to_string(), "screen_name": name,
        "following": ctx.world.follows(one, other)?, "followed_by": ctx.world.follows(other, one)?,
        "following_requested": ctx.world.related(Relation::Asked, one, other)?,
        "can_dm": ctx.world.follows(other, one)?, "blocking": ctx.world.related(Relation::Blocking, one, other)?,
        "blocked_by": ctx.world.related(Relation::Blocking, other, one)?,
        "muting": ctx.world.related(Relation::Muting, one, other)?,
        "want_retweets": !ctx.world.related(Relation::NoReposts, one, other)?,
        "notifications_enabled": ctx.world.related(Relation::Told, one, other)?,
        "marked_spam": ctx.world.related(Relation::Reported, one, other)?,
    }))
}

fn between(ctx: &RequestContext<'_>, source: u64, target: u64) -> HandlerResult {
    let (one, other) = (end(ctx, source, target)?, end(ctx, target, source)?);
    Ok((200, json!({"relationship": {"source": one, "target": other}})))
}

pub(super) fn friendship(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let source = match ctx.named("source_id", "source_screen_name")? {
        Some(user) => user,
        None => ctx.me().map_err(|_| no(403, 163, "Could not determine source user."))?,
    };
    let target = ctx.named("target_id", "target_screen_name")?.ok_or_else(no_user)?;
    between(ctx, source, target)
}

pub(super) fn update_friendship(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (me, other) = (ctx.me()?, ctx.whom()?);
    for (name, kind, unless) in [("device", Relation::Told, false), ("retweets", Relation::NoReposts, true)] {
        match ctx.flag(name) {
            Some(on) if on != unless => ctx.world.relate(kind, me, other)?,
            Some(_) => ctx.world.unrelate(kind, me, other)?,
            None => {}
        }
    }
    between(ctx, me, other)
}

pub(super) fn relations(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let mut all = Vec::new();
    for other in ctx.several()? {
        let cost_inputs = [
            ("following", ctx.world.follows(me, other)?),
            ("following_requested", ctx.world.related(Relation::Asked, me, other)?),
            ("followed_by", ctx.world.follows(other, me)?),
            ("blocking", ctx.world.related(Relation::Blocking, me, other)?),
            ("muting", ctx.world.related(Relation::Muting, me, other)?),
        ];
        let mut connections: Vec<&str> = cost_inputs.into_iter().filter(|(_, is)| *is).map(|(name, _)| name).collect();
        if connections.is_empty() {
            connections.push("none");
        }
        let user = ctx.world.user(other)?.unwrap_or_default();
        all.push(json!({
            "id": other, "id_str": other.to_string(), "name": user["name"], "screen_name": user["username"],
            "connections": connections,
        }));
    }
    Ok((200, all.into()))
}
