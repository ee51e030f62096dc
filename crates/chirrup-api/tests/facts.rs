//! Facts of OpenAPI documents: they are read, written as lines and compared.
#![allow(clippy::expect_used, clippy::panic, reason = "a failed test panics")]

use chirrup_api::facts::{ChangeKind, Facts};
use serde_json::{Value as Json, json};

const DOCUMENT: &str = include_str!("fixtures/openapi.json");

fn document() -> Json {
    serde_json::from_str(DOCUMENT).expect("the fixture is JSON")
}

fn facts(document: &Json) -> Facts {
    Facts::from_document(document).expect("the document has operations")
}

/// Lines of the operations and parameters, without the header.
fn lines(facts: &Facts) -> Vec<String> {
    facts.to_lines().lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
}

#[test]
fn operations_and_parameters_are_read_from_an_openapi_document() {
    let expected = [
        "version\t3.1",
        "POST\t/2/crabs\tcreateCrab\tCrabs\toauth2:crab.write",
        "\tbody\tclaws\t\tstring\t..2\t..20",
        "\tbody\thome\t\tstring\t\t\t^[0-9]{1,19}$",
        "\tbody\tlegs\t\tinteger\t\t..10",
        "\tbody\tname\trequired\tstring\t\t1..50",
        "\tbody\tparent\t\tobject",
        "GET\t/2/crabs/stream\tstreamCrabs\tCrabs\tapp_only\tstreaming",
        "DELETE\t/2/crabs/{id}\tdeleteCrab\tCrabs\toauth1\tdeprecated",
        "\tpath\tid\trequired\tstring\t\t\t^[0-9]{1,19}$",
        "GET\t/2/crabs/{id}\tgetCrab\tCrabs\tapp_only oauth1 oauth2:crab.read,users.read",
        "\tpath\tid\trequired\tstring\t\t\t^[0-9]{1,19}$",
        "\tquery\tcrab.fields\t\tstring\t1..\t\t\tclaws,id,name",
        "\tquery\tmax_results\t\tinteger\t\t1..100",
        "\tquery\tsince\trequired\tdate-time",
        "PUT\t/2/crabs/{id}/photo\tputPhoto\tCrabs",
        "\tpath\tid\trequired\tstring\t\t\t^[0-9]{1,19}$",
        "\tbody\tbody\trequired\tbinary",
    ];
    assert_eq!(lines(&facts(&document())), expected);
}

#[test]
fn facts_are_read_from_the_lines_that_they_are_written_to() {
    let mut document = document();
    document["paths"]["/2/crabs/{id}"]["get"]["parameters"][0]["schema"] =
        json!({"type": "array", "items": {"type": "string", "enum": ["a,b", "=c", "100%2C", "d"]}});
    let written = facts(&document);
    assert_eq!(Facts::from_lines(&written.to_lines()), Ok(written));
    assert_eq!(Facts::from_lines(&Facts::known().to_lines()), Ok(Facts::known()));
}

#[test]
fn the_file_of_known_facts_is_as_it_would_be_written() {
    let file = include_str!("../data/facts-v2.tsv");
    assert_eq!(Facts::from_lines(file).expect("the file is valid").to_lines(), file);
    assert!(Facts::known().operations.len() >= 257);
}

#[test]
fn invalid_lines_are_rejected_with_their_number() {
    let reason = |text: &str| Facts::from_lines(text).expect_err("invalid").to_string();
    assert_eq!(reason("version\t1\n\tpath\tid\n"), "line 2: a parameter without an operation");
    assert_eq!(reason("GET\t/2/a\n\theader\tid\n"), "line 2: the place is not path, query or body");
    assert_eq!(reason("GET\t/2/a\n\tpath\tid\t\tstring\tmany\n"), "line 2: the size of the list is not MIN..MAX");
    assert_eq!(reason("GET\t/2/a\n\tpath\tid\t\tstring\t\t5\n"), "line 2: the bounds are not MIN..MAX");
    assert_eq!(reason("GET\t/2/a\n\tpath\tid\t\tstring\t\t\t\t=x\n"), "line 2: the list of words is missing");
    let error = Facts::from_document(&json!({"paths": 3})).expect_err("no paths");
    assert_eq!(error.to_string(), "not an OpenAPI document: it has no member `paths`");
}

#[test]
fn additions_removals_and_changes_are_described() {
    let old = document();
    let mut new = document();
    let get = &mut new["paths"]["/2/crabs/{id}"]["get"];
    get["parameters"][1]["schema"]["maximum"] = json!(500);
    get["parameters"][2] = json!({"name": "until", "in": "query", "schema": {"type": "boolean"}});
    get["security"] = json!([{"BearerToken": []}]);
    new["components"]["schemas"]["CrabFields"]["items"]["enum"] = json!(["name", "id", "color"]);
    let paths = new["paths"].as_object_mut().expect("paths");
    paths.remove("/2/crabs/{id}/photo");
    paths.insert("/2/moons".to_owned(), json!({"get": {"operationId": "getMoons"}}));
    let changes = facts(&old).changes(&facts(&new));
    let expected = [
        "changed GET /2/crabs/{id}: authentication was app_only or oauth1 or oauth2 (crab.read, users.read), is app_only",
        "changed GET /2/crabs/{id}: parameter `crab.fields`: adds color; removes claws",
        "changed GET /2/crabs/{id}: parameter `max_results`: was query, optional, integer 1..100, is query, optional, \
         integer 1..500",
        "added GET /2/crabs/{id}: parameter `until`: query, optional, boolean",
        "removed GET /2/crabs/{id}: parameter `since`: query, required, date-time",
        "removed PUT /2/crabs/{id}/photo: putPhoto",
        "added GET /2/moons: getMoons",
    ];
    assert_eq!(changes.iter().map(ToString::to_string).collect::<Vec<_>>(), expected);
    assert_eq!(changes[0].kind, ChangeKind::Changed);
    assert!(facts(&old).changes(&facts(&old)).is_empty());
}

#[test]
fn references_in_a_circle_end() {
    let mut document = document();
    document["paths"]["/2/crabs"]["post"]["requestBody"] =
        json!({"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Circle"}}}});
    document["components"]["schemas"]["Wide"] =
        json!({"properties": {"a": {}}, "allOf": [{"$ref": "#/components/schemas/Wide"}]});
    document["paths"]["/2/crabs/{id}/photo"]["put"]["requestBody"] =
        json!({"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Wide"}}}});
    let facts = facts(&document);
    assert!(facts.operation("POST", "/2/crabs").expect("the operation").params.is_empty());
    assert!(facts.operation("PUT", "/2/crabs/{id}/photo").expect("the operation").param("a").is_some());
}
