//! Checks of the options and buttons of a message.

use serde_json::Value as Json;

use crate::response::api_error::ApiError;
use crate::response::v1_errors::error;

/// Checks quick replies and buttons against the limits of X.
pub(super) fn check_message_data(data: &Json) -> Result<(), ApiError> {
    let refuse = |violation: &str| Err(error(400, 214, &format!("Bad request: {violation}.")));
    let length = |text: &Json| text.as_str().map_or(0, |text| text.chars().count());
    if let Some(options) = data["quick_reply"]["options"].as_array() {
        if data["quick_reply"]["type"] != "options" || options.is_empty() || options.len() > 20 {
            return refuse("quick_reply takes 1 to 20 options");
        }
        let described = options.iter().filter(|option| option["description"].is_string()).count();
        if described != 0 && described != options.len() {
            return refuse("either all options have a description or none");
        }
        let long = |option: &Json| {
            length(&option["label"]) > 36 || length(&option["description"]) > 72 || length(&option["metadata"]) > 1_000
        };
        if options.iter().any(long) {
            return refuse("an option is too long");
        }
    }
    let buttons = data["ctas"].as_array().map_or(&[][..], Vec::as_slice);
    if buttons.len() > 3 || buttons.iter().any(|button| length(&button["label"]) > 36 || button["type"] != "web_url") {
        return refuse("ctas takes up to three buttons of the type web_url");
    }
    Ok(())
}
