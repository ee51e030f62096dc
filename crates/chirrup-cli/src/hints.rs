//! Hints for errors of the library, in terms of commands, flags and environment variables.

use chirrup::{AuthKind, Clock as _, Error, ErrorKind, SystemClock, by_id, printable_url};

use crate::args::Global;
use crate::settings::{CredentialSource, DEFAULT_PROFILE, missing_oauth1_variables};

/// Hint for a user without credentials.
pub(crate) const LOGIN: &str = "run `chirrup login`, set X_BEARER_TOKEN, or try `--sandbox`";

/// Returns the next step after an error of the library, or `None` if the message says it all.
pub(crate) fn for_error(error: &Error, global: &Global) -> Option<String> {
    if let Some(hint) = for_problem(error, global) {
        return Some(hint);
    }
    let hint = match error.kind() {
        ErrorKind::Credentials => for_missing_credentials(error, global),
        ErrorKind::Unauthorized => for_rejected_credentials(error, global),
        ErrorKind::Login => "log in again with `chirrup login`".to_owned(),
        ErrorKind::RateLimited => for_rate_limit(error, global),
        ErrorKind::Budget => {
            "raise `--budget`, `--budget-day` or `--budget-month`, or request fewer results".to_owned()
        }
        ErrorKind::UnknownOutcome => {
            "check whether the write took effect before you repeat it; `chirrup post --once KEY` is safe to repeat"
                .to_owned()
        }
        ErrorKind::Network | ErrorKind::Refused if global.base_url.is_some() => {
            format!("check the server at {}", printable_url(global.base_url.as_deref().unwrap_or_default()))
        }
        ErrorKind::Network => "check the network connection with `chirrup doctor`".to_owned(),
        ErrorKind::Timeout | ErrorKind::Server => match error.retry_after() {
            Some(wait) => format!("try again in {} s", wait.as_secs() + 1),
            None => "try again later".to_owned(),
        },
        ErrorKind::Decode => "check the base URL and the proxy: the response may not be from the API".to_owned(),
        ErrorKind::NotFound if by_id(error.endpoint()).is_none() => {
            "check the path; `chirrup endpoints TEXT` lists the known paths".to_owned()
        }
        ErrorKind::NotFound if global.base_url.as_deref().is_some_and(has_path) => {
            "check the ID or the username, and the base URL".to_owned()
        }
        ErrorKind::NotFound => "check the ID or the username".to_owned(),
        ErrorKind::Forbidden => {
            "check the permissions of the app and the scopes of the token with `chirrup doctor`".to_owned()
        }
        ErrorKind::Argument | ErrorKind::Invalid | ErrorKind::Conflict | ErrorKind::Refused => return None,
        _ => return error.hint().filter(|hint| !names_rust(hint)).map(str::to_owned),
    };
    Some(hint)
}

/// Returns the hint for a refusal whose cause the library knows.
fn for_problem(error: &Error, global: &Global) -> Option<String> {
    let hint = match error.diagnosis()?.id {
        "no-rules" if global.sandbox => {
            "each `--sandbox` is new and has no rules: keep one with `chirrup sandbox --background`, add a rule with `chirrup \
             --sandbox rules add 'coffee OR #rustlang'`, and repeat the command; `chirrup --sandbox stream sample` needs no rule"
        }
        "no-rules" => "add rules with `chirrup rules add`",
        "too-many-connections" => "stop the other program that reads the stream, or add `--evict-stale-connections`",
        // The program knows where the rejected credential comes from.
        "invalid-signature" | "invalid-token" => return None,
        // The message says it all, or the program knows more.
        "invalid-request" | "resource-not-found" => return None,
        _ => return error.hint().filter(|hint| !names_rust(hint)).map(str::to_owned),
    };
    Some(hint.to_owned())
}

fn for_missing_credentials(error: &Error, global: &Global) -> String {
    let missing = missing_oauth1_variables();
    let source = CredentialSource::find(global).unwrap_or(CredentialSource::None);
    let held = source.credentials();
    if held.is_empty() {
        return match missing[..] {
            [] => LOGIN.to_owned(),
            [one] => format!("{one} is not set; set it, or run `chirrup login`"),
            _ => format!("{} are not set; set them, or run `chirrup login`", missing.join(" and ")),
        };
    }
    let accepted = by_id(error.endpoint()).map(|endpoint| endpoint.auth).unwrap_or_default();
    let accepts = |kind| accepted.iter().any(|auth| auth.kind() == kind);
    if accepts(AuthKind::OAuth1) && !missing.is_empty() && held.get(AuthKind::OAuth1).is_none() {
        return format!("set {} too, or run `chirrup login`", missing.join(" and "));
    }
    let kinds = [AuthKind::OAuth2, AuthKind::OAuth1, AuthKind::AppOnly];
    let kind = kinds.into_iter().find(|kind| accepts(*kind)).unwrap_or(AuthKind::OAuth2);
    format!("run `{}`", login_command(kind, source.profile_name()))
}

fn for_rejected_credentials(error: &Error, global: &Global) -> String {
    let source = CredentialSource::find(global).unwrap_or(CredentialSource::None);
    let held = source.credentials();
    let endpoint = by_id(error.endpoint());
    let accepts = |kind: &AuthKind| endpoint.is_none_or(|meta| meta.auth.iter().any(|auth| auth.kind() == *kind));
    let candidates: Vec<AuthKind> = match error.sent_with() {
        Some(kind) => vec![kind],
        None => held.kinds().filter(accepts).collect(),
    };
    let ([kind], place) = (&candidates[..], source.describe()) else {
        return match candidates[..] {
            [] => "log in again with `chirrup login`".to_owned(),
            _ => format!("check each credential of {} with `chirrup doctor`", source.describe()),
        };
    };
    rejected(*kind, &source, &place)
}

/// Returns the hint for a rejected credential of this kind.
fn rejected(kind: AuthKind, source: &CredentialSource, place: &str) -> String {
    if !matches!(source, CredentialSource::Environment(_)) {
        let login = login_command(kind, source.profile_name());
        return format!("the {kind} credential of {place} is wrong, expired or revoked: run `{login}` again");
    }
    let names = variables(kind);
    match names {
        [name] => format!("{name} is wrong, expired or revoked: replace it, or unset it and run `chirrup login`"),
        _ => format!(
            "check that {} belong together and are current, and the clock with `chirrup doctor`",
            names.join(", ")
        ),
    }
}

fn for_rate_limit(error: &Error, global: &Global) -> String {
    let Some(wait) = error.retry_after() else {
        return "try again later; `chirrup limits` shows the known rate limits".to_owned();
    };
    let seconds = wait.as_secs() + 1;
    let millis = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
    let until = SystemClock.now().plus_millis(millis).to_time_of_day();
    let or = if global.no_wait { ", or omit `--no-wait`" } else { "" };
    format!("try again in {seconds} s, after {until} UTC{or}")
}

/// Environment variables of a credential.
fn variables(kind: AuthKind) -> &'static [&'static str] {
    match kind {
        AuthKind::AppOnly => &["X_BEARER_TOKEN"],
        AuthKind::OAuth2 => &["X_OAUTH2_ACCESS_TOKEN"],
        AuthKind::OAuth1 => &crate::settings::OAUTH1_VARIABLES,
    }
}

/// Command that obtains a credential.
fn login_command(kind: AuthKind, profile: &str) -> String {
    format!("chirrup {}", login_words(kind, profile).join(" "))
}

/// Words of the command that obtains a credential.
pub(crate) fn login_words(kind: AuthKind, profile: &str) -> Vec<String> {
    let flag = match kind {
        AuthKind::AppOnly => Some("--app-only"),
        AuthKind::OAuth1 => Some("--pin"),
        AuthKind::OAuth2 => None,
    };
    let profile = if profile == DEFAULT_PROFILE { None } else { Some(["--profile", profile]) };
    ["login"].into_iter().chain(flag).chain(profile.into_iter().flatten()).map(str::to_owned).collect()
}

fn has_path(url: &str) -> bool {
    url.split_once("://").is_some_and(|(_, rest)| rest.trim_end_matches('/').contains('/'))
}

/// Whether a hint of the library names an item of its Rust API, such as `retry_after()` or `max_body`.
fn names_rust(hint: &str) -> bool {
    hint.split('`').skip(1).step_by(2).any(|code| {
        let identifier = code.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        identifier || code.contains("::") || code.contains('(')
    })
}

#[cfg(test)]
mod tests {
    use chirrup::KNOWN_PROBLEMS;

    use super::*;

    #[test]
    fn names_of_the_rust_api_are_recognized() {
        for hint in ["wait for `retry_after()`", "add one with `Credentials::and`", "raise `max_body`", "`.timeout(…)`"]
        {
            assert!(names_rust(hint), "{hint}");
        }
        for hint in
            ["run `chirrup login`", "run `chmod 600 /a/b`", "pass `--budget`", "no code", "set `X_BEARER_TOKEN`"]
        {
            assert!(!names_rust(hint), "{hint}");
        }
    }

    #[test]
    fn the_known_problems_with_hints_of_the_program_exist() {
        for id in ["no-rules", "too-many-connections", "invalid-signature", "invalid-token"] {
            assert!(KNOWN_PROBLEMS.iter().any(|problem| problem.id == id), "{id}");
        }
    }

    #[test]
    fn a_base_url_with_a_path_is_recognized() {
        assert!(has_path("http://localhost:8086/foo"));
        assert!(!has_path("https://api.x.com") && !has_path("https://api.x.com/"));
    }
}
