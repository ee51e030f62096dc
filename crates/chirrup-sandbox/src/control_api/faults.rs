//! Routes of fault rules.

use serde_json::{Value as Json, json};

use super::request::{ControlError, ControlRequest, Reply};
use crate::control::fault_json::{rule_from_json, rule_to_json};

/// Returns the active rules: `GET faults`.
pub(super) fn list(request: &ControlRequest<'_>) -> Reply {
    let state = request.world.lock();
    let rules: Vec<Json> = state.faults.rules().map(|(id, rule)| rule_to_json(*id, rule)).collect();
    Reply::json(&json!({"faults": rules}))
}

/// Adds a rule after the others: `POST faults`.
pub(super) fn add(request: &ControlRequest<'_>) -> Result<Reply, ControlError> {
    let rule = rule_from_json(&request.json()?).map_err(ControlError::invalid)?;
    let id = request.world.lock().faults.add(rule.clone());
    Ok(Reply::with_status(201, &rule_to_json(id, &rule)))
}

/// Removes all rules: `DELETE faults`.
pub(super) fn clear(request: &ControlRequest<'_>) -> Reply {
    request.world.lock().faults.clear();
    Reply::empty()
}

/// Removes the rule with an ID: `DELETE faults/ID`.
pub(super) fn remove(request: &ControlRequest<'_>, id: &str) -> Result<Reply, ControlError> {
    let removed = id.parse().is_ok_and(|id| request.world.lock().faults.remove(id));
    if removed { Ok(Reply::empty()) } else { Err(ControlError::missing("fault rule", id)) }
}
