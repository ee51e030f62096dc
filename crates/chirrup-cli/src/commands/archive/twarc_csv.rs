//! Rows of posts as the program twarc-csv writes them.

use std::fmt::Write as _;

use serde_json::{Map, Value as Json, json};

/// Columns of posts, in their order.
const COLUMNS: &str = include_str!("twarc_columns.txt");
/// Members that a repost takes from the post that it repeats.
const OF_REPOSTED: [&str; 5] = ["text", "entities", "attachments", "context_annotations", "public_metrics"];

/// Returns the names of the columns.
pub(super) fn header() -> String {
    COLUMNS.lines().collect::<Vec<_>>().join(",")
}

/// Returns the row of a post that has its author, media and referenced posts in it.
pub(super) fn row(mut post: Json) -> String {
    if let Some(members) = post.as_object_mut() {
        with_references(members);
        members.get_mut("entities").map(simplify_entities);
        members.get_mut("author").and_then(Json::as_object_mut).map(simplify_author);
    }
    COLUMNS.lines().map(|path| quoted(&cell(&post, path))).collect::<Vec<_>>().join(",")
}

/// Adds the columns about the posts that a post refers to.
fn with_references(post: &mut Map<String, Json>) {
    let references = post.remove("referenced_tweets").unwrap_or_default();
    let references = references.as_array().map(Vec::as_slice).unwrap_or_default();
    let last = |kind: &str| references.iter().rev().find(|reference| reference["type"] == kind);
    for (kind, user_id, username) in [
        ("replied_to", None, "in_reply_to_username"),
        ("retweeted", Some("retweeted_user_id"), "retweeted_username"),
        ("quoted", Some("quoted_user_id"), "quoted_username"),
    ] {
        let Some(reference) = last(kind) else { continue };
        if let Some(user_id) = user_id {
            post.insert(user_id.to_owned(), reference["author_id"].clone());
        }
        post.insert(username.to_owned(), reference["author"]["username"].clone());
    }
    // A long post has its whole text in another member.
    let text = |post: &Json| post.pointer("/note_tweet/text").or_else(|| post.get("text")).cloned();
    let own = text(&Json::Object(post.clone()));
    post.extend(own.map(|text| ("text".to_owned(), text)));
    if let Some(reposted) = last("retweeted") {
        for name in OF_REPOSTED {
            let value = if name == "text" { text(reposted) } else { reposted.get(name).cloned() };
            post.extend(value.map(|value| (name.to_owned(), value)));
        }
    }
    let mut ids = Map::new();
    for reference in references {
        let kind = reference["type"].as_str().unwrap_or_default();
        ids.entry(kind).or_insert_with(|| json!({"id": reference["id"]}));
    }
    post.insert("referenced_tweets".to_owned(), Json::Object(ids));
}

/// Replaces the objects of entities by their texts.
fn simplify_entities(entities: &mut Json) {
    for (list, name, mark) in [("cashtags", "tag", "$"), ("hashtags", "tag", "#"), ("mentions", "username", "@")] {
        replace(entities.get_mut(list), |entity| format!("{mark}{}", entity[name].as_str().unwrap_or_default()).into());
    }
    replace(entities.get_mut("urls"), |url| match url.get("media_key") {
        Some(_) => url["display_url"].clone(),
        None => target(url),
    });
}

/// Replaces the objects of an author's entities, and the URL by its target.
fn simplify_author(author: &mut Map<String, Json>) {
    let Some(entities) = author.get_mut("entities") else { return };
    entities.get_mut("description").map(simplify_entities);
    let urls = entities.get_mut("url").and_then(|url| url.get_mut("urls"));
    replace(urls, target);
    let url = entities.pointer("/url/urls").and_then(Json::as_array).and_then(|urls| urls.last()).cloned();
    author.extend(url.map(|url| ("url".to_owned(), url)));
}

fn target(url: &Json) -> Json {
    url.get("expanded_url").unwrap_or(&url["url"]).clone()
}

fn replace(list: Option<&mut Json>, text: impl Fn(&Json) -> Json) {
    let entities = list.and_then(Json::as_array_mut).into_iter().flatten();
    entities.for_each(|entity| *entity = text(entity));
}

/// Returns the text of the value with a path, such as `author.public_metrics.tweet_count`.
fn cell(post: &Json, path: &str) -> String {
    let value = path.split('.').try_fold(post, |value, name| value.get(name));
    match value {
        None | Some(Json::Null | Json::Object(_)) => String::new(),
        Some(Json::String(text)) => text.replace('\r', "").replace('\n', "\\n"),
        Some(Json::Bool(true)) => "True".to_owned(),
        Some(Json::Bool(false)) => "False".to_owned(),
        Some(Json::Number(number)) => number.to_string(),
        Some(list) => {
            let mut text = String::new();
            write_json(&mut text, list);
            text
        }
    }
}

/// Writes JSON as Python does: with spaces after the separators, and in ASCII.
fn write_json(text: &mut String, json: &Json) {
    match json {
        Json::Array(items) => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                text.push_str(if at > 0 { ", " } else { "" });
                write_json(text, item);
            }
            text.push(']');
        }
        Json::Object(members) => {
            text.push('{');
            for (at, (name, value)) in members.iter().enumerate() {
                text.push_str(if at > 0 { ", " } else { "" });
                write_json(text, &Json::from(name.as_str()));
                text.push_str(": ");
                write_json(text, value);
            }
            text.push('}');
        }
        other => {
            for unit in other.to_string().encode_utf16() {
                match char::from_u32(u32::from(unit)).filter(char::is_ascii) {
                    Some(c) => text.push(c),
                    None => drop(write!(text, "\\u{unit:04x}")),
                }
            }
        }
    }
}

/// Quotes a cell that has a separator, a quote or a line break in it.
fn quoted(cell: &str) -> String {
    if cell.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(post: Json) -> Vec<(String, String)> {
        let (header, row) = (header(), row(post));
        assert_eq!(header.split(',').count(), 84);
        let names = header.split(',').map(str::to_owned);
        names.zip(row.split(',').map(str::to_owned)).filter(|(_, value)| !value.is_empty()).collect()
    }

    #[test]
    fn a_repost_has_the_text_of_the_post_that_it_repeats() {
        let post = json!({
            "id": "2", "text": "RT @ada: a", "author_id": "12", "author": {"username": "robin", "verified": true},
            "referenced_tweets": [{
                "type": "retweeted", "id": "1", "text": "a heron\nand \u{e9}", "author_id": "13", "author": {"username": "ada"},
                "entities": {"hashtags": [{"tag": "\u{e9}"}]}, "public_metrics": {"like_count": 3},
            }],
        });
        let expected = [
            ("id", "2"),
            ("referenced_tweets.retweeted.id", "1"),
            ("author_id", "12"),
            ("retweeted_user_id", "13"),
            ("retweeted_username", "ada"),
            ("text", "a heron\\nand \u{e9}"),
            ("public_metrics.like_count", "3"),
            ("entities.hashtags", "\"[\"\"#\\u00e9\"\"]\""),
            ("author.username", "robin"),
            ("author.verified", "True"),
        ];
        assert_eq!(cells(post), expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn texts_of_python_are_ascii() {
        let mut text = String::new();
        write_json(&mut text, &json!([{"a": "\u{1F426}"}, 1, null]));
        assert_eq!(text, "[{\"a\": \"\\ud83d\\udc26\"}, 1, null]");
    }
}
