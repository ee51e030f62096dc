//! Errors of the X API.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

/// One error of the X API: the reason why X refused a request, or left out a part of the response.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Problem {
    /// URI whose last segment names the kind of the problem; see [`Problem::kind`].
    #[serde(rename = "type")]
    pub type_url: String,
    /// Short name of the problem.
    pub title: String,
    /// Sentence about the cause of the problem.
    pub detail: String,
    /// Sentence about an invalid parameter, in errors that name several, or the message of an API v1.1 error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// HTTP status code of the problem, if it names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u64>,
    /// Error code of API v1.1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<i64>,
    /// Name of the parameter that refers to the object in question.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// Value of that parameter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Json>,
    /// ID of the object in question.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_id: Option<String>,
    /// Type of the object: `tweet` (or `post`), `user`, `media`, `list` or `space`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_type: Option<String>,
    /// Name of the field that the caller may not see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Part of the response with the object: `data` or `includes`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// All other members of the problem, by their names on the wire.
    #[serde(flatten)]
    pub more: Map<String, Json>,
}

/// Kind of a [`Problem`], which is the last segment of its type URI.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProblemKind {
    /// `about:blank` or no type: only the HTTP status describes the problem.
    Plain,
    /// A parameter of the request is invalid.
    InvalidRequest,
    /// The object does not exist.
    ResourceNotFound,
    /// The caller may not see the object.
    NotAuthorizedForResource,
    /// The caller may not see a field of the object.
    NotAuthorizedForField,
    /// The endpoint does not accept this authentication method.
    UnsupportedAuthentication,
    /// The permissions of the app do not allow this request with OAuth 1.0a.
    OAuth1Permissions,
    /// The access level of the app does not include the endpoint.
    ClientForbidden,
    /// The monthly or daily usage cap is reached.
    UsageCapped,
    /// The account of the developer has no credits.
    Credits,
    /// The stream cannot be opened, often because of too many connections.
    StreamingConnection,
    /// X closes the stream for an operational reason.
    OperationalDisconnect,
    /// A kind that this version does not list.
    Other(String),
}

impl Problem {
    /// Creates a problem with nothing but a sentence about its cause.
    pub fn from_detail(detail: impl Into<String>) -> Self {
        Self { detail: detail.into(), ..Self::default() }
    }

    /// Creates a problem from an error of API v1.1: a message and its number.
    pub fn from_message(message: impl Into<String>, code: Option<i64>) -> Self {
        Self { message: Some(message.into()), code, ..Self::default() }
    }

    /// Returns the kind of the problem. The host of the type URI is ignored, because X uses two.
    pub fn kind(&self) -> ProblemKind {
        match self.type_url.rsplit('/').next().unwrap_or_default() {
            "" | "about:blank" => ProblemKind::Plain,
            "invalid-request" => ProblemKind::InvalidRequest,
            "resource-not-found" => ProblemKind::ResourceNotFound,
            "not-authorized-for-resource" => ProblemKind::NotAuthorizedForResource,
            "not-authorized-for-field" | "field-unauthorized" => ProblemKind::NotAuthorizedForField,
            "unsupported-authentication" => ProblemKind::UnsupportedAuthentication,
            "oauth1-permissions" => ProblemKind::OAuth1Permissions,
            "client-forbidden" => ProblemKind::ClientForbidden,
            "usage-capped" => ProblemKind::UsageCapped,
            "credits" => ProblemKind::Credits,
            "streaming-connection" => ProblemKind::StreamingConnection,
            "operational-disconnect" => ProblemKind::OperationalDisconnect,
            other => ProblemKind::Other(other.to_owned()),
        }
    }

    /// Returns the most specific sentence of the problem: `message`, `detail` or `title`.
    pub fn text(&self) -> &str {
        let texts = [self.message.as_deref().unwrap_or_default(), &self.detail, &self.title];
        texts.into_iter().find(|text| !text.is_empty()).unwrap_or_default()
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.text())
    }
}

impl std::error::Error for Problem {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_of_the_type_is_ignored() {
        for host in ["https://api.twitter.com/2/problems/credits", "https://api.x.com/2/problems/credits"] {
            let p = Problem { type_url: host.to_owned(), ..Problem::default() };
            assert_eq!(p.kind(), ProblemKind::Credits);
        }
    }

    #[test]
    fn unknown_members_are_kept() {
        let p: Problem = serde_json::from_str(r#"{"title":"T","account_id":7}"#).expect("problem");
        assert_eq!(p.more["account_id"], 7);
        assert_eq!(p.text(), "T");
    }
}
