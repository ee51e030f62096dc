//! `chirrup endpoints --against`: what another document of X adds, removes and changes.

use std::fs;

use chirrup::ParamLocation;
use chirrup::facts::{Facts, OperationFacts, ParamFacts};
use serde_json::{Map, Value as Json, json};

use crate::{ok, program, text};

const FIXTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../chirrup-api/tests/fixtures/openapi.json");

/// An OpenAPI document with these facts.
fn document(facts: &Facts) -> Json {
    let mut paths = Map::new();
    for operation in &facts.operations {
        let path = paths.entry(operation.path.clone()).or_insert_with(|| json!({}));
        path[operation.method.to_lowercase()] = described(operation);
    }
    let schemes = json!({
        "BearerToken": {"type": "http", "scheme": "bearer"},
        "OAuth2UserToken": {"type": "oauth2"},
        "UserToken": {"type": "http", "scheme": "OAuth"},
    });
    json!({"info": {"version": facts.version}, "paths": paths, "components": {"securitySchemes": schemes}})
}

fn described(operation: &OperationFacts) -> Json {
    let name = |kind: &str| match kind {
        "app_only" => "BearerToken",
        "oauth2" => "OAuth2UserToken",
        _ => "UserToken",
    };
    let is_body = |param: &&ParamFacts| param.location == ParamLocation::Body;
    let members: Vec<&ParamFacts> = operation.params.iter().filter(is_body).collect();
    let params = operation.params.iter().filter(|param| !is_body(param)).map(|param| {
        let place = if param.location == ParamLocation::Path { "path" } else { "query" };
        json!({"name": param.name, "in": place, "required": param.required, "schema": schema(param)})
    });
    let body = match members[..] {
        [file] if file.value.kind == "binary" => {
            json!({"required": file.required, "content": {"application/octet-stream": {"schema": {}}}})
        }
        _ => json!({"content": {"application/json": {"schema": {
            "properties": members.iter().map(|param| (param.name.clone(), schema(param))).collect::<Map<_, _>>(),
            "required": members.iter().filter(|param| param.required).map(|param| &param.name).collect::<Vec<_>>(),
        }}}}),
    };
    json!({
        "operationId": operation.id,
        "tags": [operation.area],
        "x-twitter-streaming": operation.streaming,
        "deprecated": operation.deprecated,
        "security": operation.auth.iter().map(|(kind, scopes)| json!({name(kind): scopes})).collect::<Vec<_>>(),
        "parameters": params.collect::<Vec<_>>(),
        "requestBody": body,
    })
}

fn schema(param: &ParamFacts) -> Json {
    let value = &param.value;
    let mut schema = match value.kind.as_str() {
        "" => json!({}),
        kind @ ("string" | "integer" | "number" | "boolean" | "object") => json!({"type": kind}),
        format => json!({"type": "string", "format": format}),
    };
    let is_text = schema["type"] == "string";
    let names = if is_text { ("minLength", "maxLength") } else { ("minimum", "maximum") };
    let mut set = |name: &str, value: Json| {
        if !value.is_null() {
            schema[name] = value;
        }
    };
    set(names.0, json!(value.bounds.min));
    set(names.1, json!(value.bounds.max));
    set("pattern", if value.pattern.is_empty() { Json::Null } else { json!(value.pattern) });
    set("enum", if value.words.is_empty() { Json::Null } else { json!(value.words) });
    match value.list {
        None => schema,
        Some(size) => json!({"type": "array", "minItems": size.min, "maxItems": size.max, "items": schema}),
    }
}

#[test]
fn a_document_with_the_known_facts_has_no_difference() {
    let folder = tempfile::tempdir().unwrap();
    let (file, facts) = (folder.path().join("openapi.json"), folder.path().join("facts.tsv"));
    fs::write(&file, document(&Facts::known()).to_string()).unwrap();
    let (file, facts) = (file.to_str().unwrap(), facts.to_str().unwrap());
    let shown = ok(&program(&["endpoints", "--against", file, "--write-facts", facts], &[]).output().unwrap());
    assert!(shown.contains("0 differences"), "{shown}");
    assert_eq!(fs::read_to_string(facts).unwrap(), include_str!("../../../chirrup-api/data/facts-v2.tsv"));
    let listed = ok(&program(&["endpoints", "--against", file, "--json"], &[]).output().unwrap());
    assert_eq!(serde_json::from_str::<Json>(&listed).unwrap(), json!([]));
}

#[test]
fn a_document_with_other_facts_ends_with_exit_code_1_and_a_list() {
    let mut newer = document(&Facts::known());
    newer["paths"]["/2/tweets/search/recent"]["get"]["parameters"]
        .as_array_mut()
        .unwrap()
        .push(json!({"name": "mood", "in": "query", "schema": {"type": "string", "enum": ["calm"]}}));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("openapi.json");
    fs::write(&file, newer.to_string()).unwrap();
    let output = program(&["endpoints", "--against", file.to_str().unwrap()], &[]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let added = "added GET /2/tweets/search/recent: parameter `mood`: query, optional, string [calm]";
    assert_eq!(text(&output.stdout).lines().next(), Some(added));
    assert!(text(&output.stderr).contains("--write-facts"), "{}", text(&output.stderr));

    let output = program(&["endpoints", "--against", FIXTURE, "--json"], &[]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let changes: Json = serde_json::from_str(&text(&output.stdout)).unwrap();
    let of = |kind: &str| changes.as_array().unwrap().iter().filter(|change| change["change"] == kind).count();
    assert_eq!((of("added"), of("removed"), of("changed")), (5, Facts::known().operations.len(), 0));
}

#[test]
fn a_file_that_is_no_document_is_rejected() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.json");
    let code = |content: &str| {
        fs::write(&file, content).unwrap();
        let output = program(&["endpoints", "--against", file.to_str().unwrap()], &[]).output().unwrap();
        (output.status.code(), text(&output.stderr))
    };
    let (status, message) = code("{}");
    assert!(status == Some(2) && message.contains("not an OpenAPI document"), "{message}");
    let (status, message) = code("paths:");
    assert!(status == Some(2) && message.contains("not JSON"), "{message}");
    let missing = program(&["endpoints", "--against", "/nowhere/openapi.json"], &[]).output().unwrap();
    assert_eq!(missing.status.code(), Some(10));
}
