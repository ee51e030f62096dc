//! Archives: queries, checks, exports and imports.

mod charts;
#[cfg(feature = "parquet")]
mod folder_stats;
mod opened;
mod report_page;
mod twarc_csv;

use std::io;
use std::path::{Path, PathBuf};

use chirrup::archive::{Archive, ArchiveReader, ItemKind, JsonlArchive, JsonlOptions, Summary, import};
#[cfg(feature = "parquet")]
use chirrup::archive::{Database, ParquetReader};
use chirrup::{Clock as _, SystemClock};
use serde_json::{Map, Value as Json, json};

use self::opened::{Opened, Tables};
use super::collect;
#[cfg(feature = "nats")]
use super::nats;
use crate::args::ArchiveCommand;
use crate::error::CliError;
use crate::exit::ExitStatus;
use crate::print::{Printer, plural, visit_flat};
use crate::progress::notice;
use crate::verbs::{is_bucket, is_postgres, name_without_login};

pub(super) fn run(command: ArchiveCommand, printer: &mut Printer) -> Result<(), CliError> {
    match command {
        ArchiveCommand::Query { file, sql } => query(&file, &sql, printer),
        ArchiveCommand::Stats { file } => stats(&file, printer),
        ArchiveCommand::Verify { file } => verify(&file, printer),
        ArchiveCommand::Export { file, parquet: Some(folder), .. } => merge(&[file], &as_folder(&folder), printer),
        ArchiveCommand::Export { file, twarc_csv: true, .. } => export_twarc_csv(&file, printer),
        ArchiveCommand::Export { file, users, .. } => export(&file, users, printer),
        ArchiveCommand::Report { file } => report(&file, printer),
        ArchiveCommand::Merge { archives, into } => merge(&archives, &into, printer),
        ArchiveCommand::Compact { file } => compact(&file, printer),
        ArchiveCommand::Comply { file, events } => comply(&file, &events, printer),
        #[cfg(feature = "nats")]
        ArchiveCommand::Drain { stream, into, once, metrics } => nats::drain(&stream, &into, once, metrics, printer),
        #[cfg(feature = "nats")]
        ArchiveCommand::Status { stream } => nats::status(&stream, printer),
        #[cfg(not(feature = "nats"))]
        ArchiveCommand::Drain { stream, .. } | ArchiveCommand::Status { stream } => {
            Err(CliError::usage(collect::built_without("nats", &stream).to_string()))
        }
        ArchiveCommand::Import { files, into } => import_files(&files, &into, printer),
    }
}

/// Opens an archive whose tables are queried.
fn open(file: &Path) -> Result<Tables, CliError> {
    match Opened::open(file)? {
        Opened::Tables(tables) => Ok(tables),
        #[cfg(feature = "parquet")]
        Opened::Folder(folder) => copy_of(file, &folder),
        Opened::Lines(path) => {
            let path = path.display();
            Err(CliError::usage(format!("{path} has JSON lines and no tables"))
                .with_hint(format!("import it into a database: `chirrup archive import {path} --into posts.db`")))
        }
    }
}

/// Maximum number of rows of posts of a folder that is copied.
#[cfg(feature = "parquet")]
const MAX_COPIED_POSTS: u64 = 1_000_000;

/// Copies a folder into a temporary database, whose tables can be queried.
#[cfg(feature = "parquet")]
fn copy_of(file: &Path, folder: &ParquetReader) -> Result<Tables, CliError> {
    let posts: u64 = folder.tables().iter().filter(|table| table.name == "posts").map(|table| table.rows).sum();
    if posts > MAX_COPIED_POSTS {
        let name = name_without_login(file);
        let why =
            format!("{name} has {posts} rows of posts; up to {MAX_COPIED_POSTS} are copied for a query or an export");
        return Err(CliError::usage(why).with_hint(format!(
            "`chirrup archive merge {name} --into posts.db` writes a database for them; DuckDB reads the files themselves"
        )));
    }
    let copy = Database::temporary_copy(folder).map_err(|why| CliError::write_file(&why))?;
    Ok(Tables::Database(Box::new(copy)))
}

fn stats(file: &Path, printer: &mut Printer) -> Result<(), CliError> {
    match Opened::open(file)? {
        Opened::Tables(_) | Opened::Lines(_) => {
            query(file, "stats", printer)?;
            if printer.is_for_programs() { Ok(()) } else { query(file, open(file)?.sources(), printer) }
        }
        #[cfg(feature = "parquet")]
        Opened::Folder(folder) => folder_stats::print(&folder, printer),
    }
}

/// Number of rows of a query that are printed together.
const BATCH_ROWS: usize = 1_000;

/// Prints the rows of a query. A single word is the name of a view or table.
fn query(file: &Path, sql: &str, printer: &mut Printer) -> Result<(), CliError> {
    let is_name = !sql.is_empty() && sql.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let sql = if is_name { &format!("SELECT * FROM {sql}") } else { sql };
    let (mut names, mut rows, mut is_begun, mut stopped) = (Vec::new(), Vec::new(), false, None);
    let tables = open(file)?;
    let read = tables.query(sql, |columns, values| {
        if names.is_empty() {
            names = columns.to_vec();
        }
        rows.push(values);
        if rows.len() < BATCH_ROWS || !printer.prints_rows_apart() {
            return Ok(());
        }
        is_begun = true;
        print_rows(&names, &std::mem::take(&mut rows), printer).map_err(|why| {
            stopped = Some(why);
            io::Error::other("the output failed")
        })
    });
    if let Some(why) = stopped {
        return Err(why);
    }
    read.map_err(|why| match why.kind() {
        io::ErrorKind::InvalidInput => CliError::usage(why.to_string())
            .with_hint(format!("`chirrup archive query FILE \"{}\"` lists the tables", tables.list_of_tables())),
        _ => CliError::write_file(&why),
    })?;
    if rows.is_empty() && is_begun { Ok(()) } else { print_rows(&names, &rows, printer) }
}

fn print_rows(names: &[String], rows: &[Vec<Json>], printer: &mut Printer) -> Result<(), CliError> {
    let object = |row: &Vec<Json>| Json::Object(names.iter().cloned().zip(row.iter().cloned()).collect::<Map<_, _>>());
    let items = rows.iter().map(object).collect();
    let header: Vec<&str> = names.iter().map(String::as_str).collect();
    printer.list(items, |printer| {
        let cells = rows.iter().map(|row| row.iter().map(cell).collect()).collect();
        printer.table(&header, cells)
    })
}

fn cell(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn verify(file: &Path, printer: &mut Printer) -> Result<(), CliError> {
    let faults = Opened::open(file)?.verify().map_err(|why| CliError::write_file(&why))?;
    printer.document(&json!({"sound": faults.is_empty(), "faults": faults}), |printer| match faults.is_empty() {
        true => printer.note(&format!("{} is sound", name_without_login(file))),
        false => faults.iter().try_for_each(|fault| printer.line(fault)),
    })?;
    if faults.is_empty() { Ok(()) } else { Err(CliError::Answered(ExitStatus::Refused)) }
}

fn export(file: &Path, users: bool, printer: &mut Printer) -> Result<(), CliError> {
    let items = if users { ItemKind::Users } else { ItemKind::Posts };
    each_line(file, items, |line| printer.stream_item(line))
}

fn export_twarc_csv(file: &Path, printer: &mut Printer) -> Result<(), CliError> {
    printer.line(&twarc_csv::header())?;
    each_line(file, ItemKind::Posts, |line| {
        visit_flat(line.as_bytes(), true, |post| printer.line(&twarc_csv::row(post)))
    })
}

/// Calls `print` with each item that a source found, as a line of JSON.
fn each_line(
    file: &Path,
    items: ItemKind,
    mut print: impl FnMut(&str) -> Result<(), CliError>,
) -> Result<(), CliError> {
    let mut stopped = None;
    let exported = open(file)?.export(items, |line| {
        print(line).map_err(|why| {
            stopped = Some(why);
            io::Error::other("the output failed")
        })
    });
    match (exported, stopped) {
        (_, Some(why)) => Err(why),
        (exported, None) => exported.map_err(|why| CliError::write_file(&why)),
    }
}

fn import_files(files: &[PathBuf], into: &Path, printer: &mut Printer) -> Result<(), CliError> {
    let failed = |why: io::Error| CliError::write_file(&why);
    let mut archive = collect::open(into, JsonlOptions::default()).map_err(failed)?;
    import_into(&mut *archive, files, printer)?;
    archive.finish().map_err(failed)
}

fn import_into(archive: &mut dyn Archive, files: &[PathBuf], printer: &mut Printer) -> Result<(), CliError> {
    for file in files {
        let imported = import(archive, file).map_err(|why| CliError::write_file(&why))?;
        if !printer.quiet() {
            let (new, items) = (imported.stored.new_items, plural(imported.stored.items, "item"));
            notice(&format!("{}: {new} new of {items}", file.display()));
        }
        if imported.unreadable > 0 {
            let lines = plural(imported.unreadable, "line");
            printer.add_missing(&format!("{}: {lines} without an item of the API", file.display()));
        }
    }
    Ok(())
}

fn report(file: &Path, printer: &mut Printer) -> Result<(), CliError> {
    let archive = Opened::open(file)?.reader()?;
    let summary = Summary::of(&*archive, report_page::LIST_LEN).map_err(|why| CliError::write_file(&why))?;
    let page = report_page::html(file, &summary, SystemClock.now());
    page.lines().try_for_each(|line| printer.line(line))
}

/// Archive that is added to another.
enum Added {
    Objects(Box<dyn ArchiveReader>),
    /// Files of JSON lines.
    Lines(Vec<PathBuf>),
}

/// Adds archives to another. One whose name is that of the other changes nothing.
fn merge(archives: &[PathBuf], into: &Path, printer: &mut Printer) -> Result<(), CliError> {
    let failed = |why: io::Error| CliError::write_file(&why);
    let added = archives.iter().map(|file| match Opened::open(file)? {
        Opened::Lines(path) => JsonlArchive::files(&path).map(Added::Lines).map_err(failed),
        opened => opened.reader().map(Added::Objects),
    });
    let added = added.collect::<Result<Vec<_>, CliError>>()?;
    let is_same = |file: &PathBuf| {
        file == into || file.canonicalize().ok().zip(into.canonicalize().ok()).is_some_and(|(a, b)| a == b)
    };
    if let Some(same) = archives.iter().find(|file| is_same(file)) {
        return Err(CliError::usage(format!("{} cannot be merged into itself", name_without_login(same)))
            .with_hint("name another archive with `--into`"));
    }
    let mut archive = collect::open(into, JsonlOptions::default()).map_err(failed)?;
    for (file, added) in archives.iter().zip(added) {
        match added {
            Added::Objects(reader) => archive.merge(&*reader).map_err(failed)?,
            Added::Lines(files) => import_into(&mut *archive, &files, printer)?,
        }
        if !printer.quiet() {
            notice(&format!("{} is merged into {}", name_without_login(file), name_without_login(into)));
        }
    }
    archive.finish().map_err(failed)
}

/// Returns a name as that of a folder, with a slash at its end.
fn as_folder(path: &Path) -> PathBuf {
    path.join("")
}

fn compact(file: &Path, printer: &mut Printer) -> Result<(), CliError> {
    let failed = |why: io::Error| CliError::write_file(&why);
    Opened::open(file)?;
    if is_postgres(file) || is_bucket(file) {
        return collect::open(file, JsonlOptions::default()).and_then(|mut archive| archive.compact()).map_err(failed);
    }
    let before = byte_len(file).map_err(failed)?;
    collect::open(file, JsonlOptions::default()).and_then(|mut archive| archive.compact()).map_err(failed)?;
    let after = byte_len(file).map_err(failed)?;
    printer.document(&json!({"bytes_before": before, "bytes_after": after}), |printer| {
        printer.note(&format!("{}: {before} bytes before, {after} after", file.display()))
    })
}

/// Number of bytes of a file, or of the files of a folder.
fn byte_len(path: &Path) -> io::Result<u64> {
    let metadata = path.metadata()?;
    if !metadata.is_dir() {
        return Ok(metadata.len());
    }
    let files = std::fs::read_dir(path)?.map(|file| file.and_then(|file| byte_len(&file.path())));
    files.sum()
}

fn comply(file: &Path, events: &[PathBuf], printer: &mut Printer) -> Result<(), CliError> {
    // A new file would have nothing to remove.
    Opened::open(file)?;
    let mut archive = collect::open(file, JsonlOptions::default()).map_err(|why| CliError::write_file(&why))?;
    let (mut rows, mut notes, mut outcome) = (Vec::new(), Vec::new(), Ok(()));
    for path in events {
        let removed = match archive.comply(path, SystemClock.now()) {
            Ok(removed) => removed,
            Err(why) => {
                outcome = Err(CliError::write_file(&why));
                break;
            }
        };
        let [posts, users] = [plural(removed.posts, "post"), plural(removed.users, "user")];
        let [likes, places] = [plural(removed.likes, "like"), plural(removed.places, "place")];
        notes.push(format!("{}: removed {posts}, {users}, {likes} and {places}", path.display()));
        rows.push(json!({
            "posts": removed.posts, "users": removed.users, "likes": removed.likes, "places": removed.places,
            "other_lines": removed.other_lines,
        }));
    }
    // What the files before a failure removed stays removed.
    printer.list(rows, |printer| notes.iter().try_for_each(|note| printer.note(note)))?;
    outcome
}
