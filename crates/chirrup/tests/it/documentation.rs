//! The documentation against the project: links, anchors, and names in the migration guide.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use regex_lite::Regex;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// The pages of the book, the documents in the root folder and the READMEs of the crates.
fn pages() -> Vec<PathBuf> {
    let files = |folder: PathBuf| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let folders = [root(), root().join("docs"), root().join("docs/migrating")];
    let mut pages: Vec<PathBuf> = folders.into_iter().flat_map(files).collect();
    pages.extend(files(root().join("crates")).map(|folder| folder.join("README.md")).filter(|path| path.exists()));
    pages.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    assert!(pages.len() > 25, "{pages:?}");
    pages
}

/// The lines of a page outside of fenced code.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut fenced = false;
    text.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        !fenced && !fence
    })
}

/// The anchor of a heading, as GitHub and mdBook derive it.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().to_lowercase();
    let kept = kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

fn anchors(page: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(page).unwrap();
    prose(&text).filter(|line| line.starts_with('#')).map(|line| anchor(line.trim_start_matches('#'))).collect()
}

#[test]
fn every_link_points_to_an_existing_file_and_anchor() {
    let link = Regex::new(r"\]\(([^)\s]+)\)").unwrap();
    let (mut checked, mut broken) = (0, Vec::new());
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        for found in prose(&text).flat_map(|line| link.captures_iter(line)) {
            let target = &found[1];
            if target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            let (file, fragment) = target.split_once('#').unwrap_or((target, ""));
            let file = if file.is_empty() { page.clone() } else { page.parent().unwrap().join(file) };
            checked += 1;
            if !file.exists() || (!fragment.is_empty() && !anchors(&file).contains(fragment)) {
                broken.push(format!("{}: {target}", page.display()));
            }
        }
    }
    assert!(checked > 40, "{checked}");
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn every_page_of_the_book_is_in_its_summary() {
    let summary = fs::read_to_string(root().join("docs/SUMMARY.md")).unwrap();
    let docs = root().join("docs");
    let mut checked = 0;
    for name in pages().iter().filter_map(|page| page.strip_prefix(&docs).ok()).map(Path::display) {
        assert!(name.to_string() == "SUMMARY.md" || summary.contains(&format!("({name})")), "{name}");
        checked += 1;
    }
    assert!(checked > 20, "{checked}");
}

#[test]
fn anchors_are_derived_from_headings() {
    assert_eq!(anchor(" Rate limits, and `money`"), "rate-limits-and-money");
}

/// All Rust sources of the crates.
fn sources() -> String {
    let mut all = String::new();
    let mut folders = vec![root().join("crates")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("tests") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                all.push_str(&fs::read_to_string(path).unwrap());
            }
        }
    }
    all
}

/// The pages of the migration guide, one after the other.
pub(crate) fn migration_guide() -> String {
    let mut pages = pages();
    pages.retain(|page| page.parent().unwrap().ends_with("docs/migrating"));
    assert_eq!(pages.len(), 4, "{pages:?}");
    pages.iter().map(|page| fs::read_to_string(page).unwrap()).collect()
}

#[test]
fn names_in_the_migration_guide_exist() {
    let declarations = [
        r"\bfn (\w+)",
        r"\bconst (\w+)",
        r#"(?m)^    "([a-z-]+)" ""#,
        r"(?m)^\s*(\w+) -> \w+ =",
        r"(?m)^\s*(?:pub )?(\w+):",
        r"\b(?:struct|enum|trait|mod) (\w+)",
        r"(?m)^\s+([A-Z]\w+)\s*(?:\{|\(|,)",
        r"\b(\w+Id)\b",
        r"(\w+_fields)\b",
        r"\b(until_id)\b",
    ];
    let sources = sources();
    let mut known: BTreeSet<&str> =
        ["await", "bearer", "bool", "Debug", "Display", "PartialEq", "SystemTime", "true", "web_url"]
            .into_iter()
            .collect();
    for declaration in declarations {
        let declaration = Regex::new(declaration).unwrap();
        known.extend(declaration.captures_iter(&sources).map(|found| found.get(1).unwrap().as_str()));
    }
    let guide = migration_guide();
    let (code, text, word) = (r"`([^`]+)`", r#""[^"]*""#, r"[A-Za-z_]\w+");
    let [code, text, word] = [code, text, word].map(|pattern| Regex::new(pattern).unwrap());
    let (mut checked, mut unknown) = (0, Vec::new());
    for line in prose(&guide).filter(|line| line.starts_with("| ")) {
        let here = line.rsplit('|').nth(1).unwrap();
        for span in code.captures_iter(here) {
            let span = text.replace_all(&span[1], "").into_owned();
            checked += 1;
            let names = word.find_iter(&span).map(|name| name.as_str());
            unknown.extend(names.filter(|name| !known.contains(name)).map(|name| format!("{name} in {line}")));
        }
    }
    assert!(checked > 600, "{checked}");
    assert!(unknown.is_empty(), "{unknown:#?}");
}
