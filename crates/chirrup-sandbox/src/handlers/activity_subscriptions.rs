//! Subscriptions to the activity of users (X Activity API).

use chirrup_api::v2::activity::{
    ActivitySubscriptions, CreateActivitySubscription, DeleteActivitySubscription, DeleteActivitySubscriptions,
    UpdateActivitySubscription,
};
use serde_json::json;

use super::context::{HandlerEntry, HandlerResult, RequestContext};
use super::documents::{DocumentKind, data_response};
use super::webhooks::WEBHOOK;
use crate::response::api_error::resource_not_found;
use crate::world::has_expired;

pub(super) const HANDLERS: &[HandlerEntry] = &[
    (ActivitySubscriptions::ENDPOINT, activity_subscriptions),
    (CreateActivitySubscription::ENDPOINT, create_activity_subscription),
    (UpdateActivitySubscription::ENDPOINT, update_activity_subscription),
    (DeleteActivitySubscription::ENDPOINT, delete_activity_subscription),
    (DeleteActivitySubscriptions::ENDPOINT, delete_activity_subscriptions),
];

const ACTIVITY: DocumentKind = DocumentKind::whole("activity_subscription");

fn activity_subscriptions(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (now, user) = (ctx.now, ctx.call.text("user_id"));
    ctx.documents_page(ACTIVITY, ctx.app_id(), 1_000, |subscription| {
        !has_expired(subscription, now) && user.is_none_or(|user| subscription["filter"]["user_id"] == user)
    })
}

fn create_activity_subscription(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let id = ctx.new_id();
    let mut subscription = ctx.params_object(&["event_type", "expires_at", "filter", "tag", "webhook_id"]);
    if let Some(webhook) = ctx.call.text("webhook_id") {
        ctx.find_document(WEBHOOK, "webhook_id", webhook)?;
    }
    subscription["subscription_id"] = id.as_str().into();
    subscription["created_at"] = json!(ctx.now);
    subscription["updated_at"] = json!(ctx.now);
    ctx.world.put_document(ACTIVITY.name, &id, ctx.app_id(), &subscription)?;
    data_response(200, json!({"subscription": subscription}))
}

fn update_activity_subscription(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let id = ctx.text("subscription_id").to_owned();
    let mut subscription = ctx.find_document(ACTIVITY, "subscription_id", &id)?;
    for name in ["tag", "webhook_id"] {
        if let Some(value) = ctx.call.get(name) {
            subscription[name] = value.clone();
        }
    }
    subscription["updated_at"] = json!(ctx.now);
    ctx.world.put_document(ACTIVITY.name, &id, ctx.app_id(), &subscription)?;
    let total = ctx.world.documents_of(ACTIVITY.name, ctx.app_id(), i64::MAX, usize::MAX)?.len();
    data_response(200, json!({"subscription": subscription, "total_subscriptions": total}))
}

fn delete_activity_subscription(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let id = ctx.text("subscription_id");
    ctx.find_document(ACTIVITY, "subscription_id", id)?;
    ctx.world.remove_document(ACTIVITY.name, id)?;
    data_response(200, json!({"deleted": true}))
}

fn delete_activity_subscriptions(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (mut data, mut errors) = (Vec::new(), Vec::new());
    for id in ctx.call.list("ids") {
        if ctx.world.remove_document(ACTIVITY.name, id)? {
            data.push(json!({"subscription_id": id, "deleted": true}));
        } else {
            errors.push(resource_not_found("subscription", "ids", id));
        }
    }
    let total = ctx.world.documents_of(ACTIVITY.name, ctx.app_id(), i64::MAX, usize::MAX)?.len();
    let mut response = ctx.response();
    response.errors = errors;
    Ok((200, response.list_body(data, Some(json!({"total_subscriptions": total}))).into()))
}
