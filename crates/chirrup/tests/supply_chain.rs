//! Dependencies obey the rules of `deny.toml`: licenses, bans and sources. `cargo deny` is not needed for that.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a failed test panics")]

use std::path::Path;
use std::process::Command;

use serde_json::Value as Json;

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

fn root() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Returns the strings of a list of `deny.toml`.
fn list(name: &str) -> Vec<String> {
    let rules = std::fs::read_to_string(root().join("deny.toml")).unwrap();
    let start = rules.find(&format!("\n{name} = [")).unwrap_or_else(|| panic!("{name} is missing"));
    let rest = &rules[start..];
    let list = &rest[..rest.find(']').unwrap()];
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Returns the packages that are built on this platform, with all features. The lock file must be current.
fn packages() -> Vec<Json> {
    let version = Command::new(env!("CARGO")).arg("-vV").output().unwrap();
    let version = String::from_utf8(version.stdout).unwrap();
    let platform = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let mut command = Command::new(env!("CARGO"));
    command.args(["metadata", "--format-version", "1", "--locked", "--all-features", "--filter-platform", platform]);
    let output = command.current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Json = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

/// Whether a license expression can be satisfied: one alternative of each part is allowed.
fn is_allowed(expression: &str, allowed: &[String]) -> bool {
    let flat = expression.replace(['(', ')'], "").replace('/', " OR ");
    let alternative = |license: &str| allowed.iter().any(|allowed| allowed == license.trim());
    flat.split(" AND ").all(|part| part.split(" OR ").any(alternative))
}

#[test]
fn licenses_are_permissive_and_sources_are_crates_io() {
    let (allowed, banned) = (list("allow"), list("deny"));
    assert!(allowed.contains(&"MIT".to_owned()) && banned.contains(&"openssl".to_owned()), "{allowed:?} {banned:?}");
    let packages = packages();
    assert!(packages.len() > 100, "{}", packages.len());
    for package in &packages {
        let (name, license) = (package["name"].as_str().unwrap(), package["license"].as_str().unwrap_or_default());
        assert!(is_allowed(license, &allowed), "{name} has the license `{license}`");
        assert!(!banned.iter().any(|banned| banned == name), "{name} is banned");
        match package["source"].as_str() {
            Some(source) => assert_eq!(source, CRATES_IO, "{name}"),
            None => assert!(name.starts_with("chirrup"), "{name} has no source"),
        }
    }
}

#[test]
fn the_lock_file_names_no_other_source_and_no_banned_package() {
    let (lock, banned) = (std::fs::read_to_string(root().join("Cargo.lock")).unwrap(), list("deny"));
    let values = |key: &'static str| lock.lines().filter_map(move |line| line.strip_prefix(key)?.strip_suffix('"'));
    assert!(values("source = \"").count() > 100);
    assert!(values("source = \"").all(|source| source == CRATES_IO));
    let found: Vec<_> = values("name = \"").filter(|name| banned.iter().any(|banned| banned == name)).collect();
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn alternatives_and_parts_of_licenses_are_distinguished() {
    let allowed = ["MIT", "ISC"].map(str::to_owned);
    for expression in
        ["MIT", "MIT OR GPL-3.0", "GPL-3.0 OR MIT", "MIT AND ISC", "(MIT OR GPL-3.0) AND ISC", "GPL-3.0/MIT"]
    {
        assert!(is_allowed(expression, &allowed), "{expression}");
    }
    for expression in ["", "GPL-3.0", "MIT AND GPL-3.0", "(MIT OR ISC) AND GPL-3.0"] {
        assert!(!is_allowed(expression, &allowed), "{expression}");
    }
}

#[test]
fn a_release_checks_overflows_and_lints_forbid_panics() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    for rule in [
        "overflow-checks = true",
        "unsafe_code = \"forbid\"",
        "unwrap_used = \"deny\"",
        "expect_used = \"deny\"",
        "panic = \"deny\"",
    ] {
        assert!(manifest.contains(rule), "{rule}");
    }
    for entry in std::fs::read_dir(root().join("crates")).unwrap().flatten() {
        let manifest = std::fs::read_to_string(entry.path().join("Cargo.toml")).unwrap();
        if entry.file_name() == "chirrup-python" {
            // The macros of PyO3 allow `unsafe` in their own code, which `forbid` would reject.
            for rule in ["unsafe_code", "unwrap_used", "expect_used", "panic"] {
                assert!(manifest.contains(&format!("{rule} = \"deny\"")), "{rule}");
            }
            continue;
        }
        assert!(manifest.contains("[lints]\nworkspace = true"), "{:?} has other lints", entry.path());
    }
}

#[test]
fn benchmarks_compile_dependencies_for_speed() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let overrides = |profile: &str| -> Vec<(String, String)> {
        let (_, section) = manifest.split_once(&format!("[profile.{profile}.package]\n")).unwrap();
        let lines = section.lines().take_while(|line| !line.starts_with('['));
        lines.filter_map(|line| line.split_once(" = ")).map(|(name, rule)| (name.to_owned(), rule.to_owned())).collect()
    };
    let (release, bench) = (overrides("release"), overrides("bench"));
    assert!(release.len() > 10 && release.iter().any(|(_, rule)| rule.contains("opt-level = \"z\"")), "{release:?}");
    // An override of the release profile holds for benchmarks, too, unless theirs has one for the same package.
    for (name, _) in release {
        assert!(bench.contains(&(name.clone(), "{ opt-level = 3 }".to_owned())), "{name}");
    }
}
