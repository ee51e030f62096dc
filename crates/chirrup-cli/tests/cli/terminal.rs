//! Pseudoterminal on which a program runs.

use std::fs::File;
use std::io::Read as _;
#[cfg(feature = "watch")]
use std::io::Write as _;
use std::process::{Child, Stdio};

use nix::pty::{Winsize, openpty};

use crate::program;

/// A program on a terminal, and what it has drawn.
pub(crate) struct Terminal {
    file: File,
    pub(crate) child: Child,
    pub(crate) drawn: String,
}

impl Terminal {
    pub(crate) fn start(args: &[&str], environment: &[(&str, String)]) -> Self {
        let size = Winsize { ws_row: 24, ws_col: 100, ws_xpixel: 0, ws_ypixel: 0 };
        let pty = openpty(&size, None).unwrap();
        let side = || Stdio::from(pty.slave.try_clone().unwrap());
        let mut command = program(args, environment);
        let child = command.env("TERM", "xterm").stdin(side()).stdout(side()).stderr(side()).spawn().unwrap();
        Self { file: File::from(pty.master), child, drawn: String::new() }
    }

    /// Reads until the program has drawn this text.
    pub(crate) fn wait_for(&mut self, wanted: &str) {
        let mut buffer = [0; 4096];
        while !self.drawn.contains(wanted) {
            let read = self.file.read(&mut buffer).unwrap_or(0);
            assert_ne!(read, 0, "the program has ended without {wanted:?}: {}", self.drawn);
            self.drawn.push_str(&String::from_utf8_lossy(&buffer[..read]));
        }
    }

    #[cfg(feature = "watch")]
    pub(crate) fn press(&mut self, keys: &str) {
        self.file.write_all(keys.as_bytes()).unwrap();
    }
}
