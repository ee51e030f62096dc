//! Operators of the query language: a table of their names, products and values.

use std::fmt;

use crate::invalid_term::{InvalidTerm, closest};
use crate::target::Product;
use crate::value::{Value, ValueKind};

macro_rules! operators {
    ($($(#[$doc:meta])+ $variant:ident = $name:literal, $standalone:literal, [$($product:ident)*], $kind:expr;)+) => {
        /// Name of an operator with a value, such as `from` in `from:ada`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum OperatorName { $($(#[$doc])+ $variant,)+ }

        impl OperatorName {
            /// Names of all operators with a value.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];
            /// Name in a query, without the colon.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
            /// Whether a query can consist of this operator alone. The others need a standalone operator in the same
            /// query.
            pub const fn is_standalone(self) -> bool {
                match self { $(Self::$variant => $standalone,)+ }
            }
            /// Products in which the operator is available.
            pub const fn products(self) -> &'static [Product] {
                match self { $(Self::$variant => &[$(Product::$product),*],)+ }
            }
            pub(crate) const fn value_kind(self) -> ValueKind {
                match self { $(Self::$variant => $kind,)+ }
            }
        }
    };
}

operators! {
    /// Posts by this user.
    From = "from", true, [RecentSearch FullArchiveSearch FilteredStream], ValueKind::User;
    /// Replies to this user.
    To = "to", true, [RecentSearch FullArchiveSearch FilteredStream], ValueKind::User;
    /// Reposts of posts by this user.
    RepostsOf = "retweets_of", true, [RecentSearch FullArchiveSearch FilteredStream], ValueKind::User;
    /// Posts by users who are affiliated with this organization.
    FromAffiliateOf = "from_affiliate_of", true, [FilteredStream], ValueKind::User;
    /// Replies to users who are affiliated with this organization.
    ToAffiliateOf = "to_affiliate_of", true, [FilteredStream], ValueKind::User;
    /// Posts with a URL that contains this text as complete parts.
    Url = "url", true, [RecentSearch FullArchiveSearch FilteredStream], ValueKind::Text;
    /// Posts with a URL of a page whose title contains these words.
    UrlTitle = "url_title", true, [FilteredStream], ValueKind::Text;
    /// Posts with a URL of a page whose description contains these words.
    UrlDescription = "url_description", true, [FilteredStream], ValueKind::Text;
    /// Posts with a URL that contains this text literally.
    UrlContains = "url_contains", true, [FilteredStream], ValueKind::Text;
    /// Posts with this context annotation.
    Context = "context", true, [RecentSearch FullArchiveSearch FilteredStream], ValueKind::Context;
    /// Posts with an annotated entity of this name.
    Entity = "entity", true, [RecentSearch FilteredStream], ValueKind::Text;
    /// Posts in the conversation that starts with this post.
    ConversationId = "conversation_id", true, [RecentSearch FullArchiveSearch FilteredStream], ValueKind::Id;
    /// Posts by members of this list.
    List = "list", true, [RecentSearch FullArchiveSearch], ValueKind::Id;
    /// Replies to this post.
    ReplyTo = "in_reply_to_tweet_id", true, [RecentSearch FullArchiveSearch FilteredStream], ValueKind::Id;
    /// Reposts of this post.
    RepostOf = "retweets_of_tweet_id", true, [RecentSearch FullArchiveSearch FilteredStream], ValueKind::Id;
    /// Quotes of this post.
    QuoteOf = "quotes_of_tweet_id", true, [RecentSearch FullArchiveSearch], ValueKind::Id;
    /// Posts by users whose profile description contains these words.
    Bio = "bio", true, [FilteredStream], ValueKind::Text;
    /// Posts by users whose display name contains these words.
    BioName = "bio_name", true, [FilteredStream], ValueKind::Text;
    /// Posts by users whose profile location contains these words.
    BioLocation = "bio_location", true, [FilteredStream], ValueKind::Text;
    /// Posts from this place, by its ID or name.
    Place = "place", true, [RecentSearch FullArchiveSearch FilteredStream], ValueKind::Text;
    /// Posts from this country.
    Country = "place_country", true, [RecentSearch FullArchiveSearch FilteredStream], ValueKind::Country;
    /// Posts from within a circle.
    PointRadius = "point_radius", true, [RecentSearch FullArchiveSearch FilteredStream], ValueKind::Circle;
    /// Posts from within a bounding box.
    BoundingBox = "bounding_box", true, [RecentSearch FullArchiveSearch FilteredStream], ValueKind::Box;
    /// Posts of this type: reposts, replies, quotes, posts by verified users, or advertisements.
    Is = "is", false, [RecentSearch FullArchiveSearch FilteredStream],
        ValueKind::OneOf(&["retweet", "reply", "quote", "verified", "nullcast"]);
    /// Posts with this kind of content, such as links or images.
    Has = "has", false, [RecentSearch FullArchiveSearch FilteredStream], ValueKind::OneOf(
        &["hashtags", "cashtags", "links", "mentions", "media", "images", "video_link", "videos", "geo"]);
    /// Posts in this language.
    Lang = "lang", false, [RecentSearch FullArchiveSearch FilteredStream], ValueKind::Lang;
    /// Random sample of this percentage of the posts.
    Sample = "sample", false, [FilteredStream], ValueKind::Percent;
    /// Posts with at least this many likes.
    MinLikes = "min_likes", true, [RecentSearch FullArchiveSearch], ValueKind::Number;
    /// Posts with at least this many replies.
    MinReplies = "min_replies", true, [RecentSearch FullArchiveSearch], ValueKind::Number;
    /// Posts with at least this many reposts.
    MinReposts = "min_reposts", true, [RecentSearch FullArchiveSearch], ValueKind::Number;
    /// Posts by users with at least this many followers.
    MinFollowers = "min_followers", true, [FilteredStream], ValueKind::Number;
    /// Posts by users with this number of followers.
    FollowersCount = "followers_count", true, [FilteredStream], ValueKind::Range;
    /// Posts by users with this number of posts.
    PostsCount = "tweets_count", true, [FilteredStream], ValueKind::Range;
    /// Posts by users who follow this number of users.
    FollowingCount = "following_count", true, [FilteredStream], ValueKind::Range;
    /// Posts by users who are on this number of lists.
    ListedCount = "listed_count", true, [FilteredStream], ValueKind::Range;
    /// Posts created with this app.
    Source = "source", true, [FilteredStream], ValueKind::Text;
    /// Posts with a similar meaning to this text. Requires the Enterprise tier.
    Embedding = "embedding", true, [FilteredStream], ValueKind::Text;
    /// Minimum similarity of meaning for `embedding:`.
    EmbeddingThreshold = "embedding_threshold", false, [FilteredStream], ValueKind::Fraction;
}

/// Operator of a query: one condition on a post.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Operator {
    /// Word in the text of the post.
    Keyword(String),
    /// Exact phrase, or with a distance, words with at most that many others between them.
    Phrase(String, Option<u8>),
    /// Hashtag in the text of the post, without the `#`.
    Hashtag(String),
    /// Cashtag in the text of the post, without the `$`.
    Cashtag(String),
    /// Mention of a user, without the `@`.
    Mention(String),
    /// Operator with a value: `name:value`.
    Named(OperatorName, Value),
}

/// Operators of the search on x.com that the API rejects, and their replacements.
const WEB_ONLY: [(&str, &str); 8] = [
    ("min_faves", "`min_likes:`"),
    ("min_retweets", "`min_reposts:`"),
    ("since", "the parameter `start_time`"),
    ("until", "the parameter `end_time`"),
    ("since_id", "the parameter `since_id`"),
    ("filter", "`has:` or `is:`"),
    ("near", "`place:` or `point_radius:`"),
    ("within", "`point_radius:`"),
];

impl Operator {
    /// Parses a term: a hashtag, cashtag, mention, `name:value` or keyword.
    pub(crate) fn parse_term(term: &str) -> Result<Self, InvalidTerm> {
        let after = |symbol: char| term.strip_prefix(symbol).filter(|rest| !rest.is_empty()).map(str::to_owned);
        if let Some(tag) = after('#').or_else(|| after('＃')) {
            return Ok(Self::Hashtag(tag));
        }
        if let Some(name) = after('@').or_else(|| after('＠')) {
            return Ok(Self::Mention(name));
        }
        if let Some(tag) = after('$').filter(|tag| tag.starts_with(|c: char| c.is_alphabetic())) {
            return Ok(Self::Cashtag(tag));
        }
        if term.eq_ignore_ascii_case("and") {
            return Err(InvalidTerm::new(format!(
                "Ambiguous use of {term} as a keyword. Use a space to logically join two clauses, or \"and\" to find \
                 occurrences of and in text"
            ))
            .suggest(format!("remove `{term}`: terms separated by a space must all match")));
        }
        match term.split_once(':') {
            Some((name, value)) if !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_') => {
                let name = name.to_ascii_lowercase();
                let known = OperatorName::ALL.iter().copied().find(|known| known.as_str() == name);
                let known = known.ok_or_else(|| unknown_operator(&name))?;
                let unquoted = value.strip_prefix('"').and_then(|v| v.strip_suffix('"')).unwrap_or(value);
                Ok(Self::Named(known, known.value_kind().parse_for(known.as_str(), unquoted)?))
            }
            _ => Ok(Self::Keyword(term.to_owned())),
        }
    }

    /// Parses a phrase with its quotation marks and the optional distance `~N`.
    pub(crate) fn parse_phrase(text: &str) -> Result<Self, InvalidTerm> {
        let end = text.rfind('"').unwrap_or(0);
        let phrase = text.get(1..end).unwrap_or_default();
        if phrase.trim().is_empty() {
            return Err(InvalidTerm::new("the phrase is empty").suggest("write words between the quotation marks"));
        }
        let distance = match text[end + 1..].strip_prefix('~') {
            None => None,
            Some(digits) => match digits.parse::<u8>() {
                Ok(n @ 1..=6) => Some(n),
                _ => return Err(InvalidTerm::new("the distance after `~` must be a number from 1 to 6")),
            },
        };
        Ok(Self::Phrase(phrase.to_owned(), distance))
    }

    /// Whether a query can consist of this operator alone.
    pub fn is_standalone(&self) -> bool {
        !matches!(self, Self::Named(name, _) if !name.is_standalone())
    }

    /// Whether the operator is available in a product.
    pub fn is_available_in(&self, product: Product) -> bool {
        match self {
            Self::Named(name, _) => name.products().contains(&product),
            Self::Phrase(_, distance) => distance.is_none() || product == Product::FilteredStream,
            _ => true,
        }
    }

    /// Whether this is `is:` or `has:` with this keyword.
    pub(crate) fn has_keyword(&self, name: OperatorName, keyword: &str) -> bool {
        matches!(self, Self::Named(n, Value::Text(text)) if *n == name && text == keyword)
    }
}

/// Error for an operator that does not exist or is not available, in the wording of X, with the closest replacement.
pub(crate) fn unknown_operator(name: &str) -> InvalidTerm {
    let message = format!(
        "Reference to invalid operator '{name}'. Operator is not available in current product or product packaging. \
         Please refer to complete available operator list at http://t.co/operators."
    );
    let replacement = WEB_ONLY.iter().find(|(web, _)| *web == name);
    let suggestion = match replacement {
        Some((web, replacement)) => Some(format!("`{web}:` works on x.com only; use {replacement} instead")),
        None => closest(name, OperatorName::ALL.iter().map(|known| known.as_str()))
            .map(|known| format!("did you mean `{known}:`?")),
    };
    InvalidTerm { message, suggestion }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Keyword(word) => f.write_str(word),
            Self::Phrase(text, None) => write!(f, "\"{text}\""),
            Self::Phrase(text, Some(distance)) => write!(f, "\"{text}\"~{distance}"),
            Self::Hashtag(tag) => write!(f, "#{tag}"),
            Self::Cashtag(tag) => write!(f, "${tag}"),
            Self::Mention(name) => write!(f, "@{name}"),
            Self::Named(name, value) => write!(f, "{}:{value}", name.as_str()),
        }
    }
}
