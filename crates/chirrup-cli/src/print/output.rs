//! Where the output goes: stdout, a pager, or a file.

use std::io::{self, BufWriter, IsTerminal as _, Stdout, Write, stdout};
use std::path::{Path, PathBuf};
use std::process::Child;
use std::time::Duration;

use super::saved::{SavedFile, Start};
use super::{closed_pipe, screen};
use crate::error::CliError;
use crate::progress as bars;

/// Writer of the output, with progress bars hidden while it writes to a terminal.
#[derive(Debug)]
pub(super) struct Out(BufWriter<Target>);

#[derive(Debug)]
enum Target {
    Stdout { stdout: Stdout, is_terminal: bool },
    Pager(Child),
    File(SavedFile),
}

impl Out {
    pub(super) fn stdout() -> Self {
        Self(BufWriter::new(Target::Stdout { stdout: stdout(), is_terminal: stdout().is_terminal() }))
    }

    pub(super) fn file(path: PathBuf) -> Self {
        Self(BufWriter::new(Target::File(SavedFile::new(path))))
    }

    /// Sends what follows to a pager, if there is one.
    pub(super) fn start_pager(&mut self) {
        if self.0.flush().is_ok()
            && let Some(pager) = screen::pager()
        {
            *self.0.get_mut() = Target::Pager(pager);
        }
    }

    pub(super) fn has_pager(&self) -> bool {
        matches!(self.0.get_ref(), Target::Pager(_))
    }

    /// The file that is written instead of stdout.
    pub(super) fn path(&self) -> Option<&Path> {
        match self.0.get_ref() {
            Target::File(file) => Some(file.path()),
            _ => None,
        }
    }

    /// Whether a later run can continue the output.
    pub(super) fn continues(&self) -> bool {
        matches!(self.0.get_ref(), Target::File(file) if file.has_checkpoint())
    }

    pub(super) fn set_part(&mut self, part: usize, parts: usize) {
        if let Target::File(file) = self.0.get_mut() {
            file.set_part(part, parts);
        }
    }

    pub(super) fn begin(&mut self, call: &str) -> Result<Start, CliError> {
        match self.0.get_mut() {
            Target::File(file) => file.start(call),
            _ => Ok(Start::default()),
        }
    }

    pub(super) fn commit(&mut self, items: usize, next: Option<&str>) -> Result<(), CliError> {
        match self.0.get_mut() {
            Target::File(file) => file.commit(items, next),
            _ => Ok(()),
        }
    }

    pub(super) fn is_reader_gone(&self, patience: Duration) -> bool {
        match self.0.get_ref() {
            Target::Stdout { stdout, is_terminal } => !is_terminal && closed_pipe::is_closed(stdout, patience),
            Target::Pager(pager) => pager.stdin.as_ref().is_some_and(|stdin| closed_pipe::is_closed(stdin, patience)),
            Target::File(_) => false,
        }
    }

    /// Ends the output. A pager is open until its reader quits it.
    pub(super) fn close(&mut self) -> io::Result<()> {
        match self.0.get_mut() {
            Target::Pager(pager) => screen::close(pager),
            _ => Ok(()),
        }
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout { stdout, is_terminal: true } => bars::suspend(|| stdout.write(bytes)),
            Self::Stdout { stdout, .. } => stdout.write(bytes),
            Self::Pager(pager) => pager.stdin.as_mut().map_or(Ok(0), |stdin| stdin.write(bytes)),
            Self::File(file) => file.write(bytes),
        }
    }
    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout { stdout, is_terminal: true } => bars::suspend(|| stdout.flush()),
            Self::Stdout { stdout, .. } => stdout.flush(),
            Self::Pager(pager) => pager.stdin.as_mut().map_or(Ok(()), Write::flush),
            Self::File(file) => file.flush(),
        }
    }
}
