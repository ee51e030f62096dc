//! Description of the API itself.

use serde_json::Value as Json;

crate::endpoints! {
    /// # General
    ///
    /// Read the OpenAPI document of the API.
    GENERAL in v2::general;

    /// Returns the OpenAPI document of the API.
    openapi -> OpenApi = GET "/2/openapi.json" => Json;
    auth none;
    example();
}
