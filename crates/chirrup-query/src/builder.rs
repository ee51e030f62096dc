//! Building a query that cannot be wrong.

use std::fmt;

use crate::operator::{Name, Operator, Value};
use crate::parse::Query;

/// A condition, or several, of which one can stand alone: a query that X takes.
///
/// ```
/// use chirrup_query::{Anchor, Filter};
///
/// let query = Anchor::word("rust").or(Anchor::hashtag("ferris")).and(Filter::lang("en")).but_not(Filter::reposts());
/// assert_eq!(query.to_string(), "(rust OR #ferris) lang:en -is:retweet");
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Anchor(Query);

/// A condition that needs an [`Anchor`] beside it.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Filter(Query);

impl From<Anchor> for Filter {
    fn from(anchor: Anchor) -> Self {
        Self(anchor.0)
    }
}

/// A text without what would end it.
fn inner(text: impl Into<String>) -> String {
    let text: String = text.into().chars().filter(|c| *c != '"' && !c.is_control()).collect();
    if text.trim().is_empty() { "_".to_owned() } else { text }
}

/// A name or tag: its letters, digits and underscores.
fn name(text: &str) -> String {
    let name: String = text.chars().filter(|c| c.is_alphanumeric() || *c == '_').collect();
    if name.is_empty() { "_".to_owned() } else { name }
}

fn user(text: &str) -> Value {
    let user: String = text.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(20).collect();
    Value::Text(if user.is_empty() { "_".to_owned() } else { user })
}

impl Anchor {
    const fn named(name: Name, value: Value) -> Self {
        Self(Query::Term(Operator::Named(name, value)))
    }
    /// Posts with this word. What is more than one word becomes a phrase.
    pub fn word(text: impl Into<String>) -> Self {
        Self::phrase(text).plain()
    }
    /// Posts with these words in a row.
    pub fn phrase(text: impl Into<String>) -> Self {
        Self(Query::Term(Operator::Phrase(inner(text), None)))
    }
    /// A phrase that is one plain word needs no quotation marks.
    fn plain(self) -> Self {
        match &self.0 {
            Query::Term(Operator::Phrase(text, None))
                if text.chars().all(char::is_alphanumeric) && !text.eq_ignore_ascii_case("and") && text != "OR" =>
            {
                Self(Query::Term(Operator::Word(text.clone())))
            }
            _ => self,
        }
    }
    /// Posts with this hashtag.
    pub fn hashtag(tag: &str) -> Self {
        Self(Query::Term(Operator::Hashtag(name(tag))))
    }
    /// Posts that mention this user.
    pub fn mention(username: &str) -> Self {
        Self(Query::Term(Operator::Mention(name(username))))
    }
    /// Posts by this user: a name or an id.
    pub fn from(who: &str) -> Self {
        Self::named(Name::From, user(who))
    }
    /// Replies to this user.
    pub fn to(who: &str) -> Self {
        Self::named(Name::To, user(who))
    }
    /// Posts of this thread.
    pub const fn conversation(id: u64) -> Self {
        Self::named(Name::Conversation, Value::Number(id))
    }
    /// Posts with a link that holds this.
    pub fn url(text: impl Into<String>) -> Self {
        Self::named(Name::Url, Value::Text(inner(text)))
    }
    /// Posts with at least so many likes.
    pub const fn min_likes(count: u64) -> Self {
        Self::named(Name::MinLikes, Value::Number(count))
    }
    /// Either this or the other.
    pub fn or(self, other: Self) -> Self {
        Self(Query::Or(vec![self.0, other.0]).normalize())
    }
    /// This, and the other too.
    pub fn and(self, other: impl Into<Filter>) -> Self {
        Self(Query::And(vec![self.0, other.into().0]).normalize())
    }
    /// This, but not the other.
    pub fn but_not(self, other: impl Into<Filter>) -> Self {
        let not = Query::Not(Box::new(other.into().0));
        Self(Query::And(vec![self.0, not]).normalize())
    }
    /// The query.
    pub fn query(&self) -> &Query {
        &self.0
    }
}

impl fmt::Display for Anchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Filter {
    fn word(name: Name, word: &str) -> Self {
        Self(Query::Term(Operator::Named(name, Value::Text(word.to_owned()))))
    }
    /// Posts in this language; what is no code of X becomes `und`, the language that X could not tell.
    pub fn lang(code: &str) -> Self {
        match Operator::read(&format!("lang:{code}")) {
            Ok(operator @ Operator::Named(Name::Lang, _)) => Self(Query::Term(operator)),
            _ => Self::word(Name::Lang, "und"),
        }
    }
    /// Reposts.
    pub fn reposts() -> Self {
        Self::word(Name::Is, "retweet")
    }
    /// Replies.
    pub fn replies() -> Self {
        Self::word(Name::Is, "reply")
    }
    /// Quotes.
    pub fn quotes() -> Self {
        Self::word(Name::Is, "quote")
    }
    /// Posts by users with a mark.
    pub fn verified() -> Self {
        Self::word(Name::Is, "verified")
    }
    /// Posts with pictures or videos.
    pub fn media() -> Self {
        Self::word(Name::Has, "media")
    }
    /// Posts with links.
    pub fn links() -> Self {
        Self::word(Name::Has, "links")
    }
    /// Posts with a place.
    pub fn geo() -> Self {
        Self::word(Name::Has, "geo")
    }
    /// Either this or the other.
    pub fn or(self, other: impl Into<Self>) -> Self {
        Self(Query::Or(vec![self.0, other.into().0]).normalize())
    }
}
