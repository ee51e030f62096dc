//! Endpoints that X has retired.

use super::context::{HandlerEntry, HandlerResult, RequestContext};
use crate::response::api_error::ApiError;
use chirrup_api::v2::retired::{
    ChatMessages, HandleAvailability, Insights28Hr, InsightsHistorical, Notes, ReplayAccountActivity,
};

pub(super) const HANDLERS: &[HandlerEntry] = &[
    (Insights28Hr::ENDPOINT, retired),
    (InsightsHistorical::ENDPOINT, retired),
    (HandleAvailability::ENDPOINT, retired),
    (ReplayAccountActivity::ENDPOINT, retired),
    (Notes::ENDPOINT, retired),
    (ChatMessages::ENDPOINT, retired),
];

/// Refuses the request, and names the replacement of the endpoint.
fn retired(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let replacement = ctx.call.endpoint.and_then(|endpoint| endpoint.retired).unwrap_or_default();
    Err(ApiError::problem(410, "Gone", &format!("This endpoint is retired: {replacement}.")))
}
