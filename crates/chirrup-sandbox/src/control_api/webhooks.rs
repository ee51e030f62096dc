//! Routes of webhooks: list, deliveries, and a wait for a delivery.

use serde_json::{Value as Json, json};
use tokio::time::Instant;

use super::request::{ControlError, ControlRequest, Reply};
use crate::streams::webhook_delivery::WebhookDelivery;

/// Number of deliveries in a reply by default.
const DEFAULT_LIMIT: usize = 100;

/// Returns webhooks and the latest deliveries: `GET webhooks`.
pub(super) fn list(request: &ControlRequest<'_>) -> Result<Reply, ControlError> {
    let after = request.number("after")?.unwrap_or(0);
    let limit = request.number("limit")?.unwrap_or(DEFAULT_LIMIT);
    let state = request.world.lock();
    let webhooks: Vec<Json> = state
        .world
        .all_documents("webhook")?
        .into_iter()
        .map(|(app, webhook)| {
            json!({"id": webhook["id"], "url": webhook["url"], "valid": webhook["valid"], "app": app.to_string()})
        })
        .collect();
    let deliveries = state.hub.webhook_deliveries();
    let mut latest: Vec<Json> =
        deliveries.iter().filter(|delivery| delivery.number > after).rev().take(limit).map(delivery_json).collect();
    latest.reverse();
    Ok(Reply::json(&json!({"webhooks": webhooks, "deliveries": latest})))
}

/// Waits for a delivery: `GET webhooks/wait`.
pub(super) async fn wait(request: &ControlRequest<'_>) -> Result<Reply, ControlError> {
    let (kind, after) = (request.query("kind"), request.number("after")?.unwrap_or(0));
    let deadline = Instant::now() + request.timeout()?;
    let selects = |delivery: &WebhookDelivery| {
        let json: Json = serde_json::from_slice(&delivery.body).unwrap_or_default();
        delivery.number > after && kind.as_deref().is_none_or(|kind| kind_of(&json) == Some(kind))
    };
    let found = find_delivery(request, deadline, selects).await;
    let message = "no delivery that the query selects ended in time";
    found.map(|delivery| Reply::json(&delivery_json(&delivery))).ok_or_else(|| ControlError::new(408, message))
}

/// Returns the first delivery that is selected, and waits for it until the deadline.
pub(super) async fn find_delivery(
    request: &ControlRequest<'_>,
    deadline: Instant,
    selects: impl Fn(&WebhookDelivery) -> bool,
) -> Option<WebhookDelivery> {
    loop {
        let mut delivered = {
            let hub = &request.world.lock().hub;
            if let Some(found) = hub.webhook_deliveries().into_iter().find(|delivery| selects(delivery)) {
                return Some(found);
            }
            hub.subscribe_to_deliveries()
        };
        // A reset ends the wait for the deliveries of the earlier world; the next one is for those of the new world.
        let _ = tokio::time::timeout_at(deadline, delivered.changed()).await.ok()?;
    }
}

pub(super) fn delivery_json(delivery: &WebhookDelivery) -> Json {
    let body: Json = serde_json::from_slice(&delivery.body).unwrap_or_default();
    json!({
        "number": delivery.number, "webhook": delivery.webhook, "kind": kind_of(&body), "at": delivery.at,
        "status": delivery.status, "body": body,
    })
}

/// Returns the type of an activity event, or the member with the events of the Account Activity API.
fn kind_of(body: &Json) -> Option<&str> {
    let event_type = body["data"]["event_type"].as_str();
    event_type.or_else(|| body.as_object()?.keys().map(String::as_str).find(|name| name.ends_with("_events")))
}
