//! The path of a call: cache, budget, credential, rate limit, one or more attempts, and what is learned from the response.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chirrup_api::{Error, RawResponse, Request, SendInfo, Transport, TransportError, TransportErrorKind};
use chirrup_auth::{AuthKind, Credential};
use chirrup_model::{Dialect, Timestamp};

use crate::cache::Cache;
use crate::clock::{Clock, ServerClock};
use crate::credential_provider::CredentialProvider;
use crate::ledger::{Ledger, Reservation};
use crate::limiter::Limiter;
use crate::retry::{Retry, RetryBudgets, RetryCause, classify};
use crate::wire::{StreamResponse, Wire};

/// Difference of the clocks, in milliseconds, from which a rejected OAuth 1.0a call is signed again.
const RESIGN_SKEW_MS: i64 = 30_000;

/// Difference of the clocks, in milliseconds, from which costs are recorded by the local clock.
const MAX_BILLING_SKEW_MS: i64 = 600_000;

type ResponseCallback = Arc<dyn Fn(&Request, &RawResponse) + Send + Sync>;

/// Callbacks for every response.
#[derive(Clone, Default)]
pub(crate) struct OnResponse(pub(crate) Vec<ResponseCallback>);

impl fmt::Debug for OnResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} callbacks", self.0.len())
    }
}

/// What all calls of a transport share: connections, clocks, limits, ledger and cache.
#[derive(Debug)]
pub(crate) struct Pipeline {
    pub(crate) transport: Arc<dyn Transport>,
    /// The network, which streams and downloads always use, even if calls go over another transport.
    pub(crate) wire: Arc<Wire>,
    pub(crate) timeout: Duration,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) server_clock: Arc<ServerClock>,
    pub(crate) retry: Retry,
    pub(crate) retry_budgets: RetryBudgets,
    pub(crate) limiter: Arc<Limiter>,
    pub(crate) ledger: Ledger,
    pub(crate) cache: Option<Cache>,
    pub(crate) credential_provider: Option<Arc<dyn CredentialProvider>>,
    pub(crate) on_response: OnResponse,
}

/// Progress of a call over its attempts.
struct CallState {
    /// The credential that the client holds.
    held: Option<Arc<Credential>>,
    send_info: SendInfo,
    /// Time left until the deadline. Waiting for rate limits does not count.
    remaining: Duration,
    /// Reading of the monotonic clock at the start of the current attempt.
    attempt_started: Duration,
    token_replaced: bool,
    signed_again: bool,
    /// How far the server's clock was ahead when the current attempt was signed, in milliseconds.
    ahead_ms: i64,
    last_cause: Option<RetryCause>,
}

/// Decision after an attempt.
enum NextStep {
    Finish,
    Retry,
}

impl Pipeline {
    pub(crate) fn server_now(&self) -> Timestamp {
        self.server_clock.now(&*self.clock)
    }

    /// Returns the time by which costs are recorded: the server's, unless it is off by more than minutes. A wrong `Date`
    /// must not move what is spent to another day.
    pub(crate) fn billing_now(&self) -> Timestamp {
        self.server_clock.now_within(&*self.clock, MAX_BILLING_SKEW_MS)
    }

    pub(crate) async fn send_call(&self, request: Request) -> Result<RawResponse, TransportError> {
        let Some(cache) = &self.cache else { return self.send_billed(&request).await };
        let now = self.server_now();
        if let Some(response) = cache.get(&request, now) {
            return Ok(response);
        }
        cache.invalidate(&request);
        let result = self.send_billed(&request).await;
        if let Ok(response) = &result {
            cache.put(&request, response, now);
        }
        result
    }

    /// Sends a request, and records its cost.
    async fn send_billed(&self, request: &Request) -> Result<RawResponse, TransportError> {
        let reservation = self.ledger.reserve(request, self.billing_now()).await?;
        let mut result = self.send_with_retries(request.clone(), reservation.as_ref()).await;
        self.ledger.settle(reservation, request, &mut result, self.billing_now()).await;
        result
    }

    /// Opens a stream: its response, or the error response of the server. A rejected token is replaced once.
    pub(crate) async fn open_stream(
        &self,
        mut request: Request,
        gzip: bool,
    ) -> Result<Result<StreamResponse, RawResponse>, TransportError> {
        let held = request.credential.clone();
        if let (Some(provider), Some(held)) = (&self.credential_provider, &held) {
            request.credential = Some(provider.provide(Arc::clone(held)).await.map_err(login_failure)?);
        }
        let opened = self.open_stream_once(&request, gzip).await?;
        tracing::debug!(host = request.host(), path = request.path(), open = opened.is_ok(), "stream");
        let (Err(response), Some(provider), Some(held), Some(sent)) =
            (&opened, &self.credential_provider, held, &request.credential)
        else {
            return Ok(opened);
        };
        if response.status.as_u16() != 401 {
            return Ok(opened);
        }
        match provider.replace_rejected(held, Arc::clone(sent)).await.map_err(login_failure)? {
            Some(replacement) => {
                request.credential = Some(replacement);
                self.open_stream_once(&request, gzip).await
            }
            None => Ok(opened),
        }
    }

    /// Opens a stream as soon as the rate limit of its endpoint allows it.
    async fn open_stream_once(
        &self,
        request: &Request,
        gzip: bool,
    ) -> Result<Result<StreamResponse, RawResponse>, TransportError> {
        let permit = self.limiter.acquire(request).await?;
        let opened = self.wire.open_stream(request, gzip).await?;
        self.limiter.learn(permit, opened.as_ref().map_or_else(|response| response, |opened| &opened.head)).await;
        Ok(opened)
    }

    /// Sends a request, and retries it as the policy allows.
    async fn send_with_retries(
        &self,
        mut request: Request,
        reservation: Option<&Reservation>,
    ) -> Result<RawResponse, TransportError> {
        let attempt_timeout = request.timeout.unwrap_or(self.timeout);
        let mut call = CallState {
            held: request.credential.clone(),
            send_info: SendInfo::default(),
            remaining: request.timeout.unwrap_or(self.retry.deadline),
            attempt_started: Duration::ZERO,
            token_replaced: false,
            signed_again: false,
            ahead_ms: 0,
            last_cause: None,
        };
        if let (Some(provider), Some(held)) = (&self.credential_provider, &call.held) {
            request.credential = Some(provider.provide(Arc::clone(held)).await.map_err(login_failure)?);
        }
        loop {
            let permit = self.limiter.acquire(&request).await?;
            call.attempt_started = self.clock.elapsed();
            call.send_info.started.get_or_insert_with(|| self.server_now());
            call.send_info.attempts += 1;
            call.ahead_ms = self.server_clock.ahead_ms(&*self.clock);
            request.timeout = Some(attempt_timeout.min(call.remaining));
            if let Some(reservation) = reservation {
                reservation.mark_sent();
            }
            let mut result = self.transport.send(request.clone()).await;
            log_attempt(&request, &result, call.send_info.attempts);
            match &mut result {
                Ok(response) => {
                    response.send_info = call.send_info;
                    self.on_response.0.iter().for_each(|callback| callback(&request, response));
                    self.limiter.learn(permit, response).await;
                }
                Err(error) => error.send_info = call.send_info,
            }
            let next = self.next_step(&mut call, &mut request, &result).await?;
            call.remaining = self.remaining(&call);
            if matches!(next, NextStep::Finish) || call.remaining.is_zero() {
                return result;
            }
            if let (Some(reservation), Err(error)) = (reservation, &result)
                && error.may_have_arrived
            {
                reservation.mark_lost_attempt();
            }
        }
    }

    fn remaining(&self, call: &CallState) -> Duration {
        call.remaining.saturating_sub(self.clock.elapsed().saturating_sub(call.attempt_started))
    }

    /// Decides whether a call is retried, and does what has to happen before: a wait or a new authentication.
    async fn next_step(
        &self,
        call: &mut CallState,
        request: &mut Request,
        result: &Result<RawResponse, TransportError>,
    ) -> Result<NextStep, TransportError> {
        if let Ok(response) = result
            && response.status.as_u16() == 401
            && self.reauthenticate(call, request).await?
        {
            return Ok(NextStep::Retry);
        }
        let host = request.host();
        let cause = classify(request.idempotency(), result).filter(|_| self.retry.covers(result));
        let Some(cause) = cause else {
            if matches!(result, Ok(response) if response.status.is_success()) {
                self.retry_budgets.refund(&self.retry, host, call.last_cause);
            }
            return Ok(NextStep::Finish);
        };
        call.last_cause = Some(cause);
        if call.send_info.attempts >= self.retry.max_attempts {
            return Ok(NextStep::Finish);
        }
        let exhausted = matches!(result, Ok(response) if response.limit().is_some_and(|limit| limit.remaining == 0));
        if is_rate_limited(result) && exhausted {
            // The limiter has learned of it, and waits for the next window if the policy says so.
            return Ok(if self.limiter.waits() { NextStep::Retry } else { NextStep::Finish });
        }
        let wait = self.retry.backoff(cause, call.send_info.attempts, &*self.clock);
        if wait >= self.remaining(call) || !self.retry_budgets.withdraw(&self.retry, host, cause) {
            return Ok(NextStep::Finish);
        }
        let endpoint = request.endpoint().map(|endpoint| endpoint.id);
        tracing::info!(endpoint, attempt = call.send_info.attempts, ?wait, "retry after a wait");
        self.clock.sleep(wait).await;
        Ok(NextStep::Retry)
    }

    /// Prepares another attempt after a 401, once per call: a new signature if the clocks differ, or another token if
    /// the provider has one. Returns whether it did.
    async fn reauthenticate(&self, call: &mut CallState, request: &mut Request) -> Result<bool, TransportError> {
        let (Some(held), Some(sent)) = (&call.held, &request.credential) else { return Ok(false) };
        if sent.kind() == AuthKind::OAuth1 {
            let skewed = (self.server_clock.ahead_ms(&*self.clock) - call.ahead_ms).abs() > RESIGN_SKEW_MS;
            return Ok(skewed && !std::mem::replace(&mut call.signed_again, true));
        }
        let Some(provider) = self.credential_provider.as_ref().filter(|_| !call.token_replaced) else {
            return Ok(false);
        };
        call.token_replaced = true;
        let replacement = provider.replace_rejected(Arc::clone(held), Arc::clone(sent)).await.map_err(login_failure)?;
        let found = replacement.is_some();
        request.credential = replacement.or_else(|| request.credential.clone());
        Ok(found)
    }
}

/// Logs an attempt, without parameters, body or credential.
fn log_attempt(request: &Request, result: &Result<RawResponse, TransportError>, attempt: u32) {
    let (method, host, path) = (request.method().as_str(), request.host(), request.path());
    let endpoint = request.endpoint().map(|endpoint| endpoint.id);
    if attempt == 1 && tracing::enabled!(tracing::Level::WARN) {
        warn_of_unknown_parameters(request);
    }
    match result {
        Ok(response) => {
            tracing::debug!(endpoint, method, host, path, attempt, status = response.status.as_u16(), "call")
        }
        Err(error) => tracing::warn!(endpoint, method, host, path, attempt, error = %error.message, "call failed"),
    }
}

/// Warns of query parameters that the endpoint's entry does not list. Raw calls are sent with them nevertheless, since
/// the API may be newer than the table.
fn warn_of_unknown_parameters(request: &Request) {
    let Some(endpoint) = request.endpoint() else { return };
    for (parameter, _) in request.query_pairs() {
        if endpoint.param(Dialect::canonical(&parameter)).is_none() {
            tracing::warn!(endpoint = endpoint.id, parameter = &*parameter, "unknown parameter of this endpoint");
        }
    }
}

fn is_rate_limited(result: &Result<RawResponse, TransportError>) -> bool {
    matches!(result, Ok(response) if response.status.as_u16() == 429)
}

fn login_failure(error: Error) -> TransportError {
    TransportError::new(TransportErrorKind::Login, error.to_string()).because(error)
}
