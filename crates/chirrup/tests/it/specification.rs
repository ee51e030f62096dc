//! The table against the specification, both ways: methods, paths, parameters, bounds, words, credentials, scopes.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::PathBuf;

use chirrup::auth::Scope;
use chirrup::facts::{Facts, OperationFacts, ParamFacts, ValueFacts};
use chirrup::model::{Dialect, ParamKind};
use chirrup::{AuthKind, Endpoint, ParamLocation, all};
use serde_json::Value as Json;

use crate::common::sandbox_and_client;

/// Returns the facts of a specification: `CHIRRUP_API_SPEC` if set, else a file next to the project.
pub(crate) fn specification(file: &str) -> Option<Json> {
    let given = std::env::var_os("CHIRRUP_API_SPEC").map(PathBuf::from);
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/spec").join(file);
    let path = given.unwrap_or(beside);
    match std::fs::read(&path) {
        Ok(text) => Some(serde_json::from_slice(&text).unwrap()),
        Err(_) => {
            let _ = writeln!(
                std::io::stderr(),
                "SKIPPED: {} is not there; set CHIRRUP_API_SPEC to the facts of the specification",
                path.display()
            );
            None
        }
    }
}

/// Returns a schema after resolving its references.
pub(crate) fn resolve<'s>(spec: &'s Json, schema: &'s Json) -> &'s Json {
    match schema["$ref"].as_str() {
        Some(name) => resolve(spec, &spec["schemas"][name.rsplit('/').next().unwrap()]),
        None => schema,
    }
}

/// Values that the table accepts although only an older specification or the documentation lists them.
const OLDER: [&str; 30] = [
    // Fields that became expansions.
    "author_id",
    "in_reply_to_user_id",
    "referenced_tweets",
    "edit_history_tweet_ids",
    "affiliation",
    "pinned_tweet_id",
    "most_recent_tweet_id",
    "owner_id",
    "creator_id",
    "host_ids",
    "invited_user_ids",
    "speaker_ids",
    "topic_ids",
    "sender_id",
    "participant_ids",
    "admin_ids",
    "member_ids",
    // Expansions that the newest specification no longer lists.
    "affiliation.user_id",
    "entities.note.mentions.username",
    "referenced_tweets.id.author_id",
    "referenced_tweets.id.attachments.media_keys",
    // An event that only the documentation has.
    "oauth.revoke",
    // Fields that have been renamed.
    "created_at_msec",
    "message_ttl_msec",
    "liked_tweet_author_id",
    "username",
    // Fields that the newest specification lists everywhere except in streams.
    "active_follower_count",
    "article_title",
    "subscriber_count",
    "subscribes_to_you",
];

fn words(value: &ValueFacts) -> BTreeSet<&str> {
    let canonical = |word| match Dialect::canonical(word) {
        "affiliation.user_id" => "affiliation",
        word => word,
    };
    value.words.iter().map(|word| canonical(word)).collect()
}

/// How the kind of a parameter differs from the values that the specification allows.
fn differs(value: &ValueFacts, kind: &ParamKind) -> Option<String> {
    let size = |n: usize| i64::try_from(n).ok();
    let bounds = value.bounds;
    match kind {
        ParamKind::Int { min, max } => {
            let wrong = bounds.min.is_some_and(|n| n != *min) || bounds.max.is_some_and(|n| n != *max);
            wrong.then(|| format!("{min}..={max} is not {value}"))
        }
        ParamKind::Text { min, max } if bounds.max.is_some() => {
            let wrong = bounds.min.unwrap_or(0) != size(*min).unwrap() || bounds.max != size(*max);
            wrong.then(|| format!("{min}..={max} characters are not {value}"))
        }
        ParamKind::List { of, max, .. } => {
            let wrong = value.list.and_then(|list| list.max).is_some_and(|n| size(*max) != Some(n));
            wrong.then(|| format!("{max} values are not {value}")).or_else(|| differs(value, of))
        }
        ParamKind::OneOf(ours) => {
            let theirs = words(value);
            if theirs.is_empty() {
                return None;
            }
            let ours: BTreeSet<&str> = ours.iter().map(|word| Dialect::canonical(word)).collect();
            let missing: Vec<_> = theirs.difference(&ours).filter(|word| **word != "affiliation").collect();
            let extra: Vec<_> = ours.difference(&theirs).filter(|word| !OLDER.contains(word)).collect();
            let listed = |what: &str, words: &[&&str]| match words {
                [] => String::new(),
                words => format!("{what} {words:?} "),
            };
            let text = listed("lacks", &missing) + &listed("adds", &extra);
            (!text.is_empty()).then(|| text.trim().to_owned())
        }
        _ => None,
    }
}

/// Name of a parameter in the table. The name of a file that is the whole body is ours.
fn named(param: &ParamFacts) -> &str {
    match (param.location, param.name.as_str()) {
        (ParamLocation::Body, "body") => "submission",
        (_, name) => Dialect::canonical(name),
    }
}

/// How an entry differs from its operation.
fn entry_differences(meta: &Endpoint, operation: &OperationFacts) -> Vec<String> {
    let mut found = Vec::new();
    for kind in [AuthKind::AppOnly, AuthKind::OAuth1, AuthKind::OAuth2] {
        if meta.auth.iter().any(|a| a.kind() == kind) != operation.auth.contains_key(kind.id()) {
            found.push(format!("auth {}", kind.id()));
        }
    }
    if meta.streaming != operation.streaming {
        found.push("streaming".to_owned());
    }
    let scopes: BTreeSet<&str> = operation.scopes().iter().map(String::as_str).collect();
    if scopes != meta.scopes().iter().copied().collect() {
        found.push(format!("scopes {:?} are not {scopes:?}", meta.scopes()));
    }
    for param in &operation.params {
        let (name, is_body) = (named(param), param.location == ParamLocation::Body);
        match meta.param(name) {
            None if is_body => found.push(format!("lacks {name} in the body")),
            None => found.push(format!("lacks {name}")),
            Some(ours) => {
                if ours.required != param.required {
                    found.push(format!("{name} required"));
                }
                found.extend(differs(&param.value, &ours.kind).map(|text| format!("{name}: {text}")));
            }
        }
    }
    for param in meta.params() {
        let is_body = param.location == ParamLocation::Body;
        let mut theirs = operation.params.iter().filter(|p| (p.location == ParamLocation::Body) == is_body);
        if !theirs.any(|p| named(p) == param.name) {
            found.push(format!("adds {}{}", param.name, if is_body { " to the body" } else { "" }));
        }
    }
    found
}

/// Returns every difference between the table and a specification, as `METHOD path: difference`.
fn differences(facts: &Facts) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for meta in all().filter(|m| m.version() == "2" && m.retired.is_none()) {
        let name = format!("{} {}", meta.method, meta.path);
        match facts.operation(meta.method, meta.path) {
            None => drop(found.insert(format!("{name}: is not in the specification"))),
            Some(operation) => {
                found.extend(entry_differences(meta, operation).into_iter().map(|text| format!("{name}: {text}")));
            }
        }
    }
    for operation in &facts.operations {
        if !all().any(|meta| operation.method == meta.method && operation.path == meta.path) {
            found.insert(format!("{} {}: is not in the table", operation.method, operation.path));
        }
    }
    found
}

/// Differences from the newest specification that are intended, and why.
const INTENDED: [(&str, &str); 9] = [
    // The length of a token belongs to the server.
    ("GET /2/tweets/search/stream/rules", "pagination_token"),
    // A chat ID has its own rule, which is stricter.
    ("POST /2/calls", "conversation_id"),
    // Earlier versions require these parameters.
    ("POST /2/chat/conversations/{id}/read", "adds seen_until_sequence_id"),
    ("POST /2/users/{id}/public_keys", "adds version"),
    ("POST /2/users/{id}/public_keys", "adds generate_version"),
    // Arguments of the methods, although a request may leave them out.
    ("POST /2/broadcasts/scheduled", "scheduled_end_ms required"),
    ("POST /2/users/{id}/bookmarks", "tweet_id required"),
    // Earlier versions do not require these parameters.
    ("POST /2/media/metadata", "metadata required"),
    ("POST /2/media/subtitles", "required"),
];

/// Parts of older specifications that the table does not contain, and the reason.
const NO_LONGER: [(&str, &str); 3] = [
    // The newest specification accepts neither.
    ("POST /2/media/upload", "media_type"),
    ("POST /2/media/upload", "shared"),
    // A webhook link no longer has fields.
    ("POST /2/tweets/search/webhooks/{webhook_id}", "lacks"),
];

fn unknown<'d>(found: &'d BTreeSet<String>, known: &[(&str, &str)]) -> Vec<&'d String> {
    let is_known =
        |text: &String| known.iter().any(|(path, what)| text.starts_with(&format!("{path}:")) && text.contains(what));
    found.iter().filter(|text| !is_known(text)).collect()
}

#[test]
fn the_endpoint_table_matches_the_specification() {
    let facts = Facts::known();
    assert!(facts.operations.len() >= 257);
    let found = differences(&facts);
    let left = unknown(&found, &INTENDED);
    assert!(left.is_empty(), "{left:#?}");
    let remains = |(path, what): &&(&str, &str)| {
        found.iter().any(|text| text.starts_with(&format!("{path}:")) && text.contains(what))
    };
    let gone: Vec<_> = INTENDED.iter().filter(|difference| !remains(difference)).collect();
    assert!(gone.is_empty(), "these are no longer differences; remove them from INTENDED: {gone:#?}");
}

#[test]
fn the_known_facts_are_those_of_the_newest_specification() {
    let Some(spec) = specification("x-api-v2.173.json") else { return };
    let newest = Facts::from_document(&spec).unwrap();
    let changes: Vec<String> = Facts::known().changes(&newest).iter().map(ToString::to_string).collect();
    assert!(changes.is_empty(), "renew the facts: {changes:#?}");
}

/// The table accepts every request of an older client.
#[test]
fn the_endpoint_table_accepts_the_older_specification() {
    if std::env::var_os("CHIRRUP_API_SPEC").is_some() {
        return;
    }
    for file in ["x-api-v2.166.json", "x-api-v2.json"] {
        let Some(spec) = specification(file) else { return };
        let found = differences(&Facts::from_document(&spec).unwrap());
        let lacking: BTreeSet<String> =
            found.into_iter().filter(|text| text.contains("lacks") || text.contains("not in the table")).collect();
        let left = unknown(&lacking, &NO_LONGER);
        assert!(left.is_empty(), "{file}: {left:#?}");
    }
}

#[tokio::test]
async fn the_sandbox_serves_the_specification_of_the_table() {
    let (sandbox, client) = sandbox_and_client();
    let spec = client.openapi().await.unwrap().data;
    assert_eq!(spec["paths"]["/2/users/{id}"]["get"]["operationId"], "get_user");
    let unauthenticated = chirrup::Client::builder().base_url(sandbox.url()).build().unwrap();
    assert!(unauthenticated.openapi().await.is_ok(), "it needs no credential");
}

#[test]
fn the_scopes_are_those_of_the_specification() {
    let Some(spec) = specification("x-api-v2.173.json") else { return };
    let theirs: BTreeSet<&str> = spec["oauth2"]["scopes"].as_array().unwrap().iter().filter_map(Json::as_str).collect();
    let ours: BTreeSet<&str> = Scope::ALL.iter().map(|scope| scope.as_str()).collect();
    assert_eq!(ours, theirs);
}
