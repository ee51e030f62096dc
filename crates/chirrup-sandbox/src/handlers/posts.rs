//! Posts: lookup, search, counts, creation, deletion, likers and reposters.

use std::sync::Arc;

use chirrup_api::v2::posts::{
    CountAll, CountRecent, CreatePost, DeletePost, GetPost, GetPosts, HideReply, LikingUsers, Reposters, SearchAll,
    SearchRecent,
};
use chirrup_model::{PostId, Timestamp};
use chirrup_query::{Operator, OperatorName, Query, Target, Value, check};
use chirrup_text::parse;
use serde_json::{Value as Json, json};

use super::context::{HandlerEntry, HandlerResult, RequestContext};
use super::pages::{IdRange, MAX_POSITION, PageTokens};
use crate::response::api_error::{ApiError, not_authorized_for_resource, resource_not_found};
use crate::response::json::id_of;
use crate::response::post_object::{EDIT_WINDOW_MS, MAX_EDITS};
use crate::response::rendered_text::RenderedText;
use crate::response::select::{Objects, ResponseBuilder};
use crate::world::{IdList, NewPost, PostRow, to_sql};

pub(super) const HANDLERS: &[HandlerEntry] = &[
    (GetPost::ENDPOINT, get_post),
    (GetPosts::ENDPOINT, get_posts),
    (CreatePost::ENDPOINT, create_post),
    (DeletePost::ENDPOINT, delete_post),
    (SearchRecent::ENDPOINT, search_recent),
    (CountRecent::ENDPOINT, count_recent),
    (LikingUsers::ENDPOINT, liking_users),
    (Reposters::ENDPOINT, reposters),
    (SearchAll::ENDPOINT, search_all),
    (HideReply::ENDPOINT, hide_reply),
    (CountAll::ENDPOINT, count_all),
];

const DAY_MS: i64 = 86_400_000;
/// Length of a full-archive search without `start_time`, in days (see "Search Posts", full-archive search).
const DEFAULT_DAYS: i64 = 30;
/// Length of a page of full-archive counts, in days (see "Post counts").
const PAGE_DAYS: i64 = 31;

fn get_post(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (response, post) = posts_by_id(ctx, &[ctx.text("id")], "id")?;
    Ok((200, response.object_body(post)))
}

fn get_posts(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let ids: Vec<&str> = ctx.call.list("ids").collect();
    let (response, posts) = posts_by_id(ctx, &ids, "ids")?;
    Ok((200, response.objects_body(posts, None)))
}

fn posts_by_id<'c>(
    ctx: &'c RequestContext<'_>,
    ids: &[&str],
    parameter: &str,
) -> Result<(ResponseBuilder<'c>, Objects), ApiError> {
    let mut response = ctx.response();
    let mut rows: Vec<Arc<PostRow>> = Vec::new();
    for text in ids {
        let found = text.parse().ok().map(|id| ctx.world.post(id)).transpose()?.flatten();
        match found {
            Some(row) if rows.iter().any(|known| known.id == row.id) => {}
            Some(row) if response.may_read(row.author)? => rows.push(row),
            Some(_) => response.errors.push(not_authorized_for_resource("tweet", "Tweet", parameter, text)),
            None => response.errors.push(resource_not_found("tweet", parameter, text)),
        }
    }
    let posts = response.posts(&rows)?;
    Ok((response, posts))
}

/// Parses the query, or refuses it as X does.
fn query(ctx: &RequestContext<'_>, target: Target) -> Result<Query, ApiError> {
    let text = ctx.text("query");
    let report = check(text, target.enterprise());
    match (report.first_error(), report.query) {
        (None, Some(query)) => Ok(expand_lists(ctx, query)?),
        (error, _) => {
            let (why, position) = error.unwrap_or_default();
            let message = format!("There were errors processing your request: {why} (at position {position})");
            Err(ApiError::invalid_param("query", text, message))
        }
    }
}

/// Replaces each `list:` by the authors on the list, since a post does not know the lists of its author.
fn expand_lists(ctx: &RequestContext<'_>, query: Query) -> Result<Query, ApiError> {
    let all = |parts: Vec<Query>| parts.into_iter().map(|part| expand_lists(ctx, part)).collect::<Result<Vec<_>, _>>();
    Ok(match query {
        Query::Term(Operator::Named(OperatorName::List, Value::Number(list))) => {
            let members = ctx.world.list_ids(IdList::Members, list, i64::MAX, 5_000)?;
            let from = |user: u64| Query::Term(Operator::Named(OperatorName::From, Value::Text(user.to_string())));
            // An empty list matches no post. No user has the ID 0.
            let users = if members.is_empty() { vec![0] } else { members.into_iter().map(|(user, _)| user).collect() };
            Query::Or(users.into_iter().map(from).collect())
        }
        Query::Term(operator) => Query::Term(operator),
        Query::Not(inner) => Query::Not(Box::new(expand_lists(ctx, *inner)?)),
        Query::And(parts) => Query::And(all(parts)?),
        Query::Or(parts) => Query::Or(all(parts)?),
    })
}

fn search_recent(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let query = query(ctx, Target::RECENT_SEARCH)?;
    let range = ctx.recent_id_range()?;
    results(ctx, &query, range)
}

fn search_all(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let query = query(ctx, Target::FULL_ARCHIVE_SEARCH)?;
    let mut range = ctx.id_range()?;
    if ctx.call.get("start_time").is_none() && ctx.call.get("since_id").is_none() {
        range.from = ctx.now.plus_millis(-DEFAULT_DAYS * DAY_MS).first_snowflake();
    }
    results(ctx, &query, range)
}

fn results(ctx: &RequestContext<'_>, query: &Query, range: IdRange) -> HandlerResult {
    let found = ctx.world.search(query, range.from, range.below, ctx.page_size(10))?;
    let mut rows = found.posts;
    if ctx.call.text("sort_order") == Some("relevancy") {
        rows.sort_by_key(|row| std::cmp::Reverse(row.counts.likes + 2 * row.counts.reposts));
    }
    ctx.posts_page(&rows, PageTokens { next: found.next_below, previous: None })
}

fn count_recent(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let query = query(ctx, Target::RECENT_SEARCH)?;
    let range = ctx.recent_id_range()?;
    let end = end_of(ctx, &range);
    counts(ctx, &query, range, (Timestamp::from_snowflake(range.from), end), json!({}))
}

/// Counts over all time, in pages of 31 days. Without `start_time`, X counts the last 30 days.
fn count_all(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let query = query(ctx, Target::FULL_ARCHIVE_SEARCH)?;
    let mut range = ctx.requested_range()?;
    // The first posts are older than the first snowflake ID, so positions and bounds are times here.
    let end = match (ctx.position()?, ctx.time("end_time")) {
        (Some((_, position)), _) => Timestamp::from_millis(to_sql(position)),
        (None, Some(end)) => end,
        (None, None) => end_of(ctx, &range),
    };
    let start = match ctx.time("start_time") {
        Some(start) => start,
        None if ctx.call.get("since_id").is_some() => Timestamp::from_snowflake(range.from),
        None => end.plus_millis(-DEFAULT_DAYS * DAY_MS),
    };
    let page = end.plus_millis(-PAGE_DAYS * DAY_MS);
    let mut meta = json!({});
    if start < page {
        meta["next_token"] = ctx.token_below(page.as_millis()).into();
    }
    let start = start.max(page);
    range.from = range.from.max(start.first_snowflake());
    range.below = range.below.min(end.first_snowflake());
    counts(ctx, &query, range, (start, end), meta)
}

/// End of a range of posts: the current time, if the range has none.
fn end_of(ctx: &RequestContext<'_>, range: &IdRange) -> Timestamp {
    if range.below == MAX_POSITION { ctx.now } else { Timestamp::from_snowflake(range.below) }
}

/// Responds with the number of posts in a range, per minute, hour or day between two times.
fn counts(
    ctx: &RequestContext<'_>,
    query: &Query,
    range: IdRange,
    (start, end): (Timestamp, Timestamp),
    mut meta: Json,
) -> HandlerResult {
    let width = match ctx.call.text("granularity") {
        Some("minute") => 60_000,
        Some("day") => DAY_MS,
        _ => 3_600_000,
    };
    let mut buckets: Vec<(i64, i64, u64)> = Vec::new();
    let mut from = start.as_millis();
    while from < end.as_millis() {
        // Only the first bucket may begin within its minute, hour or day.
        let to = ((from.div_euclid(width) + 1) * width).min(end.as_millis());
        buckets.push((from, to, 0));
        from = to;
    }
    let (mut total, mut index) = (0, 0);
    ctx.world.count_posts(query, range.from, range.below, &mut |id| {
        let at = Timestamp::from_snowflake(id).as_millis();
        // Neighboring posts are mostly in the same bucket.
        if !buckets.get(index).is_some_and(|(from, to, _)| (*from..*to).contains(&at)) {
            index = buckets.partition_point(|(_, to, _)| *to <= at);
        }
        if let Some(bucket) = buckets.get_mut(index) {
            bucket.2 += 1;
            total += 1;
        }
    });
    let data: Vec<Json> = buckets
        .into_iter()
        .map(|(from, to, count)| {
            json!({"start": Timestamp::from_millis(from), "end": Timestamp::from_millis(to), "tweet_count": count})
        })
        .collect();
    meta["total_tweet_count"] = total.into();
    Ok((200, json!({"data": data, "meta": meta}).into()))
}

fn create_post(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let new = new_post(ctx, me)?;
    let row = ctx.world.write_post(new, ctx.now)?;
    let history: Vec<String> = row.versions().iter().map(u64::to_string).collect();
    let text = RenderedText::of_post(ctx.world, &row)?.text;
    let mut data = json!({"id": row.id.to_string(), "text": text, "edit_history_tweet_ids": history});
    if let Some(community) = row.community {
        data["community_id"] = community.to_string().into();
    }
    ctx.headers.push(("location", format!("https://api.twitter.com/2/tweets/{}", row.id)));
    Ok((201, json!({"data": data}).into()))
}

/// Reads the new post from the request, and checks the rules that the table of endpoints does not have.
fn new_post(ctx: &mut RequestContext<'_>, me: u64) -> Result<NewPost, ApiError> {
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
    let inner = |name: &str, member: &str| call.get(name).and_then(|json| id_of(&json[member]));
    let mut reply_to = inner("reply", "in_reply_to_tweet_id");
    if let Some(parent) = reply_to {
        let Some(row) = ctx.world.post(parent)? else {
            let detail = "You attempted to reply to a Tweet that is deleted or not visible to you.";
            return Err(ApiError::forbidden(detail));
        };
        // X turns a reply to a repost into a post that mentions the user who reposted.
        if row.repost_of.is_some() {
            text = format!("@{} {text}", ctx.world.username(row.author)?.unwrap_or_default());
            reply_to = None;
        }
    }
    let quote_of = call.get("quote_tweet_id").and_then(id_of);
    if let Some(quoted) = quote_of
        && ctx.world.post(quoted)?.is_none()
    {
        let detail = "You attempted to quote a Tweet that is deleted or not visible to you.";
        return Err(ApiError::forbidden(detail));
    }
    let history = match inner("edit_options", "previous_post_id") {
        Some(previous) => edit_history(ctx, me, previous)?,
        None => Vec::new(),
    };
    let place = call.get("geo").and_then(|geo| geo["place_id"].as_str()).map(str::to_owned);
    if let Some(place) = &place
        && ctx.world.place(place)?.is_none()
    {
        return Err(ApiError::invalid_param("$.geo.place_id", place, "Your place ID is invalid."));
    }
    let community = call.get("community_id").and_then(id_of);
    if let Some(community) = community
        && ctx.world.document("community", &community.to_string())?.is_none()
    {
        return Err(ApiError::no_such_resource("community", "community_id", community));
    }
    let media = media(ctx, me)?;
    let mut extra = serde_json::Map::new();
    for name in ["card_uri", "paid_partnership", "nullcast", "made_with_ai"] {
        extra.extend(call.get(name).map(|value| (name.to_owned(), value.clone())));
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
        community,
        reply_settings: call.text("reply_settings").map(str::to_owned),
        source: "Chirrup sandbox".into(),
        history,
        extra,
        ..NewPost::default()
    })
}

/// IDs of the earlier versions of an edit, or a refusal if X does not allow the edit.
fn edit_history(ctx: &RequestContext<'_>, me: u64, previous: u64) -> Result<Vec<u64>, ApiError> {
    let refuse = |why: &str| Err(ApiError::forbidden(&format!("You are not permitted to edit this Tweet: {why}.")));
    let Some(row) = ctx.world.post(previous)? else {
        return refuse("it does not exist");
    };
    let first = row.versions().first().copied().unwrap_or(row.id);
    let until = Timestamp::from_snowflake(first).plus_millis(EDIT_WINDOW_MS);
    match () {
        () if row.author != me => refuse("it is not yours"),
        () if row.versions().last() != Some(&row.id) => refuse("it is not the latest version"),
        () if ctx.now > until => refuse("its hour has passed"),
        () if row.versions().len() > MAX_EDITS => refuse("it was edited five times"),
        () if row.poll.is_some() || row.repost_of.is_some() => refuse("polls and reposts cannot be edited"),
        () => Ok(row.versions().to_vec()),
    }
}

fn media(ctx: &RequestContext<'_>, me: u64) -> Result<Vec<u64>, ApiError> {
    let Some(list) = ctx.call.get("media").and_then(|media| media["media_ids"].as_array()) else {
        return Ok(Vec::new());
    };
    let mut ids = Vec::new();
    for text in list.iter().filter_map(Json::as_str) {
        match text.parse() {
            Ok(id) if ctx.world.owns_media(me, id)? => ids.push(id),
            _ => return Err(ApiError::invalid_param("media.media_ids", text, "Your media IDs are invalid.")),
        }
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

fn delete_post(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let Some(row) = ctx.world.post(ctx.param::<PostId>("id").get())? else {
        // X reports success for a post that does not exist.
        return Ok((200, json!({"data": {"deleted": true}}).into()));
    };
    if row.author != me {
        return Err(ApiError::forbidden("You are not authorized to delete this Tweet."));
    }
    for version in row.versions() {
        if let Some(version) = ctx.world.post(*version)? {
            ctx.world.delete_post(&version)?;
        }
    }
    Ok((200, json!({"data": {"deleted": true}}).into()))
}

/// Hides a reply. Only the author of the first post of a thread may do so.
fn hide_reply(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let hidden = ctx.is_set("hidden");
    let reply = ctx.world.post(ctx.param::<PostId>("tweet_id").get())?.filter(|row| row.reply_to.is_some());
    let root = match &reply {
        Some(reply) => ctx.world.post(reply.conversation)?,
        None => None,
    };
    match (reply, root) {
        (Some(reply), Some(root)) if root.author == me => {
            ctx.world.set_hidden(reply.id, hidden)?;
            Ok((200, json!({"data": {"hidden": hidden}}).into()))
        }
        _ => Err(ApiError::forbidden("You are not allowed to hide this Tweet.")),
    }
}

fn liking_users(ctx: &mut RequestContext<'_>) -> HandlerResult {
    users_of_post(ctx, IdList::Likers)
}

fn reposters(ctx: &mut RequestContext<'_>) -> HandlerResult {
    users_of_post(ctx, IdList::Reposters)
}

fn users_of_post(ctx: &RequestContext<'_>, list: IdList) -> HandlerResult {
    let post = ctx.param::<PostId>("id").get();
    if ctx.world.post(post)?.is_none() {
        let mut response = ctx.response();
        response.errors.push(resource_not_found("tweet", "id", &post.to_string()));
        return Ok((200, response.body(None, None).into()));
    }
    ctx.users_page(list, post)
}
