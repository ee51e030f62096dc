//! Help, man pages, completion scripts and the version.

use std::io::{Write as _, stdout};
use std::path::Path;

use clap_complete::env::Shells;
use serde_json::json;

use crate::command_line::command_line;
use crate::error::CliError;
use crate::help;
use crate::print::Printer;

/// Features that this program was built with.
const FEATURES: &[&str] = &[
    #[cfg(feature = "keyring")]
    "keyring",
    #[cfg(feature = "mcp")]
    "mcp",
    #[cfg(feature = "watch")]
    "watch",
];

/// Writes text that controls a terminal only if the program itself controls it.
fn write(text: &[u8]) -> Result<(), CliError> {
    let mut out = stdout().lock();
    out.write_all(text).and_then(|()| out.flush()).map_err(|why| CliError::stdout(&why))
}

/// Returns the command of these words, such as `rules sync`.
fn find(words: &[String]) -> Result<clap::Command, CliError> {
    let mut command = command_line();
    command.build();
    for word in words {
        let Some(next) = command.find_subcommand(word) else {
            let message = format!("`{}` is not a command or a topic", words.join(" "));
            return Err(CliError::usage(message)
                .with_hint("`chirrup help` lists the commands, `chirrup help topics` the topics"));
        };
        command = next.clone();
    }
    Ok(command)
}

/// Prints the help of a command or a topic.
pub(super) fn help(words: &[String]) -> Result<(), CliError> {
    let text = match words {
        [] => help::with_groups(command_line()).render_long_help().to_string(),
        [topic] if topic == "topics" => help::topics(),
        [word, ..] => match help::topic(word) {
            Some(topic) => topic,
            None => find(words)?.render_long_help().to_string(),
        },
    };
    write(text.as_bytes())
}

/// Prints the completion script of a shell.
pub(super) fn completions(shell: &str) -> Result<(), CliError> {
    let shells = Shells::builtins();
    let Some(shell) = shells.completer(shell) else {
        return Err(CliError::usage(format!("there are no completions for `{shell}`")));
    };
    let mut script = Vec::new();
    let written = shell.write_registration(help::COMPLETE_VARIABLE, "chirrup", "chirrup", "chirrup", &mut script);
    written.map_err(|why| CliError::stdout(&why))?;
    write(&script)
}

/// Prints the man page of a command, or writes the man pages of all commands to a folder.
pub(super) fn man(words: &[String], dir: Option<&Path>) -> Result<(), CliError> {
    if let Some(dir) = dir {
        let written = std::fs::create_dir_all(dir).and_then(|()| clap_mangen::generate_to(command_line(), dir));
        return written.map_err(|why| CliError::read_file(dir, &why));
    }
    let mut command = find(words)?;
    if words.is_empty() {
        command = command.after_long_help(crate::exit::help());
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page).map_err(|why| CliError::stdout(&why))?;
    write(&page)
}

/// Prints the version, the features, the platform and the configuration folder.
pub(super) fn version(printer: &mut Printer) -> Result<(), CliError> {
    let folder = chirrup::config_dir().map(|folder| folder.display().to_string()).ok();
    let (version, platform) =
        (env!("CARGO_PKG_VERSION"), format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS));
    let json = json!({"version": version, "features": FEATURES, "platform": platform, "config_dir": folder});
    printer.document(&json, |printer| {
        printer.line(&format!("chirrup {version}"))?;
        let features = if FEATURES.is_empty() { "none".to_owned() } else { FEATURES.join(", ") };
        printer.line(&format!("features: {features}\nplatform: {platform}"))?;
        printer.line(&format!("configuration: {}", folder.as_deref().unwrap_or("none")))
    })
}
