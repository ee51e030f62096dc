//! Error responses in the form and wording of X.

use std::fmt::Display;

use chirrup_api::{Auth, Endpoint};
use chirrup_auth::AuthKind;
use serde_json::{Value as Json, json};

/// Base URL of X's problem types.
const PROBLEM_TYPES: &str = "https://api.twitter.com/2/problems";

/// Error response to a call.
#[derive(Debug)]
pub(crate) struct ApiError {
    pub(crate) status: u16,
    pub(crate) body: Json,
    /// Whether the request was rejected before it reached a handler. X shows it by another media type.
    pub(crate) before_routing: bool,
}

impl ApiError {
    fn new(status: u16, body: Json) -> Self {
        Self { status, body, before_routing: false }
    }

    /// A problem without a type of its own.
    pub(crate) fn problem(status: u16, title: &str, detail: &str) -> Self {
        Self::new(status, json!({"title": title, "type": "about:blank", "status": status, "detail": detail}))
    }

    /// An error of v1.1, which has a numeric code.
    pub(crate) fn v1(status: u16, code: i64, message: &str) -> Self {
        Self::new(status, json!({"errors": [{"code": code, "message": message}]}))
    }

    /// A refusal of v1.1 to show what a protected user keeps private.
    pub(crate) fn v1_not_authorized(path: &str) -> Self {
        Self::new(401, json!({"request": path, "error": "Not authorized."}))
    }

    /// Converts the error to the form of v1.1. The parameters tell which credentials the request had.
    pub(crate) fn into_v1(self, has_bearer: bool, has_credentials: bool) -> Self {
        if self.body["errors"][0]["code"].is_number() || self.body["error"].is_string() {
            return self;
        }
        let detail = self.body["errors"][0]["message"].as_str().or(self.body["detail"].as_str()).unwrap_or_default();
        match self.status {
            400 if let Some(name) = missing_parameter(detail) => {
                Self::v1(403, 38, &format!("{name} parameter is missing."))
            }
            400 => Self::v1(400, 214, &format!("Bad request: {detail}")),
            401 if !has_credentials => Self::v1(400, 215, "Bad Authentication data."),
            401 if has_bearer => Self::v1(401, 89, "Invalid or expired token."),
            401 => Self::v1(401, 32, "Could not authenticate you."),
            403 if self.body["title"] == "Unsupported Authentication" => {
                Self::v1(403, 220, "Your credentials do not allow access to this resource.")
            }
            403 if detail.starts_with("Your client app is not") => {
                Self::v1(403, 261, "Application cannot perform write actions.")
            }
            429 => Self::v1(429, 88, "Rate limit exceeded"),
            500 => Self::v1(500, 131, "Internal error"),
            status => Self::v1(status, 0, detail),
        }
    }

    pub(crate) fn unauthorized() -> Self {
        Self { before_routing: true, ..Self::problem(401, "Unauthorized", "Unauthorized") }
    }

    pub(crate) fn forbidden(detail: &str) -> Self {
        Self::problem(403, "Forbidden", detail)
    }

    pub(crate) fn missing_scope() -> Self {
        Self { before_routing: true, ..Self::forbidden("Forbidden") }
    }

    /// The caller authenticated in a way that the endpoint does not accept.
    pub(crate) fn unsupported_authentication(used: AuthKind, endpoint: &Endpoint) -> Self {
        let kinds: Vec<&str> = endpoint.auth.iter().map(|auth| Auth::kind(auth).name()).collect();
        // X writes two spaces between the sentences.
        let detail = format!(
            "Authenticating with {used} is forbidden for this endpoint.  Supported authentication types are [{}].",
            kinds.join(", ")
        );
        let body = json!({
            "title": "Unsupported Authentication", "detail": detail,
            "type": format!("{PROBLEM_TYPES}/unsupported-authentication"), "status": 403,
        });
        Self { before_routing: true, ..Self::new(403, body) }
    }

    pub(crate) fn too_many_requests() -> Self {
        Self { before_routing: true, ..Self::problem(429, "Too Many Requests", "Too Many Requests") }
    }

    pub(crate) fn internal() -> Self {
        Self::problem(500, "Internal Server Error", "Internal Server Error")
    }

    /// Invalid parameters: name, value and message of each.
    pub(crate) fn invalid_request(params: impl IntoIterator<Item = (String, String, String)>) -> Self {
        let errors: Vec<Json> = params
            .into_iter()
            .map(|(name, value, message)| json!({"parameters": {name: [value]}, "message": message}))
            .collect();
        Self::new(
            400,
            json!({
                "errors": errors,
                "title": "Invalid Request",
                "detail": "One or more parameters to your request was invalid.",
                "type": format!("{PROBLEM_TYPES}/invalid-request"),
            }),
        )
    }

    pub(crate) fn invalid_param(name: &str, value: &str, message: impl Into<String>) -> Self {
        Self::invalid_request([(name.to_owned(), value.to_owned(), message.into())])
    }

    /// A call on a resource that does not exist: type of the resource, parameter and its value.
    pub(crate) fn no_such_resource(resource: &str, parameter: &str, value: impl Display) -> Self {
        let value = value.to_string();
        Self::invalid_param(parameter, &value, could_not_find(resource, parameter, &value))
    }

    /// A call that the sandbox does not implement. The detail says what to use instead.
    pub(crate) fn not_implemented(detail: &str) -> Self {
        Self::problem(501, "Not Implemented", detail)
    }
}

/// Name of the parameter whose absence a message reports.
fn missing_parameter(message: &str) -> Option<&str> {
    message.strip_suffix("` query parameter can not be empty")?.strip_prefix("The `")
}

fn could_not_find(resource: &str, parameter: &str, value: &str) -> String {
    format!("Could not find {resource} with {parameter}: [{value}].")
}

impl From<rusqlite::Error> for ApiError {
    fn from(_: rusqlite::Error) -> Self {
        Self::internal()
    }
}

/// Returns the partial error for a resource that does not exist.
pub(crate) fn resource_not_found(resource: &str, parameter: &str, value: &str) -> Json {
    json!({
        "value": value,
        "detail": could_not_find(resource, parameter, value),
        "title": "Not Found Error",
        "resource_type": resource,
        "parameter": parameter,
        "resource_id": value,
        "type": format!("{PROBLEM_TYPES}/resource-not-found"),
    })
}

/// Returns the partial error for a resource that the caller may not see. `noun` is the name of the resource in the sentence.
pub(crate) fn not_authorized_for_resource(resource: &str, noun: &str, parameter: &str, value: &str) -> Json {
    json!({
        "value": value,
        "detail": format!("Sorry, you are not authorized to see the {noun} with {parameter}: [{value}]."),
        "title": "Authorization Error",
        "section": "data",
        "resource_type": resource,
        "parameter": parameter,
        "resource_id": value,
        "type": format!("{PROBLEM_TYPES}/not-authorized-for-resource"),
    })
}

/// Returns the partial error for a field that only the owner of the resource may see.
pub(crate) fn not_authorized_for_field(resource: &str, field: &str, id: &str) -> Json {
    json!({
        "detail": format!("Sorry, you are not authorized to access '{field}' on the Tweet with ids: [{id}]."),
        "title": "Field Authorization Error",
        "resource_type": resource,
        "field": field,
        "resource_id": id,
        "section": "data",
        "type": format!("{PROBLEM_TYPES}/not-authorized-for-field"),
    })
}
