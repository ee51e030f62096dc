//! Webhooks of the app, the delivery of the filtered stream to them, and replays.

use chirrup_model::{Deleted, Provisioned, ReplayJob, StreamWebhookLink, Validated, Webhook, WebhookField, WebhookId};

crate::endpoints! {
    /// # Webhooks
    ///
    /// Register webhooks, link them to the filtered stream, and replay events.
    WEBHOOKS in v2::webhooks;

    /// Returns the webhooks of the app.
    webhooks -> GetWebhooks = GET "/2/webhooks" => Vec<Webhook>;
    auth App, User, OAuth2[];
    example().webhook_fields(["url", "valid"]);
    query {
        /// Fields of webhooks to return.
        webhook_fields = "webhook_config.fields": Vec<WebhookField>;
    }

    /// Registers a webhook by its URL.
    ///
    /// X sends a challenge (CRC) to the URL before it answers, so the receiver must already run.
    create_webhook -> CreateWebhook = POST "/2/webhooks" => Webhook;
    auth App, User, OAuth2[];
    example("https://bot.example/hook");
    required body {
        /// HTTPS URL of the receiver, without a port.
        url: String, in 1..=200;
    }

    /// Makes X repeat the challenge (CRC) of a webhook, which marks it as valid again if it passes.
    validate_webhook -> ValidateWebhook = PUT "/2/webhooks/{webhook_id}" => Validated;
    auth App, User, OAuth2[];
    path {
        /// ID of the webhook.
        webhook = "webhook_id": WebhookId,
    }

    /// Deletes a webhook of the app.
    delete_webhook -> DeleteWebhook = DELETE "/2/webhooks/{webhook_id}" => Deleted;
    auth App, User, OAuth2[];
    example(1585823814058971140);
    path {
        /// ID of the webhook.
        webhook = "webhook_id": WebhookId,
    }

    /// Delivers the events of a time range of the last 24 hours to a webhook again.
    replay_webhook -> ReplayWebhook = POST "/2/webhooks/replay" => ReplayJob;
    auth App;
    required body {
        /// Start of the time range in UTC: `YYYYMMDDhhmm`.
        from = "from_date": String;
        /// End of the time range in UTC: `YYYYMMDDhhmm`.
        to = "to_date": String;
        /// ID of the webhook.
        webhook = "webhook_id": WebhookId;
    }

    /// Returns the webhooks that receive the filtered stream.
    stream_links -> StreamLinks = GET "/2/tweets/search/webhooks" => Vec<StreamWebhookLink>;
    auth App;
    example();

    /// Starts the delivery of the filtered stream to a webhook.
    create_stream_link -> CreateStreamLink = POST "/2/tweets/search/webhooks/{webhook_id}" => Provisioned;
    auth App;
    example(1585823814058971140);
    path {
        /// ID of the webhook.
        webhook = "webhook_id": WebhookId,
    }

    /// Stops the delivery of the filtered stream to a webhook.
    delete_stream_link -> DeleteStreamLink = DELETE "/2/tweets/search/webhooks/{webhook_id}" => Deleted;
    auth App;
    example(1585823814058971140);
    path {
        /// ID of the webhook.
        webhook = "webhook_id": WebhookId,
    }
}
