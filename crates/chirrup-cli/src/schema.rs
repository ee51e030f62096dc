//! JSON Schemas of the commands: of their arguments, from the command line, and of what they print with `--json`.

mod objects;
mod outputs;
mod responses;
mod shapes;

use std::any::TypeId;

use clap::{Arg, ArgAction, Command};
use serde_json::{Map, Value as Json, json};

use crate::command_line::command_line;
use crate::error::CliError;

/// Dialect of all schemas.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Returns the schemas of a command, or the list of commands with the schemas of the global options and of errors.
pub(crate) fn of(words: &[String]) -> Result<Json, CliError> {
    let mut command = command_line();
    command.build();
    if words.is_empty() {
        let mut names = Vec::new();
        leaves(&command, "", &mut names);
        let global = arguments(&command, |arg| arg.is_global_set());
        return Ok(json!({"commands": names, "global_options": global, "error": error()}));
    }
    for word in words {
        let Some(next) = command.find_subcommand(word) else {
            return Err(CliError::usage(format!("`{}` is not a command", words.join(" ")))
                .with_hint("`chirrup schema` lists the commands"));
        };
        command = next.clone();
    }
    let path = words.join(" ");
    let (format, output) = outputs::of(&path);
    Ok(json!({
        "command": path, "about": command.get_about().map(ToString::to_string).unwrap_or_default(),
        "arguments": arguments(&command, |arg| !arg.is_global_set()), "output_format": format.name(),
        "output": output.map(with_dialect), "error": error(),
    }))
}

/// Collects the names of the commands that do something themselves.
fn leaves(command: &Command, path: &str, found: &mut Vec<String>) {
    for child in command.get_subcommands().filter(|child| !child.is_hide_set() && child.get_name() != "help") {
        let path = format!("{path} {}", child.get_name()).trim_start().to_owned();
        if !child.is_subcommand_required_set() {
            found.push(path.clone());
        }
        leaves(child, &path, found);
    }
    if path.is_empty() {
        found.push("help".to_owned());
    }
}

fn with_dialect(mut schema: Json) -> Json {
    schema["$schema"] = DIALECT.into();
    schema
}

/// Returns the schema of the error object of `--json`.
fn error() -> Json {
    let text_or_null = || json!({"type": ["string", "null"]});
    with_dialect(json!({
        "type": "object",
        "properties": {
            "kind": {"type": "string"}, "exit_code": {"type": "integer", "minimum": 1, "maximum": 255},
            "message": {"type": "string"}, "status": {"type": ["integer", "null"]}, "hint": text_or_null(),
            "next_step": text_or_null(), "inspect": text_or_null(),
            "retry_after": {"type": ["integer", "null"], "minimum": 0},
            "cost": {"type": "string", "pattern": r"^\$[0-9]+\.[0-9]+$"}, "resume": {"type": "string"},
            "missing": {"type": "array", "items": {"type": "string"}},
        },
        "required": [
            "kind", "exit_code", "message", "status", "hint", "next_step", "inspect", "retry_after", "cost",
        ],
        "additionalProperties": false,
    }))
}

/// Returns the schema of the arguments of a command, as an object with a member per argument.
fn arguments(command: &Command, is_listed: impl Fn(&Arg) -> bool) -> Json {
    let (mut properties, mut required) = (Map::new(), Vec::new());
    let listed = command.get_arguments().filter(|arg| is_listed(arg) && !arg.is_hide_set());
    for arg in listed.filter(|arg| !matches!(arg.get_id().as_str(), "help" | "version")) {
        let name = arg.get_long().map_or_else(|| arg.get_id().to_string(), |long| format!("--{long}"));
        if arg.is_required_set() {
            required.push(name.clone());
        }
        properties.insert(name, argument(arg));
    }
    with_dialect(
        json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false}),
    )
}

fn argument(arg: &Arg) -> Json {
    let mut schema = value(arg);
    let takes_many = arg.get_num_args().is_some_and(|range| range.max_values() > 1);
    if takes_many || arg.get_value_delimiter().is_some() || matches!(arg.get_action(), ArgAction::Append) {
        schema = json!({"type": "array", "items": schema});
    }
    if let Some(help) = arg.get_help() {
        schema["description"] = help.to_string().into();
    }
    if let Some(position) = arg.get_index() {
        schema["x-position"] = position.into();
    }
    let defaults: Vec<_> = arg.get_default_values().iter().map(|word| word.to_string_lossy().into_owned()).collect();
    if let ([default], false) = (&defaults[..], matches!(arg.get_action(), ArgAction::SetTrue)) {
        schema["x-default"] = default.as_str().into();
    }
    schema
}

/// Returns the schema of one value of an argument.
fn value(arg: &Arg) -> Json {
    if !arg.get_action().takes_values() {
        return json!({"type": "boolean"});
    }
    let words: Vec<String> = arg.get_possible_values().iter().map(|word| word.get_name().to_owned()).collect();
    if !words.is_empty() {
        return json!({"type": "string", "enum": words});
    }
    let kind = arg.get_value_parser().type_id();
    let numbers = [TypeId::of::<u16>(), TypeId::of::<u32>(), TypeId::of::<u64>()];
    match numbers.iter().any(|number| kind == *number) {
        true => json!({"type": "integer", "minimum": 0}),
        false => json!({"type": "string"}),
    }
}
