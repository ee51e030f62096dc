//! Laws of the table, and its place in the sandbox and the specification.

use std::collections::BTreeSet;
use std::path::Path;

use chirrup::model::{Dialect, Kind};
use chirrup::{AuthKind, Call, Meta, ParamPlace, all, by_id, by_route, limits_for};
use serde_json::{Value as Json, json};

#[test]
fn every_entry_has_a_handler_a_doc_and_a_name_of_its_own() {
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

/// Paths for which X publishes no limit.
const UNLIMITED: [&str; 18] = [
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
];

#[test]
fn every_entry_has_a_limit_or_is_known_to_have_none() {
    for meta in all().filter(|meta| meta.retired.is_none()) {
        let known = UNLIMITED.iter().any(|path| meta.path.starts_with(path));
        assert!(known || limits_for(meta).next().is_some(), "{}", meta.id);
    }
}

/// Every entry is called by some test in this folder, over a socket.
#[test]
fn every_entry_is_called_by_a_test() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    let sources: String =
        std::fs::read_dir(here).unwrap().map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect();
    let missing: Vec<_> = all().map(|meta| meta.id).filter(|id| !sources.contains(&format!(".{id}("))).collect();
    assert!(missing.is_empty(), "no test calls {missing:?}");
}

#[test]
fn every_test_that_the_parity_list_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut sources = String::new();
    let mut folders = vec![root.join("crates")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                sources.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }
    let list = std::fs::read_to_string(root.join("docs/parity.md")).unwrap();
    let named: BTreeSet<&str> = list.lines().filter_map(|line| line.strip_prefix("| ✓ |")?.split('`').nth(3)).collect();
    assert!(named.len() > 20);
    for name in named {
        assert!(sources.contains(&format!("fn {name}(")), "there is no test {name}");
    }
}

/// A value that the kind accepts.
fn sample(kind: &Kind) -> Json {
    match kind {
        Kind::Id => json!("1234567890123456789"),
        Kind::Username => json!("ada_1"),
        Kind::Int { min, .. } => json!(min),
        Kind::Text { min, .. } => json!("ü &=%+#".repeat(1 + min / 7)),
        Kind::Time => json!("2026-01-31T12:00:00Z"),
        Kind::Bool => json!(true),
        Kind::OneOf(words) => json!(words[words.len() - 1]),
        Kind::List { of, min, .. } => Json::Array(vec![sample(of); (*min).max(1)]),
        Kind::Json => json!({"any": [1, "ü"]}),
        Kind::Object(members) => members.iter().map(|m| (m.name.to_owned(), sample(&m.kind))).collect(),
    }
}

fn round_trip(meta: &'static Meta, dialect: Dialect) {
    let mut call = Call::of(meta);
    let skip = |name: &str| ["since_id", "until_id"].contains(&name);
    for param in meta.params().filter(|p| !skip(p.name)) {
        let value = match param.kind {
            Kind::OneOf(_) if param.name.ends_with("fields") => continue,
            _ => sample(&param.kind),
        };
        call.set(param.name, param.place, Ok(value));
    }
    let parts = call.to_http(dialect).unwrap();
    let (path, query) = parts.target.split_once('?').unwrap_or((&parts.target, ""));
    let read = Call::from_http(meta, path, query, parts.content_type.unwrap_or_default(), &parts.body).unwrap();
    for param in meta.params() {
        assert_eq!(call.get(param.name), read.get(param.name), "{} {}", meta.id, param.name);
    }
}

#[test]
fn every_call_becomes_http_and_back_unchanged() {
    for meta in all() {
        round_trip(meta, Dialect::Tweet);
        if !meta.params().any(|p| p.name == "expansions") {
            round_trip(meta, Dialect::Post);
        }
    }
}

#[test]
fn every_number_refuses_what_lies_outside() {
    for param in all().flat_map(Meta::params) {
        if let Kind::Int { min, max } = param.kind {
            assert!(param.kind.check(&json!(min)).is_ok() && param.kind.check(&json!(max)).is_ok());
            assert!(max.checked_add(1).is_none_or(|more| param.kind.check(&json!(more)).is_err()));
            assert!(param.kind.check(&json!(min - 1)).is_err());
        }
    }
}

/// What the table has and the specification does not, each with its reason.
const KNOWN: [(&str, &str); 2] = [
    // The lengths of tokens belong to the server.
    ("followers", "pagination_token"),
    ("following", "pagination_token"),
];

fn bounds(schema: &Json, kind: &Kind) -> Option<String> {
    let number = |name: &str| schema[name].as_i64();
    let differ = match kind {
        Kind::Int { min, max } => {
            number("minimum").is_some_and(|n| n != *min) || number("maximum").is_some_and(|n| n != *max)
        }
        Kind::Text { min, max } if number("maxLength").is_some() => {
            number("minLength") != i64::try_from(*min).ok() || number("maxLength") != i64::try_from(*max).ok()
        }
        Kind::List { max, .. } => number("maxItems").is_some_and(|n| i64::try_from(*max) != Ok(n)),
        _ => false,
    };
    differ.then(|| format!("{kind:?} is not {schema}"))
}

#[test]
fn the_table_is_that_of_the_specification() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let given = std::env::var_os("CHIRRUP_API_SPEC").map(std::path::PathBuf::from);
    let file = given.unwrap_or_else(|| here.join("../../../shared/spec/x-api-v2.json"));
    let Ok(text) = std::fs::read(&file) else {
        eprintln!("SKIPPED: {} is not there; set CHIRRUP_API_SPEC to the facts of the specification", file.display());
        return;
    };
    let spec: Json = serde_json::from_slice(&text).unwrap();
    for meta in all().filter(|m| m.version() == "2" && m.retired.is_none()) {
        let operations = spec["operations"].as_array().unwrap();
        let found = operations.iter().find(|o| o["method"] == meta.method && o["path"] == meta.path);
        let operation = found.unwrap_or_else(|| panic!("{} is not in the specification", meta.id));
        let auth = |name: &str| operation["auth"].get(name).is_some();
        for (kind, name) in
            [(AuthKind::AppOnly, "app_only"), (AuthKind::OAuth1, "oauth1"), (AuthKind::OAuth2, "oauth2")]
        {
            assert_eq!(meta.auth.iter().any(|a| a.kind() == kind), auth(name), "{} {name}", meta.id);
        }
        let scopes: BTreeSet<&str> =
            operation["auth"]["oauth2"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
        assert_eq!(scopes, meta.scopes().iter().copied().collect(), "{}", meta.id);
        let listed = operation["parameters"].as_array().unwrap();
        for param in listed {
            let name = Dialect::canonical(param["name"].as_str().unwrap());
            let ours = meta.param(name).unwrap_or_else(|| panic!("{} lacks {name}", meta.id));
            assert_eq!(ours.required, param["required"] == true, "{} {name}", meta.id);
            if !KNOWN.contains(&(meta.id, name)) {
                if let Some(d) = bounds(&param["schema"], &ours.kind) {
                    eprintln!("DIFF {} {name} {d}", meta.id);
                }
            }
        }
        let theirs: BTreeSet<&str> = listed.iter().map(|p| Dialect::canonical(p["name"].as_str().unwrap())).collect();
        let ours: BTreeSet<&str> = meta.params().filter(|p| p.place != ParamPlace::Body).map(|p| p.name).collect();
        if ours != theirs {
            eprintln!("DIFF {} {ours:?} {theirs:?}", meta.id);
        }
        let body = &operation["body"]["content"]["application/json"]["$ref"];
        let members: BTreeSet<&str> = match body.as_str() {
            Some(name) => {
                let schema = &spec["schemas"][name.rsplit('/').next().unwrap()];
                schema["properties"].as_object().unwrap().keys().map(String::as_str).collect()
            }
            None => BTreeSet::new(),
        };
        let ours: BTreeSet<&str> = meta.params().filter(|p| p.place == ParamPlace::Body).map(|p| p.name).collect();
        if ours != members {
            eprintln!("DIFF {} body {ours:?} {members:?}", meta.id);
        }
    }
}
