//! News stories.

use serde_json::Value as Json;

use crate::id::{NewsId, PostId};
use crate::into_param::id_of;
use crate::{wire_enum, wire_struct};

wire_enum! {
    /// Field of a news story, for `news_fields`.
    NewsField {
        Category = "category",
        ClusterPostsResults = "cluster_posts_results",
        Contexts = "contexts",
        Disclaimer = "disclaimer",
        Hook = "hook",
        Id = "id",
        Keywords = "keywords",
        Name = "name",
        Summary = "summary",
        UpdatedAt = "updated_at",
    }
}

wire_struct! {
    /// A news story, which X writes from posts.
    ///
    /// `id` is always present. Every other field is present only if it was requested with `news_fields` and has a value.
    News {
        /// ID of the story.
        id: NewsId,
        ;
        /// Headline of the story.
        name: String,
        /// Summary of the story.
        summary: String,
        /// Teaser of the story.
        hook: String,
        /// Category of the story.
        category: String,
        /// Disclaimer about the automatic creation of the story.
        disclaimer: String,
        /// Time of the last update, as X sends it.
        updated_at: String,
        /// Posts about the story.
        cluster_posts_results: Vec<NewsPost>,
        /// Topics, people and places of the story.
        contexts: Json,
        /// Keywords of the story.
        keywords: Json,
    }

    /// A post about a news story.
    NewsPost {
        /// ID of the post.
        post_id: PostId,
    }
}

id_of! { News: NewsId }
