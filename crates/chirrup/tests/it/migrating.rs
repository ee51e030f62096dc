//! The programs of the migration guide. Each runs here against the sandbox, and the pages show the same text.
//!
//! A module is one listing: what stands before its first test.

mod python_twitter_tools;
mod pytweet;
mod tweepy;
mod twython;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chirrup::Client;
use chirrup_sandbox::{Disconnect, Sandbox};

use crate::login::submit_consent;

/// Runs a program while `robin` writes posts to open streams. After this many posts the server ends the streams.
fn with_posts<T>(sandbox: &Sandbox, text: &str, posts: usize, program: impl FnOnce() -> T) -> T {
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut written = 0;
            for _ in 0..1_000 {
                if done.load(Ordering::Relaxed) {
                    return;
                }
                if sandbox.open_stream_count() > 0 {
                    sandbox.write_post("robin", text).unwrap();
                    written += 1;
                    if written == posts {
                        sandbox.disconnect_streams(Disconnect::End);
                    }
                }
                std::thread::sleep(Duration::from_millis(20));
            }
        });
        let result = program();
        done.store(true, Ordering::Relaxed);
        result
    })
}

/// Lets `ada` authorize an app on its page. Returns the redirect URL, or the page.
fn consent(client: &Client, url: &str) -> Result<String, String> {
    client.wait(async { Ok(submit_consent(client, url, "ada", "authorize").await) }).unwrap()
}

/// Lets `ada` authorize an app. Returns the PIN that the page shows.
fn pin(client: &Client, url: &str) -> String {
    let page = consent(client, url).unwrap_err();
    page.split("<code>").nth(1).unwrap().split('<').next().unwrap().to_owned()
}

/// Methods and paths of the requests that the sandbox received.
fn requests(sandbox: &Sandbox) -> Vec<String> {
    sandbox.journal().iter().map(|event| format!("{} {}", event.method, event.path)).collect()
}

/// Lines without their indentation, and without empty lines.
fn lines(text: &str) -> Vec<&str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect()
}

/// The listings of a source: the lines of each module before its first test.
fn listings(source: &str) -> Vec<Vec<&str>> {
    let modules = source.split("\nmod ").skip(1);
    let listings = modules.map(|module| {
        let body = module.split_once('\n').unwrap().1;
        let ends = ["    #[test]", "    #[tokio::test"].iter().filter_map(|test| body.find(test));
        lines(&body[..ends.min().unwrap_or_else(|| panic!("a listing is not tested: {module}"))])
    });
    listings.collect()
}

#[test]
fn the_pages_show_the_tested_programs_and_no_others() {
    let pages = [
        ("tweepy", include_str!("migrating/tweepy.rs")),
        ("twython", include_str!("migrating/twython.rs")),
        ("python-twitter-tools", include_str!("migrating/python_twitter_tools.rs")),
        ("pytweet", include_str!("migrating/pytweet.rs")),
    ];
    let docs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/migrating");
    let mut count = 0;
    for (page, source) in pages {
        let page = std::fs::read_to_string(docs.join(page).with_extension("md")).unwrap();
        let shown: Vec<_> =
            page.split("\n```rust\n").skip(1).map(|block| lines(block.split("\n```").next().unwrap())).collect();
        let tested = listings(source);
        for block in &shown {
            assert!(tested.contains(block), "no test runs this program:\n{}", block.join("\n"));
        }
        for listing in &tested {
            assert!(shown.contains(listing), "the guide does not show this program:\n{}", listing.join("\n"));
        }
        count += shown.len();
    }
    assert!(count >= 25, "{count} programs");
}
