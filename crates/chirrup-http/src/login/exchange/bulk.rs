//! Exchange of many tokens, with results in a store from which an interrupted run resumes.

use std::collections::HashSet;
use std::time::Duration;

use chirrup_api::Error;
use chirrup_auth::Scope;
use chirrup_store::{LockedStore, Store, lock_async};
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use serde_json::{Value as Json, json};

use super::oauth1_token::OAuth1Token;
use crate::clock::jitter;
use crate::login::app::App;
use crate::login::client::{Login, is_transient};
use crate::login::oauth2::OAuth2Tokens;

/// Number of exchanges that run at the same time, unless another number is set.
const DEFAULT_CONCURRENCY: usize = 8;
/// Number of attempts per token.
const MAX_ATTEMPTS: u32 = 6;
/// Upper bound of the wait before the second attempt. It doubles with each attempt.
const INITIAL_BACKOFF: Duration = Duration::from_millis(500);

/// An exchange of many OAuth 1.0a user tokens for OAuth 2.0 tokens.
///
/// The results are JSON lines in a store, such as a file: one line per token, written when the response arrives. A run
/// skips the tokens that have a line already, so an interrupted or killed run is resumed by starting it again.
///
/// ```no_run
/// # async fn example(client: &chirrup_api::ApiClient) -> Result<(), chirrup_api::Error> {
/// use chirrup_http::login::{App, BulkExchange, Login, parse_oauth1_tokens};
/// use chirrup_http::store::FileStore;
///
/// let tokens = parse_oauth1_tokens("oauth_token,oauth_token_secret\n12-abc,secret\n")?;
/// let exchange = BulkExchange::new(&Login::new(client), &App::new("client ID", "client secret"));
/// let report = exchange.run(tokens, &FileStore::at("oauth2-tokens.jsonl"), |_| ()).await?;
/// println!("{} exchanged, {} refused", report.exchanged, report.refused);
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct BulkExchange {
    login: Login,
    app: App,
    scopes: Vec<Scope>,
    concurrency: usize,
}

/// Counts of a [`BulkExchange`], up to now or at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ExchangeReport {
    /// Number of tokens that were exchanged in this run.
    pub exchanged: usize,
    /// Number of tokens that X finally refused in this run.
    pub refused: usize,
    /// Number of tokens whose result an earlier run has stored.
    pub skipped: usize,
}

impl BulkExchange {
    /// Creates an exchange of tokens of this app, with all scopes that X grants and 8 exchanges at the same time.
    pub fn new(login: &Login, app: &App) -> Self {
        Self { login: login.clone(), app: app.clone(), scopes: Vec::new(), concurrency: DEFAULT_CONCURRENCY }
    }
    /// Requests these scopes instead of all that correspond to the app's permissions.
    pub fn scopes(mut self, scopes: &[Scope]) -> Self {
        self.scopes = scopes.to_vec();
        self
    }
    /// Sets the number of exchanges that run at the same time. The default is 8, the minimum 1.
    pub fn concurrency(mut self, count: usize) -> Self {
        self.concurrency = count.max(1);
        self
    }

    /// Exchanges all tokens that have no result in the store, and calls `progress` after each.
    ///
    /// The line of an exchanged token has `oauth_token`, `username`, `access_token`, `refresh_token`, `expires_at` and
    /// `scopes`; that of a finally refused token has `oauth_token`, `username` and `refused`, the reason. The store is
    /// locked during the run. Rate limits are waited for, and temporary failures are retried up to 6 times.
    ///
    /// # Errors
    /// The failure of a token that is neither exchanged nor finally refused, after the exchanges in progress have been
    /// stored: X rejects the app, or does not answer. [`ErrorKind::Storage`](chirrup_api::ErrorKind::Storage) if the store cannot be locked or written, or
    /// contains anything but such lines. A later run continues.
    pub async fn run(
        &self,
        tokens: impl IntoIterator<Item = OAuth1Token>,
        store: &dyn Store,
        mut progress: impl FnMut(&ExchangeReport),
    ) -> Result<ExchangeReport, Error> {
        let mut locked = lock_async(store).await?;
        let mut known = stored_tokens(&mut *locked, &store.name())?;
        let mut report = ExchangeReport::default();
        let mut waiting = tokens.into_iter();
        let mut running = FuturesUnordered::new();
        let mut failure = None;
        loop {
            while running.len() < self.concurrency && failure.is_none() {
                let Some(token) = waiting.next() else { break };
                if known.insert(token.token.clone()) {
                    running.push(self.exchange(token));
                } else {
                    report.skipped += 1;
                }
            }
            let Some((token, result)) = running.next().await else { break };
            match result {
                Ok(tokens) => {
                    report.exchanged += 1;
                    append(&mut *locked, &exchanged_line(&token, &tokens, self.login.clock.now()))?;
                }
                Err(error) if is_final(&error) => {
                    report.refused += 1;
                    append(&mut *locked, &refused_line(&token, &error))?;
                }
                Err(error) => {
                    failure.get_or_insert(error);
                    continue;
                }
            }
            progress(&report);
        }
        failure.map_or(Ok(report), Err)
    }

    /// Exchanges one token. A lost response is no reason to stop, since a repeated exchange is safe.
    async fn exchange(&self, token: OAuth1Token) -> (OAuth1Token, Result<OAuth2Tokens, Error>) {
        let mut backoff = INITIAL_BACKOFF;
        for _ in 1..MAX_ATTEMPTS {
            match self.login.exchange_oauth1(&self.app, &token, &self.scopes).await {
                Err(error) if is_transient(&error) => {
                    let wait = error.retry_after().unwrap_or_else(|| jitter(&*self.login.clock, backoff));
                    self.login.clock.sleep(wait).await;
                    backoff *= 2;
                }
                result => return (token, result),
            }
        }
        let result = self.login.exchange_oauth1(&self.app, &token, &self.scopes).await;
        (token, result)
    }
}

/// Whether X will refuse the token again: it is revoked, or belongs to another app.
fn is_final(error: &Error) -> bool {
    let body = error.response().and_then(|raw| serde_json::from_slice::<Json>(&raw.body).ok()).unwrap_or_default();
    error.status_code() == Some(400) && body["error"] == "invalid_grant"
}

/// Returns the tokens that have a result in the store. An incomplete last line, which a killed run leaves, is removed.
fn stored_tokens(locked: &mut dyn LockedStore, name: &str) -> Result<HashSet<String>, Error> {
    let value = locked.read()?.unwrap_or_default();
    let complete = value.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let mut known = HashSet::new();
    for (n, line) in value[..complete].split(|byte| *byte == b'\n').enumerate().filter(|(_, line)| !line.is_empty()) {
        let json: Json = serde_json::from_slice(line).unwrap_or_default();
        let Some(token) = json["oauth_token"].as_str() else {
            let message = format!("could not resume from {name}: line {} is not the result of an exchange", n + 1);
            return Err(Error::storage(message).with_hint("name another file for the results"));
        };
        known.insert(token.to_owned());
    }
    if complete < value.len() {
        if known.is_empty() && !value.starts_with(b"{\"oauth_token\":") {
            let message = format!("could not resume from {name}: it does not contain results of an exchange");
            return Err(Error::storage(message).with_hint("name another file for the results"));
        }
        locked.replace(&value[..complete])?;
    }
    Ok(known)
}

fn append(locked: &mut dyn LockedStore, line: &Json) -> Result<(), Error> {
    locked.append(format!("{line}\n").as_bytes())
}

fn exchanged_line(token: &OAuth1Token, tokens: &OAuth2Tokens, now: chirrup_model::Timestamp) -> Json {
    let lifetime_ms = i64::try_from(tokens.expires_in.as_millis()).unwrap_or(i64::MAX);
    json!({
        "oauth_token": token.token,
        "username": token.username,
        "access_token": tokens.access_token.expose(),
        "refresh_token": tokens.refresh_token.as_ref().map(|token| token.expose()),
        "expires_at": now.plus_millis(lifetime_ms),
        "scopes": tokens.scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>(),
    })
}

fn refused_line(token: &OAuth1Token, error: &Error) -> Json {
    json!({"oauth_token": token.token, "username": token.username, "refused": error.message()})
}
