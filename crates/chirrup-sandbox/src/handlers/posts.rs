//! Posts: look-up, search, counts, writing, and who liked and reposted.

use chirrup_model::Timestamp;
use chirrup_query::{Operator, OperatorName, Query, Target, Value, check};
use chirrup_text::parse;
use serde_json::{Value as Json, json};

use super::pages::{END, Neighbours, Span};
use super::{HandlerResult, RequestContext};
use crate::api_error::{ApiError, not_authorized_for_resource, resource_not_found};
use crate::world::{Listing, NewPost, PostRow, sql};

pub(super) fn one(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let mut data = lookup(ctx, &[ctx.call.text("id").unwrap_or_default()], "id")?;
    if let Some(list) = data["data"].as_array_mut() {
        data["data"] = list.remove(0);
    }
    Ok((200, data))
}

pub(super) fn many(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let ids: Vec<&str> = ctx.call.list("ids").collect();
    Ok((200, lookup(ctx, &ids, "ids")?))
}

fn lookup(ctx: &RequestContext<'_>, ids: &[&str], parameter: &str) -> Result<Json, ApiError> {
    let mut scene = ctx.scene();
    let mut rows: Vec<PostRow> = Vec::new();
    for text in ids {
        match ctx.world.post(text.parse().unwrap_or_default())? {
            Some(row) if rows.iter().any(|known| known.id == row.id) => {}
            Some(row) if scene.may_read(row.author)? => rows.push(row),
            Some(_) => scene.errors.push(not_authorized_for_resource("tweet", "Tweet", parameter, text)),
            None => scene.errors.push(resource_not_found("tweet", parameter, text)),
        }
    }
    let data = scene.posts(&rows)?;
    Ok(scene.list_body(data, None))
}

/// Reads the query, or refuses it as X does.
fn query(ctx: &RequestContext<'_>, target: Target) -> Result<Query, ApiError> {
    let text = ctx.call.text("query").unwrap_or_default();
    let report = check(text, target.enterprise());
    match (report.first_error(), report.query) {
        (None, Some(query)) => Ok(with_members(ctx, query)?),
        (error, _) => {
            let (why, position) = error.unwrap_or_default();
            let message = format!("There were errors processing your request: {why} (at position {position})");
            Err(ApiError::invalid_param("query", text, message))
        }
    }
}

/// The query with each `list:` replaced by the list's members, for who is on a list is not a matter of the post.
fn with_members(ctx: &RequestContext<'_>, query: Query) -> Result<Query, ApiError> {
    let all = |parts: Vec<Query>| parts.into_iter().map(|part| with_members(ctx, part)).collect::<Result<Vec<_>, _>>();
    Ok(match query {
        Query::Term(Operator::Named(OperatorName::List, Value::Number(list))) => {
            let members = ctx.world.list(Listing::Members, list, i64::MAX, 5_000)?;
            let from = |user: u64| Query::Term(Operator::Named(OperatorName::From, Value::Text(user.to_string())));
            // Of an empty list nobody is a member, not even the user 0.
            let users = if members.is_empty() { vec![0] } else { members.into_iter().map(|(user, _)| user).collect() };
            Query::Or(users.into_iter().map(from).collect())
        }
        Query::Term(operator) => Query::Term(operator),
        Query::Not(inner) => Query::Not(Box::new(with_members(ctx, *inner)?)),
        Query::And(parts) => Query::And(all(parts)?),
        Query::Or(parts) => Query::Or(all(parts)?),
    })
}

pub(super) fn search(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let query = query(ctx, Target::RECENT_SEARCH)?;
    let span = ctx.recent_span()?;
    results(ctx, &query, span)
}

pub(super) fn search_all(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let query = query(ctx, Target::FULL_ARCHIVE_SEARCH)?;
    let mut span = ctx.span()?;
    if ctx.call.get("start_time").is_none() && ctx.call.get("since_id").is_none() {
        span.from = ctx.now.plus_millis(-30 * 86_400_000).first_snowflake();
    }
    results(ctx, &query, span)
}

fn results(ctx: &RequestContext<'_>, query: &Query, span: Span) -> HandlerResult {
    let found = ctx.world.search(query, span.from, span.below, ctx.page_size(10))?;
    let mut rows = found.posts;
    if ctx.call.text("sort_order") == Some("relevancy") {
        rows.sort_by_key(|row| std::cmp::Reverse(row.counts[0] + 2 * row.counts[2]));
    }
    ctx.posts_page(&rows, Neighbours { older: found.below, newer: None })
}

pub(super) fn count(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let query = query(ctx, Target::RECENT_SEARCH)?;
    let span = ctx.recent_span()?;
    counted(ctx, &query, span, json!({}))
}

/// Counts over all time, in pages of 31 days. Without a beginning, the last 30 days are counted.
pub(super) fn count_all(ctx: &mut RequestContext<'_>) -> HandlerResult {
    const DAY: i64 = 86_400_000;
    let query = query(ctx, Target::FULL_ARCHIVE_SEARCH)?;
    let mut span = ctx.span()?;
    let end = if span.below == END { ctx.now } else { Timestamp::from_snowflake(span.below) };
    if span.from == 0 {
        span.from = end.plus_millis(-30 * DAY).first_snowflake();
    }
    let mut meta = json!({});
    let page = end.plus_millis(-31 * DAY);
    if Timestamp::from_snowflake(span.from) < page {
        span.from = page.first_snowflake();
        meta["next_token"] = ctx.token_below(sql(span.from)).into();
    }
    counted(ctx, &query, span, meta)
}

/// The reply with counts in a span.
fn counted(ctx: &RequestContext<'_>, query: &Query, span: Span, mut meta: Json) -> HandlerResult {
    let width = match ctx.call.text("granularity") {
        Some("minute") => 60_000,
        Some("day") => 86_400_000,
        _ => 3_600_000,
    };
    let start = Timestamp::from_snowflake(span.from);
    let end = if span.below == END { ctx.now } else { Timestamp::from_snowflake(span.below) };
    let mut buckets: Vec<(i64, i64, u64)> = Vec::new();
    let mut from = start.as_millis();
    while from < end.as_millis() {
        // The first bucket begins in the middle of its hour, the others at the full one.
        let to = ((from.div_euclid(width) + 1) * width).min(end.as_millis());
        buckets.push((from, to, 0));
        from = to;
    }
    let mut total = 0;
    let mut below = span.below;
    loop {
        let found = ctx.world.search(query, span.from, below, usize::MAX)?;
        for row in &found.posts {
            let at = Timestamp::from_snowflake(row.id).as_millis();
            let index = buckets.partition_point(|(_, to, _)| *to <= at);
            if let Some(bucket) = buckets.get_mut(index) {
                bucket.2 += 1;
                total += 1;
            }
        }
        match found.below {
            Some(next) => below = next,
            None => break,
        }
    }
    let data: Vec<Json> = buckets
        .into_iter()
        .map(|(from, to, count)| {
            json!({"start": Timestamp::from_millis(from), "end": Timestamp::from_millis(to), "tweet_count": count})
        })
        .collect();
    meta["total_tweet_count"] = total.into();
    Ok((200, json!({"data": data, "meta": meta})))
}

pub(super) fn create(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let new = read_new(ctx, me)?;
    let row = ctx.world.write(new, ctx.now)?;
    let history: Vec<String> = row.history.iter().map(u64::to_string).collect();
    Ok((201, json!({"data": {"id": row.id.to_string(), "text": row.text, "edit_history_tweet_ids": history}})))
}

/// Reads the new post from the body, and holds it against the rules that the table does not know.
fn read_new(ctx: &mut RequestContext<'_>, me: u64) -> Result<NewPost, ApiError> {
    let call = ctx.call;
    let mut text = call.text("text").unwrap_or_default().to_owned();
    let has = |name: &str| call.get(name).is_some();
    if text.is_empty() && !["media", "poll", "quote_tweet_id", "card_uri"].into_iter().any(has) {
        return Err(ApiError::invalid_param("$.text", "", "$.text: is missing but it is required"));
    }
    let exclusive = ["media", "poll", "quote_tweet_id", "direct_message_deep_link", "card_uri"];
    let used: Vec<&str> = exclusive.into_iter().filter(|name| has(name)).collect();
    if let [first, second, ..] = used[..] {
        let message = format!("$.{second}: cannot be used together with $.{first}");
        return Err(ApiError::invalid_param(&format!("$.{second}"), "", message));
    }
    if parse(&text).remaining() < 0 {
        return Err(ApiError::forbidden("Your Tweet text is too long. For this endpoint the maximum weight is 280."));
    }
    if !text.is_empty() && ctx.world.is_duplicate(me, &text)? {
        return Err(ApiError::forbidden("You are not allowed to create a Tweet with duplicate content."));
    }
    let id = |json: &Json| json.as_str().and_then(|text| text.parse::<u64>().ok());
    let inner = |name: &str, member: &str| call.get(name).and_then(|json| id(&json[member]));
    let mut reply_to = inner("reply", "in_reply_to_tweet_id");
    if let Some(parent) = reply_to {
        let Some(row) = ctx.world.post(parent)? else {
            let detail = "You attempted to reply to a Tweet that is deleted or not visible to you.";
            return Err(ApiError::forbidden(detail));
        };
        // Nothing answers a repost: what comes of it is a post of its own, which mentions who reposted.
        if row.repost_of.is_some() {
            text = format!("@{} {text}", ctx.world.username(row.author)?.unwrap_or_default());
            reply_to = None;
        }
    }
    let quote_of = call.get("quote_tweet_id").and_then(id);
    if let Some(quoted) = quote_of
        && ctx.world.post(quoted)?.is_none()
    {
        let detail = "You attempted to quote a Tweet that is deleted or not visible to you.";
        return Err(ApiError::forbidden(detail));
    }
    let history = match inner("edit_options", "previous_post_id") {
        Some(previous) => edited(ctx, me, previous)?,
        None => Vec::new(),
    };
    let place = call.get("geo").and_then(|geo| geo["place_id"].as_str()).map(str::to_owned);
    if let Some(place) = &place
        && ctx.world.place(place)?.is_none()
    {
        return Err(ApiError::invalid_param("$.geo.place_id", place, "Your place ID is invalid."));
    }
    let media = media(ctx, me)?;
    let mut more = serde_json::Map::new();
    for name in ["card_uri", "paid_partnership", "nullcast", "made_with_ai"] {
        more.extend(call.get(name).map(|value| (name.to_owned(), value.clone())));
    }
    let poll = poll(ctx)?;
    Ok(NewPost {
        author: me,
        text,
        reply_to,
        quote_of,
        media,
        poll,
        place,
        community: call.get("community_id").and_then(id),
        reply_settings: call.text("reply_settings").map(str::to_owned),
        source: "Chirrup sandbox".to_owned(),
        history,
        more,
        ..NewPost::default()
    })
}

/// The versions before an edit, if this post may be edited.
fn edited(ctx: &RequestContext<'_>, me: u64, previous: u64) -> Result<Vec<u64>, ApiError> {
    let refuse = |why: &str| Err(ApiError::forbidden(&format!("You are not permitted to edit this Tweet: {why}.")));
    let Some(row) = ctx.world.post(previous)? else {
        return refuse("it does not exist");
    };
    let first = row.history.first().copied().unwrap_or(row.id);
    let until = Timestamp::from_snowflake(first).plus_millis(3_600_000);
    match () {
        () if row.author != me => refuse("it is not yours"),
        () if row.history.last() != Some(&row.id) => refuse("it is not the latest version"),
        () if ctx.now > until => refuse("its hour has passed"),
        () if row.history.len() > 5 => refuse("it was edited five times"),
        () if row.poll.is_some() || row.repost_of.is_some() => refuse("polls and reposts cannot be edited"),
        () => Ok(row.history),
    }
}

fn media(ctx: &RequestContext<'_>, me: u64) -> Result<Vec<u64>, ApiError> {
    let Some(list) = ctx.call.get("media").and_then(|media| media["media_ids"].as_array()) else {
        return Ok(Vec::new());
    };
    let mut ids = Vec::new();
    for text in list.iter().filter_map(Json::as_str) {
        let id = text.parse().unwrap_or_default();
        if !ctx.world.owns_media(me, id)? {
            return Err(ApiError::invalid_param("media.media_ids", text, "Your media IDs are invalid."));
        }
        ids.push(id);
    }
    Ok(ids)
}

fn poll(ctx: &mut RequestContext<'_>) -> Result<Option<u64>, ApiError> {
    let Some(poll) = ctx.call.get("poll") else {
        return Ok(None);
    };
    let labels = poll["options"].as_array().into_iter().flatten().filter_map(Json::as_str);
    let options: Vec<(String, u64)> = labels.map(|label| (label.to_owned(), 0)).collect();
    let minutes = poll["duration_minutes"].as_i64().unwrap_or_default();
    Ok(Some(ctx.world.add_poll(&options, minutes, ctx.now)?))
}

pub(super) fn delete(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let Some(row) = ctx.world.post(ctx.id("id"))? else {
        // Deleting what is gone is no error on X.
        return Ok((200, json!({"data": {"deleted": true}})));
    };
    if row.author != me {
        return Err(ApiError::forbidden("You are not authorized to delete this Tweet."));
    }
    for version in &row.history {
        if let Some(version) = ctx.world.post(*version)? {
            ctx.world.delete(&version)?;
        }
    }
    Ok((200, json!({"data": {"deleted": true}})))
}

/// Only the one who began the thread may hide what is said in it.
pub(super) fn hide(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let hidden = ctx.call.get("hidden").and_then(Json::as_bool).unwrap_or_default();
    let reply = ctx.world.post(ctx.id("tweet_id"))?.filter(|row| row.reply_to.is_some());
    let root = match &reply {
        Some(reply) => ctx.world.post(reply.conversation)?,
        None => None,
    };
    match (reply, root) {
        (Some(reply), Some(root)) if root.author == me => {
            ctx.world.set_hidden(reply.id, hidden)?;
            Ok((200, json!({"data": {"hidden": hidden}})))
        }
        _ => Err(ApiError::forbidden("You are not allowed to hide this Tweet.")),
    }
}

pub(super) fn likers(ctx: &mut RequestContext<'_>) -> HandlerResult {
    listed(ctx, Listing::Likers)
}

pub(super) fn reposters(ctx: &mut RequestContext<'_>) -> HandlerResult {
    listed(ctx, Listing::Reposters)
}

fn listed(ctx: &RequestContext<'_>, list: Listing) -> HandlerResult {
    let post = ctx.id("id");
    if ctx.world.post(post)?.is_none() {
        let mut scene = ctx.scene();
        scene.errors.push(resource_not_found("tweet", "id", &post.to_string()));
        return Ok((200, scene.body(None, None)));
    }
    ctx.users_page(list, post)
}
