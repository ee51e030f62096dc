//! One bucket of a count of posts.

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// How many posts fell into one span of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Count {
    /// The beginning of the span.
    pub start: Timestamp,
    /// Its end.
    pub end: Timestamp,
    /// How many posts.
    #[serde(rename = "tweet_count", alias = "post_count")]
    pub post_count: u64,
}
