//! Files by their content.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use serde_json::Value as Json;
use serde_yaml_ng::Value as Yaml;

use super::objects::{ImportedData, failed};
use super::size_limit::bounded;
use super::{account_archive, table};
use crate::error::SandboxError;

const ZIP: &[u8] = b"PK\x03\x04";
const GZIP: &[u8] = &[0x1f, 0x8b];
const SQLITE: &[u8] = b"SQLite format 3\0";

impl ImportedData {
    /// Reads files, and all files of folders.
    pub(crate) fn read(paths: &[PathBuf]) -> Result<Self, SandboxError> {
        let mut data = Self::default();
        for path in paths {
            read(&mut data, path)?;
        }
        if data.users.is_empty() && data.posts.is_empty() {
            let names: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
            let names = names.join(", ");
            return Err(SandboxError(format!(
                "{names}: no post or user found; give cassettes, JSON lines, account archives of X, or CSV with a header"
            )));
        }
        Ok(data)
    }
}

/// Reads a file, or all files of a folder in the order of their names.
fn read(data: &mut ImportedData, path: &Path) -> Result<(), SandboxError> {
    if !path.is_dir() {
        return read_file(data, path);
    }
    if account_archive::is_folder(path) {
        return account_archive::read_folder(data, path);
    }
    let entries = fs::read_dir(path).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let mut paths: Vec<_> = entries.map_err(|why| failed(path, why))?.iter().map(fs::DirEntry::path).collect();
    paths.sort();
    paths.iter().filter(|path| path.is_file()).try_for_each(|path| read_file(data, path))
}

fn read_file(data: &mut ImportedData, path: &Path) -> Result<(), SandboxError> {
    let mut file = File::open(path).map_err(|why| failed(path, why))?;
    let mut start = Vec::new();
    file.by_ref().take(16).read_to_end(&mut start).map_err(|why| failed(path, why))?;
    if start.starts_with(ZIP) {
        return account_archive::read_zip(data, path, file);
    }
    if start.starts_with(SQLITE) {
        return Err(failed(
            path,
            "it is a database; write its posts to a file with `chirrup archive export`, or open it with --data if a \
             sandbox wrote it",
        ));
    }
    let all = io::Cursor::new(start.clone()).chain(file);
    let content = if start.starts_with(GZIP) { bounded(MultiGzDecoder::new(all)) } else { bounded(all) };
    let content = content.map_err(|why| failed(path, why))?;
    read_text(data, &content).map_err(|why| failed(path, why))
}

fn read_text(data: &mut ImportedData, content: &[u8]) -> Result<(), String> {
    let content = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content);
    match content.trim_ascii_start().first() {
        Some(b'{' | b'[') => read_json(data, content),
        _ if is_yaml(content) => {
            let text = std::str::from_utf8(content).map_err(|why| why.to_string())?;
            let document: Yaml = serde_yaml_ng::from_str(text).map_err(|why| why.to_string())?;
            data.collect(&without_tags(document));
            Ok(())
        }
        _ => table::read(data, content),
    }
}

/// Whether the text is YAML of a cassette. A table has its header in the first line.
fn is_yaml(content: &[u8]) -> bool {
    let line = content.trim_ascii_start().split(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii_end();
    line == b"---"
        || line.ends_with(b":")
        || line.split(|byte| *byte == b':').nth(1).is_some_and(|v| v.starts_with(b" "))
}

/// Returns the JSON of a YAML document. Cassettes have tags at bodies, which JSON does not have.
fn without_tags(document: Yaml) -> Json {
    match document {
        Yaml::Tagged(tagged) => without_tags(tagged.value),
        Yaml::Sequence(items) => items.into_iter().map(without_tags).collect(),
        Yaml::Mapping(members) => {
            let named = members.into_iter().filter_map(|(name, value)| Some((name.as_str()?.to_owned(), value)));
            Json::Object(named.map(|(name, value)| (name, without_tags(value))).collect())
        }
        Yaml::String(text) => text.into(),
        Yaml::Bool(value) => value.into(),
        Yaml::Number(number) => number.as_u64().map_or_else(|| number.as_f64().into(), Json::from),
        Yaml::Null => Json::Null,
    }
}

/// Reads a document, or a document per line. The last line of a file can be incomplete, if its writer was stopped.
fn read_json(data: &mut ImportedData, content: &[u8]) -> Result<(), String> {
    let mut documents = serde_json::Deserializer::from_slice(content).into_iter::<Json>();
    while let Some(document) = documents.next() {
        match document {
            Ok(document) => data.collect(&document),
            Err(why) if why.is_eof() && documents.byte_offset() > 0 => break,
            Err(why) => return Err(why.to_string()),
        }
    }
    Ok(())
}
