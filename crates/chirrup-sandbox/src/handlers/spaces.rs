//! Spaces.

use serde_json::Value as Json;

use super::things::{Kind, mentions};
use super::{Done, Room};
use crate::refusal::Refusal;

/// How Spaces are shown.
const SPACE: Kind = Kind { name: "space", resource: "space", fields: Some("space.fields"), defaults: &["id", "state"] };

pub(super) fn one(room: &mut Room<'_>) -> Done {
    room.one_thing(SPACE, "id")
}

pub(super) fn many(room: &mut Room<'_>) -> Done {
    room.several_things(SPACE, "ids")
}

/// A page of the Spaces that are on or to come and fit.
fn current(room: &Room<'_>, fits: impl Fn(&Json) -> bool) -> Done {
    room.things_page(SPACE, 0, 100, |space| space["state"] != "ended" && fits(space))
}

pub(super) fn of_users(room: &mut Room<'_>) -> Done {
    let users: Vec<&str> = room.call.list("user_ids").collect();
    current(room, |space| space["creator_id"].as_str().is_some_and(|creator| users.contains(&creator)))
}

pub(super) fn search(room: &mut Room<'_>) -> Done {
    let query = room.call.text("query").unwrap_or_default();
    let state = room.call.text("state").unwrap_or("all");
    current(room, |space| {
        mentions(space["title"].as_str().unwrap_or_default(), query) && (state == "all" || space["state"] == state)
    })
}

pub(super) fn buyers(room: &mut Room<'_>) -> Done {
    let space = room.find(SPACE, "id", room.call.text("id").unwrap_or_default())?;
    let me = room.me()?.to_string();
    if space["creator_id"] != me.as_str() {
        return Err(Refusal::forbidden("Only who made a Space may see who bought its tickets."));
    }
    // The sandbox sells no tickets.
    room.no_users()
}

pub(super) fn posts(room: &mut Room<'_>) -> Done {
    let space = room.find(SPACE, "id", room.call.text("id").unwrap_or_default())?;
    let hosts = space["host_ids"].as_array().into_iter().flatten();
    let hosts = hosts.filter_map(|id| id.as_str()?.parse().ok()).collect();
    super::timelines::merged(room, hosts)
}
