//! Descriptions of collections: files of TOML whose sources are commands of `chirrup collect`.

use std::ffi::OsString;

use chirrup::query::internal::edit_distance;
use clap::Command;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::config::split;

/// Largest edit distance to a name that is suggested.
const MAX_DISTANCE: usize = 3;

/// Options that say when all sources are collected again.
const SCHEDULE: [&str; 3] = ["update", "every", "times"];

/// A source of a description: its line, and the words of its command.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Source {
    pub(crate) line: usize,
    pub(crate) words: Vec<OsString>,
}

/// Parses a description: options of all sources, and a table `[[source]]` for each of them, with its command and options.
/// Options that are among `given`, the words of the command line, are left out. `program` has the names of all options.
pub(crate) fn parse(text: &str, given: &[OsString], program: &Command) -> Result<Vec<Source>, String> {
    let table = DeTable::parse(text).map_err(|why| {
        let line = why.span().map_or(1, |span| line_of(text, span.start));
        format!("line {line}: {}", why.message())
    })?;
    let description = Description { text, given, program };
    let (mut common, mut into, mut sources) = (Vec::new(), None, Vec::new());
    for (key, value) in table.get_ref() {
        match (key.get_ref().as_ref(), value.get_ref()) {
            ("source", DeValue::Array(tables)) => sources.extend(tables.iter()),
            ("source", _) => return Err(description.at(key, "expected tables: [[source]]")),
            ("into", _) => into = description.option(key, value)?,
            (name, _) if SCHEDULE.contains(&name) => common.extend(description.option(key, value)?),
            (name, _) => {
                let globals = program.get_arguments().filter(|arg| arg.is_global_set());
                let names: Vec<&str> =
                    globals.filter_map(|arg| arg.get_long()).chain(["into", "source"]).chain(SCHEDULE).collect();
                description.check(key, name, &names)?;
                common.extend(description.option(key, value)?);
            }
        }
    }
    if sources.is_empty() {
        return Err("it has no table [[source]] with a command, such as command = \"search heron\"".to_owned());
    }
    sources.into_iter().map(|source| description.source(source, &common, into.as_ref())).collect()
}

/// Text of a description, the words of the command line, and the known commands.
struct Description<'d> {
    text: &'d str,
    given: &'d [OsString],
    program: &'d Command,
}

impl Description<'_> {
    fn source(
        &self,
        source: &Spanned<DeValue<'_>>,
        common: &[OsString],
        into: Option<&OsString>,
    ) -> Result<Source, String> {
        let DeValue::Table(table) = source.get_ref() else { return Err(self.at(source, "expected a table")) };
        let Some((_, command)) = table.iter().find(|(key, _)| key.get_ref() == "command") else {
            return Err(self.at(source, "the source has no `command`, such as command = \"search heron\""));
        };
        let DeValue::String(line) = command.get_ref() else {
            return Err(self.at(command, "expected the command as a text in quotes"));
        };
        let command_words = split(line);
        let names = self.options_of(&command_words).map_err(|why| self.at(command, &why))?;
        // All sources have the same schedule.
        let names = names.iter().map(String::as_str).filter(|name| !SCHEDULE.contains(name));
        let names: Vec<&str> = names.chain(["command"]).collect();
        let mut words = vec!["collect".into()];
        words.extend(command_words.into_iter().map(OsString::from));
        for (key, value) in table.iter().filter(|(key, _)| key.get_ref() != "command") {
            self.check(key, key.get_ref(), &names)?;
            words.extend(self.option(key, value)?);
        }
        if !table.iter().any(|(key, _)| key.get_ref() == "into") {
            words.extend(into.cloned());
        }
        words.extend_from_slice(common);
        Ok(Source { line: line_of(self.text, command.span().start), words })
    }

    /// Returns the names of the options of a command of `chirrup collect`.
    fn options_of(&self, words: &[String]) -> Result<Vec<String>, String> {
        let mut command = self.program.find_subcommand("collect");
        for word in words {
            match command.and_then(|command| command.find_subcommand(word)) {
                Some(inner) => command = Some(inner),
                None => break,
            }
        }
        match command.filter(|command| command.get_name() != "collect" && !command.has_subcommands()) {
            Some(command) => Ok(command.get_opts().filter_map(|arg| arg.get_long()).map(str::to_owned).collect()),
            None => Err(format!("`{}` is not a command of `chirrup collect`", words.join(" "))),
        }
    }

    /// Refuses a name that is not among the known ones.
    fn check<T>(&self, at: &Spanned<T>, name: &str, known: &[&str]) -> Result<(), String> {
        if known.contains(&name) {
            return Ok(());
        }
        let nearest = known.iter().map(|known| (edit_distance(name, known), known)).min();
        let nearest = nearest.filter(|(distance, _)| *distance <= MAX_DISTANCE);
        let suggestion = nearest.map_or_else(String::new, |(_, known)| format!("; did you mean `{known}`?"));
        Err(self.at(at, &format!("`{name}` is not an option here{suggestion}")))
    }

    /// Returns the option of the command line that a key is. `None` if the command line has it, or its value is `false`.
    fn option(
        &self,
        key: &Spanned<std::borrow::Cow<'_, str>>,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<Option<OsString>, String> {
        let option = format!("--{}", key.get_ref());
        let is_it = |word: &OsString| word.to_str().is_some_and(|word| word.split('=').next() == Some(&option));
        let value = match value.get_ref() {
            DeValue::Boolean(true) => String::new(),
            DeValue::Boolean(false) => return Ok(None),
            DeValue::String(text) => format!("={text}"),
            DeValue::Integer(number) => format!("={number}"),
            DeValue::Float(number) => format!("={number}"),
            DeValue::Datetime(time) => format!("={time}"),
            DeValue::Array(_) | DeValue::Table(_) => {
                return Err(self.at(value, "expected a text, a number, a time, true or false"));
            }
        };
        Ok(if self.given.iter().any(is_it) { None } else { Some(format!("{option}{value}").into()) })
    }

    fn at<T>(&self, value: &Spanned<T>, why: &str) -> String {
        format!("line {}: {why}", line_of(self.text, value.span().start))
    }
}

fn line_of(text: &str, position: usize) -> usize {
    text.get(..position).unwrap_or(text).matches('\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command_line::command_line;

    const TEXT: &str = "into = \"birds.db\"\nbudget = 2.5\nquiet = true\n\n[[source]]\n\
        command = \"search 'heron has:images' -is:reply\"\nall = true\nsince = 2024-01-01\n\n\
        [[source]]\ncommand = \"followers robin\"\nlimit = 500\ninto = \"birds.jsonl\"\n";

    fn parsed(text: &str, given: &[&str]) -> Result<Vec<String>, String> {
        let given: Vec<OsString> = given.iter().map(OsString::from).collect();
        let words =
            |source: Source| source.words.iter().map(|word| word.to_string_lossy()).collect::<Vec<_>>().join("|");
        Ok(parse(text, &given, &command_line())?.into_iter().map(words).collect())
    }

    #[test]
    fn sources_are_commands_with_the_options_of_the_command_line() {
        let search =
            "--budget=2.5|--quiet|collect|search|heron has:images|-is:reply|--all|--since=2024-01-01|--into=birds.db";
        let followers = "--budget=2.5|--quiet|collect|followers|robin|--into=birds.jsonl|--limit=500";
        let sorted = |line: &str| {
            let mut words: Vec<String> = line.split('|').map(str::to_owned).collect();
            words.sort();
            words
        };
        let found = parsed(TEXT, &[]).unwrap();
        assert_eq!(found.iter().map(|line| sorted(line)).collect::<Vec<_>>(), [sorted(search), sorted(followers)]);
        let scheduled = parsed(&format!("every = \"1h\"\n{TEXT}"), &["--times=2"]).unwrap();
        assert!(scheduled.iter().all(|line| line.contains("|--every=1h")), "{scheduled:?}");
        assert!(!parsed(TEXT, &["--budget=1"]).unwrap()[0].contains("2.5"), "the command line comes first");
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        let source = "[[source]]\ncommand = \"search heron\"\n";
        for (text, why) in [
            (format!("{source}sinse = 2024-01-01\n"), "line 3: `sinse` is not an option here; did you mean `since`?"),
            (format!("\nbugdet = 3\n{source}"), "line 2: `bugdet` is not an option here; did you mean `budget`?"),
            (format!("{source}all = [1]\n"), "line 3: expected a text, a number"),
            ("[[source]]\ncommand = \"serch heron\"\n".to_owned(), "line 2: `serch heron` is not a command of"),
            ("[[source]]\ncommand = \"lists\"\n".to_owned(), "line 2: `lists` is not a command of"),
            (format!("every = \"1h\"\n{source}every = \"1d\"\n"), "line 4: `every` is not an option here"),
            ("\n[[source]]\nall = true\n".to_owned(), "line 2: the source has no `command`"),
            ("into = \"a.db\"\n".to_owned(), "it has no table [[source]]"),
            ("source = 1\n".to_owned(), "line 1: expected tables"),
            ("into = \"a\"\nopen = \"\n".to_owned(), "line 2: "),
        ] {
            let found = parsed(&text, &[]).unwrap_err();
            assert!(found.starts_with(why), "{found}");
        }
    }
}
