//! The program under test. What it prints with `--json` is checked against the schema of its command, in every test.

use std::collections::HashMap;
use std::io;
use std::ops::{Deref, DerefMut};
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex, OnceLock};

use jsonschema::Validator;
use serde_json::Value as Json;

/// A run of the program.
pub(crate) struct Program {
    command: Command,
    words: Vec<String>,
}

impl Program {
    /// Returns the program with only the given environment variables.
    pub(crate) fn new(args: &[&str], environment: &[(&str, String)]) -> Self {
        let mut command = bare(args);
        command.envs(environment.iter().map(|(name, value)| (*name, value.as_str())));
        Self { command, words: args.iter().map(|word| (*word).to_owned()).collect() }
    }

    /// Returns the command of the run, whose output is not checked.
    pub(crate) fn unchecked(&mut self) -> &mut Command {
        &mut self.command
    }

    /// Runs the program, and checks its output.
    pub(crate) fn output(&mut self) -> io::Result<Output> {
        let output = self.command.output()?;
        let words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        check(&words, &output);
        Ok(output)
    }
}

impl Deref for Program {
    type Target = Command;

    fn deref(&self) -> &Command {
        &self.command
    }
}

impl DerefMut for Program {
    fn deref_mut(&mut self) -> &mut Command {
        &mut self.command
    }
}

fn bare(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chirrup"));
    command.args(args).env_clear().stdin(Stdio::null());
    command
}

/// Schemas of a command.
struct Schemas {
    format: String,
    output: Option<Validator>,
    error: Validator,
}

/// Returns the schemas of a command, or of the whole program.
pub(crate) fn schema(words: &str) -> Json {
    let args: Vec<&str> = ["schema"].into_iter().chain(words.split_whitespace()).collect();
    serde_json::from_str(&crate::ok(&bare(&args).output().unwrap())).unwrap()
}

fn schemas(command: &str) -> Arc<Schemas> {
    static KNOWN: Mutex<Option<HashMap<String, Arc<Schemas>>>> = Mutex::new(None);
    let mut known = KNOWN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let read = || {
        let schema = schema(command);
        let validator = |part: &Json| jsonschema::validator_for(part).unwrap_or_else(|why| panic!("{command}: {why}"));
        let output = Some(&schema["output"]).filter(|output| !output.is_null()).map(validator);
        let format = schema["output_format"].as_str().unwrap_or_default().to_owned();
        Arc::new(Schemas { format, output, error: validator(&schema["error"]) })
    };
    Arc::clone(known.get_or_insert_default().entry(command.to_owned()).or_insert_with(read))
}

/// Names of all commands.
pub(crate) fn commands() -> &'static [String] {
    static COMMANDS: OnceLock<Vec<String>> = OnceLock::new();
    COMMANDS.get_or_init(|| serde_json::from_value(schema("")["commands"].clone()).unwrap())
}

/// Returns the name of the command in a command line.
fn command_of(words: &[&str]) -> Option<String> {
    if words.contains(&"--dry-run") {
        return Some("plan".to_owned());
    }
    let at = |start: usize| {
        let names = (1..=3).rev().filter_map(move |length| words.get(start..start + length).map(|name| name.join(" ")));
        names.into_iter().find(|name| commands().contains(name))
    };
    (0..words.len()).find_map(at)
}

/// Checks what a run with `--json` has printed: its result on stdout, and its error on stderr.
pub(crate) fn check(words: &[&str], output: &Output) {
    let own = words.split(|word| *word == "--").next().unwrap_or_default();
    let Some(command) = command_of(own).filter(|_| own.contains(&"--json")) else { return };
    let schemas = schemas(&command);
    let (printed, said) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let mut faults = Vec::new();
    let mut validate = |validator: &Validator, document: &Json| {
        faults.extend(validator.iter_errors(document).map(|fault| format!("{}: {fault}", fault.instance_path())));
    };
    let last = said.lines().last().filter(|_| !output.status.success());
    if let Some(error) = last.and_then(|line| serde_json::from_str(line).ok()) {
        validate(&schemas.error, &error);
    }
    if let Some(validator) = schemas.output.as_ref().filter(|_| !printed.is_empty()) {
        let documents: Result<Vec<Json>, _> = match schemas.format.as_str() {
            "lines" => printed.lines().map(serde_json::from_str).collect(),
            _ => serde_json::from_str(&printed).map(|document| vec![document]),
        };
        match documents {
            Ok(documents) => documents.iter().for_each(|document| validate(validator, document)),
            // A failure in the middle of a document leaves a part of it.
            Err(why) => assert!(!output.status.success(), "{words:?}: {why}: {printed}"),
        }
    }
    assert!(faults.is_empty(), "{words:?} is not valid against its schema:\n{}\n{printed}{said}", faults.join("\n"));
}
