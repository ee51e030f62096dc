//! Statuses: timelines, search, changes and likes.

use std::sync::Arc;

use chirrup_api::v1::statuses::{
    CreateFavorite, Destroy, DestroyFavorite, Favorites, GetEmbed, GetOembed, HomeTimeline, Lookup, LookupByForm,
    MentionsTimeline, Retweet, RetweeterIds, Retweets, RetweetsOfMe, SearchStatuses, Show, ShowCollection, StatusById,
    Unretweet, Update, UpdateWithMedia, UserTimeline,
};
use chirrup_auth::oauth1::form_pairs;
use chirrup_model::PostId;
use chirrup_query::{Target, check};
use chirrup_text::escape_html;
use serde_json::{Value as Json, json};

use super::super::context::{HandlerEntry, HandlerResult, RequestContext};
use super::super::pages::MAX_POSITION;
use super::super::users::write_repost;
use crate::response::api_error::ApiError;
use crate::response::http::JSON;
use crate::response::json::str_of;
use crate::response::rendered_text::RenderedText;
use crate::response::v1_errors::{error, page_not_found, status_not_found};
use crate::world::{IdList, NewPost, PostRow};

/// Time for which caches may keep the HTML of a post, in seconds: a hundred years.
const OEMBED_CACHE_SECS: i64 = 3_153_600_000;

pub(super) const HANDLERS: &[HandlerEntry] = &[
    (HomeTimeline::ENDPOINT, home_timeline),
    (UserTimeline::ENDPOINT, user_timeline),
    (MentionsTimeline::ENDPOINT, mentions_timeline),
    (RetweetsOfMe::ENDPOINT, retweets_of_me),
    (SearchStatuses::ENDPOINT, search),
    (StatusById::ENDPOINT, show),
    (Show::ENDPOINT, show),
    (Lookup::ENDPOINT, lookup),
    (LookupByForm::ENDPOINT, lookup),
    (Retweets::ENDPOINT, retweets),
    (RetweeterIds::ENDPOINT, retweeter_ids),
    (Update::ENDPOINT, update),
    (UpdateWithMedia::ENDPOINT, update_with_media),
    (Destroy::ENDPOINT, destroy),
    (Retweet::ENDPOINT, retweet),
    (Unretweet::ENDPOINT, unretweet),
    (GetOembed::ENDPOINT, oembed),
    (GetEmbed::ENDPOINT, oembed),
    (Favorites::ENDPOINT, favorites),
    (CreateFavorite::ENDPOINT, create_favorite),
    (DestroyFavorite::ENDPOINT, destroy_favorite),
    (ShowCollection::ENDPOINT, collection),
];

/// Maximum number of media of a status.
const MAX_MEDIA: usize = 4;

fn home_timeline(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let mut authors: Vec<u64> =
        ctx.world.list_ids(IdList::Following, me, i64::MAX, 5_000)?.into_iter().map(|(id, _)| id).collect();
    authors.push(me);
    let no_replies = ctx.flag("exclude_replies") == Some(true);
    let rows = ctx.authors_page(&authors, 20, |row| !(no_replies && row.reply_to.is_some()))?;
    Ok((200, ctx.statuses_json(&rows)?.into()))
}

fn user_timeline(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let user = ctx.readable_user_or_me()?;
    let (no_replies, no_retweets) = (ctx.flag("exclude_replies") == Some(true), ctx.flag("include_rts") == Some(false));
    let keep = |row: &PostRow| !(no_replies && row.reply_to.is_some() || no_retweets && row.repost_of.is_some());
    let rows = ctx.authors_page(&[user], 20, keep)?;
    Ok((200, ctx.statuses_json(&rows)?.into()))
}

fn mentions_timeline(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let (below, since) = ctx.id_bounds();
    let rows = ctx.world.posts_mentioning(me, since, below, ctx.count(20))?;
    Ok((200, ctx.statuses_json(&rows)?.into()))
}

fn retweets_of_me(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let rows = ctx.authors_page(&[me], 20, |row| row.counts.reposts > 0)?;
    Ok((200, ctx.statuses_json(&rows)?.into()))
}

fn search(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let text = ctx.text("q").to_owned();
    let mut with_lang = text.clone();
    if let Some(lang) = ctx.call.text("lang") {
        with_lang = format!("({with_lang}) lang:{lang}");
    }
    let report = check(&with_lang, Target::FULL_ARCHIVE_SEARCH.enterprise());
    let Some(query) = report.query.clone().filter(|_| report.is_ok()) else {
        return Err(error(403, 195, "Missing or invalid url parameter."));
    };
    let (below, since) = ctx.id_bounds();
    let week = ctx.now.plus_millis(-7 * 86_400_000).first_snowflake();
    let size = ctx.count(15);
    let mut next_below = below.min(until(ctx));
    let mut rows = Vec::new();
    // A page of the index can have fewer posts than requested although a next page exists.
    loop {
        let found = ctx.world.search(&query, since.saturating_add(1).max(week), next_below, size - rows.len())?;
        rows.extend(found.posts);
        match found.next_below {
            Some(next) if rows.len() < size => next_below = next,
            _ => break,
        }
    }
    let newest = rows.first().map_or(0, |row: &Arc<PostRow>| row.id);
    let mut metadata = json!({
        "completed_in": 0.01, "max_id": newest, "max_id_str": newest.to_string(), "query": text, "count": size,
        "since_id": since, "since_id_str": since.to_string(), "refresh_url": format!("?since_id={newest}&q={text}"),
    });
    if let Some(last) = rows.last().filter(|_| rows.len() == size) {
        let mut encoded = String::new();
        chirrup_auth::oauth1::encode_into(&mut encoded, &text);
        metadata["next_results"] =
            format!("?max_id={}&q={encoded}&count={size}&include_entities=1", last.id - 1).into();
    }
    let mut statuses = ctx.statuses_json(&rows)?;
    for status in statuses.as_array_mut().into_iter().flatten() {
        let kind = ctx.call.text("result_type").unwrap_or("recent");
        status["metadata"] = json!({"iso_language_code": status["lang"], "result_type": kind});
    }
    Ok((200, json!({"statuses": statuses, "search_metadata": metadata}).into()))
}

/// The first ID of the day in the parameter `until`.
fn until(ctx: &RequestContext<'_>) -> u64 {
    let day = ctx.call.text("until").and_then(|day| format!("{day}T00:00:00Z").parse().ok());
    day.map_or(MAX_POSITION, |day: chirrup_model::Timestamp| day.first_snowflake())
}

/// The status in the parameter `id`, which the authenticated user must be able to read.
fn status_param(ctx: &RequestContext<'_>) -> Result<Arc<PostRow>, ApiError> {
    let row = ctx.world.post(ctx.param::<PostId>("id").get())?.ok_or_else(status_not_found)?;
    if !ctx.response().may_read(row.author)? {
        return Err(error(403, 179, "Sorry, you are not authorized to see this status."));
    }
    Ok(row)
}

fn show(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let row = status_param(ctx)?;
    Ok((200, ctx.objects().status(&row)?.into()))
}

/// Whether the request asks for an object by ID instead of a list.
fn asks_for_map(ctx: &RequestContext<'_>) -> bool {
    form_pairs(ctx.sent).any(|(name, value)| name == "map" && ["true", "1", "t"].contains(&&*value.to_lowercase()))
}

fn lookup(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (mut rows, mut by_id) = (Vec::new(), serde_json::Map::new());
    for text in ctx.list_param("id") {
        let Ok(id) = text.parse() else { continue };
        by_id.insert(text, Json::Null);
        if let Some(row) = ctx.world.post(id)?
            && ctx.response().may_read(row.author)?
        {
            rows.push(row);
        }
    }
    if !asks_for_map(ctx) {
        return Ok((200, ctx.statuses_json(&rows)?.into()));
    }
    for row in rows {
        by_id.insert(row.id.to_string(), ctx.objects().status(&row)?);
    }
    Ok((200, json!({"id": by_id}).into()))
}

fn retweets(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let row = status_param(ctx)?;
    let rows = ctx.world.reposts_of(row.id, ctx.count(20))?;
    Ok((200, ctx.statuses_json(&rows)?.into()))
}

fn retweeter_ids(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let row = status_param(ctx)?;
    let (ids, cursors) = ctx.cursor_page(IdList::Reposters, row.id, 100)?;
    super::users::ids_page(ctx, ids, cursors)
}

/// The media in the parameter `media_ids`, which must belong to the authenticated user.
fn media_param(ctx: &RequestContext<'_>, me: u64) -> Result<Vec<u64>, ApiError> {
    let ids: Vec<u64> = ctx.list_param("media_ids").iter().filter_map(|id| id.parse().ok()).collect();
    for id in &ids {
        if !ctx.world.owns_media(me, *id)? {
            return Err(error(400, 324, "The validation of media ids failed."));
        }
    }
    if ids.len() > MAX_MEDIA {
        return Err(error(400, 324, "The validation of media ids failed."));
    }
    Ok(ids)
}

/// Posts the status in the request.
fn post_status(ctx: &mut RequestContext<'_>, media: Vec<u64>) -> HandlerResult {
    let me = ctx.me()?;
    let mut text = ctx.text("status").to_owned();
    if text.is_empty() && media.is_empty() {
        return Err(error(403, 170, "Missing required parameter: status."));
    }
    if !text.is_empty() && !chirrup_text::parse(&text).valid {
        return Err(error(403, 186, "Tweet needs to be a bit shorter."));
    }
    if !text.is_empty() && ctx.world.is_duplicate(me, &text)? {
        return Err(error(403, 187, "Status is a duplicate."));
    }
    let reply_to = match ctx.call.text("in_reply_to_status_id").and_then(|id| id.parse::<u64>().ok()) {
        Some(id) if ctx.world.post(id)?.is_none() => {
            return Err(error(403, 385, "You attempted to reply to a Tweet that is deleted or not visible to you."));
        }
        other => other,
    };
    if let (Some(parent), Some(true)) = (reply_to, ctx.flag("auto_populate_reply_metadata")) {
        let author = ctx.world.post(parent)?.map(|row| row.author).unwrap_or_default();
        text = format!("@{} {text}", ctx.world.username(author)?.unwrap_or_default());
    }
    let quoted = ctx.call.text("attachment_url").and_then(|url| url.rsplit('/').next()?.parse::<u64>().ok());
    let quote_of = match quoted {
        Some(id) if ctx.world.post(id)?.is_some() => Some(id),
        Some(_) => return Err(error(400, 44, "attachment_url parameter is invalid.")),
        None => None,
    };
    let mut new = NewPost {
        author: me,
        text,
        reply_to,
        quote_of,
        media,
        place: ctx.call.text("place_id").map(str::to_owned),
        source: "Chirrup sandbox".into(),
        ..NewPost::default()
    };
    let degrees = |name: &str| ctx.call.text(name).and_then(|text| text.parse::<f64>().ok());
    if let (Some(lat), Some(long)) = (degrees("lat"), degrees("long")) {
        if !(-90.0..=90.0).contains(&lat) || !(-180.0..=180.0).contains(&long) {
            return Err(error(400, 3, "Invalid coordinates."));
        }
        new.extra.insert("point".to_owned(), json!([long, lat]));
    }
    if let Some(uri) = ctx.call.text("card_uri") {
        new.extra.insert("card_uri".to_owned(), uri.into());
    }
    let row = ctx.world.write_post(new, ctx.now)?;
    Ok((200, ctx.objects().status(&row)?.into()))
}

fn update(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let media = media_param(ctx, ctx.me()?)?;
    post_status(ctx, media)
}

fn update_with_media(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let id = super::media::store_file(ctx, "media[]")?;
    post_status(ctx, vec![id])
}

fn destroy(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let row = status_param(ctx)?;
    if row.author != ctx.me()? {
        return Err(error(403, 183, "You may not delete another user's status."));
    }
    let status = ctx.objects().status(&row)?;
    ctx.world.delete_post(&row)?;
    Ok((200, status.into()))
}

fn retweet(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (me, original) = (ctx.me()?, status_param(ctx)?);
    if ctx.world.repost_by(me, original.id)?.is_some() {
        return Err(error(403, 327, "You have already retweeted this Tweet."));
    }
    let row = write_repost(ctx, me, &original)?;
    Ok((200, ctx.objects().status(&row)?.into()))
}

fn unretweet(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (me, original) = (ctx.me()?, status_param(ctx)?);
    if let Some(repost) = ctx.world.repost_by(me, original.id)? {
        ctx.world.delete_post(&repost)?;
    }
    let original = ctx.world.post(original.id)?.ok_or_else(status_not_found)?;
    Ok((200, ctx.objects().status(&original)?.into()))
}

fn oembed(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let from_url = ctx.call.text("url").and_then(|url| url.rsplit('/').next()).unwrap_or_default().to_owned();
    let id = ctx.call.text("id").unwrap_or(&from_url).parse().map_err(|_| status_not_found())?;
    let row = ctx.world.post(id)?.ok_or_else(status_not_found)?;
    let user = ctx.world.user(row.author)?.unwrap_or_default();
    let name = str_of(&user, "username");
    let url = format!("https://x.com/{name}/status/{id}");
    let text = RenderedText::of_post(ctx.world, &row)?.text;
    let script = if ctx.flag("omit_script") == Some(true) {
        ""
    } else {
        "<script async src=\"https://platform.x.com/widgets.js\"></script>"
    };
    let display_name = escape_html(str_of(&user, "name"));
    let html = format!(
        "<blockquote class=\"twitter-tweet\"><p>{text}</p>&mdash; {display_name} (@{name}) <a href=\"{url}\">{url}</a></blockquote>{script}"
    );
    let width = ctx.call.number("maxwidth").unwrap_or(550);
    let expires = ctx.now.plus_millis(OEMBED_CACHE_SECS * 1_000).to_http_date();
    ctx.headers.extend([
        ("content-type", JSON.to_owned()),
        ("cache-control", format!("must-revalidate, max-age={OEMBED_CACHE_SECS}")),
        ("expires", expires),
        ("x-xss-protection", "0".to_owned()),
    ]);
    Ok((
        200,
        json!({
            "url": url, "author_name": user["name"], "author_url": format!("https://x.com/{name}"), "html": html,
            "width": width, "height": null, "type": "rich", "cache_age": OEMBED_CACHE_SECS.to_string(), "provider_name": "X",
            "provider_url": "https://x.com", "version": "1.0",
        })
        .into(),
    ))
}

fn favorites(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let user = ctx.user_or_me()?;
    let (below, since) = ctx.id_bounds();
    let liked = ctx.world.list_ids(IdList::LikedPosts, user, i64::MAX, 5_000)?;
    let mut ids: Vec<u64> = liked.into_iter().map(|(id, _)| id).filter(|id| *id < below && *id > since).collect();
    ids.sort_unstable_by(|a, b| b.cmp(a));
    ids.truncate(ctx.count(20));
    let rows = ids.into_iter().map(|id| ctx.world.post(id)).collect::<Result<Vec<_>, _>>()?;
    let rows: Vec<Arc<PostRow>> = rows.into_iter().flatten().collect();
    Ok((200, ctx.statuses_json(&rows)?.into()))
}

fn create_favorite(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (me, row) = (ctx.me()?, status_param(ctx)?);
    if ctx.world.likes(me, row.id)? {
        return Err(error(403, 139, "You have already favorited this status."));
    }
    ctx.world.like(me, row.id)?;
    let row = ctx.world.post(row.id)?.ok_or_else(status_not_found)?;
    Ok((200, ctx.objects().status(&row)?.into()))
}

fn destroy_favorite(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (me, row) = (ctx.me()?, status_param(ctx)?);
    if !ctx.world.likes(me, row.id)? {
        return Err(status_not_found());
    }
    ctx.world.unlike(me, row.id)?;
    let row = ctx.world.post(row.id)?.ok_or_else(status_not_found)?;
    Ok((200, ctx.objects().status(&row)?.into()))
}

/// A collection. The sandbox presents each list as one, with `custom-` before the ID.
fn collection(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let id = ctx.text("id").to_owned();
    let list = id.strip_prefix("custom-").and_then(|id| id.parse::<u64>().ok()).ok_or_else(page_not_found)?;
    let list: Json = ctx.objects().list(list)?;
    Ok((
        200,
        json!({
            "objects": {"timelines": {id.as_str(): {
                "name": list["name"], "user_id": list["user"]["id_str"], "collection_url": format!("https://x.com{}", str_of(&list, "uri")),
                "description": list["description"], "visibility": list["mode"],
            }}},
            "response": {"timeline_id": id},
        }).into(),
    ))
}
