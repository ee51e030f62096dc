//! Links and times in the form of API v1.1.

use chirrup_model::Timestamp;
use serde_json::{Value as Json, json};

use super::rendered_text::TextEntity;

/// Returns a link of a text.
pub(super) fn url_entity(entity: &TextEntity) -> Json {
    json!({
        "url": entity.value, "expanded_url": entity.target(), "display_url": entity.display_url(),
        "indices": [entity.start, entity.end],
    })
}

/// Converts a time of API v2 to the form of v1.1.
pub(crate) fn v1_time(text: &Json) -> Json {
    text.as_str().and_then(|text| text.parse::<Timestamp>().ok()).map_or(Json::Null, |time| time.to_v1().into())
}
