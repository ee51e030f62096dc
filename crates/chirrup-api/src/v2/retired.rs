//! Endpoints that X no longer documents. Existing programs still call them.

use chirrup_model::{
    ChatEvent, ChatId, Engagement, EngagementField, InsightGranularity, InsightMetric, Note, NoteOpinion, PostId,
    ReplayJob, Timestamp, Username, WebhookId,
};
use serde_json::Value as Json;

crate::endpoints! {
    /// # Retired endpoints
    ///
    /// Endpoints that X no longer documents; servers may still answer them.
    RETIRED in v2::retired;

    /// Returns the engagement metrics of up to 25 posts of the authenticated user in the last 28 hours.
    insights_28hr -> Insights28Hr = GET "/2/insights/28hr" => Vec<Engagement>;
    auth User, OAuth2["tweet.read"];
    required query {
        /// IDs of the posts.
        posts = "tweet_ids": Vec<PostId>, in 1..=25;
        /// Period that each value covers.
        granularity: InsightGranularity;
        /// Metrics to return for each item.
        metrics = "requested_metrics": Vec<InsightMetric>;
    }
    query {
        /// Fields of the engagement to return.
        engagement_fields = "engagement.fields": Vec<EngagementField>;
    }
    retired "use `post_analytics`";

    /// Returns the engagement metrics of up to 25 posts of the authenticated user in a time range.
    insights_historical -> InsightsHistorical = GET "/2/insights/historical" => Vec<Engagement>;
    auth User, OAuth2["tweet.read"];
    required query {
        /// IDs of the posts.
        posts = "tweet_ids": Vec<PostId>, in 1..=25;
        /// Start of the time range.
        start_time: Timestamp;
        /// End of the time range.
        end_time: Timestamp;
        /// Period that each value covers.
        granularity: InsightGranularity;
        /// Metrics to return for each item.
        metrics = "requested_metrics": Vec<InsightMetric>;
    }
    query {
        /// Fields of the engagement to return.
        engagement_fields = "engagement.fields": Vec<EngagementField>;
    }
    retired "use `post_analytics`";

    /// Returns whether a username can be bought, as raw JSON.
    handle_availability -> HandleAvailability = GET "/2/marketplace/handles/{handle}/availability" => Json;
    auth App, User, OAuth2["users.read", "tweet.read"];
    path {
        /// Username to look up, without the `@`.
        handle: Username,
    }
    retired "there is no replacement";

    /// Delivers the account activity of a time range to a webhook again.
    replay_account_activity -> ReplayAccountActivity =
        POST "/2/account_activity/replay/webhooks/{webhook_id}/subscriptions/all" => ReplayJob;
    auth App;
    path {
        /// ID of the webhook.
        webhook = "webhook_id": WebhookId,
    }
    required query {
        /// Start of the time range in UTC: `YYYYMMDDhhmm`.
        from = "from_date": String, in 12..=12;
        /// End of the time range in UTC: `YYYYMMDDhhmm`.
        to = "to_date": String, in 12..=12;
    }
    retired "use `replay_webhook`";

    /// Returns the Community Notes of the authenticated user.
    notes -> Notes = GET "/2/notes" => Vec<Note>;
    auth User, OAuth2["tweet.read"];
    price "Note: Read";
    with PAGE;
    retired "use `notes_written`";

    /// Returns a score for how opinionated the text of a Community Note is.
    evaluate_note_text -> EvaluateNoteText = POST "/2/evaluate_note" => NoteOpinion;
    auth User, OAuth2["tweet.write"];
    required body {
        /// Text of the note.
        text = "note_text": String;
        /// ID of the post that the note is about.
        post = "post_id": PostId;
    }
    retired "use `evaluate_note`";

    /// Returns the messages of an encrypted chat conversation.
    chat_messages -> ChatMessages = GET "/2/chat/conversations/{conversation_id}/messages" => Vec<ChatEvent>;
    auth User, OAuth2["dm.read", "tweet.read", "users.read"];
    path {
        /// ID of the chat conversation.
        chat = "conversation_id": ChatId,
    }
    with PAGE;
    retired "use `chat_events`";
}
