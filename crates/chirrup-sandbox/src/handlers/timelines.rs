//! Timelines: posts of a user, mentions, quotes, reposts, and home.

use chirrup_api::v2::posts::{Quotes, Reposts};
use chirrup_api::v2::users::{HomeTimeline, Mentions, RepostsOfMe, UserPosts};
use std::collections::BinaryHeap;
use std::sync::Arc;

use chirrup_model::{PostId, Timestamp, UserId};

use super::context::{HandlerEntry, HandlerResult, RequestContext};
use super::pages::{Direction, IdRange, PageTokens};
use crate::response::api_error::{ApiError, resource_not_found};
use crate::world::{IdList, PostList, PostRow};

pub(super) const HANDLERS: &[HandlerEntry] = &[
    (Quotes::ENDPOINT, quotes),
    (Reposts::ENDPOINT, reposts),
    (UserPosts::ENDPOINT, user_posts),
    (Mentions::ENDPOINT, mentions),
    (HomeTimeline::ENDPOINT, home_timeline),
    (RepostsOfMe::ENDPOINT, reposts_of_me),
];

/// Returns the ID after this one in the direction of the range.
type NextId<'n> = dyn FnMut(u64) -> rusqlite::Result<Option<u64>> + 'n;

/// Maximum number of posts that are read for one page. A page with fewer posts than asked for can have a next page.
const MAX_CANDIDATES: usize = 3_200;

/// The earliest times that a user's timeline accepts: 2010-11-06, and one second later for its end.
const EARLIEST: [(&str, i64); 2] = [("start_time", 1_289_001_600), ("end_time", 1_289_001_601)];

/// Responds with a page without the posts that the parameter `exclude` names.
fn fill_page(
    ctx: &RequestContext<'_>,
    with_ids: bool,
    range: IdRange,
    size: usize,
    keep: fn(&PostRow) -> bool,
    next: &mut NextId<'_>,
) -> HandlerResult {
    let excludes = |kind: &str| ctx.call.list("exclude").any(|word| word == kind);
    let (no_replies, no_reposts) = (excludes("replies"), excludes("retweets"));
    let mut rows: Vec<Arc<PostRow>> = Vec::new();
    let mut at = range.start();
    let mut more = false;
    let mut examined = 0;
    while let Some(id) = next(at)?.filter(|id| (range.from..range.below).contains(id)) {
        more = rows.len() == size || examined == MAX_CANDIDATES;
        if more {
            break;
        }
        at = id;
        examined += 1;
        if let Some(row) = ctx.world.post(id)? {
            let skip = (no_replies && row.reply_to.is_some()) || (no_reposts && row.repost_of.is_some());
            if !skip && keep(&row) {
                rows.push(row);
            }
        }
    }
    let tokens = match range.direction {
        Direction::Newer => {
            rows.reverse();
            PageTokens { next: Some(range.from), previous: more.then_some(at + 1) }
        }
        Direction::Older => PageTokens { next: more.then_some(at), previous: range.continued.then_some(range.below) },
    };
    if with_ids { ctx.posts_page(&rows, tokens) } else { ctx.posts_page_without_ids(&rows, tokens) }
}

/// Responds with a page of a list. `with_ids`: whether the metadata has the newest and oldest ID.
fn list_page(
    ctx: &RequestContext<'_>,
    list: PostList,
    owner: u64,
    with_ids: bool,
    default_size: usize,
) -> HandlerResult {
    let range = ctx.timeline_range()?;
    let size = ctx.page_size(default_size);
    fill_page(ctx, with_ids, range, size, |_| true, &mut |at| Ok(next_in(ctx, list, owner, range.direction, at)))
}

/// The ID after `at` in a list.
fn next_in(ctx: &RequestContext<'_>, list: PostList, of: u64, direction: Direction, at: u64) -> Option<u64> {
    ctx.world.next_post(list, of, direction == Direction::Newer, at)
}

fn user_posts(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let user = ctx.param::<UserId>("id").get();
    if let Some(refusal) = ctx.unreadable_user(user)? {
        return Ok(refusal);
    }
    for (name, earliest) in EARLIEST {
        if ctx.time(name).is_some_and(|time| time < Timestamp::from_secs(earliest)) {
            let (sent, earliest) = (ctx.text(name), Timestamp::from_secs(earliest).to_whole_seconds());
            let message = format!("Invalid '{name}':'{sent}'. '{name}' must be on or after {earliest}");
            return Err(ApiError::invalid_param(name, sent, message));
        }
    }
    list_page(ctx, PostList::By, user, true, 10)
}

fn mentions(ctx: &mut RequestContext<'_>) -> HandlerResult {
    list_page(ctx, PostList::Mentioning, ctx.param::<UserId>("id").get(), true, 10)
}

/// Responds with a page of the posts that refer to the post in the parameter `id`.
fn posts_about(ctx: &RequestContext<'_>, list: PostList, default_size: usize) -> HandlerResult {
    let post = ctx.param::<PostId>("id").get();
    if ctx.world.post(post)?.is_none() {
        let mut response = ctx.response();
        response.errors.push(resource_not_found("tweet", "id", &post.to_string()));
        return Ok((200, response.body(None, None).into()));
    }
    list_page(ctx, list, post, false, default_size)
}

fn quotes(ctx: &mut RequestContext<'_>) -> HandlerResult {
    posts_about(ctx, PostList::Quoting, 10)
}

fn reposts(ctx: &mut RequestContext<'_>) -> HandlerResult {
    posts_about(ctx, PostList::Reposting, 100)
}

/// Posts of the authenticated user that others have reposted.
fn reposts_of_me(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let range = ctx.timeline_range()?;
    let mut next = |at| Ok(next_in(ctx, PostList::By, me, range.direction, at));
    let reposted = |row: &PostRow| row.counts.reposts > 0 && row.repost_of.is_none();
    fill_page(ctx, true, range, ctx.page_size(100), reposted, &mut next)
}

fn home_timeline(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me_in("id")?;
    let followed = ctx.world.list_ids(IdList::Following, me, i64::MAX, usize::MAX)?;
    let authors = std::iter::once(me).chain(followed.into_iter().map(|(author, _)| author)).collect();
    merged_timeline(ctx, true, authors)
}

/// Responds with the posts of several users, the newest first. `with_ids`: whether the metadata has the newest and oldest ID.
///
/// A heap has the next post of each user. When one is taken, the post after it of the same user replaces it.
pub(super) fn merged_timeline(ctx: &RequestContext<'_>, with_ids: bool, authors: Vec<u64>) -> HandlerResult {
    let range = ctx.timeline_range()?;
    // The heap returns its greatest item, so IDs are inverted when the least is wanted.
    let ascending = range.direction == Direction::Newer;
    let order = |id: u64| if ascending { u64::MAX - id } else { id };
    let mut heap = BinaryHeap::new();
    for author in authors {
        heap.extend(next_in(ctx, PostList::By, author, range.direction, range.start()).map(|id| (order(id), author)));
    }
    let mut next = |_| -> rusqlite::Result<Option<u64>> {
        let Some((id, author)) = heap.pop() else {
            return Ok(None);
        };
        let id = order(id);
        heap.extend(next_in(ctx, PostList::By, author, range.direction, id).map(|id| (order(id), author)));
        Ok(Some(id))
    };
    fill_page(ctx, with_ids, range, ctx.page_size(100), |_| true, &mut next)
}
