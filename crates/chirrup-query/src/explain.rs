//! Descriptions of queries in English.

use crate::operator::{Operator, OperatorName};
use crate::parse::Query;
use crate::value::Value;

impl Query {
    /// Returns a description of the matching posts in English, such as "posts that contain the word “rust”".
    pub fn explain(&self) -> String {
        format!("posts that {}", describe(self, false))
    }
}

fn describe(query: &Query, negated: bool) -> String {
    match query {
        Query::Term(operator) => term(operator, negated),
        Query::Not(inner) => match &**inner {
            Query::Term(operator) => term(operator, !negated),
            group => {
                format!("{}do not match ({})", if negated { "do not match: " } else { "" }, describe(group, false))
            }
        },
        Query::And(parts) => join(parts, " and "),
        Query::Or(parts) => join(parts, " or "),
    }
}

fn join(parts: &[Query], conjunction: &str) -> String {
    let part = |part: &Query| match part {
        Query::And(_) | Query::Or(_) => format!("({})", describe(part, false)),
        _ => describe(part, false),
    };
    parts.iter().map(part).collect::<Vec<_>>().join(conjunction)
}

/// Returns a verb or its negation, such as "are not" or "do not have".
fn verb(verb: &str, negated: bool) -> String {
    match (verb, negated) {
        (verb, false) => verb.to_owned(),
        ("are", true) => "are not".to_owned(),
        (verb, true) => format!("do not {verb}"),
    }
}

fn term(operator: &Operator, negated: bool) -> String {
    let (predicate, rest) = match operator {
        Operator::Keyword(word) => ("contain", format!("the word “{word}”")),
        Operator::Phrase(text, None) => ("contain", format!("the phrase “{text}”")),
        Operator::Phrase(text, Some(distance)) => {
            ("contain", format!("the words “{text}” with at most {distance} other words between them"))
        }
        Operator::Hashtag(tag) => ("have", format!("the hashtag #{tag}")),
        Operator::Cashtag(tag) => ("have", format!("the cashtag ${tag}")),
        Operator::Mention(name) => ("mention", format!("@{name}")),
        Operator::Named(name, value) => named(*name, value),
    };
    format!("{} {rest}", verb(predicate, negated))
}

fn user(value: &Value) -> String {
    match value {
        Value::Text(name) if name.bytes().all(|b| b.is_ascii_digit()) => format!("the user with ID {name}"),
        other => format!("@{other}"),
    }
}

/// Returns the verb and the object for an operator with a value.
fn named(name: OperatorName, value: &Value) -> (&'static str, String) {
    let count = || match value {
        Value::Range(low, high) => format!("{low} to {high}"),
        other => format!("at least {other}"),
    };
    match name {
        OperatorName::From => ("are", format!("by {}", user(value))),
        OperatorName::To => ("are", format!("replies to {}", user(value))),
        OperatorName::RepostsOf => ("are", format!("reposts of {}", user(value))),
        OperatorName::FromAffiliateOf => ("are", format!("by an affiliate of {}", user(value))),
        OperatorName::ToAffiliateOf => ("are", format!("replies to an affiliate of {}", user(value))),
        OperatorName::Url => ("link", format!("to a URL with “{value}”")),
        OperatorName::UrlTitle => ("link", format!("to a page whose title contains “{value}”")),
        OperatorName::UrlDescription => ("link", format!("to a page whose description contains “{value}”")),
        OperatorName::UrlContains => ("link", format!("to a URL that literally contains “{value}”")),
        OperatorName::Context => ("have", format!("the context annotation {value}")),
        OperatorName::Entity => ("are", format!("about “{value}”")),
        OperatorName::ConversationId => ("belong", format!("to the conversation of post {value}")),
        OperatorName::List => ("are", format!("by members of list {value}")),
        OperatorName::ReplyTo => ("are", format!("replies to post {value}")),
        OperatorName::RepostOf => ("are", format!("reposts of post {value}")),
        OperatorName::QuoteOf => ("are", format!("quotes of post {value}")),
        OperatorName::Bio => ("are", format!("by users whose description contains “{value}”")),
        OperatorName::BioName => ("are", format!("by users whose display name contains “{value}”")),
        OperatorName::BioLocation => ("are", format!("by users whose location contains “{value}”")),
        OperatorName::Place => ("are", format!("from the place “{value}”")),
        OperatorName::Country => ("are", format!("from the country {value}")),
        OperatorName::PointRadius => (
            "are",
            match value {
                Value::Circle(lon, lat, km) => format!("from within {km} km of longitude {lon}, latitude {lat}"),
                other => format!("from {other}"),
            },
        ),
        OperatorName::BoundingBox => ("are", format!("from within the bounding box {value}")),
        OperatorName::Is => ("are", post_type(value).to_owned()),
        OperatorName::Has => (
            "have",
            match value.to_string().as_str() {
                "video_link" | "videos" => "videos".to_owned(),
                "geo" => "a place or coordinates".to_owned(),
                other => other.to_owned(),
            },
        ),
        OperatorName::Lang => ("are", format!("in {}", language(value))),
        OperatorName::Sample => ("are", format!("in a random sample of {value}%")),
        OperatorName::MinLikes => ("have", format!("at least {value} likes")),
        OperatorName::MinReplies => ("have", format!("at least {value} replies")),
        OperatorName::MinReposts => ("have", format!("at least {value} reposts")),
        OperatorName::MinFollowers | OperatorName::FollowersCount => {
            ("are", format!("by users with {} followers", count()))
        }
        OperatorName::PostsCount => ("are", format!("by users with {} posts", count())),
        OperatorName::FollowingCount => ("are", format!("by users who follow {} users", count())),
        OperatorName::ListedCount => ("are", format!("by users who are on {} lists", count())),
        OperatorName::Source => ("are", format!("created with “{value}”")),
        OperatorName::Embedding => ("are", format!("similar in meaning to “{value}”")),
        OperatorName::EmbeddingThreshold => ("have", format!("a similarity of at least {value}")),
    }
}

fn post_type(value: &Value) -> &'static str {
    match value.to_string().as_str() {
        "retweet" => "reposts",
        "reply" => "replies",
        "quote" => "quotes",
        "verified" => "by verified users",
        _ => "advertisements only",
    }
}

fn language(value: &Value) -> String {
    let code = value.to_string();
    let known = [
        ("ar", "Arabic"),
        ("de", "German"),
        ("en", "English"),
        ("es", "Spanish"),
        ("fr", "French"),
        ("hi", "Hindi"),
        ("in", "Indonesian"),
        ("it", "Italian"),
        ("iw", "Hebrew"),
        ("ja", "Japanese"),
        ("ko", "Korean"),
        ("nl", "Dutch"),
        ("pl", "Polish"),
        ("pt", "Portuguese"),
        ("ru", "Russian"),
        ("sv", "Swedish"),
        ("tr", "Turkish"),
        ("uk", "Ukrainian"),
        ("zh-CN", "simplified Chinese"),
        ("zh-TW", "traditional Chinese"),
    ];
    let found = known.iter().find(|(c, _)| *c == code).map(|(_, name)| (*name).to_owned());
    found.unwrap_or_else(|| format!("the language {code}"))
}
