//! How posts and media did.

use serde_json::Value as Json;

use crate::id::{MediaKey, PostId};
use crate::{wire_enum, wire_struct};

wire_enum! {
    /// A count of what was done with a post, for `analytics_fields`.
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

    /// How long the spans of analytics of posts are.
    AnalyticsGranularity {
        Hourly = "hourly",
        Weekly = "weekly",
        Daily = "daily",
        Total = "total",
    }

    /// A count of what was done with a medium, for `media_analytics_fields`.
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

    /// How long the spans of analytics of media are.
    MediaAnalyticsGranularity {
        Hourly = "hourly",
        Daily = "daily",
        Total = "total",
    }

    /// A field of the answer to a call for insights, for `engagement_fields`.
    EngagementField {
        Errors = "errors",
        Measurement = "measurement",
    }

    /// How long the spans of insights are.
    InsightGranularity {
        Daily = "Daily",
        Hourly = "Hourly",
        Weekly = "Weekly",
        Total = "Total",
    }

    /// What insights count.
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

wire_struct! {
    /// How a post did.
    Analytics {
        ;
        /// The post.
        id: PostId,
        /// The moment that the counts stand for, as X writes it.
        timestamp: String,
        /// The same, by time.
        timestamped_metrics: Vec<TimestampedMetrics>,
        /// Attempts to install an app from it.
        app_install_attempts: u64,
        /// Openings of an app from it.
        app_opens: u64,
        /// Bookmarks.
        bookmarks: u64,
        /// Times that it was opened.
        detail_expands: u64,
        /// Times that it was sent by mail.
        email_tweet: u64,
        /// Things that were done with it in all.
        engagements: u64,
        /// Follows from it.
        follows: u64,
        /// Clicks on its hashtags.
        hashtag_clicks: u64,
        /// Times that it was seen.
        impressions: u64,
        /// Likes.
        likes: u64,
        /// Views of its media.
        media_views: u64,
        /// Clicks on its date.
        permalink_clicks: u64,
        /// Quotes.
        quote_tweets: u64,
        /// Replies.
        replies: u64,
        /// Reposts.
        retweets: u64,
        /// Times that it was shared.
        shares: u64,
        /// Unfollows from it.
        unfollows: u64,
        /// Likes taken back.
        unlikes: u64,
        /// Clicks on its links.
        url_clicks: u64,
        /// Clicks on its author.
        user_profile_clicks: u64,
    }

    /// How a post did in one span of time.
    TimestampedMetrics {
        ;
        /// When the span begins, as X writes it.
        timestamp: String,
        /// The counts.
        metrics: AnalyticsMetrics,
    }

    /// Counts of what was done with a post.
    AnalyticsMetrics {
        ;
        /// Attempts to install an app from it.
        app_install_attempts: u64,
        /// Openings of an app from it.
        app_opens: u64,
        /// Bookmarks.
        bookmarks: u64,
        /// Times that it was opened.
        detail_expands: u64,
        /// Times that it was sent by mail.
        email_tweet: u64,
        /// Things that were done with it in all.
        engagements: u64,
        /// Follows from it.
        follows: u64,
        /// Clicks on its hashtags.
        hashtag_clicks: u64,
        /// Times that it was seen.
        impressions: u64,
        /// Likes.
        likes: u64,
        /// Views of its media.
        media_views: u64,
        /// Clicks on its date.
        permalink_clicks: u64,
        /// Quotes.
        quote_tweets: u64,
        /// Replies.
        replies: u64,
        /// Reposts.
        retweets: u64,
        /// Times that it was shared.
        shares: u64,
        /// Unfollows from it.
        unfollows: u64,
        /// Likes taken back.
        unlikes: u64,
        /// Clicks on its links.
        url_clicks: u64,
        /// Clicks on its author.
        user_profile_clicks: u64,
    }

    /// How a medium did.
    MediaAnalytics {
        ;
        /// The medium.
        media_key: MediaKey,
        /// The moment that the counts stand for, as X writes it.
        timestamp: String,
        /// The same, by time.
        timestamped_metrics: Vec<TimestampedMediaMetrics>,
        /// Clicks on the button that leads to a site.
        cta_url_clicks: u64,
        /// Clicks on the button that leads to a video.
        cta_watch_clicks: u64,
        /// Times that it was started by hand.
        play_from_tap: u64,
        /// Times that a quarter was watched.
        playback25: u64,
        /// Times that half was watched.
        playback50: u64,
        /// Times that three quarters were watched.
        playback75: u64,
        /// Times that it was watched to its end.
        playback_complete: u64,
        /// Times that it was started.
        playback_start: u64,
        /// Views.
        video_views: u64,
        /// How long it was watched, in milliseconds.
        watch_time_ms: u64,
    }

    /// How a medium did in one span of time.
    TimestampedMediaMetrics {
        ;
        /// When the span begins, as X writes it.
        timestamp: String,
        /// The counts.
        metrics: MediaAnalyticsMetrics,
    }

    /// Counts of what was done with a medium: numbers, or texts of numbers.
    MediaAnalyticsMetrics {
        ;
        /// Clicks on the button that leads to a site.
        cta_url_clicks: Json,
        /// Clicks on the button that leads to a video.
        cta_watch_clicks: Json,
        /// Times that it was started by hand.
        play_from_tap: Json,
        /// Times that a quarter was watched.
        playback25: Json,
        /// Times that half was watched.
        playback50: Json,
        /// Times that three quarters were watched.
        playback75: Json,
        /// Times that it was watched to its end.
        playback_complete: Json,
        /// Times that it was started.
        playback_start: Json,
        /// Views.
        video_views: Json,
        /// How long it was watched, in milliseconds.
        watch_time_ms: Json,
    }

    /// How posts did, as insights told it.
    Engagement {
        ;
        /// What could not be told.
        errors: Json,
        /// What was counted.
        measurement: Json,
    }
}
