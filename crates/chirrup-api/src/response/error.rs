//! The error of a call: what failed, why, and what to do next.

use std::fmt;
use std::time::Duration;

use chirrup_auth::{AuthKind, Credentials};
use chirrup_model::{Dialect, InvalidId, Problem, ProblemKind};

use super::error_kind::{ErrorKind, kind_of};
use super::known_problems::KnownProblem;
use super::problems::one_line;
use super::raw_response::RawResponse;
use super::send_info::SendInfo;
use super::transport_error::{TransportError, TransportErrorKind};
use super::unknown_outcome::UnknownOutcome;
use crate::call::{Call, HttpParts, InvalidArgument};
use crate::client::origins::printable_url;
use crate::endpoint::idempotency::Idempotency;
use crate::endpoint::{Auth, Endpoint};

struct Inner {
    kind: ErrorKind,
    endpoint: String,
    message: String,
    hint: Option<String>,
    diagnosis: Option<&'static KnownProblem>,
    problems: Vec<Problem>,
    response: Option<RawResponse>,
    send_info: SendInfo,
    wait: Option<Duration>,
    sent_with: Option<AuthKind>,
    unknown: Option<UnknownOutcome>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// The error of a call: what failed, why, and what to do next. It never contains a secret.
pub struct Error(Box<Inner>);

impl Error {
    fn new(kind: ErrorKind, endpoint: String, message: String) -> Self {
        Self(Box::new(Inner {
            kind,
            endpoint,
            message,
            hint: None,
            diagnosis: None,
            problems: Vec::new(),
            response: None,
            send_info: SendInfo::default(),
            wait: None,
            sent_with: None,
            unknown: None,
            source: None,
        }))
    }

    /// Replaces the hint, which names the next step.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// Creates an error for an invalid configuration.
    pub fn configuration(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Configuration, String::new(), message.into())
    }

    /// Creates an error for an argument that is invalid in every call.
    pub fn invalid_argument(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Argument, String::new(), message.into())
    }

    /// Creates an error for a store (file, keyring, Redis) that could not be read, written or locked.
    pub fn storage(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Storage, String::new(), message.into())
    }

    /// Creates an error for a media file that is invalid, or that X could not process.
    pub fn media(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Media, String::new(), message.into())
    }

    /// Creates an error for a stream or another source of events that has ended.
    pub fn closed(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Closed, String::new(), message.into())
    }

    /// Creates an error for a connection that broke or could not be established.
    pub fn network(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Network, String::new(), message.into())
    }

    /// Creates an error for an operation that took too long.
    pub fn timeout(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Timeout, String::new(), message.into())
    }

    /// Creates the error of a request outside the API, such as a download, from the HTTP status of its response.
    pub fn from_status(status: u16, message: impl Into<String>) -> Self {
        Self::new(kind_of(status, &[]), String::new(), message.into())
    }

    /// Creates an error for a failed login.
    pub fn login(message: &str) -> Self {
        Self::new(ErrorKind::Login, "login".to_owned(), message.to_owned()).with_hint("start a new login")
    }

    pub(crate) fn argument(call: &Call, name: &str, why: &str) -> Self {
        Self::new(ErrorKind::Argument, name_of(call), format!("parameter `{name}`: {why}"))
            .with_hint("nothing was sent; correct the argument and call again")
    }

    /// Creates an error for a blocking call inside an async runtime.
    pub fn blocking() -> Self {
        let message = "a blocking call inside an async runtime would block the runtime".to_owned();
        Self::new(ErrorKind::Blocking, String::new(), message)
            .with_hint("use `.await` instead, or call from a thread outside the runtime")
    }

    pub(crate) fn credentials(call: &Call, needed: &[Auth], held: &Credentials) -> Self {
        let needed: Vec<String> = needed
            .iter()
            .map(|auth| match auth {
                Auth::OAuth2(scopes) if !scopes.is_empty() => {
                    format!("{} (scopes {})", auth.kind(), scopes.join(" "))
                }
                _ => auth.kind().to_string(),
            })
            .collect();
        let needed = if needed.is_empty() { "a credential".to_owned() } else { needed.join(" or ") };
        let message = format!("the endpoint requires {needed}; the client has {held}");
        let hint = if held.is_empty() {
            "nothing was sent; pass credentials to the client, or set X_BEARER_TOKEN or the four keys of OAuth 1.0a"
        } else {
            "nothing was sent; add such a credential to those of the client"
        };
        Self::new(ErrorKind::Credentials, name_of(call), message).with_hint(hint)
    }

    /// Creates an error for a call to another server than the one that the credentials of the client belong to.
    pub(crate) fn other_origin(call: &Call, base_url: &str, url: &str) -> Self {
        let (own, other) = (printable_url(base_url), printable_url(url));
        let message = format!("the credentials of the client are for {own} and are not sent to {other}");
        Self::new(ErrorKind::Configuration, name_of(call), message)
            .with_hint("nothing was sent; create a client for that base URL, or call without a credential")
    }

    pub(crate) fn transport(call: &Call, failure: TransportError) -> Self {
        let write_in_doubt = failure.may_have_arrived && call.idempotency() == Idempotency::NonIdempotent;
        let refused = failure.response.as_ref().map(|response| kind_of(response.status.as_u16(), &response.problems()));
        let kind = match failure.kind {
            _ if refused.is_some() => refused.unwrap_or(ErrorKind::Refused),
            TransportErrorKind::Configuration => ErrorKind::Configuration,
            TransportErrorKind::Storage => ErrorKind::Storage,
            TransportErrorKind::TooLarge => ErrorKind::Decode,
            TransportErrorKind::RateLimited(_) => ErrorKind::RateLimited,
            TransportErrorKind::Budget => ErrorKind::Budget,
            TransportErrorKind::NotAllowed => ErrorKind::NotAllowed,
            TransportErrorKind::Login => ErrorKind::Login,
            _ if write_in_doubt => ErrorKind::UnknownOutcome,
            TransportErrorKind::Timeout => ErrorKind::Timeout,
            TransportErrorKind::Connect | TransportErrorKind::ConnectionLost => ErrorKind::Network,
        };
        let hint = match kind {
            ErrorKind::UnknownOutcome => UNKNOWN,
            _ if refused.is_some() => status_hint(kind, call.endpoint),
            ErrorKind::RateLimited => "nothing was sent; wait for the time of `retry_after`, or let the client wait",
            ErrorKind::Budget => "nothing was sent; raise the budget or request fewer items",
            ErrorKind::NotAllowed => {
                "nothing was sent; only a client that is created with more permissions can send it"
            }
            ErrorKind::Login => "log in again",
            ErrorKind::Storage => "check that the file or server exists and that this process may read and write it",
            _ if failure.may_have_arrived && call.idempotency() == Idempotency::Idempotent => {
                "the call may have taken effect; repeating it is safe"
            }
            ErrorKind::Timeout => "try again, or raise the limit: the setting `timeout` of the client or the call",
            ErrorKind::Network => "check the network connection and the base URL, then try again",
            ErrorKind::Decode => "the response exceeds the limit of the client: raise its setting `max_body`",
            _ => "check the configuration of the client",
        };
        // The hint of an error of storage or login is more specific.
        let source_hint = failure.source.as_ref().and_then(|source| source.downcast_ref::<Self>()).and_then(Self::hint);
        let diagnosis = failure
            .response
            .as_ref()
            .and_then(|response| KnownProblem::of(call, response.status.as_u16(), &response.problems()));
        let hint = diagnosis.map_or_else(|| source_hint.unwrap_or(hint).to_owned(), |known| known.hint(call));
        let mut error = Self::new(kind, name_of(call), failure.message).with_hint(hint);
        error.0.diagnosis = diagnosis;
        if let TransportErrorKind::RateLimited(wait) = failure.kind {
            error.0.wait = Some(wait);
        }
        if kind == ErrorKind::UnknownOutcome {
            error.0.unknown = Some(UnknownOutcome::new(call, failure.send_info, None));
        }
        error.0.send_info = failure.send_info;
        error.0.source = failure.source;
        if let Some(response) = failure.response {
            error.0.problems = response.problems();
            error.0.response = Some(*response);
        }
        error
    }

    pub(crate) fn status(call: &Call, response: RawResponse) -> Self {
        let problems = response.problems();
        // A gateway can fail after the server has processed the write.
        let kind = match kind_of(response.status.as_u16(), &problems) {
            ErrorKind::Server if call.idempotency() == Idempotency::NonIdempotent => ErrorKind::UnknownOutcome,
            kind => kind,
        };
        let mut message = format!("the server answered {}", response.status);
        if let Some(target) = response.redirect() {
            message.push_str(&format!(": the redirect to `{target}` is not followed"));
        }
        if let (ErrorKind::Unauthorized, Some(kind)) = (kind, call.sent_with) {
            message.push_str(&format!(" to the {kind} credential"));
        }
        // If there are individual errors, the summary above them adds nothing.
        let exact = problems.iter().any(|p| p.message.is_some());
        let telling = problems.iter().filter(|p| !exact || p.message.is_some());
        let mut said: Vec<&str> = telling.map(Problem::text).filter(|t| !t.is_empty()).collect();
        said.dedup();
        let words = if said.is_empty() { response.words() } else { None };
        for text in said.into_iter().chain(words.as_deref()) {
            message.push_str(": ");
            message.push_str(&one_line(text, MAX_PROBLEM));
        }
        // Whether a write took effect matters more than why the server failed.
        let explains = kind != ErrorKind::UnknownOutcome;
        let diagnosis = KnownProblem::of(call, response.status.as_u16(), &problems).filter(|_| explains);
        let hint =
            diagnosis.map_or_else(|| status_hint(kind, call.endpoint).to_owned(), |diagnosis| diagnosis.hint(call));
        let mut error = Self::new(kind, name_of(call), message).with_hint(hint);
        if kind == ErrorKind::UnknownOutcome {
            error.0.unknown = Some(UnknownOutcome::new(call, response.send_info, response.transaction()));
        }
        error.0.diagnosis = diagnosis;
        error.0.problems = problems;
        error.0.sent_with = call.sent_with;
        error.0.send_info = response.send_info;
        error.0.response = Some(response);
        error
    }

    /// Creates the error of a response that is not a success.
    pub fn refused(call: &Call, response: RawResponse) -> Self {
        Self::status(call, response)
    }

    pub(crate) fn partial(call: &Call, problems: Vec<Problem>, response: RawResponse) -> Self {
        let gone = problems.iter().any(|p| p.kind() == ProblemKind::ResourceNotFound);
        let kind = if gone { ErrorKind::NotFound } else { ErrorKind::Forbidden };
        let mut said: Vec<&str> = problems.iter().map(Problem::text).filter(|text| !text.is_empty()).collect();
        said.dedup();
        let message = said.join("; ");
        let diagnosis = KnownProblem::of(call, response.status.as_u16(), &problems);
        let hint = diagnosis.map(|diagnosis| diagnosis.hint(call));
        let hint = hint.unwrap_or_else(|| "check the ID or the name, and who may see the object".to_owned());
        let mut error = Self::new(kind, name_of(call), message).with_hint(hint);
        error.0.diagnosis = diagnosis;
        error.0.send_info = response.send_info;
        error.0.problems = problems;
        error.0.response = Some(response);
        error
    }

    pub(crate) fn decode(call: &Call, why: String, response: RawResponse) -> Self {
        // The parser quotes its input, which may be of any length.
        let mut why: String = why.chars().take(200).collect();
        if why.chars().count() == 200 {
            why.push('…');
        }
        let found = response.content_type().unwrap_or("no content type").to_owned();
        // The title of a web page says more than the parser.
        let why =
            if response.body.trim_ascii_start().starts_with(b"<") { response.words().unwrap_or(why) } else { why };
        let message = format!("the response ({found}, {} bytes) cannot be decoded: {why}", response.body.len());
        let hint = "`response()` returns the raw response; a proxy may have answered in place of the API";
        Self::unreadable(call, message, hint, response)
    }

    /// Creates the error of a success whose body is none of the API.
    pub(crate) fn foreign(call: &Call, response: RawResponse) -> Self {
        let said =
            response.words().unwrap_or_else(|| "the body has none of `data`, `meta`, `includes` and `errors`".into());
        let message = format!("the server answered {} with a body that is not of the API: {said}", response.status);
        Self::unreadable(call, message, "check the base URL, the path and proxies", response)
    }

    /// Creates the error of a success that does not say what happened. A write may have taken effect.
    fn unreadable(call: &Call, message: String, hint: &str, response: RawResponse) -> Self {
        let in_doubt = call.idempotency() != Idempotency::Safe;
        let (kind, hint) = if in_doubt { (ErrorKind::UnknownOutcome, UNKNOWN) } else { (ErrorKind::Decode, hint) };
        let mut error = Self::new(kind, name_of(call), message).with_hint(hint);
        if in_doubt {
            error.0.unknown = Some(UnknownOutcome::new(call, response.send_info, response.transaction()));
        }
        error.0.send_info = response.send_info;
        error.0.response = Some(response);
        error
    }

    /// Creates the error of a walk through pages whose server repeats a page token.
    pub(crate) fn repeated_page(call: &Call) -> Self {
        let message = "the server returned a page token for the second time, which would repeat pages without end";
        Self::new(ErrorKind::Server, name_of(call), message.to_owned())
            .with_hint("the pages so far are complete; start again later")
    }

    /// Returns the kind of the error.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }
    /// Returns the hint, which names the next step.
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }
    /// Returns the explanation of the refusal, if it is a known problem.
    pub fn diagnosis(&self) -> Option<&'static KnownProblem> {
        self.0.diagnosis
    }
    /// Returns what failed and why, without the hint.
    pub fn message(&self) -> &str {
        &self.0.message
    }
    /// Returns the name of the endpoint, or method and path of a raw call.
    pub fn endpoint(&self) -> &str {
        &self.0.endpoint
    }
    /// Returns the problems that the server reported.
    pub fn problems(&self) -> &[Problem] {
        &self.0.problems
    }
    /// Returns the raw response, if there was one.
    pub fn response(&self) -> Option<&RawResponse> {
        self.0.response.as_ref()
    }
    /// Returns the HTTP status of the response, if there was one.
    pub fn status_code(&self) -> Option<u16> {
        self.0.response.as_ref().map(|response| response.status.as_u16())
    }
    /// Returns the wait until the same call can succeed, by the clock of the server.
    pub fn retry_after(&self) -> Option<Duration> {
        match self.0.kind {
            ErrorKind::RateLimited | ErrorKind::Server => {
                self.0.wait.or_else(|| self.0.response.as_ref().and_then(RawResponse::retry_after))
            }
            _ => None,
        }
    }
    /// Returns the kind of the credential with which the server refused the call; `None` for other errors.
    pub fn sent_with(&self) -> Option<AuthKind> {
        self.0.sent_with
    }
    /// Returns the number of times the call was sent, which may be 0.
    pub fn attempts(&self) -> u32 {
        self.0.send_info.attempts
    }
    /// Returns the details of a write with an unknown outcome; `None` for other errors. [`ApiClient::confirm`] checks it.
    ///
    /// [`ApiClient::confirm`]: crate::ApiClient::confirm
    pub fn unknown_outcome(&self) -> Option<&UnknownOutcome> {
        self.0.unknown.as_ref()
    }
}

impl Call {
    /// Checks all values against the table.
    ///
    /// # Errors
    /// [`ErrorKind::Argument`] for the first parameter that is missing or invalid.
    pub fn check(&self) -> Result<(), Error> {
        self.find_invalid().map_err(|invalid| self.argument_error(&invalid))
    }

    /// Converts the call into HTTP, with the names of the dialect.
    ///
    /// # Errors
    /// [`ErrorKind::Argument`] if a path parameter has no value.
    pub fn to_http(&self, dialect: Dialect) -> Result<HttpParts, Error> {
        self.to_parts(dialect).map_err(|invalid| self.argument_error(&invalid))
    }

    fn argument_error(&self, invalid: &InvalidArgument) -> Error {
        Error::argument(self, &invalid.name, &invalid.reason)
    }
}

/// Maximum length of a problem in a message, in characters.
const MAX_PROBLEM: usize = 500;

const UNKNOWN: &str =
    "the write was sent and may have taken effect: check before you repeat it; an `Outbox` performs a write once";

fn status_hint(kind: ErrorKind, endpoint: Option<&Endpoint>) -> &'static str {
    match kind {
        ErrorKind::Unauthorized => "the token or the keys are invalid, expired or revoked: log in again",
        ErrorKind::Forbidden => "check the permissions of the app, the scopes of the token, and who may see or do this",
        ErrorKind::RateLimited => "wait for the time of `retry_after`, then call again",
        ErrorKind::UnknownOutcome => UNKNOWN,
        ErrorKind::Server => "the server has a problem; a read can be repeated later",
        ErrorKind::NotFound if endpoint.is_none() => "check the path, which belongs to no known endpoint",
        ErrorKind::NotFound => "check the ID or the name",
        ErrorKind::Refused => "correct the request as the message says, or the base URL",
        _ => "correct the request as the message says",
    }
}

fn name_of(call: &Call) -> String {
    match call.endpoint {
        Some(endpoint) => endpoint.id.to_owned(),
        None => format!("{} {}", call.method, call.path),
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.0.endpoint.is_empty() {
            write!(f, "{}: ", self.0.endpoint)?;
        }
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("endpoint", &self.0.endpoint)
            .field("message", &self.0.message)
            .field("hint", &self.0.hint)
            .field("source", &self.0.source)
            .finish_non_exhaustive()
    }
}

/// So that `PostId::try_from(n)?` works in a function that sends calls.
impl From<InvalidId> for Error {
    fn from(error: InvalidId) -> Self {
        Self::invalid_argument(error.to_string())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
