//! The whole way of a call: its credential, its place in the windows, one request or several, and what is learned of it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chirrup_api::{
    Answer, BoxFuture, Client, ClientBuilder, Error, Failure, FailureKind, LiveSettings, Outgoing, RawEvent, RawLive,
    Trail, Transport,
};
use chirrup_auth::{AuthKind, Credential, Credentials, Secret};
use http::header::HeaderValue;

use crate::cache::Cache;
use crate::clock::{Clock, ServerClock, SystemClock};
use crate::download::download;
use crate::keeper::Keeper;
use crate::ledger::{Ledger, Spent};
use crate::limiter::{BucketState, Limiter, Limits, OnWait, Waiting};
use crate::live;
use crate::proxy::Proxies;
use crate::retry::{Budgets, Cause, Retry, classify};
use crate::runtime;
use crate::store::Store;
use crate::tls;
use crate::wire::{Opened, SharedWire, Wire, WireSettings};

/// From which difference of the clocks on a refused signature is made anew, in milliseconds.
const SKEWED_MS: i64 = 30_000;

/// Sets up connections to the API.
#[derive(Clone)]
#[must_use]
pub struct HttpBuilder {
    timeout: Duration,
    connect_timeout: Duration,
    silence: Duration,
    max_body: usize,
    user_agent: String,
    proxies: Proxies,
    roots: Option<Vec<u8>>,
    clock: Arc<dyn Clock>,
    retry: Retry,
    limits: Limits,
    on_wait: Option<OnWait>,
    shared_limits: Option<Arc<dyn Store>>,
    pub(crate) ledger: Ledger,
    cache: Option<(usize, Duration)>,
    keeper: Option<Arc<dyn Keeper>>,
    over: Option<Arc<dyn Transport>>,
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
            silence: Duration::from_secs(30),
            max_body: 16 << 20,
            user_agent: concat!("chirrup/", env!("CARGO_PKG_VERSION")).to_owned(),
            proxies: Proxies::default(),
            roots: None,
            clock: Arc::new(SystemClock),
            retry: Retry::default(),
            limits: Limits::Fail,
            on_wait: None,
            shared_limits: None,
            ledger: Ledger::in_memory(),
            cache: None,
            keeper: None,
            over: None,
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
    pub fn silence(mut self, limit: Duration) -> Self {
        self.silence = limit;
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
    pub fn extra_roots(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.roots = Some(pem.into());
        self
    }
    /// Another source of time, sleep and randomness.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }
    /// The source of time, sleep and randomness.
    pub fn own_clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock)
    }
    /// When a call is sent again.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }
    /// What to do when a window of the rate limits is used up; [`Limits::Fail`] if not given.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }
    /// Tells of each wait for a rate limit, when it begins.
    pub fn on_wait(mut self, tell: impl Fn(&Waiting) + Send + Sync + 'static) -> Self {
        self.on_wait = Some(Arc::new(tell));
        self
    }
    /// Shares what is known of the windows with other programs.
    pub fn shared_limits(mut self, store: Arc<dyn Store>) -> Self {
        self.shared_limits = Some(store);
        self
    }
    /// Keeps this ledger, and its budget; one in memory without a budget if not given.
    pub fn ledger(mut self, ledger: Ledger) -> Self {
        self.ledger = ledger;
        self
    }
    /// Keeps the answers of reads, up to so many bytes of them in memory, for so long, but never past the UTC day: who asks
    /// for the same again waits for nothing and pays nothing. A write makes the client forget what its user read.
    pub fn cache(mut self, bytes: usize, lifetime: Duration) -> Self {
        self.cache = Some((bytes, lifetime));
        self
    }
    /// Asks this one for the credential that is good now.
    pub fn keeper(mut self, keeper: Arc<dyn Keeper>) -> Self {
        self.keeper = Some(keeper);
        self
    }
    /// Sends over this in place of the network: a cassette, say.
    pub fn over(mut self, transport: Arc<dyn Transport>) -> Self {
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
    /// If the name of the client cannot stand in a header, or the extra certificates are no PEM.
    pub fn build(self) -> Result<HttpTransport, Error> {
        let user_agent = HeaderValue::from_str(&self.user_agent)
            .map_err(|_| Error::configuration("the user agent holds what cannot stand in a header"))?;
        let settings = WireSettings {
            timeout: self.timeout,
            connect_timeout: self.connect_timeout,
            silence: self.silence,
            max_body: self.max_body,
            user_agent,
            proxies: self.proxies,
            roots: self.roots.as_deref().map(tls::roots).transpose()?.unwrap_or_default(),
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
        let limiter = Limiter::new(self.limits, self.on_wait, Arc::clone(&self.clock), self.shared_limits);
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
            keeper: self.keeper,
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

/// The network, with all that makes a call survive it. Clones share everything; use one client in one runtime.
#[derive(Debug, Clone)]
pub struct HttpTransport(Arc<Inner>);

#[derive(Debug)]
pub(crate) struct Inner {
    wire: Arc<dyn Transport>,
    /// What media are fetched over.
    network: Arc<Wire>,
    timeout: Duration,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) server: Arc<ServerClock>,
    retry: Retry,
    budgets: Budgets,
    limiter: Arc<Limiter>,
    pub(crate) ledger: Ledger,
    cache: Option<Cache>,
    keeper: Option<Arc<dyn Keeper>>,
}

impl HttpTransport {
    /// All windows of rate limits that are known and open.
    pub fn limits(&self) -> Vec<BucketState> {
        self.0.limiter.states()
    }

    /// The source of time that it lives in.
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.0.clock)
    }

    /// Fetches a picture or a video into a file, which appears when it is whole, and gives its size. No credential is
    /// sent, and only the hosts of X are asked.
    ///
    /// # Errors
    /// If the address leads elsewhere, the medium cannot be fetched, or the file cannot be written.
    pub async fn download(&self, url: &str, to: impl AsRef<std::path::Path>) -> Result<u64, Error> {
        download(&self.0.network, url, to.as_ref()).await
    }

    /// What calls have cost.
    pub fn ledger(&self) -> &Ledger {
        &self.0.ledger
    }

    /// How much was spent.
    pub fn spent(&self) -> Spent {
        self.0.ledger.spent(self.0.server.now(&*self.0.clock))
    }
}

impl Transport for HttpTransport {
    fn send(&self, outgoing: Outgoing) -> BoxFuture<Result<Answer, Failure>> {
        let inner = Arc::clone(&self.0);
        if runtime::is_inside() {
            Box::pin(async move { inner.send(outgoing).await })
        } else {
            runtime::run(async move { inner.send(outgoing).await })
        }
    }

    fn live(&self, outgoing: Outgoing, settings: LiveSettings) -> RawLive {
        if runtime::is_inside() {
            return live::open(Arc::clone(&self.0), outgoing, settings);
        }
        let why = Failure::new(FailureKind::Configuration, "a live stream needs an async runtime to live in");
        Box::pin(futures_util::stream::iter([RawEvent::Ended(Err(why))]))
    }

    fn is_inside_runtime(&self) -> bool {
        runtime::is_inside()
    }
}

/// What has happened to a call so far.
struct Course {
    held: Option<Arc<Credential>>,
    trail: Trail,
    began: Duration,
    /// How long it waited for rate limits, which its deadline does not count.
    waited: Duration,
    renewed: bool,
    signed_anew: bool,
    /// How far the server's clock was known to be ahead when the call was signed, in milliseconds.
    ahead_ms: i64,
    last: Option<Cause>,
}

/// What to do after a try.
enum Next {
    Done,
    Again,
}

impl Inner {
    async fn send(&self, outgoing: Outgoing) -> Result<Answer, Failure> {
        let now = self.server.now(&*self.clock);
        if let Some(cache) = &self.cache {
            if let Some(answer) = cache.get(&outgoing, now) {
                return Ok(answer);
            }
            cache.forget(&outgoing);
        }
        // What was set aside is given back when the call is over and its real cost is written down.
        let _reserved = self.ledger.reserve(&outgoing, now).await?;
        let mut result = self.persist(outgoing.clone()).await;
        self.ledger.settle(&outgoing, &mut result, self.server.now(&*self.clock)).await;
        if let (Some(cache), Ok(answer)) = (&self.cache, &result) {
            cache.put(&outgoing, answer, now);
        }
        result
    }

    /// Opens a stream once: its body, or the answer of a server that refuses. A token that is refused is renewed once.
    pub(crate) async fn open(&self, mut outgoing: Outgoing) -> Result<Result<Opened, Answer>, Failure> {
        let held = outgoing.credential.clone();
        if let (Some(keeper), Some(held)) = (&self.keeper, &held) {
            outgoing.credential = Some(keeper.current(Arc::clone(held)).await.map_err(no_token)?);
        }
        let opened = self.network.open(&outgoing).await?;
        let (Err(answer), Some(keeper), Some(held), Some(sent)) = (&opened, &self.keeper, held, &outgoing.credential)
        else {
            return Ok(opened);
        };
        if answer.status.as_u16() != 401 {
            return Ok(opened);
        }
        match keeper.refused(held, Arc::clone(sent)).await.map_err(no_token)? {
            Some(better) => {
                outgoing.credential = Some(better);
                self.network.open(&outgoing).await
            }
            None => Ok(opened),
        }
    }

    /// Sends it, as often as it takes and is allowed.
    async fn persist(&self, mut outgoing: Outgoing) -> Result<Answer, Failure> {
        let limit = outgoing.timeout.unwrap_or(self.retry.deadline);
        let one = outgoing.timeout.unwrap_or(self.timeout);
        let mut course = Course {
            held: outgoing.credential.clone(),
            trail: Trail::default(),
            began: self.clock.elapsed(),
            waited: Duration::ZERO,
            renewed: false,
            signed_anew: false,
            ahead_ms: 0,
            last: None,
        };
        if let (Some(keeper), Some(held)) = (&self.keeper, &course.held) {
            outgoing.credential = Some(keeper.current(Arc::clone(held)).await.map_err(no_token)?);
        }
        loop {
            let waits = self.clock.elapsed();
            let permit = self.limiter.take(&outgoing).await?;
            course.waited += self.clock.elapsed().saturating_sub(waits);
            course.trail.started.get_or_insert_with(|| self.server.now(&*self.clock));
            course.trail.attempts += 1;
            course.ahead_ms = self.server.ahead_ms(&*self.clock);
            outgoing.timeout = Some(one.min(self.left(&course, limit)));
            let mut result = self.wire.send(outgoing.clone()).await;
            match &mut result {
                Ok(answer) => {
                    answer.trail = course.trail;
                    if let Some(permit) = permit {
                        self.limiter.learn(permit, answer).await;
                    }
                }
                Err(failure) => failure.trail = course.trail,
            }
            match self.next(&mut course, &mut outgoing, &result, limit).await? {
                Next::Again => {}
                Next::Done => return result,
            }
        }
    }

    fn left(&self, course: &Course, limit: Duration) -> Duration {
        limit.saturating_sub(self.clock.elapsed().saturating_sub(course.began + course.waited))
    }

    /// Whether the call is sent again, after what has to be done before.
    async fn next(
        &self,
        course: &mut Course,
        outgoing: &mut Outgoing,
        result: &Result<Answer, Failure>,
        limit: Duration,
    ) -> Result<Next, Failure> {
        if let Ok(answer) = result {
            if answer.status.as_u16() == 401 && self.prove_anew(course, outgoing).await? {
                return Ok(Next::Again);
            }
        }
        let host = host_of(&outgoing.url);
        let Some(cause) = classify(outgoing.repeat(), result) else {
            if matches!(result, Ok(answer) if answer.status.is_success()) {
                self.budgets.give_back(&self.retry, host, course.last.map_or(1, Cause::refund));
            }
            return Ok(Next::Done);
        };
        course.last = Some(cause);
        if course.trail.attempts >= self.retry.attempts {
            return Ok(Next::Done);
        }
        let closed = matches!(result, Ok(answer) if answer.limit().is_some_and(|limit| limit.remaining == 0));
        if is_refused_for_its_rate(result) && closed {
            // The limiter knows by now, and waits for the next window; or nobody is to wait.
            return Ok(if self.limiter.waits() { Next::Again } else { Next::Done });
        }
        let wait = self.retry.wait(cause, course.trail.attempts, &*self.clock);
        if wait >= self.left(course, limit) || !self.budgets.take(&self.retry, host, cause) {
            return Ok(Next::Done);
        }
        self.clock.sleep(wait).await;
        Ok(Next::Again)
    }

    /// After a 401: another signature if the clocks differ, or another token if there is one. Once each.
    async fn prove_anew(&self, course: &mut Course, outgoing: &mut Outgoing) -> Result<bool, Failure> {
        let (Some(held), Some(sent)) = (&course.held, &outgoing.credential) else { return Ok(false) };
        if sent.kind() == AuthKind::OAuth1 {
            let off = (self.server.ahead_ms(&*self.clock) - course.ahead_ms).abs() > SKEWED_MS;
            return Ok(off && !std::mem::replace(&mut course.signed_anew, true));
        }
        let Some(keeper) = self.keeper.as_ref().filter(|_| !course.renewed) else { return Ok(false) };
        course.renewed = true;
        let better = keeper.refused(Arc::clone(held), Arc::clone(sent)).await.map_err(no_token)?;
        let found = better.is_some();
        outgoing.credential = better.or_else(|| outgoing.credential.clone());
        Ok(found)
    }
}

fn is_refused_for_its_rate(result: &Result<Answer, Failure>) -> bool {
    matches!(result, Ok(answer) if answer.status.as_u16() == 429)
}

fn no_token(error: Error) -> Failure {
    let hint = error.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
    Failure::new(FailureKind::Login, format!("{error}{hint}")).because(error)
}

fn host_of(url: &str) -> &str {
    url.split_once("://").map_or("", |(_, rest)| rest.split('/').next().unwrap_or_default())
}
