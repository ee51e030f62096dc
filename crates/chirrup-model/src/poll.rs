//! Polls of posts.

use serde::{Deserialize, Serialize};

use crate::id::PollId;
use crate::optional_list::OptionalList;
use crate::time::Timestamp;

/// A poll of API v2.
///
/// `id` and `options` are always present. Every other field is present only if it was requested with `poll_fields` and has
/// a value.
///
/// `==` compares every field, so the same poll with other fields differs. Compare the IDs to tell whether it is
/// the same poll.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Poll {
    /// ID of the poll.
    pub id: PollId,
    /// Options of the poll, two to four.
    #[serde(default)]
    pub options: OptionalList<PollOption>,
    /// Duration of the poll, in minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_minutes: Option<u64>,
    /// End of the voting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_datetime: Option<Timestamp>,
    /// Status of the voting: `open` or `closed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voting_status: Option<String>,
}

/// One option of a poll.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PollOption {
    /// Position of the option, counted from 1.
    pub position: u64,
    /// Text of the option.
    pub label: String,
    /// Number of votes for the option.
    pub votes: u64,
}
