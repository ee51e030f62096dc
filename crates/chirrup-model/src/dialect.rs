//! The two dialects of the wire: posts were once called tweets, and most of the wire still calls them so.

use std::borrow::Cow;

use serde_json::{Map, Value as Json};

/// Which names the client sends. Both are always read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dialect {
    /// `tweet.fields`, `referenced_tweets`: what the documentation and every older client use.
    #[default]
    Tweet,
    /// `post.fields`, `referenced_posts`: the names of specification 2.167.
    Post,
}

/// Every name that differs, first as `Tweet` has it, then as `Post` has it.
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
    /// A name of the `Tweet` dialect, as this dialect has it.
    pub fn name(self, name: &str) -> &str {
        match self {
            Self::Tweet => name,
            Self::Post => PAIRS.iter().find(|(tweet, _)| *tweet == name).map_or(name, |(_, post)| post),
        }
    }

    /// A field, expansion or parameter in either dialect, as the `Tweet` dialect has it.
    pub fn canonical(name: &str) -> &str {
        match name {
            // The one word that means two things: a field, and an expansion.
            "referenced_posts" => "referenced_tweets.id",
            "affiliation" | "posts" => name,
            _ => PAIRS.iter().find(|(_, post)| *post == name).map_or(name, |(tweet, _)| tweet),
        }
    }

    /// Rewrites the keys of a whole reply from `Tweet` names into this dialect.
    pub fn rewrite(self, json: &mut Json) {
        if self == Self::Tweet {
            return;
        }
        match json {
            Json::Array(items) => items.iter_mut().for_each(|item| self.rewrite(item)),
            Json::Object(object) => {
                let old = std::mem::take(object);
                let renamed = old.into_iter().map(|(key, mut value)| {
                    self.rewrite(&mut value);
                    let key = match self.name(&key) {
                        same if same == key => key,
                        other => other.to_owned(),
                    };
                    (key, value)
                });
                *object = renamed.collect::<Map<_, _>>();
            }
            _ => {}
        }
    }

    /// Every value of a comma-joined list as this dialect has it, duplicates dropped.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_go_there_and_back() {
        assert_eq!(Dialect::Post.name("tweet.fields"), "post.fields");
        assert_eq!(Dialect::canonical("post.fields"), "tweet.fields");
        assert_eq!(Dialect::canonical("author_id"), "author_id");
        assert_eq!(Dialect::Post.names("author_id,referenced_tweets.id"), "author_id,referenced_posts");
    }

    #[test]
    fn a_reply_is_rewritten_at_every_depth() {
        let mut json = serde_json::json!({"includes": {"tweets": [{"referenced_tweets": [], "lang": "en"}]}});
        Dialect::Post.rewrite(&mut json);
        assert_eq!(json, serde_json::json!({"includes": {"posts": [{"referenced_posts": [], "lang": "en"}]}}));
    }
}
