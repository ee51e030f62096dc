//! Timelines: posts of a user, mentions, quotes, and home.

use std::collections::BinaryHeap;

use rusqlite::params;

use super::pages::{Neighbours, Span, Way};
use super::{HandlerResult, RequestContext};
use crate::api_error::{not_authorized_for_resource, resource_not_found};
use crate::world::{PostRow, id_of, sql};

/// Gives the next id from this one, the way that the span goes.
type Next<'n> = dyn FnMut(u64) -> rusqlite::Result<Option<u64>> + 'n;

/// How many posts one page may hold against what is left out. A page may end early and name the next all the same.
const MOST_CANDIDATES: usize = 3_200;

/// Fills a page, leaving out what was asked to be left out.
fn fill(
    ctx: &RequestContext<'_>,
    span: Span,
    size: usize,
    keep: fn(&PostRow) -> bool,
    next: &mut Next<'_>,
) -> HandlerResult {
    let leave_out = |what: &str| ctx.call.list("exclude").any(|word| word == what);
    let (no_replies, no_reposts) = (leave_out("replies"), leave_out("retweets"));
    let mut rows: Vec<PostRow> = Vec::new();
    let newer = span.way == Way::Newer;
    let mut at = span.start();
    let mut more = false;
    let mut seen = 0;
    while let Some(id) = next(at)?.filter(|id| (span.from..span.below).contains(id)) {
        more = rows.len() == size || seen == MOST_CANDIDATES;
        if more {
            break;
        }
        at = id;
        seen += 1;
        if let Some(row) = ctx.world.post(id)? {
            let skip = (no_replies && row.reply_to.is_some()) || (no_reposts && row.repost_of.is_some());
            if !skip && keep(&row) {
                rows.push(row);
            }
        }
    }
    let neighbours = if newer {
        rows.reverse();
        Neighbours { older: Some(span.from), newer: more.then_some(at + 1) }
    } else {
        Neighbours { older: more.then_some(at), newer: span.led.then_some(span.below) }
    };
    ctx.posts_page(&rows, neighbours)
}

/// The posts of an index: the one column holds what the posts are of, the other their ids.
fn indexed(ctx: &RequestContext<'_>, (table, of, id): (&str, &str, &str), which: u64, size: usize) -> HandlerResult {
    let span = ctx.span()?;
    fill(ctx, span, ctx.page_size(size), |_| true, &mut |at| neighbour(ctx, (table, of, id), which, span.way, at))
}

/// The next id of an index from another.
fn neighbour(
    ctx: &RequestContext<'_>,
    (table, of, id): (&str, &str, &str),
    which: u64,
    way: Way,
    at: u64,
) -> rusqlite::Result<Option<u64>> {
    let text = match way {
        Way::Older => format!("SELECT max({id}) FROM {table} WHERE {of} = ? AND {id} < ?"),
        Way::Newer => format!("SELECT min({id}) FROM {table} WHERE {of} = ? AND {id} > ?"),
    };
    let mut query = ctx.world.db.prepare_cached(&text)?;
    let id: Option<i64> = query.query_row(params![sql(which), sql(at)], |row| row.get(0))?;
    Ok(id.map(id_of))
}

const BY_AUTHOR: (&str, &str, &str) = ("post", "author", "id");

pub(super) fn of_user(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let user = ctx.id("id");
    let mut scene = ctx.scene();
    if ctx.world.username(user)?.is_none() {
        scene.errors.push(resource_not_found("user", "id", &user.to_string()));
        return Ok((200, scene.body(None, None)));
    }
    if !scene.may_read(user)? {
        scene.errors.push(not_authorized_for_resource("user", "user", "id", &user.to_string()));
        return Ok((200, scene.body(None, None)));
    }
    indexed(ctx, BY_AUTHOR, user, 10)
}

pub(super) fn mentions(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let user = ctx.id("id");
    indexed(ctx, ("mention", "user", "post"), user, 10)
}

pub(super) fn quotes(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let post = ctx.id("id");
    indexed(ctx, ("post", "quote_of", "id"), post, 10)
}

pub(super) fn reposts(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let post = ctx.id("id");
    indexed(ctx, ("post", "repost_of", "id"), post, 100)
}

/// One's own posts, and of them those that were reposted.
pub(super) fn reposts_of_me(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let span = ctx.span()?;
    let mut next = |at| neighbour(ctx, BY_AUTHOR, me, span.way, at);
    fill(ctx, span, ctx.page_size(100), |row| row.counts[2] > 0 && row.repost_of.is_none(), &mut next)
}

/// The newest of all whom one follows: the newest of each in a heap, and when one is taken, that user's next.
pub(super) fn home(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.caller("id")?;
    let mut authors = vec![me];
    let mut query = ctx.world.db.prepare_cached("SELECT followed FROM follow WHERE follower = ?")?;
    let followed = query.query_map([sql(me)], |row| row.get::<_, i64>(0))?;
    for author in followed {
        authors.push(id_of(author?));
    }
    merged(ctx, authors)
}

/// What these users wrote, newest first.
pub(super) fn merged(ctx: &RequestContext<'_>, authors: Vec<u64>) -> HandlerResult {
    let span = ctx.span()?;
    // A heap gives the greatest first; going up, the least is wanted, so ids are turned around.
    let newer = span.way == Way::Newer;
    let turn = |id: u64| if newer { u64::MAX - id } else { id };
    let mut heap = BinaryHeap::new();
    for author in authors {
        heap.extend(neighbour(ctx, BY_AUTHOR, author, span.way, span.start())?.map(|id| (turn(id), author)));
    }
    let mut next = |_| -> rusqlite::Result<Option<u64>> {
        let Some((id, author)) = heap.pop() else {
            return Ok(None);
        };
        let id = turn(id);
        heap.extend(neighbour(ctx, BY_AUTHOR, author, span.way, id)?.map(|id| (turn(id), author)));
        Ok(Some(id))
    };
    fill(ctx, span, ctx.page_size(100), |_| true, &mut next)
}
