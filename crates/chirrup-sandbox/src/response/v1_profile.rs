//! Users in the form of API v1.1.

use serde_json::{Value as Json, json};

use super::json::str_of;
use super::rendered_text::{RenderedText, TextEntityKind, profile_url};
use super::v1_values::{url_entity, v1_time};
use crate::world::{Relation, World};

/// Colors of a new profile, as X gives them.
const COLORS: [(&str, &str); 5] = [
    ("profile_background_color", "F5F8FA"),
    ("profile_link_color", "1DA1F2"),
    ("profile_sidebar_border_color", "C0DEED"),
    ("profile_sidebar_fill_color", "DDEEF6"),
    ("profile_text_color", "333333"),
];

/// Returns a user without a status, as the viewer sees it.
pub(super) fn profile(world: &World, viewer: Option<u64>, id: u64, full: &Json) -> rusqlite::Result<Json> {
    let metrics = &full["public_metrics"];
    let description = RenderedText::of_description(world, str_of(full, "description"))?;
    let image = str_of(full, "profile_image_url");
    let mut user = json!({
        "id": id, "id_str": id.to_string(), "name": full["name"], "screen_name": full["username"],
        "created_at": v1_time(&full["created_at"]), "description": description.text,
        "location": str_of(full, "location"), "url": null,
        "entities": {"description": {"urls": links(&description)}},
        "protected": full["protected"], "verified": full["verified"],
        "followers_count": metrics["followers_count"], "friends_count": metrics["following_count"],
        "listed_count": metrics["listed_count"], "favourites_count": metrics["like_count"],
        "statuses_count": metrics["tweet_count"], "utc_offset": null, "time_zone": null, "lang": null,
        "geo_enabled": true, "contributors_enabled": false, "is_translator": false, "is_translation_enabled": false,
        "profile_background_image_url": null, "profile_background_image_url_https": null,
        "profile_background_tile": false, "profile_use_background_image": true,
        "profile_image_url": image.replacen("https://", "http://", 1), "profile_image_url_https": image,
        "has_extended_profile": false, "default_profile": true, "default_profile_image": false,
        "translator_type": "none", "withheld_in_countries": [],
    });
    for (name, color) in COLORS {
        user[name] = color.into();
    }
    if let Some(url) = full["url"].as_str() {
        let link = profile_url(url);
        user["entities"]["url"] = json!({"urls": [url_entity(&link)]});
        user["url"] = link.value.into();
    }
    if let Some(me) = viewer {
        user["following"] = world.follows(me, id)?.into();
        user["follow_request_sent"] = world.has_relation(Relation::FollowRequest, me, id)?.into();
        user["notifications"] = world.has_relation(Relation::Notifications, me, id)?.into();
        user["muting"] = world.has_relation(Relation::Muting, me, id)?.into();
        user["blocking"] = world.has_relation(Relation::Blocking, me, id)?.into();
    } else {
        for name in ["following", "follow_request_sent", "notifications"] {
            user[name] = Json::Null;
        }
    }
    if let Some(banner) = full.get("profile_banner_url") {
        user["profile_banner_url"] = banner.clone();
    }
    if let Some(Json::Object(changes)) = world.document("profile", &id.to_string())? {
        user["default_profile"] = changes.is_empty().into();
        for (name, value) in changes {
            if let Some(https) = name.strip_suffix("_https").filter(|_| value.is_string()) {
                user[https] = value.as_str().unwrap_or_default().replacen("https://", "http://", 1).into();
            }
            user[name] = value;
        }
        if user["profile_banner_url"].is_null() {
            user.as_object_mut().map(|user| user.remove("profile_banner_url"));
        }
    }
    Ok(user)
}

/// Links in a text, in the form of API v1.1.
fn links(rendered: &RenderedText) -> Vec<Json> {
    let is_link = |kind: &TextEntityKind| matches!(kind, TextEntityKind::Link { .. });
    let found = rendered.entities.iter().filter(|entity| is_link(&entity.kind));
    found.map(url_entity).collect()
}
