//! Articles: drafts and publication.

use chirrup_api::v2::articles::{DraftArticle, PublishArticle};
use serde_json::json;

use super::context::{HandlerEntry, HandlerResult, RequestContext};
use super::documents::{DocumentKind, data_response};
use crate::response::json::str_of;
use crate::world::NewPost;

pub(super) const HANDLERS: &[HandlerEntry] =
    &[(DraftArticle::ENDPOINT, draft_article), (PublishArticle::ENDPOINT, publish_article)];

const ARTICLE: DocumentKind = DocumentKind::whole("article");

fn draft_article(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let id = ctx.new_id();
    let mut article = ctx.params_object(&["title", "content_state", "cover_media"]);
    article["id"] = id.as_str().into();
    ctx.world.put_document(ARTICLE.name, &id, me, &article)?;
    data_response(201, json!({"id": id, "title": article["title"]}))
}

fn publish_article(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (me, id) = (ctx.me()?, ctx.text("article_id").to_owned());
    let article = ctx.find_own_document(ARTICLE, me, "article_id", &id)?;
    let text = str_of(&article, "title").to_owned();
    let new = NewPost { author: me, text, lang: "und".into(), source: "Chirrup".into(), ..NewPost::default() };
    let post = ctx.world.write_post(new, ctx.now)?;
    ctx.world.remove_document(ARTICLE.name, &id)?;
    data_response(200, json!({"post_id": post.id.to_string()}))
}
