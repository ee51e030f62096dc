//! Commands that call one endpoint, as a table: a new command is a few lines of the table.

mod command;
mod selection;
mod table;

use chirrup::Endpoint;
use clap::ArgMatches;

pub(crate) use command::add;
pub(crate) use selection::{Selection, set};
use table::VERBS;

/// A command that calls one endpoint.
#[derive(Debug)]
pub(crate) struct Verb {
    /// Words of the command, such as `lists members`.
    pub(crate) path: &'static str,
    about: &'static str,
    pub(crate) endpoint: &'static Endpoint,
    pub(crate) arguments: &'static [Argument],
    pub(crate) options: &'static [Choice],
    pub(crate) output: Output,
    examples: [&'static str; 2],
}

/// A positional argument of a command.
#[derive(Debug)]
pub(crate) struct Argument {
    /// Name of the parameter.
    pub(crate) param: &'static str,
    pub(crate) kind: Kind,
    name: &'static str,
    help: &'static str,
}

/// What an argument means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Username, ID or link of a user.
    User,
    /// The same, or the authenticated user if it is absent.
    UserOrMe,
    /// ID or link of a post.
    Post,
    /// ID or link of a list.
    List,
    /// ID or link of the first post of a conversation, for a query.
    Conversation,
    /// Words of a query, which is checked before it is sent.
    Query,
    /// Words of a text, or stdin.
    Text,
    /// Words that are joined by spaces.
    Words,
    /// One value, as it is.
    Value,
    /// Several values, as they are.
    Values,
}

/// An option of a command, beside those that follow from the parameters of its endpoint.
#[derive(Debug)]
pub(crate) struct Choice {
    pub(crate) name: &'static str,
    help: &'static str,
    pub(crate) effect: Effect,
}

/// What an option does.
#[derive(Debug)]
pub(crate) enum Effect {
    /// Calls this endpoint instead.
    Endpoint(&'static Endpoint),
    /// Sets a parameter to a word.
    Set(&'static str, &'static str),
    /// Adds a word to a list parameter.
    Push(&'static str, &'static str),
    /// Sets a parameter to the value of the option, which has a default if the second text is not empty.
    Value(&'static str, &'static str),
}

/// What a command prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Output {
    Posts,
    Users,
    /// Objects of other types.
    Objects,
    /// A single object of another type.
    Object,
    /// Numbers of posts by time.
    Counts,
    /// The member of the response that a write sets, its value, and the words that say so. A parameter of the same name
    /// has the same value.
    Done(&'static str, bool, &'static str),
    /// A created object, and the sentence before its ID.
    Created(&'static str),
}

/// A command of the table with its arguments.
#[derive(Debug)]
pub(crate) struct VerbCall {
    pub(crate) verb: &'static Verb,
    pub(crate) matches: Box<ArgMatches>,
}

impl VerbCall {
    /// Returns the command of the table that a command line names.
    pub(crate) fn find(program: &ArgMatches) -> Option<Self> {
        let (mut path, mut matches) = (String::new(), program);
        while let Some((name, inner)) = matches.subcommand() {
            path = format!("{path} {name}");
            matches = inner;
        }
        let verb = VERBS.iter().find(|verb| verb.path == path.trim_start())?;
        Some(Self { verb, matches: Box::new(matches.clone()) })
    }

    /// Whether the command changes data on the server.
    pub(crate) fn writes(&self) -> bool {
        !self.verb.endpoint.is_read()
    }
}
