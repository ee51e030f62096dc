//! Communities.

use super::documents::{DocumentKind, contains_any_word};
use super::{HandlerResult, RequestContext};

const COMMUNITY: DocumentKind = DocumentKind {
    name: "community",
    resource: "community",
    fields: Some("community.fields"),
    defaults: &["id", "name"],
};

pub(super) fn get_community(ctx: &mut RequestContext<'_>) -> HandlerResult {
    ctx.get_document(COMMUNITY, "id")
}

pub(super) fn search_communities(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let query = ctx.text("query");
    ctx.documents_page(COMMUNITY, 0, 10, |json| {
        contains_any_word(&format!("{} {}", json["name"], json["description"]), query)
    })
}
