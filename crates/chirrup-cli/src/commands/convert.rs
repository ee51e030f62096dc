//! Conversion of stored posts, offline.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use crate::error::CliError;
use crate::print::Printer;

/// Prints the items of JSON files, with the included objects in the place of their IDs.
pub(super) fn flatten(files: &[PathBuf], printer: &mut Printer) -> Result<(), CliError> {
    for_each_document(files, |document| printer.flattened(document.to_string().as_bytes()))
}

/// Prints the IDs of the items of JSON files.
pub(super) fn dehydrate(files: &[PathBuf], printer: &mut Printer) -> Result<(), CliError> {
    for_each_document(files, |document| {
        let items = document.get("data").unwrap_or(&document);
        let one = std::slice::from_ref(items);
        let mut ids = items.as_array().map_or(one, Vec::as_slice).iter().filter_map(|item| item.get("id")?.as_str());
        ids.try_for_each(|id| printer.line(id))
    })
}

/// Calls `work` for each JSON document of the files, or of stdin. A document is a line, a response, or several of them.
fn for_each_document(files: &[PathBuf], mut work: impl FnMut(Json) -> Result<(), CliError>) -> Result<(), CliError> {
    let mut read = |source: &dyn std::fmt::Display, input: &mut dyn Read| {
        for document in serde_json::Deserializer::from_reader(BufReader::new(input)).into_iter::<Json>() {
            let document = document.map_err(|why| match why.io_error_kind() {
                Some(_) => CliError::read(source, &why.into()),
                None => CliError::usage(format!("{source} is not JSON: {why}")),
            })?;
            work(document)?;
        }
        Ok(())
    };
    if files.is_empty() {
        return read(&"stdin", &mut std::io::stdin().lock());
    }
    files.iter().try_for_each(|path| match path.as_path() {
        stdin if stdin == Path::new("-") => read(&"stdin", &mut std::io::stdin().lock()),
        path => {
            let mut file = File::open(path).map_err(|why| CliError::read_file(path, &why))?;
            read(&path.display(), &mut file)
        }
    })
}
