//! Builds response bodies: fields, expansions, includes and partial errors.

use std::borrow::Borrow;

use chirrup_api::Call;
use chirrup_model::Dialect;
use serde_json::{Map, Value as Json};

use super::content::{Content, Resources, WrittenBody, resource_number};
use super::includes::Includes;
use super::object_writer::{ObjectWriter, write_value};
use super::post_object::{PRIVATE_METRICS, may_read_private_metrics, write_post};
use super::selection::Selection;
use super::user_object::write_user;
use super::viewer::Viewer;
use super::wire::finish;
use crate::response::api_error::{not_authorized_for_field, resource_not_found};
use crate::world::{PostRow, World};

/// Posts or users in the form of the wire.
#[derive(Debug, Default)]
pub(crate) struct Objects {
    /// Objects with commas between them.
    text: Vec<u8>,
    ids: Vec<u64>,
}

impl Objects {
    /// Number of objects in the list.
    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }

    /// Begins an object. The caller writes it.
    fn begin(&mut self, id: u64) -> &mut Vec<u8> {
        if !self.ids.is_empty() {
            self.text.push(b',');
        }
        self.ids.push(id);
        &mut self.text
    }
}

/// Builds the body of one response.
#[derive(Debug)]
pub(crate) struct ResponseBuilder<'w> {
    world: &'w World,
    call: &'w Call,
    selection: Selection<'w>,
    viewer: Viewer,
    includes: Includes,
    pub(crate) errors: Vec<Json>,
}

type Sql<T> = rusqlite::Result<T>;

impl<'w> ResponseBuilder<'w> {
    pub(crate) fn new(world: &'w World, call: &'w Call, viewer: Viewer) -> Self {
        let selection = Selection::of(call, viewer.dialect);
        Self { world, call, selection, viewer, includes: Includes::default(), errors: Vec::new() }
    }

    /// Returns posts, and adds their expansions to the includes.
    pub(crate) fn posts(&mut self, rows: &[impl Borrow<PostRow>]) -> Sql<Objects> {
        let mut posts = Objects::default();
        for row in rows.iter().map(Borrow::borrow) {
            write_post(posts.begin(row.id), &self.selection.post, self.world, self.viewer, row)?;
            self.report_private_metrics(row);
        }
        rows.iter().try_for_each(|row| self.expand(row.borrow()))?;
        Ok(posts)
    }

    /// Adds the partial errors of the requested metrics that the viewer may not read.
    fn report_private_metrics(&mut self, row: &PostRow) {
        for field in PRIVATE_METRICS.into_iter().filter(|field| self.selection.has_post_field(field)) {
            if field == "promoted_metrics" || !may_read_private_metrics(self.viewer, row) {
                self.errors.push(not_authorized_for_field("tweet", field, &row.id.to_string()));
            }
        }
    }

    /// Returns users, and adds their expansions to the includes.
    pub(crate) fn users(&mut self, ids: &[u64]) -> Sql<Objects> {
        let mut users = Objects::default();
        for id in ids {
            let Some(row) = self.world.user_row(*id) else {
                continue;
            };
            write_user(users.begin(*id), &self.selection.user, self.world, self.viewer, &row)?;
            if let Some(pinned) = row.pinned.filter(|_| self.selection.expands("pinned_tweet_id")) {
                self.include_post(pinned, "pinned_tweet_id")?;
            }
            if self.selection.expands("most_recent_tweet_id")
                && let Some(post) = self.world.most_recent_post(*id)?
            {
                self.include_post(post, "most_recent_tweet_id")?;
            }
        }
        Ok(users)
    }

    /// Returns lists, and adds their expansions to the includes.
    pub(crate) fn lists(&mut self, ids: &[u64]) -> Sql<Vec<Json>> {
        let mut data = Vec::new();
        let mut keys = self.selection.list.clone();
        keys.extend(self.selection.expansions.iter().copied());
        for id in ids {
            let Some(full) = self.world.list_json(*id)? else {
                continue;
            };
            if self.selection.expands("owner_id")
                && let Some(owner) = full["owner_id"].as_str().and_then(|id| id.parse().ok())
            {
                self.include_user(owner, "owner_id")?;
            }
            data.push(pick(full, &keys));
        }
        Ok(data)
    }

    /// Returns a document with the fields that `parameter` names, and adds its expansions to the includes.
    pub(crate) fn document(&mut self, full: Json, parameter: Option<&str>, defaults: &[&'static str]) -> Sql<Json> {
        let Some(parameter) = parameter else {
            return Ok(full);
        };
        let mut keys: Vec<&str> = defaults.iter().copied().chain(self.call.list(parameter)).collect();
        for expansion in self.selection.expansions.clone() {
            let field = expansion.split('.').next().unwrap_or(expansion);
            keys.push(field);
            let ids = full.pointer(&format!("/{}", expansion.trim_end_matches(".id").replace('.', "/")));
            for id in ids.into_iter().flat_map(ids_in) {
                self.include_expanded(expansion, &id)?;
            }
        }
        Ok(pick(full, &keys))
    }

    /// Adds the object that an expansion of a document refers to.
    fn include_expanded(&mut self, expansion: &str, id: &str) -> Sql<()> {
        let number = id.parse().unwrap_or_default();
        match expansion {
            "referenced_tweets.id" => self.include_post(number, expansion),
            "attachments.media_keys" => {
                let media_id = id.split('_').nth(1).and_then(|id| id.parse().ok()).unwrap_or_default();
                if let Some(media) = self.world.media(media_id)? {
                    let keys = self.selection.media.clone();
                    self.include_document("media", id, media, &keys);
                }
                Ok(())
            }
            "topic_ids" => {
                if let Some(topic) = self.world.document("topic", id)? {
                    let keys: Vec<&str> = ["id", "name"].into_iter().chain(self.call.list("topic.fields")).collect();
                    self.include_document("topics", id, topic, &keys);
                }
                Ok(())
            }
            "call_id" => {
                if let Some(call) = self.world.call_json(id, self.viewer.user)? {
                    let keys: Vec<&str> = ["id"].into_iter().chain(self.call.list("call.fields")).collect();
                    self.include_document("calls", id, call, &keys);
                }
                Ok(())
            }
            _ => self.include_user(number, expansion),
        }
    }

    /// Builds a body with a list of posts or users, which has no `data` if the list is empty.
    pub(crate) fn objects_body(self, objects: Objects, meta: Option<Json>) -> Content {
        self.written_body(objects, true, meta.map(|meta| ("meta", meta)))
    }

    /// Builds a body with one post or user.
    pub(crate) fn object_body(self, object: Objects) -> Content {
        self.written_body(object, false, None)
    }

    /// Builds a line of a stream with one post. `last` is the last member of the line.
    pub(crate) fn line(self, post: Objects, last: Option<(&str, Json)>) -> Content {
        self.written_body(post, false, last)
    }

    fn written_body(self, data: Objects, is_list: bool, last: Option<(&str, Json)>) -> Content {
        let dialect = self.viewer.dialect;
        let mut text = Vec::with_capacity(data.text.len() + 1_024);
        let mut body = ObjectWriter::new(&mut text);
        if data.len() > 0 {
            let out = body.member("data");
            let (begin, end): (&[u8], &[u8]) = if is_list { (b"[", b"]") } else { (b"", b"") };
            [begin, &data.text, end].into_iter().for_each(|part| out.extend_from_slice(part));
        }
        if !self.errors.is_empty() {
            body.document("errors", self.errors.into(), dialect);
        }
        if !self.includes.is_empty() {
            self.includes.write(body.member("includes"), dialect);
        }
        if let Some((name, json)) = last {
            body.document(name, json, dialect);
        }
        body.end();
        let mut resources = Resources { data: data.ids, ..Resources::default() };
        self.includes.count(&mut resources);
        Content::Written(WrittenBody { text, resources })
    }

    /// Builds a body with a list, which has no `data` if the list is empty.
    pub(crate) fn list_body(self, data: Vec<Json>, meta: Option<Json>) -> Json {
        let data = if data.is_empty() { None } else { Some(Json::Array(data)) };
        self.body(data, meta)
    }

    /// Builds a body with data, includes, partial errors and metadata.
    pub(crate) fn body(self, data: Option<Json>, meta: Option<Json>) -> Json {
        let mut body = Map::new();
        if let Some(data) = data {
            body.insert("data".to_owned(), data);
        }
        if !self.includes.is_empty() {
            let mut text = Vec::new();
            // The last step translates the names of the lists.
            self.includes.write(&mut text, Dialect::Tweet);
            body.insert("includes".to_owned(), serde_json::from_slice(&text).unwrap_or_default());
        }
        if !self.errors.is_empty() {
            body.insert("errors".to_owned(), Json::Array(self.errors));
        }
        if let Some(meta) = meta {
            body.insert("meta".to_owned(), meta);
        }
        Json::Object(body)
    }

    /// Returns whether the viewer may read the posts of this user.
    pub(crate) fn may_read(&self, author: u64) -> Sql<bool> {
        if !self.world.is_protected(author)? || self.viewer.user == Some(author) {
            return Ok(true);
        }
        match self.viewer.user {
            Some(user) => self.world.follows(user, author),
            None => Ok(false),
        }
    }

    fn expand(&mut self, row: &PostRow) -> Sql<()> {
        if self.selection.expands("author_id") || self.selection.expands("username") {
            self.include_user(row.author, "author_id")?;
        }
        if self.selection.expands("in_reply_to_user_id")
            && let Some(user) = row.reply_to_user
        {
            self.include_user(user, "in_reply_to_user_id")?;
        }
        if self.selection.expands("entities.mentions.username") {
            let mentions: Vec<String> =
                chirrup_text::extract(&row.text).iter().filter_map(|e| e.screen_name()).map(str::to_owned).collect();
            for name in mentions {
                if let Some(id) = self.world.user_id(&name)? {
                    self.include_user(id, "entities.mentions.username")?;
                }
            }
        }
        self.expand_attachments(row, "")?;
        if self.selection.expands("edit_history_tweet_ids") {
            for id in row.versions() {
                self.include_post(*id, "edit_history_tweet_ids")?;
            }
        }
        self.expand_references(row)
    }

    /// Adds media, poll and place of a post.
    fn expand_attachments(&mut self, row: &PostRow, prefix: &str) -> Sql<()> {
        if self.selection.expands(&format!("{prefix}attachments.media_keys")) {
            for id in &row.media {
                if let Some(media) = self.world.media(*id)? {
                    let key = media["media_key"].as_str().unwrap_or_default().to_owned();
                    let keys = self.selection.media.clone();
                    self.include_document("media", &key, media, &keys);
                }
            }
        }
        if self.selection.expands(&format!("{prefix}attachments.poll_ids"))
            && let Some(id) = row.poll
            && let Some(poll) = self.world.poll(id, self.viewer.now)?
        {
            let keys = self.selection.poll.clone();
            self.include_document("polls", &id.to_string(), poll, &keys);
        }
        if self.selection.expands(&format!("{prefix}geo.place_id"))
            && let Some(id) = &row.place
            && let Some(place) = self.world.place(id)?
        {
            let keys = self.selection.place.clone();
            self.include_document("places", id, place, &keys);
        }
        Ok(())
    }

    fn expand_references(&mut self, row: &PostRow) -> Sql<()> {
        let expansions =
            ["referenced_tweets.id", "referenced_tweets.id.author_id", "referenced_tweets.id.attachments.media_keys"];
        if !expansions.iter().any(|name| self.selection.expands(name)) {
            return Ok(());
        }
        for id in [row.repost_of, row.quote_of, row.reply_to].into_iter().flatten() {
            self.include_post(id, "referenced_tweets.id")?;
            let Some(other) = self.world.post(id)? else {
                continue;
            };
            if self.selection.expands("referenced_tweets.id.author_id") {
                self.include_user(other.author, "referenced_tweets.id.author_id")?;
            }
            self.expand_attachments(&other, "referenced_tweets.id.")?;
        }
        Ok(())
    }

    fn include_user(&mut self, id: u64, by: &str) -> Sql<()> {
        if self.includes.has("users", id) {
            return Ok(());
        }
        let Some(row) = self.world.user_row(id) else { return self.missing_user(by, &id.to_string()) };
        let mut user = Vec::with_capacity(512);
        write_user(&mut user, &self.selection.included_user, self.world, self.viewer, &row)?;
        self.includes.add("users", id, &user);
        Ok(())
    }

    /// Adds the partial error of a user who does not exist, or is suspended.
    pub(crate) fn missing_user(&mut self, parameter: &str, value: &str) -> Sql<()> {
        let mut problem = resource_not_found("user", parameter, value);
        if self.world.is_suspended(value)? {
            problem["title"] = "Forbidden".into();
            problem["detail"] = format!("User has been suspended: [{value}].").into();
        }
        self.errors.push(problem);
        Ok(())
    }

    fn include_post(&mut self, id: u64, by: &str) -> Sql<()> {
        if self.includes.has("tweets", id) {
            return Ok(());
        }
        let Some(row) = self.world.post(id)? else {
            self.errors.push(resource_not_found("tweet", by, &id.to_string()));
            return Ok(());
        };
        let mut post = Vec::with_capacity(512);
        write_post(&mut post, &self.selection.post, self.world, self.viewer, &row)?;
        self.includes.add("tweets", id, &post);
        Ok(())
    }

    /// Adds members of a document to the includes.
    fn include_document(&mut self, list: &'static str, id: &str, document: Json, keys: &[&str]) {
        let mut document = pick(document, keys);
        finish(&mut document, self.viewer.dialect);
        let mut text = Vec::with_capacity(512);
        write_value(&mut text, &document);
        self.includes.add(list, resource_number(id), &text);
    }
}

/// IDs in a value: the value itself, its items, or their `id` members.
fn ids_in(json: &Json) -> Vec<String> {
    match json {
        Json::String(text) => vec![text.clone()],
        Json::Array(items) => items.iter().flat_map(ids_in).collect(),
        Json::Object(members) => members.get("id").into_iter().flat_map(ids_in).collect(),
        _ => Vec::new(),
    }
}

/// Keeps the named members of an object.
pub(crate) fn pick(full: Json, keys: &[&str]) -> Json {
    match full {
        Json::Object(object) => {
            Json::Object(object.into_iter().filter(|(name, _)| keys.contains(&name.as_str())).collect())
        }
        other => other,
    }
}
