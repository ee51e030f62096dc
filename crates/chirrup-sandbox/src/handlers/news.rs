//! News stories.

use super::documents::{DocumentKind, contains_any_word};
use super::{HandlerResult, RequestContext};

const NEWS: DocumentKind =
    DocumentKind { name: "news", resource: "news", fields: Some("news.fields"), defaults: &["id", "name"] };

pub(super) fn get_news(ctx: &mut RequestContext<'_>) -> HandlerResult {
    ctx.get_document(NEWS, "id")
}

pub(super) fn search_news(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let query = ctx.text("query");
    ctx.documents_page(NEWS, 0, 10, |json| contains_any_word(&format!("{} {}", json["name"], json["summary"]), query))
}
