//! What can be set about connections to the API.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chirrup_api::{Error, RawResponse, Request, Transport};
use chirrup_auth::Secret;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};

use crate::cache::Cache;
use crate::clock::{Clock, ServerClock, SystemClock};
use crate::credential_provider::CredentialProvider;
use crate::ledger::{Budget, Ledger};
use crate::limiter::{Limiter, OnRateLimit, OnWait, RateLimitWait};
use crate::proxy::Proxies;
use crate::retry::{Budgets, Retry};
use crate::store::Store;
use crate::tls::Trust;
use crate::transport::{HttpTransport, Inner, OnResponse};
use crate::wire::{SharedWire, Wire, WireSettings};

/// Sets up connections to the API.
#[derive(Clone)]
#[must_use]
pub struct HttpBuilder {
    timeout: Duration,
    connect_timeout: Duration,
    read_timeout: Duration,
    max_body: usize,
    user_agent: String,
    proxies: Proxies,
    headers: Vec<(String, Secret)>,
    roots: Option<Vec<u8>>,
    identity: Option<Secret>,
    clock: Arc<dyn Clock>,
    retry: Retry,
    limits: OnRateLimit,
    on_wait: Option<OnWait>,
    shared_rate_limits: Option<Arc<dyn Store>>,
    pub(crate) ledger: Ledger,
    cache: Option<(usize, Duration)>,
    credential_provider: Option<Arc<dyn CredentialProvider>>,
    over: Option<Arc<dyn Transport>>,
    on_response: OnResponse,
    #[cfg(feature = "cassettes")]
    record: Option<std::path::PathBuf>,
}

impl fmt::Debug for HttpBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpBuilder")
            .field("timeout", &self.timeout)
            .field("retry", &self.retry)
            .field("limits", &self.limits)
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
            user_agent: concat!("chirrup/", env!("CARGO_PKG_VERSION")).to_owned(),
            proxies: Proxies::default(),
            headers: Vec::new(),
            roots: None,
            identity: None,
            clock: Arc::new(SystemClock),
            retry: Retry::default(),
            limits: OnRateLimit::Fail,
            on_wait: None,
            shared_rate_limits: None,
            ledger: Ledger::in_memory(),
            cache: None,
            credential_provider: None,
            over: None,
            on_response: OnResponse::default(),
            #[cfg(feature = "cassettes")]
            record: None,
        }
    }
}

impl HttpBuilder {
    /// How long one try of a call may take, unless the call says otherwise; 60 s if not given.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = limit;
        self
    }
    /// How long making a connection may take; 10 s if not given.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }
    /// How long a server may be silent amid an answer; 30 s if not given.
    pub fn read_timeout(mut self, limit: Duration) -> Self {
        self.read_timeout = limit;
        self
    }
    /// How large an answer may be, decompressed; 16 MiB if not given.
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }
    /// What the client calls itself.
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = name.into();
        self
    }
    /// Sends this header with every request, such as one that a proxy of your own asks for. What the client writes itself
    /// cannot be overruled, but for its name: `User-Agent`.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<Secret>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }
    /// Goes through this proxy, such as `http://user:password@proxy.example:3128`. If not given, the environment names
    /// one: `HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`. This machine is never reached through a proxy.
    pub fn proxy(mut self, url: impl Into<Secret>) -> Self {
        self.proxies = Proxies::Fixed(url.into());
        self
    }
    /// Uses no proxy, whatever the environment says.
    pub fn no_proxy(mut self) -> Self {
        self.proxies = Proxies::Direct;
        self
    }
    /// Trusts these certificates, as PEM, beside those that the system trusts: of a company's proxy, say.
    pub fn extra_root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.roots = Some(pem.into());
        self
    }
    /// Proves itself with this certificate, to servers that ask for one: certificates and private key, as PEM.
    pub fn identity(mut self, pem: impl Into<Secret>) -> Self {
        self.identity = Some(pem.into());
        self
    }
    /// Is told of every answer as it comes, also of those after which a call is sent again; of streams, of none.
    pub fn on_response(mut self, tell: impl Fn(&Request, &RawResponse) + Send + Sync + 'static) -> Self {
        self.on_response.0.push(Arc::new(tell));
        self
    }
    /// Another source of time, sleep and randomness.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }
    /// The source of time, sleep and randomness.
    pub fn current_clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock)
    }
    /// When a call is sent again.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }
    /// What to do when a window of the rate limits is used up; [`OnRateLimit::Fail`] if not given.
    pub fn on_rate_limit(mut self, limits: OnRateLimit) -> Self {
        self.limits = limits;
        self
    }
    /// Tells of each wait for a rate limit, when it begins.
    pub fn on_wait(mut self, tell: impl Fn(&RateLimitWait) + Send + Sync + 'static) -> Self {
        self.on_wait = Some(Arc::new(tell));
        self
    }
    /// Shares what is known of the windows with other programs.
    pub fn shared_rate_limits(mut self, store: Arc<dyn Store>) -> Self {
        self.shared_rate_limits = Some(store);
        self
    }
    /// Keeps this ledger, and its budget; one in memory without a budget if not given.
    pub fn ledger(mut self, ledger: Ledger) -> Self {
        self.ledger = ledger;
        self
    }
    /// Sets the budget of the ledger, which keeps what it has counted.
    pub fn budget(mut self, budget: Budget) -> Self {
        self.ledger = self.ledger.with_budget(budget);
        self
    }
    /// Keeps the answers of reads, up to so many bytes of them in memory, for so long, but never past the UTC day: who asks
    /// for the same again waits for nothing and pays nothing. A write makes the client forget what its user read.
    pub fn cache(mut self, bytes: usize, lifetime: Duration) -> Self {
        self.cache = Some((bytes, lifetime));
        self
    }
    /// Asks this one for the credential that is good now.
    pub fn credential_provider(mut self, credential_provider: Arc<dyn CredentialProvider>) -> Self {
        self.credential_provider = Some(credential_provider);
        self
    }
    /// Sends over this in place of the network: a cassette, say.
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.over = Some(transport);
        self
    }

    /// Records all exchanges into this file, without their secrets: as JSON if its name ends in `.json`, as YAML if not.
    #[cfg(feature = "cassettes")]
    pub fn record(mut self, file: impl Into<std::path::PathBuf>) -> Self {
        self.record = Some(file.into());
        self
    }

    /// The transport.
    ///
    /// # Errors
    /// If a header is malformed or not for you to write, or the certificates are no PEM.
    pub fn build(self) -> Result<HttpTransport, Error> {
        let settings = WireSettings {
            timeout: self.timeout,
            connect_timeout: self.connect_timeout,
            read_timeout: self.read_timeout,
            max_body: self.max_body,
            headers: headers(&self.user_agent, &self.headers)?,
            proxies: self.proxies,
            trust: Trust::of(self.roots.as_deref(), self.identity.as_ref())?,
        };
        let server = Arc::new(ServerClock::default());
        let network = Arc::new(Wire::new(settings, Arc::clone(&self.clock), Arc::clone(&server)));
        let wire = || Arc::new(SharedWire(Arc::clone(&network))) as Arc<dyn Transport>;
        let wire = self.over.unwrap_or_else(wire);
        #[cfg(feature = "cassettes")]
        let wire = match self.record {
            Some(file) => Arc::new(crate::cassette::Recorder::new(wire, file)),
            None => wire,
        };
        let limiter = Limiter::new(self.limits, self.on_wait, Arc::clone(&self.clock), self.shared_rate_limits);
        Ok(HttpTransport(Arc::new(Inner {
            wire,
            network,
            timeout: self.timeout,
            clock: self.clock,
            server,
            retry: self.retry,
            budgets: Budgets::default(),
            limiter: Arc::new(limiter),
            ledger: self.ledger,
            cache: self.cache.map(|(bytes, lifetime)| Cache::new(bytes, lifetime)),
            credential_provider: self.credential_provider,
            on_response: self.on_response,
        })))
    }
}

/// Headers that the client writes itself.
const OWN: [HeaderName; 7] = [
    header::AUTHORIZATION,
    header::HOST,
    header::CONTENT_TYPE,
    header::CONTENT_LENGTH,
    header::TRANSFER_ENCODING,
    header::CONNECTION,
    header::ACCEPT_ENCODING,
];

/// What goes with every request.
fn headers(user_agent: &str, wished: &[(String, Secret)]) -> Result<HeaderMap, Error> {
    let malformed = |what: &str| Error::configuration(format!("{what} holds what cannot stand in a header"));
    let name = HeaderValue::from_str(user_agent).map_err(|_| malformed("the user agent"))?;
    let mut all = HeaderMap::from_iter([(header::USER_AGENT, name)]);
    for (name, value) in wished {
        let name: HeaderName = name.parse().map_err(|_| malformed(&format!("{name:?}")))?;
        if OWN.contains(&name) {
            return Err(Error::configuration(format!("the header `{name}` is written by the client itself")));
        }
        let mut value =
            HeaderValue::from_str(value.expose()).map_err(|_| malformed(&format!("the value of `{name}`")))?;
        value.set_sensitive(true);
        all.insert(name, value);
    }
    Ok(all)
}
