//! Routes of the clock.

use std::time::Duration;

use chirrup_model::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::request::{ControlError, ControlRequest, Reply};

/// Body of `PUT clock`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewTime {
    now: Option<Timestamp>,
    frozen: Option<bool>,
}

/// Body of `POST clock/advance`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    seconds: f64,
}

/// Returns the time of the world: `GET clock`.
pub(super) fn get(request: &ControlRequest<'_>) -> Reply {
    let clock = &request.world.clock;
    let now = clock.now();
    Reply::json(&json!({"now": now, "unix_ms": now.as_millis(), "frozen": clock.is_frozen()}))
}

/// Sets, freezes or resumes the clock: `PUT clock`.
pub(super) fn set(request: &ControlRequest<'_>) -> Result<Reply, ControlError> {
    let NewTime { now, frozen } = request.json()?;
    let clock = &request.world.clock;
    if let Some(now) = now {
        clock.set(now);
    }
    match frozen {
        Some(true) => clock.freeze(),
        Some(false) => clock.resume(),
        None => {}
    }
    Ok(get(request))
}

/// Advances the clock by a time: `POST clock/advance`.
pub(super) fn advance(request: &ControlRequest<'_>) -> Result<Reply, ControlError> {
    let Advance { seconds } = request.json()?;
    let by = Duration::try_from_secs_f64(seconds)
        .map_err(|why| ControlError::invalid(format!("`seconds` is not a time: {why}")))?;
    request.world.clock.advance(by);
    Ok(get(request))
}
