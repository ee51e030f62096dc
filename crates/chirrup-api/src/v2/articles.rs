//! Articles: drafts and publication.

use chirrup_model::{ArticleId, DraftedArticle, PublishedArticle};
use serde_json::Value as Json;

crate::endpoints! {
    /// # Articles
    ///
    /// Draft and publish articles.
    ARTICLES in v2::articles;

    /// Creates the draft of an article.
    draft_article -> DraftArticle = POST "/2/articles/draft" => DraftedArticle;
    auth User, OAuth2[];
    price "Content: Manage";
    example(serde_json::json!({"blocks": [{"text": "Once", "type": "unstyled"}], "entities": []}), "On storks");
    required body {
        /// Draft.js content state: `{"blocks": […], "entities": […]}`.
        content = "content_state": Json;
        /// Title of the article.
        title: String;
    }
    body {
        /// Cover image of the article: `{"media_id": "…", "media_category": "…"}`.
        cover_media: Json;
    }

    /// Publishes the draft of an article.
    publish_article -> PublishArticle = POST "/2/articles/{article_id}/publish" => PublishedArticle;
    auth User, OAuth2["tweet.write"];
    price "Post: Create";
    example(1585823814058971140);
    path {
        /// ID of the article.
        article = "article_id": ArticleId,
    }
}
