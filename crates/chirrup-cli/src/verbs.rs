//! Commands that call one endpoint, as a table: a new command is a few lines of the table.

mod command;
mod selection;
mod table;
mod verb;

use clap::{ArgMatches, FromArgMatches as _};

pub(crate) use command::add;
pub(crate) use selection::{Selection, set};
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
}

impl VerbCall {
    /// Returns the command of the table that a command line names.
    pub(crate) fn find(program: &ArgMatches) -> Result<Option<Self>, clap::Error> {
        let (mut path, mut matches) = (String::new(), program);
        while let Some((name, inner)) = matches.subcommand() {
            path = format!("{path} {name}");
            matches = inner;
        }
        let Some(verb) = VERBS.iter().find(|verb| verb.path == path.trim_start()) else { return Ok(None) };
        let count = if verb.is_paged() { Some(Count::from_arg_matches(matches)?) } else { None };
        Ok(Some(Self { verb, count, matches: Box::new(matches.clone()) }))
    }

    /// Returns the command with its arguments and selection, as text. It is the same for runs that continue each other.
    pub(crate) fn identity(&self) -> String {
        let verb = self.verb;
        let arguments = verb.arguments.iter().map(|argument| argument.param);
        let names = arguments.chain(verb.options.iter().map(|choice| choice.name)).chain(selection::names());
        let values = names.filter_map(|name| {
            let values = self.matches.try_get_raw(name).ok()??;
            let values: Vec<_> = values.map(|value| value.to_string_lossy()).collect();
            Some(format!(" {name}={}", values.join(" ")))
        });
        format!("{}{}", verb.path, values.collect::<String>())
    }

    /// Whether the command changes data on the server.
    pub(crate) fn writes(&self) -> bool {
        !self.verb.endpoint.is_read()
    }
}
