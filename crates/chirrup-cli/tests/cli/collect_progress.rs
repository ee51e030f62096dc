//! Progress of collections, and what an interrupted one says.

use std::process::{Command, Stdio};
use std::sync::mpsc::{Sender, channel};

use crate::collect::page_of;
use crate::scripted_server::{Requests, scripted};
use crate::terminal::Terminal;
use crate::{ok, program, text};

/// Starts a server with 400 posts that answers a request beyond the fifth only with a permit.
fn server_with_permits() -> (Vec<(&'static str, String)>, Requests, Sender<()>) {
    let (permits, permitted) = channel();
    let (env, requests) = scripted(move |request, number| {
        if number >= 5 {
            // Without a sender, all requests are permitted.
            let _ = permitted.recv();
        }
        page_of(request)
    });
    (env, requests, permits)
}

fn interrupt(process: u32) {
    assert!(Command::new("kill").args(["-INT", &process.to_string()]).status().unwrap().success());
}

#[test]
fn an_interrupted_collection_says_what_is_stored_and_how_it_continues() {
    let (env, requests, permits) = server_with_permits();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rare herons.db");
    let words = ["collect", "search", "heron", "--all", "--into", file.to_str().unwrap()];
    let child = program(&words, &env).stderr(Stdio::piped()).spawn().unwrap();
    while requests.lock().unwrap().len() < 6 {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    interrupt(child.id());
    // The page that is on its way is paid for, and stored if it arrives in time.
    permits.send(()).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{said}");
    let last = said.lines().last().unwrap();
    assert!(last.contains("0 posts are stored for $"), "{said}");
    let (_, command) = last.split_once("repeat the command to continue after them: ").unwrap();
    drop(permits);
    let path = [std::path::Path::new(env!("CARGO_BIN_EXE_chirrup")).parent().unwrap()];
    let path = std::env::join_paths(path.into_iter().chain([std::path::Path::new("/bin")])).unwrap();
    let mut shell = Command::new("sh");
    shell.args(["-c", command]).env_clear().env("PATH", path).envs(env.iter().map(|(name, value)| (*name, value)));
    let output = shell.output().unwrap();
    ok(&output);
    let said = text(&output.stderr);
    assert!(said.contains("is complete with 400 posts in 40 pages"), "{said}");
}

#[test]
fn a_terminal_shows_the_position_and_the_cost() {
    let (env, _requests, permits) = server_with_permits();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("herons.db");
    let words = ["collect", "search", "heron", "--all", "-n", "100", "--into", file.to_str().unwrap()];
    let mut terminal = Terminal::start(&words, &env);
    terminal.wait_for(" 50 % ");
    terminal.wait_for("50 posts, ");
    drop(permits);
    terminal.wait_for("with 100 posts in 10 pages");
    assert!(terminal.child.wait().unwrap().success());
}
