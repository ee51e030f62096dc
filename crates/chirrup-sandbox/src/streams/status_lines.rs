//! Lines of the streams of API v1.1, which deliver statuses.

use serde_json::{Value as Json, json};

use super::catalog::StatusSelection;
use super::reader::StreamReader;
use super::sample::Sample;
use crate::response::api_error::ApiError;
use crate::response::v1_objects::V1Objects;
use crate::response::v1_params;
use crate::world::{PostRow, bounding_box};

/// Share of all statuses that the sample stream delivers.
const SAMPLE: Sample = Sample::new(100, 1);

/// Returns the line with which a stream delivers a status, or `None` if it does not.
pub(super) fn status_line(
    reader: &StreamReader<'_>,
    selection: StatusSelection,
    row: &PostRow,
) -> Result<Option<Json>, ApiError> {
    let list = |name: &str| v1_params::list(reader.call, name);
    let selected = match selection {
        StatusSelection::All => true,
        StatusSelection::Sample => SAMPLE.contains(row.id, None),
        StatusSelection::Filter => matches_filter(reader, row)?,
        StatusSelection::HomeTimeline => {
            let me = reader.viewer.user.ok_or_else(ApiError::unauthorized)?;
            row.author == me || reader.world.follows(me, row.author)? || matches_track(reader, row)
        }
        StatusSelection::Sites => list("follow").contains(&row.author.to_string()),
    };
    let languages = list("language");
    if !selected || !(languages.is_empty() || languages.iter().any(|language| *language == row.lang)) {
        return Ok(None);
    }
    let StreamReader { world, call, viewer, .. } = *reader;
    let status = V1Objects { world, call, viewer }.status(row)?;
    let is_site = selection == StatusSelection::Sites;
    Ok(Some(if is_site { json!({"for_user": row.author.to_string(), "message": status}) } else { status }))
}

/// Returns whether the text contains all words of a phrase of the parameter `track`.
fn matches_track(reader: &StreamReader<'_>, row: &PostRow) -> bool {
    let text = row.text.to_lowercase();
    let words: Vec<&str> =
        text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '#' | '@' | '$' | '_' | '\''))).collect();
    let contains =
        |word: &str| words.iter().any(|found| *found == word || found.trim_start_matches(['#', '@', '$']) == word);
    v1_params::list(reader.call, "track").iter().any(|phrase| {
        let phrase = phrase.to_lowercase();
        let mut all = phrase.split_whitespace().peekable();
        all.peek().is_some() && all.all(contains)
    })
}

/// Returns whether a status matches one of the parameters `track`, `follow` and `locations`.
fn matches_filter(reader: &StreamReader<'_>, row: &PostRow) -> Result<bool, ApiError> {
    if matches_track(reader, row) {
        return Ok(true);
    }
    let follow: Vec<u64> = v1_params::list(reader.call, "follow").iter().filter_map(|id| id.parse().ok()).collect();
    let original = match row.repost_of {
        Some(id) => reader.world.post(id)?.map(|post| post.author),
        None => None,
    };
    let involved = [Some(row.author), row.reply_to_user, original];
    if involved.into_iter().flatten().any(|user| follow.contains(&user)) {
        return Ok(true);
    }
    let boxes: Vec<f64> =
        v1_params::list(reader.call, "locations").iter().filter_map(|number| number.parse().ok()).collect();
    let area = match (row.extra.get("point").and_then(Json::as_array).map(Vec::as_slice), &row.place) {
        (Some([long, lat]), _) => {
            let (long, lat) = (long.as_f64().unwrap_or(f64::NAN), lat.as_f64().unwrap_or(f64::NAN));
            Some([long, lat, long, lat])
        }
        (_, Some(id)) => reader.world.place(id)?.as_ref().and_then(bounding_box),
        _ => None,
    };
    // Any common point counts.
    let Some([west, south, east, north]) = area else { return Ok(false) };
    let overlaps = |b: &[f64]| west <= b[2] && east >= b[0] && south <= b[3] && north >= b[1];
    Ok(boxes.chunks_exact(4).any(overlaps))
}
