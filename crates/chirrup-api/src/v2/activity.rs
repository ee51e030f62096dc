//! X Activity API: subscriptions to the activity of accounts.

use chirrup_model::{
    ActivitySubscription, ActivityType, Deleted, DeletedSubscription, SubscriptionChange, SubscriptionId, Timestamp,
    UserId, WebhookId,
};
use serde_json::Value as Json;

crate::endpoints! {
    /// # Activity
    ///
    /// Subscribe to the activity of accounts.
    ACTIVITY in v2::activity;

    /// Returns the activity subscriptions of the app.
    activity_subscriptions -> ActivitySubscriptions = GET "/2/activity/subscriptions" => Vec<ActivitySubscription>;
    auth App, User, OAuth2["like.read", "tweet.read"];
    example().user_id(12);
    query {
        /// Number of subscriptions per page.
        max_results: u32, in 1..=1000, default 1000;
        /// ID of a user; only subscriptions to the activity of this user are returned.
        user_id: UserId;
    }
    with PAGE;

    /// Subscribes the app to one type of activity.
    create_activity_subscription -> CreateActivitySubscription = POST "/2/activity/subscriptions" => SubscriptionChange;
    auth App, User, OAuth2[];
    example("post.create", serde_json::json!({"user_id": "12"})).tag("posts of robin");
    required body {
        /// Type of the activity, such as `profile.update.bio`.
        kind = "event_type": ActivityType;
        /// Account or keyword to watch, such as `{"user_id": "12"}`, with further conditions as `qualifiers`.
        filter: Json;
    }
    body {
        /// Time at which the subscription ends. Without it, the subscription has no end.
        expires_at: Timestamp;
        /// Label of the subscription.
        tag: String, in 1..=200;
        /// ID of the webhook to deliver the events to; without one, the activity stream delivers them.
        webhook_id: WebhookId;
    }

    /// Updates the tag or the webhook of an activity subscription.
    update_activity_subscription -> UpdateActivitySubscription = PUT "/2/activity/subscriptions/{subscription_id}" => SubscriptionChange;
    auth App, User, OAuth2[];
    example(1585823814058971140).tag("posts of robin");
    path {
        /// ID of the activity subscription.
        subscription = "subscription_id": SubscriptionId,
    }
    body {
        /// Label of the subscription.
        tag: String, in 1..=200;
        /// ID of the webhook to deliver the events to; without one, the activity stream delivers them.
        webhook_id: WebhookId;
    }

    /// Deletes an activity subscription.
    delete_activity_subscription -> DeleteActivitySubscription = DELETE "/2/activity/subscriptions/{subscription_id}" => Deleted;
    auth App, User, OAuth2[];
    example(1585823814058971140);
    path {
        /// ID of the activity subscription.
        subscription = "subscription_id": SubscriptionId,
    }

    /// Deletes up to 100 activity subscriptions.
    delete_activity_subscriptions -> DeleteActivitySubscriptions = DELETE "/2/activity/subscriptions" => Vec<DeletedSubscription>;
    auth App;
    example([1585823814058971140]);
    required query {
        /// IDs of the subscriptions.
        ids: Vec<SubscriptionId>, in 1..=100;
    }
}
