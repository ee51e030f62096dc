//! Builder of queries that X accepts.

use std::fmt;

use crate::operator::{Operator, OperatorName};
use crate::parse::Query;
use crate::value::Value;

/// Condition that a query can consist of alone, or several that contain one.
///
/// Characters that would be syntax are removed from texts and names, so that every query is valid.
///
/// ```
/// use chirrup_query::{Filter, Standalone};
///
/// let query = Standalone::keyword("rust")
///     .or(Standalone::hashtag("ferris"))
///     .and(Filter::lang("en"))
///     .and_not(Filter::reposts());
/// assert_eq!(query.to_string(), "(rust OR #ferris) lang:en -is:retweet");
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Standalone(Query);

/// Condition that needs a [`Standalone`] condition in the same query.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Filter(Query);

impl From<Standalone> for Filter {
    fn from(condition: Standalone) -> Self {
        Self(condition.0)
    }
}

/// Removes what would end a quoted text, and replaces an empty one.
fn quotable(text: impl Into<String>) -> String {
    let text: String = text.into().chars().filter(|c| *c != '"' && !c.is_control()).collect();
    if text.trim().is_empty() { "_".to_owned() } else { text }
}

/// Keeps the letters, digits and underscores of a username or tag, and replaces an empty one.
fn tag(text: &str) -> String {
    let tag: String = text.chars().filter(|c| c.is_alphanumeric() || *c == '_').collect();
    if tag.is_empty() { "_".to_owned() } else { tag }
}

/// Keeps the first 20 ASCII letters, digits and underscores, and replaces an empty username.
fn user(text: &str) -> Value {
    let user: String = text.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(20).collect();
    Value::Text(if user.is_empty() { "_".to_owned() } else { user })
}

impl Standalone {
    const fn named(name: OperatorName, value: Value) -> Self {
        Self(Query::Term(Operator::Named(name, value)))
    }
    /// Posts that contain this word. A text of several words becomes a phrase.
    pub fn keyword(text: impl Into<String>) -> Self {
        let text = quotable(text);
        let is_word = text.chars().all(char::is_alphanumeric) && !text.eq_ignore_ascii_case("and") && text != "OR";
        Self(Query::Term(if is_word { Operator::Keyword(text) } else { Operator::Phrase(text, None) }))
    }
    /// Posts that contain this exact phrase.
    pub fn phrase(text: impl Into<String>) -> Self {
        Self(Query::Term(Operator::Phrase(quotable(text), None)))
    }
    /// Posts with this hashtag, given without the `#`.
    pub fn hashtag(word: &str) -> Self {
        Self(Query::Term(Operator::Hashtag(tag(word))))
    }
    /// Posts that mention the user with this username.
    pub fn mention(username: &str) -> Self {
        Self(Query::Term(Operator::Mention(tag(username))))
    }
    /// Posts by the user with this username or user ID.
    pub fn from(username_or_id: &str) -> Self {
        Self::named(OperatorName::From, user(username_or_id))
    }
    /// Replies to the user with this username or user ID.
    pub fn to(username_or_id: &str) -> Self {
        Self::named(OperatorName::To, user(username_or_id))
    }
    /// Posts in the conversation that starts with this post.
    pub const fn conversation_id(post_id: u64) -> Self {
        Self::named(OperatorName::ConversationId, Value::Number(post_id))
    }
    /// Posts with a URL that contains this text as complete parts, such as a domain.
    pub fn url(text: impl Into<String>) -> Self {
        Self::named(OperatorName::Url, Value::Text(quotable(text)))
    }
    /// Posts with at least this many likes.
    pub const fn min_likes(count: u64) -> Self {
        Self::named(OperatorName::MinLikes, Value::Number(count))
    }
    /// Posts that match this condition or the other.
    pub fn or(self, other: Self) -> Self {
        Self(Query::Or(vec![self.0, other.0]).normalize())
    }
    /// Posts that match this condition and the other.
    pub fn and(self, other: impl Into<Filter>) -> Self {
        Self(Query::And(vec![self.0, other.into().0]).normalize())
    }
    /// Posts that match this condition but not the other.
    pub fn and_not(self, other: impl Into<Filter>) -> Self {
        let not = Query::Not(Box::new(other.into().0));
        Self(Query::And(vec![self.0, not]).normalize())
    }
    /// Returns the query that this condition is.
    pub fn query(&self) -> &Query {
        &self.0
    }
}

impl fmt::Display for Standalone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Filter {
    fn named(name: OperatorName, value: &str) -> Self {
        Self(Query::Term(Operator::Named(name, Value::Text(value.to_owned()))))
    }
    /// Posts in the language with this code. An unknown code becomes `und`, for posts whose language X did not detect.
    pub fn lang(code: &str) -> Self {
        match OperatorName::Lang.value_kind().parse_for("lang", code) {
            Ok(value) => Self(Query::Term(Operator::Named(OperatorName::Lang, value))),
            Err(_) => Self::named(OperatorName::Lang, "und"),
        }
    }
    /// Posts that are reposts.
    pub fn reposts() -> Self {
        Self::named(OperatorName::Is, "retweet")
    }
    /// Posts that are replies.
    pub fn replies() -> Self {
        Self::named(OperatorName::Is, "reply")
    }
    /// Posts that are quotes.
    pub fn quotes() -> Self {
        Self::named(OperatorName::Is, "quote")
    }
    /// Posts by verified users.
    pub fn verified() -> Self {
        Self::named(OperatorName::Is, "verified")
    }
    /// Posts with images or videos.
    pub fn media() -> Self {
        Self::named(OperatorName::Has, "media")
    }
    /// Posts that contain links.
    pub fn links() -> Self {
        Self::named(OperatorName::Has, "links")
    }
    /// Posts with a place or coordinates.
    pub fn geo() -> Self {
        Self::named(OperatorName::Has, "geo")
    }
    /// Posts that match this condition or the other.
    pub fn or(self, other: impl Into<Self>) -> Self {
        Self(Query::Or(vec![self.0, other.into().0]).normalize())
    }
}
