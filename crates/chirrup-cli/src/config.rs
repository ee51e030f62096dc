//! The file `config.toml`: aliases of commands, and defaults of options.

use std::collections::BTreeMap;
use std::ffi::OsString;

/// Name of the file in the configuration folder.
const FILE: &str = "config.toml";
/// Options that choose the format. One on the command line replaces that of the file.
const FORMATS: [&str; 6] = ["json", "jsonl", "flat", "csv", "tsv", "template"];

/// Aliases and defaults of the configuration file.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Config {
    /// Commands by their aliases.
    aliases: BTreeMap<String, String>,
    /// Values of options by the command that they are for; the empty text is for all commands.
    defaults: BTreeMap<String, Vec<(String, String)>>,
}

impl Config {
    /// Reads the file of the configuration folder, if there is one.
    pub(crate) fn load() -> Result<Self, String> {
        let Ok(folder) = chirrup::config_dir() else { return Ok(Self::default()) };
        let path = folder.join(FILE);
        match std::fs::read_to_string(&path) {
            Ok(text) => Self::parse(&text).map_err(|why| format!("{}: {why}", path.display())),
            Err(why) if why.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(why) => Err(format!("cannot read {}: {why}", path.display())),
        }
    }

    /// Whether nothing is configured.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Parses sections `[alias]`, `[default]` and `[default.COMMAND]` with lines `name = value`, the part of TOML that they
    /// need.
    fn parse(text: &str) -> Result<Self, String> {
        let mut config = Self::default();
        let mut section = String::new();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            let failed = |why: &str| format!("line {}: {why}", number + 1);
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.split('#').next()?.trim().strip_suffix(']'))
            {
                section = name.trim().replace('"', "");
                if section != "alias" && section != "default" && !section.starts_with("default.") {
                    return Err(failed("expected [alias], [default] or [default.COMMAND]"));
                }
                continue;
            }
            let (name, value) = line.split_once('=').ok_or_else(|| failed("expected `name = \"value\"`"))?;
            let value =
                value_of(value.trim()).ok_or_else(|| failed("expected a text in quotes, a number, true or false"))?;
            let name = name.trim().trim_matches('"').to_owned();
            match section.as_str() {
                "alias" => drop(config.aliases.insert(name, value)),
                "" => return Err(failed("expected [alias], [default] or [default.COMMAND] before it")),
                section => {
                    let command = section.strip_prefix("default").unwrap_or_default().trim_start_matches('.');
                    config.defaults.entry(command.replace('.', " ")).or_default().push((name, value));
                }
            }
        }
        Ok(config)
    }

    /// Replaces an alias by its command, and adds the defaults of the command.
    pub(crate) fn apply(&self, words: Vec<OsString>, program: &clap::Command) -> Vec<OsString> {
        let Some(position) = command_position(&words, program) else { return words };
        let (mut before, mut after) = (words[..position].to_vec(), words[position..].to_vec());
        let name = after[0].to_string_lossy().into_owned();
        if program.find_subcommand(&name).is_none()
            && let Some(alias) = self.aliases.get(&name)
        {
            after.splice(..1, split(alias).into_iter().map(OsString::from));
        }
        let given: Vec<String> = words.iter().chain(&after).map(|word| word.to_string_lossy().into_owned()).collect();
        before.extend(self.options("", &given));
        let path: Vec<String> = after
            .iter()
            .map_while(|word| word.to_str().filter(|word| !word.starts_with('-')))
            .map(str::to_owned)
            .collect();
        let longest =
            (1..=path.len().min(3)).rev().find(|length| self.defaults.contains_key(&path[..*length].join(" ")));
        if let Some(length) = longest {
            let options = self.options(&path[..length].join(" "), &given);
            after.splice(length..length, options);
        }
        before.extend(after);
        before
    }

    /// Returns the default options of a command that are not on the command line.
    fn options(&self, command: &str, given: &[String]) -> Vec<OsString> {
        let is_given = |name: &str| {
            let (long, short) = (format!("--{name}"), if name == "limit" { "-n" } else { "\0" });
            let is_it =
                |word: &String| *word == long || word.starts_with(&format!("{long}=")) || word.starts_with(short);
            given.iter().any(is_it)
        };
        let has_format = FORMATS.iter().any(|format| is_given(format));
        let options = self.defaults.get(command).into_iter().flatten();
        let is_replaced = |name: &str| is_given(name) || has_format && FORMATS.contains(&name);
        let options = options.filter(|(name, _)| !is_replaced(name));
        let words = options.filter_map(|(name, value)| match value.as_str() {
            "true" => Some(format!("--{name}")),
            "false" => None,
            value => Some(format!("--{name}={value}")),
        });
        words.map(OsString::from).collect()
    }
}

/// Returns the position of the command: the first word that is neither an option nor its value.
fn command_position(words: &[OsString], program: &clap::Command) -> Option<usize> {
    let takes_value = |word: &str| {
        program.get_arguments().any(|arg| {
            let is_it = arg.get_long().is_some_and(|long| word == format!("--{long}"))
                || arg.get_short().is_some_and(|short| word == format!("-{short}"));
            is_it && arg.get_action().takes_values()
        })
    };
    let mut skip = false;
    words.iter().enumerate().skip(1).find_map(|(position, word)| {
        let word = word.to_string_lossy();
        if std::mem::take(&mut skip) {
            return None;
        }
        skip = takes_value(&word);
        // What follows `plan` is a command with its options.
        (!word.starts_with('-') && word != "plan").then_some(position)
    })
}

/// Returns the value of a line: a text in quotes, a number, `true` or `false`.
fn value_of(text: &str) -> Option<String> {
    if let Some(rest) = text.strip_prefix('\'') {
        return rest.split_once('\'').filter(|(_, end)| is_end(end)).map(|(value, _)| value.to_owned());
    }
    let Some(rest) = text.strip_prefix('"') else {
        let value = text.split('#').next()?.trim();
        let is_plain = value == "true" || value == "false" || value.parse::<f64>().is_ok();
        return is_plain.then(|| value.to_owned());
    };
    let (mut value, mut chars) = (String::new(), rest.chars());
    loop {
        match chars.next()? {
            '"' => return is_end(chars.as_str()).then_some(value),
            '\\' => value.push(match chars.next()? {
                'n' => '\n',
                't' => '\t',
                c @ ('"' | '\\') => c,
                _ => return None,
            }),
            c => value.push(c),
        }
    }
}

fn is_end(rest: &str) -> bool {
    rest.trim().is_empty() || rest.trim().starts_with('#')
}

/// Splits a command line into words. Quotes keep spaces.
pub(crate) fn split(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote, mut has_word) = (Vec::new(), String::new(), None, false);
    for c in line.chars() {
        match (c, quote) {
            (c, Some(open)) if c == open => quote = None,
            (c, Some(_)) => word.push(c),
            ('"' | '\'', None) => (quote, has_word) = (Some(c), true),
            (c, None) if c.is_whitespace() => {
                if !word.is_empty() || std::mem::take(&mut has_word) {
                    words.push(std::mem::take(&mut word));
                }
                has_word = false;
            }
            (c, None) => word.push(c),
        }
    }
    if !word.is_empty() || has_word {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# my settings\n[alias]\nbirds = \"search 'heron OR swift' lang:en\" # birds\n\n[default]\ncolor = 'never'\n\
                        jsonl = true\nquiet = false\n[default.search]\nlimit = 50\n[default.lists.members]\nlimit = \"100\"\n";

    fn applied(words: &str) -> String {
        let config = Config::parse(TEXT).unwrap();
        let words = split(words).into_iter().map(OsString::from).collect();
        let words = config.apply(words, &crate::command_line::command_line());
        words.iter().map(|word| word.to_string_lossy()).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn aliases_and_defaults_become_words() {
        assert_eq!(applied("chirrup birds -n 5"), "chirrup|--color=never|--jsonl|search|heron OR swift|lang:en|-n|5");
        assert_eq!(applied("chirrup search rust"), "chirrup|--color=never|--jsonl|search|--limit=50|rust");
        assert_eq!(
            applied("chirrup --color auto search rust --csv"),
            "chirrup|--color|auto|search|--limit=50|rust|--csv"
        );
        assert_eq!(applied("chirrup lists members 3"), "chirrup|--color=never|--jsonl|lists|members|--limit=100|3");
        assert_eq!(applied("chirrup --help"), "chirrup|--help");
    }

    #[test]
    fn a_wrong_line_is_named() {
        for (text, why) in [
            ("birds = 1", "line 1: expected [alias]"),
            ("[alias]\n\nbirds", "line 3: expected `name"),
            ("[alias]\nbirds = [1]", "line 2: expected a text in quotes"),
            ("[alias]\nbirds = \"open", "line 2: expected a text in quotes"),
            ("[colors]", "line 1: expected [alias]"),
        ] {
            let error = Config::parse(text).unwrap_err();
            assert!(error.starts_with(why), "{error}");
        }
    }
}
