//! Events that a sandbox sends to webhooks on request.

use chirrup::{Client, Credentials};
use chirrup_sandbox::Sandbox;
use serde_json::{Value as Json, json};

use crate::background::{Background, CONTROL_TOKEN};
use crate::error::CliError;
use crate::exit::ExitStatus;
use crate::print::Printer;

/// Triggers an event in a running sandbox, or in a world of its own.
pub(super) async fn run(
    event: &str,
    to: Option<String>,
    user: Option<&str>,
    printer: &mut Printer,
) -> Result<(), CliError> {
    let (own, url, token) = match running() {
        Some((url, token)) => (None, url, token),
        None if to.is_none() => {
            let message = "no sandbox runs whose webhooks could get the event";
            return Err(CliError::usage(message)
                .with_hint("name a webhook with --to URL, or start `chirrup sandbox --background`"));
        }
        None => {
            let sandbox = Sandbox::builder().users(20).posts(50).fixed_keys().start();
            let sandbox = sandbox.map_err(|why| CliError::usage(format!("cannot start the sandbox: {why}")))?;
            let (url, token) = (sandbox.url(), sandbox.control_token().map(|token| token.expose().to_owned()));
            (Some(sandbox), url, token.unwrap_or_default())
        }
    };
    let client = Client::builder().base_url(&url).credentials(Credentials::app_only(token)).build()?;
    let mut body = json!({"event": event});
    for (name, value) in [("user", user), ("to", to.as_deref())] {
        if let Some(value) = value {
            body[name] = value.into();
        }
    }
    let sent: Json = client.call("POST", "/_chirrup/webhooks/trigger").json(body).await?.data;
    drop(own);
    printer.document(&sent, |printer| match (&to, sent["status"].as_u64()) {
        (Some(to), Some(status)) => printer.line(&format!("{event} to {to}: status {status}\n{}", sent["body"])),
        (Some(to), None) => printer.line(&format!("{event} to {to}: no response")),
        (None, _) => printer.line(&format!("{event}: sent to the webhooks that subscribe to it")),
    })?;
    if to.is_some() && !sent["status"].as_u64().is_some_and(|status| (200..300).contains(&status)) {
        return Err(CliError::new(ExitStatus::Refused, "the webhook did not accept the event"));
    }
    Ok(())
}

/// Returns base URL and control token of a running sandbox: that of the environment, or the one in the background.
fn running() -> Option<(String, String)> {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    if let (Some(url), Some(token)) = (variable("CHIRRUP_BASE_URL"), variable(CONTROL_TOKEN)) {
        return Some((url, token));
    }
    let found = Background::find()?;
    Some((found.url, found.control_token?))
}
