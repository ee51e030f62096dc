//! Broadcasts, which are live videos, and their chat.

use crate::id::{BroadcastId, MediaKey, PostId, UserId};
use crate::into_param::id_of;
use crate::{wire_enum, wire_struct};

wire_enum! {
    /// Field of a broadcast, for `broadcast_fields`.
    BroadcastField {
        AvailableForReplay = "available_for_replay",
        BroadcastId = "broadcast_id",
        ChatOption = "chat_option",
        CreatedAtMs = "created_at_ms",
        EndMs = "end_ms",
        Height = "height",
        Id = "id",
        ImageUrl = "image_url",
        ImageUrlMedium = "image_url_medium",
        ImageUrlSmall = "image_url_small",
        IsHighLatency = "is_high_latency",
        Language = "language",
        MediaKey = "media_key",
        ScheduledEndMs = "scheduled_end_ms",
        ScheduledStartMs = "scheduled_start_ms",
        ShareUrl = "share_url",
        SourceId = "source_id",
        StartMs = "start_ms",
        State = "state",
        Title = "title",
        TotalWatched = "total_watched",
        TotalWatching = "total_watching",
        TweetId = "tweet_id",
        TwitterUserId = "twitter_user_id",
        UpdatedAtMs = "updated_at_ms",
        Width = "width",
    }

    /// Field of a message in the chat of a broadcast, for `message_fields`.
    BroadcastMessageField {
        AuthorName = "author_name",
        AuthorUsername = "author_username",
        BroadcastId = "broadcast_id",
        CreatedAtMs = "created_at_ms",
        Id = "id",
        ReplyTo = "reply_to",
        Text = "text",
    }

    /// Expansion of a response with messages of a broadcast: objects that X adds to its `includes`.
    BroadcastMessageExpansion {
        AuthorId = "author_id",
    }
}

wire_struct! {
    /// A broadcast of API v2.
    ///
    /// `id` is always present. Every other field is present only if it was requested with `broadcast_fields` and has a value.
    Broadcast {
        /// ID of the broadcast.
        id: BroadcastId,
        ;
        /// ID of the broadcast, the same as `id`.
        broadcast_id: BroadcastId,
        /// Title of the broadcast.
        title: String,
        /// State of the broadcast.
        state: String,
        /// Whether a replay is available after the end.
        available_for_replay: bool,
        /// Who may write to the chat.
        chat_option: u64,
        /// Creation time, in milliseconds since 1970.
        created_at_ms: String,
        /// Time of the last update, in milliseconds since 1970.
        updated_at_ms: String,
        /// Start time, in milliseconds since 1970.
        start_ms: String,
        /// End time, in milliseconds since 1970.
        end_ms: String,
        /// Scheduled start time, in milliseconds since 1970.
        scheduled_start_ms: String,
        /// Scheduled end time, in milliseconds since 1970.
        scheduled_end_ms: String,
        /// Width of the image or video, in pixels.
        width: u64,
        /// Height of the image or video, in pixels.
        height: u64,
        /// URL of the image of the broadcast.
        image_url: String,
        /// URL of the image in middle size.
        image_url_medium: String,
        /// URL of the image in small size.
        image_url_small: String,
        /// Whether the broadcast has a high latency.
        is_high_latency: bool,
        /// Language of the broadcast.
        language: String,
        /// Key of the video.
        media_key: MediaKey,
        /// URL of the page of the broadcast.
        share_url: String,
        /// ID of the video source.
        source_id: String,
        /// Total number of viewers, as a decimal number.
        total_watched: String,
        /// Current number of viewers, as a decimal number.
        total_watching: String,
        /// ID of the post that announces the broadcast.
        post_id = "tweet_id": PostId,
        /// ID of the user who broadcasts.
        user_id = "twitter_user_id": UserId,
    }

    /// A broadcast that is scheduled for later.
    ScheduledBroadcast {
        ;
        /// ID of the broadcast.
        broadcast_id: BroadcastId,
        /// ID of the scheduled broadcast.
        scheduled_broadcast_id: String,
        /// ID of the recurring schedule of the broadcast.
        recurring_schedule_id: String,
        /// Title of the broadcast.
        title: String,
        /// Description of the broadcast.
        description: String,
        /// State of the broadcast.
        state: String,
        /// Whether a replay is available after the end.
        available_for_replay: bool,
        /// Who may write to the chat.
        chat_option: String,
        /// Language of the broadcast.
        locale: String,
        /// Whether the user has to start the broadcast manually.
        manual_publish: bool,
        /// Scheduled start time, in milliseconds since 1970.
        scheduled_start_ms: String,
        /// Scheduled end time, in milliseconds since 1970.
        scheduled_end_ms: String,
        /// ID of the video source.
        source_id: String,
        /// ID of the show of the broadcast.
        telecast_id: String,
        /// ID of the thumbnail image.
        thumbnail_media_id: String,
    }

    /// A message in the chat of a broadcast.
    BroadcastMessage {
        /// ID of the message.
        id: String,
        ;
        /// Text of the message.
        text: String,
        /// ID of the author.
        author_id: UserId,
        /// Display name of the author.
        author_name: String,
        /// Username of the author, without the `@`.
        author_username: String,
        /// ID of the broadcast.
        broadcast_id: BroadcastId,
        /// Creation time, in milliseconds since 1970.
        created_at_ms: String,
        /// ID of the message that this one replies to.
        reply_to: String,
    }

    /// Response to sending a message to the chat of a broadcast.
    SentBroadcastMessage {
        /// Whether the message was sent.
        success: bool,
        /// Time of the message, in milliseconds since 1970.
        timestamp: String,
    }

    /// Response to muting a user in the chat of a broadcast.
    ChatMuted {
        /// Whether the user is now muted.
        muted: bool,
    }
}

id_of! { Broadcast: BroadcastId }
