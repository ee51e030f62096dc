//! The sandbox's page in Chromium, driven by WebDriver. With `SCREENSHOTS=FOLDER`, the tests write the pictures of the
//! documentation there.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a failed test panics, and a skipped one says so"
)]

mod browser;

use std::process::Command;
use std::time::Duration;

use browser::{Browser, Server, program, root, say};
use serde_json::json;

const WIDE: (u32, u32) = (1440, 900);
const PHONE: (u32, u32) = (500, 900);

/// Opens the page of a small world. `None` where Chromium is missing.
async fn open((width, height): (u32, u32), dark: bool) -> Option<(Server, Browser)> {
    let browser = Browser::start(width, height, dark).await?;
    let server = Server::start(&["--users=60", "--posts=1500"]);
    browser.page.goto(&format!("{}/", server.url)).await.expect("the page");
    browser.wait_until("document.querySelectorAll('.post').length > 10").await;
    browser.wait_until("document.querySelector('#limits h3')").await;
    Some((server, browser))
}

/// Writes a picture for the documentation, if it is asked for.
async fn picture(browser: &Browser, name: &str) {
    let Some(folder) = std::env::var_os("SCREENSHOTS") else { return };
    let png = browser.page.screenshot().await.expect("a screenshot");
    let path = std::path::Path::new(&folder).join(name);
    std::fs::write(&path, png).expect("the screenshot is written");
    // A palette makes the picture a third as large.
    let _ =
        Command::new("pngquant").args(["--force", "--ext=.png", "--quality=60-90", "--speed=1"]).arg(&path).status();
}

/// Checks the page with axe-core, which the npm registry has.
async fn check_accessibility(browser: &Browser) {
    let folder = root().join("target/axe");
    let script = folder.join("node_modules/axe-core/axe.min.js");
    if !script.exists() {
        let _ = std::fs::create_dir_all(&folder);
        let install =
            ["120", "npm", "install", "--silent", "--no-audit", "--no-fund", "--no-save", "axe-core@4", "--prefix"];
        let _ = Command::new("timeout").args(install).arg(&folder).status();
    }
    let Ok(source) = std::fs::read_to_string(&script) else {
        say("SKIPPED: axe-core is missing, and npm cannot install it");
        return;
    };
    browser.page.execute(&source, Vec::new()).await.expect("axe-core is loaded");
    let run = "const done = arguments[arguments.length - 1]; axe.run().then((result) => done(result.violations.map(
        (rule) => `${rule.id}: ${rule.nodes.map((node) => node.html).join(' ')}`)))";
    let violations = browser.page.execute_async(run, Vec::new()).await.expect("axe-core runs");
    assert_eq!(violations, json!([]));
}

#[tokio::test]
async fn a_post_written_in_the_page_arrives_in_the_timeline_and_so_does_one_of_a_client() {
    let Some((server, browser)) = open(WIDE, false).await else { return };
    browser.type_into("#composer textarea", "Written <b>in</b> the page & seen").await;
    browser.click("#composer button[type=submit]").await;
    let first = "document.querySelector('.post > .body > .text').textContent";
    browser.wait_until(&format!("{first} === 'Written <b>in</b> the page & seen'")).await;
    assert_eq!(browser.evaluate("document.querySelectorAll('.post .text b').length").await, json!(0));
    assert_eq!(browser.evaluate("document.querySelectorAll('#requests li').length").await, json!(0));

    browser.click(".post .like").await;
    browser.wait_until("document.querySelector('.post .like[aria-pressed=true]').ariaLabel === 'Like: 1'").await;
    browser.click(".post .reply").await;
    browser.type_into(".post form textarea", "And a reply").await;
    browser.click(".post form button[type=submit]").await;
    browser.wait_until(&format!("{first}.endsWith('And a reply')")).await;
    browser.click(".post .thread").await;
    browser.wait_until("document.querySelector('.back') && document.querySelectorAll('.post').length === 2").await;
    browser.click(".back").await;

    let posted = server.client(&["post", "Written by a client"]).output().await.expect("the client runs");
    assert!(posted.status.success(), "{}", String::from_utf8_lossy(&posted.stderr));
    browser.wait_until(&format!("{first} === 'Written by a client'")).await;
    browser.wait_until("document.querySelector('#requests .path').textContent === '/2/tweets'").await;
    browser.close().await;
}

#[tokio::test]
async fn a_frozen_clock_stands_still_and_advances_by_the_slider() {
    let Some((_server, browser)) = open(WIDE, false).await else { return };
    browser.click("#freeze").await;
    browser.wait_until("document.querySelector('#clock .time.frozen')").await;
    let time = || browser.evaluate("document.querySelector('#clock .time').textContent");
    let frozen = time().await;
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    assert_eq!(time().await, frozen, "the clock stands still");
    browser.click("#advance").await;
    browser.wait_until(&format!("document.querySelector('#clock .time').textContent !== {frozen}")).await;
    let seconds = |text: &serde_json::Value| {
        let parts = text.as_str().expect("a time").split(':').map(|part| part.parse::<i64>().expect("a number"));
        parts.fold(0, |sum, part| sum * 60 + part)
    };
    assert_eq!((seconds(&time().await) - seconds(&frozen)).rem_euclid(86_400), 900);
    browser.click("#freeze").await;
    browser.wait_until("!document.querySelector('#clock .time.frozen')").await;
    browser.close().await;
}

#[tokio::test]
async fn a_fault_that_is_switched_on_shows_the_retry_of_a_client_in_the_journal() {
    let Some((server, browser)) = open(WIDE, false).await else { return };
    browser.type_into("#fault-times", "1").await;
    browser.click("#faults .switch").await;
    browser.wait_until("document.querySelector('#faults .switch[aria-checked=true]')").await;
    let shown = server.client(&["show", "20"]).output().await.expect("the client runs");
    assert!(shown.status.success(), "{}", String::from_utf8_lossy(&shown.stderr));
    browser.wait_until("document.querySelectorAll('#requests li').length === 2").await;
    let chips = "[...document.querySelectorAll('#requests .chip')].map((chip) => chip.textContent).join(' ')";
    browser.wait_until(&format!("{chips}.includes('retry of 1') && {chips}.includes('response')")).await;
    // The rule was for one request.
    browser.wait_until("!document.querySelector('#faults .switch[aria-checked=true]')").await;
    browser.click("#requests li:first-child summary").await;
    browser
        .wait_until("document.querySelector('#requests .details').textContent.includes('x-rate-limit-remaining')")
        .await;
    browser.wait_until("document.querySelector('#limits .meter')").await;
    browser.wait_until("document.getElementById('figure-spent').textContent.startsWith('$0.0')").await;
    picture(&browser, "sandbox-page.png").await;
    check_accessibility(&browser).await;
    browser.close().await;
}

#[tokio::test]
async fn the_page_is_dark_or_for_a_phone_and_accessible() {
    let Some((_server, browser)) = open(WIDE, true).await else { return };
    assert_eq!(browser.evaluate("matchMedia('(prefers-color-scheme: dark)').matches").await, json!(true));
    check_accessibility(&browser).await;
    picture(&browser, "sandbox-page-dark.png").await;
    browser.close().await;

    let Some((_server, browser)) = open(PHONE, false).await else { return };
    assert_eq!(browser.evaluate("document.documentElement.scrollWidth > innerWidth").await, json!(false));
    check_accessibility(&browser).await;
    for view in ["journal", "controls"] {
        browser.click(&format!("nav [data-view={view}]")).await;
        browser.wait_until(&format!("document.getElementById('{view}').offsetHeight > 300")).await;
        check_accessibility(&browser).await;
    }
    picture(&browser, "sandbox-page-phone.png").await;
    browser.close().await;
}

#[tokio::test]
async fn the_page_of_a_named_world_shows_that_world_and_resets_it() {
    let Some((server, browser)) = open(WIDE, false).await else { return };
    browser.page.goto(&format!("{}/_worlds/second/", server.url)).await.expect("the page");
    browser.wait_until("document.querySelectorAll('.post').length > 10").await;
    browser.type_into("#composer textarea", "Only in the second world").await;
    browser.click("#composer button[type=submit]").await;
    let first = "document.querySelector('.post > .body > .text').textContent";
    browser.wait_until(&format!("{first} === 'Only in the second world'")).await;
    browser.click("#reset").await;
    browser.wait_until(&format!("{first} !== 'Only in the second world'")).await;
    browser.page.goto(&format!("{}/", server.url)).await.expect("the page");
    browser.wait_until("document.querySelectorAll('.post').length > 10").await;
    assert_ne!(browser.evaluate(first).await, json!("Only in the second world"));
    browser.close().await;
}

#[tokio::test]
async fn the_page_shows_open_streams_and_disconnects_them() {
    let Some((server, browser)) = open(WIDE, false).await else { return };
    let mut client = server.client(&["stream", "sample", "--quiet"]).spawn().expect("the client runs");
    browser.wait_until("document.querySelector('#connections button')").await;
    assert_eq!(
        browser.evaluate("document.querySelector('#connections .mono').textContent").await,
        json!("sample_stream")
    );
    browser.click("#connections button").await;
    // The client connects again.
    browser.wait_until("document.querySelectorAll('#requests li').length === 2").await;
    client.kill().await.expect("the client stops");
    browser.close().await;
}

#[tokio::test]
async fn the_page_logs_no_error_and_fetches_only_from_its_own_server() {
    let Some((server, browser)) = open(WIDE, false).await else { return };
    let fetched = browser.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)").await;
    let fetched = fetched.as_array().expect("a list").clone();
    assert!(
        fetched.len() > 10 && fetched.iter().all(|url| url.as_str().is_some_and(|url| url.starts_with(&server.url)))
    );
    assert_eq!(browser.evaluate("document.getElementById('notice').textContent").await, json!(""));
    let paint = browser.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime").await;
    say(&format!("first contentful paint after {paint} ms"));
    browser.close().await;
}

/// Lines with posts of some days and languages, whose texts try to run scripts.
fn hostile_posts() -> String {
    let post = |number: usize| {
        let language = ["en", "en", "fr", "de", "ja"][number % 5];
        let tag = if number % 9 == 0 { "</title><script>window.changed = true</script>" } else { "birds" };
        let author = number % 12 + 1;
        let name = if author == 1 { "<img src=x onerror=changed=1>".to_owned() } else { format!("user{author}") };
        let (day, hour) = (number * 11 % 28 + 1, number * 7 % 24);
        let line = json!({
            "data": {
                "id": (number + 1).to_string(), "text": "a heron", "author_id": author.to_string(), "lang": language,
                "created_at": format!("2026-01-{day:02}T{hour:02}:00:00.000Z"),
                "entities": {
                    "hashtags": [{"tag": tag}, {"tag": format!("tag{}", number % 17)}],
                    "urls": [{"url": format!("https://site{}.example/\"><script>", number % 6)}],
                },
            },
            "includes": {"users": [{"id": author.to_string(), "username": name}]},
        });
        format!("{line}\n")
    };
    (0..600).map(post).collect()
}

#[tokio::test]
async fn the_report_of_an_archive_needs_no_other_file_and_runs_no_script_of_a_post() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str| folder.path().join(name);
    std::fs::write(file("posts.jsonl"), hostile_posts()).expect("a file of posts");
    let archive = |words: &[&str]| {
        let output =
            Command::new(program()).arg("archive").args(words).current_dir(&folder).output().expect("the program");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    archive(&["import", "posts.jsonl", "--into", "birds.db"]);
    std::fs::write(file("report.html"), archive(&["report", "birds.db"])).expect("a file of the report");
    for dark in [false, true] {
        let Some(browser) = Browser::start(WIDE.0, WIDE.1, dark).await else { return };
        browser.page.goto(&format!("file://{}", file("report.html").display())).await.expect("the report");
        for (expression, expected) in [
            ("document.title", json!("birds.db")),
            ("document.querySelector('#numbers dd').textContent", json!("600")),
            ("document.querySelectorAll('script, img, link, iframe').length", json!(0)),
            ("window.changed === undefined", json!(true)),
            ("performance.getEntriesByType('resource').length", json!(0)),
            ("document.querySelectorAll('#time .bar').length > 50", json!(true)),
            ("document.querySelectorAll('#languages .bar').length", json!(4)),
            ("document.querySelector('#authors').textContent.includes('@<img src=x onerror=changed=1>')", json!(true)),
            ("[...document.querySelectorAll('svg')].every((svg) => svg.clientHeight > 20)", json!(true)),
            ("document.documentElement.scrollWidth > innerWidth", json!(false)),
        ] {
            assert_eq!(browser.evaluate(expression).await, expected, "{expression}");
        }
        if !dark {
            picture(&browser, "archive-report.png").await;
        }
        check_accessibility(&browser).await;
        browser.close().await;
    }
}
