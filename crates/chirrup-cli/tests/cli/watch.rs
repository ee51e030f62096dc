//! Screens, on a pseudoterminal.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::process::{Child, Stdio};

use nix::pty::{Winsize, openpty};

use crate::{ok, program, sandbox, text};

/// A program on a terminal, and what it has drawn.
struct Terminal {
    file: File,
    child: Child,
    drawn: String,
}

impl Terminal {
    fn start(args: &[&str], environment: &[(&str, String)]) -> Self {
        let size = Winsize { ws_row: 24, ws_col: 100, ws_xpixel: 0, ws_ypixel: 0 };
        let pty = openpty(&size, None).unwrap();
        let side = || Stdio::from(pty.slave.try_clone().unwrap());
        let mut command = program(args, environment);
        let child = command.env("TERM", "xterm").stdin(side()).stdout(side()).stderr(side()).spawn().unwrap();
        Self { file: File::from(pty.master), child, drawn: String::new() }
    }

    /// Reads until the program has drawn this text.
    fn wait_for(&mut self, wanted: &str) {
        let mut buffer = [0; 4096];
        while !self.drawn.contains(wanted) {
            let read = self.file.read(&mut buffer).unwrap_or(0);
            assert_ne!(read, 0, "the program has ended without {wanted:?}: {}", self.drawn);
            self.drawn.push_str(&String::from_utf8_lossy(&buffer[..read]));
        }
    }

    fn press(&mut self, keys: &str) {
        self.file.write_all(keys.as_bytes()).unwrap();
    }
}

/// Sequences that show and leave the alternate screen of a terminal.
const ENTER: &str = "\u{1b}[?1049h";
const LEAVE: &str = "\u{1b}[?1049l";

#[test]
fn a_timeline_is_read_and_liked_with_keys() {
    let (sandbox, environment) = sandbox();
    let mut terminal = Terminal::start(&["watch", "home"], &environment);
    // Cells that stay the same, such as spaces, are not drawn again.
    terminal.wait_for("left");
    assert!(terminal.drawn.contains(ENTER));
    terminal.press("l");
    terminal.wait_for("liked");
    terminal.press("q");
    terminal.wait_for(LEAVE);
    assert!(terminal.child.wait().unwrap().success());
    let likes = sandbox.journal().iter().filter(|entry| entry.path.ends_with("/likes")).count();
    assert_eq!(likes, 1);
}

#[test]
fn a_stream_is_watched_until_an_interrupt() {
    let (sandbox, environment) = sandbox();
    ok(&program(&["rules", "add", "heron", "--tag", "birds"], &environment).output().unwrap());
    let mut terminal = Terminal::start(&["watch"], &environment);
    terminal.wait_for("live");
    terminal.wait_for("birds");
    sandbox.write_post("robin", "A heron!").unwrap();
    terminal.wait_for("heron!");
    terminal.press("\u{3}");
    terminal.wait_for(LEAVE);
    assert!(terminal.child.wait().unwrap().success());
}

#[test]
fn an_error_is_printed_after_the_screen_is_closed() {
    let (_sandbox, mut environment) = sandbox();
    environment.retain(|(name, _)| *name == "CHIRRUP_BASE_URL");
    let mut terminal = Terminal::start(&["watch", "home"], &environment);
    terminal.wait_for("chirrup login");
    assert_eq!(terminal.child.wait().unwrap().code(), Some(4));
    let last = terminal.drawn.rsplit_once(LEAVE).map_or(&*terminal.drawn, |(_, rest)| rest);
    assert!(last.contains("error:"), "{last}");
}

#[test]
fn a_pipe_is_refused_with_what_to_use_there() {
    let output = program(&["--sandbox", "watch"], &[]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("chirrup stream"), "{}", text(&output.stderr));
}
