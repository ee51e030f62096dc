//! Streamable HTTP on the loopback interface, for clients that hold the token.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use chirrup::Secret;
use chirrup::auth::constant_time_eq;
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::{HeaderValue, Request, Response};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full};
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use tokio::net::TcpListener;

use crate::server::Server;

/// Path of the endpoint.
const PATH: &str = "/mcp";

/// An HTTP server on the loopback interface that is bound, and not yet serving.
#[derive(Debug)]
pub struct ServeHttp {
    listener: TcpListener,
    address: SocketAddr,
    token: Secret,
    server: Server,
}

impl Server {
    /// Binds streamable HTTP to a port of the loopback interface, 0 for any free one. Clients send the token as
    /// `Authorization: Bearer`.
    ///
    /// # Errors
    /// If the port is in use.
    pub async fn bind_http(self, port: u16, token: Secret) -> io::Result<ServeHttp> {
        let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        Ok(ServeHttp { listener, address, token, server: self })
    }
}

impl ServeHttp {
    /// Returns the URL for the configuration of a client.
    pub fn url(&self) -> String {
        format!("http://{}{PATH}", self.address)
    }

    /// Serves clients until `stopped` resolves. All clients share the budget, the limits and the drafts of the server.
    pub async fn run(self, stopped: impl Future<Output = ()>) {
        let Self { listener, token, server, .. } = self;
        let config = StreamableHttpServerConfig::default();
        let service =
            StreamableHttpService::new(move || Ok(server.clone()), Arc::new(LocalSessionManager::default()), config);
        let expected: Arc<str> = format!("Bearer {}", token.expose()).into();
        let handler = move |request: Request<Bytes>| {
            let (service, expected) = (service.clone(), Arc::clone(&expected));
            async move {
                let response: Response<BoxBody<Bytes, Infallible>> = match refusal(&request, &expected) {
                    Some(refused) => refused,
                    None => service.handle(request.map(Full::new)).await,
                };
                Ok::<_, Infallible>(response)
            }
        };
        chirrup_serve::Server::new().max_connections(64).run(listener, stopped, handler).await;
    }
}

/// Refuses a request to another path, or without the token.
fn refusal(request: &Request<Bytes>, expected: &str) -> Option<Response<BoxBody<Bytes, Infallible>>> {
    if request.uri().path() != PATH {
        return Some(chirrup_serve::Text::response(404, "the endpoint is /mcp\n").map(BodyExt::boxed));
    }
    let given = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if constant_time_eq(given, expected) {
        return None;
    }
    let text = "the token is missing or wrong: send `Authorization: Bearer` with the token of the server\n";
    let mut response = chirrup_serve::Text::response(401, text).map(BodyExt::boxed);
    response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    Some(response)
}
