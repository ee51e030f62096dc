//! Users with the requested fields, written in the form of the wire.

use chirrup_model::{Dialect, Timestamp};
use serde_json::Value as Json;

use super::object_writer::{ObjectWriter, write_object, write_value};
use super::rendered_text::{RenderedText, TextEntity, profile_url};
use super::selection::Field;
use super::viewer::Viewer;
use crate::world::{UserRow, World};

/// Writes a user with these of the fields.
pub(super) fn write_user(
    out: &mut Vec<u8>,
    fields: &[Field<'_>],
    world: &World,
    viewer: Viewer,
    row: &UserRow,
) -> rusqlite::Result<()> {
    let needs_text = fields.iter().any(|field| matches!(field.name, "description" | "entities"));
    let description =
        if needs_text { RenderedText::of_description(world, &row.description)? } else { RenderedText::default() };
    let mut user = ObjectWriter::new(out);
    for Field { name, wire_name } in fields {
        write_field(&mut user, (name, wire_name), world, viewer, row, &description)?;
    }
    user.end();
    Ok(())
}

/// Writes a field of a user, unless the user does not have it.
fn write_field(
    user: &mut ObjectWriter<'_>,
    (name, wire_name): (&str, &str),
    world: &World,
    viewer: Viewer,
    row: &UserRow,
    description: &RenderedText,
) -> rusqlite::Result<()> {
    match name {
        "id" => user.id(name, row.id),
        "username" => user.value(name, &row.username),
        "name" => user.value(name, &row.name),
        "created_at" => user.time(name, Timestamp::from_millis(row.created)),
        "description" => user.value(name, &description.text),
        "verified" => user.value(name, row.verified),
        "verified_type" => user.value(name, row.verified_type()),
        "protected" => user.value(name, row.protected),
        "profile_image_url" => user.value(name, row.profile_image_url()),
        "public_metrics" => user.object(name, |metrics| public_metrics(metrics, row, viewer.dialect)),
        "location" if !row.location.is_empty() => user.value(name, &row.location),
        "url" if !row.url.is_empty() => user.value(name, profile_url(&row.url).value),
        "entities" => write_entities(user, row, description),
        "pinned_tweet_id" => row.pinned.into_iter().for_each(|pinned| user.id(wire_name, pinned)),
        "most_recent_tweet_id" => {
            world.most_recent_post(row.id)?.into_iter().for_each(|post| user.id(wire_name, post));
        }
        "connection_status" => write_connection_status(user, world, viewer, row)?,
        "profile_banner_url" => {
            let changed = stored(world, "profile", row.id, name)?;
            let banner = changed.or_else(|| row.profile_banner_url().map(Json::from));
            banner.into_iter().filter(|banner| !banner.is_null()).for_each(|banner| user.value(name, banner));
        }
        "withheld" => {
            let withheld = stored(world, "withheld_user", row.id, name)?;
            withheld.into_iter().for_each(|withheld| user.document(name, withheld, viewer.dialect));
        }
        _ => {}
    }
    Ok(())
}

/// Returns a member of a document of a user.
fn stored(world: &World, kind: &str, user: u64, member: &str) -> rusqlite::Result<Option<Json>> {
    Ok(world.document(kind, &user.to_string())?.and_then(|mut document| document.get_mut(member).map(Json::take)))
}

fn public_metrics(metrics: &mut ObjectWriter<'_>, row: &UserRow, dialect: Dialect) {
    metrics.value("followers_count", row.counts.followers);
    metrics.value("following_count", row.counts.following);
    metrics.value("like_count", row.counts.likes);
    metrics.value("listed_count", row.counts.listed());
    metrics.value("media_count", row.counts.media);
    metrics.value(dialect.name("tweet_count"), row.counts.posts);
}

fn write_entities(user: &mut ObjectWriter<'_>, row: &UserRow, description: &RenderedText) {
    if row.url.is_empty() && description.entities.is_empty() {
        return;
    }
    user.object("entities", |entities| {
        if !description.entities.is_empty() {
            description.write_entities_v2(entities.member("description"));
        }
        if !row.url.is_empty() {
            entities.object("url", |url| url.list("urls", [profile_url(&row.url)], |out, link| write_link(out, &link)));
        }
    });
}

/// Writes the link of a profile, which has no `unwound_url`.
fn write_link(out: &mut Vec<u8>, link: &TextEntity) {
    write_object(out, |url| {
        url.value("display_url", link.display_url());
        url.value("end", link.end);
        url.value("expanded_url", link.target());
        url.value("start", link.start);
        url.value("url", &link.value);
    });
}

/// Writes the relations between the viewer and another user.
fn write_connection_status(
    user: &mut ObjectWriter<'_>,
    world: &World,
    viewer: Viewer,
    row: &UserRow,
) -> rusqlite::Result<()> {
    let Some(me) = viewer.user.filter(|me| *me != row.id) else { return Ok(()) };
    let relations = [("following", world.follows(me, row.id)?), ("followed_by", world.follows(row.id, me)?)];
    let mut status = relations.iter().filter(|(_, exists)| *exists).map(|(relation, _)| relation).peekable();
    if status.peek().is_some() {
        user.list("connection_status", status, write_value);
    }
    Ok(())
}
