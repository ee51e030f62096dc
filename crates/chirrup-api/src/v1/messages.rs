//! Direct messages: events, welcome messages and their rules, profiles, the old calls.

use chirrup_model::v1::{
    DirectMessage, MessageEvents, OneCustomProfile, OneMessage, OneWelcomeMessage, OneWelcomeRule, WelcomeMessages,
    WelcomeRules,
};
use chirrup_model::{DmEventId, UserId, Username};
use serde_json::Value as Json;

crate::endpoints! {
    MESSAGES on V1;

    /// Lists the messages of the last 30 days, those that you sent and those that you got.
    message_events -> ListMessages = GET "/1.1/direct_messages/events/list.json" => MessageEvents;
    auth User;
    query {
        /// How many a page holds, up to 50.
        count: u32, in 1..=50;
    }
    with CURSOR;

    /// Shows a message.
    message_event -> ShowMessage = GET "/1.1/direct_messages/events/show.json" => OneMessage;
    auth User;
    needs { id: DmEventId; }

    /// Sends a message; [`V1::send`](crate::v1::V1::send) writes the event.
    new_message_event -> NewMessageEvent = POST "/1.1/direct_messages/events/new.json" => OneMessage;
    auth User;
    sends { event: Json; }

    /// Deletes a message, for you alone.
    destroy_message_event -> DestroyMessage = DELETE "/1.1/direct_messages/events/destroy.json" => ();
    auth User;
    needs { id: DmEventId; }

    /// Says that you are writing.
    indicate_typing -> IndicateTyping = POST "/1.1/direct_messages/indicate_typing.json" => ();
    auth User;
    fills { recipient = "recipient_id": UserId; }

    /// Says that you have read all up to a message.
    mark_read -> MarkRead = POST "/1.1/direct_messages/mark_read.json" => ();
    auth User;
    fills { last_read = "last_read_event_id": DmEventId; recipient = "recipient_id": UserId; }

    /// Makes a message that greets; [`V1::create_welcome`](crate::v1::V1::create_welcome) writes it.
    new_welcome_message -> NewWelcomeMessage = POST "/1.1/direct_messages/welcome_messages/new.json" => OneWelcomeMessage;
    auth User;
    sends { welcome_message: Json; }

    /// Shows a message that greets.
    welcome_message -> ShowWelcomeMessage = GET "/1.1/direct_messages/welcome_messages/show.json" => OneWelcomeMessage;
    auth User;
    needs { id: String; }

    /// Lists the messages that greet.
    welcome_messages -> ListWelcomeMessages = GET "/1.1/direct_messages/welcome_messages/list.json" => WelcomeMessages;
    auth User;
    query {
        /// How many a page holds, up to 50.
        count: u32, in 1..=50;
    }
    with CURSOR;

    /// Changes a message that greets; [`V1::update_welcome`](crate::v1::V1::update_welcome) writes it.
    update_welcome_message -> UpdateWelcomeMessage = PUT "/1.1/direct_messages/welcome_messages/update.json" => OneWelcomeMessage;
    auth User;
    needs { id: String; }
    sends { message_data: Json; }

    /// Deletes a message that greets.
    destroy_welcome_message -> DestroyWelcomeMessage = DELETE "/1.1/direct_messages/welcome_messages/destroy.json" => ();
    auth User;
    needs { id: String; }

    /// Lets a message greet.
    new_welcome_rule -> NewWelcomeRule = POST "/1.1/direct_messages/welcome_messages/rules/new.json" => OneWelcomeRule;
    auth User;
    sends { welcome_message_rule: Json; }

    /// Shows which message a rule lets greet.
    welcome_rule -> ShowWelcomeRule = GET "/1.1/direct_messages/welcome_messages/rules/show.json" => OneWelcomeRule;
    auth User;
    needs { id: String; }

    /// Lists which messages greet.
    welcome_rules -> ListWelcomeRules = GET "/1.1/direct_messages/welcome_messages/rules/list.json" => WelcomeRules;
    auth User;
    query {
        /// How many a page holds, up to 50.
        count: u32, in 1..=50;
    }
    with CURSOR;

    /// Lets a message greet no longer.
    destroy_welcome_rule -> DestroyWelcomeRule = DELETE "/1.1/direct_messages/welcome_messages/rules/destroy.json" => ();
    auth User;
    needs { id: String; }

    /// Makes a name and a picture to send messages under; [`V1::create_profile`](crate::v1::V1::create_profile) writes it.
    new_custom_profile -> NewCustomProfile = POST "/1.1/custom_profiles/new.json" => OneCustomProfile;
    auth User;
    sends { custom_profile: Json; }

    /// Shows a name and a picture to send messages under.
    custom_profile -> ShowCustomProfile = GET "/1.1/custom_profiles/{id}.json" => OneCustomProfile;
    auth User;
    path { id: String }

    /// Lists the messages that you got, as before there were events. X has taken this away; other servers have it.
    received_messages -> ReceivedMessages = GET "/1.1/direct_messages.json" => Vec<DirectMessage>;
    auth User;
    alias "get_direct_messages";
    with TIMELINE_PAGE;

    /// Lists the messages that you sent, as before there were events. X has taken this away; other servers have it.
    sent_messages -> SentMessages = GET "/1.1/direct_messages/sent.json" => Vec<DirectMessage>;
    auth User;
    alias "get_sent_messages";
    with TIMELINE_PAGE;

    /// Shows a message, as before there were events. X has taken this away; other servers have it.
    old_message -> ShowOldMessage = GET "/1.1/direct_messages/show.json" => DirectMessage;
    auth User;
    alias "get_direct_message";
    needs { id: DmEventId; }

    /// Sends a message, as before there were events. X has taken this away; other servers have it.
    send_old_message -> SendOldMessage = POST "/1.1/direct_messages/new.json" => DirectMessage;
    auth User;
    alias "send_direct_message";
    fills { text: String, in 1..=10000; }
    form {
        /// To whom.
        user_id: UserId;
        /// Their name.
        screen_name: Username;
    }

    /// Deletes a message, as before there were events. X has taken this away; other servers have it.
    destroy_old_message -> DestroyOldMessage = POST "/1.1/direct_messages/destroy.json" => DirectMessage;
    auth User;
    alias "destroy_direct_message";
    fills { id: DmEventId; }
}
