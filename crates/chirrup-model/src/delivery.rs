//! Lines of a stream.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::includes::Includes;
use crate::optional_list::OptionalList;
use crate::problem::Problem;
use crate::rule::MatchingRule;
use crate::tolerant::BodyProblem;

/// One line of a stream: an item and its expanded objects.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Delivery<T> {
    /// The item; `None` if the line contains only errors.
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    pub data: Option<T>,
    /// The expanded objects of the item.
    #[serde(default)]
    pub includes: Includes,
    /// Rules that the item matched, in the filtered stream only.
    #[serde(default, skip_serializing_if = "OptionalList::is_absent")]
    pub matching_rules: OptionalList<MatchingRule>,
    /// Errors about parts that X could not deliver, or the reason why X closes the stream.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Problem>,
    /// The raw line of a live stream; empty in a stream that was read to its end as one response.
    #[serde(skip)]
    pub line: Bytes,
    /// Values of the line that the types cannot hold. They are absent in the item, and still in the raw line.
    #[serde(skip)]
    pub undecoded: Vec<BodyProblem>,
}

impl<T> Delivery<T> {
    /// Returns the raw line as JSON, with members that the types do not declare, or `null` if there is no raw line.
    pub fn json(&self) -> Json {
        serde_json::from_slice(&self.line).unwrap_or_default()
    }
}
