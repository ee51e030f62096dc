//! Subscriptions of accounts to webhooks (Account Activity API).

use chirrup_api::v2::account_activity::{
    GetAccountSubscriptionCount, GetAccountSubscriptions, IsSubscribed, Subscribe, Unsubscribe,
};
use chirrup_model::UserId;
use serde_json::{Value as Json, json};

use super::context::{HandlerEntry, HandlerResult, RequestContext};
use super::documents::{DocumentKind, data_response};
use super::webhooks::{WEBHOOK, webhook_in_path};
use crate::response::api_error::ApiError;
use crate::response::json::str_of;

pub(super) const HANDLERS: &[HandlerEntry] = &[
    (IsSubscribed::ENDPOINT, is_subscribed),
    (Subscribe::ENDPOINT, subscribe),
    (GetAccountSubscriptions::ENDPOINT, account_subscriptions),
    (Unsubscribe::ENDPOINT, unsubscribe),
    (GetAccountSubscriptionCount::ENDPOINT, account_subscription_count),
];

const ACCOUNT: DocumentKind = DocumentKind::whole("account_subscription");

/// ID of the document that subscribes a user to a webhook.
fn subscription_id(webhook: &str, user: u64) -> String {
    format!("{webhook}:{user}")
}

fn subscribe(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, _) = webhook_in_path(ctx)?;
    let me = ctx.me()?;
    let subscription = json!({"user_id": me.to_string()});
    ctx.world.put_document(ACCOUNT.name, &subscription_id(&id, me), id.parse().unwrap_or_default(), &subscription)?;
    data_response(200, json!({"subscribed": true}))
}

fn is_subscribed(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, _) = webhook_in_path(ctx)?;
    let found = ctx.world.document(ACCOUNT.name, &subscription_id(&id, ctx.me()?))?;
    data_response(200, json!({"subscribed": found.is_some()}))
}

fn unsubscribe(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, _) = webhook_in_path(ctx)?;
    ctx.world.remove_document(ACCOUNT.name, &subscription_id(&id, ctx.param::<UserId>("user_id").get()))?;
    data_response(200, json!({"subscribed": false}))
}

/// Users whose account activity a webhook receives.
fn subscribers(ctx: &RequestContext<'_>, webhook: &str) -> Result<Vec<Json>, ApiError> {
    let found = ctx.world.documents_of(ACCOUNT.name, webhook.parse().unwrap_or_default(), i64::MAX, 1_000)?;
    Ok(found.into_iter().map(|subscription| subscription.json).collect())
}

fn account_subscriptions(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, webhook) = webhook_in_path(ctx)?;
    let all = subscribers(ctx, &id)?;
    let application = ctx.app_id().to_string();
    data_response(
        200,
        json!({
            "application_id": application, "webhook_id": id, "webhook_url": webhook["url"], "subscriptions": all,
        }),
    )
}

fn account_subscription_count(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let mut count = 0;
    for webhook in ctx.world.documents_of(WEBHOOK.name, ctx.app_id(), i64::MAX, 100)? {
        count += subscribers(ctx, str_of(&webhook.json, "id"))?.len();
    }
    data_response(
        200,
        json!({
            "account_name": "sandbox", "provisioned_count": "15", "subscriptions_count_all": count.to_string(),
            "subscriptions_count_direct_messages": "0",
        }),
    )
}
