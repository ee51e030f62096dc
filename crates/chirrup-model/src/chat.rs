//! Encrypted chat: conversations, events and public keys.
//!
//! Encrypted content remains opaque text.

use serde_json::Value as Json;

use crate::chat_group::{ChatAdminSettings, ChatInvite, ChatType};
use crate::id::{ChatId, UserId};
use crate::into_param::id_of;
use crate::time::Timestamp;
use crate::{wire_enum, wire_struct};

wire_enum! {
    /// Field of a public key, for `public_key_fields`.
    PublicKeyField {
        IdentityPublicKeySignature = "identity_public_key_signature",
        JuiceboxConfig = "juicebox_config",
        PublicKey = "public_key",
        PublicKeyVersion = "public_key_version",
        SigningPublicKey = "signing_public_key",
    }

    /// Field of an encrypted chat conversation, for `chat_fields`.
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
        AdminSettings = "admin_settings",
        GroupDescription = "group_description",
        GroupDescriptionKeyVersion = "group_description_key_version",
        Invite = "invite",
        IsArchived = "is_archived",
        LastReadEventId = "last_read_event_id",
        NewestEventId = "newest_event_id",
        PendingMemberIds = "pending_member_ids",
        Unread = "unread",
        AdminIds = "admin_ids",
        MemberIds = "member_ids",
        MessageTtlMsec = "message_ttl_msec",
        ParticipantIds = "participant_ids",
    }

    /// Expansion of a response with encrypted chat conversations: objects that X adds to its `includes`.
    ChatExpansion {
        AdminIds = "admin_ids",
        MemberIds = "member_ids",
        ParticipantIds = "participant_ids",
    }

    /// Field of an event in an encrypted chat, for `chat_event_fields`.
    ChatEventField {
        ConversationId = "conversation_id",
        ConversationKeyVersion = "conversation_key_version",
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

    /// Participants for whom messages are deleted.
    DeleteMessageAction {
        DeleteForAll = "delete_for_all",
        DeleteForSelf = "delete_for_self",
    }
}

wire_struct! {
    /// An encrypted chat conversation.
    ChatConversation {
        /// ID of the chat conversation.
        id: ChatId,
        ;
        /// Type of the conversation.
        kind = "type": ChatType,
        /// Creation time of the conversation.
        created_at: Timestamp,
        /// Time of the last update.
        updated_at: Timestamp,
        /// IDs of the administrators of a group.
        admin_ids: Vec<UserId>,
        /// IDs of the members of a group.
        member_ids: Vec<UserId>,
        /// IDs of the participants.
        participant_ids: Vec<UserId>,
        /// URL of the avatar of a group.
        group_avatar_url: String,
        /// Encrypted name of a group.
        group_name: String,
        /// Encrypted description of a group.
        group_description: String,
        /// Version of the conversation key that encrypts the description.
        group_description_key_version: String,
        /// Actions that only administrators of a group can perform.
        admin_settings: ChatAdminSettings,
        /// Invite link of a group.
        invite: ChatInvite,
        /// IDs of the users who asked to join a group.
        pending_member_ids: Vec<UserId>,
        /// Whether the authenticated user archived the conversation.
        is_archived: bool,
        /// Whether the authenticated user muted the conversation.
        is_muted: bool,
        /// Whether the conversation has events that the authenticated user has not read.
        unread: bool,
        /// ID of the last event that the authenticated user has read.
        last_read_event_id: String,
        /// ID of the newest event.
        newest_event_id: String,
        /// Time after which messages disappear, in milliseconds.
        message_ttl_ms: u64,
        /// Whether screenshots are blocked.
        screen_capture_blocking_enabled: bool,
        /// Whether participants are notified of screenshots.
        screen_capture_detection_enabled: bool,
    }

    /// An event of an encrypted chat conversation.
    ChatEvent {
        /// ID of the chat event.
        id: String,
        ;
        /// ID of the conversation.
        conversation_id: ChatId,
        /// Version of the conversation key that encrypts the event.
        conversation_key_version: String,
        /// Token that replies have to include.
        conversation_token: String,
        /// Time of the event.
        created_at: Timestamp,
        /// Encrypted content of the event.
        encoded_event: String,
        /// Whether X trusts the sender.
        is_trusted: bool,
        /// Signature of the sender.
        message_event_signature: Json,
        /// ID of the previous event.
        previous_id: String,
        /// ID of the sender.
        sender_id: UserId,
    }

    /// Response with the ID for a new group.
    ChatGroupId {
        /// ID of the conversation.
        conversation_id: ChatId,
    }

    /// Response to the creation of a group.
    CreatedChat {
        /// ID of the new group.
        conversation_id: ChatId,
        ;
        /// Sequence ID of the event that set the key of the conversation.
        conversation_key_change_sequence_id: String,
    }

    /// Response to setting new keys of a conversation.
    AddedChatKeys {
        ;
        /// ID of the conversation.
        conversation_id: ChatId,
        /// Sequence ID of the event that set the keys.
        sequence_id: String,
    }

    /// Response to sending a message.
    SentChatMessage {
        /// Encrypted event of the message.
        encoded_message_event: String,
    }

    /// Response that says only whether the request succeeded.
    Success {
        /// Whether the request succeeded.
        success: bool,
    }

    /// Response to the start of a media upload to a conversation.
    ChatUpload {
        /// ID of the upload session.
        session_id: String,
        /// ID of the conversation.
        conversation_id: ChatId,
        /// Hash key for downloading the media file.
        media_hash_key: String,
    }

    /// Public keys of a user.
    PublicKey {
        ;
        /// Public key for encryption.
        public_key: String,
        /// Public key for signatures.
        signing_public_key: String,
        /// Signature of the public key by the identity key.
        identity_public_key_signature: String,
        /// Version of the keys.
        public_key_version: String,
        /// Configuration of the Juicebox service that stores the private keys.
        juicebox_config: Json,
    }

    /// Response to the addition of a public key.
    AddedPublicKey {
        ;
        /// Version of the new key.
        public_key_version: String,
        /// Configuration of the Juicebox service for storing the private key.
        juicebox_config: Json,
    }
}

id_of! { ChatConversation: ChatId }
