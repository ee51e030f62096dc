//! OptionalList rules at once: each rule is looked at only when a post holds something that the rule cannot do without.

use std::collections::HashMap;

use crate::lex::{folded, has_no_blanks, words};
use crate::matcher::{MatchMode, Prepared, Subject};
use crate::operator::{Name, Operator, Value};
use crate::parse::Query;

/// Counts are told apart by the powers of ten that they reach.
const POWERS: [u64; 7] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];

impl Subject {
    /// Everything that the post can be found by: its words, tags, author, traits, as short texts.
    ///
    /// If a query matches the post, then one of the query's [`anchors`](Query::anchors) is among them; a store of
    /// posts can keep a list of posts for each.
    pub fn keys(&self, dialect: MatchMode) -> Vec<String> {
        let mut all = Vec::new();
        if dialect == MatchMode::Stream || self.repost_of.is_none() {
            word_keys(&self.text, &mut all);
        }
        self.entity_keys(&mut all);
        if let Some(quoted) = self.quoted.as_deref().filter(|_| dialect == MatchMode::Stream) {
            word_keys(&quoted.text, &mut all);
            quoted.entity_keys(&mut all);
        }
        self.relation_keys(&mut all);
        all.extend(self.count_keys());
        all
    }

    fn entity_keys(&self, all: &mut Vec<String>) {
        for (sign, list) in [('#', &self.hashtags), ('$', &self.cashtags), ('@', &self.mentions)] {
            all.extend(list.iter().map(|item| format!("{sign}{}", item.to_lowercase())));
        }
        if !self.urls.is_empty() {
            all.push("has:links".to_owned());
        }
    }

    fn relation_keys(&self, all: &mut Vec<String>) {
        all.push(format!("from:{}", self.author.to_lowercase()));
        all.push(format!("from:{}", self.author_id));
        all.push(format!("conversation:{}", self.conversation));
        all.push(format!("lang:{}", self.lang.to_lowercase()));
        for (name, user) in [("to", &self.reply_to_user), ("reposts", &self.repost_of_user)] {
            if let Some((username, id)) = user {
                all.push(format!("{name}:{}", username.to_lowercase()));
                all.push(format!("{name}:{id}"));
            }
        }
        for (name, id) in [("reply", self.reply_to), ("quote", self.quote_of), ("repost", self.repost_of)] {
            if let Some(id) = id {
                all.push(format!("{name}:{id}"));
                all.push(format!("is:{name}"));
            }
        }
        all.extend(self.lists.iter().map(|list| format!("list:{list}")));
        if let Some((_, _, country)) = &self.place {
            all.push(format!("country:{}", country.to_lowercase()));
        }
        let traits = [
            ("hashtags", !self.hashtags.is_empty()),
            ("cashtags", !self.cashtags.is_empty()),
            ("mentions", !self.mentions.is_empty()),
            ("media", self.images || self.videos),
            ("images", self.images),
            ("videos", self.videos),
            ("geo", self.place.is_some() || self.point.is_some()),
        ];
        all.extend(traits.into_iter().filter(|(_, has)| *has).map(|(name, _)| format!("has:{name}")));
    }

    /// The keys of its counts, which change while the post does not.
    pub fn count_keys(&self) -> impl Iterator<Item = String> + use<> {
        let counts = [("likes", self.likes), ("replies", self.replies), ("reposts_by", self.reposts)];
        counts.into_iter().flat_map(|(name, count)| {
            POWERS.into_iter().take_while(move |power| *power <= count).map(move |power| format!("{name}:{power}"))
        })
    }
}

/// The keys of a text: its words, and each letter of scripts without blanks, and each symbol.
fn word_keys(text: &str, all: &mut Vec<String>) {
    let text = folded(text);
    all.extend(words(&text).map(|word| format!("w{word}")));
    let single = |c: &char| has_no_blanks(*c) || (!c.is_ascii() && !c.is_alphanumeric());
    all.extend(text.chars().filter(single).map(|c| format!("w{c}")));
}

/// The key without which a text cannot say this.
fn word_anchor(asked: &str) -> Option<String> {
    let asked = folded(asked);
    if let Some(c) = asked.chars().find(|c| has_no_blanks(*c)) {
        return Some(format!("w{c}"));
    }
    let longest = words(&asked).max_by_key(String::len);
    let symbol = || asked.chars().find(|c| !c.is_ascii() && !c.is_alphanumeric()).map(String::from);
    longest.or_else(symbol).map(|word| format!("w{word}"))
}

impl Query {
    /// Keys of which a matching post has at least one; none if no key narrows the query. Of several conditions that
    /// must all hold, the one is taken whose keys cost least in all.
    pub fn anchors(&self, cost: &dyn Fn(&str) -> usize) -> Option<Vec<String>> {
        match self {
            Self::Not(_) => None,
            Self::Term(operator) => anchor(operator).map(|key| vec![key]),
            Self::Or(parts) => {
                let all: Option<Vec<Vec<String>>> = parts.iter().map(|part| part.anchors(cost)).collect();
                all.map(|lists| lists.into_iter().flatten().collect())
            }
            Self::And(parts) => {
                let lists = parts.iter().filter_map(|part| part.anchors(cost));
                lists.min_by_key(|keys| keys.iter().map(|key| cost(key)).sum::<usize>())
            }
        }
    }
}

fn anchor(operator: &Operator) -> Option<String> {
    match operator {
        Operator::Word(text) | Operator::Phrase(text, _) => word_anchor(text),
        Operator::Hashtag(tag) => Some(format!("#{}", tag.to_lowercase())),
        Operator::Cashtag(tag) => Some(format!("${}", tag.to_lowercase())),
        Operator::Mention(name) => Some(format!("@{}", name.to_lowercase())),
        Operator::Named(name, value) => named(*name, value),
    }
}

fn named(name: Name, value: &Value) -> Option<String> {
    let lower = || value.to_string().to_lowercase();
    let power = |name: &str| match value {
        Value::Number(n) => POWERS.into_iter().rev().find(|power| power <= n).map(|power| format!("{name}:{power}")),
        _ => None,
    };
    Some(match name {
        Name::From => format!("from:{}", lower()),
        Name::To => format!("to:{}", lower()),
        Name::RepostsOf => format!("reposts:{}", lower()),
        Name::Conversation => format!("conversation:{value}"),
        Name::ReplyTo => format!("reply:{value}"),
        Name::QuoteOf => format!("quote:{value}"),
        Name::RepostOf => format!("repost:{value}"),
        Name::List => format!("list:{value}"),
        Name::Url | Name::UrlContains => "has:links".to_owned(),
        Name::Lang => format!("lang:{}", lower()),
        Name::Country => format!("country:{}", lower()),
        Name::Place | Name::PointRadius | Name::BoundingBox => "has:geo".to_owned(),
        Name::Has => match lower().as_str() {
            "video_link" => "has:videos".to_owned(),
            other => format!("has:{other}"),
        },
        Name::Is => match lower().as_str() {
            "retweet" => "is:repost".to_owned(),
            what @ ("reply" | "quote") => format!("is:{what}"),
            _ => return None,
        },
        Name::MinLikes => return power("likes"),
        Name::MinReplies => return power("replies"),
        Name::MinReposts => return power("reposts_by"),
        _ => return None,
    })
}

/// How common a kind of key is, roughly: what nearly every post has costs most.
fn commonness(key: &str) -> usize {
    match key.split_once(':') {
        Some(("lang", _)) => 1_000,
        Some(("has" | "is" | "likes" | "replies" | "reposts_by" | "country", _)) => 500,
        Some(_) => 1,
        // Long words are rarer than short ones.
        None => 40 / key.len().max(1) + 1,
    }
}

/// Rules, ready to be held against one post after another.
///
/// ```
/// use chirrup_query::{MatchMode, RuleIndex, Subject, parse};
///
/// let rules = RuleIndex::new([parse("cat").expect("sound"), parse("#dog").expect("sound")]);
/// let post = Subject { text: "a cat".to_owned(), ..Subject::default() };
/// assert_eq!(rules.matches(&post, MatchMode::Stream), [0]);
/// ```
#[derive(Debug, Default)]
pub struct RuleIndex {
    rules: Vec<Query>,
    by_key: HashMap<String, Vec<u32>>,
    /// Rules that no key narrows.
    always: Vec<u32>,
}

impl RuleIndex {
    /// Indexes rules. They are known by their place in this order; 4,294,967,295 at most are looked at.
    pub fn new(rules: impl IntoIterator<Item = Query>) -> Self {
        let mut index = Self::default();
        for (number, rule) in (0..u32::MAX).zip(rules) {
            match rule.anchors(&commonness) {
                Some(keys) => keys.into_iter().for_each(|key| index.by_key.entry(key).or_default().push(number)),
                None => index.always.push(number),
            }
            index.rules.push(rule);
        }
        index
    }

    /// The rule of this number.
    pub fn rule(&self, number: usize) -> Option<&Query> {
        self.rules.get(number)
    }

    /// The numbers of all rules that the post matches, in order.
    pub fn matches(&self, subject: &Subject, dialect: MatchMode) -> Vec<usize> {
        let mut candidates = self.always.clone();
        for key in subject.keys(dialect) {
            candidates.extend(self.by_key.get(&key).into_iter().flatten());
        }
        candidates.sort_unstable();
        candidates.dedup();
        let prepared = Prepared::new(subject, dialect);
        let numbers = candidates.into_iter().map(|number| number as usize);
        numbers.filter(|number| prepared.matches(&self.rules[*number])).collect()
    }
}
