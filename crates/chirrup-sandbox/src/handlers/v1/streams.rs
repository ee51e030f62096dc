//! Streams of API v1.1: the first line. The hub delivers what follows.

use chirrup_api::v1::streams::{Filter, FirehoseStatuses, Sample, SiteStream, UserStream};
use serde_json::json;

use super::super::context::{HandlerEntry, HandlerResult, RequestContext};
use crate::response::content::Content;
use crate::response::v1_errors::error;
use crate::world::IdList;

pub(super) const HANDLERS: &[HandlerEntry] = &[
    (Filter::ENDPOINT, connect_filter),
    (Sample::ENDPOINT, connect),
    (FirehoseStatuses::ENDPOINT, connect),
    (UserStream::ENDPOINT, connect_user_stream),
    (SiteStream::ENDPOINT, connect),
];

fn connect(_: &mut RequestContext<'_>) -> HandlerResult {
    Ok((200, Content::Lines(Vec::new())))
}

fn connect_filter(ctx: &mut RequestContext<'_>) -> HandlerResult {
    if !["track", "follow", "locations"].iter().any(|name| ctx.call.get(name).is_some()) {
        return Err(error(406, 0, "At least one of track, follow and locations is required."));
    }
    connect(ctx)
}

/// Responds with the users that the user follows, with whom this stream begins.
fn connect_user_stream(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let friends = ctx.world.list_ids(IdList::Following, me, i64::MAX, 5_000)?;
    let line = json!({"friends": friends.into_iter().map(|(id, _)| id).collect::<Vec<_>>()});
    Ok((200, Content::Lines(vec![line.into()])))
}
