//! Analytics of posts and media.

use serde_json::Value as Json;

use crate::id::{MediaKey, PostId};
use crate::{wire_enum, wire_struct};

wire_enum! {
    /// Field of the analytics of a post, for `analytics_fields`.
    AnalyticsField {
        AppInstallAttempts = "app_install_attempts",
        AppOpens = "app_opens",
        Bookmarks = "bookmarks",
        DetailExpands = "detail_expands",
        EmailTweet = "email_tweet",
        Engagements = "engagements",
        Follows = "follows",
        HashtagClicks = "hashtag_clicks",
        Id = "id",
        Impressions = "impressions",
        Likes = "likes",
        MediaViews = "media_views",
        PermalinkClicks = "permalink_clicks",
        QuoteTweets = "quote_tweets",
        Replies = "replies",
        Retweets = "retweets",
        Shares = "shares",
        Timestamp = "timestamp",
        TimestampedMetrics = "timestamped_metrics",
        Unfollows = "unfollows",
        Unlikes = "unlikes",
        UrlClicks = "url_clicks",
        UserProfileClicks = "user_profile_clicks",
    }

    /// Length of the time spans of post analytics.
    AnalyticsGranularity {
        Hourly = "hourly",
        Weekly = "weekly",
        Daily = "daily",
        Total = "total",
    }

    /// Field of the analytics of a media file, for `media_analytics_fields`.
    MediaAnalyticsField {
        CtaUrlClicks = "cta_url_clicks",
        CtaWatchClicks = "cta_watch_clicks",
        MediaKey = "media_key",
        PlayFromTap = "play_from_tap",
        Playback25 = "playback25",
        Playback50 = "playback50",
        Playback75 = "playback75",
        PlaybackComplete = "playback_complete",
        PlaybackStart = "playback_start",
        Timestamp = "timestamp",
        TimestampedMetrics = "timestamped_metrics",
        VideoViews = "video_views",
        WatchTimeMs = "watch_time_ms",
    }

    /// Length of the time spans of media analytics.
    MediaAnalyticsGranularity {
        Hourly = "hourly",
        Daily = "daily",
        Total = "total",
    }

    /// Field of a response with insights, for `engagement_fields`.
    EngagementField {
        Errors = "errors",
        Measurement = "measurement",
    }

    /// Length of the time spans of insights.
    InsightGranularity {
        Daily = "Daily",
        Hourly = "Hourly",
        Weekly = "Weekly",
        Total = "Total",
    }

    /// Metric that insights measure.
    InsightMetric {
        AppInstallAttempts = "AppInstallAttempts",
        AppOpens = "AppOpens",
        DetailExpands = "DetailExpands",
        EmailTweet = "EmailTweet",
        Engagements = "Engagements",
        Follows = "Follows",
        HashtagClicks = "HashtagClicks",
        Impressions = "Impressions",
        Likes = "Likes",
        LinkClicks = "LinkClicks",
        MediaEngagements = "MediaEngagements",
        MediaViews = "MediaViews",
        PermalinkClicks = "PermalinkClicks",
        ProfileVisits = "ProfileVisits",
        QuoteTweets = "QuoteTweets",
        Replies = "Replies",
        Retweets = "Retweets",
        UniqueVideoViews = "UniqueVideoViews",
        UrlClicks = "UrlClicks",
        UserProfileClicks = "UserProfileClicks",
        VideoCompletions = "VideoCompletions",
        VideoPlayed25Percent = "VideoPlayed25Percent",
        VideoPlayed50Percent = "VideoPlayed50Percent",
        VideoPlayed75Percent = "VideoPlayed75Percent",
        VideoStarts = "VideoStarts",
        VideoViews = "VideoViews",
    }
}

/// Declares the analytics of a post and its counts per time span, whose fields are the same.
macro_rules! post_analytics {
    (
        $(#[$doc:meta])+ $name:ident { $($own:tt)* }
        $(#[$metrics_doc:meta])+ $metrics:ident { $($count:tt)* }
    ) => {
        wire_struct! {
            $(#[$doc])+ $name { ; $($own)* $($count)* }
            $(#[$metrics_doc])+ $metrics { ; $($count)* }
        }
    };
}

post_analytics! {
    /// Analytics of a post.
    Analytics {
        /// ID of the post.
        id: PostId,
        /// Time of the counts, as X sends it.
        timestamp: String,
        /// Counts per time span.
        timestamped_metrics: Vec<TimestampedMetrics>,
    }

    /// Counts of a post in one time span.
    AnalyticsMetrics {
        /// Number of attempts to install an app from the post.
        app_install_attempts: u64,
        /// Number of times that an app was opened from the post.
        app_opens: u64,
        /// Number of bookmarks of the post.
        bookmarks: u64,
        /// Number of times that the post was opened.
        detail_expands: u64,
        /// Number of times that the post was sent by email.
        email_tweet: u64,
        /// Number of interactions of any kind.
        engagements: u64,
        /// Number of follows from the post.
        follows: u64,
        /// Number of clicks on hashtags of the post.
        hashtag_clicks: u64,
        /// Number of times that the post was displayed.
        impressions: u64,
        /// Number of likes of the post.
        likes: u64,
        /// Number of views of media of the post.
        media_views: u64,
        /// Number of clicks on the permanent link of the post.
        permalink_clicks: u64,
        /// Number of quotes of the post.
        quote_tweets: u64,
        /// Number of replies to the post.
        replies: u64,
        /// Number of reposts of the post.
        retweets: u64,
        /// Number of times that the post was shared.
        shares: u64,
        /// Number of unfollows from the post.
        unfollows: u64,
        /// Number of likes that were removed.
        unlikes: u64,
        /// Number of clicks on links of the post.
        url_clicks: u64,
        /// Number of clicks on the profile of the author.
        user_profile_clicks: u64,
    }
}

wire_struct! {
    /// Analytics of a post in one time span.
    TimestampedMetrics {
        ;
        /// Start of the time span, as X sends it.
        timestamp: String,
        /// Counts of the time span.
        metrics: AnalyticsMetrics,
    }

    /// Analytics of a media file.
    MediaAnalytics {
        ;
        /// Key of the media file.
        media_key: MediaKey,
        /// Time of the counts, as X sends it.
        timestamp: String,
        /// Counts per time span.
        timestamped_metrics: Vec<TimestampedMediaMetrics>,
        /// Number of clicks on the button that opens a website.
        cta_url_clicks: u64,
        /// Number of clicks on the button that opens the full video.
        cta_watch_clicks: u64,
        /// Number of times that a tap started playback.
        play_from_tap: u64,
        /// Number of times that playback reached a quarter of the video.
        playback25: u64,
        /// Number of times that playback reached the middle of the video.
        playback50: u64,
        /// Number of times that playback reached three quarters of the video.
        playback75: u64,
        /// Number of times that playback reached the end of the video.
        playback_complete: u64,
        /// Number of times that playback started.
        playback_start: u64,
        /// Number of views of the video.
        video_views: u64,
        /// Total watch time in milliseconds.
        watch_time_ms: u64,
    }

    /// Analytics of a media file in one time span.
    TimestampedMediaMetrics {
        ;
        /// Start of the time span, as X sends it.
        timestamp: String,
        /// Counts of the time span.
        metrics: MediaAnalyticsMetrics,
    }

    /// Counts of a media file in one time span, as numbers or as texts of numbers.
    MediaAnalyticsMetrics {
        ;
        /// Number of clicks on the button that opens a website.
        cta_url_clicks: Json,
        /// Number of clicks on the button that opens the full video.
        cta_watch_clicks: Json,
        /// Number of times that a tap started playback.
        play_from_tap: Json,
        /// Number of times that playback reached a quarter of the video.
        playback25: Json,
        /// Number of times that playback reached the middle of the video.
        playback50: Json,
        /// Number of times that playback reached three quarters of the video.
        playback75: Json,
        /// Number of times that playback reached the end of the video.
        playback_complete: Json,
        /// Number of times that playback started.
        playback_start: Json,
        /// Number of views of the video.
        video_views: Json,
        /// Total watch time in milliseconds.
        watch_time_ms: Json,
    }

    /// Insights into the performance of posts.
    Engagement {
        ;
        /// Errors about posts without insights.
        errors: Json,
        /// Measurements of the posts.
        measurement: Json,
    }
}
