//! Refusals, in X's own words.

use chirrup_api::{Auth, Endpoint};
use chirrup_auth::AuthKind;
use serde_json::{Value as Json, json};

/// The host that problem types have been seen with.
const TYPES: &str = "https://api.twitter.com/2/problems";

/// A request that is refused.
#[derive(Debug)]
pub(crate) struct ApiError {
    pub(crate) status: u16,
    pub(crate) body: Json,
    /// Whether it was issued before any handler, which X shows by another media type.
    pub(crate) before_routing: bool,
}

impl ApiError {
    fn new(status: u16, body: Json) -> Self {
        Self { status, body, before_routing: false }
    }

    pub(crate) fn plain(status: u16, title: &str, detail: &str) -> Self {
        Self::new(status, json!({"title": title, "type": "about:blank", "status": status, "detail": detail}))
    }

    /// One of v1.1: by a number.
    pub(crate) fn numbered(status: u16, code: i64, message: &str) -> Self {
        Self::new(status, json!({"errors": [{"code": code, "message": message}]}))
    }

    /// The same in the form of v1.1.
    pub(crate) fn in_old_form(self, bearer: bool, proven: bool) -> Self {
        if self.body["errors"][0]["code"].is_number() {
            return self;
        }
        let detail = self.body["errors"][0]["message"].as_str().or(self.body["detail"].as_str()).unwrap_or_default();
        match self.status {
            400 => Self::numbered(400, 214, &format!("Bad request: {detail}")),
            401 if !proven => Self::numbered(400, 215, "Bad Authentication data."),
            401 if bearer => Self::numbered(401, 89, "Invalid or expired token."),
            401 => Self::numbered(401, 32, "Could not authenticate you."),
            403 if self.body["title"] == "Unsupported Authentication" => {
                Self::numbered(403, 220, "Your credentials do not allow access to this resource.")
            }
            403 if detail.starts_with("Your client app is not") => {
                Self::numbered(403, 261, "Application cannot perform write actions.")
            }
            429 => Self::numbered(429, 88, "Rate limit exceeded"),
            500 => Self::numbered(500, 131, "Internal error"),
            status => Self::numbered(status, 0, detail),
        }
    }

    pub(crate) fn unauthorized() -> Self {
        Self { before_routing: true, ..Self::plain(401, "Unauthorized", "Unauthorized") }
    }

    pub(crate) fn forbidden(detail: &str) -> Self {
        Self::plain(403, "Forbidden", detail)
    }

    pub(crate) fn missing_scope() -> Self {
        Self { before_routing: true, ..Self::forbidden("Forbidden") }
    }

    pub(crate) fn wrong_kind(used: AuthKind, meta: &Endpoint) -> Self {
        let kinds: Vec<&str> = meta.auth.iter().map(|auth| Auth::kind(auth).name()).collect();
        // Two blanks: so X writes it.
        let detail = format!(
            "Authenticating with {used} is forbidden for this endpoint.  Supported authentication types are [{}].",
            kinds.join(", ")
        );
        let body = json!({
            "title": "Unsupported Authentication", "detail": detail,
            "type": format!("{TYPES}/unsupported-authentication"), "status": 403,
        });
        Self { before_routing: true, ..Self::new(403, body) }
    }

    pub(crate) fn too_many() -> Self {
        Self { before_routing: true, ..Self::plain(429, "Too OptionalList Requests", "Too OptionalList Requests") }
    }

    pub(crate) fn internal() -> Self {
        Self::plain(500, "Internal Server Error", "Internal Server Error")
    }

    /// Parameters that are wrong: name, value, message.
    pub(crate) fn invalid(bad: impl IntoIterator<Item = (String, String, String)>) -> Self {
        let errors: Vec<Json> = bad
            .into_iter()
            .map(|(name, value, message)| json!({"parameters": {name: [value]}, "message": message}))
            .collect();
        Self::new(
            400,
            json!({
                "errors": errors,
                "title": "Invalid Request",
                "detail": "One or more parameters to your request was invalid.",
                "type": format!("{TYPES}/invalid-request"),
            }),
        )
    }

    /// What is asked of a thing that is not there.
    pub(crate) fn no_such_thing(resource: &str, parameter: &str, id: &str) -> Self {
        Self::invalid_one(parameter, id, could_not_find(resource, parameter, id))
    }

    /// What the sandbox does not do, and what can be done instead.
    pub(crate) fn not_here(detail: &str) -> Self {
        Self::plain(501, "Not Implemented", detail)
    }

    /// A write on a thing that is not there.
    pub(crate) fn no_such(resource: &str, parameter: &str, id: u64) -> Self {
        let id = id.to_string();
        Self::invalid_one(parameter, &id, could_not_find(resource, parameter, &id))
    }

    pub(crate) fn invalid_one(name: &str, value: &str, message: impl Into<String>) -> Self {
        Self::invalid([(name.to_owned(), value.to_owned(), message.into())])
    }
}

/// The sentence for a thing that is not there.
fn could_not_find(resource: &str, parameter: &str, value: &str) -> String {
    format!("Could not find {resource} with {parameter}: [{value}].")
}

impl From<rusqlite::Error> for ApiError {
    fn from(_: rusqlite::Error) -> Self {
        Self::internal()
    }
}

/// The partial error for a thing that is not there.
pub(crate) fn not_found(resource: &str, parameter: &str, value: &str) -> Json {
    json!({
        "value": value,
        "detail": could_not_find(resource, parameter, value),
        "title": "Not Found Error",
        "resource_type": resource,
        "parameter": parameter,
        "resource_id": value,
        "type": format!("{TYPES}/resource-not-found"),
    })
}

/// The partial error for a thing that the caller may not see; `shown` is what the sentence calls it.
pub(crate) fn not_authorized(resource: &str, shown: &str, parameter: &str, value: &str) -> Json {
    json!({
        "value": value,
        "detail": format!("Sorry, you are not authorized to see the {shown} with {parameter}: [{value}]."),
        "title": "Authorization Error",
        "section": "data",
        "resource_type": resource,
        "parameter": parameter,
        "resource_id": value,
        "type": format!("{TYPES}/not-authorized-for-resource"),
    })
}

/// The partial error for a field that only its owner may see.
pub(crate) fn field_unauthorized(resource: &str, field: &str, id: &str) -> Json {
    json!({
        "detail": format!("Sorry, you are not authorized to access '{field}' on the Tweet with ids: [{id}]."),
        "title": "Field Authorization Error",
        "resource_type": resource,
        "field": field,
        "resource_id": id,
        "section": "data",
        "type": format!("{TYPES}/not-authorized-for-field"),
    })
}
