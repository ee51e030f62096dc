//! What the authenticated user does with a conversation of encrypted chat as a whole.

use chirrup_model::{
    ActionSignature, Archived, ChatId, ChatMuted, ChatPinnedMessage, ChatPinnedMessageField, Deleted, Milliseconds,
    ScreenCapture, Success, Updated,
};

crate::endpoints! {
    /// # Chat conversations
    ///
    /// Archive, mute and delete encrypted conversations, and set the lifetime of their messages.
    CHAT_CONVERSATIONS in v2::chat_conversations;

    /// Deletes an encrypted chat conversation for the authenticated user.
    delete_chat -> DeleteChat = DELETE "/2/chat/conversations/{id}" => Deleted;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    example("g1585823814058971140");
    path {
        /// ID of the conversation.
        chat = "id": ChatId,
    }
    with ACTION_SIGNATURES;

    /// Archives an encrypted chat conversation for the authenticated user.
    archive_chat -> ArchiveChat = POST "/2/chat/conversations/{id}/archive" => Archived;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    example("g1585823814058971140");
    idempotent;
    path {
        /// ID of the conversation.
        chat = "id": ChatId,
    }
    with ACTION_SIGNATURES;

    /// Moves an archived chat conversation back to the inbox of the authenticated user.
    unarchive_chat -> UnarchiveChat = DELETE "/2/chat/conversations/{id}/archive" => Archived;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    example("g1585823814058971140");
    path {
        /// ID of the conversation.
        chat = "id": ChatId,
    }
    with ACTION_SIGNATURES;

    /// Mutes the notifications of an encrypted chat conversation for the authenticated user.
    mute_chat -> MuteChat = POST "/2/chat/conversations/{id}/mute" => ChatMuted;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    example("g1585823814058971140");
    idempotent;
    path {
        /// ID of the conversation.
        chat = "id": ChatId,
    }
    with ACTION_SIGNATURES;

    /// Unmutes the notifications of an encrypted chat conversation for the authenticated user.
    unmute_chat -> UnmuteChat = DELETE "/2/chat/conversations/{id}/mute" => ChatMuted;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    example("g1585823814058971140");
    path {
        /// ID of the conversation.
        chat = "id": ChatId,
    }
    with ACTION_SIGNATURES;

    /// Marks an encrypted chat conversation as unread for the authenticated user.
    mark_chat_unread -> MarkChatUnread = POST "/2/chat/conversations/{id}/unread" => Success;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    example("g1585823814058971140");
    idempotent;
    path {
        /// ID of the conversation.
        chat = "id": ChatId,
    }

    /// Sets the time after which new messages of an encrypted chat conversation disappear, for all participants.
    set_chat_message_ttl -> SetChatMessageTtl = PUT "/2/chat/conversations/{id}/message_ttl" => Updated;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    alias "update_chat_message_ttl";
    path {
        /// ID of the conversation.
        chat = "id": ChatId,
    }
    required body {
        /// Lifetime of new messages: a `Duration` or a number of milliseconds.
        ttl = "message_ttl_ms": Milliseconds;
    }
    with ACTION_SIGNATURES;

    /// Keeps new messages of an encrypted chat conversation without a time limit, for all participants.
    delete_chat_message_ttl -> DeleteChatMessageTtl = DELETE "/2/chat/conversations/{id}/message_ttl" => Deleted;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    path {
        /// ID of the conversation.
        chat = "id": ChatId,
    }
    with ACTION_SIGNATURES;

    /// Sets how an encrypted chat conversation protects its messages against screenshots: at least one setting.
    set_chat_screen_capture -> SetChatScreenCapture = PUT "/2/chat/conversations/{id}/screen_capture" => ScreenCapture;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    alias "update_chat_screen_capture";
    example("g1585823814058971140").blocking(true);
    path {
        /// ID of the conversation.
        chat = "id": ChatId,
    }
    body {
        /// Whether screenshots are blocked.
        blocking: bool;
        /// Signatures of the event that changes `blocking`.
        blocking_action_signatures: Vec<ActionSignature>;
        /// Whether participants are notified of screenshots.
        detection: bool;
        /// Signatures of the event that changes `detection`.
        detection_action_signatures: Vec<ActionSignature>;
    }

    /// Returns the pinned messages of an encrypted chat conversation.
    get_pinned_chat_messages -> GetPinnedChatMessages = GET "/2/chat/conversations/{id}/pinned_messages" => Vec<ChatPinnedMessage>;
    auth User, OAuth2["dm.read", "tweet.read", "users.read"];
    example("g1585823814058971140");
    path {
        /// ID of the conversation.
        chat = "id": ChatId,
    }
    query {
        /// Fields of pinned messages to return.
        pinned_message_fields = "chat_pinned_message.fields": Vec<ChatPinnedMessageField>;
    }
    with PAGE;
}
