//! Commands that call one endpoint, as a table: a new command is a few lines of the table.

mod command;
mod selection;
mod table;
mod verb;

use std::path::{Path, PathBuf};

use clap::error::ErrorKind;
use clap::{ArgMatches, FromArgMatches as _};

pub(crate) use command::add;
pub(crate) use selection::{Selection, is_public, set, stored_expansions};
use table::VERBS;
pub(crate) use verb::{Argument, Effect, Kind, Output, Verb};

use crate::args::{Count, LineArgs, ScheduleArgs};

/// Refusal of an end that no later result can have.
const NOTHING_NEWER: &str = "--update and --every collect what is newer than the stored results: leave out --until\n";

/// A command of the table with its arguments.
#[derive(Debug)]
pub(crate) struct VerbCall {
    pub(crate) verb: &'static Verb,
    /// Number of results, of a command that prints pages.
    pub(crate) count: Option<Count>,
    pub(crate) matches: Box<ArgMatches>,
    /// File of `chirrup collect`, to which the results go.
    pub(crate) into: Option<PathBuf>,
    /// Form of its lines.
    pub(crate) lines: LineArgs,
    /// When the collection continues with what is newer.
    pub(crate) schedule: ScheduleArgs,
}

/// Returns what a command of the table prints.
pub(crate) fn output_of(path: &str) -> Option<Output> {
    VERBS.iter().find(|verb| verb.path == path).map(|verb| verb.output)
}

/// Whether a file of a collection is a database, by its name.
pub(crate) fn is_database(path: &Path) -> bool {
    has_ending(path, &["db", "sqlite", "sqlite3"])
}

/// Whether a name is the address of a stream of a NATS server.
pub(crate) fn is_stream(path: &Path) -> bool {
    path.to_str().is_some_and(chirrup::archive::is_nats)
}

/// Returns the name of an archive without the password that the address of a stream or database may have.
pub(crate) fn name_without_login(path: &Path) -> String {
    chirrup::archive::without_secrets(&path.to_string_lossy())
}

/// Whether a name is that of a folder: one that exists, or one that ends in a slash.
pub(crate) fn is_folder(path: &Path) -> bool {
    !is_stream(path)
        && !is_postgres(path)
        && !is_bucket(path)
        && (path.as_os_str().as_encoded_bytes().last().is_some_and(|last| std::path::is_separator(char::from(*last)))
            || path.is_dir())
}

/// Whether a name is the URL of a PostgreSQL database.
pub(crate) fn is_postgres(path: &Path) -> bool {
    path.to_str().is_some_and(chirrup::archive::is_postgres)
}

/// Whether a name is the address of an archive in an object store.
pub(crate) fn is_bucket(path: &Path) -> bool {
    path.to_str().is_some_and(chirrup::archive::is_bucket)
}

/// Whether an archive of this name has tables, and no lines.
pub(crate) fn has_tables(path: &Path) -> bool {
    is_postgres(path) || is_bucket(path) || is_folder(path) || is_database(path)
}

/// Whether a file of a collection is a table with what the command prints, and not an archive.
fn is_table(path: &Path) -> bool {
    !is_postgres(path) && !is_bucket(path) && !is_folder(path) && has_ending(path, &["csv", "tsv"])
}

fn has_ending(path: &Path, endings: &[&str]) -> bool {
    path.extension().is_some_and(|ending| endings.iter().any(|known| ending == *known))
}

impl VerbCall {
    /// Returns the command of the table that a command line names.
    pub(crate) fn find(program: &ArgMatches) -> Result<Option<Self>, clap::Error> {
        let (mut path, mut matches) = (String::new(), program);
        while let Some((name, inner)) = matches.subcommand() {
            path = format!("{path} {name}");
            matches = inner;
        }
        let path = path.trim_start();
        let path = path.strip_prefix("collect ").unwrap_or(path);
        let Some(verb) = VERBS.iter().find(|verb| verb.path == path) else { return Ok(None) };
        let count = if verb.is_paged() { Some(Count::from_arg_matches(matches)?) } else { None };
        let into: Option<PathBuf> = matches.try_get_one("into").ok().flatten().cloned();
        let (mut lines, mut schedule) = (LineArgs::default(), ScheduleArgs::default());
        if into.is_some() {
            (lines, schedule) = (LineArgs::from_arg_matches(matches)?, ScheduleArgs::from_arg_matches(matches)?);
        }
        if schedule.updates() && matches.try_get_raw("until").is_ok_and(|until| until.is_some()) {
            return Err(clap::Error::raw(ErrorKind::ArgumentConflict, NOTHING_NEWER));
        }
        Ok(Some(Self { verb, count, matches: Box::new(matches.clone()), into, lines, schedule }))
    }

    /// The archive that the results are stored in.
    pub(crate) fn archive(&self) -> Option<&Path> {
        self.into.as_deref().filter(|file| !is_table(file))
    }

    /// Returns the command with its arguments and selection, as text. It is the same for runs that continue each other.
    pub(crate) fn identity(&self) -> String {
        let verb = self.verb;
        let arguments = verb.arguments.iter().map(|argument| argument.param);
        let names = arguments.chain(verb.options.iter().map(|choice| choice.name)).chain(selection::names());
        let values = names.filter_map(|name| {
            let values = self.matches.try_get_raw(name).ok()??;
            let values: Vec<_> = values.map(|value| value.to_string_lossy()).collect();
            // An option that is not set says nothing.
            if values == ["false"] { None } else { Some(format!(" {name}={}", values.join(" "))) }
        });
        format!("{}{}", verb.path, values.collect::<String>())
    }

    /// Whether the command changes data on the server.
    pub(crate) fn writes(&self) -> bool {
        !self.verb.endpoint.is_read()
    }
}
