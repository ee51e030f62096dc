//! Counts of posts over time.

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// Number of posts in one time span.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Count {
    /// Start of the time span.
    pub start: Timestamp,
    /// End of the time span.
    pub end: Timestamp,
    /// Number of posts in the time span.
    #[serde(rename = "tweet_count", alias = "post_count")]
    pub post_count: u64,
}
