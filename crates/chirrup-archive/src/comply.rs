//! Demands to remove posts, users, likes and places that X no longer shows.

use std::io;
use std::path::Path;

use serde_json::Value as Json;

use crate::lines::Lines;

/// Numbers of a file with compliance events that was applied.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Removed {
    /// Number of removed posts, those of removed users included.
    pub posts: u64,
    /// Number of removed users.
    pub users: u64,
    /// Number of removed likes.
    pub likes: u64,
    /// Number of posts whose place was removed.
    pub places: u64,
    /// Number of lines that demand no removal.
    pub other_lines: u64,
}

/// Demand of a compliance event or of a line of the results of a job.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Removal {
    Post(i64),
    User(i64),
    /// A post or a user: the results of a job do not say which.
    PostOrUser(i64),
    Like {
        user: i64,
        post: i64,
    },
    PlaceOfPost(i64),
    PlacesOfUser {
        user: i64,
        up_to: i64,
    },
}

/// Calls `visit` with each removal that a file demands, and its reason. Returns the number of other lines.
pub(crate) fn each_removal(file: &Path, visit: &mut dyn FnMut(Removal, String) -> io::Result<()>) -> io::Result<u64> {
    let unreadable = |why: io::Error| io::Error::new(why.kind(), format!("{}: {why}", file.display()));
    let mut lines = Lines::open(file, 0).map_err(unreadable)?;
    let mut other_lines = 0;
    while let Some(line) = lines.next().map_err(unreadable)? {
        match removal_of(line) {
            Some((removal, reason)) => visit(removal, reason)?,
            None => other_lines += u64::from(!line.trim_ascii().is_empty()),
        }
    }
    Ok(other_lines)
}

/// Returns the removal that a line demands, and its reason.
fn removal_of(line: &[u8]) -> Option<(Removal, String)> {
    let line: Json = serde_json::from_slice(line).ok()?;
    let id = |value: &Json| value.as_str()?.parse::<i64>().ok();
    if line["action"] == "delete" {
        let reason = line["reason"].as_str().unwrap_or("deleted");
        let of = if reason == "scrub_geo" { Removal::PlaceOfPost } else { Removal::PostOrUser };
        return Some((of(id(&line["id"])?), reason.to_owned()));
    }
    let (name, event) = line.get("data").unwrap_or(&line).as_object()?.iter().next()?;
    let removal = match name.as_str() {
        "delete" if event["favorite"].is_object() => {
            Removal::Like { user: id(&event["favorite"]["user_id"])?, post: id(&event["favorite"]["id"])? }
        }
        "delete" | "drop" => Removal::Post(id(&event["tweet"]["id"])?),
        "user_delete" | "user_protect" | "user_suspend" => Removal::User(id(&event["user"]["id"])?),
        "scrub_geo" => Removal::PlacesOfUser {
            user: id(&event["user"]["id"])?,
            up_to: id(&event["up_to_tweet_id"]).unwrap_or(i64::MAX),
        },
        _ => return None,
    };
    Some((removal, name.clone()))
}
