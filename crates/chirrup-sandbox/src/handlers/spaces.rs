//! Spaces.

use serde_json::Value as Json;

use super::documents::{Kind, mentions};
use super::{HandlerResult, RequestContext};
use crate::api_error::ApiError;

/// How Spaces are shown.
const SPACE: Kind = Kind { name: "space", resource: "space", fields: Some("space.fields"), defaults: &["id", "state"] };

pub(super) fn one(ctx: &mut RequestContext<'_>) -> HandlerResult {
    ctx.one_thing(SPACE, "id")
}

pub(super) fn many(ctx: &mut RequestContext<'_>) -> HandlerResult {
    ctx.several_things(SPACE, "ids")
}

/// A page of the Spaces that are on or to come and fit.
fn current(ctx: &RequestContext<'_>, fits: impl Fn(&Json) -> bool) -> HandlerResult {
    ctx.things_page(SPACE, 0, 100, |space| space["state"] != "ended" && fits(space))
}

pub(super) fn of_users(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let users: Vec<&str> = ctx.call.list("user_ids").collect();
    current(ctx, |space| space["creator_id"].as_str().is_some_and(|creator| users.contains(&creator)))
}

pub(super) fn search(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let query = ctx.call.text("query").unwrap_or_default();
    let state = ctx.call.text("state").unwrap_or("all");
    current(ctx, |space| {
        mentions(space["title"].as_str().unwrap_or_default(), query) && (state == "all" || space["state"] == state)
    })
}

pub(super) fn buyers(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let space = ctx.find(SPACE, "id", ctx.call.text("id").unwrap_or_default())?;
    let me = ctx.me()?.to_string();
    if space["creator_id"] != me.as_str() {
        return Err(ApiError::forbidden("Only who made a Space may see who bought its tickets."));
    }
    // The sandbox sells no tickets.
    ctx.no_users()
}

pub(super) fn posts(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let space = ctx.find(SPACE, "id", ctx.call.text("id").unwrap_or_default())?;
    let hosts = space["host_ids"].as_array().into_iter().flatten();
    let hosts = hosts.filter_map(|id| id.as_str()?.parse().ok()).collect();
    super::timelines::merged(ctx, hosts)
}
