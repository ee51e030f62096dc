//! Commands that call one endpoint, as a table: a new command is a few lines of the table.

mod command;
mod selection;
mod table;
mod verb;

use std::path::{Path, PathBuf};

use clap::{ArgMatches, FromArgMatches as _};

pub(crate) use command::add;
pub(crate) use selection::{Selection, is_public, set, stored_expansions};
use table::VERBS;
pub(crate) use verb::{Argument, Effect, Kind, Output, Verb};

use crate::args::Count;

/// A command of the table with its arguments.
#[derive(Debug)]
pub(crate) struct VerbCall {
    pub(crate) verb: &'static Verb,
    /// Number of results, of a command that prints pages.
    pub(crate) count: Option<Count>,
    pub(crate) matches: Box<ArgMatches>,
    /// File of `chirrup collect`, to which the results go.
    pub(crate) into: Option<PathBuf>,
}

/// Returns what a command of the table prints.
pub(crate) fn output_of(path: &str) -> Option<Output> {
    VERBS.iter().find(|verb| verb.path == path).map(|verb| verb.output)
}

/// Endings of the names of databases. Other files of a collection have a line per item.
const DATABASES: [&str; 3] = ["db", "sqlite", "sqlite3"];

/// Whether the items of a collection are stored in an archive of this name.
pub(crate) fn is_archive(path: &Path) -> bool {
    is_folder(path) || is_database(path)
}

/// Whether a name is that of a folder: one that exists, or one that ends in a slash.
pub(crate) fn is_folder(path: &Path) -> bool {
    path.as_os_str().as_encoded_bytes().last().is_some_and(|last| std::path::is_separator(char::from(*last)))
        || path.is_dir()
}

fn is_database(path: &Path) -> bool {
    path.extension().is_some_and(|ending| DATABASES.iter().any(|known| ending == *known))
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
        let into = matches.try_get_one("into").ok().flatten().cloned();
        Ok(Some(Self { verb, count, matches: Box::new(matches.clone()), into }))
    }

    /// The archive that the results are stored in.
    pub(crate) fn archive(&self) -> Option<&Path> {
        self.into.as_deref().filter(|file| is_archive(file))
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
