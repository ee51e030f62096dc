//! Webhooks, and subscriptions to what users do.

use chirrup_model::{
    AccountSubscriptions, ActivitySubscription, ActivityType, Deleted, DeletedSubscription, ReplayJob, Subscribed,
    SubscriptionChange, SubscriptionCount, SubscriptionId, UserId, Validated, Webhook, WebhookField, WebhookId,
};
use serde_json::Value as Json;

crate::endpoints! {
    WEBHOOKS on Client;

    /// Lists the webhooks of the app.
    webhooks -> GetWebhooks = GET "/2/webhooks" => Vec<Webhook>;
    auth App;
    query {
        /// Fields of webhooks.
        webhook_fields = "webhook_config.fields": Vec<WebhookField>;
    }

    /// Makes a webhook. X asks the address at once whether it knows the secret.
    create_webhook -> CreateWebhook = POST "/2/webhooks" => Webhook;
    auth App, User;
    sends { url: String, in 1..=200; }

    /// Lets X ask the address again whether it knows the secret.
    validate_webhook -> ValidateWebhook = PUT "/2/webhooks/{webhook_id}" => Validated;
    auth App, User;
    path { webhook = "webhook_id": WebhookId }

    /// Deletes a webhook.
    delete_webhook -> DeleteWebhook = DELETE "/2/webhooks/{webhook_id}" => Deleted;
    auth App, User;
    path { webhook = "webhook_id": WebhookId }

    /// Sends the events of some time once more. Moments are written `YYYYMMDDhhmm`.
    replay_webhook -> ReplayWebhook = POST "/2/webhooks/replay" => ReplayJob;
    auth App;
    sends { from = "from_date": String; to = "to_date": String; webhook = "webhook_id": WebhookId; }

    /// Lists the subscriptions to activity.
    activity_subscriptions -> ActivitySubscriptions = GET "/2/activity/subscriptions" => Vec<ActivitySubscription>;
    auth App, User, OAuth2["like.read", "tweet.read"];
    query {
        /// How many a page holds: 1 to 1000.
        max_results: u32, in 1..=1000;
    }
    with PAGE;

    /// Subscribes to one kind of activity.
    create_activity_subscription -> CreateActivitySubscription = POST "/2/activity/subscriptions" => SubscriptionChange;
    auth App, User, OAuth2[];
    sends { kind = "event_type": ActivityType; filter: Json; }
    body {
        /// What you call it.
        tag: String, in 1..=200;
        /// The webhook that it goes to; without one it goes to the stream.
        webhook_id: WebhookId;
    }

    /// Changes the tag or the webhook of a subscription.
    update_activity_subscription -> UpdateActivitySubscription = PUT "/2/activity/subscriptions/{subscription_id}" => SubscriptionChange;
    auth App;
    path { subscription = "subscription_id": SubscriptionId }
    body {
        /// What you call it.
        tag: String, in 1..=200;
        /// The webhook that it goes to; without one it goes to the stream.
        webhook_id: WebhookId;
    }

    /// Deletes one subscription to activity.
    delete_activity_subscription -> DeleteActivitySubscription = DELETE "/2/activity/subscriptions/{subscription_id}" => Deleted;
    auth App;
    path { subscription = "subscription_id": SubscriptionId }

    /// Deletes up to 100 subscriptions to activity.
    delete_activity_subscriptions -> DeleteActivitySubscriptions = DELETE "/2/activity/subscriptions" => Vec<DeletedSubscription>;
    auth App;
    needs { ids: Vec<SubscriptionId>, in 1..=100; }

    /// Tells whether your account activity goes to a webhook.
    is_subscribed -> IsSubscribed = GET "/2/account_activity/webhooks/{webhook_id}/subscriptions/all" => Subscribed;
    auth User, OAuth2["dm.read", "dm.write", "tweet.read", "users.read"];
    path { webhook = "webhook_id": WebhookId }

    /// Lets your account activity go to a webhook.
    subscribe -> Subscribe = POST "/2/account_activity/webhooks/{webhook_id}/subscriptions/all" => Subscribed;
    auth User, OAuth2["dm.read", "dm.write", "tweet.read", "users.read"];
    path { webhook = "webhook_id": WebhookId }

    /// Lists whose account activity goes to a webhook.
    account_subscriptions -> GetAccountSubscriptions = GET "/2/account_activity/webhooks/{webhook_id}/subscriptions/all/list" => AccountSubscriptions;
    auth App;
    path { webhook = "webhook_id": WebhookId }

    /// Lets the account activity of a user go to a webhook no longer.
    unsubscribe -> Unsubscribe = DELETE "/2/account_activity/webhooks/{webhook_id}/subscriptions/{user_id}/all" => Subscribed;
    auth App;
    path { webhook = "webhook_id": WebhookId, user = "user_id": UserId }

    /// Tells how many users are subscribed to, and may be.
    account_subscription_count -> GetAccountSubscriptionCount = GET "/2/account_activity/subscriptions/count" => SubscriptionCount;
    auth App;
}
