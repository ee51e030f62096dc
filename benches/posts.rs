//! Posts as X sends them, for benchmarks.

use serde_json::{Value as Json, json};

/// Text in place of the ID of a post: as long as one.
pub const ID: &str = "0000000000000000000";

/// Returns a line of a stream: a post with all fields, its author, a photo and the rules that it matches; 3.6 kB.
#[must_use]
pub fn full_post(text: &str) -> Json {
    let annotation = |n: u32| {
        json!({
            "domain": {"id": (30 + n).to_string(), "name": "Unified Twitter Taxonomy", "description": "A taxonomy of topics"},
            "entity": {"id": format!("84890{n}"), "name": "Computer programming", "description": "Computer programming"},
        })
    };
    json!({
        "data": {
            "id": ID, "text": text, "edit_history_tweet_ids": [ID], "author_id": "2244994945",
            "created_at": "2026-11-20T23:52:47.000Z", "conversation_id": ID, "lang": "en", "possibly_sensitive": false,
            "reply_settings": "everyone", "source": "Chirrup for Web", "display_text_range": [0, 99],
            "in_reply_to_user_id": "12",
            "edit_controls": {"editable_until": "2026-11-21T00:52:47.000Z", "edits_remaining": 5, "is_edit_eligible": true},
            "public_metrics": {
                "bookmark_count": 1, "impression_count": 373, "like_count": 9, "quote_count": 0, "reply_count": 0,
                "retweet_count": 0,
            },
            "referenced_tweets": [{"type": "replied_to", "id": "2123927567571353600"}],
            "context_annotations": (0..6).map(annotation).collect::<Vec<_>>(),
            "entities": {
                "hashtags": [{"start": 90, "end": 99, "tag": "rustlang"}],
                "mentions": [{"start": 59, "end": 65, "username": "robin", "id": "12"}],
                "annotations": [
                    {"start": 18, "end": 21, "probability": 0.9712, "type": "Product", "normalized_text": "Rust"},
                ],
                "urls": [{
                    "start": 66, "end": 89, "url": "https://t.co/abcdefghij", "display_url": "example.com/some/long…",
                    "expanded_url": "https://example.com/some/long/path/to/an/article?with=query", "status": 200,
                    "unwound_url": "https://example.com/some/long/path/to/an/article", "title": "An article with a title",
                    "description": "And a description of some length, which says what the article is about, in words.",
                    "images": [{"url": "https://pbs.twimg.com/news_img/1/a?format=jpg&name=orig", "width": 1200, "height": 630}],
                }],
            },
            "geo": {"place_id": "01a9a39529b27f36"}, "attachments": {"media_keys": ["3_2123927567571353601"]},
        },
        "includes": {
            "users": [{
                "id": "2244994945", "name": "Ada Finch", "username": "ada", "created_at": "2013-12-14T04:35:55.000Z",
                "description": "Writes compilers for fun, and reads what others write about birds https://t.co/abcdefghij",
                "location": "Lisbon", "protected": false, "verified": true, "verified_type": "blue",
                "pinned_tweet_id": "2123927567571353000", "url": "https://t.co/abcdefghij",
                "profile_image_url": "https://pbs.twimg.com/profile_images/1683899100922511378/5lY42eHs_normal.jpg",
                "public_metrics": {
                    "followers_count": 583_423, "following_count": 2_048, "tweet_count": 14_052, "listed_count": 1_672,
                    "like_count": 2_771, "media_count": 806,
                },
            }],
            "media": [{
                "media_key": "3_2123927567571353601", "type": "photo", "width": 1200, "height": 900,
                "url": "https://pbs.twimg.com/media/FakeMediaKey00.jpg", "alt_text": "A heron at the pond",
            }],
        },
        "matching_rules": [{"id": "1494670872418033664", "tag": "rust in english"}],
    })
}

/// Returns one of a thousand texts.
#[must_use]
pub fn text(number: usize) -> String {
    format!(
        "Shipped service number {number} in Rust today, and {} notes are in the thread. @robin https://t.co/abcdefghij",
        number * 7 % 1_000
    )
}
