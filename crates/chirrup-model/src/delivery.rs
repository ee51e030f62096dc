//! Lines of a stream.

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use serde_json::value::RawValue;

use crate::dialect::from_utf8_slice;
use crate::lazy_includes::LazyIncludes;
use crate::optional_list::OptionalList;
use crate::problem::Problem;
use crate::rule::MatchingRule;
use crate::tolerant::BodyProblem;
use crate::usual_json::UsualJson;

/// One line of a stream: an item and its expanded objects.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Delivery<T> {
    /// The item; `None` if the line contains only errors.
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    pub data: Option<T>,
    /// The expanded objects of the item, decoded when they are first used.
    #[serde(default)]
    pub includes: LazyIncludes,
    /// Rules that the item matched, in the filtered stream only.
    #[serde(default, skip_serializing_if = "OptionalList::is_absent")]
    pub matching_rules: OptionalList<MatchingRule>,
    /// Errors about parts that X could not deliver, or the reason why X closes the stream.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Problem>,
    /// The raw line of a live stream; empty in a stream that was read to its end as one response.
    #[serde(skip)]
    pub line: Bytes,
    /// Values of the line that the types cannot hold. They are absent in the item, and still in the raw line. Those of the
    /// expanded objects are in [`LazyIncludes::undecoded`].
    #[serde(skip)]
    pub undecoded: Vec<BodyProblem>,
}

/// A line whose expanded objects are text.
#[derive(Deserialize)]
#[serde(bound(deserialize = "T: DeserializeOwned"))]
struct Line<'l, T> {
    #[serde(default = "Option::default")]
    data: Option<T>,
    #[serde(borrow)]
    includes: Option<&'l RawValue>,
    #[serde(default)]
    matching_rules: OptionalList<MatchingRule>,
    #[serde(default)]
    errors: Vec<Problem>,
}

impl<T: DeserializeOwned> Delivery<T> {
    /// Decodes a line of a stream, apart from its expanded objects, which are decoded when they are first used.
    ///
    /// # Errors
    /// Those of [`serde_json::from_slice`].
    pub fn from_line(line: &Bytes) -> Result<Self, serde_json::Error> {
        if let Some(usual) = Self::from_usual_line(line) {
            return Ok(usual);
        }
        let Line { data, includes, matching_rules, errors } = from_utf8_slice(line)?;
        let includes = includes.map(|json| LazyIncludes::from_json(line.slice_ref(json.get().as_bytes())));
        let includes = includes.unwrap_or_default();
        Ok(Self { data, includes, matching_rules, errors, line: line.clone(), undecoded: Vec::new() })
    }

    /// Decodes a line that has data and nothing unusual. What is inside of its expanded objects is not examined.
    fn from_usual_line(line: &Bytes) -> Option<Self> {
        let (mut data, mut includes, mut matching_rules, mut errors) = (None, None, None, None);
        UsualJson::new(line)?.object(|name, json| {
            match name {
                "data" if data.is_none() => data = Some(json.decode::<Option<T>>()??),
                "includes" if includes.is_none() => includes = Some(json.skip().filter(|json| json.starts_with(b"{"))?),
                "matching_rules" if matching_rules.is_none() => matching_rules = Some(json.decode()?),
                "errors" if errors.is_none() => errors = Some(json.decode()?),
                _ => return None,
            }
            Some(())
        })?;
        Some(Self {
            data: Some(data?),
            includes: includes.map(|json| LazyIncludes::from_json(line.slice_ref(json))).unwrap_or_default(),
            matching_rules: matching_rules.unwrap_or_default(),
            errors: errors.unwrap_or_default(),
            line: line.clone(),
            undecoded: Vec::new(),
        })
    }
}

impl<T> Delivery<T> {
    /// Returns the raw line as JSON, with members that the types do not declare, or `null` if there is no raw line.
    pub fn json(&self) -> Json {
        serde_json::from_slice(&self.line).unwrap_or_default()
    }
}
