//! A poll.

use serde::{Deserialize, Serialize};

use crate::id::PollId;
use crate::optional_list::OptionalList;
use crate::time::Timestamp;

/// A poll, as v2 shows it. `id` and `options` are always there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Poll {
    /// Its id.
    pub id: PollId,
    /// The choices, two to four.
    #[serde(default)]
    pub options: OptionalList<PollOption>,
    /// How long it runs, in minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_minutes: Option<u64>,
    /// When it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_datetime: Option<Timestamp>,
    /// `open` or `closed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voting_status: Option<String>,
}

/// One choice of a poll.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PollOption {
    /// Its place, counted from 1.
    pub position: u64,
    /// What it says.
    pub label: String,
    /// How many chose it.
    pub votes: u64,
}
