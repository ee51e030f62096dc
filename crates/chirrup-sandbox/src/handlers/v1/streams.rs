//! Streams of API v1.1: their first line, and the statuses that they deliver.

use serde_json::{Value as Json, json};

use super::super::{HandlerResult, RequestContext};
use super::error;
use crate::api_error::ApiError;
use crate::world::{IdList, PostRow};

/// Responds with the first line: a user stream begins with the users that the user follows.
pub(super) fn connect(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let id = ctx.endpoint_id();
    if id == "v1.filter" && !["track", "follow", "locations"].iter().any(|name| ctx.call.get(name).is_some()) {
        return Err(error(406, 0, "At least one of track, follow and locations is required."));
    }
    if id != "v1.user_stream" {
        return Ok((200, json!([])));
    }
    let me = ctx.me()?;
    let friends = ctx.world.list_ids(IdList::Following, me, i64::MAX, 5_000)?;
    Ok((200, json!([{"friends": friends.into_iter().map(|(id, _)| id).collect::<Vec<_>>()}])))
}

/// Returns the line with which a stream delivers a status, if it does.
pub(crate) fn line(ctx: &RequestContext<'_>, row: &PostRow) -> Result<Option<Json>, ApiError> {
    let selected = match ctx.endpoint_id() {
        "v1.firehose_statuses" => true,
        "v1.sample" => super::super::streams::is_in_sample(row.id, None, 100, 1),
        "v1.filter" => matches_filter(ctx, row)?,
        "v1.user_stream" => {
            let me = ctx.me()?;
            row.author == me || ctx.world.follows(me, row.author)? || matches_track(ctx, row)
        }
        "v1.site_stream" => ctx.list_param("follow").iter().any(|id| *id == row.author.to_string()),
        _ => return Ok(None),
    };
    let languages = ctx.list_param("language");
    if !selected || !(languages.is_empty() || languages.contains(&row.lang)) {
        return Ok(None);
    }
    let status = ctx.status_json(row)?;
    let site = ctx.endpoint_id() == "v1.site_stream";
    Ok(Some(if site { json!({"for_user": row.author.to_string(), "message": status}) } else { status }))
}

/// Returns whether the text contains all words of a phrase of the parameter `track`.
fn matches_track(ctx: &RequestContext<'_>, row: &PostRow) -> bool {
    let text = row.text.to_lowercase();
    let words: Vec<&str> =
        text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '#' | '@' | '$' | '_' | '\''))).collect();
    let contains =
        |word: &str| words.iter().any(|found| *found == word || found.trim_start_matches(['#', '@', '$']) == word);
    ctx.list_param("track").iter().any(|phrase| {
        let phrase = phrase.to_lowercase();
        let mut all = phrase.split_whitespace().peekable();
        all.peek().is_some() && all.all(contains)
    })
}

/// Returns whether a status matches one of the parameters `track`, `follow` and `locations`.
fn matches_filter(ctx: &RequestContext<'_>, row: &PostRow) -> Result<bool, ApiError> {
    if matches_track(ctx, row) {
        return Ok(true);
    }
    let follow: Vec<u64> = ctx.list_param("follow").iter().filter_map(|id| id.parse().ok()).collect();
    let original = match row.repost_of {
        Some(id) => ctx.world.post(id)?.map(|post| post.author),
        None => None,
    };
    let involved = [Some(row.author), row.reply_to_user, original];
    if involved.into_iter().flatten().any(|user| follow.contains(&user)) {
        return Ok(true);
    }
    let boxes: Vec<f64> = ctx.list_param("locations").iter().filter_map(|number| number.parse().ok()).collect();
    let within = |long: f64, lat: f64| {
        boxes
            .chunks_exact(4)
            .any(|corner| long >= corner[0] && lat >= corner[1] && long <= corner[2] && lat <= corner[3])
    };
    if let Some([long, lat]) = row.extra.get("point").and_then(Json::as_array).map(Vec::as_slice) {
        return Ok(within(long.as_f64().unwrap_or(f64::NAN), lat.as_f64().unwrap_or(f64::NAN)));
    }
    let place = match &row.place {
        Some(id) => ctx.world.place(id)?.map(|place| super::json::place_json(&place)),
        None => None,
    };
    let center = place.map(|place| [place["centroid"][0].as_f64(), place["centroid"][1].as_f64()]);
    Ok(matches!(center, Some([Some(long), Some(lat)]) if within(long, lat)))
}
