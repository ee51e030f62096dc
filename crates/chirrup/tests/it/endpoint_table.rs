//! Invariants of the endpoint table, and its consistency with the sandbox and the specification.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;

use chirrup::model::{Dialect, ParamKind};
use chirrup::{Call, Endpoint, all, by_id, by_route};
use serde_json::{Value as Json, json};

#[test]
fn every_endpoint_has_a_handler_documentation_and_a_unique_name() {
    let mut names = BTreeSet::new();
    for meta in all() {
        assert!(names.insert(meta.id), "{} twice", meta.id);
        assert!(chirrup_sandbox::is_served(meta), "{} has no handler", meta.id);
        assert!(meta.doc.trim().ends_with('.'), "{}", meta.id);
        assert_eq!(by_id(meta.id), Some(meta));
        assert_eq!(by_route(meta.method, meta.path).map(|m| m.id), Some(meta.id));
        for param in meta.params().filter(|p| !p.required) {
            assert!(!param.doc.is_empty(), "{} {}", meta.id, param.name);
        }
    }
    assert!(names.len() >= 25);
}

/// Paths without a published rate limit.
const UNLIMITED: [&str; 35] = [
    "/2/account",
    "/2/bots",
    "/2/compliance/jobs/{id}",
    "/2/usage/credits",
    "/2/users/me/follow",
    "/2/lists/{id}/followers",
    "/2/users/{id}/followed_lists",
    "/2/users/{id}/affiliates",
    "/2/users/{id}/bookmarks/folders",
    "/2/users/public_keys",
    "/2/users/{id}/public_keys",
    "/2/openapi.json",
    "/2/broadcasts",
    "/2/articles",
    "/2/chat",
    "/2/dm_conversations/media",
    "/2/media",
    "/2/notes",
    "/2/tweets/search/stream/rules/counts",
    "/2/tweets/search/webhooks",
    "/2/connections",
    "/2/activity/subscriptions",
    "/2/account_activity",
    "/2/activity/stream",
    "/2/likes",
    "/2/tweets/sample",
    "/2/tweets/firehose",
    "/2/tweets/label",
    "/2/tweets/compliance",
    "/2/users/compliance",
    "/2/calls",
    "/2/region",
    "/2/sources",
    "/2/users/{id}/broadcasts",
    "/2/users/{id}/sources",
];

#[test]
fn every_endpoint_has_a_rate_limit_or_is_listed_without_one() {
    for meta in all().filter(|meta| meta.retired.is_none()) {
        // Writes of v1.1 and endpoints that X no longer documents have none.
        let known = meta.is_v1() || UNLIMITED.iter().any(|path| meta.path.starts_with(path));
        assert!(known || meta.documented_limits().next().is_some(), "{}", meta.id);
    }
}

/// Checks that a test in this folder calls every entry over a socket.
#[test]
fn every_endpoint_is_called_by_a_test() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    let files = std::fs::read_dir(here).unwrap().map(|file| file.unwrap().path()).filter(|path| path.is_file());
    let sources: String = files.map(|file| std::fs::read_to_string(file).unwrap()).collect();
    // Methods of v1.1 are called on `v1`, which may be a variable.
    let called = |id: &str| match id.strip_prefix("v1.") {
        Some(id) => {
            [".v1()", "v1", "v1\n        ", "ada", "robin"].iter().any(|by| sources.contains(&format!("{by}.{id}(")))
        }
        None => sources.contains(&format!(".{id}(")),
    };
    let missing: Vec<_> = all().map(|meta| meta.id).filter(|id| !called(id)).collect();
    assert!(missing.is_empty(), "no test calls {missing:?}");
}

/// Returns a value that the kind accepts.
fn sample(kind: &ParamKind) -> Json {
    match kind {
        ParamKind::Id => json!("1234567890123456789"),
        ParamKind::Username => json!("ada_1"),
        ParamKind::Int { min, .. } => json!(min),
        ParamKind::Text { min, max } => {
            json!("ü &=%+#".repeat(1 + min / 7).chars().take((*max).min(7.max(*min))).collect::<String>())
        }
        ParamKind::Time => json!("2026-01-31T12:00:00Z"),
        ParamKind::Bool => json!(true),
        ParamKind::OneOf(words) => json!(words[words.len() - 1]),
        ParamKind::List { of, min, .. } => Json::Array(vec![sample(of); (*min).max(1)]),
        ParamKind::Json => json!({"any": [1, "ü"]}),
        ParamKind::File => json!("1\n2\n"),
        ParamKind::Object(members) => members.iter().map(|m| (m.name.to_owned(), sample(&m.kind))).collect(),
        other => panic!("there is no sample of {other:?}"),
    }
}

fn round_trip(meta: &'static Endpoint, dialect: Dialect) {
    let mut call = Call::of(meta);
    let skip = |name: &str| ["since_id", "until_id"].contains(&name);
    for param in meta.params().filter(|p| !skip(p.name)) {
        let value = match param.kind {
            ParamKind::OneOf(_) if param.name.ends_with("fields") => continue,
            _ => sample(&param.kind),
        };
        call.set(param.name, param.location, Ok(value));
    }
    let parts = call.to_http(dialect).unwrap();
    let (path, query) = parts.target.split_once('?').unwrap_or((&parts.target, ""));
    let read =
        Call::from_http(meta, path, query, parts.content_type.as_deref().unwrap_or_default(), &parts.body).unwrap();
    for param in meta.params() {
        assert_eq!(call.get(param.name), read.get(param.name), "{} {}", meta.id, param.name);
    }
}

#[test]
fn every_call_survives_a_round_trip_through_http() {
    for meta in all() {
        round_trip(meta, Dialect::Tweet);
        if !meta.params().any(|p| p.name == "expansions") {
            round_trip(meta, Dialect::Post);
        }
    }
}

#[test]
fn every_integer_parameter_rejects_values_out_of_range() {
    for param in all().flat_map(Endpoint::params) {
        if let ParamKind::Int { min, max } = param.kind {
            assert!(param.kind.check(&json!(min)).is_ok() && param.kind.check(&json!(max)).is_ok());
            assert!(max.checked_add(1).is_none_or(|more| param.kind.check(&json!(more)).is_err()));
            assert!(param.kind.check(&json!(min - 1)).is_err());
        }
    }
}

/// A search in the documentation for a name of Tweepy finds the method.
#[test]
fn every_tweepy_method_name_finds_an_endpoint() {
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/parity/seeds.tsv");
    let Ok(list) = std::fs::read_to_string(&list) else {
        let _ = writeln!(std::io::stderr(), "SKIPPED: {} is not there", list.display());
        return;
    };
    let plain = |path: &str| -> String {
        path.split('/').map(|part| if part.starts_with([':', '{']) { "*" } else { part }).collect::<Vec<_>>().join("/")
    };
    let (mut checked, mut missing) = (0, Vec::new());
    for row in list.lines().map(|line| line.split('\t').collect::<Vec<_>>()) {
        let [id, _, "method", name, method, path, ..] = row[..] else { continue };
        if !id.starts_with("tweepy") || !path.starts_with("/2/") {
            continue;
        }
        let name =
            name.split(['.', '(']).find(|part| part.contains('_') || part.starts_with(char::is_lowercase)).unwrap();
        let entry = all().find(|meta| meta.method == method && plain(meta.path) == plain(path));
        let entry = entry.unwrap_or_else(|| panic!("{id}: {method} {path} is not in the table"));
        if entry.id != name && !entry.aliases.contains(&name) {
            missing.push(format!("{} is not found by `{name}`", entry.id));
        }
        checked += 1;
    }
    assert!(missing.is_empty(), "{missing:#?}");
    assert!(checked > 60, "{checked}");
}
