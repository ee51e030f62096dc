//! Objects of v1.1, and of the account archive, with the members of v2.

use serde_json::{Value as Json, json};

use super::objects::{ImportedData, Object, number, text};

/// Adds a user object of v1.1, or the mention of a user.
pub(super) fn add_user(data: &mut ImportedData, user: &Object) {
    let Some(id) = id_of(user) else { return };
    let mut found = Object::new();
    let mut set = |name: &str, value: Option<&Json>| {
        found.extend(value.filter(|value| !value.is_null()).map(|value| (name.to_owned(), value.clone())));
    };
    set("username", user.get("screen_name"));
    for name in ["name", "created_at", "description", "location", "url", "protected", "verified", "entities"] {
        set(name, user.get(name));
    }
    set("verified_type", user.get("verified_type"));
    let metrics = [
        ("followers_count", "followers_count"),
        ("following_count", "friends_count"),
        ("tweet_count", "statuses_count"),
        ("like_count", "favourites_count"),
        ("media_count", "media_count"),
    ];
    let metrics: Object =
        metrics.iter().filter_map(|(name, old)| Some(((*name).to_owned(), user.get(*old)?.clone()))).collect();
    if metrics.contains_key("followers_count") {
        found.insert("public_metrics".to_owned(), metrics.into());
    }
    if let Some(Json::Object(status)) = user.get("status") {
        add_post(data, status, Some(id));
    }
    data.add_user(id, found);
}

/// Adds a post of v1.1. `author` is the user if the post does not name one.
pub(super) fn add_post(data: &mut ImportedData, status: &Object, author: Option<u64>) {
    let Some(id) = id_of(status) else { return };
    let complete = status.get("extended_tweet").and_then(Json::as_object);
    let text_of = |object: &Object| text(object, "full_text").or_else(|| text(object, "text")).map(str::to_owned);
    let Some(content) = complete.and_then(text_of).or_else(|| text_of(status)) else { return };
    let mut post = Object::new();
    post.insert("text".to_owned(), content.into());
    for name in ["lang", "source", "possibly_sensitive", "created_at"] {
        post.extend(status.get(name).map(|value| (name.to_owned(), value.clone())));
    }
    let author = status.get("user").and_then(|user| number(&user["id_str"]).or_else(|| number(&user["id"]))).or(author);
    let in_reply_to = number_at(status, "in_reply_to_user_id_str");
    for (name, id) in [("author_id", author), ("in_reply_to_user_id", in_reply_to)] {
        post.extend(id.map(|id| (name.to_owned(), json!(id.to_string()))));
    }
    let reposted = status.get("retweeted_status").and_then(Json::as_object).and_then(id_of);
    let quoted = number_at(status, "quoted_status_id_str").filter(|_| reposted.is_none());
    let references =
        [("retweeted", reposted), ("quoted", quoted), ("replied_to", number_at(status, "in_reply_to_status_id_str"))];
    let references = references.into_iter().filter_map(|(kind, id)| Some(json!({"type": kind, "id": id?.to_string()})));
    post.insert("referenced_tweets".to_owned(), references.collect());
    if let Some(metrics) = metrics(status) {
        post.insert("public_metrics".to_owned(), metrics);
    }
    let entities = complete.unwrap_or(status);
    if let Some(found) = entities.get("entities").or_else(|| status.get("entities")) {
        post.insert("entities".to_owned(), urls(found));
    }
    let keys = media(data, status, complete);
    if !keys.is_empty() {
        post.insert("attachments".to_owned(), json!({"media_keys": keys}));
    }
    if let Some(place) = status.get("place").and_then(|place| place["id"].as_str()) {
        post.insert("geo".to_owned(), json!({"place_id": place}));
    }
    data.add_post(id, post);
}

fn id_of(object: &Object) -> Option<u64> {
    number_at(object, "id_str").or_else(|| number_at(object, "id"))
}

fn number_at(object: &Object, name: &str) -> Option<u64> {
    object.get(name).and_then(number)
}

fn metrics(status: &Object) -> Option<Json> {
    let count = |name: &str| number_at(status, name).unwrap_or_default();
    status.get("favorite_count")?;
    Some(json!({
        "like_count": count("favorite_count"), "retweet_count": count("retweet_count"),
        "reply_count": count("reply_count"), "quote_count": count("quote_count"),
    }))
}

/// Returns the links of a text, those to media included, in the form of v2.
fn urls(entities: &Json) -> Json {
    let all = ["urls", "media"].into_iter().filter_map(|kind| entities[kind].as_array()).flatten();
    let links = all.map(|link| json!({"url": link["url"], "expanded_url": link["expanded_url"]}));
    json!({"urls": links.collect::<Vec<_>>()})
}

/// Adds the media of a post and returns their keys.
fn media(data: &mut ImportedData, status: &Object, complete: Option<&Object>) -> Vec<String> {
    let sources = [complete, Some(status)].into_iter().flatten();
    let found = sources.flat_map(|object| ["extended_entities", "entities"].map(|name| object.get(name)));
    let found = found.flatten().find_map(|entities| entities["media"].as_array());
    let mut keys = Vec::new();
    for item in found.into_iter().flatten() {
        let Some(id) = number(&item["id_str"]).or_else(|| number(&item["id"])) else { continue };
        let kind = item["type"].as_str().unwrap_or("photo");
        let prefix = match kind {
            "photo" => 3,
            "animated_gif" => 16,
            _ => 7,
        };
        let key = format!("{prefix}_{id}");
        let url = if kind == "photo" { "url" } else { "preview_image_url" };
        let size = &item["sizes"]["large"];
        let mut object = json!({
            "media_key": key, "type": kind, url: item["media_url_https"], "alt_text": item["ext_alt_text"],
            "width": number(&size["w"]), "height": number(&size["h"]),
            "duration_ms": number(&item["video_info"]["duration_millis"]),
        });
        if let Some(variants) = item["video_info"]["variants"].as_array() {
            let variant = |variant: &Json| {
                let mut found = json!({"content_type": variant["content_type"], "url": variant["url"]});
                if let Some(rate) = number(&variant["bitrate"]) {
                    found["bit_rate"] = rate.into();
                }
                found
            };
            object["variants"] = variants.iter().map(variant).collect();
        }
        if let Json::Object(object) = object {
            data.add_media(object);
        }
        keys.push(key);
    }
    keys
}

/// Adds the members of v2 to a place of v1.1.
pub(super) fn complete_place(place: &mut Object) {
    let Some(ring) = place.remove("bounding_box").map(|area| area["coordinates"][0].clone()) else { return };
    let side = |index: usize, choose: fn(f64, f64) -> f64| {
        ring.as_array()?.iter().filter_map(|point| point[index].as_f64()).reduce(choose)
    };
    let sides = [side(0, f64::min), side(1, f64::min), side(0, f64::max), side(1, f64::max)];
    if let [Some(west), Some(south), Some(east), Some(north)] = sides {
        let geo = json!({"type": "Feature", "bbox": [west, south, east, north], "properties": {}});
        place.entry("geo").or_insert(geo);
    }
}
