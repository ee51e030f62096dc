//! Screens, on a pseudoterminal.

use crate::terminal::Terminal;
use crate::{ok, program, sandbox, text};

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
