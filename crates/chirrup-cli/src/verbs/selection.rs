//! Selection of results: times, IDs, order and fields.

use chirrup::model::{ParamKind, Timestamp};
use chirrup::{Call, Clock as _, Endpoint, Param, SystemClock};
use clap::{Arg, ArgMatches};
use serde_json::Value as Json;

use super::verb::Output;
use crate::error::CliError;

/// Options of parameters: name of the option, its value, name of the parameter, and help.
const OPTIONS: [(&str, &str, &str, &str); 5] = [
    ("since", "TIME", "start_time", "Earliest time: 2026-01-31, 2026-01-31T12:00:00Z or \"2d ago\""),
    ("until", "TIME", "end_time", "Latest time, in the same forms"),
    ("since-id", "ID", "since_id", "Only posts that are newer than this ID"),
    ("until-id", "ID", "until_id", "Only posts that are older than this ID"),
    ("sort", "ORDER", "sort_order", "Order of the results: recency or relevancy"),
];

/// Fields and expansions that tables show.
const DEFAULTS: [(&str, &[&str]); 9] = [
    ("tweet.fields", &["created_at", "public_metrics", "note_tweet", "conversation_id", "lang"]),
    ("media.fields", &["alt_text", "url"]),
    ("place.fields", &["country_code"]),
    ("list.fields", &["description", "member_count", "follower_count", "owner_id", "private", "created_at"]),
    ("space.fields", &["title", "state", "creator_id", "participant_count", "scheduled_start", "started_at"]),
    ("dm_event.fields", &["text", "created_at", "sender_id", "dm_conversation_id"]),
    ("trend.fields", &["trend_name", "tweet_count"]),
    ("personalized_trend.fields", &["trend_name", "category", "post_count", "trending_since"]),
    ("community.fields", &["description", "member_count", "access", "created_at"]),
];
const USER_DEFAULTS: &[&str] = &["description", "public_metrics", "verified", "created_at", "location"];
const POST_EXPANSIONS: &[&str] = &["author_id", "attachments.media_keys", "attachments.poll_ids", "geo.place_id"];
/// Posts that posts refer to, with their authors and media.
const REFERENCES: &[&str] =
    &["referenced_tweets.id", "referenced_tweets.id.author_id", "referenced_tweets.id.attachments.media_keys"];
/// Users that Spaces refer to.
const SPACE_EXPANSIONS: &[&str] = &["creator_id", "host_ids", "speaker_ids"];
/// Fields that only the owner of an object sees, or that depend on the authenticated user.
const PRIVATE_FIELDS: [&str; 11] = [
    "non_public_metrics",
    "organic_metrics",
    "promoted_metrics",
    "confirmed_email",
    "connection_status",
    "receives_your_dm",
    "subscribes_to_you",
    "subscription",
    "note_request_suggestions",
    "suggested_source_links",
    "suggested_source_links_with_counts",
];

/// Whether a field does not depend on the authenticated user.
pub(crate) fn is_public(field: &str) -> bool {
    !PRIVATE_FIELDS.contains(&field)
}

/// Returns the expansions of posts that are stored with what they refer to.
pub(crate) fn stored_expansions() -> Vec<&'static str> {
    [POST_EXPANSIONS, REFERENCES].concat()
}

/// Names of all options of a selection.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    OPTIONS.iter().map(|(name, ..)| *name).chain(["fields", "expansions"])
}

/// Returns the options that follow from the parameters of an endpoint.
pub(super) fn options(endpoint: &'static Endpoint) -> Vec<Arg> {
    let available = OPTIONS.iter().filter(|(_, _, param, _)| endpoint.param(param).is_some());
    let mut options: Vec<Arg> =
        available.map(|(name, value, _, help)| Arg::new(*name).long(*name).value_name(*value).help(*help)).collect();
    if field_params(endpoint).next().is_some() {
        let help = "Fields to request, comma-separated, such as `lang,user.location`, or `all`";
        options.push(Arg::new("fields").long("fields").value_name("FIELDS").help(help));
    }
    if endpoint.param("expansions").is_some() {
        let help = "Objects to include, comma-separated, or `all` or `none`";
        options.push(Arg::new("expansions").long("expansions").value_name("NAMES").help(help));
    }
    options
}

fn field_params(endpoint: &'static Endpoint) -> impl Iterator<Item = &'static Param> {
    endpoint.params().filter(|param| param.name.ends_with(".fields"))
}

/// Words that a list parameter accepts.
fn words(param: &Param) -> &'static [&'static str] {
    match param.kind {
        ParamKind::List { of: ParamKind::OneOf(words), .. } => words,
        _ => &[],
    }
}

/// Sets a parameter at its location. A parameter that the endpoint does not have is left out.
pub(crate) fn set(call: &mut Call, endpoint: &'static Endpoint, name: &'static str, value: Json) {
    if let Some(param) = endpoint.param(name) {
        call.set(name, param.location, Ok(value));
    }
}

/// Selection of a command line.
pub(crate) struct Selection<'m> {
    pub(crate) matches: &'m ArgMatches,
    pub(crate) output: Output,
    /// Whether the defaults are all public fields and the objects that posts refer to.
    pub(crate) has_all_fields: bool,
}

impl Selection<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.matches.try_get_one::<String>(name).ok().flatten().map(String::as_str)
    }

    /// Sets the parameters of the selection.
    pub(crate) fn apply(&self, call: &mut Call, endpoint: &'static Endpoint) -> Result<(), CliError> {
        for (option, _, param, _) in OPTIONS {
            let Some(text) = self.get(option) else { continue };
            let value = match param {
                "start_time" | "end_time" => time(text)
                    .map(|time| time.to_string())
                    .ok_or_else(|| CliError::usage(format!("--{option}: `{text}` is not a time")).with_hint(TIMES))?,
                _ => text.to_owned(),
            };
            set(call, endpoint, param, value.into());
        }
        self.apply_fields(call, endpoint)?;
        let Some(param) = endpoint.param("expansions") else { return Ok(()) };
        let expansions = match (self.get("expansions"), self.output) {
            (Some("none"), _) => Vec::new(),
            (Some("all"), _) => words(param).to_vec(),
            (Some(names), _) => names.split(',').map(str::trim).collect(),
            (None, Output::Posts) if self.has_all_fields => stored_expansions(),
            (None, Output::Posts) => POST_EXPANSIONS.to_vec(),
            (None, Output::Spaces) if self.has_all_fields => SPACE_EXPANSIONS.to_vec(),
            (None, _) if words(param).contains(&"sender_id") => vec!["sender_id"],
            (None, _) => Vec::new(),
        };
        check(&expansions, param, "expansion")?;
        if !expansions.is_empty() {
            set(call, endpoint, "expansions", expansions.into());
        }
        Ok(())
    }

    fn apply_fields(&self, call: &mut Call, endpoint: &'static Endpoint) -> Result<(), CliError> {
        let main = match self.output {
            Output::Posts => "tweet.fields",
            Output::Users | Output::UsersWithout(_) => "user.fields",
            _ => field_params(endpoint).next().map_or("", |param| param.name),
        };
        let requested: Vec<&str> = self.get("fields").into_iter().flat_map(|names| names.split(',')).collect();
        for param in field_params(endpoint) {
            let object = param.name.trim_end_matches(".fields");
            let own = requested.iter().filter_map(|name| match name.trim().split_once('.') {
                Some((prefix, field)) if prefix == object || (prefix == "post" && object == "tweet") => Some(field),
                None if param.name == main => Some(name.trim()),
                _ => None,
            });
            let own: Vec<&str> = own.collect();
            let fields = if own == ["all"] {
                words(param).to_vec()
            } else if !own.is_empty() || (!requested.is_empty() && param.name == main) {
                own
            } else if self.has_all_fields {
                words(param).iter().copied().filter(|name| is_public(name)).collect()
            } else {
                defaults(param.name, self.output)
            };
            check(&fields, param, "field")?;
            if !fields.is_empty() {
                set(call, endpoint, param.name, fields.into());
            }
        }
        let known = |prefix: &str| prefix == "post" || endpoint.param(&format!("{prefix}.fields")).is_some();
        match requested.iter().find(|name| name.split_once('.').is_some_and(|(prefix, _)| !known(prefix.trim()))) {
            Some(name) => {
                let objects: Vec<&str> = field_params(endpoint).map(|p| p.name.trim_end_matches(".fields")).collect();
                let hint = format!("prefixes of fields are {}", objects.join(", "));
                Err(CliError::usage(format!("`{name}` is not a field of the results")).with_hint(hint))
            }
            None => Ok(()),
        }
    }
}

fn defaults(param: &str, output: Output) -> Vec<&'static str> {
    match param {
        "user.fields" if matches!(output, Output::Users | Output::UsersWithout(_)) => USER_DEFAULTS.to_vec(),
        "tweet.fields" if output != Output::Posts => Vec::new(),
        _ => DEFAULTS.iter().find(|(name, _)| *name == param).map(|(_, fields)| fields.to_vec()).unwrap_or_default(),
    }
}

fn check(names: &[&str], param: &Param, noun: &str) -> Result<(), CliError> {
    let known = words(param);
    match names.iter().find(|name| !known.is_empty() && !known.contains(*name)) {
        Some(name) => {
            let hint = format!("the {noun}s are {}", known.join(", "));
            Err(CliError::usage(format!("`{name}` is not a known {noun}")).with_hint(hint))
        }
        None => Ok(()),
    }
}

/// Hint for a time that cannot be parsed.
const TIMES: &str = "write 2026-01-31, 2026-01-31T12:00:00Z, or a distance such as \"2d ago\" (m, h, d, w)";

/// Parses a date (its start in UTC), a time of RFC 3339, or a distance to the present such as `2d ago`.
fn time(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Some(time) = text.parse().ok().or_else(|| format!("{text}T00:00:00Z").parse().ok()) {
        return Some(time);
    }
    let distance = text.strip_suffix("ago").unwrap_or(text).trim();
    let digits = distance.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == ' ');
    let minutes = match distance[digits.len()..].trim() {
        "m" | "min" | "minute" | "minutes" => 1,
        "h" | "hour" | "hours" => 60,
        "d" | "day" | "days" => 24 * 60,
        "w" | "week" | "weeks" => 7 * 24 * 60,
        _ => return None,
    };
    let millis = digits.parse::<u32>().ok().map(|number| i64::from(number) * minutes * 60_000)?;
    Some(SystemClock.now().plus_millis(-millis))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_dates_moments_or_distances() {
        assert_eq!(time("2026-01-31").unwrap().to_string(), time("2026-01-31T00:00:00Z").unwrap().to_string());
        assert!(time("2d ago") < time("1 day ago") && time("1 week ago") < time("2d"));
        assert!(time("90 minutes ago") < time("1h"));
        for wrong in ["", "yesterday", "2x ago", "d ago", "2026-13-01", "-2d"] {
            assert!(time(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn the_default_fields_exist() {
        for (name, fields) in DEFAULTS.iter().chain([
            &("user.fields", USER_DEFAULTS),
            &("expansions", POST_EXPANSIONS),
            &("expansions", REFERENCES),
            &("expansions", SPACE_EXPANSIONS),
        ]) {
            let params = chirrup::all().filter_map(|endpoint| endpoint.param(name));
            let known: Vec<&str> = params.flat_map(words).copied().collect();
            for field in *fields {
                assert!(known.contains(field), "{name}: {field}");
            }
        }
    }
}
