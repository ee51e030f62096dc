//! The whole way of a call: its credential, its place in the windows, one request or several, and what is learned of it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chirrup_api::{
    BoxFuture, Error, LiveSettings, RawEvent, RawLiveStream, RawResponse, Request, SendInfo, Transport, TransportError,
    TransportErrorKind,
};
use chirrup_auth::{AuthKind, Credential};
use chirrup_model::Dialect;

use crate::cache::Cache;
use crate::clock::{Clock, ServerClock};
use crate::credential_provider::CredentialProvider;
use crate::download::download;
use crate::ledger::{Ledger, Spending};
use crate::limiter::{Limiter, RateLimitStatus};
use crate::live;
use crate::retry::{Budgets, Cause, Retry, classify};
use crate::runtime;
use crate::wire::{Opened, Wire};

/// From which difference of the clocks on a refused signature is made anew, in milliseconds.
const SKEWED_MS: i64 = 30_000;

/// The network, with all that makes a call survive it. Clones share everything; use one client in one runtime.
#[derive(Debug, Clone)]
pub struct HttpTransport(pub(crate) Arc<Inner>);

type Tell = Arc<dyn Fn(&Request, &RawResponse) + Send + Sync>;

/// Who is told of each answer.
#[derive(Clone, Default)]
pub(crate) struct OnResponse(pub(crate) Vec<Tell>);

impl fmt::Debug for OnResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} listeners", self.0.len())
    }
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) wire: Arc<dyn Transport>,
    /// What streams and media are fetched over.
    pub(crate) network: Arc<Wire>,
    pub(crate) timeout: Duration,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) server: Arc<ServerClock>,
    pub(crate) retry: Retry,
    pub(crate) budgets: Budgets,
    pub(crate) limiter: Arc<Limiter>,
    pub(crate) ledger: Ledger,
    pub(crate) cache: Option<Cache>,
    pub(crate) credential_provider: Option<Arc<dyn CredentialProvider>>,
    pub(crate) on_response: OnResponse,
}

impl HttpTransport {
    /// All windows of rate limits that are known and open.
    pub fn rate_limits(&self) -> Vec<RateLimitStatus> {
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
    pub fn spent(&self) -> Spending {
        self.0.ledger.spent(self.0.server.now(&*self.0.clock))
    }
}

impl Transport for HttpTransport {
    fn send(&self, request: Request) -> BoxFuture<Result<RawResponse, TransportError>> {
        let inner = Arc::clone(&self.0);
        if runtime::is_inside() {
            Box::pin(async move { inner.send(request).await })
        } else {
            runtime::run(async move { inner.send(request).await })
        }
    }

    fn live(&self, request: Request, settings: LiveSettings) -> RawLiveStream {
        if runtime::is_inside() {
            return live::open(Arc::clone(&self.0), request, settings);
        }
        let why =
            TransportError::new(TransportErrorKind::Configuration, "a live stream needs an async runtime to live in");
        Box::pin(futures_util::stream::iter([RawEvent::Ended(Err(why))]))
    }

    fn is_inside_runtime(&self) -> bool {
        runtime::is_inside()
    }
}

/// What has happened to a call so far.
struct Course {
    held: Option<Arc<Credential>>,
    send_info: SendInfo,
    /// What is left of its time: waiting for rate limits takes nothing of it.
    left: Duration,
    /// When its time began to run again.
    resumed: Duration,
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
    async fn send(&self, request: Request) -> Result<RawResponse, TransportError> {
        let now = self.server.now(&*self.clock);
        if let Some(cache) = &self.cache {
            if let Some(answer) = cache.get(&request, now) {
                return Ok(answer);
            }
            cache.forget(&request);
        }
        // What was set aside is given back when the call is over and its real cost is written down.
        let _reserved = self.ledger.reserve(&request, now).await?;
        let mut result = self.persist(request.clone()).await;
        self.ledger.settle(&request, &mut result, self.server.now(&*self.clock)).await;
        if let (Some(cache), Ok(answer)) = (&self.cache, &result) {
            cache.put(&request, answer, now);
        }
        result
    }

    /// Opens a stream once: its body, or the answer of a server that refuses. A token that is refused is renewed once.
    pub(crate) async fn open(
        &self,
        mut request: Request,
        gzip: bool,
    ) -> Result<Result<Opened, RawResponse>, TransportError> {
        let held = request.credential.clone();
        if let (Some(credential_provider), Some(held)) = (&self.credential_provider, &held) {
            request.credential = Some(credential_provider.current(Arc::clone(held)).await.map_err(no_token)?);
        }
        let opened = self.open_once(&request, gzip).await?;
        tracing::debug!(url = bare(&request.url), open = opened.is_ok(), "stream");
        let (Err(answer), Some(credential_provider), Some(held), Some(sent)) =
            (&opened, &self.credential_provider, held, &request.credential)
        else {
            return Ok(opened);
        };
        if answer.status.as_u16() != 401 {
            return Ok(opened);
        }
        match credential_provider.refused(held, Arc::clone(sent)).await.map_err(no_token)? {
            Some(better) => {
                request.credential = Some(better);
                self.open_once(&request, gzip).await
            }
            None => Ok(opened),
        }
    }

    /// Opens a stream if the window of its connections allows it.
    async fn open_once(&self, request: &Request, gzip: bool) -> Result<Result<Opened, RawResponse>, TransportError> {
        let permit = self.limiter.take(request).await?;
        let opened = self.network.open(request, gzip).await?;
        if let Some(permit) = permit {
            self.limiter.learn(permit, opened.as_ref().map_or_else(|answer| answer, |opened| &opened.head)).await;
        }
        Ok(opened)
    }

    /// Sends it, as often as it takes and is allowed.
    async fn persist(&self, mut request: Request) -> Result<RawResponse, TransportError> {
        let one = request.timeout.unwrap_or(self.timeout);
        let mut course = Course {
            held: request.credential.clone(),
            send_info: SendInfo::default(),
            left: request.timeout.unwrap_or(self.retry.deadline),
            resumed: Duration::ZERO,
            renewed: false,
            signed_anew: false,
            ahead_ms: 0,
            last: None,
        };
        if let (Some(credential_provider), Some(held)) = (&self.credential_provider, &course.held) {
            request.credential = Some(credential_provider.current(Arc::clone(held)).await.map_err(no_token)?);
        }
        loop {
            let permit = self.limiter.take(&request).await?;
            course.resumed = self.clock.elapsed();
            course.send_info.started.get_or_insert_with(|| self.server.now(&*self.clock));
            course.send_info.attempts += 1;
            course.ahead_ms = self.server.ahead_ms(&*self.clock);
            request.timeout = Some(one.min(course.left));
            let mut result = self.wire.send(request.clone()).await;
            tell(&request, &result, course.send_info.attempts);
            match &mut result {
                Ok(answer) => {
                    answer.send_info = course.send_info;
                    self.on_response.0.iter().for_each(|tell| tell(&request, answer));
                    if let Some(permit) = permit {
                        self.limiter.learn(permit, answer).await;
                    }
                }
                Err(failure) => failure.send_info = course.send_info,
            }
            let next = self.next(&mut course, &mut request, &result).await?;
            course.left = self.left(&course);
            if matches!(next, Next::Done) || course.left.is_zero() {
                return result;
            }
        }
    }

    fn left(&self, course: &Course) -> Duration {
        course.left.saturating_sub(self.clock.elapsed().saturating_sub(course.resumed))
    }

    /// Whether the call is sent again, after what has to be done before.
    async fn next(
        &self,
        course: &mut Course,
        request: &mut Request,
        result: &Result<RawResponse, TransportError>,
    ) -> Result<Next, TransportError> {
        if let Ok(answer) = result {
            if answer.status.as_u16() == 401 && self.prove_anew(course, request).await? {
                return Ok(Next::Again);
            }
        }
        let host = host_of(&request.url);
        let Some(cause) = classify(request.idempotency(), result) else {
            if matches!(result, Ok(answer) if answer.status.is_success()) {
                self.budgets.give_back(&self.retry, host, course.last.map_or(1, Cause::refund));
            }
            return Ok(Next::Done);
        };
        course.last = Some(cause);
        if course.send_info.attempts >= self.retry.attempts {
            return Ok(Next::Done);
        }
        let closed = matches!(result, Ok(answer) if answer.limit().is_some_and(|limit| limit.remaining == 0));
        if is_refused_for_its_rate(result) && closed {
            // The limiter knows by now, and waits for the next window; or nobody is to wait.
            return Ok(if self.limiter.waits() { Next::Again } else { Next::Done });
        }
        let wait = self.retry.wait(cause, course.send_info.attempts, &*self.clock);
        if wait >= self.left(course) || !self.budgets.take(&self.retry, host, cause) {
            return Ok(Next::Done);
        }
        self.clock.sleep(wait).await;
        Ok(Next::Again)
    }

    /// After a 401: another signature if the clocks differ, or another token if there is one. Once each.
    async fn prove_anew(&self, course: &mut Course, request: &mut Request) -> Result<bool, TransportError> {
        let (Some(held), Some(sent)) = (&course.held, &request.credential) else { return Ok(false) };
        if sent.kind() == AuthKind::OAuth1 {
            let off = (self.server.ahead_ms(&*self.clock) - course.ahead_ms).abs() > SKEWED_MS;
            return Ok(off && !std::mem::replace(&mut course.signed_anew, true));
        }
        let Some(credential_provider) = self.credential_provider.as_ref().filter(|_| !course.renewed) else {
            return Ok(false);
        };
        course.renewed = true;
        let better = credential_provider.refused(Arc::clone(held), Arc::clone(sent)).await.map_err(no_token)?;
        let found = better.is_some();
        request.credential = better.or_else(|| request.credential.clone());
        Ok(found)
    }
}

/// Logs a try: never its parameters, its body or its credential.
fn tell(request: &Request, result: &Result<RawResponse, TransportError>, attempt: u32) {
    let (method, url) = (request.method.as_str(), bare(&request.url));
    let endpoint = request.endpoint.map(|meta| meta.id);
    if attempt == 1 && tracing::enabled!(tracing::Level::WARN) {
        warn_of_unknown(request);
    }
    match result {
        Ok(answer) => tracing::debug!(endpoint, method, url, attempt, status = answer.status.as_u16(), "call"),
        Err(failure) => tracing::warn!(endpoint, method, url, attempt, failure = %failure.message, "call"),
    }
}

/// A raw call may have parameters that its endpoint does not: they are sent all the same.
fn warn_of_unknown(request: &Request) {
    let Some((meta, query)) = request.endpoint.zip(request.url.split_once('?').map(|(_, query)| query)) else { return };
    for parameter in query.split('&').filter_map(|pair| pair.split('=').next()) {
        if meta.param(Dialect::canonical(parameter)).is_none() {
            tracing::warn!(endpoint = meta.id, parameter, "the endpoint is not known to have this parameter");
        }
    }
}

/// An address without its parameters.
fn bare(url: &str) -> &str {
    url.split('?').next().unwrap_or_default()
}

fn is_refused_for_its_rate(result: &Result<RawResponse, TransportError>) -> bool {
    matches!(result, Ok(answer) if answer.status.as_u16() == 429)
}

fn no_token(error: Error) -> TransportError {
    let hint = error.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
    TransportError::new(TransportErrorKind::Login, format!("{error}{hint}")).because(error)
}

fn host_of(url: &str) -> &str {
    url.split_once("://").map_or("", |(_, rest)| rest.split('/').next().unwrap_or_default())
}
