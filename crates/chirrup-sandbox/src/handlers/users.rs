//! Users: lookup, follows, mutes, blocks, likes and reposts.

use std::sync::Arc;

use chirrup_api::v2::users::{
    Affiliates, Block, Blocking, Follow, Followers, Following, GetMe, GetMyFollowers, GetMyFollowing, GetUser,
    GetUserByName, GetUsers, GetUsersByName, Like, LikedPosts, Mute, Muting, Repost, SearchUsers, Unblock, UndoRepost,
    Unfollow, Unlike, Unmute,
};
use chirrup_model::{PostId, UserId};
use serde_json::json;

use super::context::{HandlerEntry, HandlerResult, RequestContext};
use crate::response::api_error::{ApiError, not_authorized_for_resource};
use crate::response::content::Content;
use crate::world::{IdList, NewPost, PostRow, Relation, repost_text, to_sql};

pub(super) const HANDLERS: &[HandlerEntry] = &[
    (GetUser::ENDPOINT, get_user),
    (GetUsers::ENDPOINT, get_users),
    (GetUserByName::ENDPOINT, get_user_by_name),
    (GetUsersByName::ENDPOINT, get_users_by_name),
    (GetMe::ENDPOINT, get_me),
    (Followers::ENDPOINT, followers),
    (Following::ENDPOINT, following),
    (Follow::ENDPOINT, follow),
    (Unfollow::ENDPOINT, unfollow),
    (Like::ENDPOINT, like),
    (Unlike::ENDPOINT, unlike),
    (Repost::ENDPOINT, repost),
    (UndoRepost::ENDPOINT, undo_repost),
    (LikedPosts::ENDPOINT, liked_posts),
    (Mute::ENDPOINT, mute),
    (Unmute::ENDPOINT, unmute),
    (Muting::ENDPOINT, muting),
    (Blocking::ENDPOINT, blocking),
    (Block::ENDPOINT, block),
    (Unblock::ENDPOINT, unblock),
    (SearchUsers::ENDPOINT, search_users),
    (Affiliates::ENDPOINT, affiliates),
    (GetMyFollowers::ENDPOINT, get_my_followers),
    (GetMyFollowing::ENDPOINT, get_my_following),
];

fn get_me(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    user_response(ctx, Some(me), "id", &me.to_string())
}

fn get_user(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let id = ctx.param::<UserId>("id").get();
    let known = ctx.world.username(id)?.map(|_| id);
    user_response(ctx, known, "id", &id.to_string())
}

fn get_user_by_name(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let name = ctx.text("username");
    user_response(ctx, ctx.world.user_id(name)?, "username", name)
}

fn user_response(ctx: &RequestContext<'_>, id: Option<u64>, parameter: &str, value: &str) -> HandlerResult {
    let mut response = ctx.response();
    if id.is_none() {
        response.missing_user(parameter, value)?;
    }
    let user = response.users(id.as_slice())?;
    Ok((200, response.object_body(user)))
}

fn get_users(ctx: &mut RequestContext<'_>) -> HandlerResult {
    users_response(ctx, "ids", &|text| {
        let Ok(id) = text.parse() else { return Ok(None) };
        Ok(ctx.world.username(id)?.map(|_| id))
    })
}

fn get_users_by_name(ctx: &mut RequestContext<'_>) -> HandlerResult {
    users_response(ctx, "usernames", &|name| ctx.world.user_id(name))
}

fn users_response(
    ctx: &RequestContext<'_>,
    parameter: &str,
    find: &dyn Fn(&str) -> rusqlite::Result<Option<u64>>,
) -> HandlerResult {
    let mut response = ctx.response();
    let mut ids = Vec::new();
    for value in ctx.call.list(parameter) {
        match find(value)? {
            Some(id) if ids.contains(&id) => {}
            Some(id) => ids.push(id),
            None => response.missing_user(parameter, value)?,
        }
    }
    let users = response.users(&ids)?;
    Ok((200, response.objects_body(users, None)))
}

fn followers(ctx: &mut RequestContext<'_>) -> HandlerResult {
    users_of(ctx, IdList::Followers)
}

fn following(ctx: &mut RequestContext<'_>) -> HandlerResult {
    users_of(ctx, IdList::Following)
}

fn get_my_followers(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    ctx.users_page(IdList::Followers, me)
}

fn get_my_following(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    ctx.users_page(IdList::Following, me)
}

fn users_of(ctx: &RequestContext<'_>, list: IdList) -> HandlerResult {
    let user = ctx.param::<UserId>("id").get();
    if let Some(refusal) = ctx.unreadable_user(user)? {
        return Ok(refusal);
    }
    ctx.users_page(list, user)
}

/// Follows a user. A protected user gets a follow request.
fn follow(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me_in("id")?;
    let target = ctx.param::<UserId>("target_user_id").get();
    if target == me {
        return Err(ApiError::forbidden("You cannot follow yourself."));
    }
    ctx.require_user("target_user_id", target)?;
    if ctx.world.is_protected(target)? && !ctx.world.follows(me, target)? {
        ctx.world.add_relation(Relation::FollowRequest, me, target)?;
        return Ok((200, json!({"data": {"following": false, "pending_follow": true}}).into()));
    }
    ctx.world.follow(me, target)?;
    Ok((200, json!({"data": {"following": true, "pending_follow": false}}).into()))
}

fn unfollow(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me_in("source_user_id")?;
    ctx.world.unfollow(me, ctx.param::<UserId>("target_user_id").get())?;
    Ok((200, json!({"data": {"following": false}}).into()))
}

/// Adds or removes a relation to another user, and reports the new state as the member `name`.
fn set_relation(ctx: &RequestContext<'_>, source: &str, kind: Relation, name: &str, enabled: bool) -> HandlerResult {
    let me = ctx.me_in(source)?;
    let target = ctx.param::<UserId>("target_user_id").get();
    ctx.require_user("target_user_id", target)?;
    if enabled {
        ctx.world.add_relation(kind, me, target)?;
    } else {
        ctx.world.remove_relation(kind, me, target)?;
    }
    Ok((200, json!({"data": {name: enabled}}).into()))
}

fn mute(ctx: &mut RequestContext<'_>) -> HandlerResult {
    set_relation(ctx, "id", Relation::Muting, "muting", true)
}

fn unmute(ctx: &mut RequestContext<'_>) -> HandlerResult {
    set_relation(ctx, "source_user_id", Relation::Muting, "muting", false)
}

fn muting(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me_in("id")?;
    ctx.users_page(IdList::Muting, me)
}

/// Blocks a user, which also ends the follows between both users.
fn block(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let blocked = set_relation(ctx, "id", Relation::Blocking, "blocking", true)?;
    let (me, target) = (ctx.me()?, ctx.param::<UserId>("target_user_id").get());
    ctx.world.unfollow(me, target)?;
    ctx.world.unfollow(target, me)?;
    Ok(blocked)
}

fn unblock(ctx: &mut RequestContext<'_>) -> HandlerResult {
    set_relation(ctx, "source_user_id", Relation::Blocking, "blocking", false)
}

fn blocking(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me_in("id")?;
    ctx.users_page(IdList::Blocking, me)
}

fn liked_posts(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let user = ctx.param::<UserId>("id").get();
    if let Some(refusal) = ctx.unreadable_user(user)? {
        return Ok(refusal);
    }
    ctx.posts_list_page(IdList::LikedPosts, user)
}

impl RequestContext<'_> {
    /// Response to a read of the posts, likes or follows of a user who does not exist, or whose account is protected from the
    /// caller.
    pub(super) fn unreadable_user(&self, user: u64) -> Result<Option<(u16, Content)>, ApiError> {
        let mut response = self.response();
        if self.world.username(user)?.is_none() {
            response.missing_user("id", &user.to_string())?;
        } else if !response.may_read(user)? {
            response.errors.push(not_authorized_for_resource("user", "user", "id", &user.to_string()));
        } else {
            return Ok(None);
        }
        Ok(Some((200, response.body(None, None).into())))
    }

    /// ID of the post in the parameter `tweet_id`, or a refusal without such a post.
    pub(super) fn target_post(&self) -> Result<u64, ApiError> {
        let id = self.param::<PostId>("tweet_id").get();
        match self.world.post(id)? {
            Some(_) => Ok(id),
            None => Err(ApiError::no_such_resource("tweet", "tweet_id", id)),
        }
    }
}

fn like(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me_in("id")?;
    ctx.world.like(me, ctx.target_post()?)?;
    Ok((200, json!({"data": {"liked": true}}).into()))
}

fn unlike(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me_in("id")?;
    ctx.world.unlike(me, ctx.param::<PostId>("tweet_id").get())?;
    Ok((200, json!({"data": {"liked": false}}).into()))
}

fn repost(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me_in("id")?;
    let post = ctx.target_post()?;
    let repost = match ctx.world.repost_by(me, post)? {
        Some(repost) => repost,
        None => {
            let original = ctx.world.post(post)?.ok_or_else(ApiError::internal)?;
            write_repost(ctx, me, &original)?
        }
    };
    Ok((200, json!({"data": {"retweeted": true, "rest_id": repost.id.to_string()}}).into()))
}

/// Stores a repost by this user.
pub(super) fn write_repost(
    ctx: &mut RequestContext<'_>,
    me: u64,
    original: &PostRow,
) -> Result<Arc<PostRow>, ApiError> {
    let author = ctx.world.username(original.author)?.unwrap_or_default();
    let new = NewPost {
        author: me,
        text: repost_text(&author, &original.text),
        lang: original.lang.clone(),
        repost_of: Some(original.id),
        source: "Chirrup sandbox".into(),
        ..NewPost::default()
    };
    Ok(ctx.world.write_post(new, ctx.now)?)
}

fn undo_repost(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me_in("id")?;
    if let Some(repost) = ctx.world.repost_by(me, ctx.param::<PostId>("source_tweet_id").get())? {
        ctx.world.delete_post(&repost)?;
    }
    Ok((200, json!({"data": {"retweeted": false}}).into()))
}

/// Users whose name or description contains the words of the query.
fn search_users(ctx: &mut RequestContext<'_>) -> HandlerResult {
    ctx.me()?;
    let size = ctx.page_size(100);
    let above = ctx.position()?.map_or(0, |(_, position)| position);
    let mut found = ctx.world.search_users(ctx.text("query"), above, size + 1)?;
    let more = found.len() > size;
    found.truncate(size);
    let mut meta = json!({});
    if let Some(last) = found.last().filter(|_| more) {
        meta["next_token"] = ctx.token_below(to_sql(*last)).into();
    }
    let mut response = ctx.response();
    let users = response.users(&found)?;
    Ok((200, response.objects_body(users, Some(meta))))
}

/// No organization of the sandbox has affiliates.
fn affiliates(ctx: &mut RequestContext<'_>) -> HandlerResult {
    ctx.require_user("id", ctx.param::<UserId>("id").get())?;
    ctx.few_users_page(&[])
}
