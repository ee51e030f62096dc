//! Whether a post is what a query asks for.

use crate::lex::words;
use crate::operator::{Has, Is, Operator};
use crate::parse::Query;

/// What a query can ask of a post. Names and texts are compared without regard to case.
#[derive(Debug, Clone, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is a fact that the language asks for by itself")]
pub struct Subject {
    /// The text.
    pub text: String,
    /// The author's id.
    pub author_id: u64,
    /// The author's name.
    pub author: String,
    /// Whether the author carries a mark.
    pub author_verified: bool,
    /// The language.
    pub lang: String,
    /// Hashtags without their signs.
    pub hashtags: Vec<String>,
    /// Cashtags without their signs.
    pub cashtags: Vec<String>,
    /// Names of the users that it mentions.
    pub mentions: Vec<String>,
    /// Its links, short and long.
    pub urls: Vec<String>,
    /// The first post of its thread.
    pub conversation: u64,
    /// The post that it answers.
    pub reply_to: Option<u64>,
    /// The user that it answers: name and id.
    pub reply_to_user: Option<(String, u64)>,
    /// The post that it quotes.
    pub quote_of: Option<u64>,
    /// The post that it repeats.
    pub repost_of: Option<u64>,
    /// The user whose post it repeats: name and id.
    pub repost_of_user: Option<(String, u64)>,
    /// Whether it has pictures.
    pub images: bool,
    /// Whether it has videos or animated images.
    pub videos: bool,
    /// The place: id, name and country.
    pub place: Option<(String, String, String)>,
    /// Whether it is shown only as an advertisement.
    pub nullcast: bool,
    /// Likes.
    pub likes: u64,
    /// Replies.
    pub replies: u64,
    /// Reposts.
    pub reposts: u64,
}

/// Whether the post is what the query asks for.
pub fn matches(query: &Query, subject: &Subject) -> bool {
    match query {
        Query::Term(operator) => holds(operator, subject),
        Query::Not(inner) => !matches(inner, subject),
        Query::And(parts) => parts.iter().all(|part| matches(part, subject)),
        Query::Or(parts) => parts.iter().any(|part| matches(part, subject)),
    }
}

fn same(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b) || a.to_lowercase() == b.to_lowercase()
}

fn is_user(asked: &str, name: &str, id: u64) -> bool {
    let asked = asked.trim_start_matches('@');
    same(asked, name) || asked.parse() == Ok(id)
}

fn holds(operator: &Operator, s: &Subject) -> bool {
    match operator {
        // A repost's text is another's; keyword searches have left reposts out since May 2026.
        Operator::Word(_) | Operator::Phrase(_) if s.repost_of.is_some() => false,
        Operator::Word(word) | Operator::Phrase(word) => has_words(&s.text, word),
        Operator::Hashtag(tag) => s.hashtags.iter().any(|t| same(t, tag)),
        Operator::Cashtag(tag) => s.cashtags.iter().any(|t| same(t, tag)),
        Operator::Mention(name) => s.mentions.iter().any(|n| same(n, name)),
        Operator::From(user) => is_user(user, &s.author, s.author_id),
        Operator::To(user) => s.reply_to_user.as_ref().is_some_and(|(name, id)| is_user(user, name, *id)),
        Operator::RepostsOf(user) => s.repost_of_user.as_ref().is_some_and(|(name, id)| is_user(user, name, *id)),
        Operator::Conversation(id) => s.conversation == *id,
        Operator::ReplyTo(id) => s.reply_to == Some(*id),
        Operator::QuoteOf(id) => s.quote_of == Some(*id),
        Operator::RepostOf(id) => s.repost_of == Some(*id),
        Operator::Url(text) => s.urls.iter().any(|url| url.to_lowercase().contains(&text.to_lowercase())),
        Operator::Lang(code) => same(&s.lang, code),
        Operator::Country(code) => s.place.as_ref().is_some_and(|(_, _, country)| same(country, code)),
        Operator::Place(asked) => s
            .place
            .as_ref()
            .is_some_and(|(id, name, _)| same(id, asked) || name.to_lowercase().contains(&asked.to_lowercase())),
        Operator::Is(what) => match what {
            Is::Repost => s.repost_of.is_some(),
            Is::Reply => s.reply_to.is_some(),
            Is::Quote => s.quote_of.is_some(),
            Is::Verified => s.author_verified,
            Is::Nullcast => s.nullcast,
        },
        Operator::Has(what) => match what {
            Has::Hashtags => !s.hashtags.is_empty(),
            Has::Cashtags => !s.cashtags.is_empty(),
            Has::Links => !s.urls.is_empty(),
            Has::Mentions => !s.mentions.is_empty(),
            Has::Media => s.images || s.videos,
            Has::Images => s.images,
            Has::Videos => s.videos,
            Has::Geo => s.place.is_some(),
        },
        Operator::MinLikes(n) => s.likes >= *n,
        Operator::MinReplies(n) => s.replies >= *n,
        Operator::MinReposts(n) => s.reposts >= *n,
    }
}

/// Whether the words of `asked` follow each other in `text`. What holds no word (an emoji) is looked for as it is.
fn has_words(text: &str, asked: &str) -> bool {
    let asked_words: Vec<String> = words(asked).collect();
    if asked_words.is_empty() {
        return text.to_lowercase().contains(&asked.to_lowercase());
    }
    let all: Vec<String> = words(text).collect();
    all.windows(asked_words.len()).any(|window| window == asked_words)
}
