//! The file of known facts: a line for each operation and each parameter.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use super::operation::{Bounds, Facts, OperationFacts, ParamFacts, ValueFacts};
use crate::endpoint::ParamLocation;

/// Facts of the document that the endpoint table follows.
const KNOWN: &str = include_str!("../../data/facts-v2.tsv");

/// Header of the file, which explains its lines.
const HEADER: &str = "\
# Facts of X's OpenAPI document. Renew this file with `chirrup endpoints --against FILE --write-facts FILE`.
# Lists of words that several parameters share:\twords\tname\twords
# Operations:\tmethod\tpath\toperation ID\tarea\tcredentials with scopes\tstreaming, deprecated
# Below each, its parameters:\t\tplace\tname\trequired\ttype\tlist size\tbounds\tpattern\twords, or = and the name of a list
";

/// Error of a document or file that does not contain facts about operations.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidFacts {
    /// Reason why the facts cannot be read.
    pub reason: String,
}

impl InvalidFacts {
    pub(super) fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into() }
    }
}

impl fmt::Display for InvalidFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for InvalidFacts {}

impl Facts {
    /// Returns the facts of the document that the endpoint table follows.
    pub fn known() -> Self {
        // A test reads the file, so that it is valid.
        Self::from_lines(KNOWN).unwrap_or_default()
    }

    /// Reads a file of facts, as [`to_lines`](Self::to_lines) writes it.
    ///
    /// # Errors
    /// The first line that is invalid.
    pub fn from_lines(text: &str) -> Result<Self, InvalidFacts> {
        let mut lists: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        let (mut version, mut operations) = (String::new(), Vec::<OperationFacts>::new());
        for (n, line) in text.lines().enumerate().filter(|(_, line)| !line.starts_with('#') && !line.is_empty()) {
            let mut columns = line.split('\t');
            let mut next = || columns.next().unwrap_or_default();
            let invalid = |what: &str| InvalidFacts::new(format!("line {}: {what}", n + 1));
            match next() {
                "version" => version = next().to_owned(),
                "words" => drop(lists.insert(next(), split(next()))),
                "" => {
                    let operation = operations.last_mut().ok_or_else(|| invalid("a parameter without an operation"))?;
                    let location = next();
                    let location = LOCATIONS.iter().find(|(_, name)| *name == location);
                    let (location, _) = location.ok_or_else(|| invalid("the place is not path, query or body"))?;
                    let name = next().to_owned();
                    let required = next() == "required";
                    let mut value = ValueFacts::new(next());
                    let size = next();
                    value.list = match size {
                        "" => None,
                        "any" => Some(Bounds::default()),
                        size => Some(bounds(size).ok_or_else(|| invalid("the size of the list is not MIN..MAX"))?),
                    };
                    value.bounds = bounds(next()).ok_or_else(|| invalid("the bounds are not MIN..MAX"))?;
                    next().clone_into(&mut value.pattern);
                    let words = next();
                    value.words = match words.strip_prefix('=') {
                        None => split(words),
                        Some(name) => {
                            lists.get(name).cloned().ok_or_else(|| invalid("the list of words is missing"))?
                        }
                    };
                    operation.params.push(ParamFacts { name, location: *location, required, value });
                }
                method => {
                    let mut operation = OperationFacts::new(method, next());
                    next().clone_into(&mut operation.id);
                    next().clone_into(&mut operation.area);
                    operation.auth = next().split_whitespace().map(credential).collect();
                    let flags = next();
                    operation.streaming = flags.contains("streaming");
                    operation.deprecated = flags.contains("deprecated");
                    operations.push(operation);
                }
            }
        }
        Ok(Self::new(version, operations))
    }

    /// Writes the facts as lines: a line for each operation and each parameter.
    pub fn to_lines(&self) -> String {
        let lists = shared_words(self);
        let mut out = format!("{HEADER}version\t{}\n", self.version);
        let mut line = |columns: &[&str]| {
            let _ = writeln!(out, "{}", columns.join("\t").trim_end_matches('\t'));
        };
        let mut by_name: Vec<_> = lists.iter().map(|(words, name)| (name, words)).collect();
        by_name.sort();
        for (name, words) in by_name {
            line(&["words", name, &join(words)]);
        }
        for operation in &self.operations {
            let auth: Vec<String> = operation.auth.iter().map(|(kind, scopes)| with_scopes(kind, scopes)).collect();
            let flags = [(operation.streaming, "streaming"), (operation.deprecated, "deprecated")];
            let flags: Vec<&str> = flags.into_iter().filter(|(set, _)| *set).map(|(_, name)| name).collect();
            let OperationFacts { method, path, id, area, .. } = operation;
            line(&[method, path, id, area, &auth.join(" "), &flags.join(",")]);
            for ParamFacts { name, location, required, value } in &operation.params {
                let location = LOCATIONS.iter().find(|(known, _)| known == location).map_or("body", |(_, name)| name);
                let required = if *required { "required" } else { "" };
                let size = match value.list {
                    Some(bounds) if bounds == Bounds::default() => "any".to_owned(),
                    bounds => bounds.map_or_else(String::new, |bounds| bounds.to_string()),
                };
                let words = match lists.get(&value.words) {
                    Some(name) => format!("={name}"),
                    None => join(&value.words),
                };
                let bounds = value.bounds.to_string();
                line(&["", location, name, required, &value.kind, &size, &bounds, &value.pattern, &words]);
            }
        }
        out
    }
}

/// Parts of a request with their names in the file.
const LOCATIONS: [(ParamLocation, &str); 3] =
    [(ParamLocation::Path, "path"), (ParamLocation::Query, "query"), (ParamLocation::Body, "body")];

/// Characters of words that separate columns or words of the file, and their replacements.
const ESCAPES: [(&str, &str); 3] = [("%", "%25"), (",", "%2C"), ("=", "%3D")];

fn join(words: &[String]) -> String {
    let escaped = |word: &String| ESCAPES.iter().fold(word.clone(), |word, (sign, code)| word.replace(sign, code));
    words.iter().map(escaped).collect::<Vec<_>>().join(",")
}

fn split(words: &str) -> Vec<String> {
    let read = |word: &str| ESCAPES.iter().rev().fold(word.to_owned(), |word, (sign, code)| word.replace(code, sign));
    words.split(',').filter(|word| !word.is_empty()).map(read).collect()
}

fn bounds(text: &str) -> Option<Bounds> {
    if text.is_empty() {
        return Some(Bounds::default());
    }
    let (min, max) = text.split_once("..")?;
    let bound = |text: &str| if text.is_empty() { Some(None) } else { text.parse().ok().map(Some) };
    Some(Bounds::new(bound(min)?, bound(max)?))
}

/// Reads a credential such as `oauth2:tweet.read,users.read`.
fn credential(text: &str) -> (String, Vec<String>) {
    let (kind, scopes) = text.split_once(':').unwrap_or((text, ""));
    (kind.to_owned(), split(scopes))
}

fn with_scopes(kind: &str, scopes: &[String]) -> String {
    if scopes.is_empty() { kind.to_owned() } else { format!("{kind}:{}", join(scopes)) }
}

/// Lists of words that several parameters share, each with the name of the first such parameter and, from the second list
/// of a name on, a number.
fn shared_words(facts: &Facts) -> BTreeMap<Vec<String>, String> {
    let mut users: Vec<(&[String], &str, usize)> = Vec::new();
    for param in facts.operations.iter().flat_map(|operation| &operation.params) {
        let words = param.value.words.as_slice();
        match users.iter_mut().find(|(known, ..)| *known == words) {
            Some((_, _, uses)) => *uses += 1,
            None => users.push((words, &param.name, 1)),
        }
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let shared = users.into_iter().filter(|(words, _, uses)| !words.is_empty() && *uses > 1);
    let named = shared.map(|(words, name, _)| {
        let count = counts.entry(name).or_default();
        *count += 1;
        (words.to_vec(), if *count == 1 { name.to_owned() } else { format!("{name}.{count}") })
    });
    named.collect()
}
