//! Direct messages.

use crate::entities::Entities;
use crate::id::{DmConversationId, DmEventId, MediaKey, PostId, UserId};
use crate::into_param::id_of;
use crate::time::Timestamp;
use crate::{wire_enum, wire_struct};

wire_enum! {
    /// A field of an event in a conversation, for `dm_event_fields`.
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

    /// What a call that returns events of conversations can bring along in its `includes`.
    DmExpansion {
        AttachmentsMediaKeys = "attachments.media_keys",
        ParticipantIds = "participant_ids",
        ReferencedPosts = "referenced_tweets.id",
        SenderId = "sender_id",
    }

    /// What a new conversation is.
    DmConversationType {
        Group = "Group",
    }
}

wire_enum! {
    /// What happened in a conversation.
    DmEventType {
        /// Somebody wrote.
        MessageCreate = "MessageCreate",
        /// Somebody came.
        ParticipantsJoin = "ParticipantsJoin",
        /// Somebody left.
        ParticipantsLeave = "ParticipantsLeave",
    }
}

wire_struct! {
    /// Something that happened in a conversation. Id, kind and text are there unless others were asked for.
    DmEvent {
        /// Its id.
        id: DmEventId,
        ;
        /// What happened.
        event_type: DmEventType,
        /// The text of a message.
        text: String,
        /// What hangs on a message.
        attachments: DmAttachments,
        /// When it happened.
        created_at: Timestamp,
        /// The conversation.
        dm_conversation_id: DmConversationId,
        /// Links, mentions and tags of the text.
        entities: Entities,
        /// Who came or left.
        participant_ids: Vec<UserId>,
        /// Posts that the message links to.
        referenced_posts = "referenced_tweets" or "referenced_posts": Vec<DmReferencedPost>,
        /// Who did it.
        sender_id: UserId,
    }

    /// What hangs on a message.
    DmAttachments {
        ;
        /// Media.
        media_keys: Vec<MediaKey>,
        /// Cards.
        card_ids: Vec<String>,
    }

    /// A post that a message links to.
    DmReferencedPost {
        /// Its id.
        id: PostId,
    }

    /// A message was sent.
    SentDm {
        /// The conversation that it went to.
        dm_conversation_id: DmConversationId,
        /// The event that it is.
        dm_event_id: DmEventId,
    }

    /// Whether a user may send you messages no longer.
    DmBlocked {
        /// Whether they may not.
        blocked: bool,
    }
}

id_of! { DmEvent: DmEventId }
