//! Matching of posts against queries.

use crate::operator::{Operator, OperatorName};
use crate::parse::Query;
use crate::post::SearchablePost;
use crate::value::Value;
use crate::words::{fold, is_unspaced_script, words};

/// Product whose matching rules apply. Searches and streams read the same query differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum MatchMode {
    /// Search: accents are ignored, keywords match the post's own text, and reposts do not match keywords (since May
    /// 2026).
    #[default]
    Search,
    /// Stream rules: accents are significant, and keywords also match reposts and the text of a quoted post.
    Stream,
}

/// Post prepared for matching against many queries.
#[derive(Debug)]
pub struct PreparedPost<'p> {
    post: &'p SearchablePost,
    mode: MatchMode,
    text: String,
    words: Vec<String>,
    quoted: Option<Box<Self>>,
}

impl<'p> PreparedPost<'p> {
    /// Prepares a post for the rules of a product.
    pub fn new(post: &'p SearchablePost, mode: MatchMode) -> Self {
        let quoted = post.quoted.as_deref().filter(|_| mode == MatchMode::Stream);
        // X looks one quote deep: the quote of a quoted post is not matched.
        let quoted = quoted.map(|quoted| Box::new(PreparedPost::without_quote(quoted, mode)));
        Self { quoted, ..Self::without_quote(post, mode) }
    }

    fn without_quote(post: &'p SearchablePost, mode: MatchMode) -> Self {
        let text = mode.normalize(&post.text);
        let words = words(&text).collect();
        Self { post, mode, text, words, quoted: None }
    }

    /// Returns whether the post matches a query.
    pub fn matches(&self, query: &Query) -> bool {
        match query {
            Query::Term(operator) => {
                self.matches_operator(operator)
                    || (applies_to_quotes(operator)
                        && self.quoted.as_ref().is_some_and(|quoted| quoted.matches_operator(operator)))
            }
            Query::Not(inner) => !self.matches(inner),
            Query::And(parts) => parts.iter().all(|part| self.matches(part)),
            Query::Or(parts) => parts.iter().any(|part| self.matches(part)),
        }
    }

    fn matches_operator(&self, operator: &Operator) -> bool {
        let post = self.post;
        match operator {
            Operator::Keyword(text) | Operator::Phrase(text, None) => self.has_keywords() && self.contains(text),
            Operator::Phrase(text, Some(distance)) => {
                self.has_keywords() && self.contains_within(text, usize::from(*distance))
            }
            Operator::Hashtag(tag) => post.hashtags.iter().any(|t| eq_ignore_case(t, tag)),
            Operator::Cashtag(tag) => post.cashtags.iter().any(|t| eq_ignore_case(t, tag)),
            Operator::Mention(name) => post.mentions.iter().any(|n| eq_ignore_case(n, name)),
            Operator::Named(name, value) => matches_named(post, *name, value),
        }
    }

    /// Whether keywords can match this post at all.
    fn has_keywords(&self) -> bool {
        self.mode == MatchMode::Stream || self.post.repost_of.is_none()
    }

    /// Whether the text contains these consecutive words. A text of symbols, or of a script without spaces, is compared
    /// by characters.
    fn contains(&self, text: &str) -> bool {
        let text = self.mode.normalize(text);
        if text.chars().any(is_unspaced_script) {
            return self.text.contains(&text);
        }
        let wanted: Vec<String> = words(&text).collect();
        if wanted.is_empty() {
            return self.text.contains(&text);
        }
        contains_slice(&self.words, &wanted)
    }

    /// Whether the text contains all of these words, with at most `distance` others between them.
    fn contains_within(&self, text: &str, distance: usize) -> bool {
        let wanted: Vec<String> = words(&self.mode.normalize(text)).collect();
        if wanted.is_empty() {
            return false;
        }
        let span = (wanted.len() + distance).min(self.words.len()).max(1);
        self.words.windows(span).any(|window| wanted.iter().all(|word| window.contains(word)))
    }
}

/// Returns whether a post matches a query by the rules of searches.
pub fn matches(query: &Query, post: &SearchablePost) -> bool {
    PreparedPost::new(post, MatchMode::Search).matches(query)
}

impl MatchMode {
    fn normalize(self, text: &str) -> String {
        match self {
            Self::Search => fold(text),
            Self::Stream => text.to_lowercase(),
        }
    }
}

fn applies_to_quotes(operator: &Operator) -> bool {
    !matches!(operator, Operator::Named(name, _) if *name != OperatorName::Url)
}

fn eq_ignore_case(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b) || (!a.is_ascii() && a.to_lowercase() == b.to_lowercase())
}

fn is_user(wanted: &str, username: &str, id: u64) -> bool {
    eq_ignore_case(wanted, username) || wanted.parse() == Ok(id)
}

fn contains_slice(all: &[String], wanted: &[String]) -> bool {
    !wanted.is_empty() && all.windows(wanted.len()).any(|window| window == wanted)
}

/// Whether `text` contains the words of `wanted` consecutively.
fn has_words(text: &str, wanted: &str) -> bool {
    contains_slice(&words(text).collect::<Vec<_>>(), &words(wanted).collect::<Vec<_>>())
}

/// Whether `url` contains the alphanumeric parts of `wanted` consecutively.
fn has_url_parts(url: &str, wanted: &str) -> bool {
    let parts = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric()).filter(|p| !p.is_empty()).map(str::to_lowercase).collect()
    };
    contains_slice(&parts(url), &parts(wanted))
}

fn is_count(count: u64, value: &Value) -> bool {
    match value {
        Value::Number(min) => count >= *min,
        Value::Range(low, high) => (*low..=*high).contains(&count),
        _ => false,
    }
}

fn matches_named(post: &SearchablePost, name: OperatorName, value: &Value) -> bool {
    match value {
        Value::Text(text) => matches_text(post, name, text),
        Value::Number(n) => matches_number(post, name, *n, value),
        Value::Range(..) => matches_number(post, name, 0, value),
        Value::Circle(lon, lat, km) => post.point.is_some_and(|point| distance_km(point, (*lon, *lat)) <= *km),
        Value::Box([west, south, east, north]) => {
            post.point.is_some_and(|(lon, lat)| (*west..=*east).contains(&lon) && (*south..=*north).contains(&lat))
        }
        // Similarity of meaning needs a language model. A threshold by itself excludes nothing.
        Value::Fraction(_) => true,
    }
}

fn matches_text(post: &SearchablePost, name: OperatorName, text: &str) -> bool {
    let user = |user: &Option<(String, u64)>| user.as_ref().is_some_and(|(name, id)| is_user(text, name, *id));
    match name {
        OperatorName::From => is_user(text, &post.author_username, post.author_id),
        OperatorName::To => user(&post.reply_to_user),
        OperatorName::RepostsOf => user(&post.repost_of_user),
        OperatorName::FromAffiliateOf => post.affiliations.iter().any(|a| eq_ignore_case(a, text)),
        OperatorName::Url => post.urls.iter().any(|url| has_url_parts(url, text)),
        OperatorName::UrlContains => post.urls.iter().any(|url| url.to_lowercase().contains(&text.to_lowercase())),
        OperatorName::UrlTitle => post.pages.iter().any(|(title, _)| has_words(title, text)),
        OperatorName::UrlDescription => post.pages.iter().any(|(_, description)| has_words(description, text)),
        OperatorName::Context => post
            .contexts
            .iter()
            .any(|(domain, entity)| text == format!("{domain}.{entity}") || text == format!("{domain}.*")),
        OperatorName::Entity => post.entities.iter().any(|entity| eq_ignore_case(entity, text)),
        OperatorName::Bio => has_words(&post.author_description, text),
        OperatorName::BioName => has_words(&post.author_name, text),
        OperatorName::BioLocation => has_words(&post.author_location, text),
        OperatorName::Place => {
            post.place.as_ref().is_some_and(|(id, name, _)| eq_ignore_case(id, text) || has_words(name, text))
        }
        OperatorName::Country => post.place.as_ref().is_some_and(|(_, _, country)| eq_ignore_case(country, text)),
        OperatorName::Lang => eq_ignore_case(&post.lang, text),
        OperatorName::Source => eq_ignore_case(&post.source, text),
        OperatorName::Is => is_type(post, text),
        OperatorName::Has => has_content(post, text),
        _ => false,
    }
}

fn is_type(post: &SearchablePost, keyword: &str) -> bool {
    match keyword {
        "retweet" => post.repost_of.is_some(),
        "reply" => post.reply_to.is_some(),
        "quote" => post.quote_of.is_some(),
        "verified" => post.author_verified,
        _ => post.nullcast,
    }
}

fn has_content(post: &SearchablePost, keyword: &str) -> bool {
    match keyword {
        "hashtags" => !post.hashtags.is_empty(),
        "cashtags" => !post.cashtags.is_empty(),
        "links" => !post.urls.is_empty(),
        "mentions" => !post.mentions.is_empty(),
        "media" => post.images || post.videos,
        "images" => post.images,
        "video_link" | "videos" => post.videos,
        _ => post.place.is_some() || post.point.is_some(),
    }
}

fn matches_number(post: &SearchablePost, name: OperatorName, n: u64, value: &Value) -> bool {
    match name {
        OperatorName::ConversationId => post.conversation_id == n,
        OperatorName::List => post.lists.contains(&n),
        OperatorName::ReplyTo => post.reply_to == Some(n),
        OperatorName::RepostOf => post.repost_of == Some(n),
        OperatorName::QuoteOf => post.quote_of == Some(n),
        OperatorName::Sample => sample_percentile(post.id) < n,
        OperatorName::MinLikes => is_count(post.likes, value),
        OperatorName::MinReplies => is_count(post.replies, value),
        OperatorName::MinReposts => is_count(post.reposts, value),
        OperatorName::MinFollowers | OperatorName::FollowersCount => is_count(post.author_counts.followers, value),
        OperatorName::FollowingCount => is_count(post.author_counts.following, value),
        OperatorName::PostsCount => is_count(post.author_counts.posts, value),
        OperatorName::ListedCount => is_count(post.author_counts.listed, value),
        _ => false,
    }
}

/// Returns a pseudorandom number from 0 to 99 that is constant for a post (a SplitMix64 hash of its ID).
const fn sample_percentile(id: u64) -> u64 {
    let mut z = id.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    (z ^ (z >> 27)) % 100
}

/// Great-circle distance in kilometers between two points of longitude and latitude.
fn distance_km(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (lat_a, lat_b) = (a.1.to_radians(), b.1.to_radians());
    let (half_lat, half_lon) = ((lat_b - lat_a) / 2.0, (b.0 - a.0).to_radians() / 2.0);
    let h = half_lat.sin().powi(2) + lat_a.cos() * lat_b.cos() * half_lon.sin().powi(2);
    2.0 * 6_371.0 * h.sqrt().min(1.0).asin()
}
