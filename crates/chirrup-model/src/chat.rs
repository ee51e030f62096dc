//! Encrypted chat: conversations, events, keys. What is encrypted stays so: keys and messages are opaque texts here.

use serde_json::Value as Json;

use crate::id::{ChatId, UserId};
use crate::into_param::id_of;
use crate::time::Timestamp;
use crate::{wire_enum, wire_struct};

wire_enum! {
    /// A field of a public key, for `public_key_fields`.
    PublicKeyField {
        IdentityPublicKeySignature = "identity_public_key_signature",
        JuiceboxConfig = "juicebox_config",
        PublicKey = "public_key",
        PublicKeyVersion = "public_key_version",
        SigningPublicKey = "signing_public_key",
    }

    /// A field of a conversation in the encrypted chat, for `chat_fields`.
    ChatField {
        CreatedAt = "created_at",
        GroupAvatarUrl = "group_avatar_url",
        GroupName = "group_name",
        Id = "id",
        IsMuted = "is_muted",
        MessageTtlMs = "message_ttl_ms",
        ScreenCaptureBlockingEnabled = "screen_capture_blocking_enabled",
        ScreenCaptureDetectionEnabled = "screen_capture_detection_enabled",
        Type = "type",
        UpdatedAt = "updated_at",
        AdminIds = "admin_ids",
        MemberIds = "member_ids",
        MessageTtlMsec = "message_ttl_msec",
        ParticipantIds = "participant_ids",
    }

    /// What a call that returns conversations of the encrypted chat can bring along in its `includes`.
    ChatExpansion {
        AdminIds = "admin_ids",
        MemberIds = "member_ids",
        ParticipantIds = "participant_ids",
    }

    /// A field of an event in the encrypted chat, for `chat_event_fields`.
    ChatEventField {
        ConversationId = "conversation_id",
        ConversationToken = "conversation_token",
        CreatedAt = "created_at",
        EncodedEvent = "encoded_event",
        Id = "id",
        IsTrusted = "is_trusted",
        MessageEventSignature = "message_event_signature",
        PreviousId = "previous_id",
        SenderId = "sender_id",
        CreatedAtMsec = "created_at_msec",
    }

    /// For whom messages are deleted.
    DeleteMessageAction {
        DeleteForAll = "delete_for_all",
        DeleteForSelf = "delete_for_self",
    }
}

wire_struct! {
    /// A conversation.
    ChatConversation {
        /// Its id.
        id: ChatId,
        ;
        /// What it is, such as `group`.
        kind = "type": String,
        /// When it was made.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
        /// Who leads a group.
        admin_ids: Vec<UserId>,
        /// Who belongs to a group.
        member_ids: Vec<UserId>,
        /// Who takes part.
        participant_ids: Vec<UserId>,
        /// The picture of a group.
        group_avatar_url: String,
        /// The name of a group, encrypted.
        group_name: String,
        /// Whether you are not told of new messages.
        is_muted: bool,
        /// How long messages stay, in milliseconds.
        message_ttl_ms: u64,
        /// Whether pictures of the screen are prevented.
        screen_capture_blocking_enabled: bool,
        /// Whether pictures of the screen are told of.
        screen_capture_detection_enabled: bool,
    }

    /// Something that happened in a conversation.
    ChatEvent {
        /// Its id.
        id: String,
        ;
        /// The conversation.
        conversation_id: ChatId,
        /// A token that answers must carry.
        conversation_token: String,
        /// When it happened.
        created_at: Timestamp,
        /// What happened, encrypted.
        encoded_event: String,
        /// Whether the sender is trusted.
        is_trusted: bool,
        /// The signature of the sender.
        message_event_signature: Json,
        /// The event before.
        previous_id: String,
        /// Who did it.
        sender_id: UserId,
    }

    /// The id for a new group.
    ChatGroupId {
        /// The id.
        conversation_id: ChatId,
    }

    /// A group was made.
    CreatedChat {
        /// Its id.
        conversation_id: ChatId,
        ;
        /// The event that set its key.
        conversation_key_change_sequence_id: String,
    }

    /// New keys were set.
    AddedChatKeys {
        ;
        /// The conversation.
        conversation_id: ChatId,
        /// The event that set them.
        sequence_id: String,
    }

    /// A message was sent.
    SentChatMessage {
        /// The event that it is, encrypted.
        encoded_message_event: String,
    }

    /// Whether something was done.
    Success {
        /// Whether it was.
        success: bool,
    }

    /// An upload into a conversation has begun.
    ChatUpload {
        /// The upload.
        session_id: String,
        /// The conversation.
        conversation_id: ChatId,
        /// The key by which the medium is fetched.
        media_hash_key: String,
    }

    /// The public keys of a user.
    PublicKey {
        ;
        /// The key for secrets.
        public_key: String,
        /// The key for signatures.
        signing_public_key: String,
        /// The signature of one by the other.
        identity_public_key_signature: String,
        /// Which version of the keys it is.
        public_key_version: String,
        /// Where the secret parts are kept.
        juicebox_config: Json,
    }

    /// A key was added.
    AddedPublicKey {
        ;
        /// Which version it is.
        public_key_version: String,
        /// Where the secret part is to be kept.
        juicebox_config: Json,
    }
}

id_of! { ChatConversation: ChatId }
