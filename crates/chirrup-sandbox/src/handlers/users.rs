//! Users: look-up, follows, likes and reposts.

use serde_json::json;

use super::{Done, Room};
use crate::refusal::{Refusal, not_found};
use crate::world::{Listing, NewPost, PostRow, Relation, sql};

pub(super) fn me(room: &mut Room<'_>) -> Done {
    let me = room.me()?;
    single(room, Some(me), "id", &me.to_string())
}

pub(super) fn one(room: &mut Room<'_>) -> Done {
    let id = room.id("id");
    let known = room.world.username(id)?.map(|_| id);
    single(room, known, "id", &id.to_string())
}

pub(super) fn one_by_name(room: &mut Room<'_>) -> Done {
    let name = room.call.text("username").unwrap_or_default();
    single(room, room.world.user_id(name)?, "username", name)
}

fn single(room: &Room<'_>, id: Option<u64>, parameter: &str, value: &str) -> Done {
    let mut scene = room.scene();
    let data = match id {
        Some(id) => scene.users(&[id])?.pop(),
        None => {
            scene.errors.push(not_found("user", parameter, value));
            None
        }
    };
    Ok((200, scene.body(data, None)))
}

pub(super) fn many(room: &mut Room<'_>) -> Done {
    several(room, "ids", &|text| {
        let id = text.parse().unwrap_or_default();
        Ok(room.world.username(id)?.map(|_| id))
    })
}

pub(super) fn many_by_name(room: &mut Room<'_>) -> Done {
    several(room, "usernames", &|name| room.world.user_id(name))
}

fn several(room: &Room<'_>, parameter: &str, find: &dyn Fn(&str) -> rusqlite::Result<Option<u64>>) -> Done {
    let mut scene = room.scene();
    let mut ids = Vec::new();
    for value in room.call.list(parameter) {
        match find(value)? {
            Some(id) if ids.contains(&id) => {}
            Some(id) => ids.push(id),
            None => scene.errors.push(not_found("user", parameter, value)),
        }
    }
    let data = scene.users(&ids)?;
    Ok((200, scene.list_body(data, None)))
}

pub(super) fn followers(room: &mut Room<'_>) -> Done {
    listed(room, Listing::Followers)
}

pub(super) fn following(room: &mut Room<'_>) -> Done {
    listed(room, Listing::Following)
}

fn listed(room: &Room<'_>, list: Listing) -> Done {
    let user = room.id("id");
    if room.world.username(user)?.is_none() {
        return single(room, None, "id", &user.to_string());
    }
    room.users_page(list, user)
}

pub(super) fn follow(room: &mut Room<'_>) -> Done {
    let me = room.caller("id")?;
    let target = room.id("target_user_id");
    if target == me {
        return Err(Refusal::forbidden("You cannot follow yourself."));
    }
    must_be_there(room, target)?;
    if room.world.is_protected(target)? && !room.world.follows(me, target)? {
        room.world.relate(Relation::Asked, me, target)?;
        return Ok((200, json!({"data": {"following": false, "pending_follow": true}})));
    }
    room.world.follow(me, target)?;
    Ok((200, json!({"data": {"following": true, "pending_follow": false}})))
}

pub(super) fn unfollow(room: &mut Room<'_>) -> Done {
    let me = room.caller("source_user_id")?;
    room.world.unfollow(me, room.id("target_user_id"))?;
    Ok((200, json!({"data": {"following": false}})))
}

/// Refuses if there is no such user.
fn must_be_there(room: &Room<'_>, user: u64) -> Result<(), Refusal> {
    if room.world.username(user)?.is_some() {
        return Ok(());
    }
    Err(Refusal::no_such("user", "target_user_id", user))
}

/// Sets or ends a relation to another user, and says so under this name.
fn relation(room: &Room<'_>, hole: &str, kind: Relation, name: &str, on: bool) -> Done {
    let me = room.caller(hole)?;
    let target = room.id("target_user_id");
    must_be_there(room, target)?;
    if on {
        room.world.relate(kind, me, target)?;
    } else {
        room.world.unrelate(kind, me, target)?;
    }
    Ok((200, json!({"data": {name: on}})))
}

pub(super) fn mute(room: &mut Room<'_>) -> Done {
    relation(room, "id", Relation::Muting, "muting", true)
}

pub(super) fn unmute(room: &mut Room<'_>) -> Done {
    relation(room, "source_user_id", Relation::Muting, "muting", false)
}

pub(super) fn muting(room: &mut Room<'_>) -> Done {
    let me = room.caller("id")?;
    room.users_page(Listing::Muting, me)
}

/// A block ends the follows of both.
pub(super) fn block(room: &mut Room<'_>) -> Done {
    let done = relation(room, "id", Relation::Blocking, "blocking", true)?;
    let (me, target) = (room.caller("id")?, room.id("target_user_id"));
    room.world.unfollow(me, target)?;
    room.world.unfollow(target, me)?;
    Ok(done)
}

pub(super) fn unblock(room: &mut Room<'_>) -> Done {
    relation(room, "source_user_id", Relation::Blocking, "blocking", false)
}

pub(super) fn blocking(room: &mut Room<'_>) -> Done {
    let me = room.caller("id")?;
    room.users_page(Listing::Blocking, me)
}

pub(super) fn bookmark(room: &mut Room<'_>) -> Done {
    let me = room.caller("id")?;
    room.world.relate(Relation::Bookmark, me, target(room)?)?;
    Ok((200, json!({"data": {"bookmarked": true}})))
}

pub(super) fn remove_bookmark(room: &mut Room<'_>) -> Done {
    let me = room.caller("id")?;
    room.world.unrelate(Relation::Bookmark, me, room.id("tweet_id"))?;
    Ok((200, json!({"data": {"bookmarked": false}})))
}

pub(super) fn bookmarks(room: &mut Room<'_>) -> Done {
    let me = room.caller("id")?;
    room.listed_posts(Listing::Bookmarks, me)
}

pub(super) fn liked_posts(room: &mut Room<'_>) -> Done {
    let user = room.id("id");
    if room.world.username(user)?.is_none() {
        return single(room, None, "id", &user.to_string());
    }
    room.listed_posts(Listing::LikedPosts, user)
}

/// The post to act on, which must be there.
fn target(room: &Room<'_>) -> Result<u64, Refusal> {
    let id = room.id("tweet_id");
    match room.world.post(id)? {
        Some(_) => Ok(id),
        None => Err(Refusal::no_such("tweet", "tweet_id", id)),
    }
}

pub(super) fn like(room: &mut Room<'_>) -> Done {
    let me = room.caller("id")?;
    room.world.like(me, target(room)?)?;
    Ok((200, json!({"data": {"liked": true}})))
}

pub(super) fn unlike(room: &mut Room<'_>) -> Done {
    let me = room.caller("id")?;
    room.world.unlike(me, room.id("tweet_id"))?;
    Ok((200, json!({"data": {"liked": false}})))
}

pub(super) fn repost(room: &mut Room<'_>) -> Done {
    let me = room.caller("id")?;
    let post = target(room)?;
    let repost = match room.world.repost_by(me, post)? {
        Some(repost) => repost,
        None => {
            let original = room.world.post(post)?.ok_or_else(Refusal::internal)?;
            write_repost(room, me, original)?
        }
    };
    Ok((200, json!({"data": {"retweeted": true, "rest_id": repost.id.to_string()}})))
}

/// Reposts a post as this user.
pub(super) fn write_repost(room: &mut Room<'_>, me: u64, original: PostRow) -> Result<PostRow, Refusal> {
    let author = room.world.username(original.author)?.unwrap_or_default();
    let new = NewPost {
        author: me,
        text: repost_text(&author, &original.text),
        lang: original.lang,
        repost_of: Some(original.id),
        source: "Chirrup sandbox".to_owned(),
        ..NewPost::default()
    };
    Ok(room.world.write(new, room.now)?)
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

pub(super) fn undo_repost(room: &mut Room<'_>) -> Done {
    let me = room.caller("id")?;
    if let Some(repost) = room.world.repost_by(me, room.id("source_tweet_id"))? {
        room.world.delete(&repost)?;
    }
    Ok((200, json!({"data": {"retweeted": false}})))
}

/// Users whose name or description holds the words of the query.
pub(super) fn search(room: &mut Room<'_>) -> Done {
    room.me()?;
    let size = room.page_size(100);
    let above = room.position()?.map_or(0, |(_, position)| position);
    let mut found = room.world.users_with(room.call.text("query").unwrap_or_default(), above, size + 1)?;
    let more = found.len() > size;
    found.truncate(size);
    let mut meta = json!({});
    if let Some(last) = found.last().filter(|_| more) {
        meta["next_token"] = room.token_below(sql(*last)).into();
    }
    let mut scene = room.scene();
    let data = scene.users(&found)?;
    Ok((200, scene.list_body(data, Some(meta))))
}

/// No organization of the sandbox has affiliates.
pub(super) fn affiliates(room: &mut Room<'_>) -> Done {
    let user = room.id("id");
    if room.world.username(user)?.is_none() {
        return Err(Refusal::no_such("user", "id", user));
    }
    room.no_users()
}
