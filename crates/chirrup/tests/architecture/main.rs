//! The rules of `ARCHITECTURE.md` that a program can check: no circles between modules, no crate that depends upward,
//! and no endpoint ID outside of the table.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails where a file is missing")]

mod graph;
mod source;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use graph::{Imports, circles, describe, imports, modules, rust_files};
use source::{Kind, paths, tokens};

/// Imports between types that contain each other, as they do on the wire: crate, importing and imported module.
const MUTUAL_TYPES: &[(&str, &str, &str)] = &[
    // A status has an author, and a user has a latest status.
    ("chirrup-model", "v1::user", "v1::status"),
];

/// The crates in the order of `ARCHITECTURE.md`, from the lowest to the highest.
fn crates() -> Vec<String> {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    let names: Vec<String> = rows.map(|(name, _)| name.to_owned()).filter(|name| name.starts_with("chirrup")).collect();
    let folders = fs::read_dir(root().join("crates")).unwrap();
    let folders: BTreeSet<String> =
        folders.map(|folder| folder.unwrap().file_name().to_string_lossy().into_owned()).collect();
    assert_eq!(names.iter().cloned().collect::<BTreeSet<_>>(), folders, "ARCHITECTURE.md lists all crates");
    names
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn src(name: &str) -> PathBuf {
    root().join("crates").join(name).join("src")
}

/// The imports of a crate, without those of [`MUTUAL_TYPES`].
fn checked_imports(name: &str) -> Imports {
    let mut imports = imports(&modules(&src(name)));
    for (_, from, to) in MUTUAL_TYPES.iter().filter(|(listed, ..)| *listed == name) {
        let removed = imports.get_mut(*from).and_then(|targets| targets.remove(*to));
        assert!(removed.is_some(), "{name}: {from} does not import {to}: remove the line from MUTUAL_TYPES");
    }
    imports
}

#[test]
fn modules_do_not_import_each_other_in_circles() {
    let mut faults = Vec::new();
    for name in crates() {
        let imports = checked_imports(&name);
        let circles = circles(&imports);
        // All modules of a circle lead to the same circle.
        let distinct: BTreeMap<BTreeSet<&String>, &Vec<String>> =
            circles.values().map(|circle| (circle.iter().collect(), circle)).collect();
        faults.extend(distinct.values().map(|circle| format!("{name}:\n{}", describe(circle, &imports))));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The crates of this project that a crate depends on, without those of its tests.
fn dependencies(name: &str) -> BTreeSet<String> {
    let manifest = fs::read_to_string(root().join("crates").join(name).join("Cargo.toml")).unwrap();
    let (_, rest) = manifest.split_once("\n[dependencies]\n").unwrap_or_default();
    let section = rest.split("\n[").next().unwrap_or_default();
    let keys = section.lines().filter_map(|line| line.split(['.', ' ', '=']).next());
    keys.filter(|key| key.starts_with("chirrup")).map(str::to_owned).collect()
}

#[test]
fn crates_depend_only_on_crates_above_them_in_the_list() {
    let crates = crates();
    for (n, name) in crates.iter().enumerate() {
        for dependency in dependencies(name) {
            assert!(crates[..n].contains(&dependency), "{name} depends on {dependency}, which is below it in the list");
        }
    }
    assert!(dependencies("chirrup").len() > 5 && dependencies("chirrup-cli").contains("chirrup"));
    assert!(!dependencies("chirrup-sandbox").contains("chirrup-http"), "the sandbox does not know the client");
    assert!(!dependencies("chirrup-http").contains("chirrup-sandbox"), "the client does not know the sandbox");
}

/// Returns whether a file may name endpoints by their IDs: those that declare the table.
fn is_table(path: &Path) -> bool {
    let path = path.to_string_lossy();
    ["table", "v1", "v2"].iter().any(|module| {
        path.contains(&format!("/chirrup-api/src/{module}/"))
            || path.ends_with(&format!("/chirrup-api/src/{module}.rs"))
    })
}

/// IDs of endpoints as string literals in the sources of a crate.
fn endpoint_strings(name: &str, ids: &BTreeSet<&str>) -> Vec<String> {
    let mut found = Vec::new();
    for path in rust_files(&src(name)).into_iter().filter(|path| !is_table(path)) {
        let shown = path.strip_prefix(src(name)).unwrap().display().to_string();
        for token in tokens(&fs::read_to_string(&path).unwrap()) {
            if token.kind == Kind::Text && ids.contains(token.text.as_str()) {
                found.push(format!("{name}/src/{shown}:{}: \"{}\"", token.line, token.text));
            }
        }
    }
    found
}

#[test]
fn endpoints_are_named_by_their_constants() {
    // An ID such as `like` or `public_key` is also a word that the API sends.
    let ids = chirrup::all().map(|endpoint| endpoint.id).filter(|id| id.contains(['_', '.']) && *id != "public_key");
    let ids: BTreeSet<&str> = ids.collect();
    assert!(ids.len() > 100);
    // The crates below the table cannot name endpoints; their words are those of the API.
    let above = crates().into_iter().skip_while(|name| name != "chirrup-api");
    let found: Vec<String> = above.flat_map(|name| endpoint_strings(&name, &ids)).collect();
    assert!(found.is_empty(), "endpoint IDs as strings:\n{}", found.join("\n"));
}

/// Endpoints with a type of their own: names that belong to them, and the files that CONTRIBUTING.md lists.
const COMPLETE_ENDPOINTS: [(&[&str], [&str; 3]); 3] = [
    (
        &["News", "NewsField", "GetNews", "SearchNews", "get_news", "search_news"],
        ["chirrup-model/src/news.rs", "chirrup-api/src/v2/news.rs", "chirrup-sandbox/src/handlers/news.rs"],
    ),
    (
        &["PersonalizedTrend", "PersonalizedTrendField", "PersonalizedTrends", "personalized_trends"],
        ["chirrup-model/src/trend.rs", "chirrup-api/src/v2/trends.rs", "chirrup-sandbox/src/handlers/trends.rs"],
    ),
    (
        &["ComplianceJob", "JobField", "GetComplianceJob", "get_compliance_job"],
        [
            "chirrup-model/src/compliance.rs",
            "chirrup-api/src/v2/compliance.rs",
            "chirrup-sandbox/src/handlers/compliance.rs",
        ],
    ),
];

#[test]
fn an_endpoint_is_in_its_model_its_entry_and_its_handler_alone() {
    let sources: Vec<(String, Vec<String>)> = crates()
        .iter()
        .flat_map(|name| rust_files(&src(name)))
        .map(|path| {
            let tokens = tokens(&fs::read_to_string(&path).unwrap()).into_iter();
            let names = tokens.filter(|token| token.kind == Kind::Name).map(|token| token.text).collect();
            (path.strip_prefix(root().join("crates")).unwrap().display().to_string(), names)
        })
        .collect();
    for (names, files) in COMPLETE_ENDPOINTS {
        let found = sources.iter().filter(|(_, used)| used.iter().any(|name| names.contains(&name.as_str())));
        // A row of the table of commands gives an endpoint a command of its own.
        let found = found.map(|(path, _)| path.as_str()).filter(|path| *path != "chirrup-cli/src/verbs/table.rs");
        let found: BTreeSet<&str> = found.collect();
        assert_eq!(found, files.into_iter().collect(), "{names:?}");
    }
}

#[test]
fn paths_are_read_from_sources() {
    let source = r##"
        //! crate::comment::A
        use crate::time::{Clock, zone::{self, Zone as Z}};
        pub use child::*;
        /* super::x::Y */
        #[serde(with = "crate::format::date")]
        fn a<'a>(x: &'a str) { super::b::run::<u8>(r#"crate::"raw"#, '"', 'x'); $crate::macro_path!(); }
        mod inner { use super::Own; fn f() { super::super::up::g() } }
        #[cfg(test)]
        mod tests { use crate::only::in_tests; }
        fn last() { crate::after::tests() }
    "##;
    let found: Vec<String> = paths(&tokens(source)).iter().map(|path| path.names.join("::")).collect();
    let expected = [
        "crate::time::Clock",
        "crate::time::zone",
        "crate::time::zone::Zone",
        "child::*",
        "crate::format::date",
        "super::b::run",
        "super::up::g",
        "crate::after::tests",
    ];
    assert_eq!(found, expected);
}

#[test]
fn circles_are_found_and_described() {
    let sources = [
        ("", "mod a; mod b; mod c; pub use a::A;"),
        ("a", "use crate::b::B; pub struct A;"),
        ("b", "use super::c::C; pub struct B;"),
        ("c", "fn f() -> crate::a::A { d::make() }"),
        ("c::d", "pub fn make() {}"),
    ];
    let modules = |sources: &[(&str, &str)]| {
        sources.iter().map(|(name, text)| ((*name).to_owned(), (PathBuf::new(), tokens(text)))).collect()
    };
    let found = imports(&modules(&sources));
    let circles = circles(&found);
    assert_eq!(circles.keys().collect::<Vec<_>>(), ["a", "b", "c"]);
    let expected =
        "  a imports b, line 1: crate::b::B\n  b imports c, line 1: super::c::C\n  c imports a, line 1: crate::a::A";
    assert_eq!(describe(&circles["a"], &found), expected);
    let acyclic =
        imports(&modules(&[sources[0], sources[1], ("b", "pub struct B; fn f() { c::run() }"), ("b::c", "")]));
    assert_eq!(acyclic["b"].keys().collect::<Vec<_>>(), ["b::c"]);
    assert!(graph::circles(&acyclic).is_empty());
    // An import through the parent closes a circle, because the parent re-exports its children.
    let through_parent = imports(&modules(&[("", "mod a; pub use a::A;"), ("a", "fn f() -> super::A { super::A }")]));
    assert_eq!(graph::circles(&through_parent).keys().collect::<Vec<_>>(), ["", "a"]);
}
