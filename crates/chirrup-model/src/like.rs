//! Likes, as streams deliver them.

use crate::id::{PostId, UserId};
use crate::time::Timestamp;
use crate::{wire_enum, wire_struct};

wire_enum! {
    /// Field of a like, for `like_fields`.
    LikeField {
        AttachmentsMediaKeys = "attachments_media_keys",
        CreatedAt = "created_at",
        Id = "id",
        LikedPostAuthorId = "liked_tweet_author_id",
        LikedPostId = "liked_tweet_id",
        TimestampMs = "timestamp_ms",
    }

    /// Expansion of a stream of likes: objects that X adds to its `includes`.
    LikeExpansion {
        AttachmentsMediaKeys = "attachments.media_keys",
        LikedPostAuthorId = "liked_tweet_author_id",
        LikedPostId = "liked_tweet_id",
    }
}

wire_struct! {
    /// A like of a post.
    Like {
        ;
        /// ID of the like.
        id: String,
        /// Time of the like.
        created_at: Timestamp,
        /// ID of the liked post.
        liked_post_id = "liked_tweet_id": PostId,
        /// ID of the author of the liked post.
        post_author_id = "tweet_author_id": UserId,
        /// Time of the like, in milliseconds since 1970.
        timestamp_ms: i64,
    }
}
