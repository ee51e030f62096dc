//! Checks of the network, the clock and each credential.

use chirrup::model::Timestamp;
use chirrup::{AuthKind, Client, Clock as _, Credential, Credentials, Error, ErrorKind, SystemClock, all};
use serde_json::json;

use crate::args::Global;
use crate::error::CliError;
use crate::hints;
use crate::print::Printer;

/// Clock error in seconds from which a check fails. X rejects signatures only above several minutes.
const MAX_CLOCK_ERROR: i64 = 60;

/// Explanation of OAuth 2.0 tokens that stop working although they are recent.
const ONE_GRANT: &str =
    "\nX keeps one grant per app and user: a login or token exchange elsewhere revokes these tokens";

/// Result of a check.
struct Check {
    name: &'static str,
    /// Whether the check passed, or nothing if it could not be made.
    passed: Option<bool>,
    details: String,
}

impl Check {
    fn passed(name: &'static str, details: impl Into<String>) -> Self {
        Self { name, passed: Some(true), details: details.into() }
    }

    fn failed(name: &'static str, details: impl Into<String>) -> Self {
        Self { name, passed: Some(false), details: details.into() }
    }

    fn error(name: &'static str, error: &Error, global: &Global) -> Self {
        let hint = hints::for_error(error, global).map(|hint| format!("\n{hint}")).unwrap_or_default();
        let passed = if error.kind() == ErrorKind::RateLimited { None } else { Some(false) };
        Self { name, passed, details: format!("{}{hint}", error.message()) }
    }
}

/// Runs all checks and prints their results.
pub(super) async fn doctor(client: &Client, global: &Global, printer: &mut Printer) -> Result<(), CliError> {
    let mut checks = network(client, global).await;
    let reachable = checks.iter().all(|check| check.name != "network" || check.passed == Some(true));
    let held = client.credentials();
    if held.is_empty() {
        checks.push(Check::failed("credentials", format!("there are no credentials\n{}", hints::LOGIN)));
    } else if reachable {
        for kind in held.kinds() {
            checks.push(credential(client, held, kind, global).await);
        }
    }
    let items = checks.iter().map(|check| json!({"check": check.name, "ok": check.passed, "details": check.details}));
    printer.list(items.collect(), |printer| {
        let rows = checks.iter().map(|check| {
            let result = match check.passed {
                Some(true) => "ok",
                Some(false) => "FAILED",
                None => "skipped",
            };
            vec![check.name.to_owned(), result.to_owned(), check.details.clone()]
        });
        printer.table(&["check", "result", "details"], rows.collect())
    })?;
    match checks.iter().filter(|check| check.passed == Some(false)).count() {
        0 => Ok(()),
        // A dry run answers no check.
        _ if printer.plan().is_some() => Ok(()),
        failed => Err(CliError::refused(format!("{failed} of {} checks failed", checks.len()))),
    }
}

/// Checks whether the API responds, and compares its clock with the local one.
async fn network(client: &Client, global: &Global) -> Vec<Check> {
    // Without a credential, the server refuses the request, which costs nothing. Any response will do.
    let call = client.call("GET", "/2/users/me").unauthenticated().call().clone();
    let response = match client.send(call).await {
        Ok((_, response)) => response,
        Err(error) => return vec![Check::error("network", &error, global)],
    };
    let base_url = client.base_url();
    if response.status.is_server_error() {
        let details = format!("{base_url} responds with {}: try again later", response.status);
        return vec![Check::failed("network", details)];
    }
    let mut checks = vec![Check::passed("network", format!("{base_url} responds"))];
    let date = response.headers.get("date").and_then(|date| Timestamp::from_http_date(date.to_str().ok()?));
    if let Some(date) = date {
        let ahead = SystemClock.now().as_secs() - date.as_secs();
        checks.push(match ahead.abs() <= MAX_CLOCK_ERROR {
            true => Check::passed("clock", "the local clock is correct"),
            false => {
                let direction = if ahead > 0 { "ahead" } else { "behind" };
                Check::failed("clock", format!("the local clock is {} s {direction}\nsync it with NTP", ahead.abs()))
            }
        });
    }
    checks
}

/// Checks whether the server accepts a credential, and counts the endpoints that accept it.
async fn credential(client: &Client, held: &Credentials, kind: AuthKind, global: &Global) -> Check {
    let Some(credential) = held.get(kind) else { return Check::failed(kind.name(), "it is missing") };
    let client = client.with_credentials(Credentials::one((**credential).clone()));
    let granted: Option<&[String]> = match &**credential {
        Credential::OAuth2 { scopes, .. } => scopes.as_deref(),
        _ => None,
    };
    let has = |scopes: &[&str]| granted.is_none_or(|granted| scopes.iter().all(|s| granted.iter().any(|g| g == s)));
    let (mut usable, mut total) = (0, 0);
    for meta in all().filter(|meta| meta.retired.is_none()) {
        total += 1;
        let accepted = meta.auth.iter().any(|a| a.kind() == kind && (kind != AuthKind::OAuth2 || has(meta.scopes())));
        usable += usize::from(accepted);
    }
    let endpoints = format!("usable for {usable} of {total} endpoints");
    let owner = match kind.is_user() {
        true => client.get_me().await.map(|response| format!("@{}", response.data.username)),
        false => client.usage().await.map(|_| "the app".to_owned()),
    };
    match owner {
        Ok(owner) => Check::passed(kind.name(), format!("{owner}, {endpoints}")),
        // The scopes may exclude the request for the user and still include what the token is for.
        Err(error) if error.kind() == ErrorKind::Credentials => {
            Check::passed(kind.name(), format!("its scopes do not include the username; {endpoints}"))
        }
        Err(error) if kind == AuthKind::OAuth2 && error.kind() == ErrorKind::Unauthorized => {
            let mut check = Check::error(kind.name(), &error, global);
            check.details.push_str(ONE_GRANT);
            check
        }
        Err(error) => Check::error(kind.name(), &error, global),
    }
}
