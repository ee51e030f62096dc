//! What is wrong, and where to mend it.

use chirrup::{
    AuthKind, Client, Clock as _, Credential, Credentials, Error, ErrorKind, SystemClock, all, model::Timestamp,
};
use serde_json::json;

use crate::exit::Failed;
use crate::print::Printer;

/// How far the clock may be off before X begins to refuse signatures, in seconds; well below what it really takes.
const CLOCK_OFF: i64 = 60;

/// What a check found.
struct Finding {
    check: String,
    well: bool,
    says: String,
}

impl Finding {
    fn of(check: impl Into<String>, well: bool, says: impl Into<String>) -> Self {
        Self { check: check.into(), well, says: says.into() }
    }

    fn failed(check: impl Into<String>, error: &Error) -> Self {
        let hint = error.hint().map(|hint| format!(": {hint}")).unwrap_or_default();
        Self::of(check, false, format!("{}{hint}", error.message()))
    }
}

/// Checks network, clock, and each credential by using it.
pub(super) async fn doctor(client: &Client, printer: &mut Printer) -> Result<(), Failed> {
    let mut findings = network(client).await;
    let held = client.credentials();
    if held.is_empty() {
        findings.push(Finding::of("credentials", false, "none are held: `chirrup login`, or set X_BEARER_TOKEN"));
    } else if findings.iter().all(|finding| finding.check != "network" || finding.well) {
        for kind in held.kinds() {
            findings.push(credential(client, held, kind).await);
        }
    }
    let items = findings.iter().map(|found| json!({"check": found.check, "ok": found.well, "says": found.says}));
    printer.list(items.collect(), |printer| {
        let mark = |well| if well { "well" } else { "WRONG" }.to_owned();
        let rows = findings.iter().map(|found| vec![found.check.clone(), mark(found.well), found.says.clone()]);
        printer.table(&["check", "", "what it found"], rows.collect())
    })?;
    match findings.iter().filter(|found| !found.well).count() {
        0 => Ok(()),
        wrong => Err(Failed::Refused(format!("{wrong} of {} checks found something wrong", findings.len()))),
    }
}

/// Whether the API answers at all, and whether its clock is ours.
async fn network(client: &Client) -> Vec<Finding> {
    let call = client.call("GET", "/2/users/me").unauthenticated().call().clone();
    // Without a credential this is refused and costs nothing; any answer will do.
    let answer = match client.send(call).await {
        Ok((_, answer)) => answer,
        Err(error) => return vec![Finding::failed("network", &error)],
    };
    let here = client.base_url();
    if answer.status.is_server_error() {
        return vec![Finding::of("network", false, format!("{here} answers {}: try again later", answer.status))];
    }
    let mut findings = vec![Finding::of("network", true, format!("{here} answers"))];
    if let Some(there) = answer.headers.get("date").and_then(|date| Timestamp::from_http_date(date.to_str().ok()?)) {
        let off = SystemClock.now().as_secs() - there.as_secs();
        findings.push(match off.abs() <= CLOCK_OFF {
            true => Finding::of("clock", true, "the clock of this machine is right"),
            false => Finding::of("clock", false, format!("it is {off} s off: set it by the network")),
        });
    }
    findings
}

/// Whether a credential is accepted, and what may be done with it.
async fn credential(client: &Client, held: &Credentials, kind: AuthKind) -> Finding {
    let Some(one) = held.get(kind) else { return Finding::of(kind.name(), false, "it is not held") };
    let alone = client.with_credentials(Credentials::one((**one).clone()));
    let has: Option<&[String]> = match &**one {
        Credential::OAuth2 { scopes, .. } => scopes.as_deref(),
        _ => None,
    };
    let fits = |scopes: &[&str]| has.is_none_or(|has| scopes.iter().all(|scope| has.iter().any(|h| h == scope)));
    let now = all().filter(|meta| meta.retired.is_none());
    let (mut may, mut count) = (0, 0);
    for meta in now {
        count += 1;
        may += usize::from(
            meta.auth.iter().any(|a| a.kind() == kind && (kind != AuthKind::OAuth2 || fits(meta.scopes()))),
        );
    }
    let reach = format!("good for {may} of {count} endpoints");
    let who = match kind.is_user() {
        true => alone.get_me().await.map(|response| format!("@{}", response.data.username)),
        false => alone.usage().await.map(|_| "the app itself".to_owned()),
    };
    match who {
        Ok(who) => Finding::of(kind.name(), true, format!("{who}, {reach}")),
        // A token with too few scopes to say whose it is may still do what it is for.
        Err(error) if error.kind() == ErrorKind::Credentials => {
            Finding::of(kind.name(), true, format!("whose it is cannot be asked with its scopes; {reach}"))
        }
        Err(error) => Finding::failed(kind.name(), &error),
    }
}
