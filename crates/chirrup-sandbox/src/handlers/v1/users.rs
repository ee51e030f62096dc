//! Users, and how they stand to each other.

use serde_json::{Value as Json, json};

use super::super::{Done, Room};
use super::{no, no_user, page};
use crate::refusal::Refusal;
use crate::world::{Listing, Relation};

pub(super) fn one(room: &mut Room<'_>) -> Done {
    let user = room.whom()?;
    Ok((200, room.user(user)?))
}

pub(super) fn many(room: &mut Room<'_>) -> Done {
    let users = room.several()?;
    if users.is_empty() {
        return Err(no(404, 17, "No user matches for specified terms."));
    }
    Ok((200, room.users(&users)?.into()))
}

pub(super) fn search(room: &mut Room<'_>) -> Done {
    let words = room.call.text("q").unwrap_or_default().to_owned();
    let size = room.count(20);
    let number = room.call.number("page").and_then(|n| usize::try_from(n).ok()).unwrap_or(1).max(1);
    let found = room.world.users_with(&words, 0, size * number)?;
    let users: Vec<u64> = found.into_iter().skip(size * (number - 1)).collect();
    Ok((200, room.users(&users)?.into()))
}

/// Users are suggested by what they write about.
fn suggested(room: &Room<'_>, slug: &str, count: usize) -> Result<Vec<u64>, Refusal> {
    let Ok(query) = chirrup_query::parse(&format!("#{slug}")) else {
        return Err(no(404, 34, "Sorry, that page does not exist."));
    };
    let found = room.world.search(&query, 0, i64::MAX as u64, 100)?;
    let mut users: Vec<u64> = Vec::new();
    for row in found.posts {
        if !users.contains(&row.author) && users.len() < count {
            users.push(row.author);
        }
    }
    if users.is_empty() { Err(no(404, 34, "Sorry, that page does not exist.")) } else { Ok(users) }
}

pub(super) fn suggestions(room: &mut Room<'_>) -> Done {
    let tags = room.world.top_tags(5)?;
    let list = tags.into_iter().map(|(tag, count)| json!({"name": tag, "slug": tag, "size": count.min(20)}));
    Ok((200, list.collect::<Vec<_>>().into()))
}

pub(super) fn suggestions_of(room: &mut Room<'_>) -> Done {
    let slug = room.call.text("slug").unwrap_or_default().to_owned();
    let users = suggested(room, &slug, 20)?;
    let users = room.users(&users)?;
    Ok((200, json!({"name": slug, "slug": slug, "size": users.len(), "users": users})))
}

pub(super) fn suggested_members(room: &mut Room<'_>) -> Done {
    let slug = room.call.text("slug").unwrap_or_default().to_owned();
    let users = suggested(room, &slug, 20)?;
    Ok((200, room.users(&users)?.into()))
}

/// Nobody writes for anybody in the sandbox.
pub(super) fn nobody(room: &mut Room<'_>) -> Done {
    room.who()?;
    Ok((200, json!([])))
}

pub(super) fn banner(room: &mut Room<'_>) -> Done {
    let user = room.who()?;
    let profile = room.world.thing("profile", &user.to_string())?.unwrap_or_default();
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
fn listed(room: &Room<'_>, list: Listing, of: u64) -> Done {
    let (ids, cursors) = room.cursored(list, of, 20)?;
    page("users", room.users(&ids)?, cursors)
}

/// Ids as the call wants them: as numbers or as texts.
fn shown_ids(room: &Room<'_>, ids: impl IntoIterator<Item = u64>) -> Vec<Json> {
    let texts = room.flag("stringify_ids") == Some(true);
    ids.into_iter().map(|id| if texts { id.to_string().into() } else { id.into() }).collect()
}

/// A page of ids.
pub(super) fn ids(room: &Room<'_>, ids: Vec<u64>, cursors: Json) -> Done {
    page("ids", shown_ids(room, ids), cursors)
}

fn listed_ids(room: &Room<'_>, list: Listing, of: u64) -> Done {
    let (found, cursors) = room.cursored(list, of, 5_000)?;
    ids(room, found, cursors)
}

pub(super) fn followers(room: &mut Room<'_>) -> Done {
    listed(room, Listing::Followers, room.who()?)
}

pub(super) fn follower_ids(room: &mut Room<'_>) -> Done {
    listed_ids(room, Listing::Followers, room.who()?)
}

pub(super) fn friends(room: &mut Room<'_>) -> Done {
    listed(room, Listing::Following, room.who()?)
}

pub(super) fn friend_ids(room: &mut Room<'_>) -> Done {
    listed_ids(room, Listing::Following, room.who()?)
}

pub(super) fn blocks(room: &mut Room<'_>) -> Done {
    listed(room, Listing::Blocking, room.me()?)
}

pub(super) fn block_ids(room: &mut Room<'_>) -> Done {
    listed_ids(room, Listing::Blocking, room.me()?)
}

pub(super) fn mutes(room: &mut Room<'_>) -> Done {
    listed(room, Listing::Muting, room.me()?)
}

pub(super) fn mute_ids(room: &mut Room<'_>) -> Done {
    listed_ids(room, Listing::Muting, room.me()?)
}

pub(super) fn incoming(room: &mut Room<'_>) -> Done {
    listed_ids(room, Listing::AskedBy, room.me()?)
}

pub(super) fn outgoing(room: &mut Room<'_>) -> Done {
    listed_ids(room, Listing::Asked, room.me()?)
}

pub(super) fn no_retweets(room: &mut Room<'_>) -> Done {
    let me = room.me()?;
    let found = room.world.list(Listing::NoReposts, me, i64::MAX, 5_000)?;
    Ok((200, shown_ids(room, found.into_iter().map(|(id, _)| id)).into()))
}

/// Sets or ends a relation to another user, and shows them.
fn relate(room: &mut Room<'_>, kind: Relation, on: bool) -> Done {
    let (me, other) = (room.me()?, room.whom()?);
    if on {
        room.world.relate(kind, me, other)?;
    } else {
        room.world.unrelate(kind, me, other)?;
    }
    Ok((200, room.user(other)?))
}

pub(super) fn block(room: &mut Room<'_>) -> Done {
    let (me, other) = (room.me()?, room.whom()?);
    room.world.unfollow(me, other)?;
    room.world.unfollow(other, me)?;
    relate(room, Relation::Blocking, true)
}

pub(super) fn unblock(room: &mut Room<'_>) -> Done {
    relate(room, Relation::Blocking, false)
}

pub(super) fn mute(room: &mut Room<'_>) -> Done {
    if room.me()? == room.whom()? {
        return Err(no(403, 271, "You can't mute yourself."));
    }
    relate(room, Relation::Muting, true)
}

pub(super) fn unmute(room: &mut Room<'_>) -> Done {
    if !room.world.related(Relation::Muting, room.me()?, room.whom()?)? {
        return Err(no(403, 272, "You are not muting the specified user."));
    }
    relate(room, Relation::Muting, false)
}

pub(super) fn report(room: &mut Room<'_>) -> Done {
    let (me, other) = (room.me()?, room.whom()?);
    room.world.relate(Relation::Reported, me, other)?;
    if room.flag("perform_block") != Some(false) {
        return block(room);
    }
    Ok((200, room.user(other)?))
}

pub(super) fn follow(room: &mut Room<'_>) -> Done {
    let (me, other) = (room.me()?, room.whom()?);
    if me == other {
        return Err(no(403, 158, "You can't follow yourself."));
    }
    if room.world.is_protected(other)? && !room.world.follows(me, other)? {
        if room.world.related(Relation::Asked, me, other)? {
            return Err(no(403, 160, "You've already requested to follow this user."));
        }
        room.world.relate(Relation::Asked, me, other)?;
        return Ok((200, room.user(other)?));
    }
    room.world.follow(me, other)?;
    Ok((200, room.user(other)?))
}

pub(super) fn unfollow(room: &mut Room<'_>) -> Done {
    let (me, other) = (room.me()?, room.whom()?);
    room.world.unfollow(me, other)?;
    room.world.unrelate(Relation::Asked, me, other)?;
    Ok((200, room.user(other)?))
}

fn end(room: &Room<'_>, one: u64, other: u64) -> Result<Json, Refusal> {
    let name = room.world.username(one)?.unwrap_or_default();
    Ok(json!({
        "id": one, "id_str": one.to_string(), "screen_name": name,
        "following": room.world.follows(one, other)?, "followed_by": room.world.follows(other, one)?,
        "following_requested": room.world.related(Relation::Asked, one, other)?,
        "can_dm": room.world.follows(other, one)?, "blocking": room.world.related(Relation::Blocking, one, other)?,
        "blocked_by": room.world.related(Relation::Blocking, other, one)?,
        "muting": room.world.related(Relation::Muting, one, other)?,
        "want_retweets": !room.world.related(Relation::NoReposts, one, other)?,
        "notifications_enabled": room.world.related(Relation::Told, one, other)?,
        "marked_spam": room.world.related(Relation::Reported, one, other)?,
    }))
}

fn between(room: &Room<'_>, source: u64, target: u64) -> Done {
    let (one, other) = (end(room, source, target)?, end(room, target, source)?);
    Ok((200, json!({"relationship": {"source": one, "target": other}})))
}

pub(super) fn friendship(room: &mut Room<'_>) -> Done {
    let source = match room.named("source_id", "source_screen_name")? {
        Some(user) => user,
        None => room.me().map_err(|_| no(403, 163, "Could not determine source user."))?,
    };
    let target = room.named("target_id", "target_screen_name")?.ok_or_else(no_user)?;
    between(room, source, target)
}

pub(super) fn update_friendship(room: &mut Room<'_>) -> Done {
    let (me, other) = (room.me()?, room.whom()?);
    for (name, kind, unless) in [("device", Relation::Told, false), ("retweets", Relation::NoReposts, true)] {
        match room.flag(name) {
            Some(on) if on != unless => room.world.relate(kind, me, other)?,
            Some(_) => room.world.unrelate(kind, me, other)?,
            None => {}
        }
    }
    between(room, me, other)
}

pub(super) fn relations(room: &mut Room<'_>) -> Done {
    let me = room.me()?;
    let mut all = Vec::new();
    for other in room.several()? {
        let cost_inputs = [
            ("following", room.world.follows(me, other)?),
            ("following_requested", room.world.related(Relation::Asked, me, other)?),
            ("followed_by", room.world.follows(other, me)?),
            ("blocking", room.world.related(Relation::Blocking, me, other)?),
            ("muting", room.world.related(Relation::Muting, me, other)?),
        ];
        let mut connections: Vec<&str> = cost_inputs.into_iter().filter(|(_, is)| *is).map(|(name, _)| name).collect();
        if connections.is_empty() {
            connections.push("none");
        }
        let user = room.world.user(other)?.unwrap_or_default();
        all.push(json!({
            "id": other, "id_str": other.to_string(), "name": user["name"], "screen_name": user["username"],
            "connections": connections,
        }));
    }
    Ok((200, all.into()))
}
