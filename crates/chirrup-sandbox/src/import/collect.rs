//! Users, posts and what belongs to them, wherever they are in a JSON document.

use std::io::Read as _;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use flate2::read::MultiGzDecoder;
use serde_json::{Value as Json, json};

use super::objects::{ImportedData, Object, merge, number, text};
use super::v1;

/// First characters of the Base64 text of gzip.
const GZIP_BASE64: &str = "H4sI";
/// Size in bytes of the largest response body in a cassette, decompressed.
const MAX_BODY: u64 = 64 << 20;
/// Depth of texts that contain JSON, such as a recorded body in a recorded body.
const MAX_NESTING: u8 = 4;

impl ImportedData {
    /// Collects the objects of a document. Texts that contain JSON, such as recorded bodies, are documents too.
    pub(super) fn collect(&mut self, document: &Json) {
        self.walk(document, 0);
    }

    fn walk(&mut self, value: &Json, nesting: u8) {
        match value {
            Json::Array(items) => items.iter().for_each(|item| self.walk(item, nesting)),
            Json::Object(object) => {
                self.add_object(object);
                object.values().for_each(|member| self.walk(member, nesting));
            }
            Json::String(text) if nesting < MAX_NESTING => {
                if let Some(document) = document_in(text) {
                    self.walk(&document, nesting + 1);
                }
            }
            _ => {}
        }
    }

    /// Adds an object if it is one of the kinds that a world has.
    fn add_object(&mut self, object: &Object) {
        let has = |name: &str| object.contains_key(name);
        let is_text = |name: &str| object.get(name).is_some_and(Json::is_string);
        if is_text("media_key") && has("type") {
            self.add_media(object.clone());
        } else if has("screen_name") && (has("id_str") || has("id")) {
            v1::add_user(self, object);
        } else if has("id_str") && (is_text("text") || is_text("full_text")) {
            v1::add_post(self, object, None);
        } else if let Some(id) = object.get("id").and_then(number) {
            if is_text("username") {
                self.add_user(id, object.clone());
            } else if is_text("text") && !has("event_type") && !has("sender_id") {
                self.add_post(id, object.clone());
            } else if object.get("options").is_some_and(|options| options[0]["label"].is_string()) {
                merge(self.polls.entry(id).or_default(), object.clone());
            }
        }
        if is_text("id") && is_text("full_name") && !has("slug") {
            self.add_place(object.clone());
        }
    }

    pub(super) fn add_user(&mut self, id: u64, user: Object) {
        merge(self.users.entry(id).or_default(), user);
    }

    pub(super) fn add_post(&mut self, id: u64, post: Object) {
        merge(self.posts.entry(id).or_default(), post);
    }

    pub(super) fn add_media(&mut self, media: Object) {
        if let Some(key) = text(&media, "media_key").map(str::to_owned) {
            merge(self.media.entry(key).or_default(), media);
        }
    }

    pub(super) fn add_place(&mut self, mut place: Object) {
        v1::complete_place(&mut place);
        if let Some(id) = text(&place, "id").map(str::to_owned) {
            merge(self.places.entry(id).or_default(), place);
        }
    }

    /// Adds a user of whom only the ID is known.
    pub(super) fn add_user_id(&mut self, id: u64) {
        self.users.entry(id).or_default().entry("id").or_insert_with(|| json!(id.to_string()));
    }
}

/// Returns the JSON document in a text: as it is, or compressed and in Base64 as VCR.py writes it.
fn document_in(text: &str) -> Option<Json> {
    let trimmed = text.trim();
    if trimmed.starts_with(['{', '[']) {
        return serde_json::from_str(trimmed).ok();
    }
    if !trimmed.starts_with(GZIP_BASE64) {
        return None;
    }
    let base64: Vec<u8> = trimmed.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let mut body = Vec::new();
    MultiGzDecoder::new(&*BASE64_STANDARD.decode(base64).ok()?).take(MAX_BODY).read_to_end(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}
