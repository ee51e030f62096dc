//! Lists of users.

use serde_json::Value as Json;

use super::super::{Done, Room};
use super::show::slug;
use super::{no, page};
use crate::refusal::Refusal;
use crate::world::{Listing, Relation};

fn no_list() -> Refusal {
    no(404, 34, "Sorry, that page does not exist.")
}

/// The list that a call names, by its id, or by owner and name.
fn named(room: &Room<'_>) -> Result<u64, Refusal> {
    let id = match room.call.text("list_id") {
        Some(id) => id.parse().unwrap_or_default(),
        None => {
            let wanted = room
                .call
                .text("slug")
                .ok_or_else(|| no(400, 112, "You must specify either a list ID or a slug and owner."))?;
            let owner = match room.named("owner_id", "owner_screen_name")? {
                Some(owner) => owner,
                None => room.me()?,
            };
            let mut found = None;
            for (id, _) in room.world.list(Listing::OwnedLists, owner, i64::MAX, 1_000)? {
                let name = room.world.list_json(id)?.unwrap_or_default();
                if slug(name["name"].as_str().unwrap_or_default()) == wanted {
                    found = Some(id);
                }
            }
            found.ok_or_else(no_list)?
        }
    };
    if room.may_see_list(id)? { Ok(id) } else { Err(no_list()) }
}

/// The caller's own list.
fn own(room: &Room<'_>) -> Result<u64, Refusal> {
    let id = named(room)?;
    match room.world.list_owner(id)? {
        Some((owner, _)) if owner == room.me()? => Ok(id),
        _ => Err(no(403, 220, "Your credentials do not allow access to this resource.")),
    }
}

fn shown(room: &Room<'_>, ids: &[u64]) -> Result<Vec<Json>, Refusal> {
    ids.iter().map(|id| room.list_json(*id)).collect()
}

pub(super) fn all(room: &mut Room<'_>) -> Done {
    let user = room.who()?;
    let of = |list| room.world.list(list, user, i64::MAX, 100);
    let (mut own, followed) = (of(Listing::OwnedLists)?, of(Listing::FollowedLists)?);
    if room.flag("reverse") == Some(true) {
        own.extend(followed);
    } else {
        own = followed.into_iter().chain(own).collect();
    }
    let mut visible = Vec::new();
    for (id, _) in own.into_iter().take(100) {
        if room.may_see_list(id)? && !visible.contains(&id) {
            visible.push(id);
        }
    }
    Ok((200, shown(room, &visible)?.into()))
}

pub(super) fn one(room: &mut Room<'_>) -> Done {
    let id = named(room)?;
    Ok((200, room.list_json(id)?))
}

pub(super) fn statuses(room: &mut Room<'_>) -> Done {
    let id = named(room)?;
    let members = room.world.list(Listing::Members, id, i64::MAX, 5_000)?;
    let authors: Vec<u64> = members.into_iter().map(|(user, _)| user).collect();
    let no_retweets = room.flag("include_rts") == Some(false);
    let rows = room.page_of(&authors, 20, |row| !(no_retweets && row.repost_of.is_some()))?;
    Ok((200, room.statuses(&rows)?))
}

fn lists_of(room: &Room<'_>, list: Listing) -> Done {
    let user = room.who()?;
    let (ids, cursors) = room.cursored(list, user, 20)?;
    let mut visible = Vec::new();
    for id in ids {
        if room.may_see_list(id)? {
            visible.push(id);
        }
    }
    page("lists", shown(room, &visible)?, cursors)
}

pub(super) fn memberships(room: &mut Room<'_>) -> Done {
    lists_of(room, Listing::Memberships)
}

pub(super) fn ownerships(room: &mut Room<'_>) -> Done {
    lists_of(room, Listing::OwnedLists)
}

pub(super) fn subscriptions(room: &mut Room<'_>) -> Done {
    lists_of(room, Listing::FollowedLists)
}

fn users_of(room: &Room<'_>, list: Listing) -> Done {
    let id = named(room)?;
    let (ids, cursors) = room.cursored(list, id, 20)?;
    page("users", room.users(&ids)?, cursors)
}

pub(super) fn members(room: &mut Room<'_>) -> Done {
    users_of(room, Listing::Members)
}

pub(super) fn subscribers(room: &mut Room<'_>) -> Done {
    users_of(room, Listing::ListFollowers)
}

fn is_one(room: &Room<'_>, kind: Relation) -> Done {
    let (id, user) = (named(room)?, room.whom()?);
    if !room.world.related(kind, id, user)? {
        return Err(no(404, 109, "The specified user is not in this list."));
    }
    Ok((200, room.user(user)?))
}

pub(super) fn member(room: &mut Room<'_>) -> Done {
    is_one(room, Relation::Member)
}

pub(super) fn subscriber(room: &mut Room<'_>) -> Done {
    is_one(room, Relation::ListFollower)
}

pub(super) fn create(room: &mut Room<'_>) -> Done {
    let me = room.me()?;
    let text = |name: &str| room.call.text(name).unwrap_or_default().to_owned();
    let (name, about, private) = (text("name"), text("description"), text("mode") == "private");
    let id = room.world.create_list(me, &name, &about, private, room.now)?;
    Ok((200, room.list_json(id)?))
}

pub(super) fn update(room: &mut Room<'_>) -> Done {
    let id = own(room)?;
    let private = room.call.text("mode").map(|mode| mode == "private");
    room.world.update_list(id, room.call.text("name"), room.call.text("description"), private)?;
    Ok((200, room.list_json(id)?))
}

pub(super) fn destroy(room: &mut Room<'_>) -> Done {
    let id = own(room)?;
    let shown = room.list_json(id)?;
    room.world.delete_list(id)?;
    Ok((200, shown))
}

fn change(room: &Room<'_>, on: bool) -> Done {
    let id = own(room)?;
    let users = room.several()?;
    if users.is_empty() {
        return Err(no(403, 108, "Cannot find specified user."));
    }
    for user in users {
        if on {
            room.world.relate(Relation::Member, id, user)?;
        } else {
            room.world.unrelate(Relation::Member, id, user)?;
        }
    }
    Ok((200, room.list_json(id)?))
}

pub(super) fn add(room: &mut Room<'_>) -> Done {
    change(room, true)
}

pub(super) fn remove(room: &mut Room<'_>) -> Done {
    change(room, false)
}

pub(super) fn subscribe(room: &mut Room<'_>) -> Done {
    let (me, id) = (room.me()?, named(room)?);
    room.world.relate(Relation::ListFollower, id, me)?;
    Ok((200, room.list_json(id)?))
}

pub(super) fn unsubscribe(room: &mut Room<'_>) -> Done {
    let (me, id) = (room.me()?, named(room)?);
    room.world.unrelate(Relation::ListFollower, id, me)?;
    Ok((200, room.list_json(id)?))
}
