//! Sizes of the tables of a folder of Parquet files, and states of its sources.

use chirrup::Cost;
use chirrup::archive::{ArchiveReader as _, Checkpoint, ParquetReader, SourceState, TableSize};
use serde_json::{Value as Json, json};

use crate::error::CliError;
use crate::print::Printer;

pub(super) fn print(folder: &ParquetReader, printer: &mut Printer) -> Result<(), CliError> {
    let tables = folder.tables();
    let sources = folder.source_states().map_err(|why| CliError::write_file(&why))?;
    printer.list(tables.iter().map(object).collect(), |printer| {
        let cells = tables.iter().map(|TableSize { name, files, rows, bytes }| {
            vec![(*name).to_owned(), rows.to_string(), files.to_string(), bytes.to_string()]
        });
        printer.table(&["what", "number", "files", "bytes"], cells.collect())?;
        let rows = sources.into_iter().map(row).collect();
        printer.table(&["name", "kind", "items", "pages", "state", "cost", "updated"], rows)
    })
}

fn object(table: &TableSize) -> Json {
    json!({"what": table.name, "number": table.rows, "files": table.files, "bytes": table.bytes})
}

fn row(source: SourceState) -> Vec<String> {
    let Checkpoint { items, pages, is_complete, cost_micros, .. } = source.checkpoint;
    let state = if is_complete { "complete" } else { "open" }.to_owned();
    let (cost, updated) = (Cost::from_micros(cost_micros).to_string(), source.updated_at.to_string());
    vec![source.name, source.kind, items.to_string(), pages.to_string(), state, cost, updated]
}
