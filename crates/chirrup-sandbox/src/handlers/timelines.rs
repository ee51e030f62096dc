//! Timelines: posts of a user, mentions, quotes, and home.

use std::collections::BinaryHeap;

use rusqlite::params;

use super::pages::Span;
use super::{Done, Room};
use crate::refusal::not_found;
use crate::world::{PostRow, id_of, sql};

/// Gives the next id below this one.
type Next<'n> = dyn FnMut(u64) -> rusqlite::Result<Option<u64>> + 'n;

/// How many posts one page may hold against what is left out. A page may end early and name the next all the same.
const MOST_CANDIDATES: usize = 3_200;

/// Fills a page from ids that fall, leaving out what was asked to be left out.
fn fill(
    room: &Room<'_>,
    span: Span,
    size: usize,
    next: &mut Next<'_>,
) -> rusqlite::Result<(Vec<PostRow>, Option<u64>)> {
    let leave_out = |what: &str| room.call.list("exclude").any(|word| word == what);
    let (no_replies, no_reposts) = (leave_out("replies"), leave_out("retweets"));
    let mut rows = Vec::new();
    let mut below = span.below;
    let mut seen = 0;
    while let Some(id) = next(below)?.filter(|id| *id >= span.from) {
        if rows.len() == size || seen == MOST_CANDIDATES {
            return Ok((rows, Some(below)));
        }
        below = id;
        seen += 1;
        if let Some(row) = room.world.post(id)? {
            let skip = (no_replies && row.reply_to.is_some()) || (no_reposts && row.repost_of.is_some());
            if !skip {
                rows.push(row);
            }
        }
    }
    Ok((rows, None))
}

/// The next id of an index, below another.
fn below(room: &Room<'_>, text: &str, of: u64, below: u64) -> rusqlite::Result<Option<u64>> {
    let mut query = room.world.db.prepare_cached(text)?;
    let id: Option<i64> = query.query_row(params![sql(of), sql(below)], |row| row.get(0))?;
    Ok(id.map(id_of))
}

const BY_AUTHOR: &str = "SELECT max(id) FROM post WHERE author = ? AND id < ?";

fn page(room: &Room<'_>, size: usize, next: &mut Next<'_>) -> Done {
    let (rows, more) = fill(room, room.span()?, room.page_size(size), next)?;
    room.posts_page(&rows, more)
}

pub(super) fn of_user(room: &mut Room<'_>) -> Done {
    let user = room.id("id");
    let mut scene = room.scene();
    if room.world.username(user)?.is_none() {
        scene.errors.push(not_found("user", "id", &user.to_string()));
        return Ok((200, scene.body(None, None)));
    }
    if !scene.may_read(user)? {
        scene.errors.push(serde_json::json!({
            "value": user.to_string(), "resource_id": user.to_string(), "parameter": "id", "resource_type": "user",
            "section": "data", "title": "Authorization Error",
            "detail": format!("Sorry, you are not authorized to see the user with id: [{user}]."),
            "type": "https://api.twitter.com/2/problems/not-authorized-for-resource",
        }));
        return Ok((200, scene.body(None, None)));
    }
    page(room, 10, &mut |at| below(room, BY_AUTHOR, user, at))
}

pub(super) fn mentions(room: &mut Room<'_>) -> Done {
    let user = room.id("id");
    page(room, 10, &mut |at| below(room, "SELECT max(post) FROM mention WHERE user = ? AND post < ?", user, at))
}

pub(super) fn quotes(room: &mut Room<'_>) -> Done {
    let post = room.id("id");
    page(room, 10, &mut |at| below(room, "SELECT max(id) FROM post WHERE quote_of = ? AND id < ?", post, at))
}

/// The newest of all whom one follows: the newest of each in a heap, and when one is taken, that user's next.
pub(super) fn home(room: &mut Room<'_>) -> Done {
    let me = room.caller("id")?;
    let span = room.span()?;
    let mut authors = vec![me];
    let mut query = room.world.db.prepare_cached("SELECT followed FROM follow WHERE follower = ?")?;
    let followed = query.query_map([sql(me)], |row| row.get::<_, i64>(0))?;
    for author in followed {
        authors.push(id_of(author?));
    }
    let mut heap = BinaryHeap::new();
    for author in authors {
        heap.extend(below(room, BY_AUTHOR, author, span.below)?.map(|id| (id, author)));
    }
    let mut next = |_| -> rusqlite::Result<Option<u64>> {
        let Some((id, author)) = heap.pop() else {
            return Ok(None);
        };
        heap.extend(below(room, BY_AUTHOR, author, id)?.map(|id| (id, author)));
        Ok(Some(id))
    };
    let (rows, more) = fill(room, span, room.page_size(100), &mut next)?;
    room.posts_page(&rows, more)
}
