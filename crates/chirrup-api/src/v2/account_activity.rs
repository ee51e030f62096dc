//! Account Activity API: delivery of all activity of a user to a webhook.

use chirrup_model::{AccountSubscriptions, Subscribed, SubscriptionCount, UserId, WebhookId};

crate::endpoints! {
    /// # Account Activity
    ///
    /// Subscribe webhooks to all activity of users.
    ACCOUNT_ACTIVITY in v2::account_activity;

    /// Returns whether a webhook receives the account activity of the authenticated user.
    is_subscribed -> IsSubscribed = GET "/2/account_activity/webhooks/{webhook_id}/subscriptions/all" => Subscribed;
    auth User, OAuth2["dm.read", "dm.write", "tweet.read", "users.read"];
    example(1585823814058971140);
    path {
        /// ID of the webhook.
        webhook = "webhook_id": WebhookId,
    }

    /// Subscribes a webhook to the account activity of the authenticated user.
    subscribe -> Subscribe = POST "/2/account_activity/webhooks/{webhook_id}/subscriptions/all" => Subscribed;
    auth User, OAuth2["dm.read", "dm.write", "tweet.read", "users.read"];
    example(1585823814058971140);
    idempotent;
    path {
        /// ID of the webhook.
        webhook = "webhook_id": WebhookId,
    }

    /// Returns the users whose account activity a webhook receives.
    account_subscriptions -> GetAccountSubscriptions = GET "/2/account_activity/webhooks/{webhook_id}/subscriptions/all/list" => AccountSubscriptions;
    auth App;
    example(1585823814058971140);
    path {
        /// ID of the webhook.
        webhook = "webhook_id": WebhookId,
    }

    /// Unsubscribes a webhook from the account activity of a user.
    unsubscribe -> Unsubscribe = DELETE "/2/account_activity/webhooks/{webhook_id}/subscriptions/{user_id}/all" => Subscribed;
    auth App;
    example(1585823814058971140, 2244994900);
    path {
        /// ID of the webhook.
        webhook = "webhook_id": WebhookId,
        /// ID of the user whose activity is no longer delivered.
        user = "user_id": UserId,
    }

    /// Returns how many account activity subscriptions the app has, and how many its plan allows.
    account_subscription_count -> GetAccountSubscriptionCount = GET "/2/account_activity/subscriptions/count" => SubscriptionCount;
    auth App;
    example();
}
