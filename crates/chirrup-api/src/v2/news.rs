//! News stories: lookup and search.

use chirrup_model::{News, NewsField, NewsId};

crate::endpoints! {
    /// # News
    ///
    /// Look up and search news stories.
    NEWS in v2::news;

    /// Returns a news story by ID.
    get_news -> GetNews = GET "/2/news/{id}" => News;
    auth App, User, OAuth2["tweet.read", "users.read"];
    example(1989700000000000001).news_fields(["keywords"]);
    path {
        /// ID of the story.
        id: NewsId,
    }
    query {
        /// Fields of stories to return, in addition to `id`.
        news_fields = "news.fields": Vec<NewsField>;
    }

    /// Returns the news stories that match a query.
    search_news -> SearchNews = GET "/2/news/search" => Vec<News>;
    auth App, User, OAuth2["tweet.read", "users.read"];
    example("storks").max_results(10).max_age_hours(24);
    required query {
        /// Text to search for.
        query: String, in 1..=2048;
    }
    query {
        /// Number of stories to return.
        max_results: u32, in 1..=100, default 10;
        /// Maximum age of the stories in hours.
        max_age_hours: u32, in 1..=720, default 168;
        /// Fields of stories to return, in addition to `id`.
        news_fields = "news.fields": Vec<NewsField>;
    }
}
