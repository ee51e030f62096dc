//! Description of the API itself.

use serde_json::Value as Json;

crate::endpoints! {
    GENERAL on Client;

    /// Returns the OpenAPI document of the API.
    openapi -> OpenApi = GET "/2/openapi.json" => Json;
    auth none;
}
