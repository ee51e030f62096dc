//! The terminal: its width, and the pager.

use std::io::{self, IsTerminal as _, stdout};
use std::process::{Child, Command, Stdio};

use comfy_table::Table;

/// Environment variable that formats stdout as for a terminal with this number of columns.
const FORCED: &str = "CHIRRUP_FORCE_TTY";

/// Width of a terminal that does not tell its width.
const DEFAULT_WIDTH: u16 = 80;
/// Width of the narrowest terminal.
const MIN_WIDTH: u16 = 20;

/// Returns whether stdout is for people: a terminal, or treated as one.
pub(super) fn is_terminal() -> bool {
    forced_width().is_some() || stdout().is_terminal()
}

/// Returns the number of columns of the terminal.
pub(super) fn width() -> u16 {
    let set = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok()).filter(|width| *width > 0);
    let width = forced_width().or(set).or_else(|| Table::new().width().filter(|width| *width > 0));
    width.unwrap_or(DEFAULT_WIDTH).max(MIN_WIDTH)
}

fn forced_width() -> Option<u16> {
    std::env::var(FORCED).ok().and_then(|text| text.parse().ok()).filter(|width| *width > 0)
}

/// Starts the pager of CHIRRUP_PAGER or PAGER, or `less` on a terminal. Returns `None` if there is none.
pub(super) fn pager() -> Option<Child> {
    let set = ["CHIRRUP_PAGER", "PAGER"].iter().find_map(|name| std::env::var(name).ok());
    let command = match set {
        Some(command) => command,
        None if stdout().is_terminal() => "less".to_owned(),
        None => return None,
    };
    let mut words = command.split_whitespace();
    let program = words.next().filter(|program| *program != "cat")?;
    let mut pager = Command::new(program);
    pager.args(words).stdin(Stdio::piped());
    // As git does: quit if the output fits the screen, keep the colors, and leave the output on the screen.
    for (name, value) in [("LESS", "FRX"), ("LV", "-c")] {
        if std::env::var_os(name).is_none() {
            pager.env(name, value);
        }
    }
    pager.spawn().ok()
}

/// Ends the output to a pager, and waits for its reader.
pub(super) fn close(pager: &mut Child) -> io::Result<()> {
    drop(pager.stdin.take());
    pager.wait().map(drop)
}
