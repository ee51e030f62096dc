//! Spaces.

use chirrup_api::v2::spaces::{GetSpace, GetSpaces, SearchSpaces, SpaceBuyers, SpacePosts, SpacesOf};
use serde_json::Value as Json;

use super::context::{HandlerEntry, HandlerResult, RequestContext};
use super::documents::{DocumentKind, contains_any_word};
use crate::response::api_error::ApiError;
use crate::response::json::str_of;

pub(super) const HANDLERS: &[HandlerEntry] = &[
    (GetSpace::ENDPOINT, get_space),
    (GetSpaces::ENDPOINT, get_spaces),
    (SpacesOf::ENDPOINT, spaces_of),
    (SearchSpaces::ENDPOINT, search_spaces),
    (SpaceBuyers::ENDPOINT, space_buyers),
    (SpacePosts::ENDPOINT, space_posts),
];

const SPACE: DocumentKind =
    DocumentKind { name: "space", resource: "space", fields: Some("space.fields"), defaults: &["id", "state"] };

fn get_space(ctx: &mut RequestContext<'_>) -> HandlerResult {
    ctx.get_document(SPACE, "id")
}

fn get_spaces(ctx: &mut RequestContext<'_>) -> HandlerResult {
    ctx.get_documents(SPACE, "ids")
}

/// Responds with a page of the live and scheduled Spaces that pass a filter.
fn current_spaces(ctx: &RequestContext<'_>, filter: impl Fn(&Json) -> bool) -> HandlerResult {
    ctx.documents_page(SPACE, 0, 100, |space| space["state"] != "ended" && filter(space))
}

fn spaces_of(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let users: Vec<&str> = ctx.call.list("user_ids").collect();
    current_spaces(ctx, |space| space["creator_id"].as_str().is_some_and(|creator| users.contains(&creator)))
}

fn search_spaces(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let query = ctx.text("query");
    let state = ctx.call.text("state").unwrap_or("all");
    current_spaces(ctx, |space| {
        contains_any_word(str_of(space, "title"), query) && (state == "all" || space["state"] == state)
    })
}

fn space_buyers(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let space = ctx.find_document(SPACE, "id", ctx.text("id"))?;
    let me = ctx.me()?.to_string();
    if space["creator_id"] != me.as_str() {
        return Err(ApiError::forbidden("Only the creator of a Space may see the buyers of its tickets."));
    }
    let buyers = space["buyer_ids"].as_array().into_iter().flatten();
    let buyers: Vec<u64> = buyers.filter_map(|id| id.as_str()?.parse().ok()).collect();
    ctx.few_users_page(&buyers)
}

fn space_posts(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let space = ctx.find_document(SPACE, "id", ctx.text("id"))?;
    let hosts = space["host_ids"].as_array().into_iter().flatten();
    let hosts = hosts.filter_map(|id| id.as_str()?.parse().ok()).collect();
    super::timelines::merged_timeline(ctx, false, hosts)
}
