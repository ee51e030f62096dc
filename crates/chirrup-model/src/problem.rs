//! One error of v2.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

/// One error of v2: the reason why a call, or one part of its answer, was refused.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Problem {
    /// An address whose last part names the kind; see [`Problem::kind`].
    #[serde(rename = "type")]
    pub type_url: String,
    /// A few words.
    pub title: String,
    /// A sentence.
    pub detail: String,
    /// What is wrong with a parameter, in errors that name several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The HTTP status, where the problem names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u64>,
    /// The number of the error, as v1.1 has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<i64>,
    /// The parameter that named the missing thing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// The value of that parameter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Json>,
    /// The thing itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_id: Option<String>,
    /// What sort of thing: `tweet` (`post`), `user`, `media`, `list`, `space`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_type: Option<String>,
    /// The field that may not be seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// `data` or `includes`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// Everything else that the problem says.
    #[serde(flatten)]
    pub more: Map<String, Json>,
}

/// What kind of error a [`Problem`] is, by the last part of its type.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProblemKind {
    /// `about:blank`, or none: the HTTP status says all there is.
    Plain,
    /// A parameter is wrong.
    InvalidRequest,
    /// There is no such thing.
    ResourceNotFound,
    /// The thing is there, and you may not see it.
    NotAuthorizedForResource,
    /// The thing is there, and you may not see this field of it.
    NotAuthorizedForField,
    /// This kind of credential cannot be used here.
    UnsupportedAuthentication,
    /// The app may not do this with OAuth 1.0a.
    OAuth1Permissions,
    /// The app may not use this part of the API.
    ClientForbidden,
    /// The monthly or daily amount is used up.
    UsageCapped,
    /// The account has no credits.
    Credits,
    /// A stream cannot be opened.
    StreamingConnection,
    /// A stream is being closed.
    OperationalDisconnect,
    /// One that this version does not name.
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

    /// What kind of error it is. The host in the type does not count: X has used two.
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

    /// The most telling sentence that it holds.
    pub fn text(&self) -> &str {
        let said = [self.message.as_deref().unwrap_or_default(), &self.detail, &self.title];
        said.into_iter().find(|text| !text.is_empty()).unwrap_or_default()
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
    fn the_host_of_the_type_does_not_count() {
        for host in ["https://api.twitter.com/2/problems/credits", "https://api.x.com/2/problems/credits"] {
            let p = Problem { type_url: host.to_owned(), ..Problem::default() };
            assert_eq!(p.kind(), ProblemKind::Credits);
        }
    }

    #[test]
    fn what_is_not_known_is_kept() {
        let p: Problem = serde_json::from_str(r#"{"title":"T","account_id":7}"#).expect("problem");
        assert_eq!(p.more["account_id"], 7);
        assert_eq!(p.text(), "T");
    }
}
