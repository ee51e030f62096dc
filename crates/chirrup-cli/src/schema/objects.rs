//! Objects of X, which may have more members than are known.

use serde_json::{Value as Json, json};

use super::shapes::{counts, depends_on, exact_with, id, list, number, open, text, time, truth, word};

pub(super) fn post() -> Json {
    open(
        json!({"id": id()}),
        json!({
            "text": text(), "author_id": id(), "created_at": time(), "conversation_id": id(), "lang": text(),
            "public_metrics": counts(), "note_tweet": open(json!({"text": text()}), json!({"entities": entities()})),
            "edit_history_tweet_ids": list(id()), "entities": entities(), "in_reply_to_user_id": id(),
            "attachments": open(json!({}), json!({"media_keys": list(text()), "poll_ids": list(id())})),
            "geo": open(json!({}), json!({"place_id": text()})), "possibly_sensitive": truth(), "source": text(),
            "referenced_tweets": list(open(
                json!({"type": word(&["replied_to", "quoted", "retweeted"]), "id": id()}),
                json!({}),
            )),
        }),
    )
}

fn entities() -> Json {
    let at = |more: Json| list(open(json!({"start": number(), "end": number()}), more));
    open(
        json!({}),
        json!({
            "urls": at(json!({"url": text(), "expanded_url": text(), "display_url": text()})),
            "hashtags": at(json!({"tag": text()})), "cashtags": at(json!({"tag": text()})),
            "mentions": at(json!({"username": text(), "id": id()})),
            "annotations": at(json!({"type": text(), "normalized_text": text()})),
        }),
    )
}

pub(super) fn user() -> Json {
    open(
        json!({"id": id(), "username": text()}),
        json!({
            "name": text(), "description": text(), "location": text(), "verified": truth(), "protected": truth(),
            "public_metrics": counts(), "created_at": time(), "connection_status": list(text()), "url": text(),
            "profile_image_url": text(), "pinned_tweet_id": id(),
        }),
    )
}

pub(super) fn includes() -> Json {
    let media = open(
        json!({"media_key": text()}),
        json!({"type": word(&["photo", "video", "animated_gif"]), "url": text(), "alt_text": text()}),
    );
    let poll = open(json!({"id": id()}), json!({"options": list(open(json!({"label": text()}), json!({})))}));
    let named = open(json!({"id": text()}), json!({"name": text(), "full_name": text(), "description": text()}));
    json!({
        "type": "object",
        "properties": {
            "users": list(user()), "tweets": list(post()), "media": list(media), "polls": list(poll),
            "places": list(named.clone()), "topics": list(named),
        },
        "additionalProperties": list(depends_on("the name of the list")),
    })
}

pub(super) fn problem() -> Json {
    open(
        json!({}),
        json!({
            "title": text(), "detail": text(), "type": text(), "status": number(), "message": text(),
            "parameter": text(), "resource_id": text(), "resource_type": text(),
        }),
    )
}

pub(super) fn rule() -> Json {
    exact_with(json!({"id": id(), "value": text()}), json!({"tag": text()}))
}

pub(super) fn webhook() -> Json {
    open(json!({"id": id()}), json!({"url": text(), "valid": truth(), "created_at": time()}))
}

/// An event of a webhook: of an account, of a subscription to activities, or a post of the filtered stream.
pub(super) fn event() -> Json {
    let activity = open(
        json!({"event_type": text()}),
        json!({"event_uuid": text(), "filter": depends_on("the event"), "payload": depends_on("the event")}),
    );
    json!({"anyOf": [
        open(json!({"for_user_id": id()}), json!({})),
        open(json!({"data": activity}), json!({})),
        item_of_stream(post()),
    ]})
}

/// An item of a stream.
pub(super) fn item_of_stream(data: Json) -> Json {
    let matching = open(json!({"id": text()}), json!({"tag": text()}));
    open(json!({"data": data}), json!({"includes": includes(), "matching_rules": list(matching)}))
}

/// Returns the schema of the object that a command of the table reads or creates, if it is not a post or a user.
pub(super) fn of_command(path: &str) -> Option<Json> {
    let balance = || json!({"type": "number"});
    Some(match path {
        "trends" => open(
            json!({"trend_name": text()}),
            json!({"category": text(), "post_count": text(), "trending_since": text()}),
        ),
        "trends-at" => open(json!({"trend_name": text()}), json!({"tweet_count": number()})),
        "news" => open(
            json!({"id": text()}),
            json!({"name": text(), "summary": text(), "hook": text(), "category": text(), "updated_at": text()}),
        ),
        "dm" => open(json!({"dm_conversation_id": text(), "dm_event_id": id()}), json!({})),
        "dms" | "dms-with" => open(
            json!({"id": id()}),
            json!({
                "event_type": word(&["MessageCreate", "ParticipantsJoin", "ParticipantsLeave"]), "text": text(),
                "created_at": time(), "dm_conversation_id": text(), "sender_id": id(), "entities": entities(),
            }),
        ),
        "lists create" | "lists show" | "lists owned" | "lists memberships" | "lists followed" | "lists pinned" => {
            open(
                json!({"id": id(), "name": text()}),
                json!({
                    "created_at": time(), "description": text(), "follower_count": number(), "member_count": number(),
                    "owner_id": id(), "private": truth(),
                }),
            )
        }
        "spaces search" | "spaces show" | "spaces of" => open(
            json!({"id": text()}),
            json!({
                "state": word(&["scheduled", "live", "ended"]), "title": text(), "creator_id": id(), "lang": text(),
                "participant_count": number(), "scheduled_start": time(), "started_at": time(), "ended_at": time(),
            }),
        ),
        "communities search" | "communities show" => open(
            json!({"id": id()}),
            json!({
                "name": text(), "description": text(), "access": text(), "join_policy": text(),
                "member_count": number(), "created_at": time(),
            }),
        ),
        "compliance list" | "compliance show" | "compliance create" => open(
            json!({"id": id(), "type": word(&["tweets", "users"])}),
            json!({
                "status": word(&["created", "in_progress", "failed", "complete"]), "name": text(), "resumable": truth(),
                "upload_url": text(), "upload_expires_at": time(), "download_url": text(),
                "download_expires_at": time(), "created_at": time(),
            }),
        ),
        "usage" => open(
            json!({}),
            json!({
                "project_id": text(), "project_cap": text(), "project_usage": text(), "cap_reset_day": number(),
                "daily_project_usage": usage_by_day(), "daily_client_app_usage": list(usage_by_day()),
            }),
        ),
        "credits" => open(
            json!({"total_balance": balance(), "prepaid_balance": balance(), "free_balance": balance()}),
            json!({"free_grants": list(open(json!({"amount": balance()}), json!({"expires_at": text()})))}),
        ),
        _ => return None,
    })
}

fn usage_by_day() -> Json {
    let day = open(json!({}), json!({"date": text(), "usage": text()}));
    open(json!({}), json!({"project_id": text(), "client_app_id": text(), "usage": list(day)}))
}

/// The response of API v1.1 to a search of places.
pub(super) fn places() -> Json {
    let place = open(
        json!({"id": text()}),
        json!({"name": text(), "full_name": text(), "country": text(), "country_code": text(), "place_type": text()}),
    );
    open(
        json!({"result": open(json!({"places": list(place)}), json!({}))}),
        json!({"query": depends_on("the parameters of the search")}),
    )
}
