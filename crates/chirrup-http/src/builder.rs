//! Configuration of the network transport.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chirrup_api::internal::add_header;
use chirrup_api::{Error, RawResponse, Request, Transport};
use chirrup_auth::Secret;
use chirrup_store::Store;
use http::header::{self, HeaderMap, HeaderValue};

use crate::cache::Cache;
use crate::clock::{Clock, ServerClock, SystemClock};
use crate::credential_provider::CredentialProvider;
use crate::ledger::{Budget, Ledger};
use crate::limiter::{Limiter, OnRateLimit, OnWait, RateLimitWait};
use crate::pipeline::{OnResponse, Pipeline};
use crate::proxy::ProxyConfig;
use crate::retry::{Retry, RetryBudgets};
use crate::tls::TlsConfig;
use crate::transport::HttpTransport;
use crate::wire::{Wire, WireSettings, WireTransport};

/// A builder of the network transport: timeouts, proxy, TLS, retries, rate limits, costs and caching.
///
/// ```no_run
/// use std::time::Duration;
/// use chirrup_http::{HttpBuilder, OnRateLimit, Retry};
///
/// let transport = HttpBuilder::default()
///     .timeout(Duration::from_secs(20))
///     .retry(Retry::default().max_attempts(5))
///     .on_rate_limit(OnRateLimit::Wait { max_wait: Duration::from_secs(960) })
///     .build()?;
/// # Ok::<(), chirrup_api::Error>(())
/// ```
#[derive(Clone)]
#[must_use]
pub struct HttpBuilder {
    timeout: Duration,
    connect_timeout: Duration,
    read_timeout: Duration,
    max_body: usize,
    max_redirects: usize,
    user_agent: String,
    proxy: ProxyConfig,
    headers: Vec<(String, Secret)>,
    extra_root_certificates: Option<Vec<u8>>,
    identity: Option<Secret>,
    clock: Arc<dyn Clock>,
    retry: Retry,
    on_rate_limit: OnRateLimit,
    on_wait: Option<OnWait>,
    shared_rate_limits: Option<Arc<dyn Store>>,
    ledger: Ledger,
    cache: Option<(usize, Duration)>,
    credential_provider: Option<Arc<dyn CredentialProvider>>,
    transport: Option<Arc<dyn Transport>>,
    on_response: OnResponse,
    #[cfg(feature = "cassettes")]
    record: Option<std::path::PathBuf>,
}

impl fmt::Debug for HttpBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpBuilder")
            .field("timeout", &self.timeout)
            .field("retry", &self.retry)
            .field("on_rate_limit", &self.on_rate_limit)
            .finish_non_exhaustive()
    }
}

impl Default for HttpBuilder {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(60),
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(30),
            max_body: 16 << 20,
            max_redirects: 3,
            user_agent: concat!("chirrup/", env!("CARGO_PKG_VERSION")).to_owned(),
            proxy: ProxyConfig::default(),
            headers: Vec::new(),
            extra_root_certificates: None,
            identity: None,
            clock: Arc::new(SystemClock),
            retry: Retry::default(),
            on_rate_limit: OnRateLimit::Fail,
            on_wait: None,
            shared_rate_limits: None,
            ledger: Ledger::in_memory(),
            cache: None,
            credential_provider: None,
            transport: None,
            on_response: OnResponse::default(),
            #[cfg(feature = "cassettes")]
            record: None,
        }
    }
}

impl HttpBuilder {
    /// Sets the timeout of one attempt, unless the call sets its own. The default is 60 seconds.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = limit;
        self
    }
    /// Sets the timeout for establishing a connection. The default is 10 seconds.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }
    /// Sets the read timeout: the longest pause between two parts of a response body. The default is 30 seconds.
    pub fn read_timeout(mut self, limit: Duration) -> Self {
        self.read_timeout = limit;
        self
    }
    /// Sets the maximum size of a decompressed response body, in bytes. The default is 16 MiB.
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }
    /// Sets the maximum number of redirects that a read follows. The default is 3; with 0, a redirect is returned as an
    /// error of the kind [`Refused`](chirrup_api::ErrorKind::Refused).
    ///
    /// Redirects of writes and redirects to another origin are never followed: a credential goes only to the origin that
    /// it belongs to.
    pub fn max_redirects(mut self, count: usize) -> Self {
        self.max_redirects = count;
        self
    }
    /// Sets the `User-Agent` header. The default is `chirrup/` and the version of this crate.
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = name.into();
        self
    }
    /// Adds a header to every request, such as one that your own proxy requires. The default is none.
    ///
    /// Headers that the client sets itself, such as `Authorization`, are rejected by [`build`](Self::build). A
    /// `User-Agent` given here replaces [`user_agent`](Self::user_agent).
    pub fn header(mut self, name: impl Into<String>, value: impl Into<Secret>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }
    /// Sets the proxy for all requests, such as `http://user:password@proxy.example:3128`.
    ///
    /// By default the environment variables `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` decide. Loopback addresses are
    /// never reached through a proxy.
    pub fn proxy(mut self, url: impl Into<Secret>) -> Self {
        self.proxy = ProxyConfig::Fixed(url.into());
        self
    }
    /// Disables proxies, including those that the environment names.
    pub fn no_proxy(mut self) -> Self {
        self.proxy = ProxyConfig::Direct;
        self
    }
    /// Adds root certificates in PEM format to those that the system trusts. The default is none.
    pub fn extra_root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.extra_root_certificates = Some(pem.into());
        self
    }
    /// Sets the TLS client certificate: the certificate chain and its private key in PEM format. The default is none.
    pub fn identity(mut self, pem: impl Into<Secret>) -> Self {
        self.identity = Some(pem.into());
        self
    }
    /// Adds a callback for every response, including those after which the call is retried. It is not called for
    /// streams or cached responses.
    pub fn on_response(mut self, callback: impl Fn(&Request, &RawResponse) + Send + Sync + 'static) -> Self {
        self.on_response.0.push(Arc::new(callback));
        self
    }
    /// Sets the source of time, sleep and randomness. The default is [`SystemClock`].
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }
    /// Returns the configured source of time, sleep and randomness.
    pub fn current_clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock)
    }
    /// Sets the retry policy. The default is [`Retry::default`]: 3 attempts within 120 seconds.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }
    /// Sets what happens when a rate limit is exhausted. The default is [`OnRateLimit::Fail`].
    pub fn on_rate_limit(mut self, policy: OnRateLimit) -> Self {
        self.on_rate_limit = policy;
        self
    }
    /// Sets a callback that is called before each wait for a rate limit. The default is none.
    pub fn on_wait(mut self, callback: impl Fn(&RateLimitWait) + Send + Sync + 'static) -> Self {
        self.on_wait = Some(Arc::new(callback));
        self
    }
    /// Shares the state of rate limits with other processes through a store. By default each transport has its own.
    pub fn shared_rate_limits(mut self, store: Arc<dyn Store>) -> Self {
        self.shared_rate_limits = Some(store);
        self
    }
    /// Sets the ledger, with its budget. The default is [`Ledger::in_memory`], which has no budget.
    pub fn ledger(mut self, ledger: Ledger) -> Self {
        self.ledger = ledger;
        self
    }
    /// Sets the budget of the ledger, which keeps what it has recorded. The default is no budget.
    pub fn budget(mut self, budget: Budget) -> Self {
        self.ledger = self.ledger.with_budget(budget);
        self
    }
    /// Caches responses of reads in memory: at most this many bytes, each for at most this long. The default is no
    /// cache.
    ///
    /// A cached response costs nothing. It is dropped at the end of its UTC day, and when its user writes something.
    pub fn cache(mut self, bytes: usize, lifetime: Duration) -> Self {
        self.cache = Some((bytes, lifetime));
        self
    }
    /// Sets the source of current credentials. By default each call is sent with the credential that the client holds.
    pub fn credential_provider(mut self, provider: Arc<dyn CredentialProvider>) -> Self {
        self.credential_provider = Some(provider);
        self
    }
    /// Sends calls over another transport, such as a cassette. By default they go over the network.
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// Records all exchanges, without their secrets, to a file: as JSON if its name ends in `.json`, otherwise as YAML.
    /// By default nothing is recorded. See [`cassette`](crate::cassette).
    #[cfg(feature = "cassettes")]
    pub fn record(mut self, file: impl Into<std::path::PathBuf>) -> Self {
        self.record = Some(file.into());
        self
    }

    /// Builds the transport. Nothing is sent.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](chirrup_api::ErrorKind::Configuration) if a header is malformed or set by the client
    /// itself, if a certificate or key is not valid PEM, or if a timeout is zero.
    pub fn build(self) -> Result<HttpTransport, Error> {
        let limits = [self.timeout, self.connect_timeout, self.read_timeout];
        if limits.contains(&Duration::ZERO) {
            return Err(Error::configuration("a timeout is zero").with_hint("set a longer time"));
        }
        let settings = WireSettings {
            timeout: self.timeout,
            connect_timeout: self.connect_timeout,
            read_timeout: self.read_timeout,
            max_body: self.max_body,
            max_redirects: self.max_redirects,
            headers: default_headers(&self.user_agent, &self.headers)?,
            proxy: self.proxy,
            tls: TlsConfig::new(self.extra_root_certificates.as_deref(), self.identity.as_ref())?,
        };
        let server_clock = Arc::new(ServerClock::default());
        let wire = Arc::new(Wire::new(settings, Arc::clone(&self.clock), Arc::clone(&server_clock)));
        let over_wire = || Arc::new(WireTransport(Arc::clone(&wire))) as Arc<dyn Transport>;
        let transport = self.transport.unwrap_or_else(over_wire);
        #[cfg(feature = "cassettes")]
        let transport = match self.record {
            Some(file) => Arc::new(crate::cassette::Recorder::new(transport, file)),
            None => transport,
        };
        let limiter = Limiter::new(self.on_rate_limit, self.on_wait, Arc::clone(&self.clock), self.shared_rate_limits);
        Ok(HttpTransport(Arc::new(Pipeline {
            transport,
            wire,
            timeout: self.timeout,
            clock: self.clock,
            server_clock,
            retry: self.retry,
            retry_budgets: RetryBudgets::default(),
            limiter: Arc::new(limiter),
            ledger: self.ledger,
            cache: self.cache.map(|(bytes, lifetime)| Cache::new(bytes, lifetime)),
            credential_provider: self.credential_provider,
            on_response: self.on_response,
        })))
    }
}

/// Returns the headers of every request.
fn default_headers(user_agent: &str, extra: &[(String, Secret)]) -> Result<HeaderMap, Error> {
    let user_agent = HeaderValue::from_str(user_agent).map_err(|_| {
        Error::configuration("user agent: contains a character that is not allowed in a header")
            .with_hint("use printable ASCII characters only")
    })?;
    let mut headers = HeaderMap::from_iter([(header::USER_AGENT, user_agent)]);
    for (name, value) in extra {
        add_header(&mut headers, name, value).map_err(|why| {
            let start: String = name.chars().take(60).collect();
            Error::configuration(format!("header `{start}` {why}")).with_hint("remove or correct the header")
        })?;
    }
    Ok(headers)
}
