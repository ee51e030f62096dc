//! Saved searches.

use chirrup_api::v1::saved_searches::{CreateSavedSearch, DestroySavedSearch, SavedSearches, ShowSavedSearch};
use serde_json::{Value as Json, json};

use super::super::context::{HandlerEntry, HandlerResult, RequestContext};
use crate::response::api_error::ApiError;
use crate::response::v1_errors::{error, page_not_found};

pub(super) const HANDLERS: &[HandlerEntry] = &[
    (SavedSearches::ENDPOINT, saved_searches),
    (ShowSavedSearch::ENDPOINT, saved_search),
    (CreateSavedSearch::ENDPOINT, create_saved_search),
    (DestroySavedSearch::ENDPOINT, destroy_saved_search),
];

const SEARCH: &str = "saved_search";
/// Maximum number of saved searches per user (see "POST saved_searches/create").
const MAX_SEARCHES: usize = 25;

fn saved_searches(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let all = ctx.world.documents_of(SEARCH, me, i64::MAX, MAX_SEARCHES)?;
    Ok((200, all.into_iter().map(|search| search.json).collect::<Vec<_>>().into()))
}

/// ID and document of the search in the path, which must belong to the authenticated user.
fn own_search(ctx: &RequestContext<'_>) -> Result<(String, Json), ApiError> {
    let id = ctx.text("id").to_owned();
    let found = ctx.world.own_document(SEARCH, &id, ctx.me()?)?;
    Ok((id, found.ok_or_else(page_not_found)?))
}

fn saved_search(ctx: &mut RequestContext<'_>) -> HandlerResult {
    Ok((200, own_search(ctx)?.1.into()))
}

fn create_saved_search(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    if ctx.world.documents_of(SEARCH, me, i64::MAX, MAX_SEARCHES)?.len() >= MAX_SEARCHES {
        return Err(error(403, 172, "You have reached the maximum number of saved searches."));
    }
    let (query, id) = (ctx.text("query").to_owned(), ctx.world.next_id(ctx.now));
    let search = json!({
        "id": id, "id_str": id.to_string(), "name": query, "query": query, "position": null,
        "created_at": ctx.now.to_v1(),
    });
    ctx.world.put_document(SEARCH, &id.to_string(), me, &search)?;
    Ok((200, search.into()))
}

fn destroy_saved_search(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, search) = own_search(ctx)?;
    ctx.world.remove_document(SEARCH, &id)?;
    Ok((200, search.into()))
}
