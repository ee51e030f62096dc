//! A request: a call on its way from the client to the network.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chirrup_auth::Credential;
use chirrup_model::Dialect;
use serde_json::Value as Json;

use crate::call::{Call, HttpParts};
use crate::endpoint::idempotency::Idempotency;
use crate::endpoint::{Endpoint, ParamLocation};
use crate::prices::CostInputs;
use crate::response::error::Error;

/// A call that is ready to send, with its base URL and its credential. The transport adds the `Authorization` header.
///
/// The call is turned into HTTP once, when the request is created. A transport reads the method, the path and the query from
/// here and never has to parse a URL.
#[derive(Clone)]
#[non_exhaustive]
pub struct Request {
    call: Arc<Call>,
    base_url: Arc<str>,
    dialect: Dialect,
    method: http::Method,
    /// Shared, since each attempt clones the request.
    parts: Arc<HttpParts>,
    /// Credential that authenticates the request, if any.
    pub credential: Option<Arc<Credential>>,
    /// Timeout of one attempt. The default is that of the transport.
    pub timeout: Option<Duration>,
    /// Properties of the call that decide its maximum cost.
    pub cost_inputs: CostInputs,
}

impl fmt::Debug for Request {
    /// Shows neither the query nor the body, which may contain secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("base_url", &self.base_url)
            .field("path", &self.path())
            .field("credential", &self.credential)
            .finish_non_exhaustive()
    }
}

impl Request {
    /// Creates the request of a call without a credential. `base_url` is the URL of the API without a trailing slash, such
    /// as `https://api.x.com`, and `dialect` the one of the names in the query.
    ///
    /// # Errors
    /// [`ErrorKind::Argument`](crate::ErrorKind::Argument) if a parameter of the path is missing, the method is not an HTTP
    /// method, or the timeout is zero.
    pub fn new(call: Arc<Call>, base_url: impl Into<Arc<str>>, dialect: Dialect) -> Result<Self, Error> {
        if call.timeout.is_some_and(|limit| limit.is_zero()) {
            return Err(Error::argument(&call, "timeout", "is zero"));
        }
        let parts = call.to_http(dialect)?;
        let method = http::Method::from_bytes(call.method.as_bytes())
            .map_err(|_| Error::argument(&call, "method", "is not an HTTP method"))?;
        Ok(Self {
            timeout: call.timeout,
            call,
            base_url: base_url.into(),
            dialect,
            method,
            parts: Arc::new(parts),
            credential: None,
            cost_inputs: CostInputs::default(),
        })
    }

    /// Returns the same request with another value of a query parameter.
    ///
    /// # Errors
    /// The same as for [`new`](Self::new).
    pub fn with_query_param(&self, name: &'static str, value: Json) -> Result<Self, Error> {
        let mut call = (*self.call).clone();
        call.set(name, ParamLocation::Query, Ok(value));
        let parts = call.to_http(self.dialect)?;
        Ok(Self { call: Arc::new(call), parts: Arc::new(parts), ..self.clone() })
    }

    /// Returns the call that the request sends.
    pub fn call(&self) -> &Call {
        &self.call
    }

    /// Returns the entry of the endpoint in the table. `None` for a route that the table does not contain.
    pub fn endpoint(&self) -> Option<&'static Endpoint> {
        self.call.endpoint
    }

    /// Returns the effect of sending the request twice.
    pub fn idempotency(&self) -> Idempotency {
        self.call.idempotency()
    }

    /// Returns the HTTP method of the request.
    pub fn method(&self) -> &http::Method {
        &self.method
    }

    /// Returns the base URL, without a trailing slash.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Returns the host of the base URL, with its port if it has one.
    pub fn host(&self) -> &str {
        let authority = self.base_url.split_once("://").map_or("", |(_, rest)| rest);
        authority.split('/').next().unwrap_or_default()
    }

    /// Returns the percent-encoded path, with its parameters filled in and without the query.
    pub fn path(&self) -> &str {
        self.parts.path()
    }

    /// Returns the percent-encoded path and query.
    pub fn target(&self) -> &str {
        &self.parts.target
    }

    /// Returns the names and values of the query, not encoded.
    pub fn query_pairs(&self) -> Vec<(Cow<'_, str>, Cow<'_, str>)> {
        self.call.query_pairs(self.dialect)
    }

    /// Returns the complete URL.
    pub fn url(&self) -> String {
        format!("{}{}", self.base_url, self.parts.target)
    }

    /// Returns the content type of the body, if there is one.
    pub fn content_type(&self) -> Option<&str> {
        self.parts.content_type.as_deref()
    }

    /// Returns the body, which may be empty.
    pub fn body(&self) -> &Bytes {
        &self.parts.body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(base_url: &str, path: &'static str) -> Request {
        let call = Call::route(None, "GET".into(), path.into());
        Request::new(Arc::new(call), base_url, Dialect::Tweet).expect("a request")
    }

    #[test]
    fn a_request_reveals_its_parts_and_its_url() {
        let request = request("http://127.0.0.1:80/x", "/2/a%20b?q=rust%20lang&n=1");
        let request = request.with_query_param("n m", 7.into()).expect("a request");
        assert_eq!((request.host(), request.path()), ("127.0.0.1:80", "/2/a%20b"));
        assert_eq!(request.target(), "/2/a%20b?q=rust%20lang&n=1&n%20m=7");
        assert_eq!(request.url(), format!("http://127.0.0.1:80/x{}", request.target()));
        let pairs = [("q", "rust lang"), ("n", "1"), ("n m", "7")].map(|(name, value)| (name.into(), value.into()));
        assert_eq!(request.query_pairs(), pairs);
    }

    #[test]
    fn a_query_parameter_is_replaced() {
        let request = request("https://api.x.com", "/2/tweets/search/stream");
        let once = request.with_query_param("backfill_minutes", 1.into()).expect("a request");
        let twice = once.with_query_param("backfill_minutes", 2.into()).expect("a request");
        assert_eq!(twice.target(), "/2/tweets/search/stream?backfill_minutes=2");
        assert_eq!(request.target(), "/2/tweets/search/stream", "the original is unchanged");
    }
}
