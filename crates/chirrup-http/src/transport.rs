//! One request over the network: connection, proof of who calls, limits on time and size.

use std::fmt;
use std::io::Read as _;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use chirrup_api::{Answer, BoxFuture, Client, ClientBuilder, Error, Failure, FailureKind, Outgoing, Transport};
use chirrup_auth::{Credential, Credentials};
use http::header::{ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderValue, USER_AGENT};
use http_body_util::{BodyExt as _, Full};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client as Pool;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use crate::clock::{Clock, SystemClock, sign};
use crate::runtime;

type Connections = Pool<HttpsConnector<HttpConnector>, Full<Bytes>>;

/// Sets up connections to the API.
#[derive(Debug, Clone)]
#[must_use]
pub struct HttpBuilder {
    timeout: Duration,
    connect_timeout: Duration,
    max_body: usize,
    user_agent: String,
    clock: Arc<dyn Clock>,
}

impl Default for HttpBuilder {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            max_body: 32 << 20,
            user_agent: concat!("chirrup/", env!("CARGO_PKG_VERSION")).to_owned(),
            clock: Arc::new(SystemClock),
        }
    }
}

impl HttpBuilder {
    /// How long a call may take, unless it says otherwise; 30 s if not given.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = limit;
        self
    }
    /// How long making a connection may take; 10 s if not given.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }
    /// How large an answer may be, decompressed; 32 MiB if not given.
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }
    /// What the client calls itself.
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = name.into();
        self
    }
    /// Another source of time and randomness.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// The transport.
    ///
    /// # Errors
    /// If the name of the client cannot stand in a header.
    pub fn build(self) -> Result<HttpTransport, Error> {
        let user_agent = HeaderValue::from_str(&self.user_agent)
            .map_err(|_| Error::configuration("the user agent holds what cannot stand in a header"))?;
        Ok(HttpTransport(Arc::new(Inner {
            user_agent,
            settings: self,
            direct: OnceLock::new(),
            background: OnceLock::new(),
        })))
    }

    /// A client over these connections.
    ///
    /// # Errors
    /// As [`build`](Self::build).
    pub fn client(self, credentials: Credentials) -> Result<ClientBuilder, Error> {
        Ok(Client::builder(Arc::new(self.build()?)).credentials(credentials))
    }
}

/// The network. Connections are kept and shared by all clones; use one client in one runtime.
#[derive(Clone)]
pub struct HttpTransport(Arc<Inner>);

struct Inner {
    settings: HttpBuilder,
    user_agent: HeaderValue,
    /// Connections that live in the caller's runtime.
    direct: OnceLock<Connections>,
    /// Connections that live on our own thread. A connection belongs to the runtime that made it.
    background: OnceLock<Connections>,
}

impl fmt::Debug for HttpTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpTransport").field("settings", &self.0.settings).finish_non_exhaustive()
    }
}

impl Transport for HttpTransport {
    fn send(&self, outgoing: Outgoing) -> BoxFuture<Result<Answer, Failure>> {
        let inner = Arc::clone(&self.0);
        if runtime::is_inside() {
            Box::pin(async move { inner.send(inner.direct.get_or_init(|| inner.connections()), outgoing).await })
        } else {
            runtime::run(
                async move { inner.send(inner.background.get_or_init(|| inner.connections()), outgoing).await },
            )
        }
    }

    fn is_inside_runtime(&self) -> bool {
        runtime::is_inside()
    }
}

impl Inner {
    fn connections(&self) -> Connections {
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        http.set_nodelay(true);
        http.set_connect_timeout(Some(self.settings.connect_timeout));
        let https = hyper_rustls::HttpsConnectorBuilder::new()
            .with_webpki_roots()
            .https_or_http()
            .enable_all_versions()
            .wrap_connector(http);
        Pool::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(https)
    }

    async fn send(&self, connections: &Connections, outgoing: Outgoing) -> Result<Answer, Failure> {
        let limit = outgoing.timeout.unwrap_or(self.settings.timeout);
        let request = self.request(outgoing)?;
        match tokio::time::timeout(limit, self.exchange(connections, request)).await {
            Ok(result) => result,
            Err(_) => Err(failure(FailureKind::Timeout, format!("no whole answer within {limit:?}"), true)),
        }
    }

    fn request(&self, outgoing: Outgoing) -> Result<http::Request<Full<Bytes>>, Failure> {
        let bad = |why: String| failure(FailureKind::Configuration, why, false);
        let uri: http::Uri = outgoing.url.parse().map_err(|_| bad("the address is malformed".to_owned()))?;
        if uri.scheme_str() != Some("https") && !is_loopback(&uri) {
            let host = uri.host().unwrap_or_default();
            return Err(bad(format!("plain http is only for this machine, not for `{host}`: use https")));
        }
        let proof = match &outgoing.credential {
            Some(credential) => Some(self.authorization(credential, &outgoing)?),
            None => None,
        };
        let mut request = http::Request::new(Full::new(outgoing.body));
        *request.method_mut() = outgoing.method;
        *request.uri_mut() = uri;
        let headers = request.headers_mut();
        headers.insert(USER_AGENT, self.user_agent.clone());
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        if let Some(content_type) = outgoing.content_type {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        if let Some(proof) = proof {
            headers.insert(AUTHORIZATION, proof);
        }
        Ok(request)
    }

    fn authorization(&self, credential: &Credential, outgoing: &Outgoing) -> Result<HeaderValue, Failure> {
        let bad = |why: &str| failure(FailureKind::Configuration, why.to_owned(), false);
        let text = match credential {
            Credential::AppOnly(token) | Credential::OAuth2 { token, .. } => format!("Bearer {}", token.expose()),
            Credential::Basic(header) => header.expose().to_owned(),
            Credential::OAuth1(signer) => {
                let is_form = outgoing.content_type.is_some_and(chirrup_auth::oauth1::is_form);
                let form = if is_form { String::from_utf8_lossy(&outgoing.body) } else { "".into() };
                sign(&*self.settings.clock, signer, outgoing.method.as_str(), &outgoing.url, &form)
                    .map_err(|why| bad(&why))?
            }
            _ => return Err(bad("this kind of credential is not known to the transport")),
        };
        let mut header = HeaderValue::from_str(&text)
            .map_err(|_| bad("the credential holds what cannot stand in a header: a line break, perhaps"))?;
        header.set_sensitive(true);
        Ok(header)
    }

    async fn exchange(
        &self,
        connections: &Connections,
        request: http::Request<Full<Bytes>>,
    ) -> Result<Answer, Failure> {
        let host = request.uri().authority().map(ToString::to_string).unwrap_or_default();
        let response = connections.request(request).await.map_err(|source| {
            let (kind, arrived) =
                if source.is_connect() { (FailureKind::Connect, false) } else { (FailureKind::Broken, true) };
            let what = if arrived { "the connection broke" } else { "no connection" };
            let mut error = failure(kind, format!("{what} to `{host}`"), arrived);
            error.source = Some(Box::new(source));
            error
        })?;
        let (head, body) = response.into_parts();
        let body = self.collect(body).await?;
        let gzipped = head.headers.get(CONTENT_ENCODING).is_some_and(|v| v.as_bytes() == b"gzip");
        let body = if gzipped { gunzip(&body, self.settings.max_body)? } else { body };
        Ok(Answer { status: head.status, headers: head.headers, body })
    }

    async fn collect(&self, mut body: hyper::body::Incoming) -> Result<Bytes, Failure> {
        let mut first = Bytes::new();
        let mut rest = BytesMut::new();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|source| {
                let mut error = failure(FailureKind::Broken, "the connection broke amid the answer".to_owned(), true);
                error.source = Some(Box::new(source));
                error
            })?;
            let Ok(data) = frame.into_data() else {
                continue;
            };
            if first.len() + rest.len() + data.len() > self.settings.max_body {
                return Err(too_large(self.settings.max_body));
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

fn is_loopback(uri: &http::Uri) -> bool {
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn gunzip(body: &[u8], max: usize) -> Result<Bytes, Failure> {
    let mut out = Vec::with_capacity(body.len() * 4);
    let limit = u64::try_from(max).unwrap_or(u64::MAX).saturating_add(1);
    flate2::read::GzDecoder::new(body).take(limit).read_to_end(&mut out).map_err(|source| {
        let mut error = failure(FailureKind::Broken, "the answer is no whole gzip".to_owned(), true);
        error.source = Some(Box::new(source));
        error
    })?;
    if out.len() > max { Err(too_large(max)) } else { Ok(out.into()) }
}

fn too_large(max: usize) -> Failure {
    failure(FailureKind::TooLarge, format!("the answer is larger than {max} bytes"), true)
}

fn failure(kind: FailureKind, message: String, may_have_arrived: bool) -> Failure {
    Failure { kind, message, may_have_arrived, source: None }
}
