//! How posts and media did.

use serde_json::Value as Json;

use crate::id::{MediaKey, PostId};
use crate::wire_struct::nouns;

nouns! {
    /// How a post did.
    Analytics {
        ;
        /// The post.
        id: PostId,
        /// The moment that the counts stand for, as X writes it.
        timestamp: String,
        /// The same, by time.
        timestamped_metrics: Vec<TimedCounts>,
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
    TimedCounts {
        ;
        /// When the span begins, as X writes it.
        timestamp: String,
        /// The counts.
        metrics: Counts,
    }

    /// Counts of what was done with a post.
    Counts {
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
        timestamped_metrics: Vec<TimedMediaCounts>,
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
    TimedMediaCounts {
        ;
        /// When the span begins, as X writes it.
        timestamp: String,
        /// The counts.
        metrics: MediaCounts,
    }

    /// Counts of what was done with a medium: numbers, or texts of numbers.
    MediaCounts {
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
