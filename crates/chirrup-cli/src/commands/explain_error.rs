//! Explanations of errors: by kind, by HTTP status, by exit code, by code of API v1.1, and by the name of a known problem.

mod x_codes;

use chirrup::{ErrorKind, KNOWN_PROBLEMS, KnownProblem};
use serde_json::{Value as Json, json};

use crate::error::CliError;
use crate::exit::{self, ExitStatus};
use crate::print::Printer;

/// An explanation: what it is about, what it means, and what to do.
struct Explanation {
    code: String,
    meaning: String,
    remedy: String,
}

/// Prints the explanations of a code.
pub(super) fn explain(code: &str, printer: &mut Printer) -> Result<(), CliError> {
    let found = match code.parse::<u16>() {
        Ok(number) => of_number(number),
        Err(_) => of_name(code),
    };
    if found.is_empty() {
        return Err(CliError::usage(format!(
            "`{code}` is not a kind of error, an HTTP status, an exit code, a code of X or a known problem"
        ))
        .with_hint("`chirrup explain-error all` lists them"));
    }
    let items: Vec<Json> =
        found.iter().map(|one| json!({"code": one.code, "meaning": one.meaning, "remedy": one.remedy})).collect();
    printer.list(items, |printer| {
        for (index, one) in found.iter().enumerate() {
            if index > 0 {
                printer.line("")?;
            }
            printer.line(&format!("{}: {}", one.code, one.meaning))?;
            printer.line(&format!("  {}", one.remedy))?;
        }
        Ok(())
    })
}

fn of_name(name: &str) -> Vec<Explanation> {
    let kinds = ErrorKind::ALL.iter().filter(|kind| name == "all" || kind.name() == name).map(|kind| of_kind(*kind));
    let problems = KNOWN_PROBLEMS.iter().filter(|problem| name == "all" || problem.id == name).map(of_problem);
    let own = (name == ExitStatus::Usage.name() || name == ExitStatus::Partial.name()).then(|| of_own(name));
    let codes = x_codes::ROWS.iter().filter(|_| name == "all").map(of_row);
    kinds.chain(problems).chain(own).chain(codes).collect()
}

/// Explains a number in each of its meanings.
fn of_number(number: u16) -> Vec<Explanation> {
    let is_status = http::StatusCode::from_u16(number).is_ok_and(|status| status.canonical_reason().is_some());
    let status = if is_status && number >= 300 { of_status(number) } else { Vec::new() };
    status.into_iter().chain(of_exit_code(number)).chain(of_x_code(number.into())).collect()
}

/// Explains a code of API v1.1.
fn of_x_code(code: i64) -> Vec<Explanation> {
    let known = KNOWN_PROBLEMS.iter().filter(|problem| problem.codes().any(|one| one == code)).map(of_problem);
    known.chain(x_codes::ROWS.iter().filter(|row| row.0 == code).map(of_row)).collect()
}

fn of_row((code, meaning, remedy): &x_codes::Row) -> Explanation {
    Explanation { code: format!("code {code} of X"), meaning: (*meaning).to_owned(), remedy: (*remedy).to_owned() }
}

fn of_status(status: u16) -> Vec<Explanation> {
    let kind = chirrup::Error::from_status(status, "").kind();
    let problems = KNOWN_PROBLEMS.iter().filter(|problem| problem.statuses.contains(&status));
    [of_kind(kind)].into_iter().chain(problems.map(of_problem)).collect()
}

fn of_exit_code(code: u16) -> Vec<Explanation> {
    let kinds = ErrorKind::ALL.iter().filter(|kind| ExitStatus::of(**kind) as u16 == code).map(|kind| of_kind(*kind));
    let cause = exit::cause(code).map(|cause| Explanation {
        code: format!("exit code {code}"),
        meaning: cause.to_owned(),
        remedy: "with `--json`, the last line of stderr is an object with the kind of the error and the next step"
            .into(),
    });
    cause.into_iter().chain(kinds).collect()
}

fn of_problem(problem: &KnownProblem) -> Explanation {
    let remedy = problem
        .remedy
        .replace("{instead}", "use the endpoint that replaces it; `chirrup endpoints` names it")
        .replace("{scopes}", "the scopes that `chirrup endpoints` lists for it")
        .replace("{kinds}", "credentials that `chirrup endpoints` lists for it");
    Explanation { code: problem.id.to_owned(), meaning: problem.meaning.to_owned(), remedy }
}

/// Explains a kind of error of the program itself.
fn of_own(name: &str) -> Explanation {
    let (meaning, remedy) = match name == ExitStatus::Usage.name() {
        true => ("the command line, the configuration or the input is invalid", "run `chirrup help` with the command"),
        false => ("a part of the result is missing", "the member `missing` names what, and why"),
    };
    Explanation { code: name.to_owned(), meaning: meaning.to_owned(), remedy: remedy.to_owned() }
}

fn of_kind(kind: ErrorKind) -> Explanation {
    let (meaning, remedy) = match kind {
        ErrorKind::Argument => ("an argument is invalid; nothing was sent", "correct it as the message says"),
        ErrorKind::Credentials => {
            ("there is no credential that the endpoint accepts; nothing was sent", "log in with `chirrup login`")
        }
        ErrorKind::Configuration => {
            ("the configuration, a profile or an environment variable is invalid", "see `chirrup help environment`")
        }
        ErrorKind::Storage => (
            "a file, the keyring or another store cannot be read, written or locked",
            "check that it exists, and its permissions",
        ),
        ErrorKind::Media => {
            ("a media file is invalid, or X could not process it", "convert it to a format that the message names")
        }
        ErrorKind::Closed => ("a stream or another source of events has ended", "open it again"),
        ErrorKind::Blocking => {
            ("a blocking call was made inside an async runtime", "report it: the program makes none")
        }
        ErrorKind::Login => ("the login failed, without a token", "log in again with `chirrup login`"),
        ErrorKind::Unauthorized => {
            ("the server rejected the credential", "find out which one with `chirrup doctor`, and replace it")
        }
        ErrorKind::Forbidden => {
            ("the caller may not do this", "check the permissions of the app and the scopes with `chirrup doctor`")
        }
        ErrorKind::NotFound => ("the object or the path does not exist", "check the ID, the username or the path"),
        ErrorKind::Invalid => ("the server rejected the request as invalid", "correct it as the message says"),
        ErrorKind::Conflict => {
            ("the request conflicts with the state on the server", "read that state, and decide again")
        }
        ErrorKind::RateLimited => {
            ("the rate limit is exhausted", "wait for `retry_after` seconds, or run the command without `--no-wait`")
        }
        ErrorKind::UsageCapped => {
            ("the daily or monthly usage cap is reached; minutes do not help", "see the usage with `chirrup usage`")
        }
        ErrorKind::NoCredits => {
            ("the account has no credits left", "see the balance with `chirrup credits`, and add credits")
        }
        ErrorKind::Budget => (
            "the call could exceed the budget; nothing was sent",
            "see its cost with `chirrup plan`, and raise the budget",
        ),
        ErrorKind::NotAllowed => (
            "the permissions that the client was created with do not allow the call; nothing was sent",
            "restart `chirrup mcp` with another `--level`, `--allow` or `--accounts`",
        ),
        ErrorKind::Refused => ("the server refused the request for another reason", "read the message of the server"),
        ErrorKind::Server => ("the server failed to process the request", "run the command again later"),
        ErrorKind::Network => ("the connection to the server failed", "run the command again, or `chirrup doctor`"),
        ErrorKind::Timeout => ("the response did not arrive in time", "run the command again"),
        ErrorKind::UnknownOutcome => (
            "a write was sent without a response: it may have taken effect",
            "check whether it did before you repeat it",
        ),
        ErrorKind::Decode => {
            ("the response cannot be decoded", "check the base URL and the proxy: it may not be from the API")
        }
        _ => ("an error of another kind", "read the message"),
    };
    Explanation { code: kind.name().to_owned(), meaning: meaning.to_owned(), remedy: remedy.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_an_explanation_of_its_own() {
        for kind in ErrorKind::ALL {
            assert_ne!(of_kind(*kind).meaning, "an error of another kind", "{kind:?}");
            assert_eq!(of_name(kind.name()).len(), 1, "{kind:?}");
        }
        for problem in KNOWN_PROBLEMS {
            assert!(!of_problem(problem).remedy.contains('{'), "{}", problem.id);
        }
        assert!(of_status(403).len() > 5 && of_exit_code(8).len() == 4 && of_exit_code(77).is_empty());
        assert!(of_number(200).is_empty() && of_number(187).len() == 1 && of_number(88).len() == 1);
        assert!(of_number(415).len() > 1, "a status and a code of X");
    }
}
