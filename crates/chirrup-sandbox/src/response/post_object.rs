//! Posts with the requested fields, written in the form of the wire.

use chirrup_model::{Dialect, Timestamp};
use chirrup_text::EntityKind;
use serde_json::{Value as Json, json};

use super::object_writer::{ObjectWriter, write_id, write_object, write_value};
use super::rendered_text::RenderedText;
use super::selection::Field;
use super::viewer::Viewer;
use crate::world::{ContextAnnotation, PostCounts, PostRow, World, context_annotations};

/// Number of edits that X allows (see "Edit Posts").
pub(crate) const MAX_EDITS: usize = 5;
/// Time after creation in which X allows edits, in milliseconds.
pub(crate) const EDIT_WINDOW_MS: i64 = 3_600_000;

/// Metrics that only the author of a post may read.
pub(super) const PRIVATE_METRICS: [&str; 3] = ["non_public_metrics", "organic_metrics", "promoted_metrics"];

/// Writes a post with these of its fields.
pub(super) fn write_post(
    out: &mut Vec<u8>,
    fields: &[Field<'_>],
    world: &World,
    viewer: Viewer,
    row: &PostRow,
) -> rusqlite::Result<()> {
    let needs_text = fields.iter().any(|field| matches!(field.name, "text" | "entities" | "display_text_range"));
    let text = if needs_text { RenderedText::of_post(world, row)? } else { RenderedText::default() };
    let mut post = ObjectWriter::new(out);
    for Field { name, wire_name } in fields {
        write_field(&mut post, (name, wire_name), world, viewer, row, &text)?;
    }
    post.end();
    Ok(())
}

/// Writes a field of a post, unless the post does not have it.
fn write_field(
    post: &mut ObjectWriter<'_>,
    (name, wire_name): (&str, &str),
    world: &World,
    viewer: Viewer,
    row: &PostRow,
    text: &RenderedText,
) -> rusqlite::Result<()> {
    match name {
        "id" => post.id(name, row.id),
        "edit_history_tweet_ids" => post.list(wire_name, row.versions(), |out, id| write_id(out, *id)),
        "author_id" => post.id(name, row.author),
        "created_at" => post.time(name, Timestamp::from_snowflake(row.id)),
        "conversation_id" => post.id(name, row.conversation),
        "lang" => post.value(name, &*row.lang),
        "source" => post.value(name, &*row.source),
        "reply_settings" => post.value(name, &*row.reply_settings),
        "possibly_sensitive" if !row.extra.contains_key(name) => post.value(name, false),
        "public_metrics" => post.object(name, |metrics| public_metrics(metrics, row.counts, viewer.dialect)),
        "edit_controls" => post.object(name, |controls| edit_controls(controls, row)),
        "text" => post.value(name, &text.text),
        "display_text_range" => post.value(name, [0, text.display_length]),
        "entities" if !text.entities.is_empty() => text.write_entities_v2(post.member(name)),
        "context_annotations" => write_context_annotations(post, row),
        "referenced_tweets" => write_references(post, wire_name, row),
        "in_reply_to_user_id" => row.reply_to_user.into_iter().for_each(|user| post.id(name, user)),
        "attachments" if !row.media.is_empty() || row.poll.is_some() => {
            post.value(name, attachments(world, row)?);
        }
        "geo" => row.place.iter().for_each(|place| post.object(name, |geo| geo.value("place_id", place))),
        "community_id" => row.community.into_iter().for_each(|community| post.id(name, community)),
        "non_public_metrics" if may_read_private_metrics(viewer, row) => {
            post.object(name, |metrics| non_public_metrics(metrics, row.counts));
        }
        "organic_metrics" if may_read_private_metrics(viewer, row) => {
            post.object(name, |metrics| organic_metrics(metrics, row.counts, viewer.dialect));
        }
        _ => {
            if let Some(value) = row.extra.get(name) {
                post.document(wire_name, value.clone(), viewer.dialect);
            }
        }
    }
    Ok(())
}

/// Whether the viewer may read the metrics that only the author of a post may read. Reposts have none.
pub(super) fn may_read_private_metrics(viewer: Viewer, row: &PostRow) -> bool {
    viewer.user == Some(row.author) && row.repost_of.is_none()
}

fn public_metrics(metrics: &mut ObjectWriter<'_>, counts: PostCounts, dialect: Dialect) {
    metrics.value("bookmark_count", counts.bookmarks);
    metrics.value("impression_count", counts.impressions);
    metrics.value("like_count", counts.likes);
    metrics.value("quote_count", counts.quotes);
    metrics.value("reply_count", counts.replies);
    metrics.value(dialect.name("retweet_count"), counts.reposts);
}

fn non_public_metrics(metrics: &mut ObjectWriter<'_>, counts: PostCounts) {
    metrics.value("engagements", counts.likes + counts.replies + counts.reposts);
    metrics.value("impression_count", counts.impressions);
    metrics.value("url_link_clicks", 0);
    metrics.value("user_profile_clicks", 0);
}

fn organic_metrics(metrics: &mut ObjectWriter<'_>, counts: PostCounts, dialect: Dialect) {
    metrics.value("impression_count", counts.impressions);
    metrics.value("like_count", counts.likes);
    metrics.value("reply_count", counts.replies);
    metrics.value(dialect.name("retweet_count"), counts.reposts);
    metrics.value("url_link_clicks", 0);
    metrics.value("user_profile_clicks", 0);
}

fn edit_controls(controls: &mut ObjectWriter<'_>, row: &PostRow) {
    controls.time("editable_until", Timestamp::from_snowflake(row.id).plus_millis(EDIT_WINDOW_MS));
    controls.value("edits_remaining", MAX_EDITS + 1 - row.versions().len().min(MAX_EDITS + 1));
    controls.value("is_edit_eligible", row.repost_of.is_none() && row.poll.is_none());
}

fn write_context_annotations(post: &mut ObjectWriter<'_>, row: &PostRow) {
    let found = chirrup_text::extract(&row.text);
    let tags = found.iter().filter(|entity| entity.kind == EntityKind::Hashtag).map(|entity| entity.text);
    let mut annotations = context_annotations(tags).map(ContextAnnotation::json).peekable();
    if annotations.peek().is_some() {
        post.list("context_annotations", annotations, |out, annotation| write_value(out, &annotation));
    }
}

fn write_references(post: &mut ObjectWriter<'_>, wire_name: &str, row: &PostRow) {
    let all = [("retweeted", row.repost_of), ("quoted", row.quote_of), ("replied_to", row.reply_to)];
    let mut references = all.into_iter().filter_map(|(kind, id)| Some((kind, id?))).peekable();
    if references.peek().is_some() {
        post.list(wire_name, references, |out, (kind, id)| {
            write_object(out, |reference| {
                reference.id("id", id);
                reference.value("type", kind);
            });
        });
    }
}

fn attachments(world: &World, row: &PostRow) -> rusqlite::Result<Json> {
    let mut attachments = json!({});
    if !row.media.is_empty() {
        let media = row.media.iter().map(|id| world.media(*id)).collect::<rusqlite::Result<Vec<_>>>()?;
        attachments["media_keys"] = media.iter().flatten().map(|media| media["media_key"].clone()).collect();
    }
    if let Some(poll) = row.poll {
        attachments["poll_ids"] = json!([poll.to_string()]);
    }
    Ok(attachments)
}
