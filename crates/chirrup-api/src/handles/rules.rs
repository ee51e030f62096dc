//! The rules of the filtered stream: checks before sending, and synchronization with a list.

use std::collections::{HashMap, HashSet};
use std::fmt;

use chirrup_model::{Problem, Rule, RuleId};
use chirrup_query::{Target, check};
use serde_json::{Value as Json, json};

use crate::client::ApiClient;
use crate::response::Response;
use crate::response::error::Error;

/// Maximum number of rules that one call adds or deletes.
const BATCH: usize = 1_000;

/// A rule to add to the filtered stream.
///
/// ```
/// use chirrup_api::NewRule;
///
/// let rule = NewRule::new("heron has:images -is:retweet").tag("birds");
/// assert!(rule.check().is_ok());
/// assert!(NewRule::new("heron OR OR").check().unwrap_err().to_string().contains("OR"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct NewRule {
    /// Query that posts must match.
    pub value: String,
    /// Tag of the rule; empty if it has none.
    pub tag: String,
}

impl NewRule {
    /// Creates a rule with this query and without a tag.
    pub fn new(value: impl Into<String>) -> Self {
        Self { value: value.into(), tag: String::new() }
    }

    /// Sets the tag, which X delivers with each matching post.
    #[must_use]
    pub fn tag(mut self, tag: impl Into<String>) -> Self {
        self.tag = tag.into();
        self
    }

    /// Checks whether X accepts the rule, as far as that is known without a request.
    ///
    /// # Errors
    /// [`ErrorKind::Argument`](crate::ErrorKind::Argument), with the query and marks below its mistakes.
    pub fn check(&self) -> Result<(), Error> {
        let report = check(&self.value, Target::FILTERED_STREAM.enterprise());
        if report.is_ok() {
            return Ok(());
        }
        Err(Error::invalid_argument(format!("invalid rule\n{}", report.render().trim_end()))
            .with_hint("nothing was sent; correct the rule"))
    }

    fn json(&self) -> Json {
        match self.tag.as_str() {
            "" => json!({"value": self.value}),
            tag => json!({"value": self.value, "tag": tag}),
        }
    }

    /// Parses rules: JSON in the format of X (a list of `{"value", "tag"}`, or one in `data`, `add` or `rules`), or lines of
    /// a rule and, after a tab, its tag. Empty lines and lines that start with `//` are ignored.
    ///
    /// ```
    /// use chirrup_api::NewRule;
    ///
    /// let rules = NewRule::read("// birds\nheron has:images\tbirds\n\n#wren\n")?;
    /// assert_eq!(rules, [NewRule::new("heron has:images").tag("birds"), NewRule::new("#wren")]);
    /// assert_eq!(NewRule::read(r#"{"data": [{"id": "1", "value": "heron"}]}"#)?, [NewRule::new("heron")]);
    /// # Ok::<(), chirrup_api::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Argument`](crate::ErrorKind::Argument) if JSON is malformed or has no list of rules.
    pub fn read(text: &str) -> Result<Vec<Self>, Error> {
        let trimmed = text.trim_start_matches('\u{feff}').trim();
        if trimmed.starts_with(['[', '{']) {
            return Self::read_json(trimmed);
        }
        let lines = trimmed.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
        Ok(lines
            .map(|line| match line.split_once('\t') {
                Some((value, tag)) => Self::new(value.trim()).tag(tag.trim()),
                None => Self::new(line),
            })
            .collect())
    }

    fn read_json(text: &str) -> Result<Vec<Self>, Error> {
        let failed = |why: &str| Error::invalid_argument(format!("invalid list of rules: {why}"));
        let json: Json = serde_json::from_str(text).map_err(|why| failed(&why.to_string()))?;
        let list = match &json {
            Json::Array(list) => list,
            Json::Object(object) => ["data", "add", "rules"]
                .iter()
                .find_map(|name| object.get(*name)?.as_array())
                .ok_or_else(|| failed("the JSON has no list of rules"))?,
            _ => return Err(failed("the JSON has no list of rules")),
        };
        list.iter()
            .map(|rule| {
                let value = rule.as_str().or(rule["value"].as_str()).ok_or_else(|| failed("a rule has no `value`"))?;
                Ok(Self::new(value).tag(rule["tag"].as_str().unwrap_or_default()))
            })
            .collect()
    }
}

impl From<&str> for NewRule {
    fn from(value: &str) -> Self {
        Self::new(value)
    }
}

impl From<String> for NewRule {
    fn from(value: String) -> Self {
        Self::new(value)
    }
}

/// The changes that make the rules of the server equal to a list.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct RulePlan {
    /// Rules to add, which the server does not have.
    pub add: Vec<NewRule>,
    /// Rules to delete, which are not in the list.
    pub delete: Vec<Rule>,
    /// Rules with another tag. X cannot change a tag, so they are deleted and added again.
    pub retag: Vec<(Rule, NewRule)>,
    /// Number of rules that stay unchanged.
    pub keep: usize,
}

impl RulePlan {
    /// Compares the rules of the server with a list. Duplicates in the list count once.
    pub fn new(existing: Vec<Rule>, wanted: impl IntoIterator<Item = NewRule>) -> Self {
        let mut plan = Self::default();
        let mut seen = HashSet::new();
        let mut by_value: HashMap<String, Vec<Rule>> = HashMap::new();
        for rule in existing {
            by_value.entry(rule.value.clone().unwrap_or_default()).or_default().push(rule);
        }
        for rule in wanted.into_iter().filter(|rule| seen.insert(rule.value.clone())) {
            let Some(mut found) = by_value.remove(&rule.value) else {
                plan.add.push(rule);
                continue;
            };
            let right = found.iter().position(|existing| existing.tag.as_deref().unwrap_or_default() == rule.tag);
            let one = found.swap_remove(right.unwrap_or_default());
            match right {
                Some(_) => plan.keep += 1,
                None => plan.retag.push((one, rule)),
            }
            plan.delete.append(&mut found);
        }
        plan.delete.extend(by_value.into_values().flatten());
        plan.delete.sort_by_key(|rule| rule.id.map(RuleId::get));
        plan
    }

    /// Returns whether there is nothing to change.
    pub fn is_empty(&self) -> bool {
        self.add.is_empty() && self.delete.is_empty() && self.retag.is_empty()
    }
}

impl fmt::Display for RulePlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = |tag: &str| if tag.is_empty() { String::new() } else { format!("  [{tag}]") };
        for rule in &self.add {
            writeln!(f, "+ {}{}", rule.value, named(&rule.tag))?;
        }
        for (existing, rule) in &self.retag {
            let old = existing.tag.as_deref().unwrap_or_default();
            writeln!(f, "~ {}{}, before{}", rule.value, named(&rule.tag), named(old))?;
        }
        for rule in &self.delete {
            let tag = named(rule.tag.as_deref().unwrap_or_default());
            writeln!(f, "- {}{tag}", rule.value.as_deref().unwrap_or_default())?;
        }
        let (add, retag, delete) = (self.add.len(), self.retag.len(), self.delete.len());
        write!(f, "{add} to add, {retag} to retag, {delete} to delete, {} to keep", self.keep)
    }
}

/// The result of a change of rules.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct RulesChanged {
    /// Rules that the server added.
    pub added: Vec<Rule>,
    /// Number of deleted rules.
    pub deleted: usize,
    /// Rules that the server refused, and why.
    pub refused: Vec<Problem>,
}

impl RulesChanged {
    fn and(mut self, other: Self) -> Self {
        self.added.extend(other.added);
        self.deleted += other.deleted;
        self.refused.extend(other.refused);
        self
    }
}

impl ApiClient {
    /// Returns all rules of the filtered stream (`GET /2/tweets/search/stream/rules`).
    ///
    /// # Errors
    /// Those of the call.
    pub async fn all_rules(&self) -> Result<Vec<Rule>, Error> {
        let mut pages = self.rules().max_results(1_000).pages();
        let mut all = Vec::new();
        while let Some(page) = pages.next_page().await {
            all.extend(page?.data);
        }
        Ok(all)
    }

    /// Checks rules and adds them (`POST /2/tweets/search/stream/rules`).
    ///
    /// # Errors
    /// [`ErrorKind::Argument`](crate::ErrorKind::Argument) for an invalid rule, before anything is sent, and those of the
    /// call. A rule that the server refuses is not an error, but part of the result.
    pub async fn add_rules(&self, rules: impl IntoIterator<Item = impl Into<NewRule>>) -> Result<RulesChanged, Error> {
        let rules: Vec<NewRule> = rules.into_iter().map(Into::into).collect();
        rules.iter().try_for_each(NewRule::check)?;
        self.send_rules(&rules, false).await
    }

    /// Lets the server check rules without adding them (`dry_run`).
    ///
    /// # Errors
    /// Those of the call.
    pub async fn try_rules(&self, rules: impl IntoIterator<Item = impl Into<NewRule>>) -> Result<RulesChanged, Error> {
        let rules: Vec<NewRule> = rules.into_iter().map(Into::into).collect();
        self.send_rules(&rules, true).await
    }

    async fn send_rules(&self, rules: &[NewRule], dry: bool) -> Result<RulesChanged, Error> {
        let mut changed = RulesChanged::default();
        for batch in rules.chunks(BATCH) {
            let json: Vec<Json> = batch.iter().map(NewRule::json).collect();
            let mut call = self.update_rules().add_rules(Json::from(json));
            if dry {
                call = call.dry_run(true);
            }
            let response = call.await?;
            changed = changed.and(RulesChanged { added: response.data, deleted: 0, refused: response.errors });
        }
        Ok(changed)
    }

    /// Deletes rules by their IDs (`POST /2/tweets/search/stream/rules`).
    ///
    /// # Errors
    /// Those of the call. An unknown ID is not an error, but part of the result.
    pub async fn delete_rules(&self, ids: impl IntoIterator<Item = RuleId>) -> Result<RulesChanged, Error> {
        self.drop_rules("ids", ids.into_iter().map(|id| id.to_string()).collect()).await
    }

    /// Deletes rules by their queries (`POST /2/tweets/search/stream/rules`).
    ///
    /// # Errors
    /// Those of the call.
    pub async fn delete_rules_by_value(
        &self,
        values: impl IntoIterator<Item = impl Into<String>>,
    ) -> Result<RulesChanged, Error> {
        self.drop_rules("values", values.into_iter().map(Into::into).collect()).await
    }

    async fn drop_rules(&self, by: &str, all: Vec<String>) -> Result<RulesChanged, Error> {
        let mut changed = RulesChanged::default();
        for batch in all.chunks(BATCH) {
            let response = self.update_rules().delete_rules(json!({by: batch})).await?;
            changed = changed.and(dropped(&response));
        }
        Ok(changed)
    }

    /// Deletes all rules and returns their number.
    ///
    /// # Errors
    /// Those of the call.
    pub async fn clear_rules(&self) -> Result<usize, Error> {
        Ok(dropped(&self.update_rules().delete_all(true).await?).deleted)
    }

    /// Returns the changes that make the rules of the server equal to a list, which is checked first.
    ///
    /// # Errors
    /// [`ErrorKind::Argument`](crate::ErrorKind::Argument) for an invalid rule, and those of the lookup.
    pub async fn plan_rules(&self, wanted: impl IntoIterator<Item = impl Into<NewRule>>) -> Result<RulePlan, Error> {
        let wanted: Vec<NewRule> = wanted.into_iter().map(Into::into).collect();
        wanted.iter().try_for_each(NewRule::check)?;
        Ok(RulePlan::new(self.all_rules().await?, wanted))
    }

    /// Executes a plan: adds first and deletes afterwards, so that no wanted rule is missing in between. After a failure,
    /// make a new plan from the same list; completed changes stay in effect.
    ///
    /// # Errors
    /// Those of the calls. A rule that the server refuses is not an error, but part of the result.
    pub async fn change_rules(&self, plan: &RulePlan) -> Result<RulesChanged, Error> {
        let mut changed = self.send_rules(&plan.add, false).await?;
        let obsolete = plan.delete.iter().chain(plan.retag.iter().map(|(existing, _)| existing));
        changed = changed.and(self.delete_rules(obsolete.filter_map(|rule| rule.id)).await?);
        let mut again: Vec<NewRule> = plan.retag.iter().map(|(_, rule)| rule.clone()).collect();
        // After the deletions there may be room for rules that exceeded the limit.
        let full = |problem: &Problem| problem.type_url.ends_with("/rule-cap");
        let left_out: HashSet<String> = changed.refused.iter().filter(|p| full(p)).filter_map(value_of).collect();
        changed.refused.retain(|problem| !full(problem));
        again.extend(plan.add.iter().filter(|rule| left_out.contains(&rule.value)).cloned());
        Ok(changed.and(self.send_rules(&again, false).await?))
    }

    /// Makes the rules of the server equal to a list, with the fewest changes.
    ///
    /// ```no_run
    /// # async fn example(client: chirrup_api::ApiClient) -> Result<(), chirrup_api::Error> {
    /// use chirrup_api::NewRule;
    ///
    /// client.sync_rules([NewRule::new("heron has:images").tag("birds"), NewRule::new("#wren")]).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Argument`](crate::ErrorKind::Argument) for an invalid rule, before anything is sent, and those of the
    /// calls.
    pub async fn sync_rules(
        &self,
        wanted: impl IntoIterator<Item = impl Into<NewRule>>,
    ) -> Result<RulesChanged, Error> {
        let plan = self.plan_rules(wanted).await?;
        self.change_rules(&plan).await
    }
}

fn value_of(problem: &Problem) -> Option<String> {
    problem.value.as_ref().or(problem.more.get("value"))?.as_str().map(str::to_owned)
}

fn dropped(response: &Response<Vec<Rule>>) -> RulesChanged {
    let deleted = response.json()["meta"]["summary"]["deleted"].as_u64().unwrap_or_default();
    RulesChanged {
        added: Vec::new(),
        deleted: usize::try_from(deleted).unwrap_or_default(),
        refused: response.errors.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn existing(id: u64, value: &str, tag: &str) -> Rule {
        serde_json::from_value(json!({"id": id.to_string(), "value": value, "tag": tag})).unwrap()
    }

    #[test]
    fn a_plan_holds_the_fewest_changes() {
        let all = vec![existing(1, "a", ""), existing(2, "b", "old"), existing(3, "c", "x"), existing(4, "a", "twin")];
        let wanted = [NewRule::new("a"), NewRule::new("b").tag("new"), NewRule::new("d").tag("t"), NewRule::new("a")];
        let plan = RulePlan::new(all.clone(), wanted.clone());
        assert_eq!((plan.keep, plan.add.len(), plan.retag.len(), plan.delete.len()), (1, 1, 1, 2));
        let shown = plan.to_string();
        assert!(shown.contains("+ d  [t]\n~ b  [new], before  [old]\n- c  [x]\n- a  [twin]\n"), "{shown}");
        assert!(shown.ends_with("1 to add, 1 to retag, 2 to delete, 1 to keep"), "{shown}");
        let same = vec![existing(1, "a", ""), existing(2, "b", "new"), existing(3, "d", "t")];
        assert!(RulePlan::new(same, wanted).is_empty());
        assert_eq!(RulePlan::new(all, Vec::new()).delete.len(), 4);
    }

    #[test]
    fn a_malformed_list_of_rules_is_rejected() {
        for text in ["{", "[1]", "{\"data\": 3}", "[{\"tag\": \"x\"}]"] {
            assert!(NewRule::read(text).is_err(), "{text}");
        }
        assert_eq!(NewRule::read("").unwrap(), []);
    }
}
