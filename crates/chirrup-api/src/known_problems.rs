//! Explanations of refusals: what a response of X means, and what to do about it.
//!
//! X often answers with nothing more than "Forbidden". The table derives the probable cause from the endpoint, the kind
//! of credentials, the status and the body.

use chirrup_auth::AuthKind;
use chirrup_model::{Problem, ProblemKind};

use crate::call::Call;

/// Explanation of one kind of refusal.
#[derive(Debug)]
#[non_exhaustive]
pub struct KnownProblem {
    /// Identifier for programs, such as `missing-scope`.
    pub id: &'static str,
    /// Cause of the refusal, such as "the access token lacks a required scope".
    pub meaning: &'static str,
    /// Next step, in the imperative. The placeholders `{scopes}`, `{kinds}` and `{instead}` are filled in from the
    /// endpoint.
    pub remedy: &'static str,
    /// HTTP statuses of the responses that the explanation applies to.
    pub statuses: &'static [u16],
    endpoints: Endpoints,
    credential: Option<AuthKind>,
    patterns: &'static [Pattern],
}

/// Endpoints that an explanation applies to.
#[derive(Debug)]
enum Endpoints {
    All,
    Retired,
    /// Endpoints that require OAuth 2.0 scopes.
    Scoped,
    /// Endpoints with these IDs.
    Ids(&'static [&'static str]),
    /// `create_post` with this parameter.
    CreatePostWith(&'static str),
}

/// Pattern that a response body must match.
#[derive(Debug)]
enum Pattern {
    Any,
    /// A problem of this kind.
    Kind(ProblemKind),
    /// A problem with this `reason`.
    Reason(&'static str),
    /// A problem with this `connection_issue`.
    ConnectionIssue(&'static str),
    /// An error with one of these codes of v1.1.
    Code(&'static [i64]),
    /// A problem whose text contains this.
    Text(&'static str),
    /// A problem without a type whose whole text is "Forbidden".
    BareForbidden,
    /// A problem without a type and a code.
    Untyped,
}

macro_rules! known_problems {
    ($(
        $id:literal: $statuses:expr, $patterns:expr $(, on $endpoints:expr)? $(, by $credential:ident)?;
        $meaning:literal => $remedy:literal;
    )+) => {
        &[$(KnownProblem {
            id: $id,
            meaning: $meaning,
            remedy: $remedy,
            statuses: &$statuses,
            endpoints: known_problems!(@endpoints $($endpoints)?),
            credential: known_problems!(@credential $($credential)?),
            patterns: &$patterns,
        },)+]
    };
    (@endpoints) => { All };
    (@endpoints $endpoints:expr) => { $endpoints };
    (@credential) => { None };
    (@credential $credential:ident) => { Some(AuthKind::$credential) };
}

use Endpoints::{All, CreatePostWith, Ids, Retired, Scoped};
use Pattern::{Any, BareForbidden, Code, ConnectionIssue, Kind, Reason, Text, Untyped};

/// All known explanations of refusals. The first one that fits a response applies.
pub const KNOWN_PROBLEMS: &[KnownProblem] = known_problems! {
    "retired-endpoint": [403, 404, 410], [Any], on Retired;
        "X has retired this endpoint" => "{instead}";
    "unsupported-authentication": [403], [Kind(ProblemKind::UnsupportedAuthentication)];
        "the endpoint does not accept this kind of credentials" => "use {kinds}";
    "user-context-required": [403], [Code(&[220])];
        "the endpoint acts for a user, and the request was authenticated as the app"
        => "use credentials of a user; `chirrup login` creates them";
    "read-only-app": [403], [Kind(ProblemKind::OAuth1Permissions), Code(&[93, 261])];
        "the app lacks the permission to write or to use direct messages"
        => "change the app permissions in the developer console, then generate new access tokens: existing ones keep their old permissions";
    "client-not-enrolled": [403], [Reason("client-not-enrolled")];
        "the app does not belong to a project"
        => "add the app to a project in the developer console, and use the keys that it shows there";
    "user-not-enrolled": [403], [Reason("user-not-enrolled")];
        "the user of this token has no developer account"
        => "sign up as this user in the developer console, or use the token of another user";
    "official-client": [403], [Reason("official-client-forbidden")];
        "X does not accept the keys of its official apps here"
        => "create your own app in the developer console and use its keys";
    "access-level": [403], [Code(&[453])];
        "the plan does not include this endpoint"
        => "check the plan in the developer console; API v2 often has an equivalent endpoint";
    "invalid-signature": [401], [Code(&[32])];
        "the OAuth 1.0a signature is not valid"
        => "check that all four keys are complete and belong to the same app, and that the system clock is correct";
    "invalid-token": [401, 403], [Code(&[89])];
        "the access token has expired or was revoked" => "log in again";
    "clock-skew": [401], [Code(&[135])];
        "the system clock is wrong" => "synchronize the clock with NTP";
    "bad-authentication-data": [400], [Code(&[215])];
        "the request has no usable credentials"
        => "check for an empty or truncated key, and for a bearer token in place of OAuth 1.0a keys";
    "invalid-app-keys": [403], [Code(&[99])];
        "X does not accept the API key and secret of the app"
        => "check both, or regenerate them in the developer console";
    "callback-not-approved": [403], [Code(&[415])];
        "the callback URL is not registered for the app"
        => "add exactly the same URL to the app in the developer console, or log in with a PIN";
    "account-locked": [403], [Code(&[64, 326])];
        "the account is locked or suspended" => "log in at x.com with a browser and follow the instructions";
    "authorization-code-expired": [400], [Text("authorization code")];
        "the authorization code was already used, or is older than 30 seconds" => "start a new login";
    "invalid-refresh-token": [400, 401], [Text("Value passed for the token"), Text("invalid_grant")];
        "the refresh token has expired, or another process used it"
        => "log in again, and let all processes that share the login share one token file";
    "client-secret-required": [401], [Text("Missing valid authorization header")];
        "the app is a confidential client and must authenticate" => "provide the client secret of the app";
    "no-credits": [402], [Any];
        "the account has no credits left, or has reached its spending limit"
        => "buy credits or raise the spending limit in the developer console";
    "usage-cap": [429], [Kind(ProblemKind::UsageCapped)];
        "the plan's cap on posts is used up, which is not a rate limit"
        => "wait for the next billing period or upgrade the plan; retries do not help";
    "duplicate-post": [403], [Text("duplicate content"), Code(&[187])];
        "the account posted the same text recently" => "change the text";
    "self-serve-reply": [403], [Untyped], on CreatePostWith("reply");
        "self-serve plans allow replies only to authors who mentioned or quoted the user"
        => "reply to such a post; otherwise check who may reply to it, and that the token has the scopes {scopes}";
    "self-serve-quote": [403], [Untyped], on CreatePostWith("quote_tweet_id");
        "self-serve plans do not allow quotes since April 2026"
        => "upgrade to an enterprise plan; if the app has one, check that the token has the scopes {scopes}";
    "self-serve-action": [403], [Untyped], on Ids(&["follow", "like"]);
        "self-serve plans do not allow follows and likes since April 2026"
        => "upgrade to an enterprise plan; if the app has one, check that the token has the scopes {scopes}";
    "no-rules": [409], [Any], on Ids(&["filtered_stream"]);
        "the filtered stream has no rules"
        => "add a rule first, with `update_rules` or `chirrup rules add`";
    "too-many-connections": [429], [ConnectionIssue("TooManyConnections")];
        "the stream has the maximum number of connections that the plan allows"
        => "stop the other client, or close its connection with `close_connections`; `connections` lists all of them";
    "feature-not-permitted": [403], [Text("not permitted to access this feature")];
        "the account or its plan does not include this feature"
        => "check the plan in the developer console and the X Premium subscription of the account";
    "missing-scope": [403], [BareForbidden], on Scoped, by OAuth2;
        "the access token lacks a required scope" => "log in again and grant {scopes}";
};

impl KnownProblem {
    /// Returns the explanation of a refusal, if the table has one.
    pub(crate) fn of(call: &Call, status: u16, problems: &[Problem]) -> Option<&'static Self> {
        KNOWN_PROBLEMS.iter().find(|known| {
            known.statuses.contains(&status)
                && known.credential.is_none_or(|kind| call.sent_with == Some(kind))
                && known.endpoints.include(call)
                && known.patterns.iter().any(|pattern| pattern.matches(problems))
        })
    }

    /// Returns the cause and the next step for this call.
    pub(crate) fn hint(&self, call: &Call) -> String {
        let (scopes, kinds, instead) = match call.endpoint {
            Some(endpoint) => {
                let kinds: Vec<&str> = endpoint.auth.iter().map(|auth| auth.kind().name()).collect();
                (endpoint.scopes().join(" "), kinds.join(" or "), endpoint.retired.unwrap_or_default())
            }
            None => (
                "that the endpoint requires".to_owned(),
                "a kind that the endpoint accepts".to_owned(),
                "use another endpoint",
            ),
        };
        let remedy = self.remedy.replace("{scopes}", &scopes).replace("{kinds}", &kinds).replace("{instead}", instead);
        format!("{}; {remedy}", self.meaning)
    }
}

impl Endpoints {
    fn include(&self, call: &Call) -> bool {
        match (self, call.endpoint) {
            (All, _) => true,
            (_, None) => false,
            (Retired, Some(endpoint)) => endpoint.retired.is_some(),
            (Scoped, Some(endpoint)) => !endpoint.scopes().is_empty(),
            (Ids(ids), Some(endpoint)) => ids.contains(&endpoint.id),
            (CreatePostWith(name), Some(endpoint)) => endpoint.id == "create_post" && call.has(name),
        }
    }
}

impl Pattern {
    fn matches(&self, problems: &[Problem]) -> bool {
        let any = |test: &dyn Fn(&Problem) -> bool| problems.iter().any(test);
        match self {
            Any => true,
            Kind(kind) => any(&|p| p.kind() == *kind),
            Reason(reason) => any(&|p| p.more.get("reason").is_some_and(|found| found == reason)),
            ConnectionIssue(issue) => any(&|p| p.more.get("connection_issue").is_some_and(|found| found == issue)),
            Code(codes) => any(&|p| p.code.is_some_and(|code| codes.contains(&code))),
            Text(text) => any(&|p| p.text().contains(text)),
            BareForbidden => any(&|p| p.kind() == ProblemKind::Plain && p.text() == "Forbidden"),
            Untyped => any(&|p| p.kind() == ProblemKind::Plain && p.code.is_none()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_problem_is_complete_and_has_its_own_id() {
        let mut ids = Vec::new();
        for known in KNOWN_PROBLEMS {
            assert!(
                !known.meaning.is_empty() && !known.remedy.is_empty() && !known.statuses.is_empty(),
                "{}",
                known.id
            );
            assert!(known.id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", known.id);
            assert!(!ids.contains(&known.id), "{} appears twice", known.id);
            ids.push(known.id);
        }
    }

    #[test]
    fn every_endpoint_of_a_known_problem_is_in_the_table() {
        for known in KNOWN_PROBLEMS {
            let Ids(ids) = known.endpoints else { continue };
            for id in ids {
                assert!(crate::by_id(id).is_some(), "{}: there is no endpoint `{id}`", known.id);
            }
        }
    }
}
