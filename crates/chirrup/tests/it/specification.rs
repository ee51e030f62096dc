//! The table against the specification, both ways: methods, paths, parameters, bounds, words, credentials, scopes.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::PathBuf;

use chirrup::auth::Scope;
use chirrup::model::{Dialect, ParamKind};
use chirrup::{AuthKind, Endpoint, Param, ParamLocation, all};
use serde_json::Value as Json;

use crate::common::sandbox_and_client;

/// The facts of a specification: `CHIRRUP_API_SPEC` if set, else a file beside the project.
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

/// A schema, behind its references.
pub(crate) fn resolve<'s>(spec: &'s Json, schema: &'s Json) -> &'s Json {
    match schema["$ref"].as_str() {
        Some(name) => resolve(spec, &spec["schemas"][name.rsplit('/').next().unwrap()]),
        None => schema,
    }
}

/// Words that the table takes everywhere although only the older specification or the documentation has them.
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
    // Fields that got another name.
    "created_at_msec",
    "message_ttl_msec",
    "liked_tweet_author_id",
    "username",
    // Fields that the newest specification has everywhere but in streams.
    "active_follower_count",
    "article_title",
    "subscriber_count",
    "subscribes_to_you",
];

fn words(schema: &Json) -> Option<BTreeSet<&str>> {
    let canonical = |word| match Dialect::canonical(word) {
        "affiliation.user_id" => "affiliation",
        word => word,
    };
    Some(schema["enum"].as_array()?.iter().filter_map(Json::as_str).map(canonical).collect())
}

/// How the kind of a parameter differs from its schema.
fn differs(spec: &Json, schema: &Json, kind: &ParamKind) -> Option<String> {
    let schema = resolve(spec, schema);
    let number = |name: &str| schema[name].as_i64();
    let size = |n: usize| i64::try_from(n).ok();
    match kind {
        ParamKind::Int { min, max } => {
            let wrong = number("minimum").is_some_and(|n| n != *min) || number("maximum").is_some_and(|n| n != *max);
            wrong.then(|| format!("{min}..={max} is not {schema}"))
        }
        ParamKind::Text { min, max } if number("maxLength").is_some() => {
            let wrong = number("minLength").unwrap_or(0) != size(*min).unwrap() || number("maxLength") != size(*max);
            wrong.then(|| format!("{min}..={max} characters are not {schema}"))
        }
        ParamKind::List { of, max, .. } => {
            let wrong = number("maxItems").is_some_and(|n| size(*max) != Some(n));
            wrong.then(|| format!("{max} values are not {schema}")).or_else(|| differs(spec, &schema["items"], of))
        }
        ParamKind::OneOf(ours) => {
            let theirs = words(schema)?;
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

fn bodies<'s>(spec: &'s Json, operation: &'s Json) -> BTreeMap<&'s str, &'s Json> {
    let content = &operation["body"]["content"];
    if let file @ Json::Object(_) = &content["application/octet-stream"] {
        // The name of a file that is the whole body is ours.
        return BTreeMap::from([("submission", file)]);
    }
    let resolved = resolve(spec, &content["application/json"]);
    let members = resolved["properties"].as_object().into_iter().flatten();
    members.map(|(name, schema)| (name.as_str(), schema)).collect()
}

/// How an entry differs from its operation.
fn entry_differences(spec: &Json, meta: &Endpoint, operation: &Json) -> Vec<String> {
    let mut found = Vec::new();
    for (kind, name) in [(AuthKind::AppOnly, "app_only"), (AuthKind::OAuth1, "oauth1"), (AuthKind::OAuth2, "oauth2")] {
        if meta.auth.iter().any(|a| a.kind() == kind) != operation["auth"].get(name).is_some() {
            found.push(format!("auth {name}"));
        }
    }
    if meta.streaming != (operation["streaming"] == true) {
        found.push("streaming".to_owned());
    }
    let scopes: BTreeSet<&str> =
        operation["auth"]["oauth2"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
    if scopes != meta.scopes().iter().copied().collect() {
        found.push(format!("scopes {:?} are not {scopes:?}", meta.scopes()));
    }
    let parameters = operation["parameters"].as_array().unwrap();
    let named = |p: &Json| Dialect::canonical(p["name"].as_str().unwrap()).to_owned();
    for parameter in parameters {
        match meta.param(&named(parameter)) {
            None => found.push(format!("lacks {}", named(parameter))),
            Some(ours) => {
                if ours.required != (parameter["required"] == true) {
                    found.push(format!("{} required", named(parameter)));
                }
                let text = differs(spec, &parameter["schema"], &ours.kind);
                found.extend(text.map(|text| format!("{}: {text}", named(parameter))));
            }
        }
    }
    let members = bodies(spec, operation);
    let ours = |place: fn(&Param) -> bool| meta.params().filter(move |param| place(param));
    for param in ours(|p| p.location != ParamLocation::Body) {
        if !parameters.iter().any(|p| named(p) == param.name) {
            found.push(format!("adds {}", param.name));
        }
    }
    for param in ours(|p| p.location == ParamLocation::Body) {
        match members.get(param.name) {
            None => found.push(format!("adds {} to the body", param.name)),
            Some(schema) => {
                found.extend(differs(spec, schema, &param.kind).map(|text| format!("{}: {text}", param.name)))
            }
        }
    }
    let lacking = members.keys().filter(|name| meta.param(name).is_none());
    found.extend(lacking.map(|name| format!("lacks {name} in the body")));
    found
}

/// Every difference between the table and a specification, as `METHOD path: difference`.
fn differences(spec: &Json) -> BTreeSet<String> {
    let operations = spec["operations"].as_array().unwrap();
    let mut found = BTreeSet::new();
    let current = || all().filter(|m| m.version() == "2" && m.retired.is_none());
    let same = |meta: &Endpoint, operation: &Json| operation["method"] == meta.method && operation["path"] == meta.path;
    for meta in current() {
        let name = format!("{} {}", meta.method, meta.path);
        match operations.iter().find(|operation| same(meta, operation)) {
            None => drop(found.insert(format!("{name}: is not in the specification"))),
            Some(operation) => {
                found
                    .extend(entry_differences(spec, meta, operation).into_iter().map(|text| format!("{name}: {text}")));
            }
        }
    }
    for operation in operations {
        if !all().any(|meta| same(meta, operation)) {
            let text = |name: &str| operation[name].as_str().unwrap();
            found.insert(format!("{} {}: is not in the table", text("method"), text("path")));
        }
    }
    found
}

/// Differences from the newest specification that are intended, and why.
const INTENDED: [(&str, &str); 5] = [
    // The length of a token belongs to the server.
    ("GET /2/tweets/search/stream/rules", "pagination_token"),
    // A chat ID has its own rule, which is stricter.
    ("POST /2/calls", "conversation_id"),
    // Earlier versions require these parameters.
    ("POST /2/chat/conversations/{id}/read", "adds seen_until_sequence_id"),
    ("POST /2/users/{id}/public_keys", "adds version"),
    ("POST /2/users/{id}/public_keys", "adds generate_version"),
];

/// What older specifications have and the table has not, and why.
const NO_LONGER: [(&str, &str); 3] = [
    // The newest specification takes neither.
    ("POST /2/media/upload", "media_type"),
    ("POST /2/media/upload", "shared"),
    // A link to a webhook has no fields of its own any more.
    ("POST /2/tweets/search/webhooks/{webhook_id}", "lacks"),
];

fn unknown<'d>(found: &'d BTreeSet<String>, known: &[(&str, &str)]) -> Vec<&'d String> {
    let is_known =
        |text: &String| known.iter().any(|(path, what)| text.starts_with(&format!("{path}:")) && text.contains(what));
    found.iter().filter(|text| !is_known(text)).collect()
}

#[test]
fn the_endpoint_table_matches_the_specification() {
    let Some(spec) = specification("x-api-v2.173.json") else { return };
    let found = differences(&spec);
    let left = unknown(&found, &INTENDED);
    assert!(left.is_empty(), "{left:#?}");
    let remains = |(path, what): &&(&str, &str)| {
        found.iter().any(|text| text.starts_with(&format!("{path}:")) && text.contains(what))
    };
    let gone: Vec<_> = INTENDED.iter().filter(|difference| !remains(difference)).collect();
    assert!(gone.is_empty(), "these are no longer differences; remove them from INTENDED: {gone:#?}");
}

/// Whatever an older client may send, the table takes.
#[test]
fn the_endpoint_table_accepts_the_older_specification() {
    if std::env::var_os("CHIRRUP_API_SPEC").is_some() {
        return;
    }
    for file in ["x-api-v2.166.json", "x-api-v2.json"] {
        let Some(spec) = specification(file) else { return };
        let found = differences(&spec);
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
