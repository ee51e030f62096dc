//! A single HTTP request over the network: connection pool, `Authorization` header, timeouts and size limits.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use chirrup_api::{BoxFuture, RawResponse, Request, Transport, TransportError, TransportErrorKind};
use chirrup_auth::Credential;
use http::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HOST, HeaderValue, LOCATION, USER_AGENT,
};
use http::{HeaderMap, Method, StatusCode, Uri};
use http_body::Body as _;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper_util::client::legacy::Client as Pool;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::task::JoinHandle;
use tower_service::Service as _;

use crate::clock::{Clock, ServerClock, sign};
use crate::https::LazyHttpsConnector;
use crate::proxy::{Connector, ProxyConfig, is_loopback};
use crate::response_body::{BodyError, ResponseBody};
use crate::runtime;
use crate::tls::TlsConfig;

type ConnectionPool = Pool<LazyHttpsConnector, Full<Bytes>>;

/// Maximum size of an error response body, in bytes. The rest is cut off.
const MAX_ERROR_BODY: usize = 64 << 10;
/// Settings of single requests.
#[derive(Debug, Clone)]
pub(crate) struct WireSettings {
    pub(crate) timeout: Duration,
    pub(crate) connect_timeout: Duration,
    pub(crate) read_timeout: Duration,
    pub(crate) max_body: usize,
    /// Maximum number of redirects that one request follows.
    pub(crate) max_redirects: usize,
    /// Headers of every request.
    pub(crate) headers: HeaderMap,
    pub(crate) proxy: ProxyConfig,
    pub(crate) tls: TlsConfig,
}

/// The network, with pools of connections that are kept alive and shared.
pub(crate) struct Wire {
    settings: WireSettings,
    clock: Arc<dyn Clock>,
    server_clock: Arc<ServerClock>,
    /// Pool for callers in their own async runtime. A connection belongs to the runtime that made it.
    caller_pool: OnceLock<ConnectionPool>,
    /// Pool for calls on the background runtime.
    background_pool: OnceLock<ConnectionPool>,
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wire").field("settings", &self.settings).finish_non_exhaustive()
    }
}

/// The task that drives a connection. Dropping it closes the connection.
#[derive(Debug)]
struct ConnectionTask(JoinHandle<()>);

impl Drop for ConnectionTask {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The successful response of a streaming endpoint, on a connection of its own.
#[derive(Debug)]
pub(crate) struct StreamResponse {
    pub(crate) body: Incoming,
    /// Status and headers; the body is empty.
    pub(crate) head: RawResponse,
    task: ConnectionTask,
}

impl StreamResponse {
    /// Whether the body is compressed.
    pub(crate) fn is_gzip(&self) -> bool {
        is_gzip(&self.head.headers)
    }

    /// Closes the connection and waits until it is closed.
    pub(crate) async fn close(self) {
        let Self { body, mut task, .. } = self;
        drop(body);
        task.0.abort();
        let _ = (&mut task.0).await;
    }
}

/// Reason why [`Wire::fetch`] failed.
#[derive(Debug)]
pub(crate) enum FetchError {
    /// The server answered with this status.
    Status(StatusCode),
    /// The callback that receives the data failed.
    Sink(std::io::Error),
    /// The response could not be received.
    Transport(TransportError),
}

impl From<TransportError> for FetchError {
    fn from(error: TransportError) -> Self {
        Self::Transport(error)
    }
}

/// [`Wire`] as a transport: each call is one request.
#[derive(Debug, Clone)]
pub(crate) struct WireTransport(pub(crate) Arc<Wire>);

impl Transport for WireTransport {
    fn send(&self, request: Request) -> BoxFuture<Result<RawResponse, TransportError>> {
        let wire = Arc::clone(&self.0);
        Box::pin(async move { wire.send_following_redirects(request).await })
    }
}

impl Wire {
    pub(crate) fn new(settings: WireSettings, clock: Arc<dyn Clock>, server_clock: Arc<ServerClock>) -> Self {
        Self { settings, clock, server_clock, caller_pool: OnceLock::new(), background_pool: OnceLock::new() }
    }

    fn connector(&self, http2: bool) -> LazyHttpsConnector {
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        http.set_nodelay(true);
        http.set_keepalive(Some(Duration::from_secs(60)));
        http.set_connect_timeout(Some(self.settings.connect_timeout));
        LazyHttpsConnector::new(Connector::new(http, &self.settings.proxy), self.settings.tls.clone(), http2)
    }

    fn pool(&self) -> &ConnectionPool {
        let pool = if runtime::is_background() { &self.background_pool } else { &self.caller_pool };
        pool.get_or_init(|| {
            Pool::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(self.connector(true))
        })
    }

    /// Sends a request and follows redirects of reads within the same origin.
    async fn send_following_redirects(&self, request: Request) -> Result<RawResponse, TransportError> {
        let limit = request.timeout.unwrap_or(self.settings.timeout);
        let following = async {
            let mut url = request.url();
            let max = self.settings.max_redirects;
            for _ in 0..=max {
                let http_request = self.to_http(&request, &url)?;
                let uri = http_request.uri().clone();
                let response = self.send_once(http_request, &uri).await?;
                match redirect_target(request.method(), &uri, &response) {
                    Some(target) if max > 0 => url = target,
                    _ => return Ok(response),
                }
            }
            Err(connection_lost(format!("request failed: more than {max} redirects")))
        };
        match tokio::time::timeout(limit, following).await {
            Ok(result) => result,
            Err(_) => Err(timed_out(format!("request timed out after {limit:?}")).in_doubt()),
        }
    }

    /// Turns a request into one of `hyper`, to its own URL or to the one that a redirect names.
    fn to_http(&self, request: &Request, url: &str) -> Result<http::Request<Full<Bytes>>, TransportError> {
        // A URL that cannot be parsed is not quoted: it may contain a password.
        let uri: Uri = url.parse().map_err(|_| invalid("invalid URL: it cannot be parsed"))?;
        if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
            return Err(invalid("invalid URL: it contains a user name or password"));
        }
        if let Some(scheme) = uri.scheme_str().filter(|scheme| !matches!(*scheme, "https" | "http")) {
            return Err(invalid(format!("invalid URL: its scheme is `{scheme}`, not https")));
        }
        if uri.scheme_str() != Some("https") && !is_loopback(&uri) {
            let host = uri.host().unwrap_or_default();
            return Err(invalid(format!(
                "insecure URL: plain HTTP is allowed to loopback addresses only, not to `{host}`; use https"
            )));
        }
        let authorization = match &request.credential {
            Some(credential) => Some(self.authorization(credential, request, url)?),
            None => None,
        };
        let mut http_request = http::Request::new(Full::new(request.body().clone()));
        *http_request.method_mut() = request.method().clone();
        *http_request.uri_mut() = uri;
        let headers = http_request.headers_mut();
        headers.clone_from(&self.settings.headers);
        headers.extend(request.call().headers().clone());
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        if let Some(content_type) = request.content_type() {
            let content_type = HeaderValue::from_str(content_type);
            headers.insert(CONTENT_TYPE, content_type.map_err(|_| invalid("invalid media type of the request body"))?);
        }
        if let Some(authorization) = authorization {
            headers.insert(AUTHORIZATION, authorization);
        }
        Ok(http_request)
    }

    fn authorization(
        &self,
        credential: &Credential,
        request: &Request,
        url: &str,
    ) -> Result<HeaderValue, TransportError> {
        let value = match credential {
            Credential::AppOnly(token) | Credential::OAuth2 { token, .. } => format!("Bearer {}", token.expose()),
            Credential::Basic(header) => header.expose().to_owned(),
            Credential::OAuth1(signer) => {
                let is_form = request.content_type().is_some_and(chirrup_auth::oauth1::is_form);
                let form = if is_form { String::from_utf8_lossy(request.body()) } else { "".into() };
                let timestamp = self.server_clock.now(&*self.clock);
                sign(&*self.clock, timestamp, signer, request.method().as_str(), url, &form)
                    .map_err(|why| invalid(format!("could not sign the request: {why}")))?
            }
            _ => return Err(invalid("unsupported credential: this transport does not know its kind")),
        };
        let is_valid = value.bytes().all(|b| b == b' ' || b.is_ascii_graphic());
        let header = HeaderValue::from_str(&value).ok().filter(|_| is_valid);
        let mut header = header.ok_or_else(|| {
            invalid("invalid credential: it contains a character that is not allowed in a header, such as a line break")
        })?;
        header.set_sensitive(true);
        Ok(header)
    }

    /// Sends a request to its URI once.
    async fn send_once(&self, request: http::Request<Full<Bytes>>, uri: &Uri) -> Result<RawResponse, TransportError> {
        let response = self.pool().request(request).await.map_err(|source| {
            let host = host_of(uri);
            if source.is_connect() { no_connection(&host, source) } else { lost(&host).because(source) }
        })?;
        let (head, body) = response.into_parts();
        let is_complete = head.status.is_success();
        let max = if is_complete { self.settings.max_body } else { MAX_ERROR_BODY };
        let body = self.read_body(body, is_gzip(&head.headers), max, is_complete).await?;
        let response = RawResponse::new(head.status, head.headers, body);
        if let Some(date) = response.date() {
            self.server_clock.learn(&*self.clock, date);
        }
        Ok(response)
    }

    /// Opens a stream: its response, or the complete error response of the server. The timeout applies to the response
    /// headers only.
    pub(crate) async fn open_stream(
        &self,
        request: &Request,
        gzip: bool,
    ) -> Result<Result<StreamResponse, RawResponse>, TransportError> {
        let opening = async {
            let mut request = self.to_http(request, &request.url())?;
            if !gzip {
                request.headers_mut().remove(ACCEPT_ENCODING);
            }
            self.send_on_own_connection(request).await
        };
        let response = tokio::time::timeout(self.settings.timeout, opening).await;
        let (response, task) = response.map_err(|_| self.no_response())??;
        let (head, body) = response.into_parts();
        let mut response = RawResponse::new(head.status, head.headers, Bytes::new());
        if let Some(date) = response.date() {
            self.server_clock.learn(&*self.clock, date);
        }
        if response.status.is_success() {
            return Ok(Ok(StreamResponse { body, head: response, task }));
        }
        response.body = self.read_body(body, is_gzip(&response.headers), MAX_ERROR_BODY, false).await?;
        Ok(Err(response))
    }

    /// Sends a request on a connection outside the pool, so that the caller can close that connection.
    async fn send_on_own_connection(
        &self,
        mut request: http::Request<Full<Bytes>>,
    ) -> Result<(http::Response<Incoming>, ConnectionTask), TransportError> {
        let uri = request.uri().clone();
        let host = host_of(&uri);
        let failed = |why: Box<dyn std::error::Error + Send + Sync>| no_connection(&host, std::io::Error::other(why));
        let mut connector = self.connector(false);
        std::future::poll_fn(|context| connector.poll_ready(context)).await.map_err(failed)?;
        let io = connector.call(uri.clone()).await.map_err(failed)?;
        let handshake = hyper::client::conn::http1::handshake(io).await;
        let (mut sender, connection) = handshake.map_err(|why| failed(why.into()))?;
        let task = ConnectionTask(tokio::spawn(async move {
            let _ = connection.await;
        }));
        if let Ok(host) = HeaderValue::from_str(&host) {
            request.headers_mut().insert(HOST, host);
        }
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        *request.uri_mut() = path.parse().unwrap_or_default();
        let response = sender.send_request(request).await;
        Ok((response.map_err(|source| lost(&host).because(source))?, task))
    }

    /// Fetches a URL without a credential. Passes the body to `sink` piece by piece and returns its size in bytes.
    pub(crate) async fn fetch(
        &self,
        uri: Uri,
        max: u64,
        sink: &mut (dyn FnMut(&[u8]) -> std::io::Result<()> + Send),
    ) -> Result<u64, FetchError> {
        let host = host_of(&uri);
        let mut request = http::Request::new(Full::default());
        *request.uri_mut() = uri;
        let user_agent = self.settings.headers.get(USER_AGENT).cloned();
        request.headers_mut().extend(user_agent.map(|value| (USER_AGENT, value)));
        let response = tokio::time::timeout(self.settings.timeout, self.pool().request(request)).await;
        let response = response.map_err(|_| self.no_response())?;
        let response = response.map_err(|source| no_connection(&host, source))?;
        if !response.status().is_success() {
            return Err(FetchError::Status(response.status()));
        }
        let (mut body, mut size) = (response.into_body(), 0);
        while let Some(data) = self.next_data(&mut body).await? {
            size += data.len() as u64;
            if size > max {
                return Err(too_large(usize::try_from(max).unwrap_or(usize::MAX)).into());
            }
            sink(&data).map_err(FetchError::Sink)?;
        }
        Ok(size)
    }

    /// Reads a body. One that is larger than `max`, damaged or broken off is an error if it has to be complete. Otherwise its
    /// beginning is returned: the status tells enough.
    async fn read_body(
        &self,
        mut body: Incoming,
        is_gzip: bool,
        max: usize,
        is_complete: bool,
    ) -> Result<Bytes, TransportError> {
        let announced = usize::try_from(body.size_hint().lower()).unwrap_or(max);
        let mut received = ResponseBody::new(is_gzip, announced, max);
        while !body.is_end_stream() {
            let added = match self.next_data(&mut body).await {
                Ok(Some(data)) => received.add(data).map_err(invalid_body),
                Ok(None) => break,
                Err(error) => Err(error),
            };
            match added {
                Ok(()) => {}
                Err(error) if is_complete => return Err(error),
                Err(_) => break,
            }
        }
        if is_complete { received.finish().map_err(invalid_body) } else { Ok(received.cut()) }
    }

    /// Returns the next data of a body, or `None` at its end.
    async fn next_data(&self, body: &mut Incoming) -> Result<Option<Bytes>, TransportError> {
        let read_timeout = self.settings.read_timeout;
        loop {
            let frame = tokio::time::timeout(read_timeout, body.frame()).await.map_err(|_| {
                timed_out(format!("response timed out: no data received for {read_timeout:?}")).in_doubt()
            })?;
            let Some(frame) = frame else { return Ok(None) };
            let frame = frame
                .map_err(|source| connection_lost("connection lost while reading the response").because(source))?;
            if let Ok(data) = frame.into_data() {
                return Ok(Some(data));
            }
        }
    }

    fn no_response(&self) -> TransportError {
        timed_out(format!("request timed out: no response within {:?}", self.settings.timeout))
    }
}

/// Returns the target of a redirect that may be followed: one of a read, within the same origin.
fn redirect_target(method: &Method, current: &Uri, response: &RawResponse) -> Option<String> {
    if !response.status.is_redirection() || !matches!(*method, Method::GET | Method::HEAD) {
        return None;
    }
    let location = response.headers.get(LOCATION)?.to_str().ok()?;
    let origin = format!("{}://{}", current.scheme_str()?, current.authority()?);
    let local = location.strip_prefix(&origin).unwrap_or(location);
    // Two slashes start the name of another host.
    let is_local = local.starts_with('/') && !local.starts_with("//") && !local.contains('\\');
    is_local.then(|| format!("{origin}{local}"))
}

fn host_of(uri: &Uri) -> String {
    uri.authority().map(ToString::to_string).unwrap_or_default()
}

fn is_gzip(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_ENCODING).is_some_and(|encoding| encoding.as_bytes().eq_ignore_ascii_case(b"gzip"))
}

fn invalid_body(error: BodyError) -> TransportError {
    match error {
        BodyError::TooLarge(max) => too_large(max),
        BodyError::NotGzip(why) => connection_lost("invalid response: the body is not valid gzip").because(why),
    }
}

fn invalid(message: impl Into<String>) -> TransportError {
    TransportError::new(TransportErrorKind::Configuration, message)
}

/// Returns the error of a connection that was not established, with the first cause.
fn no_connection(host: &str, source: impl std::error::Error + Send + Sync + 'static) -> TransportError {
    let mut cause: &dyn std::error::Error = &source;
    while let Some(earlier) = cause.source() {
        cause = earlier;
    }
    TransportError::new(TransportErrorKind::Connect, format!("could not connect to `{host}`: {cause}")).because(source)
}

fn lost(host: &str) -> TransportError {
    connection_lost(format!("connection to `{host}` lost"))
}

fn connection_lost(message: impl Into<String>) -> TransportError {
    TransportError::new(TransportErrorKind::ConnectionLost, message).in_doubt()
}

fn timed_out(message: String) -> TransportError {
    TransportError::new(TransportErrorKind::Timeout, message)
}

fn too_large(max: usize) -> TransportError {
    TransportError::new(TransportErrorKind::TooLarge, format!("response too large: more than {max} bytes")).in_doubt()
}
