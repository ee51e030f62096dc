//! Statuses, users, lists and places in the form of API v1.1.

use chirrup_api::Call;
use chirrup_model::Timestamp;
use serde_json::{Value as Json, json};

use super::api_error::ApiError;
use super::json::{id_of, str_of};
use super::select::Viewer;
use super::v1_errors::{page_not_found, user_not_found};
use super::v1_params;
use crate::world::{PostRow, Relation, World};

/// Adds the indices of a v2 entity to a v1.1 entity.
fn with_indices(entity: &Json, mut old: Json) -> Json {
    old["indices"] = json!([entity["start"], entity["end"]]);
    old
}

/// Converts a time of API v2 to the form of v1.1.
pub(crate) fn v1_time(text: &Json) -> Json {
    text.as_str().and_then(|text| text.parse::<Timestamp>().ok()).map_or(Json::Null, |time| time.to_v1().into())
}

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
        let mut status = json!({
            "created_at": Timestamp::from_snowflake(row.id).to_v1(), "id": row.id, "id_str": row.id.to_string(),
            "truncated": false, "source": format!("<a href=\"https://example.com\" rel=\"nofollow\">{}</a>", row.source),
            "user": user, "lang": row.lang, "retweet_count": row.counts.reposts, "favorite_count": row.counts.likes,
            "in_reply_to_status_id": row.reply_to, "in_reply_to_status_id_str": row.reply_to.map(|id| id.to_string()),
            "in_reply_to_user_id": row.reply_to_user,
            "in_reply_to_user_id_str": row.reply_to_user.map(|id| id.to_string()),
            "in_reply_to_screen_name": match row.reply_to_user { Some(id) => self.world.username(id)?, None => None },
            "is_quote_status": row.quote_of.is_some(), "geo": null, "coordinates": null, "contributors": null,
            "favorited": match me { Some(me) => self.world.likes(me, row.id)?, None => false },
            "retweeted": match me { Some(me) => self.world.repost_by(me, row.id)?.is_some(), None => false },
            "place": match &row.place { Some(id) => self.world.place(id)?.map(|place| place_json(&place)), None => None },
        });
        if self.call.text("tweet_mode") == Some("extended") {
            status["full_text"] = row.text.as_str().into();
            status["display_text_range"] = json!([0, row.text.chars().count()]);
        } else {
            status["text"] = row.text.as_str().into();
        }
        if self.flag("include_entities") != Some(false) {
            status["entities"] = self.entities(&row.text)?;
        }
        self.add_media(row, &mut status)?;
        if let Some(point) = row.extra.get("point").and_then(Json::as_array) {
            status["coordinates"] = json!({"type": "Point", "coordinates": point});
        }
        if let Some(quoted) = row.quote_of {
            status["quoted_status_id"] = quoted.into();
            status["quoted_status_id_str"] = quoted.to_string().into();
        }
        for (name, id) in [("retweeted_status", row.repost_of), ("quoted_status", row.quote_of)] {
            if let Some(other) = id.filter(|_| depth < 2).map(|id| self.world.post(id)).transpose()?.flatten() {
                status[name] = self.status_at(&other, depth + 1)?;
            }
        }
        Ok(status)
    }

    /// Adds the media of a post to the entities of a status.
    fn add_media(&self, row: &PostRow, status: &mut Json) -> Result<(), ApiError> {
        let mut all = Vec::new();
        for id in &row.media {
            let Some(media) = self.world.media(*id)? else { continue };
            let url = media["url"].as_str().or(media["preview_image_url"].as_str()).unwrap_or_default().to_owned();
            let length = row.text.chars().count();
            let mut old = json!({
                "id": id, "id_str": id.to_string(), "type": media["type"], "media_url_https": url, "media_url": url,
                "url": "https://t.co/sandbox", "display_url": format!("pic.x.com/{id}"), "indices": [length, length],
                "expanded_url": format!("https://x.com/i/status/{}/photo/1", row.id),
                "sizes": {"large": {"w": 640, "h": 480, "resize": "fit"}}, "ext_alt_text": media["alt_text"],
            });
            if media["type"] != "photo" {
                let variant = json!({"url": format!("https://video.twimg.com/{id}.mp4"), "content_type": "video/mp4"});
                old["video_info"] = json!({"aspect_ratio": [4, 3], "variants": [variant]});
            }
            all.push(old);
        }
        if !all.is_empty() {
            status["entities"]["media"] = json!([all[0]]);
            status["extended_entities"] = json!({"media": all});
        }
        Ok(())
    }

    /// Returns the entities of a text: hashtags, cashtags, mentions and URLs.
    pub(crate) fn entities(&self, text: &str) -> Result<Json, ApiError> {
        let found = self.world.entities(text)?;
        let list = |name: &str| found[name].as_array().cloned().unwrap_or_default();
        let tag = |entity: &Json| with_indices(entity, json!({"text": entity["tag"]}));
        let mut mentions = Vec::new();
        for mention in list("mentions") {
            let Some(id) = id_of(&mention["id"]) else { continue };
            let name = self.world.user(id)?.unwrap_or_default()["name"].take();
            let old = json!({"id": id, "id_str": id.to_string(), "screen_name": mention["username"], "name": name});
            mentions.push(with_indices(&mention, old));
        }
        let url = |entity: &Json| {
            let (url, long) = (&entity["url"], &entity["expanded_url"]);
            with_indices(entity, json!({"url": url, "expanded_url": long, "display_url": entity["display_url"]}))
        };
        Ok(json!({
            "hashtags": list("hashtags").iter().map(tag).collect::<Vec<_>>(),
            "symbols": list("cashtags").iter().map(tag).collect::<Vec<_>>(),
            "user_mentions": mentions, "urls": list("urls").iter().map(url).collect::<Vec<_>>(),
        }))
    }

    /// Returns a user with the newest status.
    pub(crate) fn user(&self, id: u64) -> Result<Json, ApiError> {
        let mut user = self.profile(id)?;
        if self.flag("skip_status") != Some(true)
            && let Some(newest) = self.world.most_recent_post(id)?.filter(|id| *id > 0)
            && let Some(row) = self.world.post(newest)?
        {
            user["status"] = self.status_at(&row, 2)?;
            user["status"].as_object_mut().map(|status| status.remove("user"));
        }
        Ok(user)
    }

    /// Returns a user without a status.
    fn profile(&self, id: u64) -> Result<Json, ApiError> {
        let full = self.world.user(id)?.ok_or_else(user_not_found)?;
        let metrics = &full["public_metrics"];
        let mut user = json!({
            "id": id, "id_str": id.to_string(), "name": full["name"], "screen_name": full["username"],
            "created_at": v1_time(&full["created_at"]), "description": full["description"],
            "location": str_of(&full, "location"), "url": full["url"],
            "entities": {"description": {"urls": []}}, "protected": full["protected"], "verified": full["verified"],
            "followers_count": metrics["followers_count"], "friends_count": metrics["following_count"],
            "listed_count": metrics["listed_count"], "favourites_count": metrics["like_count"],
            "statuses_count": metrics["tweet_count"], "profile_image_url_https": full["profile_image_url"],
            "default_profile": true, "default_profile_image": false, "withheld_in_countries": [],
        });
        if let Some(url) = full["url"].as_str() {
            let one = json!({"url": url, "expanded_url": url, "display_url": url, "indices": [0, url.chars().count()]});
            user["entities"]["url"] = json!({"urls": [one]});
        }
        if let Some(me) = self.viewer.user {
            user["following"] = self.world.follows(me, id)?.into();
            user["follow_request_sent"] = self.world.has_relation(Relation::FollowRequest, me, id)?.into();
            user["muting"] = self.world.has_relation(Relation::Muting, me, id)?.into();
            user["blocking"] = self.world.has_relation(Relation::Blocking, me, id)?.into();
        }
        if let Some(Json::Object(changes)) = self.world.document("profile", &id.to_string())? {
            for (name, value) in changes {
                user[name] = value;
            }
        }
        Ok(user)
    }

    /// Returns a list with its owner.
    pub(crate) fn list(&self, id: u64) -> Result<Json, ApiError> {
        let full = self.world.list_json(id)?.ok_or_else(page_not_found)?;
        let owner = id_of(&full["owner_id"]).unwrap_or_default();
        let owner_name = self.world.username(owner)?.unwrap_or_default();
        let slug = slug(str_of(&full, "name"));
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

/// Returns the name of a list as it stands in addresses.
pub(crate) fn slug(name: &str) -> String {
    let words = name.to_lowercase();
    let words: Vec<&str> = words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join("-")
}

/// Converts a place to the form of v1.1.
pub(crate) fn place_json(place: &Json) -> Json {
    let corners: Vec<f64> = place["geo"]["bbox"].as_array().into_iter().flatten().filter_map(Json::as_f64).collect();
    let mut old = json!({
        "id": place["id"], "name": place["name"], "full_name": place["full_name"], "country": place["country"],
        "country_code": place["country_code"], "place_type": place["place_type"], "attributes": {},
        "contained_within": [], "url": format!("https://api.x.com/1.1/geo/id/{}.json", str_of(place, "id")),
    });
    if let [west, south, east, north] = corners[..] {
        let ring = json!([[west, south], [east, south], [east, north], [west, north]]);
        old["bounding_box"] = json!({"type": "Polygon", "coordinates": [ring]});
        old["centroid"] = json!([(west + east) / 2.0, (south + north) / 2.0]);
    }
    old
}
