//! Communities.

use super::context::{HandlerEntry, HandlerResult, RequestContext};
use super::documents::{DocumentKind, contains_any_word};
use chirrup_api::v2::communities::{GetCommunity, SearchCommunities};

pub(super) const HANDLERS: &[HandlerEntry] =
    &[(GetCommunity::ENDPOINT, get_community), (SearchCommunities::ENDPOINT, search_communities)];

const COMMUNITY: DocumentKind = DocumentKind {
    name: "community",
    resource: "community",
    fields: Some("community.fields"),
    defaults: &["id", "name"],
};

fn get_community(ctx: &mut RequestContext<'_>) -> HandlerResult {
    ctx.get_document(COMMUNITY, "id")
}

fn search_communities(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let query = ctx.text("query");
    ctx.documents_page(COMMUNITY, 0, 10, |json| {
        contains_any_word(&format!("{} {}", json["name"], json["description"]), query)
    })
}
