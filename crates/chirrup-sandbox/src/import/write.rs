//! Imported data as a world.

use std::collections::BTreeMap;

use chirrup_model::Timestamp;
use serde_json::{Value as Json, json};

use super::objects::{ImportCounts, ImportedData, Message, Object, number, text, unescaped};
use crate::response::dm_event::dm_event;
use crate::seed::DEFAULT_USER_ID;
use crate::world::{DEFAULT_USER, PostCounts, PostRow, UserCounts, UserRow, World, language_of};

type Sql<T> = rusqlite::Result<T>;

/// User to whom posts without an author belong.
const UNKNOWN_USER: &str = "unknown";
/// Time at which a user joined whose time is unknown, in milliseconds: the start of Twitter.
const FIRST_TIME: i64 = 1_142_974_214_000;

impl ImportedData {
    /// Fills an empty world.
    pub(crate) fn write(&self, world: &mut World) -> Sql<ImportCounts> {
        let mut counts = ImportCounts {
            users: self.users.values().filter(|user| user.contains_key("username")).count(),
            ..ImportCounts::default()
        };
        world.change_in_bulk(|world| {
            let unknown = self.write_users(world)?;
            for place in self.places.values() {
                let Some(id) = text(place, "id") else { continue };
                world.add_place(id, &Json::Object(place.clone()))?;
                counts.places += 1;
            }
            counts.polls = self.write_polls(world)?;
            counts.posts = self.write_posts(world, unknown)?;
            counts.media = self.media.len();
            for (follower, followed) in &self.follows {
                counts.follows += usize::from(world.add_imported_follow(*follower, *followed));
            }
            for (user, post) in &self.likes {
                counts.likes += usize::from(world.add_imported_like(*user, *post));
            }
            self.messages.values().try_for_each(|message| write_message(world, message))?;
            counts.messages = self.messages.len();
            world.raise_counts();
            Ok(())
        })?;
        Ok(counts)
    }

    /// Writes all users, and those who are missing. Returns the ID of the user to whom posts without an author belong.
    fn write_users(&self, world: &World) -> Sql<u64> {
        for (id, user) in &self.users {
            add_user(world, *id, user)?;
        }
        if let Some(owner) = self.owner {
            world.set_default_user(owner)?;
        } else if world.user_id(DEFAULT_USER)?.is_none() {
            // The ID in generated worlds, or the next one that is free.
            let id = (DEFAULT_USER_ID..).find(|id| !self.users.contains_key(id)).unwrap_or(DEFAULT_USER_ID);
            world.add_user(UserRow::new(id, DEFAULT_USER.to_owned(), "Ada Finch".to_owned(), FIRST_TIME))?;
        }
        for author in self.posts.values().filter_map(author_of) {
            if world.user_row(author).is_none() {
                add_user(world, author, &Object::new())?;
            }
        }
        if let Some(id) = world.user_id(UNKNOWN_USER)? {
            return Ok(id);
        }
        let unknown = (1..).find(|id| world.user_row(*id).is_none()).unwrap_or(1);
        if self.posts.values().any(|post| author_of(post).is_none()) {
            world.add_user(UserRow::new(unknown, UNKNOWN_USER.to_owned(), "Unknown author".to_owned(), FIRST_TIME))?;
        }
        Ok(unknown)
    }

    fn write_polls(&self, world: &World) -> Sql<usize> {
        for (id, poll) in &self.polls {
            let minutes = poll.get("duration_minutes").and_then(number).unwrap_or(1_440);
            let ends = time(poll, "end_datetime").unwrap_or_else(|| Timestamp::from_snowflake(*id));
            world.add_imported_poll(*id, &poll["options"], minutes, ends)?;
        }
        Ok(self.polls.len())
    }

    /// Writes the posts, the oldest first, and their media.
    fn write_posts(&self, world: &mut World, unknown: u64) -> Sql<usize> {
        let mut written = 0;
        let mut conversations: BTreeMap<u64, u64> = BTreeMap::new();
        for (id, post) in self.posts.iter().filter(|(_, post)| text(post, "text").is_some()) {
            let author = author_of(post).unwrap_or(unknown);
            let mut row = Self::post(*id, author, post);
            let parent = row.reply_to.and_then(|parent| conversations.get(&parent).copied());
            row.conversation = post.get("conversation_id").and_then(number).or(parent).or(row.reply_to).unwrap_or(*id);
            conversations.insert(*id, row.conversation);
            for key in keys(post) {
                row.media.extend(self.write_media(world, key, author)?);
            }
            world.add_imported_post(row);
            written += 1;
        }
        Ok(written)
    }

    fn post(id: u64, author: u64, post: &Object) -> PostRow {
        let references = post.get("referenced_tweets").or_else(|| post.get("referenced_posts"));
        let reference = |kind: &str| {
            let mut all = references.and_then(Json::as_array).into_iter().flatten();
            all.find(|reference| reference["type"] == kind).and_then(|reference| number(&reference["id"]))
        };
        let attachments = post.get("attachments");
        let quote_of = reference("quoted");
        let has_media = keys(post).next().is_some();
        let mut extra = Object::new();
        for name in ["possibly_sensitive", "withheld"] {
            extra.extend(post.get(name).filter(|value| **value != false).map(|value| (name.to_owned(), value.clone())));
        }
        let metrics = post.get("public_metrics").cloned().unwrap_or_default();
        let count = |name: &str| number(&metrics[name]).unwrap_or_default();
        let versions = post.get("edit_history_tweet_ids").or_else(|| post.get("edit_history_post_ids"));
        let versions: Vec<u64> = versions.and_then(Json::as_array).into_iter().flatten().filter_map(number).collect();
        let mut row = PostRow::new(id, author, own_text(post, quote_of, has_media));
        row.lang = match text(post, "lang") {
            Some(lang) => lang.to_owned().into(),
            None => language_of(&row.text).into(),
        };
        row.reply_to = reference("replied_to");
        row.reply_to_user = post.get("in_reply_to_user_id").and_then(number);
        row.quote_of = quote_of;
        row.repost_of = reference("retweeted").or_else(|| reference("reposted"));
        row.poll = attachments.and_then(|attachments| number(&attachments["poll_ids"][0]));
        row.place = post.get("geo").and_then(|geo| geo["place_id"].as_str()).map(str::to_owned);
        row.community = post.get("community_id").and_then(number);
        row.source = without_tag(text(post, "source").unwrap_or("Imported")).into();
        if let Some(settings) = text(post, "reply_settings") {
            row.reply_settings = settings.to_owned().into();
        }
        row.set_versions(versions);
        row.extra = extra;
        row.counts = PostCounts {
            likes: count("like_count"),
            replies: count("reply_count"),
            reposts: count("retweet_count").max(count("repost_count")),
            quotes: count("quote_count"),
            bookmarks: count("bookmark_count"),
            impressions: count("impression_count"),
        };
        row
    }

    /// Writes a media object and returns its ID. One of which only the key is known has the type that the key tells.
    fn write_media(&self, world: &World, key: &str, author: u64) -> Sql<Option<u64>> {
        let (kind, id) = key.split_once('_').unwrap_or(("3", key));
        let Ok(id) = id.parse::<u64>() else { return Ok(None) };
        let kind = match kind {
            "3" => "photo",
            "16" => "animated_gif",
            _ => "video",
        };
        let mut media = self.media.get(key).cloned().unwrap_or_default();
        media.entry("media_key").or_insert_with(|| key.into());
        media.entry("type").or_insert_with(|| kind.into());
        media
            .entry(if kind == "photo" { "url" } else { "preview_image_url" })
            .or_insert_with(|| format!("https://pbs.twimg.com/media/{id}.jpg").into());
        world.add_media(id, author, &Json::Object(media))?;
        Ok(Some(id))
    }
}

fn time(object: &Object, name: &str) -> Option<Timestamp> {
    text(object, name)?.parse().ok()
}

fn author_of(post: &Object) -> Option<u64> {
    post.get("author_id").and_then(number)
}

fn keys(post: &Object) -> impl Iterator<Item = &str> {
    let keys = post.get("attachments").and_then(|attachments| attachments["media_keys"].as_array());
    keys.into_iter().flatten().filter_map(Json::as_str)
}

/// Adds a user. One whose name is unknown, or already taken, is named after the ID.
fn add_user(world: &World, id: u64, user: &Object) -> Sql<()> {
    let name = match text(user, "username") {
        Some(name) if world.user_id(name)?.is_none() => name.to_owned(),
        _ => format!("u{id}").chars().take(15).collect(),
    };
    let name = if world.user_id(&name)?.is_some() { format!("u{id}") } else { name };
    let created = time(user, "created_at").map_or(FIRST_TIME, Timestamp::as_millis);
    let mut row = UserRow::new(id, name.clone(), text(user, "name").unwrap_or(&name).to_owned(), created);
    let links = user.get("entities").cloned().unwrap_or_default();
    row.description =
        with_links(text(user, "description").unwrap_or_default(), &links["description"]["urls"], |_| false);
    row.location = text(user, "location").unwrap_or_default().to_owned();
    row.url = with_links(text(user, "url").unwrap_or_default(), &links["url"]["urls"], |_| false);
    let is = |name: &str| user.get(name).is_some_and(|value| *value == true || *value == "true" || *value == "True");
    (row.verified, row.protected) = (is("verified"), is("protected"));
    row.pinned = user.get("pinned_tweet_id").or_else(|| user.get("pinned_post_id")).and_then(number);
    let metrics = user.get("public_metrics").cloned().unwrap_or_default();
    let count = |name: &str| number(&metrics[name]).unwrap_or_default();
    row.counts = UserCounts {
        followers: count("followers_count"),
        following: count("following_count"),
        posts: count("tweet_count").max(count("post_count")),
        likes: count("like_count"),
        media: count("media_count"),
    };
    world.add_links_in(&row.description)?;
    if !row.url.is_empty() {
        world.add_link(&row.url)?;
    }
    world.add_user(row)
}

/// Returns the text that the author wrote: with the links themselves in place of short ones, without the links that X adds to
/// media and to the quoted post, and without references to characters.
fn own_text(post: &Object, quoted: Option<u64>, has_media: bool) -> String {
    let note = post.get("note_tweet").or_else(|| post.get("note_post")).and_then(Json::as_object);
    let source = note.filter(|note| text(note, "text").is_some()).unwrap_or(post);
    let entities = source.get("entities").cloned().unwrap_or_default();
    let quoted = quoted.map(|id| format!("/status/{id}"));
    let is_added = |target: &str| {
        let path = target.split('?').next().unwrap_or_default();
        let is_media = has_media && path.contains("/status/") && (path.contains("/photo/") || path.contains("/video/"));
        is_media || quoted.as_ref().is_some_and(|quoted| path.ends_with(quoted.as_str()))
    };
    unescaped(&with_links(text(source, "text").unwrap_or_default(), &entities["urls"], is_added))
}

/// Replaces short links by their targets, and removes those that `is_added` names.
fn with_links(text: &str, links: &Json, is_added: impl Fn(&str) -> bool) -> String {
    let mut text = text.to_owned();
    for link in links.as_array().into_iter().flatten() {
        let (Some(short), Some(target)) = (link["url"].as_str(), link["expanded_url"].as_str()) else { continue };
        if short.is_empty() {
            continue;
        }
        text =
            if is_added(target) { text.replace(short, "").trim_end().to_owned() } else { text.replace(short, target) };
    }
    text
}

/// Returns the name in the link that v1.1 has as the source of a post.
fn without_tag(source: &str) -> String {
    let name = source.split_once('>').map_or(source, |(_, rest)| rest);
    name.split('<').next().unwrap_or_default().to_owned()
}

/// Writes a message with a copy for each participant.
fn write_message(world: &World, message: &Message) -> Sql<()> {
    let Message { id, conversation, sender, participants, text } = message;
    let mut event = dm_event(world, *sender, conversation, text)?;
    event["id"] = id.to_string().into();
    event["created_at"] = json!(Timestamp::from_snowflake(*id));
    world.put_dm_event(&id.to_string(), participants, &event)?;
    if participants.len() != 2 {
        world.put_document("dm_group", conversation, *sender, &json!({"participants": participants}))?;
    }
    Ok(())
}
