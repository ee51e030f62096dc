//! Images and videos.

use chirrup_model::Timestamp;
use serde_json::json;

use super::dice::Dice;
use crate::world::World;

/// An image or video of a post. Three of four are images.
pub(super) fn media(
    world: &mut World,
    dice: &mut Dice,
    owner: u64,
    alt_text: String,
    now: Timestamp,
) -> rusqlite::Result<u64> {
    let id = world.next_id(now);
    let json = if dice.chance(75) {
        json!({
            "media_key": format!("3_{id}"), "type": "photo", "url": format!("https://pbs.twimg.com/media/{id}.jpg"),
            "width": 1200, "height": 800, "alt_text": alt_text,
        })
    } else {
        json!({
            "media_key": format!("7_{id}"), "type": "video", "width": 1280, "height": 720,
            "duration_ms": 1_000 + dice.below(90_000), "public_metrics": {"view_count": dice.below(50_000)},
            "preview_image_url": format!("https://pbs.twimg.com/media/{id}.jpg"),
            "variants": [{"bit_rate": 832_000, "content_type": "video/mp4", "url": format!("https://video.twimg.com/{id}.mp4")}],
        })
    };
    world.add_media(id, owner, &json)?;
    Ok(id)
}

/// Images that `ada` has uploaded and not posted yet: the media IDs 1 to 4.
pub(super) fn unposted_media(world: &World, owner: u64) -> rusqlite::Result<()> {
    for id in 1..=4 {
        let url = format!("https://pbs.twimg.com/media/{id}.jpg");
        let json = json!({"media_key": format!("3_{id}"), "type": "photo", "url": url, "width": 640, "height": 480});
        world.add_media(id, owner, &json)?;
    }
    Ok(())
}
