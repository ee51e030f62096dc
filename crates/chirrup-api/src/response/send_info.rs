//! Attempts and cost of a call.

use chirrup_model::Timestamp;

use crate::prices::cost::Cost;

/// How a call was sent: time, attempts and cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct SendInfo {
    /// Time of the first attempt.
    pub started: Option<Timestamp>,
    /// Number of attempts; 0 if the response came from a cache.
    pub attempts: u32,
    /// Cost of the call, as the client counts it.
    pub cost: Cost,
}
