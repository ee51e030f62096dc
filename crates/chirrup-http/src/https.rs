//! Connections over HTTPS or plain HTTP. TLS is set up at the first `https` URL, since loading root certificates takes time.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

use http::Uri;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tower_service::Service;

use crate::proxy::{BoxError, Connector};
use crate::tls::TlsConfig;

/// A connector for `https` and `http` URLs.
#[derive(Debug, Clone)]
pub(crate) struct LazyHttpsConnector {
    plain: Connector,
    tls: TlsConfig,
    http2: bool,
    https: Arc<OnceLock<HttpsConnector<Connector>>>,
}

impl LazyHttpsConnector {
    /// Creates a connector, which offers the server HTTP/2 over TLS if `http2` is set.
    pub(crate) fn new(plain: Connector, tls: TlsConfig, http2: bool) -> Self {
        Self { plain, tls, http2, https: Arc::default() }
    }

    fn https(&self) -> HttpsConnector<Connector> {
        let connector = self.https.get_or_init(|| {
            let builder = HttpsConnectorBuilder::new().with_tls_config(self.tls.client_config()).https_or_http();
            match self.http2 {
                true => builder.enable_all_versions().wrap_connector(self.plain.clone()),
                false => builder.enable_http1().wrap_connector(self.plain.clone()),
            }
        });
        connector.clone()
    }
}

impl Service<Uri> for LazyHttpsConnector {
    type Response = MaybeHttpsStream<TokioIo<TcpStream>>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.plain.poll_ready(context)
    }

    fn call(&mut self, target: Uri) -> Self::Future {
        if target.scheme_str() == Some("https") {
            return self.https().call(target);
        }
        let connecting = self.plain.call(target);
        Box::pin(async move { connecting.await.map(MaybeHttpsStream::Http) })
    }
}
