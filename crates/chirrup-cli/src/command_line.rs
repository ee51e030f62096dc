//! Parsing of the command line.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::slice;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory as _, FromArgMatches as _};

use crate::args::{Args, Command, Global, HydrateArgs, LinesArgs, MARK, ScheduleArgs, StreamArgs};
use crate::collection::{self, Source};
use crate::config::Config;
use crate::verbs::VerbCall;
use crate::{help, invocation, verbs};

/// Commands whose arguments are the words of a query.
const QUERY_COMMANDS: [&str; 3] = ["search", "count", "query"];

/// Commands of other programs, and what does the same here.
const ELSEWHERE: [(&str, &str); 13] = [
    ("tweet", "chirrup post TEXT"),
    ("retweet", "chirrup repost POST"),
    ("upload", "chirrup media upload FILE"),
    ("hydrate", "chirrup collect hydrate FILE"),
    ("counts", "chirrup count QUERY"),
    ("sample", "chirrup stream sample"),
    ("stream-rules", "chirrup rules"),
    ("retweeted-by", "chirrup reposts POST"),
    ("liking-users", "chirrup likers POST"),
    ("liked-tweets", "chirrup likes USER"),
    ("compliance-job", "chirrup compliance"),
    ("configure", "chirrup login"),
    ("direct-message", "chirrup dm USER TEXT"),
];

/// Refusal of a format with a collection.
const OTHER_FORMATS: &str = "a collection stores objects as X sends them: leave out --flat, --csv, --tsv and --template, or \
    name a table (.csv, .tsv); `chirrup archive export` prints the posts of a database in these formats\n";

/// Refusal of a schedule before the command that it belongs to.
const MISPLACED_SCHEDULE: &str = "--update, --every and --times follow the command: chirrup collect search heron --every 15m --into \
    birds.db\n";

/// A parsed command line: the options of all commands, and what to do.
#[derive(Debug)]
pub(crate) struct CommandLine {
    pub(crate) global: Global,
    pub(crate) action: Action,
}

/// A command with its arguments.
#[derive(Debug)]
pub(crate) enum Action {
    /// A command of the table.
    Verb(VerbCall),
    /// The command `chirrup collect hydrate`.
    Hydrate(HydrateArgs),
    /// The command `chirrup collect lines`.
    Lines(LinesArgs),
    /// The sources of a description, one after another.
    Collection(Vec<Self>),
    Command(Command),
}

impl Action {
    /// When the collection continues with what is newer. The sources of a description have the same schedule.
    pub(crate) fn schedule(&self) -> ScheduleArgs {
        match self {
            Self::Verb(call) => call.schedule,
            Self::Hydrate(args) => args.schedule,
            Self::Collection(sources) => sources.first().map(Self::schedule).unwrap_or_default(),
            Self::Lines(_) | Self::Command(_) => ScheduleArgs::default(),
        }
    }

    /// Whether the command changes data on the server.
    pub(crate) fn writes(&self) -> bool {
        match self {
            Self::Verb(call) => call.writes(),
            Self::Hydrate(_) | Self::Lines(_) | Self::Collection(_) => false,
            Self::Command(command) => command.writes(),
        }
    }
}

/// Parses the command line. `chirrup plan COMMAND` is parsed as `chirrup COMMAND --dry-run`.
pub(crate) fn read() -> Result<CommandLine, clap::Error> {
    let config = Config::load().map_err(|why| clap::Error::raw(ErrorKind::Io, format!("{why}\n")))?;
    let words = invocation::words().collect();
    let all = mark_query_words(if config.is_empty() { words } else { config.apply(words, &command_line()) });
    let parsed = parse(&all)?;
    let Action::Command(Command::Plan { words }) = &parsed.action else { return Ok(parsed) };
    let options = all[..all.len() - words.len()].iter().filter(|word| *word != "plan").cloned();
    let planned = options.chain(["--dry-run".into()]).chain(words.iter().map(OsString::from));
    parse(&planned.collect::<Vec<_>>())
}

fn parse(words: &[OsString]) -> Result<CommandLine, clap::Error> {
    let matches = help::with_groups(command_line()).try_get_matches_from(words).map_err(suggest)?;
    if let Some(collect) = matches.subcommand_matches("collect").filter(|collect| collect.subcommand().is_some())
        && ScheduleArgs::from_arg_matches(collect)?.is_given()
    {
        return Err(clap::Error::raw(ErrorKind::ArgumentConflict, MISPLACED_SCHEDULE));
    }
    if let Some(call) = VerbCall::find(&matches)? {
        call.schedule.check()?;
        let mut global = Global::from_arg_matches(&matches)?;
        match call.archive() {
            // A table of a collection is that of `--output`.
            None => global.output = call.into.clone().or(global.output),
            Some(_) if global.flat || global.csv || global.tsv || global.template.is_some() => {
                return Err(clap::Error::raw(ErrorKind::ArgumentConflict, OTHER_FORMATS));
            }
            Some(_) => {}
        }
        return Ok(CommandLine { global, action: Action::Verb(call) });
    }
    if let Some(("collect", collect)) = matches.subcommand() {
        if let Some(description) = collect.get_one::<PathBuf>("description") {
            return collection_of(description, words);
        }
        let action = match collect.subcommand() {
            Some(("stream", matches)) => Some(Action::Command(Command::Stream(StreamArgs::from_arg_matches(matches)?))),
            Some(("hydrate", matches)) => Some(Action::Hydrate(HydrateArgs::from_arg_matches(matches)?)),
            Some(("lines", matches)) => Some(Action::Lines(LinesArgs::from_arg_matches(matches)?)),
            _ => None,
        };
        if let (Some(action), Some((_, matches))) = (action, collect.subcommand()) {
            action.schedule().check()?;
            return Ok(CommandLine { global: Global::from_arg_matches(matches)?, action });
        }
    }
    let Args { global, command } = Args::from_arg_matches(&matches)?;
    Ok(CommandLine { global, action: Action::Command(command) })
}

/// Parses the commands of a description that the words of a command line name.
fn collection_of(description: &Path, words: &[OsString]) -> Result<CommandLine, clap::Error> {
    let failed = |why: &dyn std::fmt::Display| {
        clap::Error::raw(ErrorKind::ValueValidation, format!("{}: {why}\n", description.display()))
    };
    let text = std::fs::read_to_string(description).map_err(|why| failed(&format!("cannot read it: {why}")))?;
    let common = words.iter().filter(|word| *word != "collect" && *word != description).cloned();
    let common: Vec<OsString> = common.collect();
    let Some((name, given)) = common.split_first() else { return Err(failed(&"it has no program")) };
    let sources = collection::parse(&text, given, &command_line()).map_err(|why| failed(&why))?;
    let (mut global, mut actions) = (None, Vec::new());
    for Source { line, words } in sources {
        let words = mark_query_words([slice::from_ref(name), &words, given].concat());
        let source = parse(&words).map_err(|why| failed(&format!("line {line}: {}", why.render())))?;
        if matches!(&source.action, Action::Verb(call) if call.archive().is_none()) {
            return Err(failed(&format!(
                "line {line}: a table cannot be collected by a description; name another file"
            )));
        }
        global.get_or_insert(source.global);
        actions.push(source.action);
    }
    let global = global.ok_or_else(|| failed(&"it has no sources"))?;
    Ok(CommandLine { global, action: Action::Collection(actions) })
}

/// Returns the whole command line, with the examples of all commands.
pub(crate) fn command_line() -> clap::Command {
    verbs::add(help::with_examples(Args::command()))
}

/// Marks words of an unquoted query that look like flags: `-is:reply`, `-cats`, but not `-n` or `-n50`.
fn mark_query_words(words: Vec<OsString>) -> Vec<OsString> {
    let Some(start) = words.iter().position(|word| QUERY_COMMANDS.iter().any(|name| word == *name)) else {
        return words;
    };
    let is_flag = |word: &str| match word.strip_prefix('-') {
        None | Some("" | "q" | "h" | "V" | "n" | "o") => true,
        Some(rest) if rest.starts_with('-') => true,
        Some(rest) => rest.strip_prefix('n').is_some_and(|n| n.trim_start_matches('=').parse::<u64>().is_ok()),
    };
    let mark = |(index, word): (usize, OsString)| match word.to_str() {
        Some(text) if index > start && !is_flag(text) => format!("{MARK}{text}").into(),
        _ => word,
    };
    words.into_iter().enumerate().map(mark).collect()
}

/// Adds a tip to errors that newcomers make.
fn suggest(mut error: clap::Error) -> clap::Error {
    let Some(ContextValue::String(name)) = error.get(ContextKind::InvalidSubcommand) else { return error };
    let tip = ELSEWHERE.iter().find(|(other, _)| other == name).map(|(_, here)| format!("use: {here}"));
    if let Some(tip) = tip.filter(|_| error.kind() == ErrorKind::InvalidSubcommand) {
        error.remove(ContextKind::SuggestedSubcommand);
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
    }
    error
}

/// Returns a command line of an example as the program parses it.
#[cfg(test)]
pub(crate) fn marked(words: Vec<String>) -> Vec<OsString> {
    mark_query_words(words.into_iter().map(OsString::from).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::query_word;

    #[test]
    fn words_of_a_query_are_not_flags() {
        let words = ["chirrup", "search", "rust", "-is:reply", "-cats", "-n", "5", "-n50", "--json", "-\"a b\"", "-q"];
        let marked = mark_query_words(words.map(OsString::from).to_vec());
        let is_marked = |word: &OsString| word.to_string_lossy().starts_with(MARK);
        let found: Vec<_> = marked.iter().filter(|word| is_marked(word)).map(|word| word.to_string_lossy()).collect();
        assert_eq!(found, ["\u{1}-is:reply", "\u{1}-cats", "\u{1}-\"a b\""]);
        let post = ["chirrup", "post", "-x"].map(OsString::from).to_vec();
        assert_eq!(mark_query_words(post.clone()), post, "only queries have such words");
        assert_eq!(query_word("\u{1}-is:reply"), Ok("-is:reply".to_owned()));
    }
}
