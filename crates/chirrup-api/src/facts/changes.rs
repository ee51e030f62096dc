//! Differences between the facts of two documents.

use std::collections::BTreeSet;
use std::fmt;

use super::operation::{Facts, OperationFacts, ParamFacts};
use crate::endpoint::ParamLocation;

/// Kind of a difference between two documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ChangeKind {
    /// Only the newer document has the operation or the parameter.
    Added,
    /// Only the older document has the operation or the parameter.
    Removed,
    /// The two documents describe the operation or the parameter differently.
    Changed,
}

impl ChangeKind {
    /// Returns the name in lower case: `added`, `removed` or `changed`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }
}

/// Difference between two documents, in one operation or parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// Kind of the difference.
    pub kind: ChangeKind,
    /// HTTP method of the operation.
    pub method: String,
    /// Path of the operation.
    pub path: String,
    /// Name of the parameter, or `None` if the operation itself differs.
    pub param: Option<String>,
    /// What was added, was removed or has changed.
    pub detail: String,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}: ", self.kind.name(), self.method, self.path)?;
        if let Some(param) = &self.param {
            write!(f, "parameter `{param}`: ")?;
        }
        f.write_str(&self.detail)
    }
}

impl Facts {
    /// Returns what `newer` adds, removes and changes, by path and method.
    pub fn changes(&self, newer: &Self) -> Vec<Change> {
        let names = |facts: &Self| -> BTreeSet<(String, String)> {
            facts.operations.iter().map(|operation| (operation.path.clone(), operation.method.clone())).collect()
        };
        let mut found = Vec::new();
        for (path, method) in names(self).union(&names(newer)) {
            match (self.operation(method, path), newer.operation(method, path)) {
                (Some(old), Some(new)) => found.extend(operation_changes(old, new)),
                (None, Some(new)) => found.push(change(ChangeKind::Added, new, None, new.id.clone())),
                (Some(old), None) => found.push(change(ChangeKind::Removed, old, None, old.id.clone())),
                (None, None) => {}
            }
        }
        found
    }
}

fn change(kind: ChangeKind, operation: &OperationFacts, param: Option<&ParamFacts>, detail: String) -> Change {
    Change {
        kind,
        method: operation.method.clone(),
        path: operation.path.clone(),
        param: param.map(|param| param.name.clone()),
        detail,
    }
}

fn operation_changes(old: &OperationFacts, new: &OperationFacts) -> Vec<Change> {
    let mut found = Vec::new();
    let mut compare = |what: &str, before: String, after: String| {
        if before != after {
            found.push(change(ChangeKind::Changed, new, None, format!("{what} was {before}, is {after}")));
        }
    };
    compare("operation ID", old.id.clone(), new.id.clone());
    compare("area", old.area.clone(), new.area.clone());
    compare("streaming", old.streaming.to_string(), new.streaming.to_string());
    compare("deprecated", old.deprecated.to_string(), new.deprecated.to_string());
    compare("authentication", auth(old), auth(new));
    let same = |a: &ParamFacts, b: &ParamFacts| a.name == b.name && a.location == b.location;
    for param in &new.params {
        match old.params.iter().find(|before| same(before, param)) {
            None => found.push(change(ChangeKind::Added, new, Some(param), describe(param))),
            Some(before) if before == param => {}
            Some(before) => found.push(change(ChangeKind::Changed, new, Some(param), difference(before, param))),
        }
    }
    for param in old.params.iter().filter(|param| !new.params.iter().any(|after| same(after, param))) {
        found.push(change(ChangeKind::Removed, new, Some(param), describe(param)));
    }
    found
}

fn auth(operation: &OperationFacts) -> String {
    let kinds = operation.auth.iter().map(|(kind, scopes)| match scopes.as_slice() {
        [] => kind.clone(),
        scopes => format!("{kind} ({})", scopes.join(", ")),
    });
    let text = kinds.collect::<Vec<_>>().join(" or ");
    if text.is_empty() { "none".to_owned() } else { text }
}

fn describe(param: &ParamFacts) -> String {
    let location = match param.location {
        ParamLocation::Path => "path",
        ParamLocation::Query => "query",
        _ => "body",
    };
    let required = if param.required { "required" } else { "optional" };
    format!("{location}, {required}, {}", param.value)
}

/// Describes the difference between two versions of a parameter. Of words, only those that differ.
fn difference(old: &ParamFacts, new: &ParamFacts) -> String {
    let words = |param: &ParamFacts| param.value.words.iter().cloned().collect::<BTreeSet<_>>();
    let (before, after) = (words(old), words(new));
    let without_words = |param: &ParamFacts| {
        let mut param = param.clone();
        param.value.words.clear();
        describe(&param)
    };
    let mut parts = Vec::new();
    if without_words(old) != without_words(new) {
        parts.push(format!("was {}, is {}", without_words(old), without_words(new)));
    }
    let mut list = |what: &str, words: Vec<&str>| {
        if !words.is_empty() {
            parts.push(format!("{what} {}", words.join(", ")));
        }
    };
    list("adds", after.difference(&before).map(String::as_str).collect());
    list("removes", before.difference(&after).map(String::as_str).collect());
    parts.join("; ")
}
