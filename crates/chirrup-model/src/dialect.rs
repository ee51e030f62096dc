//! The two dialects of the wire format: most names on the wire still call a post a tweet.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use serde_json::{Map, Value as Json};

/// Dialect of the names that the client sends. Responses in either dialect are decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Dialect {
    /// Names such as `tweet.fields` and `referenced_tweets`, of the documentation and older clients.
    #[default]
    Tweet,
    /// Names such as `post.fields` and `referenced_posts`, of the OpenAPI document since version 2.167.
    Post,
}

/// Every name that differs, in the `Tweet` and in the `Post` dialect.
const PAIRS: [(&str, &str); 12] = [
    ("tweet.fields", "post.fields"),
    ("edit_history_tweet_ids", "edit_history_post_ids"),
    ("referenced_tweets", "referenced_posts"),
    ("referenced_tweets.id", "referenced_posts"),
    ("pinned_tweet_id", "pinned_post_id"),
    ("most_recent_tweet_id", "most_recent_post_id"),
    ("note_tweet", "note_post"),
    ("retweet_count", "repost_count"),
    ("tweet_count", "post_count"),
    ("total_tweet_count", "total_post_count"),
    ("affiliation.user_id", "affiliation"),
    ("tweets", "posts"),
];

impl Dialect {
    /// Translates a name of the `Tweet` dialect into this dialect.
    pub fn name(self, name: &str) -> &str {
        match self {
            Self::Tweet => name,
            Self::Post => PAIRS.iter().find(|(tweet, _)| *tweet == name).map_or(name, |(_, post)| post),
        }
    }

    /// Translates the name of a field, expansion or parameter in either dialect into the `Tweet` dialect.
    pub fn canonical(name: &str) -> &str {
        match name {
            // The only name with two meanings: a field and an expansion.
            "referenced_posts" => "referenced_tweets.id",
            "affiliation" | "posts" => name,
            _ => PAIRS.iter().find(|(_, post)| *post == name).map_or(name, |(tweet, _)| tweet),
        }
    }

    /// Translates all keys of a response from the `Tweet` dialect into this dialect.
    pub fn rewrite(self, json: &mut Json) {
        if self == Self::Tweet {
            return;
        }
        match json {
            Json::Array(items) => items.iter_mut().for_each(|item| self.rewrite(item)),
            Json::Object(object) => {
                let renamed = std::mem::take(object).into_iter().map(|(key, mut value)| {
                    self.rewrite(&mut value);
                    let key = match self.name(&key) {
                        unchanged if unchanged == key => key,
                        other => other.to_owned(),
                    };
                    (key, value)
                });
                *object = renamed.collect::<Map<_, _>>();
            }
            _ => {}
        }
    }

    /// Translates a comma-separated list of names of the `Tweet` dialect into this dialect, without duplicates.
    pub fn names<'a>(self, list: &'a str) -> Cow<'a, str> {
        if self == Self::Tweet {
            return Cow::Borrowed(list);
        }
        let mut out: Vec<&str> = Vec::new();
        for name in list.split(',').map(|part| self.name(part)) {
            if !out.contains(&name) {
                out.push(name);
            }
        }
        Cow::Owned(out.join(","))
    }
}

/// Names in the `Tweet` and in the `Post` dialect that only responses have.
const RESPONSE_PAIRS: [(&str, &str); 3] =
    [("retweeted", "reposted"), ("media_source_tweet_id", "media_source_post_id"), ("tweet_id", "post_id")];

/// Decodes JSON whose objects may contain a field under its names in both dialects.
///
/// The value under the name of the [`Tweet`](Dialect::Tweet) dialect is decoded, the other one is ignored.
///
/// # Errors
/// Those of [`serde_json::from_slice`].
pub fn decode<T: DeserializeOwned>(json: &[u8]) -> Result<T, serde_json::Error> {
    // A second pass is necessary only where serde found two names of one field.
    let error = match from_utf8_slice(json) {
        Err(error) if error.is_data() && error.to_string().starts_with("duplicate field") => error,
        decoded => return decoded,
    };
    let mut value: Json = serde_json::from_slice(json)?;
    if remove_second_names(&mut value) { decode_value(&value) } else { Err(error) }
}

/// Decodes JSON of which all bytes must be UTF-8. One check of the whole text is faster than one per string.
pub(crate) fn from_utf8_slice<'de, T: Deserialize<'de>>(json: &'de [u8]) -> Result<T, serde_json::Error> {
    match std::str::from_utf8(json) {
        Ok(text) => serde_json::from_str(text),
        // A raw value is checked, too, so that this is an error with its position.
        Err(_) => serde_json::from_slice::<&RawValue>(json)
            .and_then(|_| Err(serde::de::Error::custom("the text is not UTF-8"))),
    }
}

/// Decodes JSON that is parsed already, by way of its text, so that each type is compiled with one decoder only.
///
/// # Errors
/// Those of [`serde_json::from_str`].
pub fn decode_value<T: DeserializeOwned>(json: &Json) -> Result<T, serde_json::Error> {
    serde_json::from_str(&serde_json::to_string(json)?)
}

/// Removes each name of the `Post` dialect from objects that have the other name too. Returns whether there were any.
pub(crate) fn remove_second_names(json: &mut Json) -> bool {
    let mut removed = false;
    match json {
        Json::Array(items) => items.iter_mut().for_each(|item| removed |= remove_second_names(item)),
        Json::Object(object) => {
            for (tweet, post) in PAIRS.iter().chain(&RESPONSE_PAIRS) {
                removed |= object.contains_key(*tweet) && object.remove(*post).is_some();
            }
            object.values_mut().for_each(|value| removed |= remove_second_names(value));
        }
        _ => {}
    }
    removed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_with_both_names_of_a_field_is_decoded() {
        let both = r#"[{"id":"2","text":"a","referenced_posts":[],"referenced_tweets":[{"type":"quoted","id":"1"}],
            "public_metrics":{"retweet_count":3,"repost_count":4,"reply_count":0,"like_count":0,"quote_count":0}}]"#;
        let posts: Vec<crate::Post> = decode(both.as_bytes()).expect("posts");
        assert_eq!(posts[0].referenced_posts.len(), 1);
        assert_eq!(posts[0].public_metrics.as_ref().map(|metrics| metrics.repost_count), Some(3));
        let twice = br#"{"id":"2","id":"3","text":"a"}"#;
        assert!(decode::<crate::Post>(twice).expect_err("twice").to_string().contains("duplicate field `id`"));
    }

    #[test]
    fn names_are_translated_in_both_directions() {
        assert_eq!(Dialect::Post.name("tweet.fields"), "post.fields");
        assert_eq!(Dialect::canonical("post.fields"), "tweet.fields");
        assert_eq!(Dialect::canonical("author_id"), "author_id");
        assert_eq!(Dialect::Post.names("author_id,referenced_tweets.id"), "author_id,referenced_posts");
    }

    #[test]
    fn keys_are_translated_at_every_depth() {
        let mut json = serde_json::json!({"includes": {"tweets": [{"referenced_tweets": [], "lang": "en"}]}});
        Dialect::Post.rewrite(&mut json);
        assert_eq!(json, serde_json::json!({"includes": {"posts": [{"referenced_posts": [], "lang": "en"}]}}));
    }
}
