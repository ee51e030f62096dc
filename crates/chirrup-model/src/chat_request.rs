//! Message requests: conversations of encrypted chat that the recipient has not accepted yet.

use crate::id::{ChatId, UserId};
use crate::{wire_enum, wire_struct};

wire_enum! {
    /// Inbox of message requests.
    ChatRequestInbox {
        /// Requests of users whom the authenticated user may know.
        YouMayKnow = "you_may_know",
        /// Requests that are probably unwanted.
        LowQuality = "low_quality",
    }

    /// Field of a message request in a list, for `request_fields`.
    ChatRequestField {
        ConversationId = "conversation_id",
        ConversationKeyEvents = "conversation_key_events",
        EncodedMessageCreateEvent = "encoded_message_create_event",
        HasMoreEvents = "has_more_events",
        MessageEvents = "message_events",
        SenderId = "sender_id",
        SenderRecentlyModifiedProfile = "sender_recently_modified_profile",
        SocialProofUserIds = "social_proof_user_ids",
    }

    /// Field of a single message request, for `request_fields`.
    ChatRequestDetailField {
        ConversationId = "conversation_id",
        ConversationKeyEvents = "conversation_key_events",
        HasMoreEvents = "has_more_events",
        MessageEvents = "message_events",
        MessageRequestState = "message_request_state",
        ParticipantId = "participant_id",
    }
}

wire_struct! {
    /// A message request in a list.
    ChatRequest {
        ;
        /// ID of the conversation.
        conversation_id: ChatId,
        /// ID of the sender.
        sender_id: UserId,
        /// Encrypted event of the first message, encoded as Base64.
        encoded_message_create_event: String,
        /// Encrypted events of the messages, encoded as Base64.
        message_events: Vec<String>,
        /// Events that set the key of the conversation, encoded as Base64.
        conversation_key_events: Vec<String>,
        /// Whether the conversation has more events.
        has_more_events: bool,
        /// Whether the sender changed name or picture recently.
        sender_recently_modified_profile: bool,
        /// IDs of users whom the authenticated user follows and who follow the sender.
        social_proof_user_ids: Vec<UserId>,
    }

    /// A message request with its state.
    ChatRequestDetail {
        ;
        /// ID of the conversation.
        conversation_id: ChatId,
        /// ID of the other participant.
        participant_id: UserId,
        /// State of the request, as X sends it.
        message_request_state: String,
        /// Encrypted events of the messages, encoded as Base64.
        message_events: Vec<String>,
        /// Events that set the key of the conversation, encoded as Base64.
        conversation_key_events: Vec<String>,
        /// Whether the conversation has more events.
        has_more_events: bool,
    }

    /// Response to accepting a message request.
    Accepted {
        /// Whether the request was accepted.
        accepted: bool,
    }
}
