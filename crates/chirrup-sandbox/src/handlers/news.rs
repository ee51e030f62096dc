//! News stories.

use super::context::{HandlerEntry, HandlerResult, RequestContext};
use super::documents::{DocumentKind, contains_any_word};
use chirrup_api::v2::news::{GetNews, SearchNews};

pub(super) const HANDLERS: &[HandlerEntry] = &[(GetNews::ENDPOINT, get_news), (SearchNews::ENDPOINT, search_news)];

const NEWS: DocumentKind =
    DocumentKind { name: "news", resource: "news", fields: Some("news.fields"), defaults: &["id", "name"] };

fn get_news(ctx: &mut RequestContext<'_>) -> HandlerResult {
    ctx.get_document(NEWS, "id")
}

fn search_news(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let query = ctx.text("query");
    ctx.documents_page(NEWS, 0, 10, |json| contains_any_word(&format!("{} {}", json["name"], json["summary"]), query))
}
