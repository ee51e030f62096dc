//! The rules of `STYLE.md` that a program can check: banned words, retired names and doc comments that say too little.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails where a file is missing")]

use std::fs;
use std::path::{Path, PathBuf};

use regex_lite::{Regex, RegexBuilder};

/// Minimum number of words of the first paragraph of a doc comment.
const FEWEST_WORDS: usize = 4;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// All text files of the project, except build output and `STYLE.md`, which lists the words.
fn files() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if name != "target" && (!name.starts_with('.') || name == ".ci" || name == ".github") {
                    folders.push(path);
                }
            } else if has_prose(&name) {
                found.push(path);
            }
        }
    }
    assert!(found.len() > 200, "the project has more files than {}", found.len());
    found
}

fn has_prose(name: &str) -> bool {
    let checked = ["rs", "md", "py", "toml", "html", "stderr", "sh", "yml", "run"];
    name != "STYLE.md" && checked.contains(&name.rsplit('.').next().unwrap_or_default())
}

/// The lines of a fenced block of `STYLE.md`.
fn block(language: &str) -> Vec<String> {
    let style = fs::read_to_string(root().join("STYLE.md")).unwrap();
    let (_, rest) = style.split_once(&format!("```{language}\n")).unwrap();
    rest.split_once("```").unwrap().0.lines().map(str::to_owned).collect()
}

/// Lines of all files in which one of the patterns occurs, as `file:line: text`.
fn occurrences(patterns: &[String], any_case: bool) -> Vec<String> {
    let pattern = format!(r"\b(?:{})\b", patterns.join("|"));
    let regex: Regex = RegexBuilder::new(&pattern).case_insensitive(any_case).build().unwrap();
    let mut found = Vec::new();
    for path in files() {
        let text = fs::read_to_string(&path).unwrap_or_default();
        let hits = text.lines().enumerate().filter(|(_, line)| regex.is_match(line));
        found.extend(hits.map(|(n, line)| format!("{}:{}: {}", path.display(), n + 1, line.trim())));
    }
    found
}

/// Fails if a rule has findings, and shows the first 40.
fn assert_none(rule: &str, found: &[String]) {
    let shown: Vec<&str> = found.iter().take(40).map(String::as_str).collect();
    assert!(found.is_empty(), "{} {rule}:\n{}", found.len(), shown.join("\n"));
}

#[test]
fn banned_words_do_not_occur() {
    assert_none("banned words", &occurrences(&block("words"), true));
}

#[test]
fn retired_names_do_not_occur() {
    assert_none("retired names", &occurrences(&block("names"), false));
}

/// The first paragraphs of all doc comments of a file that are shorter than [`FEWEST_WORDS`].
fn short_docs(text: &str) -> Vec<(usize, String)> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let doc = |line: &str| line.strip_prefix("///").map(|rest| rest.trim().to_owned());
    let mut found = Vec::new();
    for (n, line) in lines.iter().enumerate() {
        let begins = doc(line).is_some() && n.checked_sub(1).is_none_or(|before| doc(lines[before]).is_none());
        if !begins {
            continue;
        }
        // A heading, which groups methods in the documentation, precedes the first sentence.
        let heading = usize::from(doc(line).is_some_and(|text| text.starts_with("# "))) * 2;
        let paragraph: Vec<String> =
            lines[n..].iter().skip(heading).map_while(|line| doc(line).filter(|rest| !rest.is_empty())).collect();
        let paragraph = paragraph.join(" ");
        if paragraph.split_whitespace().count() < FEWEST_WORDS {
            found.push((n + 1, paragraph));
        }
    }
    found
}

#[test]
fn doc_comments_have_at_least_four_words() {
    let is_source = |path: &PathBuf| {
        let text = path.to_string_lossy();
        text.contains("/crates/") && text.contains("/src/") && text.ends_with(".rs")
    };
    let mut found = Vec::new();
    for path in files().into_iter().filter(is_source) {
        let short = short_docs(&fs::read_to_string(&path).unwrap());
        found.extend(short.into_iter().map(|(line, text)| format!("{}:{line}: {text}", path.display())));
    }
    assert_none("short doc comments", &found);
}

#[test]
fn short_doc_comments_are_found() {
    assert_eq!(short_docs("/// Why.\nfn a() {}\n"), [(1, "Why.".to_owned())]);
    assert_eq!(short_docs("/// Its ID.\n///\n/// A long explanation follows here.\n"), [(1, "Its ID.".to_owned())]);
    assert_eq!(short_docs("/// # Posts\n///\n/// Post IDs.\nimpl A {}\n"), [(1, "Post IDs.".to_owned())]);
    assert!(short_docs("/// Returns the ID of the post.\nfn a() {}\n").is_empty());
}
