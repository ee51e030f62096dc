//! What goes on around the posts: communities, news, trends, and the usage of the app.

use chirrup_model::{
    Community, CommunityField, CommunityId, News, NewsField, NewsId, PersonalizedTrend, PersonalizedTrendField, Trend,
    TrendField, Usage, UsageField,
};
use serde_json::Value as Json;

crate::endpoints! {
    AROUND on Client;

    /// Finds one community by its id.
    get_community -> GetCommunity = GET "/2/communities/{id}" => Community;
    auth App, User, OAuth2["list.read", "tweet.read", "users.read"];
    path { id: CommunityId }
    query {
        /// Fields of communities, beside id.
        community_fields = "community.fields": Vec<CommunityField>;
    }

    /// Finds communities by words.
    search_communities -> SearchCommunities = GET "/2/communities/search" => Vec<Community>;
    auth User, OAuth2["tweet.read", "users.read"];
    needs { query: String, in 1..=4096; }
    query {
        /// How many a page holds: 10 to 100.
        max_results: u32, in 10..=100;
        /// Fields of communities, beside id.
        community_fields = "community.fields": Vec<CommunityField>;
    }
    with NEXT;

    /// Finds one story by its id.
    get_news -> GetNews = GET "/2/news/{id}" => News;
    auth App, User, OAuth2["tweet.read", "users.read"];
    path { id: NewsId }
    query {
        /// Fields of stories, beside id.
        news_fields = "news.fields": Vec<NewsField>;
    }

    /// Finds stories by words.
    search_news -> SearchNews = GET "/2/news/search" => Vec<News>;
    auth App, User, OAuth2["tweet.read", "users.read"];
    needs { query: String, in 1..=2048; }
    query {
        /// How many to show: 1 to 100, 10 if not given.
        max_results: u32, in 1..=100;
        /// No story older than this many hours: 1 to 720, 168 if not given.
        max_age_hours: u32, in 1..=720;
        /// Fields of stories, beside id.
        news_fields = "news.fields": Vec<NewsField>;
    }

    /// Lists what is talked about at a place, named by its WOEID: 1 is the world.
    trends -> Trends = GET "/2/trends/by/woeid/{woeid}" => Vec<Trend>;
    auth App, OAuth2[];
    alias "get_place_trends", "trends_place";
    path { place = "woeid": u32 }
    query {
        /// How many trends: 1 to 50, 20 if not given.
        max_trends: u32, in 1..=50;
        /// Fields of trends.
        trend_fields = "trend.fields": Vec<TrendField>;
    }

    /// Lists what is talked about around you.
    personalized_trends -> PersonalizedTrends = GET "/2/users/personalized_trends" => Vec<PersonalizedTrend>;
    auth User, OAuth2["tweet.read", "users.read"];
    query {
        /// Fields of trends.
        personalized_trend_fields = "personalized_trend.fields": Vec<PersonalizedTrendField>;
    }

    /// Fetches the specification of the API, as X publishes it.
    openapi -> OpenApi = GET "/2/openapi.json" => Json;
    auth none;

    /// Tells how many posts the project has read, by day.
    usage -> GetUsage = GET "/2/usage/tweets" => Usage;
    auth App;
    alias "get_usage";
    query {
        /// How many days: 1 to 90, 7 if not given.
        days: u32, in 1..=90;
        /// Fields of the usage.
        usage_fields = "usage.fields": Vec<UsageField>;
    }
}
