//! Direct messages of API v2.

use crate::entities::Entities;
use crate::id::{DmConversationId, DmEventId, MediaKey, PostId, UserId};
use crate::into_param::id_of;
use crate::time::Timestamp;
use crate::{wire_enum, wire_struct};

wire_enum! {
    /// Field of a direct message event, for `dm_event_fields`.
    DmEventField {
        ReferencedPosts = "referenced_tweets",
        Attachments = "attachments",
        CreatedAt = "created_at",
        DmConversationId = "dm_conversation_id",
        Entities = "entities",
        EventType = "event_type",
        Id = "id",
        Text = "text",
        ParticipantIds = "participant_ids",
        SenderId = "sender_id",
    }

    /// Expansion of a response with direct message events: objects that X adds to its `includes`.
    DmExpansion {
        AttachmentsMediaKeys = "attachments.media_keys",
        ParticipantIds = "participant_ids",
        ReferencedPosts = "referenced_tweets.id",
        SenderId = "sender_id",
    }

    /// Type of a new direct message conversation.
    DmConversationType {
        Group = "Group",
    }
}

wire_enum! {
    /// Type of a direct message event.
    DmEventType {
        /// A participant sent a message.
        MessageCreate = "MessageCreate",
        /// Users joined the conversation.
        ParticipantsJoin = "ParticipantsJoin",
        /// Users left the conversation.
        ParticipantsLeave = "ParticipantsLeave",
    }
}

wire_struct! {
    /// An event of a direct message conversation, such as a message.
    ///
    /// `id`, `event_type` and `text` are present unless `dm_event_fields` names other fields. `==` compares every field;
    /// compare the IDs, or the handles that `client.message(&event)` returns, to tell whether it is the same event.
    DmEvent {
        /// ID of the event.
        id: DmEventId,
        ;
        /// Type of the event.
        event_type: DmEventType,
        /// Text of a message.
        text: String,
        /// Media and cards of a message.
        attachments: DmAttachments,
        /// Time of the event.
        created_at: Timestamp,
        /// ID of the conversation.
        dm_conversation_id: DmConversationId,
        /// Links, mentions and hashtags of the text.
        entities: Entities,
        /// IDs of the users who joined or left.
        participant_ids: Vec<UserId>,
        /// Posts that a message links to.
        referenced_posts = "referenced_tweets" or "referenced_posts": Vec<DmReferencedPost>,
        /// ID of the sender.
        sender_id: UserId,
    }

    /// Media and cards of a message.
    DmAttachments {
        ;
        /// Keys of the media.
        media_keys: Vec<MediaKey>,
        /// IDs of the cards.
        card_ids: Vec<String>,
    }

    /// Post that a message links to.
    DmReferencedPost {
        /// ID of the post.
        id: PostId,
    }

    /// Response to sending a direct message.
    SentDm {
        /// ID of the conversation of the message.
        dm_conversation_id: DmConversationId,
        /// ID of the event of the message.
        dm_event_id: DmEventId,
    }

    /// Response to blocking or unblocking the direct messages of a user.
    DmBlocked {
        /// Whether the direct messages of the user are now blocked.
        blocked: bool,
    }
}

id_of! { DmEvent: DmEventId }
