//! Usage of the project, and its credits.

use chirrup_api::v2::usage::{GetCredits, GetUsage};
use chirrup_model::Timestamp;
use serde_json::{Value as Json, json};

use super::context::{HandlerEntry, HandlerResult, RequestContext};
use super::documents::data_response;
use crate::response::select::pick;

pub(super) const HANDLERS: &[HandlerEntry] = &[(GetUsage::ENDPOINT, usage), (GetCredits::ENDPOINT, get_credits)];

/// Responds with the credits in US dollars. The sandbox grants none, so all are prepaid.
fn get_credits(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let dollars = ctx.balance.micros() as f64 / 1e6;
    let data = json!({
        "total_balance": dollars, "prepaid_balance": dollars, "free_balance": 0.0, "free_grants": [],
    });
    data_response(200, data)
}

fn usage(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let days = ctx.call.number("days").unwrap_or(7);
    let midnight = ctx.now.as_millis() - ctx.now.as_millis().rem_euclid(86_400_000);
    let day = |back: i64| json!({"date": Timestamp::from_millis(midnight - back * 86_400_000), "usage": "0"});
    let usage: Vec<Json> = (0..days).map(day).collect();
    let all = json!({
        "cap_reset_day": 1, "project_cap": "2000000", "project_id": "1", "project_usage": "0",
        "daily_project_usage": {"project_id": "1", "usage": usage},
        "daily_client_app_usage": [
            {"client_app_id": ctx.identity.app.to_string(), "usage": usage, "usage_result_count": days},
        ],
    });
    let mut keys = vec!["cap_reset_day", "project_cap", "project_id", "project_usage"];
    keys.extend(ctx.call.list("usage.fields"));
    data_response(200, pick(all, &keys))
}
