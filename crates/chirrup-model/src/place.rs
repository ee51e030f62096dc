//! A place.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::id::PlaceId;
use crate::into_param::id_of;
use crate::optional_list::OptionalList;

/// A place, as v2 shows it. `id` and `full_name` are always there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Place {
    /// Its id.
    pub id: PlaceId,
    /// Its whole name, such as `Lisbon, Portugal`.
    #[serde(default)]
    pub full_name: String,
    /// Its short name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The country.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// The country in two letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country_code: Option<String>,
    /// `city`, `admin`, `country`, `neighborhood` or `poi`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place_type: Option<String>,
    /// Places that it lies in.
    #[serde(default, skip_serializing_if = "OptionalList::is_absent")]
    pub contained_within: OptionalList<PlaceId>,
    /// Its outline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub geo: Option<PlaceGeo>,
}

/// The outline of a place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PlaceGeo {
    /// Always `Feature`.
    #[serde(rename = "type")]
    pub kind: String,
    /// West, south, east, north, in degrees.
    pub bbox: [f64; 4],
    /// Free properties.
    #[serde(default)]
    pub properties: Json,
}

id_of! { Place: PlaceId }
