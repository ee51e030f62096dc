//! Index of many rules: a post is matched only against rules of which it has a required key.

use std::collections::HashMap;
use std::fmt::{self, Write as _};

use crate::matcher::{MatchMode, PreparedPost};
use crate::operator::{Operator, OperatorName};
use crate::parse::Query;
use crate::post::SearchablePost;
use crate::value::Value;
use crate::words::{fold, is_unspaced_script, words, words_as_written};

/// Thresholds of the keys for counts. A post has a key for each threshold that its count reaches.
const COUNT_THRESHOLDS: [u64; 7] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];

impl SearchablePost {
    /// Calls a function with each key under which an index stores the post: short texts for its words, tags, author and other
    /// properties. A key can occur twice.
    ///
    /// A post that matches a query has at least one of the query's [`required_keys`](Query::required_keys).
    pub fn for_each_index_key(&self, mode: MatchMode, use_key: &mut dyn FnMut(&str)) {
        let keys = &mut IndexKeys { key: String::new(), use_key };
        if mode == MatchMode::Stream || self.repost_of.is_none() {
            keys.words(&self.text);
        }
        keys.entities(self);
        if let Some(quoted) = self.quoted.as_deref().filter(|_| mode == MatchMode::Stream) {
            keys.words(&quoted.text);
            keys.entities(quoted);
        }
        keys.properties(self);
        for_each_count_key(self.likes, self.replies, self.reposts, use_key);
    }
}

/// Calls a function with each index key for the numbers of likes, replies and reposts of a post, which change over time.
pub fn for_each_count_key(likes: u64, replies: u64, reposts: u64, use_key: &mut dyn FnMut(&str)) {
    let mut keys = IndexKeys { key: String::new(), use_key };
    for (name, count) in [("likes", likes), ("replies", replies), ("reposts_by", reposts)] {
        for threshold in COUNT_THRESHOLDS.into_iter().take_while(|threshold| *threshold <= count) {
            keys.add(format_args!("{name}:{threshold}"));
        }
    }
}

/// Keys of a post, each of which is written into the same memory.
struct IndexKeys<'f> {
    key: String,
    use_key: &'f mut dyn FnMut(&str),
}

impl IndexKeys<'_> {
    fn add(&mut self, key: fmt::Arguments<'_>) {
        self.key.clear();
        // Writing into memory does not fail.
        let _ = self.key.write_fmt(key);
        (self.use_key)(&self.key);
    }

    /// Adds a key of a prefix in lower case and a text, which is converted to lower case.
    fn add_lower(&mut self, prefix: &str, text: &str) {
        self.key.clear();
        self.key.push_str(prefix);
        if text.is_ascii() {
            self.key.push_str(text);
            self.key.make_ascii_lowercase();
        } else {
            self.key.push_str(&text.to_lowercase());
        }
        (self.use_key)(&self.key);
    }

    /// Adds the keys of a text: its words, each letter of a script without spaces, and each symbol.
    fn words(&mut self, text: &str) {
        let text = fold(text);
        words_as_written(&text).for_each(|word| self.add_lower("w", word));
        if text.is_ascii() {
            return;
        }
        let single = |c: &char| is_unspaced_script(*c) || (!c.is_ascii() && !c.is_alphanumeric());
        text.chars().filter(single).for_each(|c| self.add(format_args!("w{c}")));
    }

    fn entities(&mut self, post: &SearchablePost) {
        for (symbol, list) in [("#", &post.hashtags), ("$", &post.cashtags), ("@", &post.mentions)] {
            list.iter().for_each(|item| self.add_lower(symbol, item));
        }
        if !post.urls.is_empty() {
            (self.use_key)("has:links");
        }
    }

    fn properties(&mut self, post: &SearchablePost) {
        self.add_lower("from:", &post.author_username);
        self.add(format_args!("from:{}", post.author_id));
        self.add(format_args!("conversation:{}", post.conversation_id));
        self.add_lower("lang:", &post.lang);
        for (prefix, user) in [("to:", &post.reply_to_user), ("reposts:", &post.repost_of_user)] {
            if let Some((username, id)) = user {
                self.add_lower(prefix, username);
                self.add(format_args!("{prefix}{id}"));
            }
        }
        let references = [
            ("reply", "is:reply", post.reply_to),
            ("quote", "is:quote", post.quote_of),
            ("repost", "is:repost", post.repost_of),
        ];
        for (name, kind, id) in references {
            if let Some(id) = id {
                self.add(format_args!("{name}:{id}"));
                (self.use_key)(kind);
            }
        }
        post.lists.iter().for_each(|list| self.add(format_args!("list:{list}")));
        if let Some((_, _, country)) = &post.place {
            self.add_lower("country:", country);
        }
        let content = [
            ("has:hashtags", !post.hashtags.is_empty()),
            ("has:cashtags", !post.cashtags.is_empty()),
            ("has:mentions", !post.mentions.is_empty()),
            ("has:media", post.images || post.videos),
            ("has:images", post.images),
            ("has:videos", post.videos),
            ("has:geo", post.place.is_some() || post.point.is_some()),
        ];
        content.iter().filter(|(_, has)| *has).for_each(|(key, _)| (self.use_key)(key));
    }
}

/// Returns the key that every text with these words has.
fn required_word_key(text: &str) -> Option<String> {
    let text = fold(text);
    if let Some(c) = text.chars().find(|c| is_unspaced_script(*c)) {
        return Some(format!("w{c}"));
    }
    let longest = words(&text).max_by_key(String::len);
    let symbol = || text.chars().find(|c| !c.is_ascii() && !c.is_alphanumeric()).map(String::from);
    longest.or_else(symbol).map(|word| format!("w{word}"))
}

impl Query {
    /// Returns keys of which every matching post has at least one, or `None` if no key narrows the query.
    ///
    /// Where several conditions must all be met, the keys of one of them suffice: the one with the lowest total `cost`,
    /// such as the number of posts with a key.
    pub fn required_keys(&self, cost: &dyn Fn(&str) -> usize) -> Option<Vec<String>> {
        match self {
            Self::Not(_) => None,
            Self::Term(operator) => required_key(operator).map(|key| vec![key]),
            Self::Or(parts) => {
                let lists: Option<Vec<Vec<String>>> = parts.iter().map(|part| part.required_keys(cost)).collect();
                lists.map(|lists| lists.into_iter().flatten().collect())
            }
            Self::And(parts) => {
                let lists = parts.iter().filter_map(|part| part.required_keys(cost));
                lists.min_by_key(|keys| keys.iter().map(|key| cost(key)).sum::<usize>())
            }
        }
    }
}

impl Operator {
    /// Returns the index key that the posts which match in a search have, and no others. `None` if no key decides alone.
    ///
    /// With such keys, an index finds and counts posts without reading them.
    pub fn exact_key(&self) -> Option<String> {
        match self {
            Self::Keyword(text) => exact_word_key(text),
            Self::Phrase(..) => None,
            Self::Hashtag(_) | Self::Cashtag(_) | Self::Mention(_) => required_key(self),
            Self::Named(name, value) => match (name, value) {
                (OperatorName::Lang | OperatorName::Country, Value::Text(_))
                | (
                    OperatorName::ConversationId
                    | OperatorName::ReplyTo
                    | OperatorName::QuoteOf
                    | OperatorName::RepostOf,
                    Value::Number(_),
                ) => required_named_key(*name, value),
                (OperatorName::Is, Value::Text(kind)) if kind != "verified" => required_named_key(*name, value),
                (OperatorName::Has, Value::Text(_)) => required_named_key(*name, value),
                _ => None,
            },
        }
    }
}

/// Returns the key of a keyword that is a single word.
fn exact_word_key(text: &str) -> Option<String> {
    let text = fold(text);
    if text.chars().any(is_unspaced_script) {
        return None;
    }
    let mut words = words(&text);
    let first = words.next()?;
    words.next().is_none().then(|| format!("w{first}"))
}

fn required_key(operator: &Operator) -> Option<String> {
    match operator {
        Operator::Keyword(text) | Operator::Phrase(text, _) => required_word_key(text),
        Operator::Hashtag(tag) => Some(format!("#{}", tag.to_lowercase())),
        Operator::Cashtag(tag) => Some(format!("${}", tag.to_lowercase())),
        Operator::Mention(name) => Some(format!("@{}", name.to_lowercase())),
        Operator::Named(name, value) => required_named_key(*name, value),
    }
}

fn required_named_key(name: OperatorName, value: &Value) -> Option<String> {
    let lower = || value.to_string().to_lowercase();
    let count = |name: &str| match value {
        Value::Number(n) => {
            let reached = COUNT_THRESHOLDS.into_iter().rev().find(|threshold| threshold <= n);
            reached.map(|threshold| format!("{name}:{threshold}"))
        }
        _ => None,
    };
    Some(match name {
        OperatorName::From => format!("from:{}", lower()),
        OperatorName::To => format!("to:{}", lower()),
        OperatorName::RepostsOf => format!("reposts:{}", lower()),
        OperatorName::ConversationId => format!("conversation:{value}"),
        OperatorName::ReplyTo => format!("reply:{value}"),
        OperatorName::QuoteOf => format!("quote:{value}"),
        OperatorName::RepostOf => format!("repost:{value}"),
        OperatorName::List => format!("list:{value}"),
        OperatorName::Url | OperatorName::UrlContains => "has:links".to_owned(),
        OperatorName::Lang => format!("lang:{}", lower()),
        OperatorName::Country => format!("country:{}", lower()),
        OperatorName::Place | OperatorName::PointRadius | OperatorName::BoundingBox => "has:geo".to_owned(),
        OperatorName::Has => match lower().as_str() {
            "video_link" => "has:videos".to_owned(),
            other => format!("has:{other}"),
        },
        OperatorName::Is => match lower().as_str() {
            "retweet" => "is:repost".to_owned(),
            keyword @ ("reply" | "quote") => format!("is:{keyword}"),
            _ => return None,
        },
        OperatorName::MinLikes => return count("likes"),
        OperatorName::MinReplies => return count("replies"),
        OperatorName::MinReposts => return count("reposts_by"),
        _ => return None,
    })
}

/// Estimates how many posts have a key. Only the order matters.
fn frequency(key: &str) -> usize {
    match key.split_once(':') {
        Some(("lang", _)) => 1_000,
        Some(("has" | "is" | "likes" | "replies" | "reposts_by" | "country", _)) => 500,
        Some(_) => 1,
        // Long words are rarer than short ones.
        None => 40 / key.len().max(1) + 1,
    }
}

/// Index of rules, to find those that a post matches without evaluating each rule.
///
/// ```
/// use chirrup_query::{MatchMode, RuleIndex, SearchablePost, parse};
///
/// let rules = RuleIndex::new([parse("cat")?, parse("#dog")?]);
/// assert_eq!(rules.matches(&SearchablePost::new("a cat"), MatchMode::Stream), [0]);
/// # Ok::<(), chirrup_query::QueryError>(())
/// ```
#[derive(Debug, Default)]
pub struct RuleIndex {
    rules: Vec<Query>,
    by_key: HashMap<String, Vec<u32>>,
    /// Rules without required keys, which are evaluated for every post.
    unkeyed: Vec<u32>,
}

impl RuleIndex {
    /// Indexes rules. A rule is identified by its position, counted from 0; rules beyond 4,294,967,295 are ignored.
    pub fn new(rules: impl IntoIterator<Item = Query>) -> Self {
        let mut index = Self::default();
        for (number, rule) in (0..u32::MAX).zip(rules) {
            match rule.required_keys(&frequency) {
                Some(keys) => keys.into_iter().for_each(|key| index.by_key.entry(key).or_default().push(number)),
                None => index.unkeyed.push(number),
            }
            index.rules.push(rule);
        }
        index
    }

    /// Returns the rule at a position.
    pub fn rule(&self, number: usize) -> Option<&Query> {
        self.rules.get(number)
    }

    /// Returns the positions of all rules that a post matches, in ascending order.
    pub fn matches(&self, post: &SearchablePost, mode: MatchMode) -> Vec<usize> {
        let mut candidates = self.unkeyed.clone();
        post.for_each_index_key(mode, &mut |key| {
            candidates.extend(self.by_key.get(key).into_iter().flatten());
        });
        candidates.sort_unstable();
        candidates.dedup();
        let prepared = PreparedPost::new(post, mode);
        let numbers = candidates.into_iter().map(|number| number as usize);
        numbers.filter(|number| prepared.matches(&self.rules[*number])).collect()
    }
}
