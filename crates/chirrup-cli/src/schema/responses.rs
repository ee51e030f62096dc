//! Responses of X, which have the data in an envelope.

use serde_json::{Value as Json, json};

use super::objects::{includes, problem};
use super::shapes::{id, list, number, open, text, truth};

/// A response of X with this data. Without results, X leaves the data out.
fn response(data: Json, is_required: bool) -> Json {
    let meta = open(
        json!({}),
        json!({
            "result_count": number(), "next_token": text(), "previous_token": text(), "newest_id": text(),
            "oldest_id": text(), "total_tweet_count": number(),
        }),
    );
    let mut schema = json!({
        "type": "object",
        "properties": {"data": data, "includes": includes(), "meta": meta, "errors": list(problem())},
        "additionalProperties": true,
    });
    if is_required {
        schema["required"] = json!(["data"]);
    }
    schema
}

/// A page of items.
pub(super) fn page(item: Json) -> Json {
    response(list(item), false)
}

/// A response with one item.
pub(super) fn one(item: Json) -> Json {
    response(item, true)
}

/// A response with one item or several ones.
pub(super) fn one_or_page(item: Json) -> Json {
    response(json!({"anyOf": [item.clone(), list(item)]}), false)
}

/// The result of a write that sets this member.
pub(super) fn done(member: &str) -> Json {
    one(open(json!({member: truth()}), json!({})))
}

/// The response to a created post.
pub(super) fn created() -> Json {
    one(open(json!({"id": id()}), json!({"text": text(), "edit_history_tweet_ids": list(id())})))
}
