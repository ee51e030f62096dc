//! Whether a post is what a query asks for.

use crate::lex::{folded, has_no_blanks, words};
use crate::operator::{Name, Operator, Value};
use crate::parse::Query;

/// How X reads a query, which differs between searches and streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MatchMode {
    /// Accents do not count; keywords find no reposts (since May 2026) and look at the post's own text only.
    #[default]
    Search,
    /// Accents count; keywords find reposts, and look at a quoted post, too.
    Stream,
}

/// What a query can ask of a post. Names and texts are compared without regard to case.
#[derive(Debug, Clone, Default, PartialEq)]
#[allow(clippy::struct_excessive_bools, reason = "each is a fact that the language asks for by itself")]
pub struct Subject {
    /// Its id.
    pub id: u64,
    /// The text.
    pub text: String,
    /// The author's id.
    pub author_id: u64,
    /// The author's name, as in `@name`.
    pub author: String,
    /// The name that the author shows.
    pub author_name: String,
    /// What the author says of themselves.
    pub author_bio: String,
    /// Where the author says they are.
    pub author_location: String,
    /// Whether the author carries a mark.
    pub author_verified: bool,
    /// Followers, followed users, posts and lists of the author.
    pub author_counts: [u64; 4],
    /// Names or ids of the accounts that the author belongs to.
    pub affiliations: Vec<String>,
    /// Lists that the author is on.
    pub lists: Vec<u64>,
    /// The language.
    pub lang: String,
    /// The app it was written with.
    pub source: String,
    /// Hashtags without their signs.
    pub hashtags: Vec<String>,
    /// Cashtags without their signs.
    pub cashtags: Vec<String>,
    /// Names of the users that it mentions.
    pub mentions: Vec<String>,
    /// Its links, short and long.
    pub urls: Vec<String>,
    /// Titles and descriptions of the pages that it links to.
    pub pages: Vec<(String, String)>,
    /// What X says it is about: domain and entity, by number.
    pub contexts: Vec<(u64, u64)>,
    /// What X says it is about, by name.
    pub entities: Vec<String>,
    /// The first post of its thread.
    pub conversation: u64,
    /// The post that it answers.
    pub reply_to: Option<u64>,
    /// The user that it answers: name and id.
    pub reply_to_user: Option<(String, u64)>,
    /// The post that it quotes.
    pub quote_of: Option<u64>,
    /// The quoted post itself, for streams.
    pub quoted: Option<Box<Self>>,
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
    /// Where it was written: longitude and latitude.
    pub point: Option<(f64, f64)>,
    /// Whether it is shown only as an advertisement.
    pub nullcast: bool,
    /// Likes.
    pub likes: u64,
    /// Replies.
    pub replies: u64,
    /// Reposts.
    pub reposts: u64,
}

/// A post made ready to be held against many queries.
#[derive(Debug)]
pub struct Prepared<'s> {
    subject: &'s Subject,
    dialect: MatchMode,
    text: String,
    words: Vec<String>,
    quoted: Option<Box<Self>>,
}

impl<'s> Prepared<'s> {
    /// Makes a post ready.
    pub fn new(subject: &'s Subject, dialect: MatchMode) -> Self {
        let text = plain(&subject.text, dialect);
        let quoted = subject.quoted.as_deref().filter(|_| dialect == MatchMode::Stream);
        let quoted = quoted.map(|inner| {
            // One quote deep, as X looks.
            let text = plain(&inner.text, dialect);
            let words = words(&text).collect();
            Box::new(Prepared { subject: inner, dialect, text, words, quoted: None })
        });
        let words = words(&text).collect();
        Self { subject, dialect, text, words, quoted }
    }

    /// Whether the post is what the query asks for.
    pub fn matches(&self, query: &Query) -> bool {
        match query {
            Query::Term(operator) => self.holds(operator),
            Query::Not(inner) => !self.matches(inner),
            Query::And(parts) => parts.iter().all(|part| self.matches(part)),
            Query::Or(parts) => parts.iter().any(|part| self.matches(part)),
        }
    }

    fn holds(&self, operator: &Operator) -> bool {
        self.holds_itself(operator)
            || (looks_at_quotes(operator) && self.quoted.as_ref().is_some_and(|q| q.holds_itself(operator)))
    }

    fn holds_itself(&self, operator: &Operator) -> bool {
        let s = self.subject;
        match operator {
            Operator::Word(text) | Operator::Phrase(text, None) => self.keywords() && self.says(text),
            Operator::Phrase(text, Some(slop)) => self.keywords() && self.near(text, usize::from(*slop)),
            Operator::Hashtag(tag) => s.hashtags.iter().any(|t| same(t, tag)),
            Operator::Cashtag(tag) => s.cashtags.iter().any(|t| same(t, tag)),
            Operator::Mention(name) => s.mentions.iter().any(|n| same(n, name)),
            Operator::Named(name, value) => named(s, *name, value),
        }
    }

    /// Whether keywords look at this post at all.
    fn keywords(&self) -> bool {
        self.dialect == MatchMode::Stream || self.subject.repost_of.is_none()
    }

    /// Whether the words of `asked` follow each other. What holds no word (an emoji), and what is of a script without
    /// blanks, is looked for as it is.
    fn says(&self, asked: &str) -> bool {
        let asked = plain(asked, self.dialect);
        if asked.chars().any(has_no_blanks) {
            return self.text.contains(&asked);
        }
        let wanted: Vec<String> = words(&asked).collect();
        if wanted.is_empty() {
            return self.text.contains(&asked);
        }
        self.words.windows(wanted.len()).any(|window| window == wanted)
    }

    /// Whether all words of `asked` stand within a stretch that has at most `slop` other words.
    fn near(&self, asked: &str, slop: usize) -> bool {
        let wanted: Vec<String> = words(&plain(asked, self.dialect)).collect();
        if wanted.is_empty() {
            return false;
        }
        let span = (wanted.len() + slop).min(self.words.len()).max(1);
        self.words.windows(span).any(|window| wanted.iter().all(|word| window.contains(word)))
    }
}

/// Whether the post is what the query asks for, as a search reads it.
pub fn matches(query: &Query, subject: &Subject) -> bool {
    Prepared::new(subject, MatchMode::Search).matches(query)
}

fn plain(text: &str, dialect: MatchMode) -> String {
    match dialect {
        MatchMode::Search => folded(text),
        MatchMode::Stream => text.to_lowercase(),
    }
}

fn looks_at_quotes(operator: &Operator) -> bool {
    !matches!(operator, Operator::Named(name, _) if *name != Name::Url)
}

pub(crate) fn same(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b) || (!a.is_ascii() && a.to_lowercase() == b.to_lowercase())
}

fn is_user(asked: &str, name: &str, id: u64) -> bool {
    same(asked, name) || asked.parse() == Ok(id)
}

/// Whether the words of `asked` follow each other in `text`.
fn has_words(text: &str, asked: &str) -> bool {
    let wanted: Vec<String> = words(asked).collect();
    let all: Vec<String> = words(text).collect();
    !wanted.is_empty() && all.windows(wanted.len()).any(|window| window == wanted)
}

/// Whether the parts of an address follow each other in another.
fn has_parts(url: &str, asked: &str) -> bool {
    let cut = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric()).filter(|p| !p.is_empty()).map(str::to_lowercase).collect()
    };
    let (all, wanted) = (cut(url), cut(asked));
    !wanted.is_empty() && all.windows(wanted.len()).any(|window| window == wanted)
}

fn within(count: u64, value: &Value) -> bool {
    match value {
        Value::Number(least) => count >= *least,
        Value::Range(lo, hi) => (*lo..=*hi).contains(&count),
        _ => false,
    }
}

fn named(s: &Subject, name: Name, value: &Value) -> bool {
    match value {
        Value::Text(text) => by_text(s, name, text),
        Value::Number(n) => by_number(s, name, *n, value),
        Value::Range(..) => by_number(s, name, 0, value),
        Value::Circle(lon, lat, km) => s.point.is_some_and(|point| kilometres(point, (*lon, *lat)) <= *km),
        Value::Box([west, south, east, north]) => {
            s.point.is_some_and(|(lon, lat)| (*west..=*east).contains(&lon) && (*south..=*north).contains(&lat))
        }
        // Closeness of meaning takes a model that we do not have; a threshold alone excludes nothing.
        Value::Fraction(_) => true,
    }
}

fn by_text(s: &Subject, name: Name, text: &str) -> bool {
    let user = |user: &Option<(String, u64)>| user.as_ref().is_some_and(|(name, id)| is_user(text, name, *id));
    match name {
        Name::From => is_user(text, &s.author, s.author_id),
        Name::To => user(&s.reply_to_user),
        Name::RepostsOf => user(&s.repost_of_user),
        Name::FromAffiliateOf => s.affiliations.iter().any(|a| same(a, text)),
        Name::Url => s.urls.iter().any(|url| has_parts(url, text)),
        Name::UrlContains => s.urls.iter().any(|url| url.to_lowercase().contains(&text.to_lowercase())),
        Name::UrlTitle => s.pages.iter().any(|(title, _)| has_words(title, text)),
        Name::UrlDescription => s.pages.iter().any(|(_, about)| has_words(about, text)),
        Name::Context => s
            .contexts
            .iter()
            .any(|(domain, entity)| text == format!("{domain}.{entity}") || text == format!("{domain}.*")),
        Name::Entity => s.entities.iter().any(|entity| same(entity, text)),
        Name::Bio => has_words(&s.author_bio, text),
        Name::BioName => has_words(&s.author_name, text),
        Name::BioLocation => has_words(&s.author_location, text),
        Name::Place => s.place.as_ref().is_some_and(|(id, place, _)| same(id, text) || has_words(place, text)),
        Name::Country => s.place.as_ref().is_some_and(|(_, _, country)| same(country, text)),
        Name::Lang => same(&s.lang, text),
        Name::Source => same(&s.source, text),
        Name::Is => is(s, text),
        Name::Has => has(s, text),
        _ => false,
    }
}

fn is(s: &Subject, what: &str) -> bool {
    match what {
        "retweet" => s.repost_of.is_some(),
        "reply" => s.reply_to.is_some(),
        "quote" => s.quote_of.is_some(),
        "verified" => s.author_verified,
        _ => s.nullcast,
    }
}

fn has(s: &Subject, what: &str) -> bool {
    match what {
        "hashtags" => !s.hashtags.is_empty(),
        "cashtags" => !s.cashtags.is_empty(),
        "links" => !s.urls.is_empty(),
        "mentions" => !s.mentions.is_empty(),
        "media" => s.images || s.videos,
        "images" => s.images,
        "video_link" | "videos" => s.videos,
        _ => s.place.is_some() || s.point.is_some(),
    }
}

fn by_number(s: &Subject, name: Name, n: u64, value: &Value) -> bool {
    match name {
        Name::Conversation => s.conversation == n,
        Name::List => s.lists.contains(&n),
        Name::ReplyTo => s.reply_to == Some(n),
        Name::RepostOf => s.repost_of == Some(n),
        Name::QuoteOf => s.quote_of == Some(n),
        Name::Sample => scattered(s.id) < n,
        Name::MinLikes => within(s.likes, value),
        Name::MinReplies => within(s.replies, value),
        Name::MinReposts => within(s.reposts, value),
        Name::MinFollowers | Name::FollowersCount => within(s.author_counts[0], value),
        Name::FollowingCount => within(s.author_counts[1], value),
        Name::PostsCount => within(s.author_counts[2], value),
        Name::ListedCount => within(s.author_counts[3], value),
        _ => false,
    }
}

/// A number below a hundred that looks random and is always the same for the same post.
const fn scattered(id: u64) -> u64 {
    let mut z = id.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    (z ^ (z >> 27)) % 100
}

/// The way between two points along the earth.
fn kilometres(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (lat_a, lat_b) = (a.1.to_radians(), b.1.to_radians());
    let (half_lat, half_lon) = ((lat_b - lat_a) / 2.0, (b.0 - a.0).to_radians() / 2.0);
    let h = half_lat.sin().powi(2) + lat_a.cos() * lat_b.cos() * half_lon.sin().powi(2);
    2.0 * 6_371.0 * h.sqrt().min(1.0).asin()
}
