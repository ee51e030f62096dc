//! The commands of the table as the command line knows them.

use std::path::PathBuf;

use chirrup::model::ParamKind;
use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, Args as _, Command};

use super::selection;
use super::table::{GROUPS, VERBS};
use super::verb::{Argument, Choice, Effect, Kind, Verb};
use crate::args::{Count, HydrateArgs, LineArgs, LinesArgs, ScheduleArgs, StreamArgs, query_word};

/// Adds the commands of the table to the command line.
pub(crate) fn add(program: Command) -> Command {
    let groups = GROUPS.iter().map(|(name, about)| Command::new(*name).about(*about).subcommand_required(true));
    let program = program.subcommands(groups.map(|group| group.arg_required_else_help(true)));
    let program = VERBS.iter().fold(program, |program, verb| with(program, verb, command));
    program.subcommand(collect())
}

/// Adds a command of the table below its group.
fn with(program: Command, verb: &'static Verb, command: fn(&'static Verb, &'static str) -> Command) -> Command {
    match verb.path.split_once(' ') {
        None => program.subcommand(command(verb, verb.path)),
        Some((group, name)) => program.mut_subcommand(group, |group| group.subcommand(command(verb, name))),
    }
}

/// Returns `chirrup collect`, which stores the results of the commands that list posts or users.
fn collect() -> Command {
    let collectable = || VERBS.iter().filter(|verb| verb.collected().is_some());
    let has_any = |group: &str| collectable().any(|verb| verb.path.split(' ').next() == Some(group));
    let groups = GROUPS.iter().filter(|(name, _)| has_any(name));
    let groups = groups.map(|(name, about)| Command::new(*name).about(*about).subcommand_required(true));
    let collect = ScheduleArgs::augment_args(Command::new("collect"))
        .about("Collect posts, users, Spaces or counts into a file")
        .long_about(COLLECT)
        .arg(Arg::new("description").value_name("FILE.toml").value_parser(description).required(true).help(DESCRIPTION))
        .subcommand_negates_reqs(true)
        .override_usage("chirrup collect [OPTIONS] <COMMAND>\n       chirrup collect [OPTIONS] <FILE.toml>")
        .arg_required_else_help(true)
        .subcommands(groups.map(|group| group.arg_required_else_help(true)))
        .after_help(COLLECT_EXAMPLES);
    collectable()
        .fold(collect.subcommands([stream(), lines(), hydrate()]), |collect, verb| with(collect, verb, into_file))
}

/// Returns `chirrup collect stream`.
fn stream() -> Command {
    StreamArgs::augment_args(Command::new("stream"))
        .about("Record a stream: its posts with all public fields, each once")
        .long_about(None)
        .mut_arg("into", |into| into.required_unless_present("bus"))
        .mut_arg("bad", |bad| bad.hide(true))
}

/// Returns `chirrup collect lines`.
fn lines() -> Command {
    LinesArgs::augment_args(Command::new("lines"))
        .about("Record the lines of a URL, such as a mirror of a stream")
        .long_about("Record the lines of a URL, such as a mirror of a stream\n\n\
            Each line has a post, or a response with `data`, as JSON. Other lines are kept among the problems. The program \
            connects again after a disconnect, and records each post once. Credentials are sent to the host of the API only.")
}

/// Returns `chirrup collect hydrate`.
fn hydrate() -> Command {
    HydrateArgs::augment_args(Command::new("hydrate"))
        .about("Collect the posts or users whose IDs a file has")
        .long_about("Collect the posts or users whose IDs a file has\n\n\
            The file may have millions of lines: it is read 100 IDs at a time. The first word of a line is an ID or a link. \
            X does not return what is deleted or protected.")
}

const DESCRIPTION: &str = "Description of a collection: options of all sources, and a table [[source]] for each of them, with its \
    command and options";

/// Parses the name of a description.
fn description(text: &str) -> Result<PathBuf, String> {
    match text.ends_with(".toml") {
        true => Ok(text.into()),
        false => Err("expected a command, or a description whose name ends in .toml".to_owned()),
    }
}

const COLLECT: &str = "Collect posts, users, Spaces or counts into a file\n\n\
    The results of a command that lists them are stored with all public fields, and with the authors, media, \
    places, polls and referenced posts. A name that ends in .db, .sqlite or .sqlite3 is an SQLite database with tables, an \
    index of the texts and views; one that ends in a slash is a folder of Parquet files for DuckDB, Polars and pandas, \
    and s3://BUCKET/PREFIX is such a folder in an object store. The URL of a PostgreSQL database, \
    postgres://USER@HOST/NAME, is one with such tables on a server. Other files have JSON lines: an item with what it \
    refers to, or a page in the form of twarc2 with --pages. A name that ends in .zst is compressed, and --rotate \
    begins more files. A stopped or killed command continues when it is repeated: nothing is lost and nothing is stored \
    twice. Several commands can collect into one database at the same time, and one after another into the others. With \
    --update or --every, a complete collection continues with what is newer: later posts, or the whole list of users.";
const COLLECT_EXAMPLES: &str = "Examples:\n  chirrup collect search \"heron has:images\" --all --since 2026-01-01 --into birds.db\n  \
    chirrup collect followers robin --into birds/\n  chirrup collect stream filtered --into birds.jsonl.zst --rotate 1d\n  chirrup collect hydrate ids.txt --into birds.db\n  \
    chirrup plan collect followers robin -n 5000 --into birds.db\n  chirrup collect birds.toml\n  \
    chirrup collect search heron --every 15m --budget 5 --into birds.db";

/// Returns a command whose results are stored.
fn into_file(verb: &'static Verb, name: &'static str) -> Command {
    let into = Arg::new("into")
        .long("into")
        .value_name("FILE")
        .value_parser(clap::value_parser!(PathBuf))
        .required(true)
        .conflicts_with("output")
        .help("File for the results: a database (.db), a folder of Parquet files (birds/), lines (.jsonl, .jsonl.zst) or a table (.csv)");
    let command = LineArgs::augment_args(command(verb, name).arg(into));
    let command = ScheduleArgs::augment_args(command).about(verb.about).long_about(None);
    let command = command.mut_args(|arg| match arg.get_id().as_str() {
        "limit" => arg.default_value("all"),
        "page_token" | "chart" => arg.hide(true),
        _ => arg,
    });
    command.after_help("")
}

fn command(verb: &'static Verb, name: &'static str) -> Command {
    let mut command = Command::new(name);
    command = command
        .args(verb.arguments.iter().filter(|argument| argument.kind != Kind::Me).map(positional))
        .args(verb.options.iter().map(|choice| option(verb, choice)));
    command = command.args(selection::options(verb.endpoint));
    if verb.is_paged() {
        command = Count::augment_args(command);
    }
    // The arguments for the number of results bring a description of their own.
    let command = command.about(verb.about).long_about(None);
    command.after_help(format!("Examples:\n  {}\n  {}", verb.examples[0], verb.examples[1]))
}

fn positional(argument: &'static Argument) -> Arg {
    let arg = Arg::new(argument.param).value_name(argument.name).help(argument.help);
    if argument.in_file {
        return arg.required(true);
    }
    match argument.kind {
        Kind::UserOrMe | Kind::Me => arg,
        Kind::Text => arg.num_args(0..),
        Kind::Query => arg.num_args(1..).required(true).value_parser(query_word),
        Kind::Words | Kind::Values => arg.num_args(1..).required(true),
        Kind::User | Kind::Post | Kind::List | Kind::Conversation | Kind::Value => arg.required(true),
    }
}

fn option(verb: &'static Verb, choice: &'static Choice) -> Arg {
    let arg = Arg::new(choice.name).long(choice.name).help(choice.help);
    match choice.effect {
        Effect::Value(param, default) => {
            let arg = match verb.endpoint.param(param).map(|param| param.kind) {
                Some(ParamKind::OneOf(words)) => arg.value_parser(PossibleValuesParser::new(words)),
                _ => arg,
            };
            let arg = arg.value_name("VALUE");
            if default.is_empty() { arg } else { arg.default_value(default) }
        }
        _ => arg.action(ArgAction::SetTrue),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command_line::{command_line, marked};
    use crate::help::commands_of;
    use crate::verbs::Output;

    #[test]
    fn the_parameters_of_the_table_exist() {
        for verb in VERBS {
            let has = |name: &str| verb.endpoint.param(name).is_some();
            for argument in verb.arguments {
                assert!(has(argument.param), "{}: {}", verb.path, argument.param);
            }
            for choice in verb.options {
                if let Effect::Set(name, _) | Effect::Push(name, _) | Effect::Value(name, _) = choice.effect {
                    assert!(has(name), "{}: {name}", verb.path);
                }
            }
            let is_set = |name: &str| matches!(verb.output, Output::Done(member, ..) if member == name);
            let given = |name: &str| is_set(name) || verb.arguments.iter().any(|argument| argument.param == name);
            let missing = verb.endpoint.params().filter(|param| param.required && !param.me && !given(param.name));
            assert_eq!(missing.map(|param| param.name).collect::<Vec<_>>(), [""; 0], "{}", verb.path);
        }
    }

    #[test]
    fn the_examples_of_the_table_are_valid_command_lines() {
        for verb in VERBS {
            for example in verb.examples {
                assert!(example.contains(verb.path), "{example}");
                let lines = commands_of(example);
                assert_eq!(lines.len(), 1, "{example}");
                for words in lines {
                    let parsed = command_line().try_get_matches_from(marked(words));
                    assert!(parsed.is_ok(), "{example}: {}", parsed.unwrap_err());
                }
            }
        }
    }
}
