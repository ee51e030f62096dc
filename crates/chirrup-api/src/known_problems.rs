//! What a refusal means: by endpoint, kind of credential and problem, what is missing and what to do about it.
//!
//! X often says no more than "Forbidden". This table says the rest, as far as the refusal lets it be known.

use chirrup_auth::AuthKind;
use chirrup_model::{Problem, ProblemKind};

use crate::call::Call;

/// One thing that a refusal can mean.
#[derive(Debug)]
#[non_exhaustive]
pub struct KnownProblem {
    /// Its name, for programs: `missing-scope`.
    pub id: &'static str,
    /// What is missing.
    pub missing: &'static str,
    /// What to do. `{scopes}`, `{kinds}` and `{instead}` stand for what the entry of the endpoint says.
    pub remedy: &'static str,
    /// The HTTP statuses with which it comes.
    pub statuses: &'static [u16],
    at: At,
    by: Option<AuthKind>,
    sign: Sign,
}

/// At which endpoints.
#[derive(Debug)]
enum At {
    All,
    /// Those that X has retired.
    Retired,
    /// Those that name scopes.
    Scoped,
    /// Those with this id in the table.
    Ids(&'static [&'static str]),
    /// A post that gives this in its body.
    PostWith(&'static str),
}

/// What shows it in the body.
#[derive(Debug)]
enum Sign {
    Nothing,
    /// A problem of this kind.
    Problem(ProblemKind),
    /// A problem with this `reason`.
    Reason(&'static str),
    /// A problem with this `connection_issue`.
    Issue(&'static str),
    /// An error with one of these numbers, as v1.1 has them.
    Code(&'static [i64]),
    /// A problem whose words hold these.
    Words(&'static str),
    /// A problem that says "Forbidden" and nothing else.
    Bare,
    /// No problem of a type of its own.
    Plain,
}

macro_rules! known_problems {
    ($($id:literal at $at:expr, by $by:expr, $statuses:expr, $sign:expr; $missing:literal => $remedy:literal;)+) => {
        &[$(KnownProblem {
            id: $id, missing: $missing, remedy: $remedy, statuses: &$statuses, at: $at, by: $by, sign: $sign,
        },)+]
    };
}

use At::{All, Ids, PostWith, Retired, Scoped};
use Sign::{Bare, Code, Issue, Nothing, Plain, Reason, Words};

/// Every lesson; where several fit, the first counts.
pub const KNOWN_PROBLEMS: &[KnownProblem] = known_problems! {
    "retired" at Retired, by None, [403, 404, 410], Nothing;
        "X has retired the endpoint" => "{instead}";
    "wrong-kind" at All, by None, [403], Sign::Problem(ProblemKind::UnsupportedAuthentication);
        "a credential of another kind"
        => "use {kinds}: give the client such a credential, or log in with `chirrup login`";
    "user-needed" at All, by None, [403], Code(&[220]);
        "a user" => "the app cannot do this for itself: log in as a user with `chirrup login`";
    "read-only-app" at All, by None, [403], Sign::Problem(ProblemKind::OAuth1Permissions);
        "permissions of the app"
        => "set the app to \"read and write\" (and Direct Messages) in the developer console, then make new tokens: old ones keep their old permissions";
    "read-only-app" at All, by None, [403], Code(&[93, 261]);
        "permissions of the app"
        => "set the app to \"read and write\" (and Direct Messages) in the developer console, then make new tokens: old ones keep their old permissions";
    "client-not-enrolled" at All, by None, [403], Reason("client-not-enrolled");
        "a project" => "put the app into a project in the developer console, and use the keys that it has there";
    "user-not-enrolled" at All, by None, [403], Reason("user-not-enrolled");
        "a developer account of the user"
        => "the user of this token has to enrol at the developer console, or another user's token has to be used";
    "official-client" at All, by None, [403], Reason("official-client-forbidden");
        "keys of your own" => "X keeps this from the keys of its own programs: make an app in the developer console";
    "access-level" at All, by None, [403], Code(&[453]);
        "a plan that holds this endpoint"
        => "see in the developer console what your plan holds; often an endpoint of API v2 does the same";
    "bad-signature" at All, by None, [401], Code(&[32]);
        "a signature that X accepts"
        => "check all four keys of OAuth 1.0a, that they belong together, and the clock of this machine";
    "bad-token" at All, by None, [401, 403], Code(&[89]);
        "a token that is worth something" => "it has expired or was taken back: log in again";
    "clock" at All, by None, [401], Code(&[135]);
        "the right time" => "the clock of this machine is off: set it by the network";
    "nothing-to-go-by" at All, by None, [400], Code(&[215]);
        "credentials that can be read"
        => "a key is empty or cut short, or OAuth 1.0a and a bearer token were mixed up: check what the client was given";
    "keys-of-app" at All, by None, [403], Code(&[99]);
        "the keys of the app" => "check key and secret of the app; new ones are made in the developer console";
    "callback" at All, by None, [403], Code(&[415]);
        "the callback in the settings of the app"
        => "add the address to the app in the developer console, letter by letter, or log in with a PIN";
    "account-locked" at All, by None, [403], Code(&[64, 326]);
        "an account in good standing" => "log in at x.com with a browser and do what it asks for";
    "code-spent" at All, by None, [400], Words("authorization code");
        "a fresh code" => "a code is good for 30 seconds and once: begin a new login";
    "refresh-spent" at All, by None, [400], Words("Value passed for the token");
        "a refresh token that is worth something"
        => "it has expired, or somebody else has used it: log in again, and let all who share it share one token file";
    "refresh-spent" at All, by None, [400, 401], Words("invalid_grant");
        "a refresh token that is worth something"
        => "it has expired, or somebody else has used it: log in again, and let all who share it share one token file";
    "confidential" at All, by None, [401], Words("Missing valid authorization header");
        "the secret of the app" => "the app is a confidential client: give its client secret, too";
    "credits" at All, by None, [402], Nothing;
        "credits" => "buy credits in the developer console, or raise the spending limit";
    "usage-cap" at All, by None, [429], Sign::Problem(ProblemKind::UsageCapped);
        "posts in the plan" => "this is no rate limit: the plan's amount is used up until its period ends, so do not retry";
    "duplicate" at All, by None, [403], Words("duplicate content");
        "something new to say" => "the same text was posted shortly before: change it";
    "duplicate" at All, by None, [403], Code(&[187]);
        "something new to say" => "the same text was posted shortly before: change it";
    "self-serve-reply" at PostWith("reply"), by None, [403], Plain;
        "leave to reply"
        => "on self-serve plans a reply is taken only if the author of the post mentioned or quoted you; else check who may reply, and the scopes {scopes}";
    "self-serve-quote" at PostWith("quote_tweet_id"), by None, [403], Plain;
        "leave to quote" => "since April 2026 self-serve plans cannot quote; with an enterprise plan, check the scopes {scopes}";
    "self-serve-action" at Ids(&["follow", "like"]), by None, [403], Plain;
        "leave to follow and like"
        => "since April 2026 self-serve plans cannot follow or like; with an enterprise plan, check the scopes {scopes}";
    "no-rules" at Ids(&["filtered_stream"]), by None, [409], Nothing;
        "rules" => "the stream delivers what its rules say, and there are none: add some with `update_rules`, or `chirrup rules add`";
    "too-many-connections" at All, by None, [429], Issue("TooManyConnections");
        "a free connection"
        => "another program reads this stream, or a connection has not ended yet: `connections` lists them, `close_connections` ends them";
    "feature" at All, by None, [403], Words("not permitted to access this feature");
        "a plan that holds this feature" => "see in the developer console, and at X Premium, what the account may do";
    "missing-scope" at Scoped, by Some(AuthKind::OAuth2), [403], Bare;
        "a scope" => "log in again and agree to {scopes}";
};

impl KnownProblem {
    /// What this refusal means, if the table knows.
    pub(crate) fn of(call: &Call, status: u16, problems: &[Problem]) -> Option<&'static Self> {
        KNOWN_PROBLEMS.iter().find(|diagnosis| {
            diagnosis.statuses.contains(&status)
                && diagnosis.by.is_none_or(|kind| call.used == Some(kind))
                && diagnosis.at.fits(call)
                && diagnosis.sign.shows(problems)
        })
    }

    /// What to do, in the case of this call.
    pub(crate) fn advice(&self, call: &Call) -> String {
        let Some(endpoint) = call.endpoint else {
            let vague = [
                ("{scopes}", "that this needs"),
                ("{kinds}", "a kind that it accepts"),
                ("{instead}", "look for another"),
            ];
            return vague.iter().fold(self.remedy.to_owned(), |text, (hole, word)| text.replace(hole, word));
        };
        let kinds: Vec<&str> = endpoint.auth.iter().map(|auth| auth.kind().name()).collect();
        self.remedy
            .replace("{scopes}", &endpoint.scopes().join(" "))
            .replace("{kinds}", &kinds.join(" or "))
            .replace("{instead}", endpoint.retired.unwrap_or_default())
    }
}

impl At {
    fn fits(&self, call: &Call) -> bool {
        let endpoint = call.endpoint;
        match self {
            All => true,
            Retired => endpoint.is_some_and(|endpoint| endpoint.retired.is_some()),
            Scoped => endpoint.is_some_and(|endpoint| !endpoint.scopes().is_empty()),
            Ids(ids) => endpoint.is_some_and(|endpoint| ids.contains(&endpoint.id)),
            PostWith(name) => endpoint.is_some_and(|endpoint| endpoint.id == "create_post") && call.has(name),
        }
    }
}

impl Sign {
    fn shows(&self, problems: &[Problem]) -> bool {
        let any = |test: &dyn Fn(&Problem) -> bool| problems.iter().any(test);
        match self {
            Nothing => true,
            Self::Problem(kind) => any(&|p| p.kind() == *kind),
            Reason(reason) => any(&|p| p.more.get("reason").is_some_and(|found| found == reason)),
            Issue(issue) => any(&|p| p.more.get("connection_issue").is_some_and(|found| found == issue)),
            Code(codes) => any(&|p| p.code.is_some_and(|code| codes.contains(&code))),
            Words(words) => any(&|p| p.text().contains(words)),
            Bare => any(&|p| p.kind() == ProblemKind::Plain && p.text() == "Forbidden"),
            Plain => any(&|p| p.kind() == ProblemKind::Plain && p.code.is_none()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lessons_can_be_told_apart_and_say_something() {
        for diagnosis in KNOWN_PROBLEMS {
            assert!(!diagnosis.missing.is_empty() && !diagnosis.remedy.is_empty() && !diagnosis.statuses.is_empty());
            assert!(diagnosis.id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", diagnosis.id);
        }
        for id in KNOWN_PROBLEMS.iter().flat_map(|diagnosis| match diagnosis.at {
            Ids(ids) => ids,
            _ => &[],
        }) {
            assert!(crate::by_id(id).is_some(), "{id} is in no table");
        }
    }
}
