//! Media of statuses in the form of API v1.1.

use serde_json::{Value as Json, json};

/// Sizes in which X delivers images: name, limits of width and height, and how an image is fitted.
const SIZES: [(&str, u64, u64, &str); 4] = [
    ("thumb", 150, 150, "crop"),
    ("small", 680, 680, "fit"),
    ("medium", 1_200, 1_200, "fit"),
    ("large", 2_048, 2_048, "fit"),
];

/// Returns the media object for the media of a post, without the members that depend on the text.
pub(super) fn media_json(id: u64, media: &Json, with_alt_text: bool) -> Json {
    let url = media["url"].as_str().or(media["preview_image_url"].as_str()).unwrap_or_default();
    let (width, height) = (media["width"].as_u64().unwrap_or(640), media["height"].as_u64().unwrap_or(480));
    let mut old = json!({
        "id": id, "id_str": id.to_string(), "type": media["type"], "media_url_https": url,
        "media_url": url.replacen("https://", "http://", 1), "sizes": sizes(width, height),
    });
    if with_alt_text {
        old["ext_alt_text"] = media["alt_text"].clone();
    }
    if media["type"] != "photo" {
        old["video_info"] = video_info(media, width, height);
        old["additional_media_info"] = json!({"monetizable": false});
    }
    old
}

fn sizes(width: u64, height: u64) -> Json {
    let size = |(name, max_width, max_height, resize): (&str, u64, u64, &str)| {
        let (w, h) = match resize {
            "crop" => (max_width.min(width), max_height.min(height)),
            _ => fitted(width, height, max_width),
        };
        (name.to_owned(), json!({"w": w, "h": h, "resize": resize}))
    };
    Json::Object(SIZES.into_iter().map(size).collect())
}

/// Width and height of an image whose longer side has at most this length.
fn fitted(width: u64, height: u64, limit: u64) -> (u64, u64) {
    let longer = width.max(height).max(1);
    if longer <= limit { (width, height) } else { (width * limit / longer, height * limit / longer) }
}

fn video_info(media: &Json, width: u64, height: u64) -> Json {
    let common = greatest_common_divisor(width, height).max(1);
    let variants: Vec<Json> = media["variants"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|variant| {
            let mut old = json!({"content_type": variant["content_type"], "url": variant["url"]});
            if !variant["bit_rate"].is_null() {
                old["bitrate"] = variant["bit_rate"].clone();
            }
            old
        })
        .collect();
    let mut info = json!({"aspect_ratio": [width / common, height / common], "variants": variants});
    if !media["duration_ms"].is_null() {
        info["duration_millis"] = media["duration_ms"].clone();
    }
    info
}

fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}
