//! Routes of rate limits, charges and credits.

use chirrup_api::{Cost, Endpoint, by_id};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::request::{ControlError, ControlRequest, Reply};
use crate::access::bill::Bill;
use crate::access::rate_limits::LimitChange;

/// Body of a change of limits.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    endpoint: Option<String>,
    remaining: Option<u32>,
    limit: Option<u32>,
    user: Option<String>,
}

/// Body of a change of credits.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Credits {
    /// Dollars; `None` is no limit.
    credits: Option<f64>,
}

/// Returns the windows that have begun: `GET limits`.
pub(super) fn list(request: &ControlRequest<'_>) -> Result<Reply, ControlError> {
    let now = request.world.clock.now();
    let state = &mut *request.world.lock();
    let mut limits = Vec::new();
    for window in state.rate_limiter.windows(now) {
        let username = match window.user {
            Some(user) => state.world.username(user)?,
            None => None,
        };
        limits.push(json!({
            "endpoint": window.endpoint, "app": window.app.to_string(), "user": window.user.map(|user| user.to_string()),
            "username": username, "seconds": window.seconds, "limit": window.limit, "remaining": window.remaining,
            "reset": window.reset,
        }));
    }
    Ok(Reply::json(&json!({"limits": limits})))
}

/// Sets the calls that are left, or the limit, of an endpoint: `PUT limits`.
pub(super) fn set(request: &ControlRequest<'_>) -> Result<Reply, ControlError> {
    let Change { endpoint, remaining, limit, user } = request.json()?;
    let Some(endpoint) = endpoint else { return Err(ControlError::invalid("`endpoint` is missing")) };
    let user = user.map(|name| request.user(&name)).transpose()?;
    let change = match (remaining, limit) {
        (Some(remaining), None) => LimitChange::Remaining(remaining),
        (None, Some(limit)) => LimitChange::Limit(limit),
        _ => return Err(ControlError::invalid("send either `remaining` or `limit`")),
    };
    apply(request, &[known_endpoint(&endpoint)?], user, change)?;
    list(request)
}

/// Uses up the limits of an endpoint, or of all: `POST limits/exhaust`.
pub(super) fn exhaust(request: &ControlRequest<'_>) -> Result<Reply, ControlError> {
    let Change { endpoint, remaining, limit, user } = request.json()?;
    if remaining.or(limit).is_some() {
        return Err(ControlError::invalid("`remaining` and `limit` belong to PUT limits"));
    }
    let user = user.map(|name| request.user(&name)).transpose()?;
    let endpoints = match endpoint {
        Some(endpoint) => vec![known_endpoint(&endpoint)?],
        None => chirrup_api::all().collect(),
    };
    apply(request, &endpoints, user, LimitChange::Remaining(0))?;
    Ok(Reply::empty())
}

fn apply(
    request: &ControlRequest<'_>,
    endpoints: &[&'static Endpoint],
    user: Option<u64>,
    change: LimitChange,
) -> Result<(), ControlError> {
    if !request.world.rate_limited {
        return Err(ControlError::new(409, "this sandbox serves requests without rate limits"));
    }
    let now = request.world.clock.now();
    let limiter = &mut request.world.lock().rate_limiter;
    endpoints.iter().for_each(|endpoint| limiter.change(endpoint, user, change, now));
    Ok(())
}

/// Returns the endpoint with an ID such as `create_post`.
fn known_endpoint(id: &str) -> Result<&'static Endpoint, ControlError> {
    by_id(id).ok_or_else(|| ControlError::missing("endpoint", id))
}

/// Returns charges and credits: `GET bill`.
pub(super) fn bill(request: &ControlRequest<'_>) -> Reply {
    Reply::json(&bill_json(&request.world.lock().bill))
}

fn bill_json(bill: &Bill) -> Json {
    let by_endpoint: serde_json::Map<_, _> =
        bill.by_endpoint().into_iter().map(|(endpoint, cost)| (endpoint.to_owned(), cost.to_string().into())).collect();
    let credits = bill.credits().map(|credits| credits.to_string());
    json!({"total": bill.total().to_string(), "by_endpoint": by_endpoint, "credits": credits})
}

/// Sets the credits that are left: `PUT credits`.
pub(super) fn set_credits(request: &ControlRequest<'_>) -> Result<Reply, ControlError> {
    let Credits { credits } = request.json()?;
    let credits = match credits {
        None => None,
        Some(dollars) if (0.0..=1e9).contains(&dollars) => Some(Cost::from_micros((dollars * 1e6).round() as u64)),
        Some(_) => return Err(ControlError::invalid("`credits` is not an amount from 0 to 1,000,000,000 dollars")),
    };
    let bill = &mut request.world.lock().bill;
    bill.set_credits(credits);
    Ok(Reply::json(&bill_json(bill)))
}
