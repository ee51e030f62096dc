//! Places of posts.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::id::PlaceId;
use crate::into_param::id_of;
use crate::optional_list::OptionalList;

/// A place of API v2.
///
/// `id` and `full_name` are always present. Every other field is present only if it was requested with `place_fields` and
/// has a value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Place {
    /// ID of the place.
    pub id: PlaceId,
    /// Full name, such as `Lisbon, Portugal`.
    #[serde(default)]
    pub full_name: String,
    /// Short name, such as `Lisbon`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Name of the country.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// ISO 3166-1 alpha-2 code of the country.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country_code: Option<String>,
    /// Type of the place: `city`, `admin`, `country`, `neighborhood` or `poi`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place_type: Option<String>,
    /// IDs of the places that contain the place.
    #[serde(default, skip_serializing_if = "OptionalList::is_absent")]
    pub contained_within: OptionalList<PlaceId>,
    /// Outline of the place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub geo: Option<PlaceGeo>,
}

/// Outline of a place, in GeoJSON format.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PlaceGeo {
    /// Type of the GeoJSON object, always `Feature`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Bounding box in degrees: west, south, east and north.
    pub bbox: [f64; 4],
    /// Properties of the GeoJSON object.
    #[serde(default)]
    pub properties: Json,
}

id_of! { Place: PlaceId }
