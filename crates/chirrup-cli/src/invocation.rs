//! The words of the command line, and how the program starts itself again.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

/// The words of a command line, and how the program starts itself again in the background.
#[derive(Debug, Clone)]
pub struct Invocation {
    words: Vec<OsString>,
    /// Program and its first arguments; empty for the executable of this process.
    program: Vec<OsString>,
}

static INVOCATION: OnceLock<Invocation> = OnceLock::new();

impl Invocation {
    /// Returns the command line of this process.
    pub fn of_process() -> Self {
        Self { words: std::env::args_os().collect(), program: Vec::new() }
    }

    /// Creates a command line of another program, such as an interpreter. The first of the `words` is the name of the
    /// program; `program` is what starts it again, without its arguments.
    pub fn new(words: Vec<OsString>, program: Vec<OsString>) -> Self {
        Self { words, program }
    }

    /// Makes this the invocation of the process.
    pub(crate) fn keep(self) {
        // A test may have asked for the words before.
        let _ = INVOCATION.set(self);
    }
}

fn invocation() -> &'static Invocation {
    INVOCATION.get_or_init(Invocation::of_process)
}

/// Returns the words of the command line, of which the first is the name of the program.
pub(crate) fn words() -> impl Iterator<Item = OsString> {
    invocation().words.iter().cloned()
}

/// Returns a command that starts this program again, without arguments.
///
/// # Errors
/// If the system does not tell the executable of this process.
pub(crate) fn program() -> std::io::Result<Command> {
    let mut program = invocation().program.iter();
    let executable = match program.next() {
        Some(program) => PathBuf::from(program),
        None => std::env::current_exe()?,
    };
    let mut command = Command::new(executable);
    command.args(program);
    Ok(command)
}
