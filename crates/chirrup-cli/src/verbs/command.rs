//! The commands of the table as the command line knows them.

use chirrup::model::ParamKind;
use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, Args as _, Command};

use super::selection;
use super::table::{GROUPS, VERBS};
use super::verb::{Argument, Choice, Effect, Kind, Verb};
use crate::args::{Count, query_word};

/// Adds the commands of the table to the command line.
pub(crate) fn add(program: Command) -> Command {
    let groups = GROUPS.iter().map(|(name, about)| Command::new(*name).about(*about).subcommand_required(true));
    let program = program.subcommands(groups.map(|group| group.arg_required_else_help(true)));
    VERBS.iter().fold(program, |program, verb| match verb.path.split_once(' ') {
        None => program.subcommand(command(verb, verb.path)),
        Some((group, name)) => program.mut_subcommand(group, |group| group.subcommand(command(verb, name))),
    })
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
