//! Values of operators: their kinds, syntax and limits.

use std::fmt;

use crate::invalid_term::{InvalidTerm, closest};

/// Value of an operator.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// Text, username or keyword such as `media` in `has:media`.
    Text(String),
    /// Number: an ID or a count.
    Number(u64),
    /// Range of counts, including both bounds.
    Range(u64, u64),
    /// Fraction from 0 to 1.
    Fraction(f64),
    /// Circle: longitude and latitude of the center in degrees, and radius in kilometers.
    Circle(f64, f64, f64),
    /// Bounding box: west, south, east and north in degrees.
    Box([f64; 4]),
}

/// Kind of value that an operator takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ValueKind {
    /// Username or user ID.
    User,
    /// Text without further syntax.
    Text,
    /// ID of 1 to 19 digits.
    Id,
    /// Number, 0 or more.
    Number,
    /// Number, or range such as `10..20`.
    Range,
    /// Whole number from 1 to 100.
    Percent,
    /// Number from 0.0 to 1.0.
    Fraction,
    /// Context annotation: `domain.entity` or `domain.*`.
    Context,
    /// Language code that X documents.
    Lang,
    /// Country code of two letters.
    Country,
    /// Circle: `[longitude latitude radius]`.
    Circle,
    /// Bounding box: `[west south east north]`.
    Box,
    /// One of these keywords.
    OneOf(&'static [&'static str]),
}

/// Language codes that X documents for `lang:`.
pub(crate) const LANGUAGES: [&str; 51] = [
    "am", "ar", "hy", "eu", "bn", "bg", "ca", "hr", "cs", "da", "nl", "en", "et", "fi", "fr", "de", "ka", "el", "gu",
    "iw", "hi", "hu", "in", "it", "ja", "kn", "ko", "lv", "lt", "ml", "mr", "no", "fa", "pl", "pt", "ro", "ru", "sr",
    "zh-CN", "sk", "sl", "es", "sv", "ta", "te", "th", "zh-TW", "tr", "uk", "ur", "vi",
];
/// Language codes that occur in posts but not in the documentation of `lang:`.
const UNLISTED_LANGUAGES: [&str; 13] =
    ["zh", "und", "qme", "qht", "qam", "qct", "qst", "zxx", "id", "he", "tl", "is", "cy"];

/// Maximum radius in kilometers: 25 miles, plus a tolerance for rounding.
const MAX_RADIUS_KM: f64 = 40.3;

impl ValueKind {
    /// Parses the value of an operator, without its quotation marks.
    pub(crate) fn parse_for(self, operator: &str, value: &str) -> Result<Value, InvalidTerm> {
        if value.trim().is_empty() {
            return Err(InvalidTerm {
                message: format!("operator `{operator}:` has no value"),
                suggestion: Some(format!("write {} after the colon", self.requirement())),
            });
        }
        self.parse(value).ok_or_else(|| {
            let message = format!(
                "operator `{operator}:` takes {}, not `{}`",
                self.requirement(),
                value.chars().take(60).collect::<String>()
            );
            InvalidTerm { message, suggestion: self.suggestion(operator, value) }
        })
    }

    fn suggestion(self, operator: &str, value: &str) -> Option<String> {
        let Self::OneOf(keywords) = self else { return None };
        let found = closest(&value.to_ascii_lowercase(), keywords.iter().copied())?;
        Some(format!("did you mean `{operator}:{found}`?"))
    }

    /// Value that the operator takes, for an error message.
    fn requirement(self) -> String {
        match self {
            Self::Text => "a text".to_owned(),
            Self::User => "a username or a user ID".to_owned(),
            Self::Id => "an ID of 1 to 19 digits".to_owned(),
            Self::Number => "a number".to_owned(),
            Self::Range => "a number or a range such as 10..20".to_owned(),
            Self::Percent => "a number from 1 to 100".to_owned(),
            Self::Fraction => "a number from 0.0 to 1.0".to_owned(),
            Self::Context => "a domain ID and an entity ID such as 47.10 or 47.*".to_owned(),
            Self::Lang => "a language code such as en or ja".to_owned(),
            Self::Country => "a country code of two letters such as US".to_owned(),
            Self::OneOf(keywords) => format!("one of {}", keywords.join(", ")),
            Self::Circle => "[longitude latitude radius] with a radius of up to 25mi or 40km".to_owned(),
            Self::Box => "[west south east north] in degrees".to_owned(),
        }
    }

    fn parse(self, value: &str) -> Option<Value> {
        let text = |text: &str| Value::Text(text.to_owned());
        match self {
            Self::Text => Some(text(value)),
            Self::User => {
                let user = value.strip_prefix('@').unwrap_or(value);
                let valid = user.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
                (valid && (1..=20).contains(&user.len())).then(|| text(user))
            }
            Self::Id => number(value).filter(|_| value.len() <= 19).map(Value::Number),
            Self::Number => number(value).map(Value::Number),
            Self::Range => match value.split_once("..") {
                Some((low, high)) => {
                    let (low, high) = (number(low)?, number(high)?);
                    (low <= high).then_some(Value::Range(low, high))
                }
                None => number(value).map(Value::Number),
            },
            Self::Percent => number(value).filter(|n| (1..=100).contains(n)).map(Value::Number),
            Self::Fraction => value.parse().ok().filter(|n| (0.0..=1.0).contains(n)).map(Value::Fraction),
            Self::Context => {
                let (domain, entity) = value.split_once('.')?;
                (number(domain).is_some() && (entity == "*" || number(entity).is_some())).then(|| text(value))
            }
            Self::Lang => {
                let mut codes = LANGUAGES.iter().chain(&UNLISTED_LANGUAGES);
                codes.find(|code| code.eq_ignore_ascii_case(value)).map(|code| text(code))
            }
            Self::Country => {
                let valid = value.len() == 2 && value.bytes().all(|b| b.is_ascii_alphabetic());
                valid.then(|| Value::Text(value.to_ascii_uppercase()))
            }
            Self::OneOf(keywords) => {
                keywords.iter().find(|keyword| keyword.eq_ignore_ascii_case(value)).map(|keyword| text(keyword))
            }
            Self::Circle => circle(value),
            Self::Box => bounding_box(value),
        }
    }
}

fn number(text: &str) -> Option<u64> {
    text.parse().ok()
}

fn bracketed(value: &str) -> Option<Vec<&str>> {
    Some(value.strip_prefix('[')?.strip_suffix(']')?.split_whitespace().collect())
}

fn degrees(text: &str, max: f64) -> Option<f64> {
    text.parse::<f64>().ok().filter(|n| n.abs() <= max)
}

fn circle(value: &str) -> Option<Value> {
    let parts = bracketed(value)?;
    let [lon, lat, radius] = parts[..] else { return None };
    let (number, km_per_unit) = match (radius.strip_suffix("km"), radius.strip_suffix("mi")) {
        (Some(number), _) => (number, 1.0),
        (_, Some(number)) => (number, 1.609_344),
        _ => return None,
    };
    let km = number.parse::<f64>().ok()? * km_per_unit;
    let valid = km > 0.0 && km <= MAX_RADIUS_KM;
    valid.then_some(Value::Circle(degrees(lon, 180.0)?, degrees(lat, 90.0)?, km))
}

fn bounding_box(value: &str) -> Option<Value> {
    let parts = bracketed(value)?;
    let [west, south, east, north] = parts[..] else { return None };
    let sides = [degrees(west, 180.0)?, degrees(south, 90.0)?, degrees(east, 180.0)?, degrees(north, 90.0)?];
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
            Self::Range(low, high) => write!(f, "{low}..{high}"),
            Self::Fraction(n) => write!(f, "{n:?}"),
            Self::Circle(lon, lat, km) => write!(f, "[{lon} {lat} {km}km]"),
            Self::Box([west, south, east, north]) => write!(f, "[{west} {south} {east} {north}]"),
        }
    }
}
