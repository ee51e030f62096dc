//! The next step after an error, as a command that runs as it stands.

use std::path::Path;

use chirrup::v2::direct_messages::SendDm;
use chirrup::v2::posts::CreatePost;
use chirrup::{AuthKind, Error, ErrorKind, by_id};
use clap::error::{ContextKind, ContextValue};

use crate::args::Global;
use crate::command_line::command_line;
use crate::hints;
use crate::settings::CredentialSource;
use crate::verbs::name_without_login;

/// Longest command in bytes that is returned.
const MAX_LENGTH: usize = 4_000;

/// Flag without which failed calls are repeated.
const NO_WAIT: &str = "--no-wait";

/// Flag of streams that closes other connections.
const EVICT: &str = "--evict-stale-connections";

/// The next step after an error, as a command line for a shell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NextStep {
    /// Repairs the error: the failed command succeeds after it, or it does what the failed command was to do.
    Repair(String),
    /// Shows what a person needs to know to repair the error.
    Inspect(String),
}

fn repair(command: Option<String>) -> Option<NextStep> {
    command.map(NextStep::Repair)
}

fn inspect(command: Option<String>) -> Option<NextStep> {
    command.map(NextStep::Inspect)
}

/// Returns the next step after an error of the library. `None` if only a person can decide what to do.
pub(crate) fn after(error: &Error, global: &Global) -> Option<NextStep> {
    match error.diagnosis().map(|problem| problem.id) {
        Some("too-many-connections") => return connect_alone(global),
        Some("no-rules") => return repair(command(global, &["rules", "add", "coffee OR #rustlang"])),
        _ => {}
    }
    match error.kind() {
        // The library retries reads, and waits for the limit without `--no-wait`.
        ErrorKind::RateLimited => repair(again(&[NO_WAIT], &[])),
        ErrorKind::Server | ErrorKind::Network | ErrorKind::Timeout | ErrorKind::Decode => repair(again(&[], &[])),
        ErrorKind::Budget => inspect(again(&[], &["--dry-run"])),
        ErrorKind::Credentials | ErrorKind::Login => repair(login(error, global)),
        ErrorKind::Unauthorized => match CredentialSource::find(global) {
            Ok(CredentialSource::Profile { .. }) => repair(login(error, global)),
            _ => inspect(command(global, &["doctor"])),
        },
        ErrorKind::Forbidden => inspect(command(global, &["doctor"])),
        ErrorKind::NoCredits => inspect(command(global, &["credits"])),
        ErrorKind::UsageCapped => inspect(command(global, &["usage"])),
        ErrorKind::NotFound if by_id(error.endpoint()).is_none() => {
            let word = error.endpoint().rsplit('/').find(|word| word.chars().all(|c| c.is_ascii_alphabetic()))?;
            inspect(command(global, &["endpoints", word]))
        }
        ErrorKind::UnknownOutcome if error.endpoint() == CreatePost::ENDPOINT.id => {
            inspect(command(global, &["timeline", "-n", "5"]))
        }
        ErrorKind::UnknownOutcome if error.endpoint() == SendDm::ENDPOINT.id => {
            inspect(command(global, &["dms", "-n", "5"]))
        }
        _ => None,
    }
}

/// Returns the next step after one connection too many.
fn connect_alone(global: &Global) -> Option<NextStep> {
    match words().any(|word| word == "stream") && !words().any(|word| word == EVICT) {
        // The stream connects twice: before and after it closes the other connection.
        true => repair(line(words().filter(|word| word != NO_WAIT).chain([EVICT.to_owned()]))),
        false => inspect(command(global, &["call", "connections"])),
    }
}

/// Returns the next step after an invalid command line: the corrected one, or the help of the command.
pub(crate) fn after_usage(error: &clap::Error) -> Option<NextStep> {
    let suggested = match (error.get(ContextKind::SuggestedSubcommand), error.get(ContextKind::SuggestedArg)) {
        (Some(ContextValue::Strings(words)), _) => words.last(),
        (Some(ContextValue::String(word)), _) | (_, Some(ContextValue::String(word))) => Some(word),
        _ => None,
    };
    let wrong = [ContextKind::InvalidSubcommand, ContextKind::InvalidArg].iter().find_map(|kind| error.get(*kind));
    if let (Some(right), Some(ContextValue::String(wrong))) = (suggested, wrong) {
        // A flag that is there already must not occur twice.
        let right = Some(right.clone()).filter(|right| !right.starts_with('-') || words().all(|word| word != *right));
        return repair(line(words().filter_map(|word| if word == *wrong { right.clone() } else { Some(word) })));
    }
    help()
}

/// Returns the command that shows the help of the command of this run.
pub(crate) fn help() -> Option<NextStep> {
    let mut at = command_line();
    let mut path = vec!["help".to_owned()];
    for word in words() {
        let Some(next) = at.find_subcommand(&word).cloned() else { continue };
        path.push(word);
        at = next;
    }
    inspect(line(path.into_iter()))
}

/// Returns the command that repeats this run. `None` if it is too long.
pub(crate) fn repetition() -> Option<String> {
    again(&[], &[])
}

/// Words of this run after the name of the program. The URLs of databases are without their passwords.
fn words() -> impl Iterator<Item = String> {
    crate::invocation::words().skip(1).map(|word| match word.to_string_lossy().split_once('=') {
        Some((option, value)) if option.starts_with('-') => {
            format!("{option}={}", name_without_login(Path::new(value)))
        }
        _ => name_without_login(Path::new(&word)),
    })
}

/// Returns the command of this run, without and with some flags.
fn again(without: &[&str], with: &[&str]) -> Option<String> {
    let kept = words().filter(|word| !without.contains(&word.as_str()));
    // Flags behind the words of a command could be taken for arguments of a raw command line.
    line(with.iter().map(|word| (*word).to_owned()).chain(kept))
}

/// Returns a command with the server and the profile of this run, unless the environment names them.
fn command(global: &Global, words: &[&str]) -> Option<String> {
    let is_set = |name: &str, value: &str| std::env::var(name).is_ok_and(|set| set == value);
    let mut all: Vec<String> = Vec::new();
    if global.sandbox {
        all.push("--sandbox".to_owned());
    }
    for (flag, variable, value) in
        [("--profile", "CHIRRUP_PROFILE", &global.profile), ("--base-url", "CHIRRUP_BASE_URL", &global.base_url)]
    {
        if let Some(value) = value.as_deref().filter(|value| !is_set(variable, value)) {
            all.extend([flag.to_owned(), value.to_owned()]);
        }
    }
    line(all.into_iter().chain(words.iter().map(|word| (*word).to_owned())).chain(["--json".to_owned()]))
}

/// Returns the login that creates a credential for the endpoint.
fn login(error: &Error, global: &Global) -> Option<String> {
    let accepted = by_id(error.endpoint()).map(|endpoint| endpoint.auth).unwrap_or_default();
    let accepts = |kind| accepted.iter().any(|auth| auth.kind() == kind);
    // The login of the app needs no person, and the keys of the app.
    let has_keys = ["X_CONSUMER_KEY", "X_CONSUMER_SECRET"].iter().all(|name| std::env::var_os(name).is_some());
    let kind = match error.sent_with() {
        Some(kind) => kind,
        None if accepts(AuthKind::AppOnly) && (has_keys || !accepts(AuthKind::OAuth2)) => AuthKind::AppOnly,
        None => AuthKind::OAuth2,
    };
    let source = CredentialSource::find(global).unwrap_or(CredentialSource::None);
    let words = hints::login_words(kind, source.profile_name());
    let unnamed = Global { profile: None, ..global.clone() };
    command(&unnamed, &words.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Joins words to a command line for a shell. `None` if it is too long.
fn line(words: impl Iterator<Item = String>) -> Option<String> {
    let line = words.fold("chirrup".to_owned(), |line, word| format!("{line} {}", quoted(&word)));
    (line.len() <= MAX_LENGTH).then_some(line)
}

/// Quotes a word for a shell, unless it means the same without quotes.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_=./:@,%+".contains(c);
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_for_a_shell() {
        for (word, expected) in [("a-b", "a-b"), ("", "''"), ("a b", "'a b'"), ("it's", r"'it'\''s'"), ("$x", "'$x'")] {
            assert_eq!(quoted(word), expected);
        }
    }
}
