//! Waiting for the browser that brings a user back.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use chirrup_api::Error;
use http::{HeaderValue, Method, Request, Response, StatusCode, Uri, header};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::{CallbackParams, OAuth1Login, OAuth2Login, constant_time_eq};

/// How long one connection may take to say what it wants.
const PATIENCE: Duration = Duration::from_secs(10);

/// How many connections are served at a time; more wait in line.
const CONNECTIONS: usize = 64;

/// A login that a user comes back to by an address of one's own.
pub trait PendingLogin: private::Sealed {
    /// Whether an address belongs to this login, whatever the user has decided.
    fn owns(&self, address: &str) -> bool;
}

mod private {
    pub trait Sealed {}
    impl Sealed for super::OAuth1Login {}
    impl Sealed for super::OAuth2Login {}
}

impl PendingLogin for OAuth2Login {
    fn owns(&self, address: &str) -> bool {
        CallbackParams::read(address, "").get("state").is_some_and(|state| constant_time_eq(state, self.state.expose()))
    }
}

impl PendingLogin for OAuth1Login {
    fn owns(&self, address: &str) -> bool {
        let brought = CallbackParams::read(address, "");
        brought.get("oauth_token").or(brought.get("denied")).is_some_and(|token| constant_time_eq(token, &self.token))
    }
}

/// Listens on this machine for the address to which X sends a user.
///
/// What does not belong to the login, such as a request by a foreign page, is refused, and the listening goes on.
///
/// ```no_run
/// # async fn example(client: &chirrup_api::ApiClient) -> Result<(), chirrup_api::Error> {
/// use chirrup_auth::Scope;
/// use chirrup_http::login::{App, CallbackListener, Login};
///
/// let (app, login, back) = (App::public("client id"), Login::new(client), "http://127.0.0.1:8080/callback");
/// let listener = CallbackListener::bind(back).await?;
/// let begun = login.begin_oauth2(&app, back, &[Scope::TweetRead, Scope::UsersRead])?;
/// println!("open {}", begun.url());
/// let brought = listener.wait(&begun, CallbackListener::DEFAULT_TIMEOUT).await?;
/// let tokens = login.finish_oauth2(&app, begun, &brought).await?;
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct CallbackListener {
    socket: TcpListener,
    at: Place,
}

/// Where a browser has to come to.
#[derive(Debug, Clone)]
struct Place {
    authority: String,
    path: String,
}

impl CallbackListener {
    /// As long as a user should be waited for.
    pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(300);

    /// Begins to listen at `redirect_uri`, which stands in the settings of the app and has the form
    /// `http://127.0.0.1:PORT/PATH` or `http://[::1]:PORT/PATH`: from elsewhere nobody can come to these.
    ///
    /// # Errors
    /// If the address has another form, or its port is taken. Another port would not do: X compares letter by letter.
    pub async fn bind(redirect_uri: &str) -> Result<Self, Error> {
        let form = || Error::login("only http://127.0.0.1:PORT/PATH and http://[::1]:PORT/PATH can be listened at");
        let uri: Uri = redirect_uri.parse().map_err(|_| form())?;
        let authority = uri.authority().ok_or_else(form)?;
        let address: SocketAddr = authority.as_str().parse().map_err(|_| form())?;
        let literal = matches!(address.ip().to_string().as_str(), "127.0.0.1" | "::1");
        if uri.scheme_str() != Some("http") || !literal || address.port() == 0 || uri.query().is_some() {
            return Err(form());
        }
        let socket = TcpListener::bind(address).await;
        let socket = socket.map_err(|why| Error::login(&format!("cannot listen at {address}: {why}")))?;
        Ok(Self { socket, at: Place { authority: authority.to_string(), path: uri.path().to_owned() } })
    }

    /// Waits until the user comes back to this login, and gives the address that they came with.
    ///
    /// # Errors
    /// If they do not come `within` this time.
    pub async fn wait(
        self,
        login: &(impl PendingLogin + Clone + Send + Sync + 'static),
        within: Duration,
    ) -> Result<String, Error> {
        let late = |_| Error::login(&format!("nobody came back within {} seconds", within.as_secs()));
        tokio::time::timeout(within, self.serve(login)).await.map_err(late)
    }

    async fn serve(self, login: &(impl PendingLogin + Clone + Send + Sync + 'static)) -> String {
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                Some(ended) = connections.join_next() => {
                    if let Ok(Some(address)) = ended {
                        return address;
                    }
                }
                taken = self.socket.accept(), if connections.len() < CONNECTIONS => match taken {
                    Ok((stream, peer)) if peer.ip().is_loopback() => {
                        connections.spawn(connection(stream, self.at.clone(), login.clone()));
                    }
                    Ok(_) => {}
                    // Out of file handles, say: it passes.
                    Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
                },
            }
        }
    }
}

/// Serves one connection; gives the address that it brought if that is the one.
async fn connection(stream: TcpStream, at: Place, login: impl PendingLogin) -> Option<String> {
    let found = Arc::new(OnceLock::new());
    let service = service_fn(|request: Request<Incoming>| {
        let (status, page) = answer(&request, &at, &login);
        if status == StatusCode::OK {
            let _ = found.set(request.uri().to_string());
        }
        std::future::ready(Ok::<_, Infallible>(response(status, page)))
    });
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(PATIENCE).keep_alive(false).max_buf_size(16 * 1024);
    // The address counts even if the browser did not stay for the page.
    let _ = tokio::time::timeout(PATIENCE, http.serve_connection(TokioIo::new(stream), service)).await;
    found.get().cloned()
}

/// What to say to a request. Nothing of the request is repeated.
fn answer<B>(request: &Request<B>, at: &Place, login: &impl PendingLogin) -> (StatusCode, &'static str) {
    let host = request.headers().get(header::HOST).map(HeaderValue::as_bytes);
    if host != Some(at.authority.as_bytes()) {
        return (StatusCode::BAD_REQUEST, "This is not the address of the login.");
    }
    if request.uri().path() != at.path {
        return (StatusCode::NOT_FOUND, "There is nothing here.");
    }
    if request.method() != Method::GET {
        return (StatusCode::METHOD_NOT_ALLOWED, "The login is finished by following a link.");
    }
    if !login.owns(&request.uri().to_string()) {
        return (StatusCode::BAD_REQUEST, "This does not belong to the login that is waited for.");
    }
    (StatusCode::OK, "Your answer has arrived. You can close this window.")
}

fn response(status: StatusCode, page: &'static str) -> Response<Full<Bytes>> {
    let page = format!("<!doctype html><meta charset=utf-8><title>Login</title><p>{page}\n");
    let mut response = Response::new(Full::new(Bytes::from(page)));
    *response.status_mut() = status;
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
