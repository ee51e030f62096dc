//! The text of a new post or message: from arguments, stdin or an editor.

use std::fs::{self, File};
use std::io::IsTerminal as _;
use std::process::Command;

use super::text;
use crate::error::CliError;

/// Returns a text from its words, from stdin (for `-`, or without words in a pipe), or from the editor of the user.
pub(super) fn text(words: &[String], noun: &str) -> Result<String, CliError> {
    let is_terminal = std::io::stdin().is_terminal();
    let text = match words {
        [] if is_terminal => edited(noun)?,
        [] => text::read_stdin()?,
        [word] if word == "-" => text::read_stdin()?,
        _ => return Ok(words.join(" ")),
    };
    let text = text.trim_end().to_owned();
    if text.is_empty() {
        let source = if words.is_empty() && is_terminal { "the file is empty" } else { "stdin is empty" };
        return Err(CliError::usage(format!("the {noun} has no text: {source}"))
            .with_hint("pass the text, as in: chirrup post \"Good morning\""));
    }
    Ok(text)
}

/// Opens the editor of VISUAL or EDITOR with an empty file, and returns what the user has saved.
fn edited(noun: &str) -> Result<String, CliError> {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
    let Some(editor) = set("VISUAL").or_else(|| set("EDITOR")) else {
        return Err(CliError::usage(format!("the {noun} has no text"))
            .with_hint("pass a text, or `-` to read it from stdin, or set EDITOR"));
    };
    let path = std::env::temp_dir().join(format!("chirrup-{}.txt", std::process::id()));
    // `create_new` does not follow a link that another user has placed.
    File::create_new(&path).map_err(|why| CliError::read_file(&path, &why))?;
    let mut words = editor.split_whitespace();
    let status = Command::new(words.next().unwrap_or_default()).args(words).arg(&path).status();
    let text = fs::read_to_string(&path);
    let _ = fs::remove_file(&path);
    match status {
        Ok(status) if status.success() => text.map_err(|why| CliError::read_file(&path, &why)),
        Ok(status) => Err(CliError::usage(format!("the editor `{editor}` failed: {status}"))),
        Err(why) => Err(CliError::usage(format!("cannot start the editor `{editor}`: {why}"))),
    }
}
