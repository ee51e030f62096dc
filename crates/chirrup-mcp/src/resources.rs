//! Resources: posts, users and the archives that the server was started with.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use rmcp::ErrorData;
use rmcp::model::{ReadResourceResult, Resource, ResourceContents, ResourceTemplate};
use serde_json::Value as Json;

use crate::answer::{Answer, Failure, Receipt, document};
use crate::options::Options;
use crate::reads;
use crate::state::State;
use crate::untrusted::LISTED;

const JSON: &str = "application/json";
/// Number of bytes at the end of an archive that a resource contains.
const ARCHIVE_END: u64 = 64 << 10;

pub(crate) fn templates() -> Vec<ResourceTemplate> {
    vec![
        ResourceTemplate::new("post://{id}", "post").with_description("A post with its author").with_mime_type(JSON),
        ResourceTemplate::new("user://{username}", "user").with_description("A user").with_mime_type(JSON),
    ]
}

/// Returns the archives as resources, by the names of their files.
pub(crate) fn archives(options: &Options) -> Vec<Resource> {
    let resource = |path: &Path| {
        let name = name_of(path);
        let description = "The newest stored items of an archive; free";
        Resource::new(format!("archive://{name}"), name).with_description(description).with_mime_type(JSON)
    };
    options.archive_files().iter().map(|path| resource(path)).collect()
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Reads a resource: the answer of a tool, or the end of an archive.
pub(crate) async fn read(state: &State, uri: &str) -> Result<ReadResourceResult, ErrorData> {
    let State { client, options, .. } = state;
    let outcome = match uri.split_once("://") {
        Some(("post", id)) => reads::posts(client, &[id.to_owned()]).await,
        Some(("user", name)) => reads::users(client, &[name.to_owned()]).await,
        Some(("archive", name)) => match options.archive_files().iter().find(|path| name_of(path) == name) {
            Some(path) => archive(path),
            None => return Err(ErrorData::resource_not_found(format!("there is no archive `{name}`"), None)),
        },
        _ => return Err(ErrorData::resource_not_found("expected post://, user:// or archive://", None)),
    };
    let (json, is_error) = document(outcome, client);
    match is_error {
        true => Err(ErrorData::invalid_params(json.to_string(), None)),
        false => Ok(ReadResourceResult::new(vec![ResourceContents::text(json.to_string(), uri).with_mime_type(JSON)])),
    }
}

/// Returns the last lines of an archive.
fn archive(path: &Path) -> Result<Answer, Failure> {
    let text = end_of(path).map_err(|why| {
        Failure::refused(format!("the archive {} cannot be read: {why}", name_of(path)), "check the file")
    })?;
    let items: Vec<Json> = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    Ok(Answer::new(Receipt::default()).untrusted(serde_json::json!({"items": items}), LISTED))
}

/// Reads the complete lines at the end of a file.
fn end_of(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let start = file.metadata()?.len().saturating_sub(ARCHIVE_END);
    file.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::new();
    file.take(ARCHIVE_END).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    // The first line is probably a part of one.
    Ok(if start == 0 { text.into_owned() } else { text.split_once('\n').unwrap_or_default().1.to_owned() })
}
