//! Building blocks of schemas: objects with exact members, and the objects of X, which may have more members than are known.

use serde_json::{Value as Json, json};

pub(super) fn text() -> Json {
    json!({"type": "string"})
}

pub(super) fn text_or_null() -> Json {
    json!({"type": ["string", "null"]})
}

/// Texts by name.
pub(super) fn texts() -> Json {
    json!({"type": "object", "additionalProperties": text()})
}

pub(super) fn number() -> Json {
    json!({"type": "integer", "minimum": 0})
}

pub(super) fn truth() -> Json {
    json!({"type": "boolean"})
}

pub(super) fn id() -> Json {
    json!({"type": "string", "pattern": "^[0-9]{1,19}$"})
}

pub(super) fn money() -> Json {
    json!({"type": "string", "pattern": r"^\$[0-9]+\.[0-9]+$"})
}

pub(super) fn list(items: Json) -> Json {
    json!({"type": "array", "items": items})
}

pub(super) fn anything() -> Json {
    json!({"type": "object"})
}

/// An object of this program: it has all of these members, and no others.
pub(super) fn exact(properties: Json) -> Json {
    let names: Vec<&String> = properties.as_object().into_iter().flat_map(|object| object.keys()).collect();
    json!({"type": "object", "required": names, "properties": properties, "additionalProperties": false})
}

/// The same with members that may be absent.
pub(super) fn exact_with(properties: Json, optional: Json) -> Json {
    let mut schema = exact(properties);
    for (name, value) in optional.as_object().into_iter().flatten() {
        schema["properties"][name] = value.clone();
    }
    schema
}

/// An object of X, which has these members among others.
pub(super) fn open(required: Json, optional: Json) -> Json {
    let mut schema = exact_with(required, optional);
    schema["additionalProperties"] = true.into();
    schema
}

/// A response of X with this data. Without results, X leaves the data out.
pub(super) fn response(data: Json, is_required: bool) -> Json {
    let objects = |item: Json| list(item);
    let includes = json!({
        "type": "object",
        "properties": {"users": objects(user()), "tweets": objects(post()), "media": objects(anything())},
        "additionalProperties": {"type": "array", "items": {"type": "object"}},
    });
    let problem = open(json!({}), json!({"title": text(), "detail": text(), "type": text(), "status": number()}));
    let meta = open(
        json!({}),
        json!({"result_count": number(), "next_token": text(), "previous_token": text(), "newest_id": text()}),
    );
    let mut schema = json!({
        "type": "object", "properties": {"data": data, "includes": includes, "meta": meta, "errors": list(problem)},
        "additionalProperties": false,
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

/// Numbers by name.
pub(super) fn counts() -> Json {
    json!({"type": "object", "additionalProperties": {"type": "integer"}})
}

pub(super) fn post() -> Json {
    open(
        json!({"id": id()}),
        json!({
            "text": text(), "author_id": id(), "created_at": {"type": "string", "format": "date-time"},
            "conversation_id": id(), "lang": text(), "public_metrics": counts(), "note_tweet": anything(),
            "edit_history_tweet_ids": list(id()), "attachments": anything(), "entities": anything(), "geo": anything(),
            "referenced_tweets": list(open(json!({"type": text(), "id": id()}), json!({}))),
        }),
    )
}

pub(super) fn user() -> Json {
    open(
        json!({"id": id(), "username": text()}),
        json!({
            "name": text(), "description": text(), "location": text(), "verified": truth(), "public_metrics": counts(),
            "created_at": {"type": "string", "format": "date-time"}, "connection_status": list(text()),
        }),
    )
}

pub(super) fn rule() -> Json {
    exact_with(json!({"id": id(), "value": text()}), json!({"tag": text()}))
}

/// The response to a created post.
pub(super) fn created() -> Json {
    one(open(json!({"id": id()}), json!({"text": text(), "edit_history_tweet_ids": list(id())})))
}
