//! The operators: one table of names, products and values, and how a term is read by it.

use std::fmt;

use crate::lint::Product;

/// What the value of an operator is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Takes {
    /// A name or an id of a user.
    User,
    /// Any text.
    Text,
    /// An id.
    Id,
    /// A number, 0 or more.
    Number,
    /// A number, or `lo..hi`.
    Range,
    /// 1 to 100.
    Percent,
    /// 0.0 to 1.0.
    Fraction,
    /// `domain.entity`.
    Context,
    /// A language.
    Lang,
    /// Two letters.
    Country,
    /// `[longitude latitude radius]`.
    Circle,
    /// `[west south east north]`.
    Box,
    /// One of these words.
    OneOf(&'static [&'static str]),
}

macro_rules! operators {
    ($($(#[$doc:meta])+ $variant:ident = $word:literal, $alone:literal, [$($product:ident)*], $takes:expr;)+) => {
        /// The name of an operator that is written `name:value`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Name { $($(#[$doc])+ $variant,)+ }

        impl Name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];
            /// As it is written.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
            /// Whether it may stand in a query without another condition beside it.
            pub const fn stands_alone(self) -> bool {
                match self { $(Self::$variant => $alone,)+ }
            }
            /// Where it can be used.
            pub const fn products(self) -> &'static [Product] {
                match self { $(Self::$variant => &[$(Product::$product),*],)+ }
            }
            pub(crate) const fn takes(self) -> Takes {
                match self { $(Self::$variant => $takes,)+ }
            }
        }
    };
}

operators! {
    /// By this user.
    From = "from", true, [Recent All Stream], Takes::User;
    /// In answer to this user.
    To = "to", true, [Recent All Stream], Takes::User;
    /// Reposts of this user's posts.
    RepostsOf = "retweets_of", true, [Recent All Stream], Takes::User;
    /// By someone who belongs to this account.
    FromAffiliateOf = "from_affiliate_of", true, [Stream], Takes::User;
    /// To someone who belongs to this account.
    ToAffiliateOf = "to_affiliate_of", true, [Stream], Takes::User;
    /// With a link that holds this.
    Url = "url", true, [Recent All Stream], Takes::Text;
    /// With a link to a page of this title.
    UrlTitle = "url_title", true, [Stream], Takes::Text;
    /// With a link to a page of this description.
    UrlDescription = "url_description", true, [Stream], Takes::Text;
    /// With a link that literally holds this.
    UrlContains = "url_contains", true, [Stream], Takes::Text;
    /// About this thing, as X numbers it.
    Context = "context", true, [Recent All Stream], Takes::Context;
    /// About this thing, by its name.
    Entity = "entity", true, [Recent Stream], Takes::Text;
    /// In this thread.
    Conversation = "conversation_id", true, [Recent All Stream], Takes::Id;
    /// By members of this list.
    List = "list", true, [Recent All], Takes::Id;
    /// In answer to this post.
    ReplyTo = "in_reply_to_tweet_id", true, [Recent All Stream], Takes::Id;
    /// Reposts of this post.
    RepostOf = "retweets_of_tweet_id", true, [Recent All Stream], Takes::Id;
    /// Quotes of this post.
    QuoteOf = "quotes_of_tweet_id", true, [Recent All], Takes::Id;
    /// By users whose description has these words.
    Bio = "bio", true, [Stream], Takes::Text;
    /// By users whose shown name has these words.
    BioName = "bio_name", true, [Stream], Takes::Text;
    /// By users whose place has these words.
    BioLocation = "bio_location", true, [Stream], Takes::Text;
    /// At this place.
    Place = "place", true, [Recent All Stream], Takes::Text;
    /// In this country.
    Country = "place_country", true, [Recent All Stream], Takes::Country;
    /// Within a circle.
    PointRadius = "point_radius", true, [Recent All Stream], Takes::Circle;
    /// Within a box.
    BoundingBox = "bounding_box", true, [Recent All Stream], Takes::Box;
    /// What the post is.
    Is = "is", false, [Recent All Stream], Takes::OneOf(&["retweet", "reply", "quote", "verified", "nullcast"]);
    /// What the post has.
    Has = "has", false, [Recent All Stream],
        Takes::OneOf(&["hashtags", "cashtags", "links", "mentions", "media", "images", "video_link", "videos", "geo"]);
    /// In this language.
    Lang = "lang", false, [Recent All Stream], Takes::Lang;
    /// So many in a hundred, by chance.
    Sample = "sample", false, [Stream], Takes::Percent;
    /// With at least so many likes.
    MinLikes = "min_likes", true, [Recent All], Takes::Number;
    /// With at least so many replies.
    MinReplies = "min_replies", true, [Recent All], Takes::Number;
    /// With at least so many reposts.
    MinReposts = "min_reposts", true, [Recent All], Takes::Number;
    /// By users with at least so many followers.
    MinFollowers = "min_followers", true, [Stream], Takes::Number;
    /// By users with so many followers.
    FollowersCount = "followers_count", true, [Stream], Takes::Range;
    /// By users with so many posts.
    PostsCount = "tweets_count", true, [Stream], Takes::Range;
    /// By users who follow so many.
    FollowingCount = "following_count", true, [Stream], Takes::Range;
    /// By users who are on so many lists.
    ListedCount = "listed_count", true, [Stream], Takes::Range;
    /// Written with this app.
    Source = "source", true, [Stream], Takes::Text;
    /// Close in meaning to this text.
    Embedding = "embedding", true, [Stream], Takes::Text;
    /// How close in meaning.
    EmbeddingThreshold = "embedding_threshold", false, [Stream], Takes::Fraction;
}

/// The value of an operator. Numbers are kept as they were written, so that a query prints as it was read.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A text, a name, a word of a closed set.
    Text(String),
    /// An id or a count.
    Number(u64),
    /// From the first to the second, both included.
    Range(u64, u64),
    /// A share, 0 to 1.
    Fraction(f64),
    /// A circle: longitude, latitude, and the radius in kilometres.
    Circle(f64, f64, f64),
    /// A box: west, south, east, north.
    Box([f64; 4]),
}

/// One condition of a query.
#[derive(Debug, Clone, PartialEq)]
pub enum Operator {
    /// A word of the text.
    Word(String),
    /// Words that follow each other, or stand at most so many words apart.
    Phrase(String, Option<u8>),
    /// A hashtag, without its sign.
    Hashtag(String),
    /// A cashtag, without its sign.
    Cashtag(String),
    /// A mention, without its sign.
    Mention(String),
    /// `name:value`.
    Named(Name, Value),
}

/// Why a term is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidTerm {
    /// What is wrong, in the words of X where they are known.
    pub message: String,
    /// What to write instead.
    pub suggestion: Option<String>,
}

/// Names of the web search that the API refuses, and what to use instead.
const WEB_ONLY: [(&str, &str); 8] = [
    ("min_faves", "min_likes:"),
    ("min_retweets", "min_reposts:"),
    ("since", "the parameter start_time"),
    ("until", "the parameter end_time"),
    ("since_id", "the parameter since_id"),
    ("filter", "has: or is:"),
    ("near", "place: or point_radius:"),
    ("within", "point_radius:"),
];

/// The languages on the list of X.
pub(crate) const LANGUAGES: [&str; 51] = [
    "am", "ar", "hy", "eu", "bn", "bg", "ca", "hr", "cs", "da", "nl", "en", "et", "fi", "fr", "de", "ka", "el", "gu",
    "iw", "hi", "hu", "in", "it", "ja", "kn", "ko", "lv", "lt", "ml", "mr", "no", "fa", "pl", "pt", "ro", "ru", "sr",
    "zh-CN", "sk", "sl", "es", "sv", "ta", "te", "th", "zh-TW", "tr", "uk", "ur", "vi",
];
/// Languages that posts carry though the list does not have them.
const UNLISTED_LANGUAGES: [&str; 13] =
    ["zh", "und", "qme", "qht", "qam", "qct", "qst", "zxx", "id", "he", "tl", "is", "cy"];

impl Operator {
    /// Reads a term: a tag, a mention, `name:value`, or a word.
    pub(crate) fn read(term: &str) -> Result<Self, InvalidTerm> {
        let rest = |sign: char| term.strip_prefix(sign).filter(|rest| !rest.is_empty()).map(str::to_owned);
        if let Some(tag) = rest('#').or_else(|| rest('＃')) {
            return Ok(Self::Hashtag(tag));
        }
        if let Some(name) = rest('@').or_else(|| rest('＠')) {
            return Ok(Self::Mention(name));
        }
        if let Some(tag) = rest('$').filter(|tag| tag.starts_with(|c: char| c.is_alphabetic())) {
            return Ok(Self::Cashtag(tag));
        }
        if term.eq_ignore_ascii_case("and") {
            let message = format!(
                "Ambiguous use of {term} as a keyword. Use a space to logically join two clauses, or \"and\" to find \
                 occurrences of and in text"
            );
            return Err(InvalidTerm { message, suggestion: Some("leave it out: a blank means and".to_owned()) });
        }
        match term.split_once(':') {
            Some((name, value)) if !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_') => {
                let name = name.to_ascii_lowercase();
                let known = Name::ALL.iter().copied().find(|known| known.as_str() == name);
                let known = known.ok_or_else(|| unknown(&name))?;
                let quoted = value.strip_prefix('"').and_then(|v| v.strip_suffix('"')).unwrap_or(value);
                Ok(Self::Named(known, known.read(quoted)?))
            }
            _ => Ok(Self::Word(term.to_owned())),
        }
    }

    /// Reads a phrase, quotation marks and `~N` included.
    pub(crate) fn read_phrase(text: &str) -> Result<Self, InvalidTerm> {
        let plain = |message: &str| InvalidTerm { message: message.to_owned(), suggestion: None };
        let end = text.rfind('"').unwrap_or(0);
        let inner = text.get(1..end).unwrap_or_default();
        if inner.trim().is_empty() {
            return Err(plain("there is nothing between the quotation marks"));
        }
        let slop = match text[end + 1..].strip_prefix('~') {
            None => None,
            Some(digits) => match digits.parse::<u8>() {
                Ok(n @ 1..=6) => Some(n),
                _ => return Err(plain("the distance behind ~ is 1 to 6")),
            },
        };
        Ok(Self::Phrase(inner.to_owned(), slop))
    }

    /// Whether it may stand in a query without another condition beside it.
    pub fn stands_alone(&self) -> bool {
        !matches!(self, Self::Named(name, _) if !name.stands_alone())
    }

    /// Whether it can be used there.
    pub fn works_in(&self, product: Product) -> bool {
        match self {
            Self::Named(name, _) => name.products().contains(&product),
            Self::Phrase(_, slop) => slop.is_none() || product == Product::Stream,
            _ => true,
        }
    }

    /// Whether it is this word of `is:` or `has:`.
    pub(crate) fn is_word(&self, name: Name, word: &str) -> bool {
        matches!(self, Self::Named(n, Value::Text(w)) if *n == name && w == word)
    }
}

/// The words of X for an operator that is not there, and what comes close.
pub(crate) fn unknown(name: &str) -> InvalidTerm {
    let message = format!(
        "Reference to invalid operator '{name}'. Operator is not available in current product or product packaging. \
         Please refer to complete available operator list at http://t.co/operators."
    );
    let web = WEB_ONLY.iter().find(|(web, _)| *web == name).map(|(_, instead)| (*instead).to_owned());
    let close = || {
        let near = Name::ALL.iter().map(|known| (distance(name, known.as_str()), known.as_str())).min()?;
        (near.0 <= 2).then(|| format!("{}:", near.1))
    };
    InvalidTerm { message, suggestion: web.or_else(close).map(|instead| format!("use {instead}")) }
}

/// How many letters must be changed to get from one word to the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().take(40).enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let cost = diagonal + usize::from(x != *y);
            let least = cost.min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = std::mem::replace(&mut row[j + 1], least);
        }
    }
    row[b.len()]
}

impl Name {
    fn read(self, value: &str) -> Result<Value, InvalidTerm> {
        let name = self.as_str();
        let bad =
            |rule: &str| InvalidTerm { message: format!("operator '{name}' {rule}, not '{value}'"), suggestion: None };
        if value.trim().is_empty() {
            return Err(InvalidTerm { message: format!("operator '{name}' has no value"), suggestion: None });
        }
        let number = |text: &str| text.parse::<u64>().ok();
        let text = || Ok(Value::Text(value.to_owned()));
        match self.takes() {
            Takes::Text => text(),
            Takes::User => {
                let user = value.strip_prefix('@').unwrap_or(value);
                let sound = user.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') && user.len() <= 20;
                if sound && !user.is_empty() {
                    Ok(Value::Text(user.to_owned()))
                } else {
                    Err(bad("takes a name or an id"))
                }
            }
            Takes::Id => match number(value) {
                Some(id) if value.len() <= 19 => Ok(Value::Number(id)),
                _ => Err(bad("takes an id of 1 to 19 digits")),
            },
            Takes::Number => number(value).map(Value::Number).ok_or_else(|| bad("takes a number")),
            Takes::Range => match value.split_once("..") {
                Some((lo, hi)) => match (number(lo), number(hi)) {
                    (Some(lo), Some(hi)) if lo <= hi => Ok(Value::Range(lo, hi)),
                    _ => Err(bad("takes a number or a range such as 10..20")),
                },
                None => number(value).map(Value::Number).ok_or_else(|| bad("takes a number or a range such as 10..20")),
            },
            Takes::Percent => match number(value) {
                Some(n @ 1..=100) => Ok(Value::Number(n)),
                _ => Err(bad("takes 1 to 100")),
            },
            Takes::Fraction => match value.parse::<f64>() {
                Ok(n) if (0.0..=1.0).contains(&n) => Ok(Value::Fraction(n)),
                _ => Err(bad("takes 0.0 to 1.0")),
            },
            Takes::Context => {
                let sound = value.split_once('.').is_some_and(|(domain, entity)| {
                    number(domain).is_some() && (entity == "*" || number(entity).is_some())
                });
                if sound { text() } else { Err(bad("takes domain.entity, both numbers (or 47.*)")) }
            }
            Takes::Lang => {
                let mut all = LANGUAGES.iter().chain(&UNLISTED_LANGUAGES);
                match all.find(|code| code.eq_ignore_ascii_case(value)) {
                    Some(code) => Ok(Value::Text((*code).to_owned())),
                    None => Err(bad("takes a language code such as en or ja")),
                }
            }
            Takes::Country => {
                let sound = value.len() == 2 && value.bytes().all(|b| b.is_ascii_alphabetic());
                if sound {
                    Ok(Value::Text(value.to_ascii_uppercase()))
                } else {
                    Err(bad("takes a country of two letters"))
                }
            }
            Takes::OneOf(words) => match words.iter().find(|word| word.eq_ignore_ascii_case(value)) {
                Some(word) => Ok(Value::Text((*word).to_owned())),
                None => Err(bad(&format!("takes one of {}", words.join(", ")))),
            },
            Takes::Circle => {
                circle(value).ok_or_else(|| bad("takes [longitude latitude radius], the radius up to 25mi (40km)"))
            }
            Takes::Box => rectangle(value).ok_or_else(|| bad("takes [west south east north] in degrees")),
        }
    }
}

fn bracketed(value: &str) -> Option<Vec<&str>> {
    Some(value.strip_prefix('[')?.strip_suffix(']')?.split_whitespace().collect())
}

fn degree(text: &str, most: f64) -> Option<f64> {
    text.parse::<f64>().ok().filter(|n| n.abs() <= most)
}

fn circle(value: &str) -> Option<Value> {
    let parts = bracketed(value)?;
    let [lon, lat, radius] = parts[..] else { return None };
    let (number, unit) = match (radius.strip_suffix("km"), radius.strip_suffix("mi")) {
        (Some(number), _) => (number, 1.0),
        (_, Some(number)) => (number, 1.609_344),
        _ => return None,
    };
    let km = number.parse::<f64>().ok()? * unit;
    // 25 miles, and a little for the rounding.
    let sound = km > 0.0 && km <= 40.3;
    sound.then_some(Value::Circle(degree(lon, 180.0)?, degree(lat, 90.0)?, km))
}

fn rectangle(value: &str) -> Option<Value> {
    let parts = bracketed(value)?;
    let [west, south, east, north] = parts[..] else { return None };
    let sides = [degree(west, 180.0)?, degree(south, 90.0)?, degree(east, 180.0)?, degree(north, 90.0)?];
    (sides[0] < sides[2] && sides[1] < sides[3]).then_some(Value::Box(sides))
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text)
                if text.contains(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ':' | '[' | ']')) =>
            {
                write!(f, "\"{text}\"")
            }
            Self::Text(text) => f.write_str(text),
            Self::Number(n) => write!(f, "{n}"),
            Self::Range(lo, hi) => write!(f, "{lo}..{hi}"),
            Self::Fraction(n) => write!(f, "{n:?}"),
            Self::Circle(lon, lat, km) => write!(f, "[{lon} {lat} {km}km]"),
            Self::Box([west, south, east, north]) => write!(f, "[{west} {south} {east} {north}]"),
        }
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(word) => f.write_str(word),
            Self::Phrase(text, None) => write!(f, "\"{text}\""),
            Self::Phrase(text, Some(slop)) => write!(f, "\"{text}\"~{slop}"),
            Self::Hashtag(tag) => write!(f, "#{tag}"),
            Self::Cashtag(tag) => write!(f, "${tag}"),
            Self::Mention(name) => write!(f, "@{name}"),
            Self::Named(name, value) => write!(f, "{}:{value}", name.as_str()),
        }
    }
}
