//! Direct messages.

use crate::entities::Entities;
use crate::id::{DmConversationId, DmEventId, MediaKey, PostId, UserId};
use crate::time::Timestamp;
use crate::wire_struct::{nouns, open_words};

open_words! {
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

nouns! {
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
        referenced_posts = "referenced_tweets" or "referenced_posts": Vec<DmPost>,
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
    DmPost {
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
