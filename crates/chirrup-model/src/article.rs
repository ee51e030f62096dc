//! Articles, which are long posts with formatting.

use crate::id::{ArticleId, PostId};
use crate::into_param::id_of;
use crate::wire_struct;

wire_struct! {
    /// Response to the creation of a draft article.
    DraftedArticle {
        /// ID of the article.
        id: ArticleId,
        /// Title of the article.
        title: String,
    }

    /// Response to the publication of an article.
    PublishedArticle {
        /// ID of the post with the article.
        post_id: PostId,
    }
}

id_of! { DraftedArticle: ArticleId }
