//! Rules of the filtered stream.

use chirrup_query::{MatchMode, RuleIndex, parse};
use serde_json::{Value as Json, json};

use crate::response::json::str_of;
use crate::world::{PostRow, World};

/// Kind of the documents that contain the rules of the filtered stream.
pub(crate) const RULE: &str = "rule";

/// Returns the rules of an app, the oldest first.
pub(crate) fn rules_of(world: &World, app: i64) -> rusqlite::Result<Vec<Json>> {
    let owner = u64::try_from(app).unwrap_or_default();
    let mut rules: Vec<Json> =
        world.documents_of(RULE, owner, i64::MAX, usize::MAX)?.into_iter().map(|rule| rule.json).collect();
    rules.reverse();
    Ok(rules)
}

/// Rules of an app, compiled for matching.
#[derive(Debug, Default)]
pub(crate) struct ParsedRules {
    rules: Vec<Json>,
    index: RuleIndex,
}

impl ParsedRules {
    /// Compiles the rules of an app.
    pub(crate) fn of_app(world: &World, app: i64) -> rusqlite::Result<Self> {
        let valid = rules_of(world, app)?.into_iter().filter_map(|rule| {
            let query = parse(rule["value"].as_str()?).ok()?;
            Some((rule, query))
        });
        let (rules, queries): (Vec<_>, Vec<_>) = valid.unzip();
        Ok(Self { rules, index: RuleIndex::new(queries) })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Returns ID and tag of each rule that a post matches.
    pub(super) fn matching(&self, world: &World, row: &PostRow) -> rusqlite::Result<Vec<Json>> {
        let numbers = self.index.matches(&world.subject(row)?, MatchMode::Stream);
        let rules = numbers.into_iter().map(|number| &self.rules[number]);
        Ok(rules.map(|rule| json!({"id": rule["id"], "tag": str_of(rule, "tag")})).collect())
    }
}
