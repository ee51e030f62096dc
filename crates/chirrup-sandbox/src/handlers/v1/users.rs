//! Users and the relations between them.

use chirrup_api::v1::friendships::{
    CreateFriendship, DestroyFriendship, FollowerIds, FollowerList, FriendIds, FriendList, IncomingFriendships,
    LookupFriendships, NoRetweetIds, OutgoingFriendships, ShowFriendship, UpdateFriendship,
};
use chirrup_api::v1::users::{
    BlockIds, Blocks, Contributees, Contributors, CreateBlock, CreateMute, DestroyBlock, DestroyMute, FindUsers,
    LookupUsers, LookupUsersByForm, MuteIds, Mutes, ProfileBanner, ReportSpam, ShowUser, SuggestedMembers, Suggestions,
    SuggestionsOf,
};
use serde_json::{Value as Json, json};

use super::super::context::{HandlerEntry, HandlerResult, RequestContext};
use super::super::pages::MAX_POSITION;
use super::context::page;
use crate::response::api_error::ApiError;
use crate::response::v1_errors::{error, page_not_found, user_not_found};
use crate::world::{IdList, Relation};

pub(super) const HANDLERS: &[HandlerEntry] = &[
    (FollowerList::ENDPOINT, follower_list),
    (FollowerIds::ENDPOINT, follower_ids),
    (FriendList::ENDPOINT, friend_list),
    (FriendIds::ENDPOINT, friend_ids),
    (IncomingFriendships::ENDPOINT, incoming_friendships),
    (OutgoingFriendships::ENDPOINT, outgoing_friendships),
    (NoRetweetIds::ENDPOINT, no_retweet_ids),
    (ShowFriendship::ENDPOINT, friendship),
    (LookupFriendships::ENDPOINT, relations),
    (CreateFriendship::ENDPOINT, create_friendship),
    (DestroyFriendship::ENDPOINT, destroy_friendship),
    (UpdateFriendship::ENDPOINT, update_friendship),
    (ShowUser::ENDPOINT, user_by_id),
    (LookupUsers::ENDPOINT, lookup_users),
    (LookupUsersByForm::ENDPOINT, lookup_users),
    (FindUsers::ENDPOINT, find_users),
    (Suggestions::ENDPOINT, suggestions),
    (SuggestionsOf::ENDPOINT, suggestions_of),
    (SuggestedMembers::ENDPOINT, suggested_members),
    (Contributees::ENDPOINT, no_users),
    (Contributors::ENDPOINT, no_users),
    (ProfileBanner::ENDPOINT, profile_banner),
    (ReportSpam::ENDPOINT, report_spam),
    (Blocks::ENDPOINT, blocks),
    (BlockIds::ENDPOINT, block_ids),
    (CreateBlock::ENDPOINT, create_block),
    (DestroyBlock::ENDPOINT, destroy_block),
    (Mutes::ENDPOINT, mutes),
    (MuteIds::ENDPOINT, mute_ids),
    (CreateMute::ENDPOINT, create_mute),
    (DestroyMute::ENDPOINT, destroy_mute),
];

fn user_by_id(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let id = ctx.required_user()?;
    let mut user = ctx.objects().user(id)?;
    user["profile_location"] = Json::Null;
    if ctx.identity.user == Some(id) {
        user["suspended"] = false.into();
        user["needs_phone_verification"] = false.into();
    }
    Ok((200, user.into()))
}

fn lookup_users(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let users = ctx.users_param()?;
    if users.is_empty() {
        return Err(error(404, 17, "No user matches for specified terms."));
    }
    Ok((200, ctx.users_json(&users)?.into()))
}

fn find_users(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let words = ctx.text("q").to_owned();
    let size = ctx.count(20);
    let number = ctx.call.number("page").and_then(|n| usize::try_from(n).ok()).unwrap_or(1).max(1);
    let found = ctx.world.search_users(&words, 0, size * number)?;
    let users: Vec<u64> = found.into_iter().skip(size * (number - 1)).collect();
    Ok((200, ctx.users_json(&users)?.into()))
}

/// Users who have recently posted with this hashtag.
fn suggested(ctx: &RequestContext<'_>, slug: &str, count: usize) -> Result<Vec<u64>, ApiError> {
    let Ok(query) = chirrup_query::parse(&format!("#{slug}")) else {
        return Err(page_not_found());
    };
    let found = ctx.world.search(&query, 0, MAX_POSITION, 100)?;
    let mut users: Vec<u64> = Vec::new();
    for row in found.posts {
        if !users.contains(&row.author) && users.len() < count {
            users.push(row.author);
        }
    }
    if users.is_empty() { Err(page_not_found()) } else { Ok(users) }
}

fn suggestions(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let tags = ctx.world.top_hashtags(5)?;
    let list = tags.into_iter().map(|(tag, count)| json!({"name": tag, "slug": tag, "size": count.min(20)}));
    Ok((200, list.collect::<Vec<_>>().into()))
}

fn suggestions_of(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let slug = ctx.text("slug").to_owned();
    let users = suggested(ctx, &slug, 20)?;
    let users = ctx.users_json(&users)?;
    Ok((200, json!({"name": slug, "slug": slug, "size": users.len(), "users": users}).into()))
}

fn suggested_members(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let slug = ctx.text("slug").to_owned();
    let users = suggested(ctx, &slug, 20)?;
    Ok((200, ctx.users_json(&users)?.into()))
}

/// Contributors and contributees. No account of the sandbox has any.
fn no_users(ctx: &mut RequestContext<'_>) -> HandlerResult {
    ctx.user_or_me()?;
    Ok((200, json!([]).into()))
}

fn profile_banner(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let user = ctx.user_or_me()?;
    let profile = ctx.objects().user(user)?;
    let Some(url) = profile["profile_banner_url"].as_str() else {
        return Err(page_not_found());
    };
    let size = |name: &str, w: u32, h: u32| (name.to_owned(), json!({"w": w, "h": h, "url": format!("{url}/{name}")}));
    let sizes: serde_json::Map<String, Json> = [
        size("web", 520, 260),
        size("web_retina", 1040, 520),
        size("mobile", 320, 160),
        size("mobile_retina", 640, 320),
        size("ipad", 626, 313),
        size("ipad_retina", 1252, 626),
        size("300x100", 300, 100),
        size("600x200", 600, 200),
        size("1500x500", 1500, 500),
    ]
    .into_iter()
    .collect();
    Ok((200, json!({"sizes": sizes}).into()))
}

/// Responds with a page of users.
fn users_page(ctx: &RequestContext<'_>, list: IdList, owner: u64) -> HandlerResult {
    let (ids, cursors) = ctx.cursor_page(list, owner, 20)?;
    page("users", ctx.users_json(&ids)?, cursors)
}

/// IDs as numbers or strings, as the request asks for.
fn ids_json(ctx: &RequestContext<'_>, ids: impl IntoIterator<Item = u64>) -> Vec<Json> {
    let texts = ctx.flag("stringify_ids") == Some(true);
    ids.into_iter().map(|id| if texts { id.to_string().into() } else { id.into() }).collect()
}

/// Responds with a page of IDs.
pub(super) fn ids_page(ctx: &RequestContext<'_>, ids: Vec<u64>, cursors: Json) -> HandlerResult {
    page("ids", ids_json(ctx, ids), cursors)
}

fn list_ids_page(ctx: &RequestContext<'_>, list: IdList, owner: u64) -> HandlerResult {
    let (found, cursors) = ctx.cursor_page(list, owner, 5_000)?;
    ids_page(ctx, found, cursors)
}

/// Responds with a page of followers or followed users, which have more keys than others.
fn follows_page(ctx: &RequestContext<'_>, list: IdList) -> HandlerResult {
    let (ids, cursors) = ctx.cursor_page(list, ctx.readable_user_or_me()?, 20)?;
    let mut users = ctx.users_json(&ids)?;
    if let Some(me) = ctx.identity.user {
        for (user, id) in users.iter_mut().zip(ids) {
            user["live_following"] = false.into();
            user["blocked_by"] = ctx.world.has_relation(Relation::Blocking, id, me)?.into();
        }
    }
    page("users", users, cursors)
}

fn follower_list(ctx: &mut RequestContext<'_>) -> HandlerResult {
    follows_page(ctx, IdList::Followers)
}

fn follower_ids(ctx: &mut RequestContext<'_>) -> HandlerResult {
    list_ids_page(ctx, IdList::Followers, ctx.readable_user_or_me()?)
}

fn friend_list(ctx: &mut RequestContext<'_>) -> HandlerResult {
    follows_page(ctx, IdList::Following)
}

fn friend_ids(ctx: &mut RequestContext<'_>) -> HandlerResult {
    list_ids_page(ctx, IdList::Following, ctx.readable_user_or_me()?)
}

fn blocks(ctx: &mut RequestContext<'_>) -> HandlerResult {
    users_page(ctx, IdList::Blocking, ctx.me()?)
}

fn block_ids(ctx: &mut RequestContext<'_>) -> HandlerResult {
    list_ids_page(ctx, IdList::Blocking, ctx.me()?)
}

fn mutes(ctx: &mut RequestContext<'_>) -> HandlerResult {
    users_page(ctx, IdList::Muting, ctx.me()?)
}

fn mute_ids(ctx: &mut RequestContext<'_>) -> HandlerResult {
    list_ids_page(ctx, IdList::Muting, ctx.me()?)
}

fn incoming_friendships(ctx: &mut RequestContext<'_>) -> HandlerResult {
    list_ids_page(ctx, IdList::FollowRequestsReceived, ctx.me()?)
}

fn outgoing_friendships(ctx: &mut RequestContext<'_>) -> HandlerResult {
    list_ids_page(ctx, IdList::FollowRequestsSent, ctx.me()?)
}

fn no_retweet_ids(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let found = ctx.world.list_ids(IdList::RepostsHidden, me, i64::MAX, 5_000)?;
    Ok((200, ids_json(ctx, found.into_iter().map(|(id, _)| id)).into()))
}

/// Adds or removes a relation to another user, and responds with the user.
fn set_relation(ctx: &mut RequestContext<'_>, kind: Relation, enabled: bool) -> HandlerResult {
    let (me, other) = (ctx.me()?, ctx.required_user()?);
    if enabled {
        ctx.world.add_relation(kind, me, other)?;
    } else {
        ctx.world.remove_relation(kind, me, other)?;
    }
    Ok((200, ctx.objects().user(other)?.into()))
}

fn create_block(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (me, other) = (ctx.me()?, ctx.required_user()?);
    ctx.world.unfollow(me, other)?;
    ctx.world.unfollow(other, me)?;
    set_relation(ctx, Relation::Blocking, true)
}

fn destroy_block(ctx: &mut RequestContext<'_>) -> HandlerResult {
    set_relation(ctx, Relation::Blocking, false)
}

fn create_mute(ctx: &mut RequestContext<'_>) -> HandlerResult {
    if ctx.me()? == ctx.required_user()? {
        return Err(error(403, 271, "You can't mute yourself."));
    }
    set_relation(ctx, Relation::Muting, true)
}

fn destroy_mute(ctx: &mut RequestContext<'_>) -> HandlerResult {
    if !ctx.world.has_relation(Relation::Muting, ctx.me()?, ctx.required_user()?)? {
        return Err(error(403, 272, "You are not muting the specified user."));
    }
    set_relation(ctx, Relation::Muting, false)
}

fn report_spam(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (me, other) = (ctx.me()?, ctx.required_user()?);
    ctx.world.add_relation(Relation::Reported, me, other)?;
    if ctx.flag("perform_block") != Some(false) {
        return create_block(ctx);
    }
    Ok((200, ctx.objects().user(other)?.into()))
}

fn create_friendship(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let other = match ctx.required_user() {
        Err(unknown) if unknown.status == 404 => return Err(error(403, 108, "Cannot find specified user.")),
        other => other?,
    };
    if me == other {
        return Err(error(403, 158, "You can't follow yourself."));
    }
    if ctx.world.is_protected(other)? && !ctx.world.follows(me, other)? {
        if ctx.world.has_relation(Relation::FollowRequest, me, other)? {
            return Err(error(403, 160, "You've already requested to follow this user."));
        }
        ctx.world.add_relation(Relation::FollowRequest, me, other)?;
        return Ok((200, ctx.objects().user(other)?.into()));
    }
    ctx.world.follow(me, other)?;
    Ok((200, ctx.objects().user(other)?.into()))
}

fn destroy_friendship(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (me, other) = (ctx.me()?, ctx.required_user()?);
    ctx.world.unfollow(me, other)?;
    ctx.world.remove_relation(Relation::FollowRequest, me, other)?;
    Ok((200, ctx.objects().user(other)?.into()))
}

/// The part of a friendship that both sides show: who `one` is, and whether the two follow each other.
fn friendship_side(ctx: &RequestContext<'_>, one: u64, other: u64) -> Result<Json, ApiError> {
    let name = ctx.world.username(one)?.unwrap_or_default();
    Ok(json!({
        "id": one, "id_str": one.to_string(), "screen_name": name,
        "following": ctx.world.follows(one, other)?, "followed_by": ctx.world.follows(other, one)?,
        "following_received": ctx.world.has_relation(Relation::FollowRequest, other, one)?,
        "following_requested": ctx.world.has_relation(Relation::FollowRequest, one, other)?,
    }))
}

/// Responds with the relationship of two users. Only the source shows its settings for the other.
fn friendship_response(ctx: &RequestContext<'_>, source: u64, target: u64) -> HandlerResult {
    let mut one = friendship_side(ctx, source, target)?;
    let settings = [
        ("can_dm", ctx.world.follows(target, source)?),
        ("blocking", ctx.world.has_relation(Relation::Blocking, source, target)?),
        ("blocked_by", ctx.world.has_relation(Relation::Blocking, target, source)?),
        ("muting", ctx.world.has_relation(Relation::Muting, source, target)?),
        ("want_retweets", !ctx.world.has_relation(Relation::RepostsHidden, source, target)?),
        ("all_replies", false),
        ("notifications_enabled", ctx.world.has_relation(Relation::Notifications, source, target)?),
        ("marked_spam", ctx.world.has_relation(Relation::Reported, source, target)?),
    ];
    for (name, value) in settings {
        one[name] = value.into();
    }
    let other = friendship_side(ctx, target, source)?;
    Ok((200, json!({"relationship": {"source": one, "target": other}}).into()))
}

fn friendship(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let source = match ctx.user_param("source_id", "source_screen_name")? {
        Some(user) => user,
        None => ctx.me().map_err(|_| error(403, 163, "Could not determine source user."))?,
    };
    let target = ctx.user_param("target_id", "target_screen_name")?.ok_or_else(user_not_found)?;
    friendship_response(ctx, source, target)
}

fn update_friendship(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (me, other) = (ctx.me()?, ctx.required_user()?);
    for (name, kind, unless) in
        [("device", Relation::Notifications, false), ("retweets", Relation::RepostsHidden, true)]
    {
        match ctx.flag(name) {
            Some(on) if on != unless => ctx.world.add_relation(kind, me, other)?,
            Some(_) => ctx.world.remove_relation(kind, me, other)?,
            None => {}
        }
    }
    friendship_response(ctx, me, other)
}

fn relations(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let mut all = Vec::new();
    for other in ctx.users_param()? {
        let states = [
            ("following", ctx.world.follows(me, other)?),
            ("following_requested", ctx.world.has_relation(Relation::FollowRequest, me, other)?),
            ("followed_by", ctx.world.follows(other, me)?),
            ("blocking", ctx.world.has_relation(Relation::Blocking, me, other)?),
            ("muting", ctx.world.has_relation(Relation::Muting, me, other)?),
        ];
        let mut connections: Vec<&str> =
            states.into_iter().filter(|(_, applies)| *applies).map(|(name, _)| name).collect();
        if connections.is_empty() {
            connections.push("none");
        }
        let user = ctx.world.user(other)?.unwrap_or_default();
        all.push(json!({
            "id": other, "id_str": other.to_string(), "name": user["name"], "screen_name": user["username"],
            "connections": connections,
        }));
    }
    Ok((200, all.into()))
}
