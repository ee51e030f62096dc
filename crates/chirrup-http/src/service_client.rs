//! Requests to servers other than those of X, such as object stores.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper_util::client::legacy::Client as Pool;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use crate::https::LazyHttpsConnector;
use crate::proxy::{Connector, ProxyConfig};
use crate::tls::TlsConfig;

/// Timeout of a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Client for servers other than those of X: the TLS and the proxies of the transport, without its credentials, retries and
/// limits.
#[derive(Clone)]
pub struct ServiceClient(Pool<LazyHttpsConnector, Full<Bytes>>);

impl fmt::Debug for ServiceClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServiceClient")
    }
}

/// Reason why a [`ServiceClient`] got no response.
pub type ServiceError = hyper_util::client::legacy::Error;

impl ServiceClient {
    /// Creates a client with a pool of connections, for a single async runtime.
    #[allow(clippy::new_without_default, reason = "a client opens connections")]
    pub fn new() -> Self {
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        http.set_nodelay(true);
        http.set_keepalive(Some(Duration::from_secs(60)));
        http.set_connect_timeout(Some(CONNECT_TIMEOUT));
        let connector = Connector::new(http, &ProxyConfig::Environment);
        let connector = LazyHttpsConnector::new(connector, TlsConfig::System, false);
        Self(Pool::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(connector))
    }

    /// Sends a request. The body of the response is read by the caller.
    ///
    /// # Errors
    /// If no response arrives.
    pub async fn send(&self, request: http::Request<Full<Bytes>>) -> Result<http::Response<Incoming>, ServiceError> {
        self.0.request(request).await
    }
}
