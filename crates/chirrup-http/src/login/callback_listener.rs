//! The listener for the callback of a login on this machine.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chirrup_api::Error;
use chirrup_auth::constant_time_eq;
use chirrup_serve::{Hosts, Server};
use http::{HeaderValue, Method, Request, Response, StatusCode, Uri, header};
use http_body_util::Full;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use super::callback_params::CallbackParams;
use super::oauth1::OAuth1Login;
use super::oauth2::OAuth2Login;

/// Maximum number of concurrent connections.
const MAX_CONNECTIONS: usize = 64;

/// Maximum size in bytes of a request body. The callback has none.
const MAX_BODY: usize = 1024;

/// Time in which the browser receives the response to the callback.
const GRACE: Duration = Duration::from_secs(2);

/// A login that ends with a callback: [`OAuth1Login`] or [`OAuth2Login`].
pub trait PendingLogin: private::Sealed {
    /// Returns whether a callback URL belongs to this login, whether or not the user authorized the app.
    fn owns(&self, callback: &str) -> bool;
}

mod private {
    pub trait Sealed {}
    impl Sealed for super::OAuth1Login {}
    impl Sealed for super::OAuth2Login {}
}

impl PendingLogin for OAuth2Login {
    fn owns(&self, callback: &str) -> bool {
        CallbackParams::read(callback, "")
            .get("state")
            .is_some_and(|state| constant_time_eq(state, self.state.expose()))
    }
}

impl PendingLogin for OAuth1Login {
    fn owns(&self, callback: &str) -> bool {
        let params = CallbackParams::read(callback, "");
        params.get("oauth_token").or(params.get("denied")).is_some_and(|token| constant_time_eq(token, &self.token))
    }
}

/// A listener on this machine for the callback to which X redirects the user.
///
/// It refuses requests that do not belong to the login, such as those of other web pages, and continues to listen.
///
/// ```no_run
/// # async fn example(client: &chirrup_api::ApiClient) -> Result<(), chirrup_api::Error> {
/// use chirrup_auth::Scope;
/// use chirrup_http::login::{App, CallbackListener, Login};
///
/// let (app, login, redirect_uri) = (App::public("client id"), Login::new(client), "http://127.0.0.1:8080/callback");
/// let listener = CallbackListener::bind(redirect_uri).await?;
/// let pending = login.begin_oauth2(&app, redirect_uri, &[Scope::TweetRead, Scope::UsersRead])?;
/// println!("open {}", pending.url());
/// let callback = listener.wait(&pending, CallbackListener::DEFAULT_TIMEOUT).await?;
/// let tokens = login.finish_oauth2(&app, pending, &callback).await?;
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct CallbackListener {
    socket: TcpListener,
    uri: CallbackUri,
}

/// The URI that the listener answers for.
#[derive(Debug, Clone)]
struct CallbackUri {
    authority: String,
    path: String,
}

impl CallbackListener {
    /// Recommended time to wait for the user: 5 minutes.
    pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(300);

    /// Begins to listen at `redirect_uri`, which must be listed in the app's settings at X.
    ///
    /// Its form is `http://127.0.0.1:PORT/PATH` or `http://[::1]:PORT/PATH`. Other machines cannot reach these addresses.
    ///
    /// # Errors
    /// [`ErrorKind::Login`](chirrup_api::ErrorKind::Login) if the URI has another form, or another program uses its port.
    /// X compares the whole URI, so that a different port is not possible.
    pub async fn bind(redirect_uri: &str) -> Result<Self, Error> {
        let form = || {
            Error::login("the redirect URI is not of the form http://127.0.0.1:PORT/PATH or http://[::1]:PORT/PATH")
                .with_hint("list a URI of this form in the app's settings, and pass the same one here")
        };
        let uri: Uri = redirect_uri.parse().map_err(|_| form())?;
        let authority = uri.authority().ok_or_else(form)?;
        let address: SocketAddr = authority.as_str().parse().map_err(|_| form())?;
        let literal = matches!(address.ip().to_string().as_str(), "127.0.0.1" | "::1");
        if uri.scheme_str() != Some("http") || !literal || address.port() == 0 || uri.query().is_some() {
            return Err(form());
        }
        let socket = TcpListener::bind(address).await;
        let socket = socket.map_err(|why| {
            Error::login(&format!("cannot listen at {address}: {why}"))
                .with_hint("stop the program that uses the port, or use a redirect URI with another port")
        })?;
        Ok(Self { socket, uri: CallbackUri { authority: authority.to_string(), path: uri.path().to_owned() } })
    }

    /// Waits for the callback of this login, and returns its URL.
    ///
    /// # Errors
    /// [`ErrorKind::Login`](chirrup_api::ErrorKind::Login) if no callback arrives within `timeout`.
    pub async fn wait(
        self,
        login: &(impl PendingLogin + Clone + Send + Sync + 'static),
        timeout: Duration,
    ) -> Result<String, Error> {
        let late = |_| Error::login(&format!("no callback arrived within {} seconds", timeout.as_secs()));
        tokio::time::timeout(timeout, self.serve(login)).await.map_err(late)
    }

    async fn serve(self, login: &(impl PendingLogin + Clone + Send + Sync + 'static)) -> String {
        let (found, mut callbacks) = mpsc::channel(1);
        let mut callback = String::new();
        let uri = Arc::new(self.uri);
        let hosts = Hosts::Exactly(uri.authority.clone());
        let login = login.clone();
        let handler = move |request: Request<Bytes>| {
            let (status, page) = respond_to(&request, &uri, &login);
            if status == StatusCode::OK {
                // The first one counts. It does so even if the browser closes the connection before the response.
                let _ = found.try_send(request.uri().to_string());
            }
            std::future::ready(Ok::<_, Infallible>(response(status, page)))
        };
        // The browser comes from X, so that the origin of the callback is a foreign one.
        let server = Server::new().hosts(hosts).any_origin().without_keep_alive();
        let server = server.max_connections(MAX_CONNECTIONS).max_body(MAX_BODY).grace(GRACE);
        let stopped = async { callback = callbacks.recv().await.unwrap_or_default() };
        server.run(self.socket, stopped, handler).await;
        callback
    }
}

/// Returns status and text for a request. They contain nothing from the request, which may be hostile.
fn respond_to<B>(request: &Request<B>, uri: &CallbackUri, login: &impl PendingLogin) -> (StatusCode, &'static str) {
    if request.uri().path() != uri.path {
        return (StatusCode::NOT_FOUND, "This page does not exist.");
    }
    if request.method() != Method::GET {
        return (StatusCode::METHOD_NOT_ALLOWED, "The callback of the login is a GET request.");
    }
    if !login.owns(&request.uri().to_string()) {
        return (StatusCode::BAD_REQUEST, "This callback belongs to another login.");
    }
    (StatusCode::OK, "The program has received the callback. You can close this window.")
}

fn response(status: StatusCode, page: &'static str) -> Response<Full<Bytes>> {
    let page = format!("<!doctype html><meta charset=utf-8><title>Login</title><p>{page}\n");
    let mut response = Response::new(Full::new(Bytes::from(page)));
    *response.status_mut() = status;
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
