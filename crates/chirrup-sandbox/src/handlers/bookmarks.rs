//! Folders of bookmarks.

use serde_json::{Value as Json, json};

use super::things::{Kind, said};
use super::{Done, Room};
use crate::refusal::Refusal;

const FOLDER: Kind = Kind::whole("folder");

pub(super) fn folders(room: &mut Room<'_>) -> Done {
    let me = room.caller("id")?;
    room.things_page(FOLDER, me, 100, |_| true)
}

pub(super) fn make(room: &mut Room<'_>) -> Done {
    let me = room.caller("id")?;
    let id = room.new_id();
    let folder = json!({"id": id, "name": room.call.text("name")});
    room.world.put(FOLDER.name, &id, me, &folder)?;
    said(201, folder)
}

/// The sandbox has no way to put a bookmark into a folder, as v2 has none: a new folder stays empty.
pub(super) fn inside(room: &mut Room<'_>) -> Done {
    let me = room.caller("id")?;
    let id = room.call.text("folder_id").unwrap_or_default();
    let mine = |json: &Json| json["id"] == id;
    if !room.world.things(FOLDER.name, me, i64::MAX, 1_000)?.iter().any(|thing| mine(&thing.json)) {
        return Err(Refusal::no_such_thing("bookmark folder", "folder_id", id));
    }
    room.things_page(Kind::whole("folder_post"), id.parse().unwrap_or_default(), 100, |_| true)
}
