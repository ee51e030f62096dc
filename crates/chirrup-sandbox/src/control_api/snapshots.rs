//! Routes of snapshots, export and import.

use std::collections::BTreeMap;
use std::sync::{MutexGuard, PoisonError};

use http::Response;
use http::header::{CONTENT_DISPOSITION, HeaderValue};
use serde_json::{Value as Json, json};

use super::request::{ControlError, ControlRequest, Reply};
use crate::response::http::simple_response;
use crate::state::{Shared, Snapshot};
use crate::world::World;

/// Number of snapshots of a world.
const MAX_SNAPSHOTS: usize = 32;
/// Length in bytes of the longest name of a snapshot.
const MAX_NAME: usize = 64;

fn snapshots(world: &Shared) -> MutexGuard<'_, BTreeMap<String, Snapshot>> {
    world.snapshots.lock().unwrap_or_else(PoisonError::into_inner)
}

fn snapshot_json(name: &str, snapshot: &Snapshot) -> Json {
    let world = &snapshot.world;
    json!({"name": name, "at": snapshot.at, "users": world.user_count(), "posts": world.post_count()})
}

/// Returns the snapshots of the world and of the default world: `GET snapshots`.
pub(super) fn list(request: &ControlRequest<'_>) -> Reply {
    let mut found = BTreeMap::new();
    for world in [request.worlds.default_world(), request.world] {
        found.extend(snapshots(world).iter().map(|(name, snapshot)| (name.clone(), snapshot_json(name, snapshot))));
    }
    Reply::json(&json!({"snapshots": found.into_values().collect::<Vec<Json>>()}))
}

/// Saves a snapshot: `PUT snapshots/NAME`.
pub(super) fn save(request: &ControlRequest<'_>, name: &str) -> Result<Reply, ControlError> {
    if name.is_empty() || name.len() > MAX_NAME {
        return Err(ControlError::invalid("the name of a snapshot has 1 to 64 characters"));
    }
    let snapshot = request.world.snapshot()?;
    let json = snapshot_json(name, &snapshot);
    let mut saved = snapshots(request.world);
    if saved.len() >= MAX_SNAPSHOTS && !saved.contains_key(name) {
        return Err(ControlError::new(
            507,
            "the world has 32 snapshots: delete one with DELETE /_chirrup/snapshots/NAME",
        ));
    }
    saved.insert(name.to_owned(), snapshot);
    Ok(Reply::json(&json))
}

/// Restores a snapshot of the world, or of the default world: `POST snapshots/NAME/restore`.
pub(super) fn restore(request: &ControlRequest<'_>, name: &str) -> Result<Reply, ControlError> {
    check_is_in_memory(request)?;
    let copy = |world: &Shared| snapshots(world).get(name).map(Snapshot::copy).transpose();
    let own = copy(request.world)?;
    let found = if own.is_some() { own } else { copy(request.worlds.default_world())? };
    request.world.restore(found.ok_or_else(|| ControlError::missing("snapshot", name))?)?;
    Ok(Reply::empty())
}

/// Rejects a change of the whole content of a data file.
fn check_is_in_memory(request: &ControlRequest<'_>) -> Result<(), ControlError> {
    if request.world.lock().world.has_file() { Err(ControlError::kept_by_file()) } else { Ok(()) }
}

/// Deletes a snapshot of the world: `DELETE snapshots/NAME`.
pub(super) fn delete(request: &ControlRequest<'_>, name: &str) -> Result<Reply, ControlError> {
    let deleted = snapshots(request.world).remove(name);
    deleted.map(|_| Reply::empty()).ok_or_else(|| ControlError::missing("snapshot", name))
}

/// Returns the content as a file: `GET export`.
pub(super) fn export(request: &ControlRequest<'_>) -> Result<Reply, ControlError> {
    let copy = request.world.lock().world.copy()?;
    let mut response: Response<_> = simple_response(200, Some("application/vnd.sqlite3"), copy.to_bytes()?);
    let name = HeaderValue::from_static("attachment; filename=\"world.db\"");
    response.headers_mut().insert(CONTENT_DISPOSITION, name);
    Ok(Reply::Whole(response))
}

/// Replaces the content by that of a file: `POST import`.
pub(super) fn import(request: &ControlRequest<'_>) -> Result<Reply, ControlError> {
    check_is_in_memory(request)?;
    let read = World::from_bytes(&request.body);
    let world = read.map_err(|why| ControlError::invalid(format!("the body is not an exported world: {why}")))?;
    let world = world.ok_or_else(|| ControlError::invalid("another version of the sandbox exported this world"))?;
    request.world.replace_content(world)?;
    Ok(Reply::empty())
}
