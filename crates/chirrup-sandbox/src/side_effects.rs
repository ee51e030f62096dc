//! What a write sets off beyond its answer: on streams, and at webhooks.

use chirrup_api::Call;
use chirrup_model::Timestamp;
use serde_json::{Value as Json, json};

use crate::hub::Record;
use crate::sandbox::State;
use crate::world::PostRow;

type Sql<T> = rusqlite::Result<T>;

/// Something that a user did.
pub(crate) struct Activity {
    /// What, such as `like.create`.
    pub(crate) kind: &'static str,
    /// Who did it.
    pub(crate) actor: u64,
    /// To whom, or to whose.
    pub(crate) target: Option<u64>,
    /// The thing itself.
    pub(crate) payload: Json,
}

/// Tells streams and webhooks of what a call has done.
pub(crate) fn emit(state: &mut State, call: &Call, user: Option<u64>, done: &Json, now: Timestamp) -> Sql<()> {
    let (Some(meta), Some(me)) = (call.endpoint, user) else { return Ok(()) };
    let other = call.text("target_user_id").and_then(|id| id.parse().ok());
    match meta.id {
        "create_post" | "repost" | "publish_article" => {
            let made = done["data"]["id"].as_str().or(done["data"]["rest_id"].as_str());
            match made.and_then(|id| id.parse().ok()) {
                Some(id) => posted(state, id, now),
                None => Ok(()),
            }
        }
        "v1.update" | "v1.update_with_media" | "v1.retweet" => {
            match done["id_str"].as_str().and_then(|id| id.parse().ok()) {
                Some(id) => posted(state, id, now),
                None => Ok(()),
            }
        }
        "v1.destroy" => deleted(state, me, call.text("id").unwrap_or_default(), now),
        "v1.create_favorite" => liked(state, me, call.text("id").unwrap_or_default(), now),
        "v1.new_message_event" => messaged(state, me, done["event"]["id"].as_str().unwrap_or_default(), now),
        "v1.send_old_message" => messaged(state, me, done["id_str"].as_str().unwrap_or_default(), now),
        "v1.create_friendship" => between(state, "follow.follow", me, done["id"].as_u64(), now),
        "v1.destroy_friendship" => between(state, "follow.unfollow", me, done["id"].as_u64(), now),
        "v1.create_mute" => between(state, "mute.mute", me, done["id"].as_u64(), now),
        "v1.destroy_mute" => between(state, "mute.unmute", me, done["id"].as_u64(), now),
        "v1.create_block" => between(state, "block.block", me, done["id"].as_u64(), now),
        "v1.destroy_block" => between(state, "block.unblock", me, done["id"].as_u64(), now),
        "delete_post" => deleted(state, me, call.text("id").unwrap_or_default(), now),
        "like" => liked(state, me, call.text("tweet_id").unwrap_or_default(), now),
        "unlike" => {
            let favorite = json!({"id": call.text("tweet_id"), "user_id": me.to_string()});
            let json = json!({"delete": {"favorite": favorite, "event_at": now}});
            record(state, "likes_compliance", json, now);
            Ok(())
        }
        "follow" => between(state, "follow.follow", me, other, now),
        "unfollow" => between(state, "follow.unfollow", me, other, now),
        "mute" => between(state, "mute.mute", me, other, now),
        "unmute" => between(state, "mute.unmute", me, other, now),
        "block" => between(state, "block.block", me, other, now),
        "unblock" => between(state, "block.unblock", me, other, now),
        "send_dm" | "send_dm_to" | "create_dm_conversation" => {
            messaged(state, me, done["data"]["dm_event_id"].as_str().unwrap_or_default(), now)
        }
        _ => Ok(()),
    }
}

fn record(state: &mut State, kind: &'static str, json: Json, now: Timestamp) {
    let key = state.world.next_id(now);
    state.hub.record(Record { at: now, kind, app: None, key, json: json!({"data": json}) });
}

/// A user as events show them.
fn shown(state: &State, id: u64) -> Sql<Json> {
    let full = state.world.user(id)?.unwrap_or_default();
    Ok(json!({"id": id.to_string(), "name": full["name"], "username": full["username"]}))
}

/// A post as events show it.
fn post_json(row: &PostRow) -> Json {
    let mut json = json!({
        "id": row.id.to_string(), "text": row.text, "author_id": row.author.to_string(), "lang": row.lang,
        "conversation_id": row.conversation.to_string(),
        "created_at": Timestamp::from_snowflake(row.id), "edit_history_tweet_ids": [row.id.to_string()],
    });
    let related = [("replied_to", row.reply_to), ("quoted", row.quote_of), ("retweeted", row.repost_of)];
    let related: Vec<Json> =
        related.iter().filter_map(|(kind, id)| Some(json!({"type": kind, "id": (*id)?.to_string()}))).collect();
    if !related.is_empty() {
        json["referenced_tweets"] = related.into();
    }
    if let Some(user) = row.reply_to_user {
        json["in_reply_to_user_id"] = user.to_string().into();
    }
    json
}

/// A new post: to the streams of posts, and to whom it concerns.
pub(crate) fn posted(state: &mut State, id: u64, now: Timestamp) -> Sql<()> {
    let State { hub, world, bill, .. } = state;
    hub.publish(world, bill, id, now)?;
    let Some(row) = state.world.post(id)? else { return Ok(()) };
    for (app, link) in state.world.things_of_all("stream_link")? {
        let State { hub, world, .. } = &mut *state;
        if let Some(line) = hub.linked(world, app, &row, now) {
            deliver(state, link["webhook_id"].as_str().unwrap_or_default(), &line, now)?;
        }
    }
    let payload = post_json(&row);
    let event = |kind, target| Activity { kind, actor: row.author, target, payload: payload.clone() };
    let mut all = Vec::new();
    if let Some(repost) = row.repost_of {
        all.push(event("post.repost.create", state.world.post(repost)?.map(|post| post.author)));
    } else {
        all.push(event("post.create", None));
    }
    if let Some(author) = row.reply_to_user {
        all.push(event("post.reply.create", Some(author)));
    }
    if let Some(quoted) = row.quote_of {
        all.push(event("post.quote.create", state.world.post(quoted)?.map(|post| post.author)));
    }
    if row.repost_of.is_none() {
        for name in state.world.subject(&row)?.mentions {
            if let Some(mentioned) = state.world.user_id(&name)? {
                all.push(event("post.mention.create", Some(mentioned)));
            }
        }
    }
    all.iter().try_for_each(|activity| happened(state, activity, now))?;
    let author = shown(state, row.author)?;
    let mut concerned: Vec<u64> = all.iter().filter_map(|activity| activity.target).chain([row.author]).collect();
    concerned.sort_unstable();
    concerned.dedup();
    let json = json!([{
        "created_at": Timestamp::from_snowflake(row.id).to_string(), "id": row.id, "id_str": row.id.to_string(),
        "text": row.text, "user": old_user(&author), "in_reply_to_status_id_str": row.reply_to.map(|id| id.to_string()),
        "in_reply_to_user_id_str": row.reply_to_user.map(|id| id.to_string()), "lang": row.lang,
    }]);
    concerned.into_iter().try_for_each(|user| account(state, user, "tweet_create_events", &json, now))
}

/// A user as events of account activity show them.
fn old_user(user: &Json) -> Json {
    json!({"id_str": user["id"], "name": user["name"], "screen_name": user["username"]})
}

fn deleted(state: &mut State, me: u64, id: &str, now: Timestamp) -> Sql<()> {
    let post = json!({"id": id, "author_id": me.to_string()});
    record(state, "posts_compliance", json!({"delete": {"tweet": post, "event_at": now}}), now);
    happened(state, &Activity { kind: "post.delete", actor: me, target: None, payload: post }, now)?;
    let status = json!({"id": id, "user_id": me.to_string()});
    let number = id.parse::<u64>().unwrap_or_default();
    let old = json!({"id": number, "id_str": id, "user_id": me, "user_id_str": me.to_string()});
    let json = json!({"delete": {"status": old, "timestamp_ms": now.as_millis().to_string()}});
    let key = state.world.next_id(now);
    state.hub.record(Record { at: now, kind: "v1", app: None, key, json });
    let json = json!([{"status": status, "timestamp_ms": now.as_millis().to_string()}]);
    account(state, me, "tweet_delete_events", &json, now)
}

fn liked(state: &mut State, me: u64, post: &str, now: Timestamp) -> Sql<()> {
    let Some(row) = state.world.post(post.parse().unwrap_or_default())? else { return Ok(()) };
    let like = json!({
        "id": format!("{me}-{post}"), "created_at": now, "liked_tweet_id": post,
        "tweet_author_id": row.author.to_string(), "timestamp_ms": now.as_millis(),
    });
    record(state, "likes", like.clone(), now);
    let activity = Activity { kind: "like.create", actor: me, target: Some(row.author), payload: like };
    happened(state, &activity, now)?;
    let json = json!([{
        "id": format!("{me}-{post}"), "timestamp_ms": now.as_millis(), "user": old_user(&shown(state, me)?),
        "favorited_status": {"id_str": post, "text": row.text, "user": old_user(&shown(state, row.author)?)},
    }]);
    [me, row.author].into_iter().try_for_each(|user| account(state, user, "favorite_events", &json, now))
}

fn between(state: &mut State, kind: &'static str, me: u64, other: Option<u64>, now: Timestamp) -> Sql<()> {
    let Some(other) = other else { return Ok(()) };
    let (source, target) = (shown(state, me)?, shown(state, other)?);
    let (family, what) = kind.split_once('.').unwrap_or((kind, kind));
    let old = json!([{
        "type": what, "created_timestamp": now.as_millis().to_string(), "source": old_user(&source),
        "target": old_user(&target),
    }]);
    let payload = json!({"source": source, "target": target});
    happened(state, &Activity { kind, actor: me, target: Some(other), payload }, now)?;
    account(state, me, &format!("{family}_events"), &old, now)?;
    // Who is muted or blocked is not told.
    if family == "follow" { account(state, other, "follow_events", &old, now) } else { Ok(()) }
}

fn messaged(state: &mut State, me: u64, event: &str, now: Timestamp) -> Sql<()> {
    let Some(json) = state.world.thing("dm", &format!("{event}:{me}"))? else { return Ok(()) };
    let mut others = state.world.readers_of(event)?;
    others.retain(|id| *id != me);
    let first = others.first().copied();
    happened(state, &Activity { kind: "dm.sent", actor: me, target: first, payload: json.clone() }, now)?;
    for other in others {
        let activity = Activity { kind: "dm.received", actor: me, target: Some(other), payload: json.clone() };
        happened(state, &activity, now)?;
        let message = json!([{
            "type": "message_create", "id": event, "created_timestamp": now.as_millis().to_string(),
            "message_create": {
                "target": {"recipient_id": other.to_string()}, "sender_id": me.to_string(),
                "message_data": {"text": json["text"], "entities": json["entities"]},
            },
        }]);
        [me, other].into_iter().try_for_each(|user| account(state, user, "direct_message_events", &message, now))?;
    }
    Ok(())
}

/// Whether a subscription wants an activity.
fn wants(subscription: &Json, activity: &Activity) -> bool {
    let filter = &subscription["filter"];
    let user: Option<u64> = filter["user_id"].as_str().and_then(|id| id.parse().ok());
    // What happens to somebody is subscribed to by whom it happens to.
    let inward = matches!(
        activity.kind,
        "post.mention.create" | "post.reply.create" | "post.quote.create" | "post.repost.create" | "dm.received"
    );
    let both = matches!(activity.kind, "follow.follow" | "follow.unfollow" | "like.create");
    let (out, inbound) = (user == Some(activity.actor), user.is_some() && user == activity.target);
    let concerned = match filter["direction"].as_str() {
        Some("outbound") => out,
        Some("inbound") => inbound,
        _ if both => out || inbound,
        _ if inward => inbound,
        _ => out,
    };
    let said = || activity.payload.to_string().to_lowercase();
    let keyword = filter["keyword"].as_str().is_none_or(|word| said().contains(&word.to_lowercase()));
    subscription["event_type"] == activity.kind && keyword && (user.is_none() || concerned)
}

/// Tells of an activity those who have subscribed to it: over the stream, or at their webhook.
pub(crate) fn happened(state: &mut State, activity: &Activity, now: Timestamp) -> Sql<()> {
    for subscription in state.world.things_of_all("activity_subscription")? {
        let (app, subscription) = (subscription.0, subscription.1);
        if !wants(&subscription, activity) {
            continue;
        }
        let key = state.world.next_id(now);
        let json = json!({"data": {
            "event_type": activity.kind, "event_uuid": key.to_string(), "filter": subscription["filter"],
            "tag": subscription["tag"], "payload": activity.payload,
        }});
        match subscription["webhook_id"].as_str() {
            Some(webhook) => deliver(state, webhook, &json, now)?,
            None => {
                state.hub.record(Record { at: now, kind: "activity", app: Some(app), key, json });
            }
        }
    }
    Ok(())
}

/// Tells the webhooks that have subscribed to the account activity of a user.
fn account(state: &mut State, user: u64, name: &str, events: &Json, now: Timestamp) -> Sql<()> {
    let mut body = json!({"for_user_id": user.to_string()});
    body[name] = events.clone();
    for webhook in state.world.webhooks_for(user)? {
        deliver(state, &webhook, &body, now)?;
    }
    Ok(())
}

/// Sends a body to a webhook that answers well, and keeps it for a replay.
pub(crate) fn deliver(state: &mut State, webhook: &str, json: &Json, now: Timestamp) -> Sql<()> {
    let Some((app, hook)) = state.world.webhook(webhook)? else { return Ok(()) };
    if hook["valid"] != true {
        return Ok(());
    }
    let (url, secret) = (hook["url"].as_str().unwrap_or_default(), state.world.app_secret(app)?);
    state.hub.deliver(webhook, url, secret, json.to_string().into(), now);
    Ok(())
}
