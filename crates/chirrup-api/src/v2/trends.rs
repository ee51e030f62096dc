//! Trends: at a place, and personalized.

use chirrup_model::{PersonalizedTrend, PersonalizedTrendField, Trend, TrendField};

crate::endpoints! {
    /// # Trends
    ///
    /// Read trends by place or for the authenticated user.
    TRENDS in v2::trends;

    /// Returns the trends at a place, given by its WOEID ("where on Earth" ID).
    trends -> Trends = GET "/2/trends/by/woeid/{woeid}" => Vec<Trend>;
    auth App, OAuth2[];
    price "Trends";
    alias "get_place_trends", "trends_place";
    example(1).max_trends(10);
    path {
        /// WOEID of the place; 1 is the whole world.
        woeid: u32,
    }
    query {
        /// Number of trends to return.
        max_trends: u32, in 1..=50, default 20;
        /// Fields of trends to return.
        trend_fields = "trend.fields": Vec<TrendField>;
    }

    /// Returns the trends that X selects for the authenticated user.
    personalized_trends -> PersonalizedTrends = GET "/2/users/personalized_trends" => Vec<PersonalizedTrend>;
    auth User, OAuth2["tweet.read", "users.read"];
    price "Trends";
    example();
    query {
        /// Fields of trends to return.
        personalized_trend_fields = "personalized_trend.fields": Vec<PersonalizedTrendField>;
    }
}
