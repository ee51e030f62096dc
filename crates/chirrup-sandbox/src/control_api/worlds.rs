//! Routes of worlds as a whole: health, state, reset, list and removal.

use serde_json::json;

use super::request::{ControlError, ControlRequest, Reply};

/// Says that the server runs, without a token: `GET health`.
pub(super) fn health(request: &ControlRequest<'_>) -> Reply {
    let worlds = request.worlds.names().len() + 1;
    Reply::json(&json!({"status": "ok", "version": env!("CARGO_PKG_VERSION"), "worlds": worlds}))
}

/// Returns a summary of the world: `GET state`.
pub(super) fn state(request: &ControlRequest<'_>) -> Result<Reply, ControlError> {
    let clock = &request.world.clock;
    let (now, frozen) = (clock.now(), clock.is_frozen());
    let state = &mut *request.world.lock();
    Ok(Reply::json(&json!({
        "world": request.world_name,
        "users": state.world.user_count(),
        "posts": state.world.post_count(),
        "clock": {"now": now, "unix_ms": now.as_millis(), "frozen": frozen},
        "requests": state.journal.last_number(),
        "faults": state.faults.rules().count(),
        "open_streams": state.hub.open_count(),
        "cost": state.bill.total().to_string(),
        "limit_windows": state.rate_limiter.windows(now).len(),
    })))
}

/// Puts the world back to its start: `POST reset`.
pub(super) fn reset(request: &ControlRequest<'_>) -> Result<Reply, ControlError> {
    if request.worlds.reset(request.world)? {
        return Ok(Reply::empty());
    }
    Err(ControlError::kept_by_file())
}

/// Lists the names of the worlds: `GET worlds`.
pub(super) fn list(request: &ControlRequest<'_>) -> Reply {
    Reply::json(&json!({"worlds": request.worlds.names()}))
}

/// Deletes the world with a name: `DELETE worlds/NAME`.
pub(super) fn delete(request: &ControlRequest<'_>, name: &str) -> Result<Reply, ControlError> {
    if request.worlds.remove(name) { Ok(Reply::empty()) } else { Err(ControlError::missing("world", name)) }
}
