//! Trends: topics that many users post about.

use crate::{wire_enum, wire_struct};

wire_enum! {
    /// Field of a trend, for `trend_fields`.
    TrendField {
        TrendName = "trend_name",
        TweetCount = "tweet_count",
    }

    /// Field of a personalized trend, for `personalized_trend_fields`.
    PersonalizedTrendField {
        Category = "category",
        PostCount = "post_count",
        TrendName = "trend_name",
        TrendingSince = "trending_since",
    }
}

wire_struct! {
    /// A trend at a place.
    Trend {
        ;
        /// Name of the trend, such as a hashtag.
        trend_name: String,
        /// Number of posts about the trend.
        post_count = "tweet_count" or "post_count": u64,
    }

    /// A trend for the authenticated user.
    PersonalizedTrend {
        ;
        /// Name of the trend, such as a hashtag.
        trend_name: String,
        /// Category of the trend.
        category: String,
        /// Number of posts about the trend, in words.
        post_count: String,
        /// Age of the trend, in words.
        trending_since: String,
    }
}
