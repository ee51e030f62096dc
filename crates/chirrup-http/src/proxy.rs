//! Connections through a proxy, or straight to the host.

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

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Which proxy to use.
#[derive(Debug, Clone, Default)]
pub(crate) enum Proxies {
    /// The one that the environment names: `HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`.
    #[default]
    Environment,
    /// This one. It may hold a name and a password.
    Fixed(chirrup_auth::Secret),
    /// None.
    Direct,
}

/// Makes connections. This machine is never reached through a proxy.
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
    pub(crate) fn new(direct: HttpConnector, proxies: &Proxies) -> Self {
        let matcher = match proxies {
            Proxies::Environment => Some(Matcher::from_env()),
            Proxies::Fixed(url) => Some(Matcher::builder().all(url.expose()).build()),
            Proxies::Direct => None,
        };
        Self { direct, proxies: matcher.map(Arc::new) }
    }
}

/// Whether an address is this machine, by its name as it stands there: nothing is looked up.
pub(crate) fn is_loopback(uri: &Uri) -> bool {
    is_here(uri.host().unwrap_or_default())
}

/// The same of the name of a host.
pub(crate) fn is_here(host: &str) -> bool {
    let host = host.trim_matches(['[', ']']);
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

impl Service<Uri> for Connector {
    type Response = TokioIo<TcpStream>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.direct.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        let proxy = self.proxies.as_ref().filter(|_| !is_loopback(&to)).and_then(|matcher| matcher.intercept(&to));
        let Some(proxy) = proxy else {
            let connecting = self.direct.call(to);
            return Box::pin(async move { Ok(connecting.await?) });
        };
        let mut tunnel = Tunnel::new(proxy.uri().clone(), self.direct.clone());
        if let Some(auth) = proxy.basic_auth() {
            tunnel = tunnel.with_auth(auth.clone());
        }
        Box::pin(async move { Ok(tunnel.call(to).await?) })
    }
}
