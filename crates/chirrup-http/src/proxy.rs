//! Connections through a proxy or directly to the host.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::Uri;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::proxy::matcher::Matcher;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tower_service::Service;

pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Choice of the proxy.
#[derive(Debug, Clone, Default)]
pub(crate) enum ProxyConfig {
    /// The proxy that `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` name.
    #[default]
    Environment,
    /// The proxy with this URL, which may contain a user name and password.
    Fixed(chirrup_auth::Secret),
    /// Direct connections without a proxy.
    Direct,
}

/// A connector that tunnels through the proxy, except to loopback addresses.
#[derive(Clone)]
pub(crate) struct Connector {
    direct: HttpConnector,
    proxies: Option<Arc<Matcher>>,
}

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connector").field("proxied", &self.proxies.is_some()).finish_non_exhaustive()
    }
}

impl Connector {
    pub(crate) fn new(direct: HttpConnector, config: &ProxyConfig) -> Self {
        let matcher = match config {
            ProxyConfig::Environment => Some(Matcher::from_env()),
            ProxyConfig::Fixed(url) => Some(Matcher::builder().all(url.expose()).build()),
            ProxyConfig::Direct => None,
        };
        Self { direct, proxies: matcher.map(Arc::new) }
    }
}

/// Whether a URL names a loopback address, judged by its text: no name is resolved.
pub(crate) fn is_loopback(uri: &Uri) -> bool {
    chirrup_store::is_loopback_host(uri.host().unwrap_or_default())
}

impl Service<Uri> for Connector {
    type Response = TokioIo<TcpStream>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.direct.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, target: Uri) -> Self::Future {
        let proxy =
            self.proxies.as_ref().filter(|_| !is_loopback(&target)).and_then(|matcher| matcher.intercept(&target));
        let Some(proxy) = proxy else {
            let connecting = self.direct.call(target);
            return Box::pin(async move { Ok(connecting.await?) });
        };
        let mut tunnel = Tunnel::new(proxy.uri().clone(), self.direct.clone());
        if let Some(auth) = proxy.basic_auth() {
            tunnel = tunnel.with_auth(auth.clone());
        }
        Box::pin(async move { Ok(tunnel.call(target).await?) })
    }
}
