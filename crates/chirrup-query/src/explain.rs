//! A query in plain English.

use crate::operator::{Name, Operator, Value};
use crate::parse::Query;

impl Query {
    /// What the query asks for, in plain English.
    pub fn explain(&self) -> String {
        format!("posts that {}", said(self, false))
    }
}

fn said(query: &Query, negated: bool) -> String {
    match query {
        Query::Term(operator) => term(operator, negated),
        Query::Not(inner) => match &**inner {
            Query::Term(operator) => term(operator, !negated),
            group => format!("{}do not fit ({})", if negated { "do not fit: " } else { "" }, said(group, false)),
        },
        Query::And(parts) => joined(parts, " and ", |part| matches!(part, Query::Or(_) | Query::And(_))),
        Query::Or(parts) => joined(parts, " or ", |part| matches!(part, Query::Or(_) | Query::And(_))),
    }
}

fn joined(parts: &[Query], between: &str, group: fn(&Query) -> bool) -> String {
    let one = |part: &Query| if group(part) { format!("({})", said(part, false)) } else { said(part, false) };
    parts.iter().map(one).collect::<Vec<_>>().join(between)
}

/// A verb with its negation: "are" and "are not", "have" and "do not have".
fn verb(verb: &str, negated: bool) -> String {
    match (verb, negated) {
        (verb, false) => verb.to_owned(),
        ("are", true) => "are not".to_owned(),
        (verb, true) => format!("do not {verb}"),
    }
}

fn term(operator: &Operator, negated: bool) -> String {
    let (word, rest) = match operator {
        Operator::Word(word) => ("contain", format!("the word “{word}”")),
        Operator::Phrase(text, None) => ("contain", format!("the phrase “{text}”")),
        Operator::Phrase(text, Some(slop)) => ("contain", format!("the words “{text}” at most {slop} words apart")),
        Operator::Hashtag(tag) => ("have", format!("the hashtag #{tag}")),
        Operator::Cashtag(tag) => ("have", format!("the cashtag ${tag}")),
        Operator::Mention(name) => ("mention", format!("@{name}")),
        Operator::Named(name, value) => named(*name, value),
    };
    format!("{} {rest}", verb(word, negated))
}

fn user(value: &Value) -> String {
    match value {
        Value::Text(name) if name.bytes().all(|b| b.is_ascii_digit()) => format!("the user with the id {name}"),
        other => format!("@{other}"),
    }
}

fn named(name: Name, value: &Value) -> (&'static str, String) {
    let count = |what: &str| match value {
        Value::Range(lo, hi) => format!("by users with {lo} to {hi} {what}"),
        other => format!("by users with at least {other} {what}"),
    };
    match name {
        Name::From => ("are", format!("by {}", user(value))),
        Name::To => ("are", format!("replies to {}", user(value))),
        Name::RepostsOf => ("are", format!("reposts of {}", user(value))),
        Name::FromAffiliateOf => ("are", format!("by an affiliate of {}", user(value))),
        Name::ToAffiliateOf => ("are", format!("to an affiliate of {}", user(value))),
        Name::Url => ("link", format!("to an address with “{value}”")),
        Name::UrlTitle => ("link", format!("to a page titled “{value}”")),
        Name::UrlDescription => ("link", format!("to a page described with “{value}”")),
        Name::UrlContains => ("link", format!("to an address that holds “{value}”")),
        Name::Context => ("are", format!("about the thing that X numbers {value}")),
        Name::Entity => ("are", format!("about “{value}”")),
        Name::Conversation => ("belong", format!("to the thread of post {value}")),
        Name::List => ("are", format!("by members of list {value}")),
        Name::ReplyTo => ("are", format!("replies to post {value}")),
        Name::RepostOf => ("are", format!("reposts of post {value}")),
        Name::QuoteOf => ("are", format!("quotes of post {value}")),
        Name::Bio => ("are", format!("by users whose description says “{value}”")),
        Name::BioName => ("are", format!("by users whose name says “{value}”")),
        Name::BioLocation => ("are", format!("by users whose location says “{value}”")),
        Name::Place => ("are", format!("from the place “{value}”")),
        Name::Country => ("are", format!("from the country {value}")),
        Name::PointRadius => (
            "are",
            match value {
                Value::Circle(lon, lat, km) => format!("from within {km} km of longitude {lon}, latitude {lat}"),
                other => format!("from {other}"),
            },
        ),
        Name::BoundingBox => ("are", format!("from within the box {value}")),
        Name::Is => is(value),
        Name::Has => (
            "have",
            match value.to_string().as_str() {
                "video_link" | "videos" => "videos".to_owned(),
                "geo" => "a place".to_owned(),
                "images" => "pictures".to_owned(),
                other => other.to_owned(),
            },
        ),
        Name::Lang => ("are", format!("in {}", language(value))),
        Name::Sample => ("are", format!("among {value} of a hundred chosen by chance")),
        Name::MinLikes => ("have", format!("at least {value} likes")),
        Name::MinReplies => ("have", format!("at least {value} replies")),
        Name::MinReposts => ("have", format!("at least {value} reposts")),
        Name::MinFollowers | Name::FollowersCount => ("are", count("followers")),
        Name::PostsCount => ("are", count("posts")),
        Name::FollowingCount => ("are", count("followed users")),
        Name::ListedCount => ("are", count("lists that they are on")),
        Name::Source => ("are", format!("written with “{value}”")),
        Name::Embedding => ("are", format!("close in meaning to “{value}”")),
        Name::EmbeddingThreshold => ("are", format!("at least {value} close in meaning")),
    }
}

fn is(value: &Value) -> (&'static str, String) {
    let what = match value.to_string().as_str() {
        "retweet" => "reposts",
        "reply" => "replies",
        "quote" => "quotes",
        "verified" => "by verified users",
        _ => "shown only as advertisements",
    };
    ("are", what.to_owned())
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
