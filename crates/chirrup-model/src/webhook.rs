//! Webhooks, and subscriptions to the account activity of users.

use crate::id::{JobId, UserId, WebhookId};
use crate::into_param::id_of;
use crate::{wire_enum, wire_struct};

wire_enum! {
    /// Field of a webhook, for `webhook_fields`.
    WebhookField {
        CreatedAt = "created_at",
        Id = "id",
        Url = "url",
        Valid = "valid",
    }
}

wire_struct! {
    /// A webhook: a URL that X sends events to.
    Webhook {
        /// ID of the webhook.
        id: WebhookId,
        ;
        /// URL of the webhook.
        url: String,
        /// Whether the webhook passed its last CRC check.
        valid: bool,
        /// Creation time, as X sends it.
        created_at: String,
    }

    /// Response to a request for a CRC check of a webhook.
    Validated {
        /// Whether the webhook passed the check.
        valid: bool,
    }

    /// A job that sends the events of a time span again.
    ReplayJob {
        /// ID of the job.
        job_id: JobId,
        /// Creation time, as X sends it.
        created_at: String,
    }

    /// A link from the filtered stream to a webhook.
    StreamWebhookLink {
        ;
        /// ID of the app.
        application_id: String,
        /// ID of the user who is billed.
        business_user_id: String,
        /// Creation time, as X sends it.
        created_at: String,
        /// Fields of the posts that X sends.
        fields: Vec<String>,
        /// ID of the instance.
        instance_id: String,
        /// ID of the webhook.
        webhook_id: String,
    }

    /// Response to linking or unlinking the filtered stream and a webhook.
    Provisioned {
        /// Whether the stream and the webhook are now linked.
        provisioned: bool,
    }

    /// Response to a subscription to the account activity of a user.
    Subscribed {
        /// Whether the webhook is now subscribed to the user.
        subscribed: bool,
    }

    /// Users whose account activity a webhook receives.
    AccountSubscriptions {
        ;
        /// ID of the app.
        application_id: String,
        /// ID of the webhook.
        webhook_id: String,
        /// URL of the webhook.
        webhook_url: String,
        /// Subscriptions of the webhook.
        subscriptions: Vec<AccountSubscription>,
    }

    /// Subscription to the account activity of one user.
    AccountSubscription {
        ;
        /// ID of the user.
        user_id: UserId,
    }

    /// Number of subscriptions to account activity.
    SubscriptionCount {
        ;
        /// Name of the account of the developer.
        account_name: String,
        /// Maximum number of subscriptions, as a decimal number.
        provisioned_count: String,
        /// Number of subscriptions to all activity, as a decimal number.
        subscriptions_count_all: String,
        /// Number of subscriptions to direct messages, as a decimal number.
        subscriptions_count_direct_messages: String,
    }
}

id_of! { Webhook: WebhookId }
