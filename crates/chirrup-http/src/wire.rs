//! One request over the network, once: connection, proof of who calls, limits on time and size.

use std::fmt;
use std::io::Read as _;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use chirrup_api::{BoxFuture, RawResponse, Request, SendInfo, Transport, TransportError, TransportErrorKind};
use chirrup_auth::Credential;
use http::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HOST, HeaderValue, LOCATION, USER_AGENT,
};
use http::{HeaderMap, Method, Uri};
use http_body_util::{BodyExt as _, Full};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client as Pool;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::task::JoinHandle;
use tower_service::Service as _;

use crate::clock::{Clock, ServerClock, sign};
use crate::proxy::{Connector, Proxies, is_loopback};
use crate::runtime;
use crate::tls::Trust;

type Connections = Pool<HttpsConnector<Connector>, Full<Bytes>>;

/// How large a refusal may be; what is more of it is cut off.
const MAX_REFUSAL: usize = 64 << 10;
/// How many redirects of one request are followed.
const MAX_REDIRECTS: usize = 3;
/// Up to how many bytes anything may be decompressed, and how many times its size beyond that.
const INFLATED_FREELY: usize = 1 << 20;
const INFLATED_TIMES: usize = 200;

/// The settings of single requests.
#[derive(Debug, Clone)]
pub(crate) struct WireSettings {
    pub(crate) timeout: Duration,
    pub(crate) connect_timeout: Duration,
    pub(crate) read_timeout: Duration,
    pub(crate) max_body: usize,
    /// What goes with every request: the name of the client, and what its owner wishes.
    pub(crate) headers: HeaderMap,
    pub(crate) proxies: Proxies,
    pub(crate) trust: Trust,
}

/// The network. Connections are kept and shared.
pub(crate) struct Wire {
    settings: WireSettings,
    clock: Arc<dyn Clock>,
    server: Arc<ServerClock>,
    /// Connections that live in the caller's runtime.
    direct: OnceLock<Connections>,
    /// Connections that live on our own thread. A connection belongs to the runtime that made it.
    background: OnceLock<Connections>,
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wire").field("settings", &self.settings).finish_non_exhaustive()
    }
}

/// Drives a connection; it is closed when this goes.
#[derive(Debug)]
struct Driver(JoinHandle<()>);

impl Drop for Driver {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// A stream that was opened, on a connection of its own.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) body: hyper::body::Incoming,
    /// The answer that began it, without its body.
    pub(crate) head: RawResponse,
    driver: Driver,
}

impl Opened {
    /// Whether what comes is packed.
    pub(crate) fn is_gzip(&self) -> bool {
        is_packed(&self.head.headers)
    }

    /// Closes the connection, and returns when it is closed.
    pub(crate) async fn close(self) {
        let Self { body, mut driver, .. } = self;
        drop(body);
        driver.0.abort();
        let _ = (&mut driver.0).await;
    }
}

/// The network, as a transport.
#[derive(Debug, Clone)]
pub(crate) struct SharedWire(pub(crate) Arc<Wire>);

impl Transport for SharedWire {
    fn send(&self, request: Request) -> BoxFuture<Result<RawResponse, TransportError>> {
        let wire = Arc::clone(&self.0);
        Box::pin(async move {
            let place = if runtime::is_ours() { &wire.background } else { &wire.direct };
            wire.send(place.get_or_init(|| wire.connections()), request).await
        })
    }
}

impl Wire {
    pub(crate) fn new(settings: WireSettings, clock: Arc<dyn Clock>, server: Arc<ServerClock>) -> Self {
        Self { settings, clock, server, direct: OnceLock::new(), background: OnceLock::new() }
    }

    fn connector(&self, http2: bool) -> HttpsConnector<Connector> {
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        http.set_nodelay(true);
        http.set_keepalive(Some(Duration::from_secs(60)));
        http.set_connect_timeout(Some(self.settings.connect_timeout));
        let connector = Connector::new(http, &self.settings.proxies);
        let https =
            hyper_rustls::HttpsConnectorBuilder::new().with_tls_config(self.settings.trust.config()).https_or_http();
        match http2 {
            true => https.enable_all_versions().wrap_connector(connector),
            false => https.enable_http1().wrap_connector(connector),
        }
    }

    fn connections(&self) -> Connections {
        Pool::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(self.connector(true))
    }

    /// Sends it, and follows redirects of reads within the same origin.
    async fn send(&self, connections: &Connections, mut request: Request) -> Result<RawResponse, TransportError> {
        let limit = request.timeout.unwrap_or(self.settings.timeout);
        let following = async {
            for _ in 0..=MAX_REDIRECTS {
                let answer = self.exchange(connections, self.to_http(&request)?).await?;
                match next_stop(&request, &answer) {
                    Some(url) => request.url = url,
                    None => return Ok(answer),
                }
            }
            Err(TransportError::new(TransportErrorKind::ConnectionLost, format!("more than {MAX_REDIRECTS} redirects"))
                .in_doubt())
        };
        match tokio::time::timeout(limit, following).await {
            Ok(result) => result,
            Err(_) => {
                Err(TransportError::new(TransportErrorKind::Timeout, format!("no whole answer within {limit:?}"))
                    .in_doubt())
            }
        }
    }

    fn to_http(&self, request: &Request) -> Result<http::Request<Full<Bytes>>, TransportError> {
        let bad = |why: String| TransportError::new(TransportErrorKind::Configuration, why);
        let uri: Uri = request.url.parse().map_err(|_| bad("the address is malformed".to_owned()))?;
        if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
            return Err(bad("an address holds no name and password".to_owned()));
        }
        if uri.scheme_str() != Some("https") && !is_loopback(&uri) {
            let host = uri.host().unwrap_or_default();
            return Err(bad(format!("plain http is only for this machine, not for `{host}`: use https")));
        }
        let proof = match &request.credential {
            Some(credential) => Some(self.authorization(credential, request)?),
            None => None,
        };
        let mut http_request = http::Request::new(Full::new(request.body.clone()));
        *http_request.method_mut() = request.method.clone();
        *http_request.uri_mut() = uri;
        let headers = http_request.headers_mut();
        headers.clone_from(&self.settings.headers);
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        if let Some(content_type) = &request.content_type {
            let content_type = HeaderValue::from_str(content_type);
            headers.insert(CONTENT_TYPE, content_type.map_err(|_| bad("the media type is malformed".to_owned()))?);
        }
        if let Some(proof) = proof {
            headers.insert(AUTHORIZATION, proof);
        }
        Ok(http_request)
    }

    fn authorization(&self, credential: &Credential, request: &Request) -> Result<HeaderValue, TransportError> {
        let bad = |why: &str| TransportError::new(TransportErrorKind::Configuration, why);
        let text = match credential {
            Credential::AppOnly(token) | Credential::OAuth2 { token, .. } => format!("Bearer {}", token.expose()),
            Credential::Basic(header) => header.expose().to_owned(),
            Credential::OAuth1(signer) => {
                let is_form = request.content_type.as_deref().is_some_and(chirrup_auth::oauth1::is_form);
                let form = if is_form { String::from_utf8_lossy(&request.body) } else { "".into() };
                let at = self.server.now(&*self.clock);
                sign(&*self.clock, at, signer, request.method.as_str(), &request.url, &form).map_err(|why| bad(&why))?
            }
            _ => return Err(bad("this kind of credential is not known to the transport")),
        };
        let sound = text.bytes().all(|b| b == b' ' || b.is_ascii_graphic());
        let header = HeaderValue::from_str(&text).ok().filter(|_| sound);
        let mut header =
            header.ok_or_else(|| bad("the credential holds what cannot stand in a header: a line break, perhaps"))?;
        header.set_sensitive(true);
        Ok(header)
    }

    async fn exchange(
        &self,
        connections: &Connections,
        request: http::Request<Full<Bytes>>,
    ) -> Result<RawResponse, TransportError> {
        let host = request.uri().authority().map(ToString::to_string).unwrap_or_default();
        let response = connections.request(request).await.map_err(|source| {
            if source.is_connect() {
                return TransportError::new(TransportErrorKind::Connect, format!("no connection to `{host}`"))
                    .because(source);
            }
            broken(format!("the connection broke to `{host}`")).because(source)
        })?;
        let (head, body) = response.into_parts();
        let max = if head.status.is_success() { self.settings.max_body } else { MAX_REFUSAL };
        let body = self.collect(body, max, head.status.is_success()).await?;
        let body = if is_packed(&head.headers) { gunzip(&body, max)? } else { body };
        let answer = RawResponse { status: head.status, headers: head.headers, body, send_info: SendInfo::default() };
        if let Some(date) = answer.date() {
            self.server.learn(&*self.clock, date);
        }
        Ok(answer)
    }

    /// Opens a stream: its body, or the whole answer of a server that refuses. Limits on the whole time do not apply.
    pub(crate) async fn open(
        &self,
        request: &Request,
        gzip: bool,
    ) -> Result<Result<Opened, RawResponse>, TransportError> {
        let opening = async {
            let mut request = self.to_http(request)?;
            if !gzip {
                request.headers_mut().remove(ACCEPT_ENCODING);
            }
            self.alone(request).await
        };
        let response = tokio::time::timeout(self.settings.timeout, opening).await;
        let (response, driver) =
            response.map_err(|_| TransportError::new(TransportErrorKind::Timeout, "no answer in time"))??;
        let (head, body) = response.into_parts();
        let mut answer = RawResponse {
            status: head.status,
            headers: head.headers,
            body: Bytes::new(),
            send_info: SendInfo::default(),
        };
        if let Some(date) = answer.date() {
            self.server.learn(&*self.clock, date);
        }
        if answer.status.is_success() {
            return Ok(Ok(Opened { body, head: answer, driver }));
        }
        answer.body = self.collect(body, MAX_REFUSAL, false).await?;
        Ok(Err(answer))
    }

    /// Sends a request over a connection of its own, so that it is known when that is closed.
    async fn alone(
        &self,
        mut request: http::Request<Full<Bytes>>,
    ) -> Result<(http::Response<hyper::body::Incoming>, Driver), TransportError> {
        let no_connection = |why: Box<dyn std::error::Error + Send + Sync>| {
            TransportError::new(TransportErrorKind::Connect, "no connection").because(std::io::Error::other(why))
        };
        let uri = request.uri().clone();
        let mut connector = self.connector(false);
        std::future::poll_fn(|context| connector.poll_ready(context)).await.map_err(no_connection)?;
        let io = connector.call(uri.clone()).await.map_err(no_connection)?;
        let shaken = hyper::client::conn::http1::handshake(io).await;
        let (mut sender, connection) = shaken.map_err(|why| no_connection(why.into()))?;
        let driver = Driver(tokio::spawn(async move {
            let _ = connection.await;
        }));
        let host = uri.authority().and_then(|authority| HeaderValue::from_str(authority.as_str()).ok());
        if let Some(host) = host {
            request.headers_mut().insert(HOST, host);
        }
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        *request.uri_mut() = path.parse().unwrap_or_default();
        let response = sender.send_request(request).await;
        Ok((response.map_err(|source| broken("the connection broke".to_owned()).because(source))?, driver))
    }

    /// Fetches something without a credential, piece by piece.
    pub(crate) async fn fetch(
        &self,
        uri: Uri,
        max: u64,
        take: &mut (dyn FnMut(&[u8]) -> std::io::Result<()> + Send),
    ) -> Result<u64, TransportError> {
        let mut request = http::Request::new(Full::default());
        *request.uri_mut() = uri;
        let name = self.settings.headers.get(USER_AGENT).cloned();
        request.headers_mut().extend(name.map(|name| (USER_AGENT, name)));
        let place = if runtime::is_ours() { &self.background } else { &self.direct };
        let connections = place.get_or_init(|| self.connections());
        let response = tokio::time::timeout(self.settings.timeout, connections.request(request)).await;
        let response = response.map_err(|_| TransportError::new(TransportErrorKind::Timeout, "no answer in time"))?;
        let response = response
            .map_err(|source| TransportError::new(TransportErrorKind::Connect, "no connection").because(source))?;
        if !response.status().is_success() {
            return Err(TransportError::new(
                TransportErrorKind::Configuration,
                format!("the server answered {}", response.status()),
            ));
        }
        let (mut body, mut size) = (response.into_body(), 0);
        loop {
            let frame = tokio::time::timeout(self.settings.read_timeout, body.frame()).await;
            let frame = frame.map_err(|_| TransportError::new(TransportErrorKind::Timeout, "nothing more came"))?;
            let Some(frame) = frame else { return Ok(size) };
            let frame = frame.map_err(|source| broken("the connection broke".to_owned()).because(source))?;
            let Ok(data) = frame.into_data() else { continue };
            size += data.len() as u64;
            if size > max {
                return Err(too_large(usize::try_from(max).unwrap_or(usize::MAX)));
            }
            take(&data).map_err(|why| TransportError::new(TransportErrorKind::Configuration, why.to_string()))?;
        }
    }

    async fn collect(&self, mut body: hyper::body::Incoming, max: usize, whole: bool) -> Result<Bytes, TransportError> {
        let mut first = Bytes::new();
        let mut rest = BytesMut::new();
        loop {
            let read_timeout = self.settings.read_timeout;
            let frame = tokio::time::timeout(read_timeout, body.frame()).await.map_err(|_| {
                TransportError::new(TransportErrorKind::Timeout, format!("nothing more came for {read_timeout:?}"))
                    .in_doubt()
            })?;
            let Some(frame) = frame else { break };
            let frame =
                frame.map_err(|source| broken("the connection broke amid the answer".to_owned()).because(source))?;
            let Ok(data) = frame.into_data() else {
                continue;
            };
            if first.len() + rest.len() + data.len() > max {
                if whole {
                    return Err(too_large(max));
                }
                break;
            }
            // Most answers are one piece, which then need not be copied.
            if first.is_empty() && rest.is_empty() {
                first = data;
            } else {
                if rest.is_empty() {
                    rest.extend_from_slice(&std::mem::take(&mut first));
                }
                rest.extend_from_slice(&data);
            }
        }
        Ok(if rest.is_empty() { first } else { rest.freeze() })
    }
}

/// Where a redirect leads that may be followed: a read, within the same origin.
fn next_stop(request: &Request, answer: &RawResponse) -> Option<String> {
    if !answer.status.is_redirection() || !matches!(request.method, Method::GET | Method::HEAD) {
        return None;
    }
    let location = answer.headers.get(LOCATION)?.to_str().ok()?;
    let here: Uri = request.url.parse().ok()?;
    let origin = format!("{}://{}", here.scheme_str()?, here.authority()?);
    let local = location.strip_prefix(&origin).unwrap_or(location);
    // Two slashes begin the name of another host.
    let same = local.starts_with('/') && !local.starts_with("//") && !local.contains('\\');
    same.then(|| format!("{origin}{local}"))
}

fn is_packed(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_ENCODING).is_some_and(|encoding| encoding.as_bytes() == b"gzip")
}

fn gunzip(body: &[u8], max: usize) -> Result<Bytes, TransportError> {
    let max = max.min(INFLATED_FREELY.max(body.len().saturating_mul(INFLATED_TIMES)));
    let mut out = Vec::with_capacity(body.len().saturating_mul(4).min(max));
    let limit = u64::try_from(max).unwrap_or(u64::MAX).saturating_add(1);
    flate2::read::GzDecoder::new(body)
        .take(limit)
        .read_to_end(&mut out)
        .map_err(|source| broken("the answer is no whole gzip".to_owned()).because(source))?;
    if out.len() > max { Err(too_large(max)) } else { Ok(out.into()) }
}

fn too_large(max: usize) -> TransportError {
    TransportError::new(TransportErrorKind::TooLarge, format!("the answer is larger than {max} bytes")).in_doubt()
}

fn broken(message: String) -> TransportError {
    TransportError::new(TransportErrorKind::ConnectionLost, message).in_doubt()
}
