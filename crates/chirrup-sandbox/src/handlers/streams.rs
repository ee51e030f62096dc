//! Streams, as far as they lead into the past: what was posted in a window of time, one object a line, and then the end.

use chirrup_query::{Dialect, Prepared, Query, parse};
use serde_json::{Value as Json, json};

use super::{Done, Room};
use crate::refusal::Refusal;
use crate::world::PostRow;

/// How many posts a stream delivers at most.
const MOST: usize = 5_000;

/// The posts of the window that a call names, the oldest first.
fn window(room: &Room<'_>) -> Result<Vec<PostRow>, Refusal> {
    let minutes = room.call.number("backfill_minutes").unwrap_or_default();
    let time = |name: &str| room.call.text(name).and_then(|text| text.parse().ok());
    let from = time("start_time").unwrap_or_else(|| room.now.plus_millis(-minutes * 60_000));
    let below = time("end_time").unwrap_or(room.now);
    if from < room.now.plus_millis(-86_400_000) {
        let message = "start_time must not be more than 24 hours in the past.";
        return Err(Refusal::invalid_one("start_time", room.call.text("start_time").unwrap_or_default(), message));
    }
    Ok(room.world.posts_between(from.first_snowflake(), below.first_snowflake(), MOST)?)
}

/// A line for each post that passes, with what `more` adds to it.
fn lines(room: &Room<'_>, mut more: impl FnMut(&PostRow) -> Result<Option<Json>, Refusal>) -> Done {
    let mut lines = Vec::new();
    for row in window(room)? {
        let Some(more) = more(&row)? else { continue };
        let mut scene = room.scene();
        let data = scene.posts(std::slice::from_ref(&row))?.pop();
        let mut line = scene.body(data, None);
        if let (Some(line), Json::Object(more)) = (line.as_object_mut(), more) {
            line.extend(more);
        }
        lines.push(line);
    }
    Ok((200, lines.into()))
}

/// Those posts that match the rules of the app, with the rules that they match.
pub(super) fn filtered(room: &mut Room<'_>) -> Done {
    let rules: Vec<(Json, Query)> = super::webhooks::all_rules(room)?
        .into_iter()
        .filter_map(|rule| {
            let query = parse(rule["value"].as_str()?).ok()?;
            Some((rule, query))
        })
        .collect();
    if rules.is_empty() {
        let detail = "You must define rules by using the rules endpoint before you connect to the stream.";
        return Err(Refusal::plain(409, "ConnectionException", detail));
    }
    lines(room, |row| {
        let subject = room.world.subject(row)?;
        let prepared = Prepared::new(&subject, Dialect::Stream);
        let matched: Vec<Json> = rules
            .iter()
            .filter(|(_, query)| prepared.matches(query))
            .map(|(rule, _)| json!({"id": rule["id"], "tag": rule["tag"].as_str().unwrap_or_default()}))
            .collect();
        Ok((!matched.is_empty()).then(|| json!({"matching_rules": matched})))
    })
}

/// Every so many posts, told by their ids. Of partitions, each post is in one.
fn share(room: &Room<'_>, one_of: u64, partitions: u64, language: Option<&str>) -> Done {
    let partition = room.call.number("partition").and_then(|n| u64::try_from(n).ok());
    lines(room, |row| {
        // The low bits of ids count up; these are spread well enough over the rest.
        let spread = row.id.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
        let chosen = spread % one_of == 0 && partition.is_none_or(|n| spread / one_of % partitions == n - 1);
        let right = language.is_none_or(|language| row.lang == language);
        Ok((chosen && right).then(|| json!({})))
    })
}

pub(super) fn sample(room: &mut Room<'_>) -> Done {
    share(room, 100, 1, None)
}

pub(super) fn sample10(room: &mut Room<'_>) -> Done {
    share(room, 10, 2, None)
}

pub(super) fn firehose(room: &mut Room<'_>) -> Done {
    match room.call.meta.map_or("", |meta| meta.id) {
        "firehose_en" => share(room, 1, 8, Some("en")),
        "firehose_ja" => share(room, 1, 2, Some("ja")),
        "firehose_ko" => share(room, 1, 2, Some("ko")),
        "firehose_pt" => share(room, 1, 2, Some("pt")),
        _ => share(room, 1, 20, None),
    }
}

pub(super) fn no_record(_: &mut Room<'_>) -> Done {
    Err(Refusal::not_here(
        "The sandbox keeps no record of what was liked, deleted or done, so that it cannot stream it.",
    ))
}
