//! Lists: look-up, making, members, followers, pins.

use serde_json::{Value as Json, json};

use super::{Done, Room};
use crate::refusal::{Refusal, not_found};
use crate::world::{Listing, Relation};

impl Room<'_> {
    /// Whether the caller may see a list.
    pub(super) fn may_see_list(&self, id: u64) -> Result<bool, Refusal> {
        Ok(match self.world.list_owner(id)? {
            Some((owner, private)) => !private || self.identity.user == Some(owner),
            None => false,
        })
    }
}

/// The answer where there is no such list.
fn nothing(room: &Room<'_>, id: u64) -> Done {
    let mut scene = room.scene();
    scene.errors.push(not_found("list", "id", &id.to_string()));
    Ok((200, scene.body(None, None)))
}

/// Refuses unless the list is the caller's.
fn own(room: &Room<'_>, id: u64) -> Result<u64, Refusal> {
    let me = room.me()?;
    match room.world.list_owner(id)? {
        Some((owner, _)) if owner == me => Ok(me),
        _ => Err(Refusal::forbidden("You are not allowed to change this List.")),
    }
}

pub(super) fn one(room: &mut Room<'_>) -> Done {
    let id = room.id("id");
    if !room.may_see_list(id)? {
        return nothing(room, id);
    }
    let mut scene = room.scene();
    let data = scene.lists(&[id])?.pop();
    Ok((200, scene.body(data, None)))
}

pub(super) fn create(room: &mut Room<'_>) -> Done {
    let me = room.me()?;
    let name = room.call.text("name").unwrap_or_default();
    let about = room.call.text("description").unwrap_or_default();
    let private = room.call.get("private").and_then(Json::as_bool).unwrap_or_default();
    let id = room.world.create_list(me, name, about, private, room.now)?;
    Ok((201, json!({"data": {"id": id.to_string(), "name": name}})))
}

pub(super) fn update(room: &mut Room<'_>) -> Done {
    let id = room.id("id");
    own(room, id)?;
    let private = room.call.get("private").and_then(Json::as_bool);
    room.world.update_list(id, room.call.text("name"), room.call.text("description"), private)?;
    Ok((200, json!({"data": {"updated": true}})))
}

pub(super) fn delete(room: &mut Room<'_>) -> Done {
    let id = room.id("id");
    own(room, id)?;
    room.world.delete_list(id)?;
    Ok((200, json!({"data": {"deleted": true}})))
}

pub(super) fn posts(room: &mut Room<'_>) -> Done {
    let id = room.id("id");
    if !room.may_see_list(id)? {
        return nothing(room, id);
    }
    let members = room.world.list(Listing::Members, id, i64::MAX, 5_000)?;
    super::timelines::merged(room, members.into_iter().map(|(user, _)| user).collect())
}

fn users(room: &Room<'_>, listing: Listing) -> Done {
    let id = room.id("id");
    if room.may_see_list(id)? { room.users_page(listing, id) } else { nothing(room, id) }
}

pub(super) fn members(room: &mut Room<'_>) -> Done {
    users(room, Listing::Members)
}

pub(super) fn followers(room: &mut Room<'_>) -> Done {
    users(room, Listing::ListFollowers)
}

pub(super) fn add_member(room: &mut Room<'_>) -> Done {
    let (id, user) = (room.id("id"), room.id("user_id"));
    own(room, id)?;
    if room.world.username(user)?.is_none() {
        return Err(Refusal::no_such("user", "user_id", user));
    }
    room.world.relate(Relation::Member, id, user)?;
    Ok((200, json!({"data": {"is_member": true}})))
}

pub(super) fn remove_member(room: &mut Room<'_>) -> Done {
    let id = room.id("id");
    own(room, id)?;
    room.world.unrelate(Relation::Member, id, room.id("user_id"))?;
    Ok((200, json!({"data": {"is_member": false}})))
}

pub(super) fn owned(room: &mut Room<'_>) -> Done {
    room.lists_page(Listing::OwnedLists, room.id("id"))
}

pub(super) fn memberships(room: &mut Room<'_>) -> Done {
    room.lists_page(Listing::Memberships, room.id("id"))
}

pub(super) fn followed(room: &mut Room<'_>) -> Done {
    room.lists_page(Listing::FollowedLists, room.id("id"))
}

pub(super) fn pinned(room: &mut Room<'_>) -> Done {
    let me = room.caller("id")?;
    room.lists_page(Listing::PinnedLists, me)
}

/// The list in the body or the path, which the caller must be able to see.
fn target(room: &Room<'_>) -> Result<u64, Refusal> {
    let id = room.id("list_id");
    if room.may_see_list(id)? {
        return Ok(id);
    }
    Err(Refusal::no_such("list", "list_id", id))
}

pub(super) fn follow(room: &mut Room<'_>) -> Done {
    let me = room.caller("id")?;
    room.world.relate(Relation::ListFollower, target(room)?, me)?;
    Ok((200, json!({"data": {"following": true}})))
}

pub(super) fn unfollow(room: &mut Room<'_>) -> Done {
    let me = room.caller("id")?;
    room.world.unrelate(Relation::ListFollower, room.id("list_id"), me)?;
    Ok((200, json!({"data": {"following": false}})))
}

pub(super) fn pin(room: &mut Room<'_>) -> Done {
    let me = room.caller("id")?;
    room.world.relate(Relation::Pin, me, target(room)?)?;
    Ok((200, json!({"data": {"pinned": true}})))
}

pub(super) fn unpin(room: &mut Room<'_>) -> Done {
    let me = room.caller("id")?;
    room.world.unrelate(Relation::Pin, me, room.id("list_id"))?;
    Ok((200, json!({"data": {"pinned": false}})))
}
