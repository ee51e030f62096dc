//! Broadcasts, which are live videos, and their chat.

use serde_json::Value as Json;

use crate::id::{BroadcastId, MediaId, MediaKey, PostId, SourceId, UserId};
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

    /// State of a broadcast.
    BroadcastState {
        /// The broadcast was created and is not live yet.
        NotStarted = "NOT_STARTED",
        /// X is preparing the broadcast to go live.
        PrePublished = "PRE_PUBLISHED",
        /// The broadcast is live.
        Running = "RUNNING",
        /// The broadcast was live and has ended.
        Ended = "ENDED",
        /// The broadcast did not go live in time.
        TimedOut = "TIMED_OUT",
        /// The broadcast was canceled.
        Canceled = "CANCELED",
    }

    /// Change of the state of a broadcast.
    BroadcastTransition {
        /// Goes live: from `NOT_STARTED` to `RUNNING`.
        Publish = "PUBLISH",
        /// Ends the broadcast for good: from `RUNNING` to `ENDED`.
        End = "END",
    }

    /// Field of a mute in the chats of a user's broadcasts, for `mute_fields`.
    BroadcastMuteField {
        EndAtMs = "end_at_ms",
    }

    /// Expansion of a response with mutes in the chats of broadcasts: objects that X adds to its `includes`.
    BroadcastMuteExpansion {
        UserId = "user_id",
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
        state: BroadcastState,
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
        /// ID of the video, in responses of the endpoints below `/2/users` only.
        media_id: MediaId,
        /// Key of the video.
        media_key: MediaKey,
        /// URL of the page of the broadcast.
        share_url: String,
        /// ID of the video source.
        source_id: SourceId,
        /// Title of the broadcast, in responses of the endpoints below `/2/users` only.
        status: String,
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
        source_id: SourceId,
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

    /// A user who may not write to the chats of another user's broadcasts.
    BroadcastMute {
        ;
        /// ID of the muted user.
        user_id: UserId,
        /// End of the mute, in milliseconds since 1970; absent if it has no end.
        end_at_ms: String,
    }

    /// Response to adding or removing a moderator of the chats of a user's broadcasts.
    BroadcastModerators {
        /// IDs of all moderators after the change.
        user_ids = "moderator_user_ids": Vec<UserId>,
    }

    /// Response to changing the state of a broadcast.
    UpdatedBroadcastState {
        /// ID of the broadcast.
        id: BroadcastId,
        /// State of the broadcast after the change.
        state: BroadcastState,
    }

    /// Response to creating a broadcast.
    CreatedUserBroadcast {
        /// The broadcast, which is not live yet.
        broadcast: Broadcast,
        /// URL of the page of the broadcast.
        share_url: String,
        /// URLs of the video. X does not document their names.
        video_access: Json,
    }

    /// Response with one broadcast of a user.
    UserBroadcastEnvelope {
        /// The broadcast of the user.
        broadcast: Broadcast,
    }

    /// Response with broadcasts of a user.
    UserBroadcasts {
        /// The broadcasts of the user.
        broadcasts: Vec<Broadcast>,
        ;
        /// Position of the next page; absent on the last one.
        next_token: BroadcastOffset,
    }

    /// Position of a page of a user's broadcasts.
    BroadcastOffset {
        /// Token for the parameter `page_token`.
        offset: String,
    }

    /// Response to changing the state of a user's broadcast.
    UpdatedUserBroadcast {
        ;
        /// The broadcast after the change.
        broadcast: Broadcast,
        /// Whether the state was changed.
        success: bool,
        /// Reason why X could not create the post that announces the broadcast; empty if it could.
        post_error = "tweet_error": String,
    }
}

id_of! { Broadcast: BroadcastId }
