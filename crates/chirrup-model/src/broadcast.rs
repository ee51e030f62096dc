//! Broadcasts: live video, their chat, and those to come. And articles, which are no less long.
//!
//! Moments are texts of milliseconds since 1970, as X sends them.

use crate::id::{ArticleId, BroadcastId, MediaKey, PostId, UserId};
use crate::into_param::id_of;
use crate::{wire_enum, wire_struct};

wire_enum! {
    /// A field of a broadcast, for `broadcast_fields`.
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

    /// A field of a message in the chat of a broadcast, for `message_fields`.
    BroadcastMessageField {
        AuthorName = "author_name",
        AuthorUsername = "author_username",
        BroadcastId = "broadcast_id",
        CreatedAtMs = "created_at_ms",
        Id = "id",
        ReplyTo = "reply_to",
        Text = "text",
    }

    /// What a call that returns the chat of a broadcast can bring along in its `includes`.
    BroadcastMessageExpansion {
        AuthorId = "author_id",
    }
}

wire_struct! {
    /// A broadcast. Its id is always there; every other field only if it was asked for.
    Broadcast {
        /// Its id.
        id: BroadcastId,
        ;
        /// Its id once more.
        broadcast_id: BroadcastId,
        /// What it is called.
        title: String,
        /// Where it stands.
        state: String,
        /// Whether it can be watched afterwards.
        available_for_replay: bool,
        /// Who may chat.
        chat_option: u64,
        /// When it was made.
        created_at_ms: String,
        /// When it was last changed.
        updated_at_ms: String,
        /// When it began.
        start_ms: String,
        /// When it ended.
        end_ms: String,
        /// When it shall begin.
        scheduled_start_ms: String,
        /// When it shall end.
        scheduled_end_ms: String,
        /// Its width in pixels.
        width: u64,
        /// Its height in pixels.
        height: u64,
        /// A picture of it.
        image_url: String,
        /// A smaller picture.
        image_url_medium: String,
        /// The smallest picture.
        image_url_small: String,
        /// Whether it comes late.
        is_high_latency: bool,
        /// Its language.
        language: String,
        /// Its medium.
        media_key: MediaKey,
        /// Where it can be watched.
        share_url: String,
        /// Where the picture comes from.
        source_id: String,
        /// How many have watched it.
        total_watched: String,
        /// How many watch it.
        total_watching: String,
        /// The post that announces it.
        post_id = "tweet_id": PostId,
        /// Whose it is.
        user_id = "twitter_user_id": UserId,
    }

    /// A broadcast to come.
    ScheduledBroadcast {
        ;
        /// Its id as a broadcast.
        broadcast_id: BroadcastId,
        /// Its id in the schedule.
        scheduled_broadcast_id: String,
        /// The schedule that it is part of.
        recurring_schedule_id: String,
        /// What it is called.
        title: String,
        /// What it is about.
        description: String,
        /// Where it stands.
        state: String,
        /// Whether it can be watched afterwards.
        available_for_replay: bool,
        /// Who may chat.
        chat_option: String,
        /// Its language.
        locale: String,
        /// Whether it begins by hand.
        manual_publish: bool,
        /// When it shall begin.
        scheduled_start_ms: String,
        /// When it shall end.
        scheduled_end_ms: String,
        /// Where the picture comes from.
        source_id: String,
        /// The show that it is part of.
        telecast_id: String,
        /// A picture of it.
        thumbnail_media_id: String,
    }

    /// A message in the chat of a broadcast.
    BroadcastMessage {
        /// Its id.
        id: String,
        ;
        /// What it says.
        text: String,
        /// Who wrote it.
        author_id: UserId,
        /// Their name.
        author_name: String,
        /// Their name with the `@`, without it.
        author_username: String,
        /// The broadcast.
        broadcast_id: BroadcastId,
        /// When.
        created_at_ms: String,
        /// The message that it answers.
        reply_to: String,
    }

    /// A message was sent to the chat of a broadcast.
    SentBroadcastMessage {
        /// Whether it was.
        success: bool,
        /// When.
        timestamp: String,
    }

    /// Whether a user may not chat in a broadcast.
    ChatMuted {
        /// Whether they may not.
        muted: bool,
    }

    /// An article was begun.
    DraftedArticle {
        /// Its id.
        id: ArticleId,
        /// Its title.
        title: String,
    }

    /// An article was published.
    PublishedArticle {
        /// The post that shows it.
        post_id: PostId,
    }

    /// A folder of bookmarks.
    BookmarkFolder {
        /// Its id.
        id: crate::id::FolderId,
        /// What it is called.
        name: String,
    }

    /// A bookmarked post, by its id alone.
    BookmarkedPost {
        /// The post.
        id: PostId,
    }
}

id_of! { Broadcast: BroadcastId, DraftedArticle: ArticleId, BookmarkFolder: crate::id::FolderId, BookmarkedPost: PostId }
