//! What X no longer lists, and older programs still call.

use chirrup_model::{
    ChatEvent, ChatId, Engagement, EngagementField, InsightGranularity, InsightMetric, Note, NoteOpinion, PostId,
    ReplayJob, Timestamp, Username, WebhookId,
};
use serde_json::Value as Json;

crate::endpoints! {
    RETIRED on Client;

    /// Tells how up to 25 posts of yours did in the last 28 hours.
    insights_28hr -> Insights28Hr = GET "/2/insights/28hr" => Vec<Engagement>;
    auth User, OAuth2["tweet.read"];
    needs {
        posts = "tweet_ids": Vec<PostId>, in 1..=25;
        granularity: InsightGranularity;
        metrics = "requested_metrics": Vec<InsightMetric>;
    }
    query {
        /// Fields of the answer.
        engagement_fields = "engagement.fields": Vec<EngagementField>;
    }
    retired "use post_analytics";

    /// Tells how up to 25 posts of yours did in some span of time.
    insights_historical -> InsightsHistorical = GET "/2/insights/historical" => Vec<Engagement>;
    auth User, OAuth2["tweet.read"];
    needs {
        posts = "tweet_ids": Vec<PostId>, in 1..=25;
        start_time: Timestamp;
        end_time: Timestamp;
        granularity: InsightGranularity;
        metrics = "requested_metrics": Vec<InsightMetric>;
    }
    query {
        /// Fields of the answer.
        engagement_fields = "engagement.fields": Vec<EngagementField>;
    }
    retired "use post_analytics";

    /// Tells whether a name can be bought. The reply is raw.
    handle_availability -> HandleAvailability = GET "/2/marketplace/handles/{handle}/availability" => Json;
    auth App, User, OAuth2["users.read", "tweet.read"];
    path { handle: Username }
    retired "X lists it no longer; it may be refused";

    /// Sends the account activity of some time once more. Moments are written `YYYYMMDDhhmm`.
    replay_account_activity -> ReplayAccountActivity =
        POST "/2/account_activity/replay/webhooks/{webhook_id}/subscriptions/all" => ReplayJob;
    auth App;
    path { webhook = "webhook_id": WebhookId }
    needs { from = "from_date": String, in 12..=12; to = "to_date": String, in 12..=12; }
    retired "use replay_webhook";

    /// Lists notes.
    notes -> Notes = GET "/2/notes" => Vec<Note>;
    auth User, OAuth2["tweet.read"];
    with PAGE;
    retired "use notes_written";

    /// Tells how much opinion a note would hold.
    evaluate_note_text -> EvaluateNoteText = POST "/2/evaluate_note" => NoteOpinion;
    auth User, OAuth2["tweet.write"];
    sends { text = "note_text": String; post = "post_id": PostId; }
    retired "use evaluate_note";

    /// Lists the messages of a conversation of the encrypted chat.
    chat_messages -> ChatMessages = GET "/2/chat/conversations/{conversation_id}/messages" => Vec<ChatEvent>;
    auth User, OAuth2["dm.read", "tweet.read", "users.read"];
    path { chat = "conversation_id": ChatId }
    with PAGE;
    retired "use chat_events";
}
