//! Folders of bookmarks.

use serde_json::{Value as Json, json};

use super::documents::{Kind, said};
use super::{HandlerResult, RequestContext};
use crate::api_error::ApiError;

const FOLDER: Kind = Kind::whole("folder");

pub(super) fn folders(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.caller("id")?;
    ctx.things_page(FOLDER, me, 100, |_| true)
}

pub(super) fn make(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.caller("id")?;
    let id = ctx.new_id();
    let folder = json!({"id": id, "name": ctx.call.text("name")});
    ctx.world.put(FOLDER.name, &id, me, &folder)?;
    said(201, folder)
}

/// The sandbox has no way to put a bookmark into a folder, as v2 has none: a new folder stays empty.
pub(super) fn inside(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.caller("id")?;
    let id = ctx.call.text("folder_id").unwrap_or_default();
    let mine = |json: &Json| json["id"] == id;
    if !ctx.world.things(FOLDER.name, me, i64::MAX, 1_000)?.iter().any(|thing| mine(&thing.json)) {
        return Err(ApiError::no_such_resource("bookmark folder", "folder_id", id));
    }
    ctx.things_page(Kind::whole("folder_post"), id.parse().unwrap_or_default(), 100, |_| true)
}
