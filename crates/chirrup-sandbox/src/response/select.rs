//! Builds response bodies: fields, expansions, includes and partial errors.

use std::borrow::Borrow;

use chirrup_api::Call;
use chirrup_model::Timestamp;
use chirrup_text::EntityKind;
use serde_json::{Map, Value as Json, json};

use crate::response::api_error::{not_authorized_for_field, resource_not_found};
use crate::response::rendered_text::{RenderedText, profile_url};
use crate::world::{ContextAnnotation, PostCounts, PostRow, UserRow, World, context_annotations};

/// Fields and expansions that a request asks for.
#[derive(Debug)]
pub(crate) struct Selection<'c> {
    post: Vec<&'c str>,
    user: Vec<&'c str>,
    media: Vec<&'c str>,
    poll: Vec<&'c str>,
    place: Vec<&'c str>,
    list: Vec<&'c str>,
    expansions: Vec<&'c str>,
    /// Requested fields of a post, with those that expansions expand.
    post_keys: Vec<&'c str>,
}

const POST_DEFAULTS: [&str; 3] = ["id", "text", "edit_history_tweet_ids"];
const USER_DEFAULTS: [&str; 3] = ["id", "name", "username"];
/// Number of edits that X allows (see "Edit Posts").
pub(crate) const MAX_EDITS: usize = 5;
/// Time after creation in which X allows edits, in milliseconds.
pub(crate) const EDIT_WINDOW_MS: i64 = 3_600_000;

/// Metrics that only the author of a post may read.
const PRIVATE_METRICS: [&str; 3] = ["non_public_metrics", "organic_metrics", "promoted_metrics"];

impl<'c> Selection<'c> {
    pub(crate) fn of(call: &'c Call) -> Self {
        let with = |defaults: &[&'c str], name: &str| -> Vec<&'c str> {
            defaults.iter().copied().chain(call.list(name)).collect()
        };
        let mut selection = Self {
            post: with(&POST_DEFAULTS, "tweet.fields"),
            user: with(&USER_DEFAULTS, "user.fields"),
            media: with(&["media_key", "type"], "media.fields"),
            poll: with(&["id", "options"], "poll.fields"),
            place: with(&["id", "full_name"], "place.fields"),
            list: with(&["id", "name"], "list.fields"),
            expansions: call.list("expansions").collect(),
            post_keys: Vec::new(),
        };
        selection.post_keys = selection.post_fields();
        selection
    }

    fn expands(&self, name: &str) -> bool {
        self.expansions.contains(&name)
    }

    /// Requested fields of a post. An expansion includes the field that it expands.
    fn post_fields(&self) -> Vec<&'c str> {
        let mut keys = self.post.clone();
        for expansion in &self.expansions {
            keys.push(match *expansion {
                "author_id" | "username" => "author_id",
                "in_reply_to_user_id" => "in_reply_to_user_id",
                "attachments.media_keys" | "attachments.poll_ids" => "attachments",
                "geo.place_id" => "geo",
                "entities.mentions.username" => "entities",
                other if other.starts_with("referenced_tweets.id") => "referenced_tweets",
                other => other,
            });
        }
        keys
    }
}

/// Objects of `includes`, each once.
#[derive(Debug, Default)]
struct Includes {
    /// Name of each list, and its objects by ID.
    lists: Vec<(&'static str, Vec<(String, Json)>)>,
}

impl Includes {
    fn has(&self, list: &str, id: &str) -> bool {
        self.lists.iter().any(|(name, items)| *name == list && items.iter().any(|(known, _)| known == id))
    }
    fn add(&mut self, list: &'static str, id: String, item: Json) {
        if self.has(list, &id) {
            return;
        }
        match self.lists.iter_mut().find(|(name, _)| *name == list) {
            Some((_, items)) => items.push((id, item)),
            None => self.lists.push((list, vec![(id, item)])),
        }
    }
    fn into_json(self) -> Option<Json> {
        let lists = self
            .lists
            .into_iter()
            .map(|(name, items)| (name.to_owned(), Json::Array(items.into_iter().map(|(_, item)| item).collect())));
        let object: Map<String, Json> = lists.collect();
        if object.is_empty() { None } else { Some(Json::Object(object)) }
    }
}

/// User who reads the response, and the current time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Viewer {
    pub(crate) user: Option<u64>,
    pub(crate) now: Timestamp,
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
        Self { world, call, selection: Selection::of(call), viewer, includes: Includes::default(), errors: Vec::new() }
    }

    /// Returns posts, and adds their expansions to the includes.
    pub(crate) fn posts(&mut self, rows: &[impl Borrow<PostRow>]) -> Sql<Vec<Json>> {
        let data = rows.iter().map(|row| self.post(row.borrow(), true)).collect::<Sql<Vec<_>>>()?;
        rows.iter().try_for_each(|row| self.expand(row.borrow()))?;
        Ok(data)
    }

    /// Returns users, and adds their expansions to the includes.
    pub(crate) fn users(&mut self, ids: &[u64]) -> Sql<Vec<Json>> {
        let mut data = Vec::new();
        let mut keys = self.selection.user.clone();
        keys.extend(self.selection.expansions.iter().copied());
        for id in ids {
            let Some(user) = self.user_object(*id, &keys)? else {
                continue;
            };
            for expansion in ["pinned_tweet_id", "most_recent_tweet_id"] {
                if self.selection.expands(expansion)
                    && let Some(post) = user[expansion].as_str().and_then(|id| id.parse().ok())
                {
                    self.include_post(post, expansion)?;
                }
            }
            data.push(user);
        }
        Ok(data)
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
                    self.includes.add("media", id.to_owned(), pick(media, &self.selection.media));
                }
                Ok(())
            }
            "topic_ids" => {
                if let Some(topic) = self.world.document("topic", id)? {
                    let keys: Vec<&str> = ["id", "name"].into_iter().chain(self.call.list("topic.fields")).collect();
                    self.includes.add("topics", id.to_owned(), pick(topic, &keys));
                }
                Ok(())
            }
            "call_id" => {
                if let Some(call) = self.world.call_json(id, self.viewer.user)? {
                    let keys: Vec<&str> = ["id"].into_iter().chain(self.call.list("call.fields")).collect();
                    self.includes.add("calls", id.to_owned(), pick(call, &keys));
                }
                Ok(())
            }
            _ => self.include_user(number, expansion),
        }
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
        if let Some(includes) = self.includes.into_json() {
            body.insert("includes".to_owned(), includes);
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

    fn post(&mut self, row: &PostRow, report_errors: bool) -> Sql<Json> {
        let keys = &self.selection.post_keys;
        let post = self.post_object(row, &|name| keys.contains(&name))?;
        if report_errors {
            for field in PRIVATE_METRICS.iter().filter(|field| keys.contains(field) && !post.contains_key(**field)) {
                self.errors.push(not_authorized_for_field("tweet", field, &row.id.to_string()));
            }
        }
        Ok(Json::Object(post))
    }

    /// Returns the fields of a post that `wants` accepts.
    fn post_object(&self, row: &PostRow, wants: &dyn Fn(&str) -> bool) -> Sql<Map<String, Json>> {
        let PostCounts { likes, replies, reposts, quotes, bookmarks, impressions } = row.counts;
        let created = Timestamp::from_snowflake(row.id);
        let mut post = Map::new();
        let mut add = |name: &str, value: &dyn Fn() -> Json| {
            if wants(name) {
                post.insert(name.to_owned(), value());
            }
        };
        add("id", &|| row.id.to_string().into());
        add("edit_history_tweet_ids", &|| row.versions().iter().map(u64::to_string).collect());
        add("author_id", &|| row.author.to_string().into());
        add("created_at", &|| json!(created));
        add("conversation_id", &|| row.conversation.to_string().into());
        add("lang", &|| (&*row.lang).into());
        add("source", &|| (&*row.source).into());
        add("reply_settings", &|| (&*row.reply_settings).into());
        add("possibly_sensitive", &|| false.into());
        add("public_metrics", &|| {
            json!({
                "retweet_count": reposts, "reply_count": replies, "like_count": likes,
                "quote_count": quotes, "bookmark_count": bookmarks, "impression_count": impressions,
            })
        });
        add("edit_controls", &|| {
            json!({
                "edits_remaining": MAX_EDITS + 1 - row.versions().len().min(MAX_EDITS + 1),
                "is_edit_eligible": row.repost_of.is_none() && row.poll.is_none(),
                "editable_until": created.plus_millis(EDIT_WINDOW_MS),
            })
        });
        if ["text", "entities", "display_text_range"].into_iter().any(wants) {
            let text = RenderedText::of_post(self.world, row)?;
            add("text", &|| text.text.as_str().into());
            add("display_text_range", &|| json!([0, text.display_length]));
            if !text.entities.is_empty() {
                add("entities", &|| text.entities_v2());
            }
        }
        if wants("context_annotations") {
            let found = chirrup_text::extract(&row.text);
            let tags = found.iter().filter(|entity| entity.kind == EntityKind::Hashtag).map(|entity| entity.text);
            let annotations: Vec<Json> = context_annotations(tags).map(ContextAnnotation::json).collect();
            if !annotations.is_empty() {
                add("context_annotations", &|| annotations.clone().into());
            }
        }
        let references = [("retweeted", row.repost_of), ("quoted", row.quote_of), ("replied_to", row.reply_to)];
        if references.iter().any(|(_, id)| id.is_some()) {
            let reference = |(kind, id): &(&str, Option<u64>)| id.map(|id| json!({"type": kind, "id": id.to_string()}));
            add("referenced_tweets", &|| references.iter().filter_map(reference).collect());
        }
        if let Some(user) = row.reply_to_user {
            add("in_reply_to_user_id", &|| user.to_string().into());
        }
        if !row.media.is_empty() || row.poll.is_some() {
            add("attachments", &|| self.attachments(row));
        }
        if let Some(place) = &row.place {
            add("geo", &|| json!({"place_id": place}));
        }
        if let Some(community) = row.community {
            add("community_id", &|| community.to_string().into());
        }
        if self.viewer.user == Some(row.author) && row.repost_of.is_none() {
            add("non_public_metrics", &|| {
                json!({
                    "impression_count": impressions, "engagements": likes + replies + reposts,
                    "user_profile_clicks": 0, "url_link_clicks": 0,
                })
            });
            add("organic_metrics", &|| {
                json!({
                    "impression_count": impressions, "like_count": likes, "reply_count": replies,
                    "retweet_count": reposts, "user_profile_clicks": 0, "url_link_clicks": 0,
                })
            });
        }
        row.extra.iter().for_each(|(name, value)| add(name, &|| value.clone()));
        Ok(post)
    }

    fn attachments(&self, row: &PostRow) -> Json {
        let mut attachments = Map::new();
        if !row.media.is_empty() {
            let media = row.media.iter().filter_map(|id| self.world.media(*id).ok().flatten());
            attachments.insert("media_keys".to_owned(), media.map(|m| m["media_key"].clone()).collect());
        }
        if let Some(poll) = row.poll {
            attachments.insert("poll_ids".to_owned(), json!([poll.to_string()]));
        }
        Json::Object(attachments)
    }

    /// Returns the fields of a user that `keys` names.
    fn user_object(&self, id: u64, keys: &[&str]) -> Sql<Option<Json>> {
        let Some(row) = self.world.user_row(id) else {
            return Ok(None);
        };
        let mut user = row.object(&|name| keys.contains(&name));
        if keys.iter().any(|key| matches!(*key, "url" | "description" | "entities")) {
            add_links(self.world, &row, &mut user, keys)?;
        }
        for (field, kind) in [("withheld", "withheld_user"), ("profile_banner_url", "profile")] {
            if keys.contains(&field)
                && let Some(document) = self.world.document(kind, &id.to_string())?
                && let Some(value) = document.get(field)
            {
                user.insert(field.to_owned(), value.clone());
                user.retain(|_, value| !value.is_null());
            }
        }
        if keys.contains(&"most_recent_tweet_id")
            && let Some(post) = self.world.most_recent_post(id)?
        {
            user.insert("most_recent_tweet_id".to_owned(), post.to_string().into());
        }
        if keys.contains(&"connection_status")
            && let Some(viewer) = self.viewer.user.filter(|viewer| *viewer != id)
        {
            let mut status = Vec::new();
            if self.world.follows(viewer, id)? {
                status.push("following");
            }
            if self.world.follows(id, viewer)? {
                status.push("followed_by");
            }
            if !status.is_empty() {
                user.insert("connection_status".to_owned(), json!(status));
            }
        }
        Ok(Some(Json::Object(user)))
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
                    self.includes.add("media", key, pick(media, &self.selection.media));
                }
            }
        }
        if self.selection.expands(&format!("{prefix}attachments.poll_ids"))
            && let Some(id) = row.poll
            && let Some(poll) = self.world.poll(id, self.viewer.now)?
        {
            self.includes.add("polls", id.to_string(), pick(poll, &self.selection.poll));
        }
        if self.selection.expands(&format!("{prefix}geo.place_id"))
            && let Some(id) = &row.place
            && let Some(place) = self.world.place(id)?
        {
            self.includes.add("places", id.clone(), pick(place, &self.selection.place));
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
        let key = id.to_string();
        if self.includes.has("users", &key) {
            return Ok(());
        }
        match self.user_object(id, &self.selection.user)? {
            Some(user) => self.includes.add("users", key, user),
            None => self.missing_user(by, &key)?,
        }
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
        let key = id.to_string();
        if self.includes.has("tweets", &key) {
            return Ok(());
        }
        match self.world.post(id)? {
            Some(row) => {
                let post = self.post(&row, false)?;
                self.includes.add("tweets", key, post);
            }
            None => self.errors.push(resource_not_found("tweet", by, &key)),
        }
        Ok(())
    }
}

/// Shortens the links in a profile, and adds its entities.
fn add_links(world: &World, row: &UserRow, user: &mut Map<String, Json>, keys: &[&str]) -> Sql<()> {
    let mut entities = Map::new();
    if !row.url.is_empty() {
        let link = profile_url(&row.url);
        if let Some(url) = user.get_mut("url") {
            *url = link.value.as_str().into();
        }
        entities.insert("url".to_owned(), json!({"urls": [link.link_v2()]}));
    }
    let description = RenderedText::of_description(world, &row.description)?;
    if !description.entities.is_empty() {
        entities.insert("description".to_owned(), description.entities_v2());
        if let Some(text) = user.get_mut("description") {
            *text = description.text.into();
        }
    }
    if !entities.is_empty() && keys.contains(&"entities") {
        user.insert("entities".to_owned(), entities.into());
    }
    Ok(())
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
