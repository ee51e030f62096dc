//! The marker that ties a row of the parity list to an assertion.
//!
//! `shows!("tweepy.param.since_id", assert_eq!(…))` runs the assertion. With `CHIRRUP_PARITY` set to a folder, it also records
//! there whether the assertion passed, and neither a failed marker nor a failed assertion between the markers ends the test,
//! so that the record lists each row. `part!({ … })` holds the steps that one row needs: if a step fails, the rows of the part
//! that were not reached have failed, and the test continues after the part.

use std::cell::Cell;
use std::fmt;
use std::fs::OpenOptions;
use std::future::poll_fn;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::pin::pin;
use std::sync::Mutex;
use std::time::Duration;

use futures_util::FutureExt as _;

/// IDs of one row or of several rows.
pub(crate) trait RowIds {
    fn ids(&self) -> Vec<&str>;
}

impl RowIds for &str {
    fn ids(&self) -> Vec<&str> {
        vec![self]
    }
}

impl<const N: usize> RowIds for [&str; N] {
    fn ids(&self) -> Vec<&str> {
        self.to_vec()
    }
}

impl RowIds for Vec<&str> {
    fn ids(&self) -> Vec<&str> {
        self.clone()
    }
}

impl RowIds for &[&str] {
    fn ids(&self) -> Vec<&str> {
        self.to_vec()
    }
}

/// The rows of the list: `id`, name, state and reason.
const ROWS: &str = include_str!("../parity/rows.tsv");

thread_local! {
    /// Whether a marker runs on this thread, whose record a failed assertion decides.
    static MARKED: Cell<bool> = const { Cell::new(false) };
}

/// Restores the value of [`MARKED`] at its end.
struct Marked(bool);

impl Marked {
    fn begin() -> Self {
        Self(MARKED.replace(true))
    }
}

impl Drop for Marked {
    fn drop(&mut self) {
        MARKED.set(self.0);
    }
}

/// Runs an assertion for rows, and records its outcome in the folder of `CHIRRUP_PARITY`.
pub(crate) fn check(rows: &impl RowIds, peer: &str, assertion: impl FnOnce()) {
    let ids = rows.ids();
    known(&ids);
    let _marked = Marked::begin();
    if !recorded() {
        return assertion();
    }
    record(&ids, if catch_unwind(AssertUnwindSafe(assertion)).is_ok() { "passed" } else { "failed" }, peer);
}

/// [`check`] of an assertion that awaits.
pub(crate) async fn check_async(rows: &impl RowIds, assertion: impl Future<Output = ()>) {
    let ids = rows.ids();
    known(&ids);
    let mut steps = pin!(in_time(assertion));
    let assertion = poll_fn(|context| {
        let _marked = Marked::begin();
        steps.as_mut().poll(context)
    });
    if !recorded() {
        return assertion.await;
    }
    let passed = AssertUnwindSafe(assertion).catch_unwind().await.is_ok();
    record(&ids, if passed { "passed" } else { "failed" }, "");
}

/// Stands for a row in the record of an assertion without a row that failed.
const UNMARKED: &str = "part";

/// Fails an assertion: with a record, one outside of a marker is recorded and the test continues.
#[track_caller]
pub(crate) fn refute(message: fmt::Arguments<'_>) {
    if MARKED.get() || !recorded() || test_name().is_none() {
        panic!("{message}");
    }
    let _ = writeln!(std::io::stderr(), "FAILED at {}: {message}", std::panic::Location::caller());
    record(&[UNMARKED], "failed", "");
}

/// Runs a part of a test on which the rest does not depend. With a record, a failure does not end the test: the rows of the
/// source of the part that it did not reach have failed.
pub(crate) async fn part(source: &str, steps: impl Future<Output = ()>) {
    let steps = in_time(steps);
    if !recorded() {
        return steps.await;
    }
    let before = REACHED.lock().unwrap().len();
    if AssertUnwindSafe(steps).catch_unwind().await.is_err() {
        end_early(source, before);
    }
}

/// [`part`] of a test without `async`.
pub(crate) fn blocking_part(source: &str, steps: impl FnOnce()) {
    if !recorded() {
        return steps();
    }
    let before = REACHED.lock().unwrap().len();
    if catch_unwind(AssertUnwindSafe(steps)).is_err() {
        end_early(source, before);
    }
}

/// Tests and the rows that they reached, in order.
static REACHED: Mutex<Vec<(String, String)>> = Mutex::new(Vec::new());

/// Records the rows of a part that failed and that are not reached since the record had `before` entries.
fn end_early(source: &str, before: usize) {
    let test = test_name().unwrap_or_default();
    let reached: Vec<_> = REACHED.lock().unwrap()[before..].to_vec();
    let missed =
        |id: &&str| source.contains(&format!("\"{id}\"")) && !reached.contains(&(test.clone(), (*id).to_owned()));
    let ids: Vec<_> = ROWS.lines().skip(1).filter_map(|line| line.split('\t').next()).filter(missed).collect();
    record(if ids.is_empty() { &[UNMARKED] } else { &ids }, "failed", "");
}

/// Longest time of the steps of a test, so that one that waits for nothing does not stop all tests.
const LIMIT: Duration = Duration::from_secs(60);

async fn in_time(steps: impl Future<Output = ()>) {
    tokio::time::timeout(LIMIT, steps).await.unwrap_or_else(|_| panic!("not done after {LIMIT:?}"));
}

fn known(ids: &[&str]) {
    for id in ids {
        assert!(ROWS.lines().any(|line| line.split('\t').next() == Some(id)), "{id} is not a row of rows.tsv");
    }
}

fn recorded() -> bool {
    std::env::var_os("CHIRRUP_PARITY").is_some()
}

/// The name of the test, after which the harness names its thread.
fn test_name() -> Option<String> {
    let name = std::thread::current().name()?.to_owned();
    name.contains("::").then_some(name)
}

/// Writes lines into the folder of `CHIRRUP_PARITY`, if that is set.
fn record(ids: &[&str], outcome: &str, peer: &str) {
    let Some(folder) = std::env::var_os("CHIRRUP_PARITY") else { return };
    let test = std::thread::current().name().unwrap_or("main").to_owned();
    assert!(test != "main", "set RUST_TEST_THREADS to 2 or more, so that each test has a thread of its name");
    let lines: String = ids.iter().map(|id| format!("{outcome}\t{id}\t{test}\t{peer}\n")).collect();
    let mut reached = REACHED.lock().unwrap();
    reached.extend(ids.iter().map(|id| (test.clone(), (*id).to_owned())));
    let path = Path::new(&folder).join(format!("{}.tsv", std::process::id()));
    OpenOptions::new().create(true).append(true).open(path).unwrap().write_all(lines.as_bytes()).unwrap();
}

/// Records that the test shows nothing in this run, because something that it needs is not here.
pub(crate) fn skip(why: &str) {
    let _ = writeln!(std::io::stderr(), "SKIPPED: {why}");
    record(&["-"], "skipped", "");
}

/// Runs an assertion that shows one row, or an array of rows. The assertion contains no `.await`.
///
/// `shows!(peer "Twython 3.9", row, assertion)` names the library of which the assertion compares the requests or values.
macro_rules! shows {
    (peer $peer:expr, $rows:expr, $assertion:expr $(,)?) => {
        $crate::shows::check(&$rows, $peer, || {
            $assertion;
        })
    };
    ($rows:expr, $assertion:expr $(,)?) => {
        shows!(peer "", $rows, $assertion)
    };
}

/// Runs an assertion that shows one row, or an array of rows, and that contains `.await`.
macro_rules! shows_async {
    ($rows:expr, $assertion:expr $(,)?) => {
        $crate::shows::check_async(&$rows, async {
            $assertion;
        })
        .await
    };
}

/// Runs a part of a test that contains `.await`. If a step of it fails, the rows of the other parts are still recorded.
macro_rules! part {
    ($steps:block) => {
        $crate::shows::part(stringify!($steps), async { $steps }).await
    };
}

/// Runs a part of a test without `.await`, as `part!` does.
macro_rules! blocking_part {
    ($steps:block) => {
        $crate::shows::blocking_part(stringify!($steps), || $steps)
    };
}

/// `assert!` that does not end a recorded test.
macro_rules! assert {
    ($condition:expr $(,)?) => {
        assert!($condition, "assertion failed: {}", stringify!($condition))
    };
    ($condition:expr, $($message:tt)+) => {
        match $condition {
            true => {}
            false => $crate::shows::refute(format_args!($($message)+)),
        }
    };
}

/// `assert_eq!` that does not end a recorded test.
macro_rules! assert_eq {
    ($left:expr, $right:expr $(,)?) => {
        assert_eq!($left, $right, "not equal")
    };
    ($left:expr, $right:expr, $($message:tt)+) => {
        match (&$left, &$right) {
            (left, right) => {
                if !(*left == *right) {
                    let message = format_args!($($message)+);
                    $crate::shows::refute(format_args!("{message}\n  left: {left:?}\n right: {right:?}"));
                }
            }
        }
    };
}

/// `assert_ne!` that does not end a recorded test.
macro_rules! assert_ne {
    ($left:expr, $right:expr $(,)?) => {
        assert_ne!($left, $right, "equal")
    };
    ($left:expr, $right:expr, $($message:tt)+) => {
        match (&$left, &$right) {
            (left, right) => {
                if *left == *right {
                    $crate::shows::refute(format_args!("{}\n  both: {left:?}", format_args!($($message)+)));
                }
            }
        }
    };
}
