//! Statuses, users, lists and places in the form of API v1.1.

use chirrup_api::Call;
use chirrup_model::Timestamp;
use serde_json::{Value as Json, json};

use super::api_error::ApiError;
use super::json::{id_of, str_of};
use super::rendered_text::{RenderedText, TextEntity, TextEntityKind, display_url};
use super::v1_errors::{page_not_found, user_not_found};
use super::v1_media::media_json;
use super::v1_params;
use super::v1_profile::profile;
use super::v1_values::{url_entity, v1_time};
use super::viewer::Viewer;
use crate::world::{PostRow, Relation, World, bounding_box, short_link};

/// Endpoints with statuses that say whether their owners can object to a mark.
const APPEALABLE: [&str; 4] = [
    "/1.1/statuses/show.json",
    "/1.1/statuses/show/{id}.json",
    "/1.1/statuses/lookup.json",
    "/1.1/statuses/home_timeline.json",
];

/// Depth of the statuses that contain no other status.
const DEEPEST: u32 = 2;

/// Builds the objects of one response, in the form that the call asks for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct V1Objects<'w> {
    pub(crate) world: &'w World,
    pub(crate) call: &'w Call,
    pub(crate) viewer: Viewer,
}

impl V1Objects<'_> {
    fn flag(&self, name: &str) -> Option<bool> {
        v1_params::flag(self.call, name)
    }

    /// Returns a status with the statuses that it quotes or retweets.
    pub(crate) fn status(&self, row: &PostRow) -> Result<Json, ApiError> {
        self.status_at(row, 0)
    }

    fn status_at(&self, row: &PostRow, depth: u32) -> Result<Json, ApiError> {
        let user = match self.flag("trim_user") {
            Some(true) => json!({"id": row.author, "id_str": row.author.to_string()}),
            _ => self.profile(row.author)?,
        };
        let me = self.viewer.user;
        let point = row.extra.get("point").and_then(Json::as_array);
        let geo = |longitude_first: bool| {
            point.map(|point| {
                let ordered: Vec<&Json> =
                    if longitude_first { point.iter().collect() } else { point.iter().rev().collect() };
                json!({"type": "Point", "coordinates": ordered})
            })
        };
        let mut status = json!({
            "created_at": Timestamp::from_snowflake(row.id).to_v1(), "id": row.id, "id_str": row.id.to_string(),
            "truncated": false, "source": format!("<a href=\"https://example.com\" rel=\"nofollow\">{}</a>", row.source),
            "user": user, "lang": row.lang, "retweet_count": row.counts.reposts, "favorite_count": row.counts.likes,
            "in_reply_to_status_id": row.reply_to, "in_reply_to_status_id_str": row.reply_to.map(|id| id.to_string()),
            "in_reply_to_user_id": row.reply_to_user,
            "in_reply_to_user_id_str": row.reply_to_user.map(|id| id.to_string()),
            "in_reply_to_screen_name": match row.reply_to_user { Some(id) => self.world.username(id)?, None => None },
            "is_quote_status": row.quote_of.is_some(), "geo": geo(false), "coordinates": geo(true), "contributors": null,
            "favorited": match me { Some(me) => self.world.likes(me, row.id)?, None => false },
            "retweeted": match me { Some(me) => self.world.repost_by(me, row.id)?.is_some(), None => false },
            "place": match &row.place { Some(id) => self.world.place(id)?.map(|place| place_json(&place)), None => None },
        });
        self.add_text(row, &mut status)?;
        if let Some(uri) = row.extra.get("card_uri").filter(|_| self.flag("include_card_uri") == Some(true)) {
            status["card_uri"] = uri.clone();
        }
        if let Some(quoted) = row.quote_of {
            status["quoted_status_id"] = quoted.into();
            status["quoted_status_id_str"] = quoted.to_string().into();
            // The latest status of a user comes without the link, as without the quoted status.
            if depth < DEEPEST {
                let target = self.world.post_url(quoted)?;
                status["quoted_status_permalink"] = json!({
                    "url": short_link(&target), "expanded": target, "display": display_url(&target),
                });
            }
        }
        for (name, id) in [("retweeted_status", row.repost_of), ("quoted_status", row.quote_of)] {
            if let Some(other) = id.filter(|_| depth < DEEPEST).map(|id| self.world.post(id)).transpose()?.flatten() {
                status[name] = self.status_at(&other, depth + 1)?;
            }
        }
        Ok(status)
    }

    /// Adds the text of a post with its entities and media. Without the extended mode, X cuts a long text.
    fn add_text(&self, row: &PostRow, status: &mut Json) -> Result<(), ApiError> {
        let full = RenderedText::of_post(self.world, row)?;
        let media = self.media(row, &full)?;
        let is_sensitive = row.extra.get("possibly_sensitive").is_some_and(|value| *value == true);
        if is_sensitive || full.entities.iter().any(TextEntity::is_link) {
            status["possibly_sensitive"] = is_sensitive.into();
            if self.call.endpoint.is_some_and(|endpoint| APPEALABLE.contains(&endpoint.path)) {
                status["possibly_sensitive_appealable"] = false.into();
            }
        }
        if let Some(withheld) = row.extra.get("withheld") {
            status["withheld_copyright"] = withheld["copyright"].clone();
            status["withheld_in_countries"] = withheld["country_codes"].clone();
            status["withheld_scope"] = "status".into();
        }
        let with_entities = self.flag("include_entities") != Some(false);
        if self.call.text("tweet_mode") == Some("extended") {
            status["full_text"] = full.text.as_str().into();
            status["display_text_range"] = json!([0, full.display_length]);
        } else if let Some(short) = full.truncated(row) {
            status["text"] = short.text.as_str().into();
            status["truncated"] = true.into();
            if with_entities {
                status["entities"] = self.entities_of(&short)?;
            }
            if self.call.endpoint.is_some_and(|endpoint| endpoint.streaming) {
                let mut extended = json!({"full_text": full.text, "display_text_range": [0, full.display_length]});
                extended["entities"] = self.entities_of(&full)?;
                add_media(&mut extended, &media);
                status["extended_tweet"] = extended;
            }
            return Ok(());
        } else {
            status["text"] = full.text.as_str().into();
        }
        if with_entities {
            status["entities"] = self.entities_of(&full)?;
        }
        add_media(status, &media);
        Ok(())
    }

    /// Media of a post, or of the post that it reposts.
    fn media(&self, row: &PostRow, text: &RenderedText) -> Result<Vec<Json>, ApiError> {
        let original = match row.repost_of {
            Some(original) => self.world.post(original)?,
            None => None,
        };
        let source = original.as_deref().unwrap_or(row);
        let link = text.entities.iter().find(|entity| matches!(entity.kind, TextEntityKind::Media { .. }));
        // The link can be missing in the text of a repost, which is cut.
        let Some(link) = link else { return Ok(Vec::new()) };
        let mut all = Vec::new();
        for id in &source.media {
            let Some(media) = self.world.media(*id)? else { continue };
            let mut old = media_json(*id, &media, self.flag("include_ext_alt_text") == Some(true));
            if let (Json::Object(old), Json::Object(place)) = (&mut old, url_entity(link)) {
                old.extend(place);
            }
            if original.is_some() {
                old["source_status_id"] = source.id.into();
                old["source_status_id_str"] = source.id.to_string().into();
                old["source_user_id"] = source.author.into();
                old["source_user_id_str"] = source.author.to_string().into();
            }
            all.push(old);
        }
        Ok(all)
    }

    /// Returns the entities of a text: hashtags, cashtags, mentions and URLs.
    pub(crate) fn entities_of(&self, text: &RenderedText) -> Result<Json, ApiError> {
        let (mut hashtags, mut symbols, mut mentions, mut urls) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for entity in &text.entities {
            let indices = [entity.start, entity.end];
            match &entity.kind {
                TextEntityKind::Hashtag => hashtags.push(json!({"text": entity.value, "indices": indices})),
                TextEntityKind::Cashtag => symbols.push(json!({"text": entity.value, "indices": indices})),
                TextEntityKind::Mention { user: Some(id) } => {
                    let user = self.world.user(*id)?.unwrap_or_default();
                    mentions.push(json!({
                        "id": id, "id_str": id.to_string(), "screen_name": user["username"], "name": user["name"],
                        "indices": indices,
                    }));
                }
                TextEntityKind::Link { .. } => urls.push(url_entity(entity)),
                TextEntityKind::Mention { user: None } | TextEntityKind::Media { .. } => {}
            }
        }
        Ok(json!({"hashtags": hashtags, "symbols": symbols, "user_mentions": mentions, "urls": urls}))
    }

    /// Returns a user with the newest status.
    pub(crate) fn user(&self, id: u64) -> Result<Json, ApiError> {
        let mut user = self.profile(id)?;
        if self.flag("skip_status") != Some(true)
            && let Some(newest) = self.world.most_recent_post(id)?.filter(|id| *id > 0)
            && let Some(row) = self.world.post(newest)?
        {
            user["status"] = self.status_at(&row, DEEPEST)?;
            user["status"].as_object_mut().map(|status| status.remove("user"));
        }
        Ok(user)
    }

    /// Returns a user without a status.
    fn profile(&self, id: u64) -> Result<Json, ApiError> {
        let full = self.world.user(id)?.ok_or_else(user_not_found)?;
        Ok(profile(self.world, self.viewer.user, id, &full)?)
    }

    /// Returns a list with its owner.
    pub(crate) fn list(&self, id: u64) -> Result<Json, ApiError> {
        let full = self.world.list_json(id)?.ok_or_else(page_not_found)?;
        let owner = id_of(&full["owner_id"]).unwrap_or_default();
        let owner_name = self.world.username(owner)?.unwrap_or_default();
        let slug = self.world.list_slug(id, str_of(&full, "name"))?;
        let following = match self.viewer.user {
            Some(me) => self.world.has_relation(Relation::ListFollower, id, me)?,
            None => false,
        };
        Ok(json!({
            "id": id, "id_str": id.to_string(), "name": full["name"], "slug": slug,
            "full_name": format!("@{owner_name}/{slug}"), "uri": format!("/{owner_name}/lists/{slug}"),
            "description": full["description"], "mode": if full["private"] == true { "private" } else { "public" },
            "created_at": v1_time(&full["created_at"]), "member_count": full["member_count"],
            "subscriber_count": full["follower_count"], "following": following,
            "user": self.profile(owner)?,
        }))
    }
}

/// Adds the media of a post to an object with its text: the first to the entities, and all of them.
fn add_media(object: &mut Json, media: &[Json]) {
    let Some(first) = media.first() else { return };
    if object["entities"].is_object() {
        object["entities"]["media"] = json!([first]);
    }
    object["extended_entities"] = json!({"media": media});
}

/// Converts a place to the form that a status of v1.1 has.
pub(crate) fn place_json(place: &Json) -> Json {
    let id = str_of(place, "id");
    let mut old = json!({
        "id": id, "url": format!("https://api.twitter.com/1.1/geo/id/{id}.json"), "place_type": place["place_type"],
        "name": place["name"], "full_name": place["full_name"], "country_code": place["country_code"],
        "country": place["country"], "contained_within": [], "attributes": {},
    });
    if let Some([west, south, east, north]) = bounding_box(place) {
        let ring = json!([[west, south], [east, south], [east, north], [west, north]]);
        old["bounding_box"] = json!({"type": "Polygon", "coordinates": [ring]});
    }
    old
}
