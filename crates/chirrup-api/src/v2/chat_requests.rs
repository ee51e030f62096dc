//! Message requests of encrypted chat, and the chat settings of a user.

use chirrup_model::{
    Accepted, AllowDmsFrom, AvSettings, ChatId, ChatRequest, ChatRequestDetail, ChatRequestDetailField,
    ChatRequestField, ChatRequestInbox, ChatSettings, ChatSettingsField, DmQualityFilter, DmReceiptSettings,
};

crate::endpoints! {
    /// # Chat message requests
    ///
    /// Read and accept requests of users to chat, and set who may send messages.
    CHAT_REQUESTS in v2::chat_requests;

    /// Returns the message requests of one inbox of the authenticated user, newest first.
    get_chat_message_requests -> GetChatMessageRequests = GET "/2/chat/message_requests" => Vec<ChatRequest>;
    auth User, OAuth2["dm.read", "tweet.read", "users.read"];
    example().max_results(20);
    query {
        /// Inbox of the requests.
        inbox_type: ChatRequestInbox, default "you_may_know";
        /// Number of requests per page.
        max_results: u32, in 1..=50, default 10;
        /// Fields of requests to return.
        request_fields = "chat_message_request.fields": Vec<ChatRequestField>;
    }
    with PAGE;

    /// Returns the message request in a conversation of two users, with its state.
    get_chat_message_request -> GetChatMessageRequest = GET "/2/chat/message_requests/{id}" => ChatRequestDetail;
    auth User, OAuth2["dm.read", "tweet.read", "users.read"];
    path {
        /// ID of the conversation, or of the other user.
        chat = "id": ChatId,
    }
    query {
        /// Fields of the request to return.
        request_fields = "chat_message_request_detail.fields": Vec<ChatRequestDetailField>;
    }

    /// Accepts a message request, which moves the conversation to the inbox of the authenticated user.
    accept_chat_message_request -> AcceptChatMessageRequest = POST "/2/chat/message_requests/{id}/accept" => Accepted;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    path {
        /// ID of the conversation, or of the other user.
        chat = "id": ChatId,
    }

    /// Returns the chat settings of the authenticated user.
    get_chat_settings -> GetChatSettings = GET "/2/chat/settings" => ChatSettings;
    auth User, OAuth2["dm.read", "tweet.read", "users.read"];
    example();
    query {
        /// Fields of the settings to return.
        settings_fields = "chat_settings.fields": Vec<ChatSettingsField>;
    }

    /// Changes the chat settings of the authenticated user: at least one setting.
    update_chat_settings -> UpdateChatSettings = PUT "/2/chat/settings" => ChatSettings;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    example().always_allow_dms_from_subscribers(true);
    body {
        /// Users who may send messages, besides those whom the authenticated user follows.
        allow_dms_from: AllowDmsFrom;
        /// Whether subscribers of the authenticated user may always send messages.
        always_allow_dms_from_subscribers: bool;
        /// Settings of audio and video calls.
        av_settings: AvSettings;
        /// Filter for messages that are probably unwanted.
        dm_quality_filter: DmQualityFilter;
        /// Read receipts that others get.
        dm_receipt_settings: DmReceiptSettings;
    }
}
