//! HTTP request as the server received it.

use std::borrow::Cow;

use bytes::Bytes;
use chirrup_auth::oauth1::is_form;
use http::HeaderMap;
use http::header::{ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, HOST, HeaderName};
use http::request::Parts;
use http::uri::Scheme;

/// Beginning of the path of a request that names its world, such as `/_worlds/first`. The path has it no more.
#[derive(Debug, Clone)]
pub(crate) struct WorldPrefix(pub(crate) String);

/// HTTP request with its whole body.
#[derive(Debug)]
pub(crate) struct ReceivedRequest {
    head: Parts,
    pub(crate) body: Bytes,
}

impl ReceivedRequest {
    pub(crate) fn new(head: Parts, body: Bytes) -> Self {
        Self { head, body }
    }

    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.head.headers
    }

    pub(crate) fn method(&self) -> &str {
        self.head.method.as_str()
    }

    pub(crate) fn path(&self) -> &str {
        self.head.uri.path()
    }

    /// Returns the query without the `?`; empty if there is none.
    pub(crate) fn query(&self) -> &str {
        self.head.uri.query().unwrap_or_default()
    }

    /// Returns the URL that the client used, which OAuth 1.0a signs.
    pub(crate) fn url(&self) -> String {
        format!("{}{}", self.origin(), self.head.uri)
    }

    /// Returns scheme and host of the URL that the client used, and the beginning of the path that names a world.
    pub(crate) fn origin(&self) -> String {
        let scheme = self.head.extensions.get::<Scheme>().unwrap_or(&Scheme::HTTP);
        let prefix = self.head.extensions.get::<WorldPrefix>().map_or("", |prefix| prefix.0.as_str());
        format!("{scheme}://{}{prefix}", self.header(HOST))
    }

    /// Returns the `Host` that the client used; empty if the header is missing.
    pub(crate) fn host(&self) -> &str {
        self.header(HOST)
    }

    /// Returns the value of a header; empty if the header is missing or is not text.
    fn header(&self, name: HeaderName) -> &str {
        self.head.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub(crate) fn authorization(&self) -> &str {
        self.header(AUTHORIZATION)
    }

    pub(crate) fn content_type(&self) -> &str {
        self.header(CONTENT_TYPE)
    }

    pub(crate) fn accepts_gzip(&self) -> bool {
        self.header(ACCEPT_ENCODING).contains("gzip")
    }

    /// Returns the body as text if it is a form, and an empty text otherwise.
    pub(crate) fn form(&self) -> Cow<'_, str> {
        if is_form(self.content_type()) { String::from_utf8_lossy(&self.body) } else { Cow::Borrowed("") }
    }

    /// Whether the request names credentials of any kind, valid or not.
    pub(crate) fn has_credentials(&self) -> bool {
        !self.authorization().is_empty()
            || self.query().contains("oauth_signature=")
            || self.form().contains("oauth_signature=")
    }
}
