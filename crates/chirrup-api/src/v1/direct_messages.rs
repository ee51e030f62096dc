//! Direct messages: events, welcome messages and their rules, custom profiles, and the calls that preceded events.

use chirrup_model::v1::{
    CustomProfileResponse, DirectMessage, MessageEventResponse, MessageEvents, WelcomeMessageResponse,
    WelcomeMessageRuleResponse, WelcomeMessageRules, WelcomeMessages,
};
use chirrup_model::{DmEventId, UserId, Username};
use serde_json::Value as Json;

crate::endpoints! {
    /// # Direct Messages
    ///
    /// Send and read direct messages, and manage welcome messages and custom profiles.
    DIRECT_MESSAGES in v1::direct_messages;

    /// Returns the direct messages that the authenticated user sent and received in the last 30 days, newest first.
    message_events -> ListMessages = GET "/1.1/direct_messages/events/list.json" => MessageEvents;
    auth User;
    example().count(50);
    query {
        /// Number of messages per page.
        count: u32, in 1..=50, default 20;
    }
    with CURSOR;

    /// Returns a direct message by ID.
    message_event -> ShowMessage = GET "/1.1/direct_messages/events/show.json" => MessageEventResponse;
    auth User;
    required query {
        /// ID of the message event.
        id: DmEventId;
    }

    /// Sends a direct message, given as a JSON event; `send` builds the event.
    new_message_event -> NewMessageEvent = POST "/1.1/direct_messages/events/new.json" => MessageEventResponse;
    auth User;
    required body {
        /// Message event of type `message_create`, as JSON.
        event: Json;
    }

    /// Deletes a direct message for the authenticated user; the other participant keeps it.
    destroy_message_event -> DestroyMessage = DELETE "/1.1/direct_messages/events/destroy.json" => ();
    auth User;
    required query {
        /// ID of the message event.
        id: DmEventId;
    }

    /// Shows the typing indicator to the recipient.
    indicate_typing -> IndicateTyping = POST "/1.1/direct_messages/indicate_typing.json" => ();
    auth User;
    example(12);
    idempotent;
    required form {
        /// ID of the user who receives the messages.
        recipient = "recipient_id": UserId;
    }

    /// Marks the conversation with a user as read up to a message.
    mark_read -> MarkRead = POST "/1.1/direct_messages/mark_read.json" => ();
    auth User;
    idempotent;
    required form {
        /// ID of the last message that the user has read.
        last_read = "last_read_event_id": DmEventId;
        /// ID of the other participant.
        recipient = "recipient_id": UserId;
    }

    /// Creates a welcome message, given as JSON; `create_welcome` builds it.
    new_welcome_message -> NewWelcomeMessage = POST "/1.1/direct_messages/welcome_messages/new.json" => WelcomeMessageResponse;
    auth User;
    required body {
        /// Name and content of the welcome message, as JSON.
        welcome_message: Json;
    }

    /// Returns a welcome message by ID.
    welcome_message -> ShowWelcomeMessage = GET "/1.1/direct_messages/welcome_messages/show.json" => WelcomeMessageResponse;
    auth User;
    required query {
        /// ID of the welcome message.
        id: String;
    }

    /// Returns the welcome messages of the authenticated user.
    welcome_messages -> ListWelcomeMessages = GET "/1.1/direct_messages/welcome_messages/list.json" => WelcomeMessages;
    auth User;
    example().count(50);
    query {
        /// Number of welcome messages per page.
        count: u32, in 1..=50, default 20;
    }
    with CURSOR;

    /// Updates a welcome message, given as JSON; `update_welcome` builds it.
    update_welcome_message -> UpdateWelcomeMessage = PUT "/1.1/direct_messages/welcome_messages/update.json" => WelcomeMessageResponse;
    auth User;
    required query {
        /// ID of the welcome message.
        id: String;
    }
    required body {
        /// New content of the welcome message, as JSON.
        message_data: Json;
    }

    /// Deletes a welcome message.
    destroy_welcome_message -> DestroyWelcomeMessage = DELETE "/1.1/direct_messages/welcome_messages/destroy.json" => ();
    auth User;
    required query {
        /// ID of the welcome message.
        id: String;
    }

    /// Creates a welcome message rule, given as JSON; `set_welcome` builds it.
    new_welcome_rule -> NewWelcomeRule = POST "/1.1/direct_messages/welcome_messages/rules/new.json" => WelcomeMessageRuleResponse;
    auth User;
    required body {
        /// Welcome message to use: `{"welcome_message_id": "…"}`.
        welcome_message_rule: Json;
    }

    /// Returns a welcome message rule by ID.
    welcome_rule -> ShowWelcomeRule = GET "/1.1/direct_messages/welcome_messages/rules/show.json" => WelcomeMessageRuleResponse;
    auth User;
    required query {
        /// ID of the welcome message rule.
        id: String;
    }

    /// Returns the welcome message rules of the authenticated user.
    welcome_rules -> ListWelcomeRules = GET "/1.1/direct_messages/welcome_messages/rules/list.json" => WelcomeMessageRules;
    auth User;
    query {
        /// Number of rules per page.
        count: u32, in 1..=50, default 20;
    }
    with CURSOR;

    /// Deletes a welcome message rule, so that its message is no longer the default.
    destroy_welcome_rule -> DestroyWelcomeRule = DELETE "/1.1/direct_messages/welcome_messages/rules/destroy.json" => ();
    auth User;
    required query {
        /// ID of the welcome message rule.
        id: String;
    }

    /// Creates a custom profile (a sender name and avatar), given as JSON; `create_profile` builds it.
    new_custom_profile -> NewCustomProfile = POST "/1.1/custom_profiles/new.json" => CustomProfileResponse;
    auth User;
    required body {
        /// Name and avatar of the custom profile, as JSON.
        custom_profile: Json;
    }

    /// Returns a custom profile by ID.
    custom_profile -> ShowCustomProfile = GET "/1.1/custom_profiles/{id}.json" => CustomProfileResponse;
    auth User;
    path {
        /// ID of the custom profile.
        id: String,
    }

    /// Returns the direct messages that the authenticated user received.
    ///
    /// X has replaced this endpoint with `message_events`; other servers still support it.
    received_messages -> ReceivedMessages = GET "/1.1/direct_messages.json" => Vec<DirectMessage>;
    auth User;
    alias "get_direct_messages";
    with TIMELINE_PAGE;

    /// Returns the direct messages that the authenticated user sent.
    ///
    /// X has replaced this endpoint with `message_events`; other servers still support it.
    sent_messages -> SentMessages = GET "/1.1/direct_messages/sent.json" => Vec<DirectMessage>;
    auth User;
    alias "get_sent_messages";
    with TIMELINE_PAGE;

    /// Returns a direct message by ID in the old format.
    ///
    /// X has replaced this endpoint with `message_event`; other servers still support it.
    old_message -> ShowOldMessage = GET "/1.1/direct_messages/show.json" => DirectMessage;
    auth User;
    alias "get_direct_message";
    required query {
        /// ID of the message event.
        id: DmEventId;
    }

    /// Sends a direct message through the old endpoint.
    ///
    /// X has replaced this endpoint with `new_message_event`; other servers still support it.
    send_old_message -> SendOldMessage = POST "/1.1/direct_messages/new.json" => DirectMessage;
    auth User;
    alias "send_direct_message";
    required form {
        /// Text of the message.
        text: String, in 1..=10000;
    }
    form {
        /// ID of the recipient; an alternative to `screen_name`.
        user_id: UserId;
        /// Username of the recipient; an alternative to `user_id`.
        screen_name: Username;
    }

    /// Deletes a direct message through the old endpoint.
    ///
    /// X has replaced this endpoint with `destroy_message_event`; other servers still support it.
    destroy_old_message -> DestroyOldMessage = POST "/1.1/direct_messages/destroy.json" => DirectMessage;
    auth User;
    alias "destroy_direct_message";
    required form {
        /// ID of the message event.
        id: DmEventId;
    }
}
