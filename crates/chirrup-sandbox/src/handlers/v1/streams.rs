//! Streams of v1.1: what they begin with, and which statuses they deliver.

use serde_json::{Value as Json, json};

use super::super::{HandlerResult, RequestContext};
use super::no;
use crate::api_error::ApiError;
use crate::world::{Listing, PostRow};

/// What a stream begins with: of a user stream, whom the user follows.
pub(super) fn begin(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let id = ctx.call.endpoint.map_or("", |meta| meta.id);
    if id == "v1.filter" && !["track", "follow", "locations"].iter().any(|name| ctx.call.get(name).is_some()) {
        return Err(no(406, 0, "At least one of track, follow and locations is needed."));
    }
    if id != "v1.user_stream" {
        return Ok((200, json!([])));
    }
    let me = ctx.me()?;
    let friends = ctx.world.list(Listing::Following, me, i64::MAX, 5_000)?;
    Ok((200, json!([{"friends": friends.into_iter().map(|(id, _)| id).collect::<Vec<_>>()}])))
}

/// The status as a stream delivers it, if it does.
pub(crate) fn line(ctx: &RequestContext<'_>, row: &PostRow) -> Result<Option<Json>, ApiError> {
    let wanted = match ctx.call.endpoint.map_or("", |meta| meta.id) {
        "v1.firehose_statuses" => true,
        "v1.sample" => super::super::streams::is_in(row.id, None, 100, 1),
        "v1.filter" => filtered(ctx, row)?,
        "v1.user_stream" => {
            let me = ctx.me()?;
            row.author == me || ctx.world.follows(me, row.author)? || tracked(ctx, row)
        }
        "v1.site_stream" => ctx.given_list("follow").iter().any(|id| *id == row.author.to_string()),
        _ => return Ok(None),
    };
    let languages = ctx.given_list("language");
    if !wanted || !(languages.is_empty() || languages.contains(&row.lang)) {
        return Ok(None);
    }
    let status = ctx.status(row)?;
    let site = ctx.call.endpoint.is_some_and(|meta| meta.id == "v1.site_stream");
    Ok(Some(if site { json!({"for_user": row.author.to_string(), "message": status}) } else { status }))
}

/// Whether all words of any phrase stand in the text.
fn tracked(ctx: &RequestContext<'_>, row: &PostRow) -> bool {
    let text = row.text.to_lowercase();
    let words: Vec<&str> =
        text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '#' | '@' | '$' | '_' | '\''))).collect();
    let holds =
        |word: &str| words.iter().any(|found| *found == word || found.trim_start_matches(['#', '@', '$']) == word);
    ctx.given_list("track").iter().any(|phrase| {
        let phrase = phrase.to_lowercase();
        let mut all = phrase.split_whitespace().peekable();
        all.peek().is_some() && all.all(holds)
    })
}

fn filtered(ctx: &RequestContext<'_>, row: &PostRow) -> Result<bool, ApiError> {
    if tracked(ctx, row) {
        return Ok(true);
    }
    let follow: Vec<u64> = ctx.given_list("follow").iter().filter_map(|id| id.parse().ok()).collect();
    let original = match row.repost_of {
        Some(id) => ctx.world.post(id)?.map(|post| post.author),
        None => None,
    };
    let concerned = [Some(row.author), row.reply_to_user, original];
    if concerned.into_iter().flatten().any(|user| follow.contains(&user)) {
        return Ok(true);
    }
    let boxes: Vec<f64> = ctx.given_list("locations").iter().filter_map(|number| number.parse().ok()).collect();
    let within = |long: f64, lat: f64| {
        boxes
            .chunks_exact(4)
            .any(|corner| long >= corner[0] && lat >= corner[1] && long <= corner[2] && lat <= corner[3])
    };
    if let Some([long, lat]) = row.more.get("point").and_then(Json::as_array).map(Vec::as_slice) {
        return Ok(within(long.as_f64().unwrap_or(f64::NAN), lat.as_f64().unwrap_or(f64::NAN)));
    }
    let place = match &row.place {
        Some(id) => ctx.world.place(id)?.map(|place| super::show::place_json(&place)),
        None => None,
    };
    let middle = place.map(|place| [place["centroid"][0].as_f64(), place["centroid"][1].as_f64()]);
    Ok(matches!(middle, Some([Some(long), Some(lat)]) if within(long, lat)))
}
