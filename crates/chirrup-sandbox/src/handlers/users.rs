//! Users: look-up, follows, likes and reposts.

use serde_json::json;

use super::{HandlerResult, RequestContext};
use crate::api_error::{ApiError, resource_not_found};
use crate::world::{Listing, NewPost, PostRow, Relation, sql};

pub(super) fn me(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    single(ctx, Some(me), "id", &me.to_string())
}

pub(super) fn one(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let id = ctx.id("id");
    let known = ctx.world.username(id)?.map(|_| id);
    single(ctx, known, "id", &id.to_string())
}

pub(super) fn one_by_name(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let name = ctx.call.text("username").unwrap_or_default();
    single(ctx, ctx.world.user_id(name)?, "username", name)
}

fn single(ctx: &RequestContext<'_>, id: Option<u64>, parameter: &str, value: &str) -> HandlerResult {
    let mut scene = ctx.scene();
    let data = match id {
        Some(id) => scene.users(&[id])?.pop(),
        None => {
            scene.errors.push(resource_not_found("user", parameter, value));
            None
        }
    };
    Ok((200, scene.body(data, None)))
}

pub(super) fn many(ctx: &mut RequestContext<'_>) -> HandlerResult {
    several(ctx, "ids", &|text| {
        let id = text.parse().unwrap_or_default();
        Ok(ctx.world.username(id)?.map(|_| id))
    })
}

pub(super) fn many_by_name(ctx: &mut RequestContext<'_>) -> HandlerResult {
    several(ctx, "usernames", &|name| ctx.world.user_id(name))
}

fn several(
    ctx: &RequestContext<'_>,
    parameter: &str,
    find: &dyn Fn(&str) -> rusqlite::Result<Option<u64>>,
) -> HandlerResult {
    let mut scene = ctx.scene();
    let mut ids = Vec::new();
    for value in ctx.call.list(parameter) {
        match find(value)? {
            Some(id) if ids.contains(&id) => {}
            Some(id) => ids.push(id),
            None => scene.errors.push(resource_not_found("user", parameter, value)),
        }
    }
    let data = scene.users(&ids)?;
    Ok((200, scene.list_body(data, None)))
}

pub(super) fn followers(ctx: &mut RequestContext<'_>) -> HandlerResult {
    listed(ctx, Listing::Followers)
}

pub(super) fn following(ctx: &mut RequestContext<'_>) -> HandlerResult {
    listed(ctx, Listing::Following)
}

fn listed(ctx: &RequestContext<'_>, list: Listing) -> HandlerResult {
    let user = ctx.id("id");
    if ctx.world.username(user)?.is_none() {
        return single(ctx, None, "id", &user.to_string());
    }
    ctx.users_page(list, user)
}

pub(super) fn follow(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.caller("id")?;
    let target = ctx.id("target_user_id");
    if target == me {
        return Err(ApiError::forbidden("You cannot follow yourself."));
    }
    must_be_there(ctx, target)?;
    if ctx.world.is_protected(target)? && !ctx.world.follows(me, target)? {
        ctx.world.relate(Relation::Asked, me, target)?;
        return Ok((200, json!({"data": {"following": false, "pending_follow": true}})));
    }
    ctx.world.follow(me, target)?;
    Ok((200, json!({"data": {"following": true, "pending_follow": false}})))
}

pub(super) fn unfollow(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.caller("source_user_id")?;
    ctx.world.unfollow(me, ctx.id("target_user_id"))?;
    Ok((200, json!({"data": {"following": false}})))
}

/// Refuses if there is no such user.
fn must_be_there(ctx: &RequestContext<'_>, user: u64) -> Result<(), ApiError> {
    if ctx.world.username(user)?.is_some() {
        return Ok(());
    }
    Err(ApiError::no_such_resource("user", "target_user_id", user))
}

/// Sets or ends a relation to another user, and says so under this name.
fn relation(ctx: &RequestContext<'_>, hole: &str, kind: Relation, name: &str, on: bool) -> HandlerResult {
    let me = ctx.caller(hole)?;
    let target = ctx.id("target_user_id");
    must_be_there(ctx, target)?;
    if on {
        ctx.world.relate(kind, me, target)?;
    } else {
        ctx.world.unrelate(kind, me, target)?;
    }
    Ok((200, json!({"data": {name: on}})))
}

pub(super) fn mute(ctx: &mut RequestContext<'_>) -> HandlerResult {
    relation(ctx, "id", Relation::Muting, "muting", true)
}

pub(super) fn unmute(ctx: &mut RequestContext<'_>) -> HandlerResult {
    relation(ctx, "source_user_id", Relation::Muting, "muting", false)
}

pub(super) fn muting(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.caller("id")?;
    ctx.users_page(Listing::Muting, me)
}

/// A block ends the follows of both.
pub(super) fn block(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let done = relation(ctx, "id", Relation::Blocking, "blocking", true)?;
    let (me, target) = (ctx.caller("id")?, ctx.id("target_user_id"));
    ctx.world.unfollow(me, target)?;
    ctx.world.unfollow(target, me)?;
    Ok(done)
}

pub(super) fn unblock(ctx: &mut RequestContext<'_>) -> HandlerResult {
    relation(ctx, "source_user_id", Relation::Blocking, "blocking", false)
}

pub(super) fn blocking(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.caller("id")?;
    ctx.users_page(Listing::Blocking, me)
}

pub(super) fn bookmark(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.caller("id")?;
    ctx.world.relate(Relation::Bookmark, me, target(ctx)?)?;
    Ok((200, json!({"data": {"bookmarked": true}})))
}

pub(super) fn remove_bookmark(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.caller("id")?;
    ctx.world.unrelate(Relation::Bookmark, me, ctx.id("tweet_id"))?;
    Ok((200, json!({"data": {"bookmarked": false}})))
}

pub(super) fn bookmarks(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.caller("id")?;
    ctx.listed_posts(Listing::Bookmarks, me)
}

pub(super) fn liked_posts(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let user = ctx.id("id");
    if ctx.world.username(user)?.is_none() {
        return single(ctx, None, "id", &user.to_string());
    }
    ctx.listed_posts(Listing::LikedPosts, user)
}

/// The post to act on, which must be there.
fn target(ctx: &RequestContext<'_>) -> Result<u64, ApiError> {
    let id = ctx.id("tweet_id");
    match ctx.world.post(id)? {
        Some(_) => Ok(id),
        None => Err(ApiError::no_such_resource("tweet", "tweet_id", id)),
    }
}

pub(super) fn like(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.caller("id")?;
    ctx.world.like(me, target(ctx)?)?;
    Ok((200, json!({"data": {"liked": true}})))
}

pub(super) fn unlike(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.caller("id")?;
    ctx.world.unlike(me, ctx.id("tweet_id"))?;
    Ok((200, json!({"data": {"liked": false}})))
}

pub(super) fn repost(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.caller("id")?;
    let post = target(ctx)?;
    let repost = match ctx.world.repost_by(me, post)? {
        Some(repost) => repost,
        None => {
            let original = ctx.world.post(post)?.ok_or_else(ApiError::internal)?;
            write_repost(ctx, me, original)?
        }
    };
    Ok((200, json!({"data": {"retweeted": true, "rest_id": repost.id.to_string()}})))
}

/// Reposts a post as this user.
pub(super) fn write_repost(ctx: &mut RequestContext<'_>, me: u64, original: PostRow) -> Result<PostRow, ApiError> {
    let author = ctx.world.username(original.author)?.unwrap_or_default();
    let new = NewPost {
        author: me,
        text: repost_text(&author, &original.text),
        lang: original.lang,
        repost_of: Some(original.id),
        source: "Chirrup sandbox".to_owned(),
        ..NewPost::default()
    };
    Ok(ctx.world.write(new, ctx.now)?)
}

/// The text of a repost: the author and what fits of the text.
pub(crate) fn repost_text(author: &str, text: &str) -> String {
    let whole = format!("RT @{author}: {text}");
    if whole.chars().count() <= 140 {
        return whole;
    }
    let mut short: String = whole.chars().take(139).collect();
    short.push('…');
    short
}

pub(super) fn undo_repost(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.caller("id")?;
    if let Some(repost) = ctx.world.repost_by(me, ctx.id("source_tweet_id"))? {
        ctx.world.delete(&repost)?;
    }
    Ok((200, json!({"data": {"retweeted": false}})))
}

/// Users whose name or description holds the words of the query.
pub(super) fn search(ctx: &mut RequestContext<'_>) -> HandlerResult {
    ctx.me()?;
    let size = ctx.page_size(100);
    let above = ctx.position()?.map_or(0, |(_, position)| position);
    let mut found = ctx.world.users_with(ctx.call.text("query").unwrap_or_default(), above, size + 1)?;
    let more = found.len() > size;
    found.truncate(size);
    let mut meta = json!({});
    if let Some(last) = found.last().filter(|_| more) {
        meta["next_token"] = ctx.token_below(sql(*last)).into();
    }
    let mut scene = ctx.scene();
    let data = scene.users(&found)?;
    Ok((200, scene.list_body(data, Some(meta))))
}

/// No organization of the sandbox has affiliates.
pub(super) fn affiliates(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let user = ctx.id("id");
    if ctx.world.username(user)?.is_none() {
        return Err(ApiError::no_such_resource("user", "id", user));
    }
    ctx.no_users()
}
