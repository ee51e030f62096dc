//! Side effects of writes: events on streams and at webhooks.

use bytes::Bytes;
use chirrup_api::v1::direct_messages::{NewMessageEvent, SendOldMessage};
use chirrup_api::v1::friendships::{CreateFriendship, DestroyFriendship};
use chirrup_api::v1::statuses::{CreateFavorite, Destroy, Retweet, Update, UpdateWithMedia};
use chirrup_api::v1::users::{CreateBlock, CreateMute, DestroyBlock, DestroyMute};
use chirrup_api::v2::articles::PublishArticle;
use chirrup_api::v2::broadcast_moderation::MuteInBroadcasts;
use chirrup_api::v2::broadcasts::{
    DeleteBroadcastMessage, MuteInBroadcast, SendBroadcastChat, StartBroadcast, UpdateBroadcastState,
};
use chirrup_api::v2::direct_messages::{CreateDmConversation, SendDm, SendDmTo};
use chirrup_api::v2::posts::{CreatePost, DeletePost};
use chirrup_api::v2::user_broadcasts::UpdateUserBroadcastState;
use chirrup_api::v2::users::{Block, Follow, Like, Mute, Repost, Unblock, Unfollow, Unlike, Unmute};
use chirrup_api::{Call, Endpoint};
use chirrup_model::Timestamp;
use serde_json::{Value as Json, json};

use crate::response::rendered_text::RenderedText;
use crate::state::State;
use crate::streams::event::StreamEvent;
use crate::streams::event_kind::EventKind;
use crate::world::{PostRow, copy_id, has_expired};

type SqlResult<T> = rusqlite::Result<T>;

/// Activity of a user, to which apps can subscribe.
pub(crate) struct Activity {
    /// Type of the event, such as `like.create`.
    pub(crate) event_type: &'static str,
    /// User who caused the activity.
    pub(crate) actor: u64,
    /// User whom the activity affects, such as the author of a liked post.
    pub(crate) target: Option<u64>,
    pub(crate) payload: Json,
}

/// Change of a relation between two users, as the type of its event.
type RelationEvent = &'static str;

/// What a write changes, and where its call or response names the object.
#[derive(Debug, Clone, Copy)]
enum Effect {
    /// A post was created. The response has its ID under one of these pointers.
    PostCreated(&'static [&'static str]),
    /// The state of the broadcast that this parameter names has changed. When it is published, a post announces it.
    BroadcastState(&'static str),
    /// The scheduled broadcast that the parameter `id` names has started.
    BroadcastStarted,
    /// A message was sent to the chat of the broadcast that the parameter `id` names.
    BroadcastChat,
    /// A message was deleted from the chat of a broadcast, alone or with a mute, if the response says so.
    BroadcastChatRemoved,
    /// The post that the parameter `id` names was deleted.
    PostDeleted,
    /// The post that this parameter names was liked.
    PostLiked(&'static str),
    /// The post that this parameter names is no longer liked.
    PostUnliked(&'static str),
    /// The relation to the user that `target_user_id` names has changed.
    Relation(RelationEvent),
    /// The relation to the user that a response of API v1.1 shows has changed.
    V1Relation(RelationEvent),
    /// A direct message was sent. The response has the ID of its event under this pointer.
    DmSent(&'static str),
}

/// Pointers to the ID of a created post: of a post, and of an article.
const POST_IDS: &[&str] = &["/data/id", "/data/rest_id"];

/// Effects of all writes that cause events.
const EFFECTS: &[(&Endpoint, Effect)] = &[
    (CreatePost::ENDPOINT, Effect::PostCreated(POST_IDS)),
    (Repost::ENDPOINT, Effect::PostCreated(POST_IDS)),
    (PublishArticle::ENDPOINT, Effect::PostCreated(POST_IDS)),
    (Update::ENDPOINT, Effect::PostCreated(&["/id_str"])),
    (UpdateWithMedia::ENDPOINT, Effect::PostCreated(&["/id_str"])),
    (Retweet::ENDPOINT, Effect::PostCreated(&["/id_str"])),
    (UpdateUserBroadcastState::ENDPOINT, Effect::BroadcastState("broadcast_id")),
    (UpdateBroadcastState::ENDPOINT, Effect::BroadcastState("id")),
    (StartBroadcast::ENDPOINT, Effect::BroadcastStarted),
    (SendBroadcastChat::ENDPOINT, Effect::BroadcastChat),
    (DeleteBroadcastMessage::ENDPOINT, Effect::BroadcastChatRemoved),
    (MuteInBroadcast::ENDPOINT, Effect::BroadcastChatRemoved),
    (MuteInBroadcasts::ENDPOINT, Effect::BroadcastChatRemoved),
    (DeletePost::ENDPOINT, Effect::PostDeleted),
    (Destroy::ENDPOINT, Effect::PostDeleted),
    (Like::ENDPOINT, Effect::PostLiked("tweet_id")),
    (CreateFavorite::ENDPOINT, Effect::PostLiked("id")),
    (Unlike::ENDPOINT, Effect::PostUnliked("tweet_id")),
    (Follow::ENDPOINT, Effect::Relation("follow.follow")),
    (Unfollow::ENDPOINT, Effect::Relation("follow.unfollow")),
    (Mute::ENDPOINT, Effect::Relation("mute.mute")),
    (Unmute::ENDPOINT, Effect::Relation("mute.unmute")),
    (Block::ENDPOINT, Effect::Relation("block.block")),
    (Unblock::ENDPOINT, Effect::Relation("block.unblock")),
    (CreateFriendship::ENDPOINT, Effect::V1Relation("follow.follow")),
    (DestroyFriendship::ENDPOINT, Effect::V1Relation("follow.unfollow")),
    (CreateMute::ENDPOINT, Effect::V1Relation("mute.mute")),
    (DestroyMute::ENDPOINT, Effect::V1Relation("mute.unmute")),
    (CreateBlock::ENDPOINT, Effect::V1Relation("block.block")),
    (DestroyBlock::ENDPOINT, Effect::V1Relation("block.unblock")),
    (SendDm::ENDPOINT, Effect::DmSent("/data/dm_event_id")),
    (SendDmTo::ENDPOINT, Effect::DmSent("/data/dm_event_id")),
    (CreateDmConversation::ENDPOINT, Effect::DmSent("/data/dm_event_id")),
    (NewMessageEvent::ENDPOINT, Effect::DmSent("/event/id")),
    (SendOldMessage::ENDPOINT, Effect::DmSent("/id_str")),
];

/// Delivers the events that a successful write causes. `body` is the response body of the call.
pub(crate) fn emit(state: &mut State, call: &Call, user: Option<u64>, body: &Json, now: Timestamp) -> SqlResult<()> {
    let (Some(endpoint), Some(me)) = (call.endpoint, user) else { return Ok(()) };
    let Some((_, effect)) = EFFECTS.iter().find(|(known, _)| *known == endpoint) else { return Ok(()) };
    let param = |name: &str| call.text(name).unwrap_or_default();
    let text_at = |pointer: &str| body.pointer(pointer).and_then(Json::as_str);
    match *effect {
        Effect::PostCreated(pointers) => {
            let id = pointers.iter().find_map(|pointer| text_at(pointer)).and_then(|id| id.parse().ok());
            id.map_or(Ok(()), |id| post_created(state, id, now))
        }
        Effect::BroadcastState(name) => {
            if param("state") != "PUBLISH" {
                return broadcast_changed(state, "broadcast.end", param(name), json!({}), now);
            }
            let broadcast = state.world.document("broadcast", param(name))?.unwrap_or_default();
            if let Some(id) = broadcast["tweet_id"].as_str().and_then(|id| id.parse().ok()) {
                post_created(state, id, now)?;
            }
            broadcast_changed(state, "broadcast.start", param(name), json!({}), now)
        }
        Effect::BroadcastStarted => broadcast_changed(state, "broadcast.start", param("id"), json!({}), now),
        Effect::BroadcastChat => {
            let message = json!({"author_id": me.to_string(), "text": param("text")});
            broadcast_changed(state, "broadcast.chat", param("id"), message, now)
        }
        Effect::BroadcastChatRemoved => {
            let removed = body["data"]["deleted"] == true || body["data"]["muted"] == true;
            match call.text("message_id").filter(|_| removed) {
                Some(message) => {
                    let broadcast = call.text("broadcast_id").unwrap_or(param("id"));
                    broadcast_changed(state, "broadcast.chat.remove", broadcast, json!({ "id": message }), now)
                }
                None => Ok(()),
            }
        }
        Effect::PostDeleted => post_deleted(state, me, param("id"), now),
        Effect::PostLiked(name) => post_liked(state, me, param(name), now),
        Effect::PostUnliked(name) => {
            let favorite = json!({"id": call.text(name), "user_id": me.to_string()});
            let json = json!({"delete": {"favorite": favorite, "event_at": now}});
            send_stream_event(state, EventKind::LikeCompliance, json, now);
            Ok(())
        }
        Effect::Relation(event) => relation_changed(state, event, me, param("target_user_id").parse().ok(), now),
        Effect::V1Relation(event) => relation_changed(state, event, me, body["id"].as_u64(), now),
        Effect::DmSent(pointer) => dm_sent(state, me, text_at(pointer).unwrap_or_default(), now),
    }
}

/// Sends an event to the streams of a kind.
fn send_stream_event(state: &mut State, kind: EventKind, data: Json, now: Timestamp) {
    let key = state.world.next_id(now);
    state.hub.send_event(StreamEvent { at: now, kind, app: None, key, json: json!({"data": data}) });
}

/// Returns the fields of a user that events contain.
fn user_json(state: &State, id: u64) -> SqlResult<Json> {
    let user = state.world.user(id)?.unwrap_or_default();
    Ok(json!({"id": id.to_string(), "name": user["name"], "username": user["username"]}))
}

/// Returns the same fields in the form of the Account Activity API.
fn account_activity_user(user: &Json) -> Json {
    json!({"id_str": user["id"], "name": user["name"], "screen_name": user["username"]})
}

/// Returns the fields of a post that events contain.
fn post_json(row: &PostRow, text: &str) -> Json {
    let mut json = json!({
        "id": row.id.to_string(), "text": text, "author_id": row.author.to_string(), "lang": row.lang,
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

/// Delivers a new post to streams, to linked webhooks and to the subscribers of its author and of the users it concerns.
pub(crate) fn post_created(state: &mut State, id: u64, now: Timestamp) -> SqlResult<()> {
    let State { hub, world, bill, .. } = state;
    hub.publish_post(world, bill, id, now)?;
    let Some(row) = state.world.post(id)? else { return Ok(()) };
    for (app, link) in state.world.all_documents("stream_link")? {
        let State { hub, world, .. } = &mut *state;
        if let Some(line) = hub.webhook_line(world, app, &row, now) {
            deliver_to_webhook(state, link["webhook_id"].as_str().unwrap_or_default(), line, now)?;
        }
    }
    let activities = post_activities(state, &row)?;
    activities.iter().try_for_each(|activity| deliver_activity(state, activity, now))?;
    let author = user_json(state, row.author)?;
    let mut users: Vec<u64> = activities.iter().filter_map(|activity| activity.target).chain([row.author]).collect();
    users.sort_unstable();
    users.dedup();
    let events = json!([{
        "created_at": Timestamp::from_snowflake(row.id).to_string(), "id": row.id, "id_str": row.id.to_string(),
        "text": RenderedText::of_post(&state.world, &row)?.text, "user": account_activity_user(&author), "lang": row.lang,
        "in_reply_to_status_id_str": row.reply_to.map(|id| id.to_string()),
        "in_reply_to_user_id_str": row.reply_to_user.map(|id| id.to_string()),
    }]);
    users.into_iter().try_for_each(|user| deliver_account_activity(state, user, "tweet_create_events", &events, now))
}

/// Returns the activities that a new post consists of: the post or repost, and a reply, quote and mentions.
fn post_activities(state: &State, row: &PostRow) -> SqlResult<Vec<Activity>> {
    let payload = post_json(row, &RenderedText::of_post(&state.world, row)?.text);
    let activity = |event_type, target| Activity { event_type, actor: row.author, target, payload: payload.clone() };
    let mut activities = Vec::new();
    if let Some(repost) = row.repost_of {
        activities.push(activity("post.repost.create", state.world.post(repost)?.map(|post| post.author)));
    } else {
        activities.push(activity("post.create", None));
    }
    if let Some(author) = row.reply_to_user {
        activities.push(activity("post.reply.create", Some(author)));
    }
    if let Some(quoted) = row.quote_of {
        activities.push(activity("post.quote.create", state.world.post(quoted)?.map(|post| post.author)));
    }
    if row.repost_of.is_none() {
        for name in state.world.subject(row)?.mentions {
            if let Some(mentioned) = state.world.user_id(&name)? {
                activities.push(activity("post.mention.create", Some(mentioned)));
            }
        }
    }
    Ok(activities)
}

fn post_deleted(state: &mut State, me: u64, id: &str, now: Timestamp) -> SqlResult<()> {
    let post = json!({"id": id, "author_id": me.to_string()});
    send_stream_event(state, EventKind::PostCompliance, json!({"delete": {"tweet": post, "event_at": now}}), now);
    let activity = Activity { event_type: "post.delete", actor: me, target: None, payload: post };
    deliver_activity(state, &activity, now)?;
    let number = id.parse::<u64>().unwrap_or_default();
    let status = json!({"id": number, "id_str": id, "user_id": me, "user_id_str": me.to_string()});
    let json = json!({"delete": {"status": status, "timestamp_ms": now.as_millis().to_string()}});
    let key = state.world.next_id(now);
    state.hub.send_event(StreamEvent { at: now, kind: EventKind::V1, app: None, key, json });
    let status = json!({"id": id, "user_id": me.to_string()});
    let events = json!([{"status": status, "timestamp_ms": now.as_millis().to_string()}]);
    deliver_account_activity(state, me, "tweet_delete_events", &events, now)
}

fn post_liked(state: &mut State, me: u64, post: &str, now: Timestamp) -> SqlResult<()> {
    let Some(row) = state.world.post(post.parse().unwrap_or_default())? else { return Ok(()) };
    let like = json!({
        "id": format!("{me}-{post}"), "created_at": now, "liked_tweet_id": post,
        "tweet_author_id": row.author.to_string(), "timestamp_ms": now.as_millis(),
    });
    send_stream_event(state, EventKind::Like, like.clone(), now);
    let activity = Activity { event_type: "like.create", actor: me, target: Some(row.author), payload: like };
    deliver_activity(state, &activity, now)?;
    let liker = account_activity_user(&user_json(state, me)?);
    let author = account_activity_user(&user_json(state, row.author)?);
    let events = json!([{
        "id": format!("{me}-{post}"), "timestamp_ms": now.as_millis(), "user": liker,
        "favorited_status": {"id_str": post, "text": RenderedText::of_post(&state.world, &row)?.text, "user": author},
    }]);
    let users = [me, row.author];
    users.into_iter().try_for_each(|user| deliver_account_activity(state, user, "favorite_events", &events, now))
}

/// Delivers a follow, mute or block, or the end of one.
fn relation_changed(
    state: &mut State,
    event_type: &'static str,
    me: u64,
    target: Option<u64>,
    now: Timestamp,
) -> SqlResult<()> {
    let Some(other) = target else { return Ok(()) };
    let (source, target) = (user_json(state, me)?, user_json(state, other)?);
    let (family, action) = event_type.split_once('.').unwrap_or((event_type, event_type));
    let events = json!([{
        "type": action, "created_timestamp": now.as_millis().to_string(), "source": account_activity_user(&source),
        "target": account_activity_user(&target),
    }]);
    let payload = json!({"source": source, "target": target});
    deliver_activity(state, &Activity { event_type, actor: me, target: Some(other), payload }, now)?;
    deliver_account_activity(state, me, &format!("{family}_events"), &events, now)?;
    // Users do not learn who mutes or blocks them.
    if family == "follow" {
        deliver_account_activity(state, other, "follow_events", &events, now)?;
    }
    Ok(())
}

/// Delivers an event of a broadcast, which belongs to its host.
fn broadcast_changed(
    state: &mut State,
    event_type: &'static str,
    id: &str,
    mut payload: Json,
    now: Timestamp,
) -> SqlResult<()> {
    let broadcast = state.world.document("broadcast", id)?.unwrap_or_default();
    let Some(host) = broadcast["twitter_user_id"].as_str().and_then(|id| id.parse().ok()) else { return Ok(()) };
    payload["broadcast_id"] = id.into();
    deliver_activity(state, &Activity { event_type, actor: host, target: None, payload }, now)
}

fn dm_sent(state: &mut State, me: u64, event: &str, now: Timestamp) -> SqlResult<()> {
    let Some(json) = state.world.document("dm", &copy_id(event, me))? else { return Ok(()) };
    let mut others = state.world.dm_event_owners(event)?;
    others.retain(|id| *id != me);
    let first = others.first().copied();
    let sent = Activity { event_type: "dm.sent", actor: me, target: first, payload: json.clone() };
    deliver_activity(state, &sent, now)?;
    for other in others {
        let received = Activity { event_type: "dm.received", actor: me, target: Some(other), payload: json.clone() };
        deliver_activity(state, &received, now)?;
        let events = json!([{
            "type": "message_create", "id": event, "created_timestamp": now.as_millis().to_string(),
            "message_create": {
                "target": {"recipient_id": other.to_string()}, "sender_id": me.to_string(),
                "message_data": {"text": json["text"], "entities": json["entities"]},
            },
        }]);
        for user in [me, other] {
            deliver_account_activity(state, user, "direct_message_events", &events, now)?;
        }
    }
    Ok(())
}

/// Whether an activity subscription selects an activity.
fn selects(subscription: &Json, activity: &Activity) -> bool {
    let filter = &subscription["filter"];
    let user: Option<u64> = filter["user_id"].as_str().and_then(|id| id.parse().ok());
    // Some events belong to the user whom they affect, and some to both users.
    let inbound_event = matches!(
        activity.event_type,
        "post.mention.create" | "post.reply.create" | "post.quote.create" | "post.repost.create" | "dm.received"
    );
    let mutual_event = matches!(activity.event_type, "follow.follow" | "follow.unfollow" | "like.create");
    let outbound = user == Some(activity.actor);
    let inbound = user.is_some() && user == activity.target;
    let selects_user = match filter["direction"].as_str() {
        Some("outbound") => outbound,
        Some("inbound") => inbound,
        _ if mutual_event => outbound || inbound,
        _ if inbound_event => inbound,
        _ => outbound,
    };
    let selects_text = filter["keyword"]
        .as_str()
        .is_none_or(|keyword| activity.payload.to_string().to_lowercase().contains(&keyword.to_lowercase()));
    subscription["event_type"] == activity.event_type && selects_text && (user.is_none() || selects_user)
}

/// Delivers an activity to its subscribers: over the activity stream, or at their webhook.
pub(crate) fn deliver_activity(state: &mut State, activity: &Activity, now: Timestamp) -> SqlResult<()> {
    deliver_to_subscribers(state, None, activity, now)
}

/// Delivers an activity that concerns one app to the subscribers of that app.
pub(crate) fn deliver_app_activity(state: &mut State, app: i64, activity: &Activity, now: Timestamp) -> SqlResult<()> {
    deliver_to_subscribers(state, Some(app), activity, now)
}

fn deliver_to_subscribers(state: &mut State, only: Option<i64>, activity: &Activity, now: Timestamp) -> SqlResult<()> {
    for (app, subscription) in state.world.all_documents("activity_subscription")? {
        if only.is_some_and(|only| only != app) {
            continue;
        }
        if has_expired(&subscription, now) || !selects(&subscription, activity) {
            continue;
        }
        let key = state.world.next_id(now);
        let json = json!({"data": {
            "event_type": activity.event_type, "event_uuid": key.to_string(), "created_at": now, "filter": subscription["filter"],
            "tag": subscription["tag"], "payload": activity.payload,
        }});
        match subscription["webhook_id"].as_str() {
            Some(webhook) => deliver_to_webhook(state, webhook, json.to_string().into(), now)?,
            None => state.hub.send_event(StreamEvent { at: now, kind: EventKind::Activity, app: Some(app), key, json }),
        }
    }
    Ok(())
}

/// Delivers events to the webhooks that subscribe to the account activity of a user. `name` is the member of the body that
/// contains them.
fn deliver_account_activity(state: &mut State, user: u64, name: &str, events: &Json, now: Timestamp) -> SqlResult<()> {
    let mut body = json!({"for_user_id": user.to_string()});
    body[name] = events.clone();
    let body = Bytes::from(body.to_string());
    for webhook in state.world.webhooks_subscribed_to(user)? {
        deliver_to_webhook(state, &webhook, body.clone(), now)?;
    }
    Ok(())
}

/// Queues a request to a webhook, if the webhook is valid.
fn deliver_to_webhook(state: &mut State, webhook: &str, body: Bytes, now: Timestamp) -> SqlResult<()> {
    let Some((app, config)) = state.world.webhook(webhook)? else { return Ok(()) };
    if config["valid"] != true {
        return Ok(());
    }
    let (url, secrets) = (config["url"].as_str().unwrap_or_default(), state.world.app_secrets(app)?);
    state.hub.deliver(webhook, url, secrets, body, now);
    Ok(())
}
