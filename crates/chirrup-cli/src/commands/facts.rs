//! Comparison of X's OpenAPI document with the known facts, to notice what X adds, removes and changes.

use std::fs;
use std::path::Path;

use chirrup::facts::{Change, Facts};
use serde_json::{Value as Json, json};

use crate::error::CliError;
use crate::exit::ExitStatus;
use crate::print::{Printer, plural};

/// Prints the differences between a document and the known facts. Fails if there are any, or writes the facts of the
/// document to a file.
pub(super) fn compare(printer: &mut Printer, document: &Path, target: Option<&Path>) -> Result<(), CliError> {
    let bytes = fs::read(document).map_err(|error| CliError::read_file(document, &error))?;
    let json: Json = serde_json::from_slice(&bytes)
        .map_err(|error| CliError::usage(format!("cannot read {}: not JSON: {error}", document.display())))?;
    let newer = Facts::from_document(&json)
        .map_err(|error| CliError::usage(format!("cannot read {}: {error}", document.display())))?;
    let known = Facts::known();
    let changes = known.changes(&newer);
    printer.list(changes.iter().map(to_json).collect(), |printer| {
        for change in &changes {
            printer.line(&change.to_string())?;
        }
        let operations = plural(newer.operations.len() as u64, "operation");
        let count = plural(changes.len() as u64, "difference");
        printer.note(&format!("version {}: {operations}, {count} from version {}", newer.version, known.version))
    })?;
    if let Some(target) = target {
        return fs::write(target, newer.to_lines()).map_err(|why| CliError::write(target.display(), why));
    }
    if changes.is_empty() {
        return Ok(());
    }
    let count = plural(changes.len() as u64, "difference");
    let message = format!("{} differs from the known facts: {count}", document.display());
    Err(CliError::new(ExitStatus::Refused, message)
        .with_hint("to renew the facts of the project, add `--write-facts crates/chirrup-api/data/facts-v2.tsv`"))
}

fn to_json(change: &Change) -> Json {
    json!({
        "change": change.kind.name(),
        "method": change.method,
        "path": change.path,
        "parameter": change.param,
        "detail": change.detail,
    })
}
