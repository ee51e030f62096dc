//! Tables: CSV with a header, of users or of posts.
//!
//! A column has the name of a member of v2; dots lead into objects, as in the files of `twarc-csv`:
//! `public_metrics.like_count`, `referenced_tweets.replied_to.id`, `author.username`.

use std::collections::HashMap;

use chirrup_model::{InvalidTimestamp, Timestamp};
use serde_json::{Value as Json, json};

use super::objects::{ImportedData, Object, number, text};

/// Short names of columns.
const SHORT: [(&str, &str); 9] = [
    ("author_username", "author.username"),
    ("author", "author.username"),
    ("like_count", "public_metrics.like_count"),
    ("reply_count", "public_metrics.reply_count"),
    ("repost_count", "public_metrics.retweet_count"),
    ("retweet_count", "public_metrics.retweet_count"),
    ("quote_count", "public_metrics.quote_count"),
    ("followers_count", "public_metrics.followers_count"),
    ("following_count", "public_metrics.following_count"),
];
/// Kinds of references, with the columns of `twarc-csv` and a short one.
const REFERENCES: [(&str, &str); 3] =
    [("replied_to", "in_reply_to_post_id"), ("quoted", "quoted_post_id"), ("retweeted", "reposted_post_id")];
/// Members that stay texts even if they look like JSON.
const TEXTS: [&str; 5] = ["text", "name", "description", "location", "username"];
/// First ID of users whose rows have none. X has given no ID of this size.
const FIRST_USER_ID: u64 = 9_000_000_000_000_000_000;

pub(super) fn read(data: &mut ImportedData, content: &[u8]) -> Result<(), String> {
    let mut reader = csv::ReaderBuilder::new().flexible(false).from_reader(content);
    let header: Vec<String> = reader.headers().map_err(|why| why.to_string())?.iter().map(column).collect();
    let has = |name: &str| header.iter().any(|column| column == name);
    let is_posts = has("text");
    if !is_posts && !has("username") {
        return Err(
            "it is none of the known forms; a table has a header with the column `text` or `username`".to_owned()
        );
    }
    let mut table = Table::of(data);
    for row in reader.records() {
        let row = row.map_err(|why| why.to_string())?;
        let line = row.position().map_or(0, csv::Position::line);
        let object = object_of(&header, &row);
        let added = if is_posts { table.add_post(object) } else { table.add_user(object).map(drop) };
        added.map_err(|why| format!("line {line}: {why}"))?;
    }
    Ok(())
}

fn column(name: &str) -> String {
    let name = name.trim();
    SHORT.iter().find(|(short, _)| *short == name).map_or(name, |(_, long)| long).to_owned()
}

fn object_of(header: &[String], row: &csv::StringRecord) -> Object {
    let mut object = Json::Object(Object::new());
    for (column, value) in header.iter().zip(row).filter(|(_, value)| !value.is_empty()) {
        let last = column.rsplit('.').next().unwrap_or_default();
        let parsed =
            (value.starts_with(['{', '[']) && !TEXTS.contains(&last)).then(|| serde_json::from_str(value).ok());
        let value = parsed.flatten().unwrap_or_else(|| value.into());
        set(&mut object, column, value);
    }
    match object {
        Json::Object(object) => object,
        _ => Object::new(),
    }
}

/// Sets the member at a path. A path through something else than an object is left out.
fn set(object: &mut Json, path: &str, value: Json) {
    let mut at = object;
    for name in path.split('.') {
        let Json::Object(members) = at else { return };
        at = members.entry(name).or_insert_with(|| Json::Object(Object::new()));
    }
    *at = value;
}

/// Rows that are added to the data.
struct Table<'d> {
    data: &'d mut ImportedData,
    /// Users by the lowercase names that they have or had.
    ids: HashMap<String, u64>,
}

impl<'d> Table<'d> {
    fn of(data: &'d mut ImportedData) -> Self {
        let named = |(id, user): (&u64, &Object)| Some((text(user, "username")?.to_ascii_lowercase(), *id));
        // Of several users with a name, the one with the lowest ID has it.
        let ids = data.users.iter().rev().filter_map(named).collect();
        Self { data, ids }
    }

    fn add_user(&mut self, mut user: Object) -> Result<u64, String> {
        let name = text(&user, "username").map(|name| name.trim_start_matches('@').to_owned());
        let known = name.as_deref().and_then(|name| self.user_named(name));
        let id = match user.get("id") {
            Some(id) => number(id).ok_or_else(|| format!("the user ID {id} is not a number"))?,
            None => known.unwrap_or_else(|| self.new_user_id()),
        };
        if let Some(name) = name {
            if !chirrup_text::is_valid_username(&format!("@{name}")) {
                return Err(format!("`{name}` is not a username: it has up to 15 letters, digits and underscores"));
            }
            let named = self.ids.entry(name.to_ascii_lowercase()).or_insert(id);
            *named = id.min(*named);
            user.insert("username".to_owned(), name.into());
        }
        user.insert("id".to_owned(), id.to_string().into());
        self.data.add_user(id, user);
        Ok(id)
    }

    fn user_named(&self, name: &str) -> Option<u64> {
        let id = self.ids.get(&name.to_ascii_lowercase())?;
        let is_named = |user: &Object| text(user, "username").is_some_and(|known| known.eq_ignore_ascii_case(name));
        if self.data.users.get(id).is_some_and(is_named) {
            return Some(*id);
        }
        // The user has got another name meanwhile.
        self.data.users.iter().find(|(_, user)| is_named(user)).map(|(id, _)| *id)
    }

    fn new_user_id(&self) -> u64 {
        self.data.users.keys().next_back().map_or(FIRST_USER_ID, |last| FIRST_USER_ID.max(last + 1))
    }

    fn add_post(&mut self, mut post: Object) -> Result<(), String> {
        if let Some(Json::Object(mut author)) = post.remove("author") {
            if let Some(id) = post.get("author_id") {
                author.entry("id").or_insert_with(|| id.clone());
            }
            let id = self.add_user(author)?;
            post.insert("author_id".to_owned(), id.to_string().into());
        }
        let mut references = Vec::new();
        let named = post.remove("referenced_tweets").unwrap_or_default();
        for (kind, short) in REFERENCES {
            let id = post.remove(short).or_else(|| named.get(kind)?.get("id").cloned());
            references.extend(id.map(|id| json!({"type": kind, "id": id})));
        }
        let id = match post.get("id") {
            Some(id) => number(id).ok_or_else(|| format!("the post ID {id} is not a number"))?,
            None => self.new_post_id(&post)?,
        };
        post.insert("id".to_owned(), id.to_string().into());
        post.insert("referenced_tweets".to_owned(), if named.is_array() { named } else { references.into() });
        self.data.add_post(id, post);
        Ok(())
    }

    /// Returns an ID of the time at which a post was created.
    fn new_post_id(&self, post: &Object) -> Result<u64, String> {
        let created = text(post, "created_at").ok_or("the row has neither `id` nor `created_at`")?;
        let time: Timestamp = created.parse().map_err(|why: InvalidTimestamp| why.to_string())?;
        let first = time.first_snowflake();
        let free = (first..).find(|id| !self.data.posts.contains_key(id));
        Ok(free.unwrap_or(first))
    }
}
