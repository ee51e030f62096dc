//! The operators that the matcher knows, and how their names and values are read.

use std::fmt;

/// One condition of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Operator {
    /// A word of the text.
    Word(String),
    /// Words that follow each other.
    Phrase(String),
    /// A hashtag, without its sign.
    Hashtag(String),
    /// A cashtag, without its sign.
    Cashtag(String),
    /// A mention, without its sign.
    Mention(String),
    /// The author, by name or id.
    From(String),
    /// Whom it answers, by name or id.
    To(String),
    /// Whose post it repeats, by name or id.
    RepostsOf(String),
    /// The thread, by the id of its first post.
    Conversation(u64),
    /// The post that it answers.
    ReplyTo(u64),
    /// The post that it quotes.
    QuoteOf(u64),
    /// The post that it repeats.
    RepostOf(u64),
    /// A part of a link.
    Url(String),
    /// The language.
    Lang(String),
    /// The country of its place.
    Country(String),
    /// The place, by name or id.
    Place(String),
    /// `is:`: retweet, reply, quote, verified, nullcast.
    Is(Is),
    /// `has:`: hashtags, cashtags, links, mentions, media, images, videos, geo.
    Has(Has),
    /// At least so many likes.
    MinLikes(u64),
    /// At least so many replies.
    MinReplies(u64),
    /// At least so many reposts.
    MinReposts(u64),
}

macro_rules! closed {
    ($(#[$doc:meta])+ $name:ident { $($(#[$vdoc:meta])+ $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$vdoc])+ $variant,)+ }
        impl $name {
            const WORDS: &[(&str, Self)] = &[$(($word, Self::$variant),)+];
            fn read(word: &str) -> Option<Self> {
                Self::WORDS.iter().find(|(w, _)| w.eq_ignore_ascii_case(word)).map(|(_, v)| *v)
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self { $(Self::$variant => f.write_str($word),)+ }
            }
        }
    };
}

closed! {
    /// What a post can be.
    Is {
        /// A repost.
        Repost = "retweet",
        /// A reply.
        Reply = "reply",
        /// A quote.
        Quote = "quote",
        /// By an author with a mark.
        Verified = "verified",
        /// Shown only as an advertisement.
        Nullcast = "nullcast",
    }
}

closed! {
    /// What a post can have.
    Has {
        /// Hashtags.
        Hashtags = "hashtags",
        /// Cashtags.
        Cashtags = "cashtags",
        /// Links.
        Links = "links",
        /// Mentions.
        Mentions = "mentions",
        /// Media.
        Media = "media",
        /// Pictures.
        Images = "images",
        /// Videos.
        Videos = "video_link",
        /// A place.
        Geo = "geo",
    }
}

/// Names of the web search that the API refuses, and what to use instead.
const WEB_ONLY: [(&str, &str); 6] = [
    ("min_faves", "min_likes:"),
    ("min_retweets", "min_reposts:"),
    ("since", "the parameter start_time"),
    ("until", "the parameter end_time"),
    ("filter", "has: or is:"),
    ("near", "place: or point_radius:"),
];

impl Operator {
    /// Reads a term: a tag, a mention, `name:value`, or a word.
    pub(crate) fn read(term: &str) -> Result<Self, String> {
        let rest = |sign: char| term.strip_prefix(sign).filter(|rest| !rest.is_empty()).map(str::to_owned);
        if let Some(tag) = rest('#') {
            return Ok(Self::Hashtag(tag));
        }
        if let Some(name) = rest('@') {
            return Ok(Self::Mention(name));
        }
        if let Some(tag) = rest('$').filter(|tag| tag.starts_with(|c: char| c.is_alphabetic())) {
            return Ok(Self::Cashtag(tag));
        }
        if term.eq_ignore_ascii_case("and") {
            return Err(format!(
                "Ambiguous use of {term} as a keyword. Use a space to logically join two clauses, or \"and\" to find \
                 occurrences of and in text"
            ));
        }
        match term.split_once(':') {
            Some((name, value)) if !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_') => {
                Self::named(&name.to_ascii_lowercase(), value.trim_matches('"'))
            }
            _ => Ok(Self::Word(term.to_owned())),
        }
    }

    fn named(name: &str, value: &str) -> Result<Self, String> {
        let text = || {
            if value.is_empty() { Err(format!("operator '{name}' has no value")) } else { Ok(value.to_owned()) }
        };
        let number = || value.parse::<u64>().map_err(|_| format!("operator '{name}' needs a number, not '{value}'"));
        let unknown = |what: &str| format!("'{value}' is not known to operator '{what}'");
        Ok(match name {
            "from" => Self::From(text()?),
            "to" => Self::To(text()?),
            "retweets_of" => Self::RepostsOf(text()?),
            "conversation_id" => Self::Conversation(number()?),
            "in_reply_to_tweet_id" => Self::ReplyTo(number()?),
            "quotes_of_tweet_id" => Self::QuoteOf(number()?),
            "retweets_of_tweet_id" => Self::RepostOf(number()?),
            "url" => Self::Url(text()?),
            "lang" => Self::Lang(text()?),
            "place_country" => Self::Country(text()?),
            "place" => Self::Place(text()?),
            "is" => Self::Is(Is::read(value).ok_or_else(|| unknown("is"))?),
            "has" if value.eq_ignore_ascii_case("videos") => Self::Has(Has::Videos),
            "has" => Self::Has(Has::read(value).ok_or_else(|| unknown("has"))?),
            "min_likes" => Self::MinLikes(number()?),
            "min_replies" => Self::MinReplies(number()?),
            "min_reposts" => Self::MinReposts(number()?),
            _ => {
                let hint = WEB_ONLY.iter().find(|(web, _)| *web == name);
                let hint = hint.map(|(_, instead)| format!(" Use {instead} instead.")).unwrap_or_default();
                return Err(format!(
                    "Reference to invalid operator '{name}'. Operator is not available in current product or product \
                     packaging. Please refer to complete available operator list at http://t.co/operators.{hint}"
                ));
            }
        })
    }

    /// Whether it may stand in a query without another condition beside it.
    pub(crate) fn stands_alone(&self) -> bool {
        !matches!(self, Self::Is(_) | Self::Has(_) | Self::Lang(_))
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = |f: &mut fmt::Formatter<'_>, name: &str, value: &str| {
            let mark = if value.contains(char::is_whitespace) { "\"" } else { "" };
            write!(f, "{name}:{mark}{value}{mark}")
        };
        match self {
            Self::Word(word) => f.write_str(word),
            Self::Phrase(text) => write!(f, "\"{text}\""),
            Self::Hashtag(tag) => write!(f, "#{tag}"),
            Self::Cashtag(tag) => write!(f, "${tag}"),
            Self::Mention(name) => write!(f, "@{name}"),
            Self::From(user) => named(f, "from", user),
            Self::To(user) => named(f, "to", user),
            Self::RepostsOf(user) => named(f, "retweets_of", user),
            Self::Conversation(id) => write!(f, "conversation_id:{id}"),
            Self::ReplyTo(id) => write!(f, "in_reply_to_tweet_id:{id}"),
            Self::QuoteOf(id) => write!(f, "quotes_of_tweet_id:{id}"),
            Self::RepostOf(id) => write!(f, "retweets_of_tweet_id:{id}"),
            Self::Url(text) => write!(f, "url:\"{text}\""),
            Self::Lang(code) => named(f, "lang", code),
            Self::Country(code) => named(f, "place_country", code),
            Self::Place(text) => named(f, "place", text),
            Self::Is(what) => write!(f, "is:{what}"),
            Self::Has(what) => write!(f, "has:{what}"),
            Self::MinLikes(n) => write!(f, "min_likes:{n}"),
            Self::MinReplies(n) => write!(f, "min_replies:{n}"),
            Self::MinReposts(n) => write!(f, "min_reposts:{n}"),
        }
    }
}
